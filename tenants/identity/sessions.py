"""Sessions have refresh tokens: opaque, stored as hashes, each used once (RFC 9700, 4.14).

The successor of a token is derived from it with our key. A client that lost our answer therefore
gets the same successor again within the grace period, and only hashes need to be stored.

A session that has ended issues no access token, and no access token issued while it ended stays
valid. The code that issues one reads the permission version first and calls `mints` afterwards. The
code that ends a session commits that first, then raises the versions of `places_to_end`, and
records this with `tokens_are_ended`. So either `mints` sees the end, or the version was read before
it and is raised.
"""

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from tenants.identity import session_statements as sql
from tenants.identity.store import Store, inserted
from tenants.identity.tables import refresh_tokens, sessions
from tenants.ids import new_id
from tenants.transaction import Row

GRACE = timedelta(seconds=45)
LIFE = timedelta(days=30)


class InvalidGrant(Exception):
    """The refresh token is unknown, ended or expired; the client is not told which."""


class Ended(InvalidGrant):
    """The session has ended, now or earlier, and its access tokens must still be revoked.

    The caller must commit the transaction. The use of a rotated token ends its session: there is a
    copy of it.
    """

    def __init__(self, session: UUID, person_id: UUID, *, is_reuse: bool = False) -> None:
        super().__init__("ended")
        self.session = session
        self.person_id = person_id
        self.is_reuse = is_reuse


class Narrowed(Exception):
    """A down-scoped session was used where a full one is required."""


class UnknownPlace(Exception):
    """The person does not belong to this place."""


@dataclass(frozen=True)
class Renewed:
    """It is the result of a sign-in or a refresh: the next refresh token, and the token holder.

    `at` is when this pair was first issued: a retry within the grace period gets the same value.
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
    """Sign a person in on one more device, at their last place unless `subject_id` is given.

    A session with a parent ends together with the parent (see begin_script).
    """
    token = secrets.token_urlsafe(32)
    session = new_id(store.now)
    if subject_id is None:
        subject_id = await store.value(sql.LAST_PLACE, person_id=person_id)
    await store.run(
        inserted(sessions),
        id=session, person_id=person_id, client_id=client_id, subject_id=subject_id,
        scopes=sorted(scopes) if scopes is not None else None, created_at=store.now,
        used_at=store.now, expires_at=store.now + LIFE, ended_at=None, ending=None,
        parent_id=parent_id, tokens_ended_at=None,
    )  # fmt: skip
    await _issue(store, token, session)
    place = await store.row(sql.AFFILIATION, subject_id=subject_id) if subject_id else None
    return Renewed(token, session, person_id, client_id, scopes, store.now, place)


async def begin_script(
    store: Store, made_from: Row, client_id: str, *, subject_id: UUID, scopes: frozenset[str]
) -> Renewed:
    """Begin a script's session from a row of `shown`; it ends with the full session behind it.

    Raise InvalidGrant if either of these ended meanwhile: both are locked until the insert commits.
    """
    root = made_from["parent_id"] or made_from["session_id"]
    behind = {root, made_from["session_id"]}
    if len(await store.rows(sql.OPEN, session_ids=list(behind))) < len(behind):
        raise InvalidGrant
    return await begin(
        store, made_from["person_id"], client_id,
        subject_id=subject_id, scopes=scopes, parent_id=root,
    )  # fmt: skip


async def shown(store: Store, token: str, *, is_whole: bool = False) -> Row:
    """Lock the session of a refresh token and return it; call this before any other change.

    Within the grace period a rotated token acts as its successor does; after it, the token ends the
    session and does nothing else. Raise InvalidGrant; raise Ended, which the caller must commit,
    and then revoke the access tokens; raise Narrowed if `is_whole` requires a session that is not
    down-scoped.
    """
    found = await store.row(sql.TOKEN, token_hash=digest(token))
    if found is None or found["expires_at"] <= store.now:
        raise InvalidGrant
    if found["ended_at"] is not None:
        if found["tokens_ended_at"] is not None:
            raise InvalidGrant
        raise Ended(found["session_id"], found["person_id"])
    rotated_at = found["rotated_at"]
    if rotated_at is not None and store.now - rotated_at > GRACE:
        await _end(store, found["session_id"], "REUSED")
        raise Ended(found["session_id"], found["person_id"], is_reuse=True)
    if is_whole and found["scopes"] is not None:
        raise Narrowed
    return found


async def renew(store: Store, token: str, *, place_id: UUID | None = None) -> Renewed:
    """Rotate a refresh token for the same person, at another place if `place_id` is given.

    Raise what `shown` raises (a script's session stays at its place), and UnknownPlace.
    """
    found = await shown(store, token, is_whole=place_id is not None)
    successor, rotated_at = follow(store, token), found["rotated_at"]
    if rotated_at is None:
        rotated_at = store.now
        await store.run(sql.ROTATE, token_hash=digest(token), now=rotated_at)
        await _issue(store, successor, found["session_id"])
    subject_id = found["subject_id"]
    if place_id is not None:
        subject_id = await store.value(
            sql.SUBJECT_AT, person_id=found["person_id"], place_id=place_id
        )
        if subject_id is None:
            raise UnknownPlace
    await store.run(
        sql.USE, session_id=found["session_id"], now=store.now, subject_id=subject_id,
        expires_at=store.now + LIFE,
    )  # fmt: skip
    place = await store.row(sql.AFFILIATION, subject_id=subject_id) if subject_id else None
    scopes = frozenset(found["scopes"]) if found["scopes"] is not None else None
    return Renewed(
        successor, found["session_id"], found["person_id"], found["client_id"], scopes, rotated_at,
        place,
    )  # fmt: skip


async def mints(store: Store, session_id: UUID, subject_id: UUID) -> bool:
    """Return whether an access token may be issued; call it after reading its permission version.

    It also records the issue for this place, before the session can be ended.
    """
    values = {"session_id": session_id, "subject_id": subject_id, "now": store.now}
    return await store.row(sql.MINTS, **values) is not None


async def end(store: Store, token: str) -> Ended | None:
    """Sign out the device that has this token; return whose access tokens to revoke, if any."""
    try:
        found = await shown(store, token)
    except Ended as ended:
        return ended
    except InvalidGrant:
        return None
    await _end(store, found["session_id"], "LOGOUT")
    return Ended(found["session_id"], found["person_id"])


async def revoke(store: Store, person_id: UUID, session_id: UUID) -> Ended | None:
    """End one of a person's sessions; return None if there is no such session, or it is over."""
    found = await store.row(sql.OWN, session_id=session_id, person_id=person_id)
    if found is None or found["tokens_ended_at"] is not None:
        return None
    if found["ended_at"] is None:
        await _end(store, session_id, "REVOKED")
    return Ended(session_id, person_id)


async def end_all(store: Store, person_id: UUID) -> None:
    """End every session of a person whose data is to be erased."""
    for each in await store.rows(sql.ALL, person_id=person_id):
        await _end(store, each["id"], "ERASED")


async def places_to_end(store: Store, person_id: UUID, since: datetime) -> list[Row]:
    """List the places where access tokens were issued to a person since then.

    Call it after the end of the session was committed.
    """
    return await store.rows(sql.MINTED, person_id=person_id, since=since)


async def tokens_are_ended(store: Store, session_id: UUID) -> None:
    """Record that the access tokens of an ended session and of its scripts were revoked."""
    await store.run(sql.NOTE, session_id=session_id, now=store.now)


async def listed(store: Store, person_id: UUID) -> list[Row]:
    """List a person's sessions that have not ended, newest first."""
    return await store.rows(sql.LIST, person_id=person_id, now=store.now)


async def ended(store: Store, person_id: UUID) -> list[Row]:
    """List a person's sessions that ended, with the reason, the latest first; kept for a week."""
    return await store.rows(sql.LAST_ENDED, person_id=person_id)


def digest(token: str) -> bytes:
    """Return the hash of a token, which is what is stored of it."""
    return sha256(token.encode("utf-8", "surrogateescape")).digest()


def follow(store: Store, token: str) -> str:
    """Return the only token that can follow this one."""
    raw = store.ring.derive(token, purpose="refresh")
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


async def _end(store: Store, session_id: UUID, ending: str) -> None:
    """End a locked session and its scripts' sessions: no more can begin."""
    await store.run(sql.END, session_id=session_id, now=store.now, ending=ending)


async def _issue(store: Store, token: str, session: UUID) -> None:
    await store.run(
        inserted(refresh_tokens),
        token_hash=digest(token), session_id=session, issued_at=store.now, rotated_at=None,
    )  # fmt: skip
