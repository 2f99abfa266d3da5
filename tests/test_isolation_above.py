"""A street, the district and their departments see of a community only what came to their desk."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from graphql import get_named_type

from api.engine.identifiers import encode_id
from tenants.db import Database
from tenants.ids import new_id
from tenants.petitions.tables import petition_callbacks, petition_events
from tenants.viewer import Principal
from tests.conftest import SignIn
from tests.inputs import PREFIXES
from tests.paths import SCHEMA, Path, connections, query
from tests.street import Make, Person, SignedIn
from tests.test_isolation import (
    Home,
    everything,
    furnish,
    input_of,
    mutations,
    nonexistent,
)

DISTRICT = 310113
# This text is in the letters of this town and in no others at the desks above.
BODY = "天井渗水，三楼漏水。"
# The ids of rows inside a community, which the desks above may not see.
INSIDE = ("pst_", "cmt_", "brd_", "mod_", "mem_", "pet_", "tpl_", "sft_", "aff_", "afq_")
# The letters that each desk can see.
SEEN = {
    "STREET": {"escalated", "to the street's department"},
    "HANDLER": {"to the street's department"},
    "DISTRICT": {"at the district", "to the district's department"},
    "DISTRICT_HANDLER": {"to the district's department"},
    "STREET_AWAY": set[str](),
    "IDLE_HANDLER": set[str](),
}
# An order is issued on a case, which an admin knows without reading the letter.
OF_CASES = {"issueSupervisionOrder"}
# The tables in which a department's handlers read rows of a community: what came to their desk.
OF_DESKS = {
    "tenant.petition", "tenant.petition_event", "tenant.supervision_order", "tenant.supervision_step",
}  # fmt: skip
# What admins above may read of a place, and handlers of departments may not.
OF_PLACES = (
    "tenant.community", "tenant.community_count", "tenant.audit_head", "tenant.petition_fact",
    "tenant.petition_callback", "tenant.street_appeal", "tenant.appointment", "tenant.app",
    "tenant.vote_due", "tenant.obligation", "tenant.affair_complaint",
)  # fmt: skip


@dataclass
class Town:
    """It is a community with letters of each kind, and the officers above it."""

    home: Home
    letters: dict[str, UUID]
    people: dict[str, Person]

    def shown_to(self, who: str) -> set[str]:
        """Return the public ids of the letters that an officer may see."""
        return {encode_id(self.letters[name], "pet_") for name in SEEN[who]}

    def hidden_from(self, who: str) -> dict[str, list[str]]:
        """Return the public ids of all rows inside, by prefix, without those letters."""
        ids = self.home.public_ids()
        hidden = {prefix: [ids[prefix]] for prefix in INSIDE}
        letters = {encode_id(letter, "pet_") for letter in self.letters.values()}
        hidden["pet_"] += sorted(letters - self.shown_to(who))
        return hidden


@pytest.fixture(scope="module")
async def town(make: Make) -> Town:
    """Give a community with letters at its own desk, the street, the district and departments."""
    home = await furnish(make)
    street = home.place.street_id
    ours, idle, districts = [await make.department(of) for of in (street, street, 0)]
    away = 310113102 if street != 310113102 else 310113003
    people = {
        "STREET": await make.officer(street),
        "STREET_AWAY": await make.officer(away),
        "DISTRICT": await make.officer(),
        "HANDLER": await make.officer(department=ours),
        "IDLE_HANDLER": await make.officer(department=idle),
        "DISTRICT_HANDLER": await make.officer(department=districts),
    }
    past: dict[str, Any] = {"is_at_community": False, "addressee": "DEPARTMENT"}
    where: dict[str, dict[str, Any]] = {
        "private at home": {},
        "public at home": {"secrecy": "PUBLIC"},
        "escalated": {"desk": street, "state": "ESCALATED"},
        "to the street's department": {
            "desk": -ours.number, "desks": [street, -ours.number], "level": "STREET", **past,
        },
        "at the district": {"desk": DISTRICT, "state": "ESCALATED"},
        "to the district's department": {
            "desk": -districts.number, "desks": [DISTRICT, -districts.number], "level": "DISTRICT",
            **past,
        },
    }  # fmt: skip
    author = home.people["RESIDENT"]
    letters = {
        name: await _letter(make, author, {"secrecy": "PRIVATE", "body": BODY, **values})
        for name, values in where.items()
    }
    return Town(home, letters, people)


async def _letter(make: Make, author: Person, values: dict[str, Any]) -> UUID:
    """Create a letter with an event in its timeline and a callback."""
    assert author.place is not None
    made = await make.petition(author, **values)
    (row,) = await make.rows(author.place, "select * from tenant.petition where id = $1", made)
    now = datetime.now(UTC)
    shared = {"petition_id": made, "district_id": row["district_id"], "level": row["level"]}
    await make.row(
        author.place, petition_events, id=new_id(now), desks=row["desks"], seq=1, at=now,
        action="SUBMITTED", actor_kind="AUTHOR", actor_id=author.id, desk=row["desk"],
        state=row["state"], is_public=True, words="漏水", **shared,
    )  # fmt: skip
    await make.row(
        author.place, petition_callbacks, id=new_id(now), street_id=row["street_id"],
        category_id=row["category_id"], at=now, solved="NO", satisfaction=1, **shared,
    )  # fmt: skip
    return made


@pytest.fixture
def ask(town: Town, signed_in: SignIn) -> dict[str, SignedIn]:
    """Give all officers above, signed in."""
    return {who: signed_in(person) for who, person in town.people.items()}


@pytest.mark.parametrize("who", SEEN)
async def test_by_id_only_what_came_to_the_desk_is_there(
    town: Town, ask: dict[str, SignedIn], who: str
) -> None:
    for prefix, hidden in town.hidden_from(who).items():
        for each in hidden:
            answer = await ask[who].run(
                "query ($id: ID!) { node(id: $id) { id } petition(id: $id) { id } }", id=each
            )
            told = answer.body.get("data") or {"node": None, "petition": None}
            assert told == {"node": None, "petition": None}, prefix
            assert answer.codes in ([], ["FORBIDDEN"])
    for each in town.shown_to(who):
        answer = await ask[who].run(
            """query ($id: ID!) { node(id: $id) { id } petition(id: $id) { id title secrecy
              author { id } handler { id } mergedInto { id } events { nodes { body actor { id } } }
              community { id boards { id } petitions { totalCount } } } }""",
            id=each,
        )
        seen = answer.data["petition"]
        assert answer.data["node"] == {"id": each}
        assert (seen["id"], seen["title"], seen["secrecy"]) == (each, "三号楼漏水", "PRIVATE")
        assert seen["events"]["nodes"] == [{"body": "漏水", "actor": None}]
        assert (seen["author"], seen["handler"], seen["mergedInto"]) == (None, None, None)
        around = seen["community"]
        if who in ("STREET", "DISTRICT"):
            assert around["id"] == town.home.place.public_id
            assert around["boards"] == []
            letters = around["petitions"]
            assert letters is None or letters["totalCount"] <= len(town.shown_to(who))


def _ids_of(path: Path) -> str:
    """Select the ids of a connection's rows, or of the petitions that these belong to."""
    name, last = path[-1]
    parent: Any = SCHEMA.type_map[name]
    page: Any = get_named_type(parent.fields[last].type)
    row: Any = get_named_type(page.fields["nodes"].type)
    if "id" in row.fields:
        return "totalCount nodes { id }"
    return (
        f"totalCount nodes {{ {'petition { id }' if 'petition' in row.fields else '__typename'} }}"
    )


@pytest.mark.parametrize("who", SEEN)
async def test_no_list_of_the_schema_holds_anything_else(
    town: Town, ask: dict[str, SignedIn], who: str
) -> None:
    told: list[str] = []
    for letter in town.letters.values():
        ids = {**town.home.public_ids(), "pet_": encode_id(letter, "pet_")}
        for path in connections():
            text = query(path, _ids_of(path), {**ids}, first="50")
            answer = await ask[who].run(text)
            assert answer.codes in ([], ["FORBIDDEN"]), (text, answer.body)
            told.append(json.dumps(answer.body))
    for text in ("漏水", "停水"):
        answer = await ask[who].run(f'{{ searchPetitions(query: "{text}") {{ nodes {{ id }} }} }}')
        told.append(json.dumps(answer.data))
    everything_told = " ".join(told)
    for prefix, hidden in town.hidden_from(who).items():
        assert not [each for each in hidden if each in everything_told], prefix
    assert all(each in everything_told for each in town.shown_to(who))


# The letters that each officer finds: those at their desk now.
FOUND = {
    "STREET": ["escalated"],
    "HANDLER": ["to the street's department"],
    "DISTRICT": ["at the district"],
    "DISTRICT_HANDLER": ["to the district's department"],
    "STREET_AWAY": [],
    "IDLE_HANDLER": [],
}


@pytest.mark.parametrize("who", SEEN)
async def test_a_desk_finds_the_letters_that_lie_there_by_all_their_words(
    town: Town, ask: dict[str, SignedIn], who: str
) -> None:
    search = """query ($words: String!, $first: Int, $after: Cursor) {
      searchPetitions(query: $words, first: $first, after: $after) {
        totalCount nodes { id title } pageInfo { hasNextPage endCursor } } }"""
    expected = [encode_id(town.letters[name], "pet_") for name in FOUND[who]]

    found = (await ask[who].run(search, words="天井 漏水")).data["searchPetitions"]
    assert [node["id"] for node in found["nodes"]] == expected
    assert (found["totalCount"], found["pageInfo"]["hasNextPage"]) == (len(expected), False)

    for words in ("天井 不在信里", "不在信里", "漏% 水"):
        none = await ask[who].run(search, words=words)
        assert none.codes == (["BAD_USER_INPUT"] if "%" in words else []), none.body
        if not none.codes:
            assert none.data["searchPetitions"]["nodes"] == []
    rest = await ask[who].run(search, words="天井 漏水", after=found["pageInfo"]["endCursor"])
    assert rest.data["searchPetitions"]["nodes"] == []
    empty = await ask[who].run(search, words="天井 漏水", first=0)
    assert empty.data["searchPetitions"]["nodes"] == []


@pytest.mark.parametrize("who", SEEN)
async def test_a_change_from_above_of_anything_else_finds_nothing_and_changes_nothing(
    town: Town, ask: dict[str, SignedIn], make: Make, who: str
) -> None:
    before = await everything(make, town.home.place)
    root = SCHEMA.mutation_type
    assert root is not None
    tried = 0
    for name in mutations():
        input_type = get_named_type(root.fields[name].args["input"].type)
        named = {PREFIXES.get(field) for field in input_type.fields}
        if not named & set(INSIDE) or name in OF_CASES:
            continue
        for letter in town.hidden_from(who)["pet_"]:
            ids = {prefix: each[0] for prefix, each in town.hidden_from(who).items()}
            asked, expected = [
                await ask[who].do(name, **input_of(input_type, given, "", required_only=True))
                for given in ({**ids, "pet_": letter}, nonexistent())
            ]
            assert (asked.codes or asked.refusals) == (expected.codes or expected.refusals), name
            assert asked.codes == ["FORBIDDEN"] or set(asked.refusals) <= {"NOT_FOUND", "FORBIDDEN"}
            assert asked.codes or asked.refusals, name
            tried += 1
            if "pet_" not in named:
                break
    assert tried > 80
    assert await everything(make, town.home.place) == before


async def _above(database: Database, person: Person, statement: str) -> list[Any]:
    """Return what linli_district reads as an officer."""
    place = (person.district_id, person.street_id, person.department_id)
    async with (
        database.pools[Principal.DISTRICT].acquire() as connection,
        connection.transaction(),
    ):
        await connection.execute(f"select district.enter{place}")
        return [row[0] for row in await connection.fetch(statement)]


@pytest.mark.parametrize("who", SEEN)
async def test_in_sql_the_walls_show_letters_by_desk_and_facts_by_place(
    town: Town, database: Database, who: str
) -> None:
    here = f"where community_id = {town.home.place.key}"
    person = town.people[who]
    letters = {town.letters[name] for name in SEEN[who]}
    for column, table in (("id", "petition"), ("petition_id", "petition_event")):
        found = await _above(database, person, f"select {column} from tenant.{table} {here}")
        assert sorted(found) == sorted(letters), table
    administers = who in ("STREET", "DISTRICT")
    every = {*town.letters.values(), town.home.ids["pet_"]} if administers else set[UUID]()
    found = await _above(database, person, f"select id from tenant.petition_fact {here}")
    assert sorted(found) == sorted(every)
    found = await _above(
        database, person, f"select petition_id from tenant.petition_callback {here}"
    )
    assert sorted(found) == sorted(every - {town.home.ids["pet_"]})
    for table in ("petition_term", "petition_support"):
        assert await _above(database, person, f"select 1 from tenant.{table}") == []


async def test_in_sql_a_department_passes_no_wall_of_a_place(
    town: Town, database: Database
) -> None:
    readable = await _above(
        database, town.people["STREET"],
        "select 'tenant.' || relname from pg_class where relnamespace = 'tenant'::regnamespace "
        "and relkind = 'r' and has_table_privilege(oid, 'select')",
    )  # fmt: skip
    assert set(OF_PLACES) | OF_DESKS <= set(readable)
    here = f"where community_id = {town.home.place.key}"
    for table in OF_PLACES:
        found = await _above(database, town.people["STREET"], f"select 1 from {table} {here}")
        assert found, f"{table} has something to hide"
    for who in ("HANDLER", "DISTRICT_HANDLER", "IDLE_HANDLER"):
        for table in set(readable) - OF_DESKS:
            found = await _above(database, town.people[who], f"select 1 from {table} {here}")
            assert found == [], (who, table)


async def test_every_wall_before_the_district_asks_for_a_desk_or_for_no_department(
    database: Database, town: Town
) -> None:
    policies = await _above(
        database, town.people["STREET"],
        "select schemaname || '.' || tablename from pg_policies where 'linli_district' = any (roles) "
        "and schemaname = 'tenant' and qual !~ 'department_id|false'",
    )  # fmt: skip
    assert policies == []


async def test_in_sql_a_district_reads_and_changes_its_own_tables_only(
    town: Town, database: Database
) -> None:
    other = replace(town.people["DISTRICT"], district_id=310115)
    for table in ("reference.department", "reference.petition_category"):
        assert await _above(database, town.people["DISTRICT"], f"select 1 from {table}")
        assert await _above(database, other, f"select 1 from {table}") == []
        renamed = f"update {table} set state = 'ACTIVE' returning id"
        assert await _above(database, other, renamed) == []
