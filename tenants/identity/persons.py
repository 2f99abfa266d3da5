"""Persons: find them by their login, and the places they belong to."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants.identity.store import Store, inserted
from tenants.identity.tables import (
    affiliations,
    authenticators,
    logins,
    persons,
    refresh_tokens,
    sessions,
)
from tenants.ids import new_id
from tenants.transaction import Row


async def signed_in(store: Store, provider: str, subject: str) -> UUID:
    """Return the person a provider knows by this name; create one at the first sign-in."""
    index = store.ring.index(subject, purpose=provider)
    there = await known(store, provider, subject)
    if there is not None:
        return there
    person = new_id(store.now)
    await store.run(inserted(persons), id=person, created_at=store.now)
    made = await store.value(
        _NEW_LOGIN, provider=provider, subject_index=index, person_id=person, created_at=store.now
    )
    if made is not None:
        return person
    # another request was first: return its person
    await store.run(FORGET_PERSON[-1], person_id=person)
    return await store.value(_LOGIN, provider=provider, subject_index=index)


async def known(store: Store, provider: str, subject: str) -> UUID | None:
    """Return the person a provider knows by this name; None if they never signed in."""
    index = store.ring.index(subject, purpose=provider)
    return await store.value(_LOGIN, provider=provider, subject_index=index)


async def affiliate(
    store: Store,
    person_id: UUID,
    *,
    place: str,
    number: int,
    place_id: UUID,
    subject_id: UUID | None = None,
) -> UUID:
    """Return the person's subject id (member or officer) in a place; it is always the same."""
    await store.run(
        _AFFILIATE,
        person_id=person_id, place=place, number=number, place_id=place_id,
        subject_id=subject_id or new_id(store.now), created_at=store.now,
    )  # fmt: skip
    return await store.value(_SUBJECT, person_id=person_id, place=place, number=number)


async def affiliation(store: Store, subject_id: UUID) -> Row | None:
    """Return the person and place of a member's or officer's id; None if they never signed in."""
    return await store.row(_OF_SUBJECT, subject_id=subject_id)


async def places_of(
    store: Store, person_id: UUID, *, most: int | None = None, after: int = 0
) -> list[Row]:
    """List a person's places in the order of joining: `most` of them, without the first `after`."""
    return await store.rows(_PLACES, person_id=person_id, most=most, after=after)


async def logins_of(store: Store, person_id: UUID) -> list[Row]:
    """List the logins of a person."""
    return await store.rows(_LOGINS, person_id=person_id)


async def leave(store: Store, subject_id: UUID) -> None:
    """Remove the person's affiliation to a place; their logins stay."""
    await store.run(_LEAVE_SESSIONS, subject_id=subject_id)
    await store.run(_FORGET_PLACE, subject_id=subject_id)


async def forget(store: Store, subject_id: UUID) -> None:
    """Erase the person's affiliation to a place; with the last place, erase the person."""
    found = await affiliation(store, subject_id)
    if found is None:
        return
    person = found["person_id"]
    await leave(store, subject_id)
    if not await places_of(store, person):
        await forget_person(store, person)


async def forget_person(store: Store, person_id: UUID) -> None:
    """Erase a person: their logins, sessions and affiliations.

    A parallel sign-in either completes before this, or creates a new person after it.
    """
    for statement in FORGET_PERSON:
        await store.run(statement, person_id=person_id)


def _b(column: sa.Column[object]) -> sa.BindParameter[object]:
    return sa.bindparam(column.name, type_=column.type)


_LOGIN = (
    sa.select(logins.c.person_id)
    .where(
        logins.c.provider == _b(logins.c.provider),
        logins.c.subject_index == _b(logins.c.subject_index),
    )
    .with_for_update(read=True)
)
_LOGINS = sa.select(logins).where(logins.c.person_id == _b(logins.c.person_id))
_NEW_LOGIN = (
    insert(logins)
    .values({c.name: _b(c) for c in logins.c})
    .on_conflict_do_nothing()
    .returning(logins.c.person_id)
)
_AFFILIATE = (
    insert(affiliations)
    .values({c.name: _b(c) for c in affiliations.c if c is not affiliations.c.minted_at})
    .on_conflict_do_nothing()
)
_PERSON = affiliations.c.person_id == _b(affiliations.c.person_id)
_SUBJECT = sa.select(affiliations.c.subject_id).where(
    _PERSON,
    affiliations.c.place == _b(affiliations.c.place),
    affiliations.c.number == _b(affiliations.c.number),
)
_THIS_SUBJECT = affiliations.c.subject_id == _b(affiliations.c.subject_id)
_OF_SUBJECT = sa.select(affiliations).where(_THIS_SUBJECT)
_PLACES = (
    sa.select(affiliations)
    .where(_PERSON)
    .order_by(affiliations.c.created_at, affiliations.c.subject_id)
    .limit(sa.bindparam("most", type_=sa.Integer()))
    .offset(sa.bindparam("after", type_=sa.Integer()))
)
_FORGET_PLACE = sa.delete(affiliations).where(_THIS_SUBJECT)
_LEAVE_SESSIONS = (
    sa.update(sessions)
    .where(sessions.c.subject_id == _b(sessions.c.subject_id))
    .values(subject_id=sa.null())
)
_THEIR_SESSIONS = sa.select(sessions.c.id).where(sessions.c.person_id == _b(sessions.c.person_id))
# in the order in which all transactions lock them
FORGET_PERSON = (
    sa.delete(logins).where(logins.c.person_id == _b(logins.c.person_id)),
    sa.delete(refresh_tokens).where(refresh_tokens.c.session_id.in_(_THEIR_SESSIONS)),
    sa.delete(sessions).where(sessions.c.person_id == _b(sessions.c.person_id)),
    sa.delete(affiliations).where(_PERSON),
    sa.delete(authenticators).where(authenticators.c.person_id == _b(authenticators.c.person_id)),
    sa.delete(persons).where(persons.c.id == sa.bindparam("person_id", type_=persons.c.id.type)),
)
