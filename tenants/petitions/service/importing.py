"""Historic letters brought in with their times, each once however often it is sent.

An id carries the time it was submitted. What came in answered is closed and nobody is asked back;
what did not begins its clocks when it is imported. Neither counts in the rates. Of what is known
already nothing is changed, whatever is sent now: a source that corrected itself is not followed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenants.catalogue.policy import FILE_UNDER
from tenants.catalogue.tables import petition_categories
from tenants.columns import TENANT, TEXTS
from tenants.errors import Code, Refused
from tenants.ids import new_id
from tenants.petitions.changes import at_committee, received
from tenants.petitions.policy import IMPORT
from tenants.petitions.procedure import IMPORTED
from tenants.petitions.service.limits import limit_of
from tenants.petitions.service.moving import invalid
from tenants.petitions.service.writing import write_down
from tenants.petitions.tables import (
    ANSWER_LENGTH,
    BODY_LENGTH,
    SOURCE_ID_LENGTH,
    SOURCE_LENGTH,
    TITLE_LENGTH,
    petitions,
)
from tenants.petitions.words import Outcome, PetitionKind, Secrecy
from tenants.places.tables import communities
from tenants.statements import Lock
from tenants.taking import first, note
from tenants.transaction import Row, Tx

MOST_AT_ONCE = 50
# An id of version 7 counts from here.
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Letter:
    """It is one letter as its source has it, with its texts cleaned as all are (tenants.text)."""

    source_id: str
    author: str | None
    submitted_at: datetime
    title: str
    body: str
    answered_at: datetime | None
    answer: str | None


async def bring_in(
    tx: Tx, *, source: str, category_id: UUID, secrecy: Secrecy, letters: Sequence[Letter]
) -> tuple[list[UUID], list[UUID]]:
    """Import letters of one source; gives which are new and which were here already."""
    here = await tx.row(_HERE)
    assert here is not None  # noqa: S101 # a community is never deleted
    await tx.find(communities, here["id"], permit=IMPORT, lock=Lock.NONE)
    category = await tx.find(
        petition_categories, category_id, "categoryId", permit=FILE_UNDER, lock=Lock.NONE
    )
    _bounded(source, SOURCE_LENGTH, "source")
    if not 1 <= len(letters) <= MOST_AT_ONCE:
        raise Refused(
            Code.TOO_LONG if letters else Code.REQUIRED,
            f"一次 1–{MOST_AT_ONCE} 件。1 to {MOST_AT_ONCE} at a time.",
            "letters",
        )
    for place, letter in enumerate(letters):
        _check(tx, letter, str(place))
    limit = await limit_of(tx, category["urgency"], tx.now)
    ids = [letter.source_id for letter in letters]
    before = {row["source_id"] for row in await tx.rows(_KNOWN, v_source=source, v_source_ids=ids)}

    new: dict[str, UUID] = {}
    # of one id the first counts
    firsts = {letter.source_id: letter for letter in reversed(letters)}
    # in the order of ids, which is the order of locks for whoever imports the same letters at once
    for source_id in sorted(firsts.keys() - before):
        letter = firsts[source_id]
        given = {"source": source, "secrecy": secrecy.value}
        petition = _petition(tx, here, category, limit, letter, given)
        # another import that brings this letter now is waited for; then the letter is known
        if await write_down(tx, petition):
            await note(tx, IMPORTED, petition)
            new[source_id] = petition["id"]
    rows = await tx.rows(_KNOWN, v_source=source, v_source_ids=ids)
    here_now: dict[str, UUID] = {row["source_id"]: row["id"] for row in rows}
    made = [new.pop(each) if each in new else None for each in ids]
    known = [here_now[each] for each, one in zip(ids, made, strict=True) if one is None]
    return [each for each in made if each is not None], known


def _petition(
    tx: Tx, here: Row, category: Row, limit: Row, letter: Letter, given: dict[str, str]
) -> dict[str, Any]:
    began = letter.submitted_at if letter.answered_at else tx.now
    answered: dict[str, Any] = {}
    if letter.answered_at:
        answered = {
            "responded_at": letter.answered_at,
            "answer": letter.answer,
            "outcome": Outcome.EXPLAINED.value,
            "answered_at": letter.answered_at,
        }
    values = received(here, category, limit, began) | {
        "id": new_id(letter.submitted_at),
        "community_id": tx.tenant,
        "submitted_at": letter.submitted_at,
        "source_id": letter.source_id,
        "source_author": letter.author,
        "kind": PetitionKind.CONSULTATION.value,
        "title": letter.title,
        "body": letter.body,
        "is_listed": True,
        "addressee": "COMMUNITY",
        **at_committee(),
        **answered,
        **given,
    }
    return first(tx, IMPORTED, to="CLOSED" if letter.answered_at else "SUBMITTED", **values)


def _check(tx: Tx, letter: Letter, place: str) -> None:
    at = ("letters", place)
    _bounded(letter.source_id, SOURCE_ID_LENGTH, *at, "sourceId")
    _bounded(letter.title, TITLE_LENGTH, *at, "title")
    _bounded(letter.body, BODY_LENGTH, *at, "body")
    if letter.author is not None:
        _bounded(letter.author, SOURCE_LENGTH, *at, "author")
    if (letter.answer is None) != (letter.answered_at is None):
        raise invalid("答复和答复时间须同有同无。An answer has its time.", *at, "answer")
    if letter.answer is not None:
        _bounded(letter.answer, ANSWER_LENGTH, *at, "answer")
    if not EARLIEST <= letter.submitted_at <= tx.now:
        raise invalid("早于 1970 年或在将来。Before 1970, or ahead.", *at, "submittedAt")
    if letter.answered_at is not None and not letter.submitted_at <= letter.answered_at <= tx.now:
        raise invalid("早于提交或在将来。Before it was sent, or ahead.", *at, "answeredAt")


def _bounded(text: str, most: int, *path: str) -> None:
    """Hold a text to its length without changing a character of it."""
    if not 1 <= len(text) <= most:
        code = Code.TOO_LONG if text else Code.REQUIRED
        raise Refused(code, f"1–{most} 个字。1 to {most} characters.", *path)


_HERE = sa.select(communities).where(communities.c.community_id == TENANT)
_KNOWN = sa.select(petitions.c.id, petitions.c.source_id).where(
    petitions.c.community_id == TENANT,
    petitions.c.source == sa.bindparam("v_source", type_=sa.Text()),
    petitions.c.source_id == sa.any_(sa.bindparam("v_source_ids", type_=TEXTS)),
)
