"""The demo district's people, posts and petitions are invented, and the same on every machine."""

import random
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from demo.affairs import CommunityAffairs
from demo.committee import furnish
from demo.community import CommunityTalk
from demo.here import Known, here_of, known_to
from demo.history import insert_rows
from demo.people import DISTRICT, HOME
from demo.petitions import CommunityPetitions
from demo.texts import SEED
from demo.topics import BicycleStory
from demo.votes import CommunityVotes
from tenants.connection import Connection
from tenants.db import Database
from tenants.ids import new_id
from tenants.membership.tables import OfficerState, officers
from tenants.places.tables import DepartmentState, departments
from tenants.scopes import Role
from tenants.transaction import Client, Row, Tx
from tenants.viewer import system

# How many communities are lively: one in most streets, two villages among them.
LIVELY = 12

DEPARTMENTS = (
    ("房屋管理局", "住宅维修资金、物业服务、房屋安全和老旧小区改造。"),
    ("城市管理执法局", "违法搭建、占道经营、渣土和噪声。"),
)
_FOUNDED = datetime(2025, 1, 2, 3, tzinfo=UTC)

Progress = Callable[[str, int, int], None]


async def seed(database: Database, *, on_progress: Progress) -> None:
    """Fill an imported district with people and posts; skip communities that have members."""
    async with database.command(system(DISTRICT)) as tx:
        await _appoint_officers(tx.connection)
        places = await tx.connection.fetch(_PLACES)
        known = await known_to(tx.connection)
    lively, now = _lively(places), datetime.now(UTC)
    for done, place in enumerate(places, start=1):
        await _fill(database, place, known, now, is_lively=place["code"] in lively)
        on_progress("people and talk", done, len(places))


async def _fill(
    database: Database, place: Row, known: Known, now: datetime, *, is_lively: bool
) -> None:
    """Fill a community, unless it has members."""
    key = place["community_id"]
    async with _inside(database, key, now) as tx:
        boards = {row["slug"]: row["id"] for row in await tx.connection.fetch(_BOARDS, key)}
        if await tx.connection.fetchval(_HAS_MEMBERS, key):
            return
    # made up before the transaction is opened: that takes longer than a transaction may last
    talk = CommunityTalk(key, boards, is_lively=is_lively, ring=database.ring)
    talk.invent()
    here = here_of(place, talk.people.active, known, now)
    letters = CommunityPetitions(here, is_lively=is_lively)
    letters.invent()
    if is_lively:
        furnish(letters.history, here, letters.chance)
    async with _inside(database, key, now) as tx:
        await talk.write(tx.connection)
        await letters.history.write(tx.connection)
    if is_lively:
        who = talk.people
        polls = CommunityVotes(
            database, key, boards["neighbours"], who.staff, who.supervisor, who.everyone, now
        )
        await polls.hold(with_meeting=key == HOME)
        await CommunityAffairs(database, key, who.staff, who.everyone, now).keep()
        if key == HOME:
            await BicycleStory(polls).tell()


def _inside(
    database: Database, community_id: int, now: datetime
) -> AbstractAsyncContextManager[Tx]:
    return database.act(system(0), Client("linli-demo", ""), now, community_id)


def _lively(places: list[Any]) -> set[str]:
    """Choose the first community of each street and the first two villages, up to LIVELY."""
    chosen: dict[str, None] = {}
    villages = [p["code"] for p in places if p["kind"] == "VILLAGE"][:2]
    streets: set[int] = set()
    for place in places:
        if place["street_id"] not in streets:
            streets.add(place["street_id"])
            chosen[place["code"]] = None
    return set(list(chosen)[: LIVELY - len(villages)]) | set(villages)


async def _appoint_officers(connection: Connection) -> None:
    """Appoint an admin of the district and of each street, and a handler of each department."""
    if await connection.fetchval("select exists(select 1 from district.officer)"):
        return
    streets = await connection.fetch("select street_id, name from reference.street order by 1")
    chance = random.Random(SEED)
    posts = [(0, "宝山区"), *((row["street_id"], row["name"]) for row in streets)]
    people = [_officer(chance, street, f"{name}管理员") for street, name in posts]
    numbered = list(enumerate(DEPARTMENTS, start=DISTRICT * 1000 + 1))
    people += [_officer(chance, 0, f"{name}经办人", n) for n, (name, _) in numbered]
    offices = [_department(chance, n, name, duties) for n, (name, duties) in numbered]
    await insert_rows(connection, departments, offices)
    await insert_rows(connection, officers, people)


def _department(chance: random.Random, number: int, name: str, duties: str) -> dict[str, Any]:
    return {
        "department_id": number,
        "district_id": DISTRICT,
        "street_id": 0,
        "id": new_id(_FOUNDED, chance.getrandbits),
        "name": name,
        "duties": duties,
        "state": DepartmentState.ACTIVE.value,
        "created_at": _FOUNDED,
        "version": 1,
        "handlers": 1,
    }


def _officer(
    chance: random.Random, street_id: int, name: str, department_id: int | None = None
) -> dict[str, Any]:
    return {
        "district_id": DISTRICT,
        "id": new_id(_FOUNDED, chance.getrandbits),
        "street_id": street_id,
        "person_id": UUID(int=chance.getrandbits(128)),
        "department_id": department_id,
        "display_name": name,
        "roles": [Role.DEPARTMENT_HANDLER if department_id else Role.DISTRICT_ADMIN],
        "state": OfficerState.ACTIVE.value,
        "permission_version": 1,
    }


_PLACES = """
select community_id, district_id, code, kind, street_id from tenant.community order by code
"""
_BOARDS = "select slug, id from tenant.board where community_id = $1"
_HAS_MEMBERS = "select exists(select 1 from tenant.member where community_id = $1)"
