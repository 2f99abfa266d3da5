"""These are the SQL statements of sessions.py."""

import sqlalchemy as sa

from tenants.identity.tables import affiliations, refresh_tokens, sessions

_MOST_ENDED = 20


def _bound(name: str, column: sa.Column[object]) -> sa.BindParameter[object]:
    return sa.bindparam(name, type_=column.type)


_NOW = _bound("now", sessions.c.created_at)
_SESSION = sessions.c.id == _bound("session_id", sessions.c.id)
_PERSON = _bound("person_id", sessions.c.person_id)
_HASH = refresh_tokens.c.token_hash == _bound("token_hash", refresh_tokens.c.token_hash)
TOKEN = (
    sa.select(
        refresh_tokens.c.rotated_at, refresh_tokens.c.session_id, sessions.c.person_id,
        sessions.c.client_id, sessions.c.subject_id, sessions.c.scopes, sessions.c.ended_at,
        sessions.c.expires_at, sessions.c.parent_id, sessions.c.tokens_ended_at,
    )
    .join_from(refresh_tokens, sessions, refresh_tokens.c.session_id == sessions.c.id)
    .where(_HASH)
    .with_for_update()
)  # fmt: skip
ROTATE = sa.update(refresh_tokens).where(_HASH).values(rotated_at=_NOW)
USE = (
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
END = sa.update(sessions).where(_WITH_CHILDREN, sessions.c.ended_at.is_(None)).values(_ENDED)
_IS_THEIRS = sessions.c.person_id == _PERSON
OWN = sa.select(sessions).where(_SESSION, _IS_THEIRS).with_for_update()
ALL = (
    sa.select(sessions.c.id)
    .where(_IS_THEIRS, sessions.c.ended_at.is_(None))
    .order_by(sessions.c.id)
    .with_for_update()
)
# a parent is older than its scripts: two transactions that lock both use the same order
OPEN = (
    sa.select(sessions.c.id)
    .where(
        sessions.c.id == sa.any_(sa.bindparam("session_ids", type_=sa.ARRAY(sessions.c.id.type))),
        sessions.c.ended_at.is_(None),
    )
    .order_by(sessions.c.id)
    .with_for_update(read=True)
)
NOTE = (
    sa.update(sessions)
    .where(_WITH_CHILDREN, sessions.c.ended_at.is_not(None))
    .values(tokens_ended_at=_NOW)
)
_SUBJECT = affiliations.c.subject_id == _bound("subject_id", affiliations.c.subject_id)
# with this lock, a transaction that ends the session waits for this update, or this one sees the
# end
_IS_OPEN = (
    sa.select(sessions.c.id)
    .where(_SESSION, sessions.c.ended_at.is_(None))
    .with_for_update(read=True)
    .cte("opened")
)
MINTS = (
    sa.update(affiliations)
    .where(_SUBJECT, sa.exists(sa.select(_IS_OPEN.c.id)))
    .values(minted_at=_NOW)
    .returning(affiliations.c.subject_id)
)
MINTED = (
    sa.select(affiliations)
    .where(
        affiliations.c.person_id == _PERSON,
        affiliations.c.minted_at >= _bound("since", affiliations.c.minted_at),
    )
    .order_by(affiliations.c.number)
)
LIST = (
    sa.select(sessions)
    .where(
        _IS_THEIRS,
        sessions.c.ended_at.is_(None),
        sessions.c.expires_at > _NOW,
    )
    .order_by(sessions.c.id.desc())
)
LAST_ENDED = (
    sa.select(sessions)
    .where(_IS_THEIRS, sessions.c.ended_at.is_not(None))
    .order_by(sessions.c.ended_at.desc(), sessions.c.id.desc())
    .limit(sa.literal_column(str(_MOST_ENDED)))
)
AFFILIATION = sa.select(affiliations).where(_SUBJECT)
SUBJECT_AT = sa.select(affiliations.c.subject_id).where(
    affiliations.c.person_id == _PERSON,
    affiliations.c.place_id == _bound("place_id", affiliations.c.place_id),
)
# the last place on any device; otherwise the first place they joined
LAST_PLACE = (
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
