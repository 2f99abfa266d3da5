"""Sessions and their refresh tokens: opaque, kept as hashes, each used once (RFC 9700, section 4.14).

A token's successor is derived from it with a key of ours, so that whoever lost our answer is given
the same one again within the grace, and nothing but hashes need be kept.
"""

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

import sqlalchemy as sa

from tenants.db import Row
from tenants.identity.store import Store, inserted
from tenants.identity.tables import affiliations, refresh_tokens, sessions
from tenants.ids import new_id

GRACE = timedelta(seconds=45)
LIFE = timedelta(days=30)


class InvalidGrant(Exception):
    """The refresh token is unknown, ended or expired; which of these is not said."""


class Reused(InvalidGrant):
    """A token was shown that had been followed by another: someone has a copy. The session is ended."""

    def __init__(self, person_id: UUID) -> None:
        super().__init__("reused")
        self.person_id = person_id


class UnknownPlace(Exception):
    """The person is nobody there."""


@dataclass(frozen=True)
class Renewed:
    """What a sign-in or a refresh gave: the next token, and whom the access token speaks for.

    `at` is when this pair was first given: a repeat within the grace is told the same.
    """

    refresh_token: str
    session: UUID
    person_id: UUID
    client_id: str
    scopes: frozenset[str] | None
    at: datetime
    affiliation: Row | None


async def begin(
    store: Store,
    person_id: UUID,
    client_id: str,
    *,
    subject_id: UUID | None = None,
    scopes: frozenset[str] | None = None,
    parent_id: UUID | None = None,
) -> Renewed:
    """Sign a person in on one more device; it goes on where they were last, unless told where.

    A session with a parent ends with it, however that one ends.
    """
    token = secrets.token_urlsafe(32)
    session = new_id(store.now)
    if subject_id is None:
        subject_id = await store.value(_LAST_PLACE, person_id=person_id)
    await store.run(
        inserted(sessions),
        id=session, person_id=person_id, client_id=client_id, subject_id=subject_id,
        scopes=sorted(scopes) if scopes is not None else None, created_at=store.now,
        used_at=store.now, expires_at=store.now + LIFE, ended_at=None, ending=None,
        parent_id=parent_id,
    )  # fmt: skip
    await _issue(store, token, session)
    place = await store.row(_AFFILIATION, subject_id=subject_id) if subject_id else None
    return Renewed(token, session, person_id, client_id, scopes, store.now, place)


async def renew(store: Store, token: str, *, place_id: UUID | None = None) -> Renewed:
    """Follow a refresh token by the next, speaking for the same person, elsewhere if `place_id` says.

    Raises InvalidGrant, Reused (commit what it did: the session has ended) or UnknownPlace.
    """
    found = await store.row(_TOKEN, token_hash=digest(token))
    if found is None or found["ended_at"] is not None or found["expires_at"] <= store.now:
        raise InvalidGrant
    rotated_at = found["rotated_at"]
    if rotated_at is not None and store.now - rotated_at > GRACE:
        await store.run(_END, session_id=found["session_id"], now=store.now, ending="REUSED")
        raise Reused(found["person_id"])

    successor = follow(store, token)
    if rotated_at is None:
        rotated_at = store.now
        await store.run(_ROTATE, token_hash=digest(token), now=rotated_at)
        await _issue(store, successor, found["session_id"])
    subject_id = found["subject_id"]
    if place_id is not None:
        subject_id = await store.value(_SUBJECT_AT, person_id=found["person_id"], place_id=place_id)
        if subject_id is None:
            raise UnknownPlace
    await store.run(
        _USE, session_id=found["session_id"], now=store.now, subject_id=subject_id,
        expires_at=store.now + LIFE,
    )  # fmt: skip
    place = await store.row(_AFFILIATION, subject_id=subject_id) if subject_id else None
    scopes = frozenset(found["scopes"]) if found["scopes"] is not None else None
    return Renewed(
        successor, found["session_id"], found["person_id"], found["client_id"], scopes, rotated_at,
        place,
    )  # fmt: skip


async def held_by(store: Store, token: str) -> Row:
    """Say whose a refresh token is, where they are and how narrow it is, without using it.

    Raises InvalidGrant.
    """
    found = await store.row(_TOKEN, token_hash=digest(token))
    if found is None or found["ended_at"] is not None or found["expires_at"] <= store.now:
        raise InvalidGrant
    return found


async def end(store: Store, token: str) -> UUID | None:
    """Sign out the device that has this token; gives the person, if it was signed in."""
    found = await store.row(_TOKEN, token_hash=digest(token))
    if found is None or found["ended_at"] is not None:
        return None
    await store.run(_END, session_id=found["session_id"], now=store.now, ending="LOGOUT")
    return found["person_id"]


async def revoke(store: Store, person_id: UUID, session_id: UUID) -> bool:
    """End one of a person's sessions; says whether there was one to end."""
    ended = await store.row(_REVOKE, session_id=session_id, person_id=person_id, now=store.now)
    return ended is not None


async def listed(store: Store, person_id: UUID) -> list[Row]:
    """List a person's sessions that have not ended, newest first."""
    return await store.rows(_LIST, person_id=person_id, now=store.now)


def digest(token: str) -> bytes:
    """Give what is kept of a token."""
    return sha256(token.encode("utf-8", "surrogateescape")).digest()


def follow(store: Store, token: str) -> str:
    """Give the one token that can follow this one."""
    raw = store.ring.derive(token, purpose="refresh")
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


async def _issue(store: Store, token: str, session: UUID) -> None:
    await store.run(
        inserted(refresh_tokens),
        token_hash=digest(token), session_id=session, issued_at=store.now, rotated_at=None,
    )  # fmt: skip


def _bound(name: str, column: sa.Column[object]) -> sa.BindParameter[object]:
    return sa.bindparam(name, type_=column.type)


_NOW = _bound("now", sessions.c.created_at)
_SESSION = sessions.c.id == _bound("session_id", sessions.c.id)
_PERSON = _bound("person_id", sessions.c.person_id)
_HASH = refresh_tokens.c.token_hash == _bound("token_hash", refresh_tokens.c.token_hash)
_TOKEN = (
    sa.select(
        refresh_tokens.c.rotated_at, refresh_tokens.c.session_id, sessions.c.person_id,
        sessions.c.client_id, sessions.c.subject_id, sessions.c.scopes, sessions.c.ended_at,
        sessions.c.expires_at, sessions.c.parent_id,
    )
    .join_from(refresh_tokens, sessions, refresh_tokens.c.session_id == sessions.c.id)
    .where(_HASH)
    .with_for_update()
)  # fmt: skip
_ROTATE = sa.update(refresh_tokens).where(_HASH).values(rotated_at=_NOW)
_USE = (
    sa.update(sessions)
    .where(_SESSION)
    .values(
        used_at=_NOW,
        subject_id=_bound("subject_id", sessions.c.subject_id),
        expires_at=_bound("expires_at", sessions.c.expires_at),
    )
)
_ENDED = {"ended_at": _NOW, "ending": _bound("ending", sessions.c.ending)}
_WITH_CHILDREN = _SESSION | (sessions.c.parent_id == _bound("session_id", sessions.c.id))
_END = sa.update(sessions).where(_WITH_CHILDREN, sessions.c.ended_at.is_(None)).values(_ENDED)
_REVOKE = (
    sa.update(sessions)
    .where(_WITH_CHILDREN, sessions.c.person_id == _PERSON, sessions.c.ended_at.is_(None))
    .values(ended_at=_NOW, ending=sa.literal_column("'REVOKED'"))
    .returning(sessions.c.id)
)
_LIST = (
    sa.select(sessions)
    .where(
        sessions.c.person_id == _PERSON,
        sessions.c.ended_at.is_(None),
        sessions.c.expires_at > _NOW,
    )
    .order_by(sessions.c.id.desc())
)
_AFFILIATION = sa.select(affiliations).where(
    affiliations.c.subject_id == _bound("subject_id", affiliations.c.subject_id)
)
_SUBJECT_AT = sa.select(affiliations.c.subject_id).where(
    affiliations.c.person_id == _PERSON,
    affiliations.c.place_id == _bound("place_id", affiliations.c.place_id),
)
# where they were last on any device; else the first place they joined
_LAST_PLACE = (
    sa.select(affiliations.c.subject_id)
    .select_from(
        affiliations.outerjoin(
            sessions,
            (sessions.c.person_id == affiliations.c.person_id)
            & (sessions.c.subject_id == affiliations.c.subject_id),
        )
    )
    .where(affiliations.c.person_id == _PERSON)
    .order_by(sessions.c.used_at.desc().nulls_last(), affiliations.c.created_at)
    .limit(sa.literal_column("1"))
)
