"""Make a community with 20,000 petitions: the demo's letters, lived through many times."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import sqlalchemy as sa

from bench.ground import Reader
from demo.life import Here
from demo.people import DISTRICT
from demo.petitions import CommunityPetitions
from demo.seed import known_to
from tenants.ids import new_id
from tenants.petitions.facts import petition_facts
from tenants.petitions.supports import petition_supports
from tenants.petitions.tables import petition_callbacks, petition_events, petition_terms, petitions

EVENTS = 30  # of the petition whose timeline is read
COMMON, RARE = "电梯", "榫卯"
_RARELY = 3
_SEED = 7919  # not the demo's seed: the community already has the demo's own letters
_OF_A_TIME = 57  # living the demo's plans once yields this many letters, or a few more
_COPIES = 20  # copies of each life, each with its own ids: to live 20,000 would take minutes
_TABLES = (
    petitions,
    petition_events,
    petition_supports,
    petition_terms,
    petition_facts,
    petition_callbacks,
)


@dataclass(frozen=True)
class Caseload:
    """The staff and the officer who read the petitions, and the petition with a long timeline."""

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
            here, is_lively=True, times=max(1, count // (_OF_A_TIME * _COPIES)), seed=_SEED
        )
        made.invent()
        petition = _lengthen(made)
        _copy(made)
        _say_rarely(made)
        _number(made.rows[petition_events])
        for table in _TABLES:
            await _pour(owner, table, made.rows[table])
        await owner.execute("vacuum analyze")
        staff = await owner.fetchrow(_STAFF, reader.community_id)
        officer = await owner.fetchrow(_OFFICER, here.street_id)
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
        street_id=here.street_id,
        street=officer["street"],
        petition=petition,
        filled=len(made.rows[petitions]),
        common=common,
    )


async def _here(owner: Any, reader: Reader) -> Here:
    place = await owner.fetchrow(_PLACE, reader.community_id)
    members = await owner.fetch(_MEMBERS, reader.community_id)
    known = await known_to(owner)
    of_role = {
        role: [row["id"] for row in members if row["role"] == role]
        for role in ("RESIDENT", "COMMITTEE_MEMBER", "PARTY_SECRETARY")
    }
    street_id = place["street_id"]
    return Here(
        community_id=reader.community_id,
        district_id=DISTRICT,
        street_id=street_id,
        kind=place["kind"],
        now=datetime.now(UTC),
        seq=1,
        secretaries=of_role["PARTY_SECRETARY"],
        committee=of_role["COMMITTEE_MEMBER"],
        residents=of_role["RESIDENT"],
        officers={
            desk: who
            for desk, who in known["officers"].items()
            if desk < 0 or desk in (street_id, DISTRICT)
        },
        categories=known["categories"],
        limits=known["limits"],
    )


def _lengthen(made: CommunityPetitions) -> UUID:
    """Add notes to one of the community's petitions until its timeline is long; return its id."""
    life = next(each for each in made.lives if each.row["state"] == "IN_PROGRESS")
    petition = life.row["id"]
    events = made.rows[petition_events]
    own = [event for event in events if event["petition_id"] == petition]
    last = own[-1]
    for number in range(EVENTS - len(own)):
        at = last["at"] + timedelta(seconds=number + 1)
        noted = {"action": "NOTED", "at": at, "id": new_id(at), "is_public": True}
        events.append({**last, **noted, "words": "已经约好下周上门，请留意电话。"})
    return petition


def _copy(made: CommunityPetitions) -> None:
    """Add copies of every life, as if other people had written the same at the same time."""
    lived = {table: list(made.rows[table]) for table in _TABLES}
    own = [row["id"] for table in _TABLES if "id" in table.c for row in lived[table]]
    for _ in range(_COPIES - 1):
        # Keep the time in the id, and so the order; the rest of the id is random.
        anew = {each: UUID(int=each.int >> 62 << 62 | made.chance.getrandbits(62)) for each in own}
        for table, rows in lived.items():
            made.rows[table] += [
                {name: anew.get(value, value) if isinstance(value, UUID) else value
                 for name, value in row.items()}
                for row in rows
            ]  # fmt: skip


def _say_rarely(made: CommunityPetitions) -> None:
    """Put a word that occurs nowhere else into a few letters, one in some thousands."""
    rows = made.rows[petitions]
    for row in rows[:: len(rows) // _RARELY][:_RARELY]:
        row["body"] += f"花架的{RARE}松了。"
        term = {"community_id": row["community_id"], "term": RARE, "petition_id": row["id"]}
        made.rows[petition_terms].append(term)


def _number(events: list[dict[str, Any]]) -> None:
    """Give each event its own commit number."""
    events.sort(key=lambda event: event["id"])
    for number, event in enumerate(events, start=10):
        event["seq"] = number


async def _pour(owner: Any, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    columns = [column.name for column in table.c]
    records = [[row[name] for name in columns] for row in rows]
    await owner.copy_records_to_table(
        table.name, schema_name=table.schema, columns=columns, records=records
    )


_PLACE = "select kind, street_id from tenant.community where community_id = $1"
_MEMBERS = """
select id, roles[cardinality(roles)] as role from tenant.member
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
