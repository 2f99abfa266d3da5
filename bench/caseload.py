"""Make a community with 20,000 petitions: the demo's plans, each followed many times."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import sqlalchemy as sa

from bench.ground import Reader
from demo.here import Here, here_of, known_to
from demo.history import Rows
from demo.petitions import CommunityPetitions
from demo.plans import LIVELY
from tenants.petitions.steps import NOTE, START
from tenants.petitions.tables import petition_terms, petitions

EVENTS = 30  # of the petition whose timeline is read
COMMON, RARE = "电梯", "榫卯"
_RARELY = 3
_SEED = 7919  # not the demo's seed: the community already has the demo's own letters
_OF_A_TIME = sum(plan.count for plan in LIVELY)


@dataclass(frozen=True)
class Caseload:
    """It holds the staff and the officer who read the petitions, and the petition with a long timeline."""

    staff: UUID
    staff_version: int
    officer: UUID
    officer_version: int
    street_id: int
    street: UUID
    petition: UUID
    filled: int
    common: int


async def fill(url: str, reader: Reader, count: int) -> Caseload:
    """Add about `count` letters to the reader's community."""
    owner = await asyncpg.connect(url)
    try:
        here = await _here(owner, reader)
        made = CommunityPetitions(
            here, is_lively=True, times=max(1, count // _OF_A_TIME), seed=_SEED
        )
        made.invent()
        petition = _lengthen(made)
        _say_rarely(made)
        await made.history.write(owner, _copy)
        await owner.execute("vacuum analyze")
        staff = await owner.fetchrow(_STAFF, reader.community_id)
        officer = await owner.fetchrow(_OFFICER, here.place["street_id"])
        common = await owner.fetchval(_COMMON, reader.community_id, COMMON)
    finally:
        await owner.close()
    assert staff is not None
    assert officer is not None
    return Caseload(
        staff=staff["id"],
        staff_version=staff["permission_version"],
        officer=officer["id"],
        officer_version=officer["permission_version"],
        street_id=here.place["street_id"],
        street=officer["street"],
        petition=petition,
        filled=len(made.courses),
        common=common,
    )


async def _here(owner: Any, reader: Reader) -> Here:
    place = await owner.fetchrow(_PLACE, reader.community_id)
    members = await owner.fetch(_MEMBERS, reader.community_id)
    return here_of(place, members, await known_to(owner), datetime.now(UTC))


def _lengthen(made: CommunityPetitions) -> UUID:
    """Add notes to one of the community's petitions until its timeline is long; return its id."""
    course = next(each for each in made.courses if each.row["state"] in START.to)
    for number in range(EVENTS - len(course.events)):
        at = made.here.now + number * timedelta(microseconds=1)
        made.history.note(NOTE, course.row, at, course.desk(), course.say("told"))
    return course.row["id"]


def _say_rarely(made: CommunityPetitions) -> None:
    """Put a word that occurs nowhere else into a few letters, one in some thousands."""
    rows = made.history.rows[petitions]
    for row in rows[:: len(rows) // _RARELY][:_RARELY]:
        row["body"] += f"花架的{RARE}松了。"
        made.history.add(petition_terms, term=RARE, petition_id=row["id"])


async def _copy(owner: Any, table: sa.Table, rows: Rows) -> None:
    """Insert rows as the owner, who is under no row security."""
    columns = [column.name for column in table.c]
    records = [[row[name] for name in columns] for row in rows]
    await owner.copy_records_to_table(
        table.name, schema_name=table.schema, columns=columns, records=records
    )


_PLACE = "select * from tenant.community where community_id = $1"
_MEMBERS = """
select id, roles from tenant.member
 where community_id = $1 and state = 'ACTIVE' order by id
"""
# the one with the most to do, so that the query for their own overdue complaints finds some
_STAFF = """
select m.id, m.permission_version
  from tenant.member m
  left join tenant.petition p
    on p.community_id = m.community_id and p.handler_id = m.id
   and p.is_open and p.kind = 'COMPLAINT' and (p.ack_overdue or p.resolve_overdue)
 where m.community_id = $1 and m.state = 'ACTIVE' and 'COMMITTEE_MEMBER' = any(m.roles)
 group by m.id, m.permission_version
 order by count(p.id) desc, m.id
 limit 1
"""
_OFFICER = """
select o.id, o.permission_version, s.id as street
  from district.officer o join reference.street s using (street_id)
 where o.street_id = $1 and o.department_id is null and o.state = 'ACTIVE' order by o.id limit 1
"""
_COMMON = "select count(*) from tenant.petition_term where community_id = $1 and term = $2"
