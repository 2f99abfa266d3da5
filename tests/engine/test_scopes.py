"""A kind of row requires its scope on whatever path it is reached: every type from every root."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import orjson
import pytest
import sqlalchemy as sa
from graphql import (
    get_named_type,
    is_abstract_type,
    is_object_type,
)
from sqlalchemy.sql import visitors

from api.engine import bindings as b
from api.engine.errors import ErrorCode, RequestError
from api.engine.executor import Engine
from api.engine.fields import FieldSpec
from api.engine.preparing import Prepared, Request
from api.schema.schema import contract
from tenants.boards.tables import posts
from tenants.db import Database
from tenants.domains import DOMAINS
from tenants.policy import OPEN, PART, Access, access_to, visible
from tenants.scopes import Role, Scope, scopes_of
from tenants.viewer import Principal, Viewer
from tests.engine.world import World
from tests.inputs import filled
from tests.paths import SCHEMA, Path, fits, query, steps
from tests.proofs import Proves, sampled, whole
from tests.test_schema_bindings import READS, WALK

# What each kind required when this module was imported: a test may plant an error later.
ASKED: dict[sa.Table, Access] = {
    table: access_to(table) for table in DOMAINS.tables if "visible" in table.info
}
# The tables that a type is read from; `Viewer` is the token's own viewer, and
# `Pending` a part of it: they require nothing.
TABLES: dict[str, set[sa.Table]] = {}
for _name, _table in WALK.seen:
    if _table is not None and _name not in {"Viewer", "Pending"}:
        TABLES.setdefault(_name, set()).add(_table)
ASKERS = 3  # viewers that follow a path, of twelve
# Fields that depend on rows of another kind without revealing their content.
TOLD_OF_OTHERS = {
    "DutyShift.isRunning": "whether who is on duty still serves",
    "HouseholdClaim.isDisputed": "whether those who live there name the same person",
    "PetitionSupport.meetingOwedSince": "since when a meeting is owed, which whoever signed may know",
    "NoticeAudience.isForViewer": "whether the viewer's own row is among those it is for",
    "Pact.signatureCount": "how many households agreed, and not which",
    "PactSignature.building": "where one's own household lives, or, for the staff, the one that signed",
    "PactSignature.room": "where one's own household lives, or, for the staff, the one that signed",
    "Meeting.viewerIsOnRoll": "whether the viewer's own entry is there",
    "Vote.viewerIsOnRoll": "whether the viewer's own entry is there",
    "Vote.eligible": "how many are on the roll",
    "Vote.eligibleArea": "how large it is",
    "Vote.turnoutPercent": "how many of them voted, and not what",
}


# --- the declarations


def test_every_kind_says_what_it_asks_for() -> None:
    assert {table.name for table in ASKED if "access" not in table.info} == set()
    for table, asked in ASKED.items():
        for principal in set(Principal) - {Principal.IDENTITY}:
            seen = visible(table, principal) is not None
            free = asked in (OPEN, PART) or table.name == "district"
            assert free or not seen or asked.of(principal), (table.name, principal)


def test_a_part_is_reached_through_rows_that_ask_alone() -> None:
    for read in READS:
        spec = contract().fields[tuple(read.coordinate.split("."))]  # pyright: ignore[reportArgumentType]
        if any(ASKED[table] is PART for table in spec.kinds):
            assert read.table is not None, read.coordinate
            assert ASKED[read.table] is not OPEN, read.coordinate
    assert [n for n, (_, table) in contract().nodes.items() if ASKED[table] is PART] == []


def test_an_expression_says_nothing_of_rows_that_ask_for_more() -> None:
    told: set[str] = set()
    for read in READS:
        for table in _mentioned(read.binding):
            if read.table is not None and table is not read.table:
                own, other = ASKED[read.table], ASKED[table]
                if (own.inside, own.above) != (other.inside, other.above):
                    told.add(read.coordinate)
    assert told == set(TOLD_OF_OTHERS)


def _mentioned(binding: b.Binding) -> set[sa.Table]:
    match binding:
        case b.Column(expression=expression) if not isinstance(expression, str):
            expressions = [expression]
        case b.Parts(expressions=named):
            expressions = list(named.values())
        case b.Value(present=present) if present is not None:
            expressions = [present]
        case _:
            return set()
    found = (element for one in expressions for element in visitors.iterate(one))
    tables = (each.table if isinstance(each, sa.Column) else each for each in found)
    return {table for table in tables if isinstance(table, sa.Table)}


# --- the paths


def shortest(root: str) -> dict[str, list[Path]]:
    """Return, for each root field of a type, the shortest path to every type that it leads to."""
    return {field: list(_from(((root, field),), target).values()) for field, target in steps(root)}


def _from(start: Path, target: str) -> dict[str, Path]:
    found: dict[str, Path] = {target: start}
    edge = [target]
    for name in edge:
        for field, reached in steps(name):
            if reached not in found and fits((*found[name], (name, field)), 1):
                found[reached] = (*found[name], (name, field))
                edge.append(reached)
    return {name: path for name, path in found.items() if is_object_type(SCHEMA.type_map[name])}


def end_of(path: Path) -> str:
    """Return the type at the end of a path."""
    name, field = path[-1]
    return next(target for step, target in steps(name) if step == field)


PATHS = [path for paths in shortest("Query").values() for path in paths]
# One verb for each payload and scope: the fields below a payload are the same for all of them.
PAYLOADS = {
    (end_of((("Mutation", field),)), contract().spec("Mutation", field).requires): (field, paths)
    for field, paths in shortest("Mutation").items()
}


def people(world: World) -> dict[str, Viewer]:
    """Return all viewers of the world, and also a guest and a supervisor."""
    resident = world.viewers["resident"]
    guest = frozenset({Role.GUEST})
    watching = frozenset({Role.RESIDENT, Role.SUPERVISOR})
    return world.viewers | {
        "guest": replace(
            resident, principal=Principal.GUEST, id=uuid4(), version=0, roles=guest,
            scopes=scopes_of(guest),
        ),
        "supervisor": replace(resident, roles=watching, scopes=scopes_of(watching)),
    }  # fmt: skip


def lacking(type_name: str, viewer: Viewer, scope: Scope) -> bool:
    """Say whether a token with this scope alone lacks what the rows of a type require."""
    asked = [ASKED[table].of(viewer.principal) for table in TABLES.get(type_name, ())]
    return bool(asked) and all(each and scope not in each for each in asked)


def is_open(path: Path, viewer: Viewer) -> bool:
    """Say whether the viewer can see rows at every step of a path; otherwise it ends in null."""
    on_it = [TABLES.get(end_of(path[: i + 1]), set()) for i in range(len(path))]
    return all(
        not tables or any(visible(table, viewer.principal) is not None for table in tables)
        for tables in on_it
    )


def ids_of(world: World) -> dict[str, str]:
    """Return one id of each kind."""
    return {prefix: ids[-1] for prefix, ids in world.ids.items()}


def leaves(data: Any, path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects at the end of a path."""
    reached = [data]
    for _, field in path:
        if not field.startswith("..."):
            reached = [each[field] for each in reached if each]
        reached = [
            each for one in reached for each in (one if isinstance(one, list) else [one]) if each
        ]
    kind = path[-1][1].removeprefix("... on ")
    yield from (each for each in reached if "..." not in path[-1][1] or each["__typename"] == kind)


class Escaped(AssertionError):
    """A row was read with a token that lacks the scope of its kind."""


def prepared(
    engine: Engine, viewer: Viewer, scope: Scope, text: str, given: Any = None
) -> Prepared | None:
    """Prepare an operation with a token of one scope; return None if it is not enough."""
    try:
        return engine.prepare(
            Request(text, None, given), replace(viewer, scopes=frozenset({scope}))
        )
    except RequestError as error:
        if error.code != ErrorCode.FORBIDDEN:
            raise
    return None


async def look(engine: Engine, world: World) -> dict[str, int]:
    """Follow every path with every token of one scope; count the refused and the read ones.

    Of the viewers, some are drawn for each path: the scopes of those with one role are alike.
    """
    ids, told, everybody = ids_of(world), {"refused": 0, "read": 0}, people(world)
    for path in PATHS:
        for who in sampled([*everybody], ASKERS, path):
            viewer = everybody[who]
            text, end = query(path, "__typename", ids), end_of(path)
            ready = {scope: prepared(engine, viewer, scope, text) for scope in viewer.scopes}
            told["refused"] += list(ready.values()).count(None)
            escapes = {s: p for s, p in ready.items() if p and lacking(end, viewer, s)}
            if not is_open(path, viewer):  # null for every token: one is enough
                escapes = dict(list(escapes.items())[:1])
            for scope, each in escapes.items():
                data = orjson.loads(await engine.run(each, "tests"))["data"]
                told["read"] += 1
                if found := list(leaves(data, path)):
                    raise Escaped(f"{who} with {scope} alone: {text}\n{found[0]}")
    return told


def payload_paths() -> Iterator[tuple[str, Path]]:
    """Yield the paths below a mutation's payload, with a verb that returns it: a third, drawn for each."""
    for verb, paths in PAYLOADS.values():
        for path in sampled(paths, -(-len(paths) // 3), verb):
            yield verb, path


def text_of(verb: str, path: Path, ids: dict[str, str]) -> str:
    """Print a mutation that selects the end of a path."""
    kind = get_named_type(SCHEMA.mutation_type.fields[verb].args["input"].type).name  # type: ignore[union-attr] # pyright: ignore[reportOptionalMemberAccess]
    below = query(path[1:], "__typename", ids) if len(path) > 1 else "{ __typename }"
    return f"mutation ($input: {kind}!) {{ {verb}(input: $input) {below} }}"


def changed(path: Path) -> set[sa.Table]:
    """Return the tables whose changed row a payload's own field may hold."""
    own: Any = SCHEMA.type_map[end_of(path[:2])]
    types = SCHEMA.get_possible_types(own) if is_abstract_type(own) else [own]
    return set[sa.Table]().union(*(TABLES.get(each.name, set()) for each in types))


def payload(engine: Engine, world: World) -> int:
    """Prepare all paths below all payloads with the verb's scope alone; count refused ones."""
    ids, refused, everybody = ids_of(world), 0, people(world)
    assert SCHEMA.mutation_type is not None
    for verb, path in payload_paths():
        scope = contract().spec("Mutation", verb).requires
        assert scope is not None, verb
        given = {"input": filled(SCHEMA.mutation_type.fields[verb].args["input"].type)}
        may = [
            who
            for who, viewer in everybody.items()
            if scope in viewer.scopes and not viewer.only_reads
        ]
        for who in sampled(may, 1, verb, path):
            viewer = everybody[who]
            if not prepared(engine, viewer, scope, text_of(verb, path, ids), given):
                refused += 1
                continue
            tables = TABLES.get(end_of(path), set())
            if tables & changed(path):
                continue
            if is_open(path, viewer) and lacking(end_of(path), viewer, scope):
                raise Escaped(f"{who} with {scope} alone: {text_of(verb, path, ids)}")
    return refused


# --- the matrix


@pytest.fixture
def engine(database: Database) -> Engine:
    """Give a new engine without cached plans."""
    return Engine(contract(), database, {})


@pytest.mark.once
@pytest.mark.proof
async def test_no_token_of_one_scope_reads_a_row_of_a_kind_that_asks_for_another(
    engine: Engine, world: World, proves: Proves
) -> None:
    told = await look(engine, world)
    assert told["refused"] > whole(12_000, 50_000)
    assert told["read"] > whole(120, 500), "what is empty for all tokens, and elements of `nodes`"
    proves(f"{len(PATHS)} paths: {told['refused']} refused, {told['read']} read and empty")


@pytest.mark.parametrize(
    "planted", ["a kind that asks for nothing", "a path that asks for nothing"]
)
async def test_a_scope_that_is_planted_away_is_found(
    engine: Engine, world: World, monkeypatch: pytest.MonkeyPatch, planted: str
) -> None:
    if "kind" in planted:
        monkeypatch.setitem(posts.info, "access", OPEN)
    else:
        kinds = FieldSpec.kinds.fget
        assert kinds is not None
        monkeypatch.setattr(
            FieldSpec,
            "kinds",
            property(lambda spec: () if isinstance(spec.binding, b.Page) else kinds(spec)),
        )
    with pytest.raises(Escaped):
        await look(engine, world)


async def test_an_element_of_nodes_is_null_without_its_scope(engine: Engine, world: World) -> None:
    viewer = replace(world.viewers["resident"], scopes=frozenset({Scope.MEMBER_READ}))
    asked = {"ids": [world.ids["pst_"][-1], world.ids["mem_"][0]]}
    text = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    data = orjson.loads(await engine.run(engine.prepare(Request(text, None, asked), viewer), "t"))
    assert data == {"data": {"nodes": [None, {"id": asked["ids"][1]}]}}
    asked_one = Request(f'{{ node(id: "{asked["ids"][0]}") {{ id }} }}')
    with pytest.raises(RequestError) as refused:
        engine.prepare(asked_one, viewer)
    assert refused.value.errors[0]["extensions"] == {
        "code": "FORBIDDEN", "field": "Query.node of Post", "requiredScope": "board:read",
    }  # fmt: skip


STAFF_ROWS = {
    "others' records": (
        "{ community { members(first: 50) { nodes { id record { kind } } } } }",
        {Scope.COMMUNITY_READ, Scope.MEMBER_READ, Scope.SELF_MANAGE}, Scope.MEMBER_REVIEW,
        lambda data: [m for m in data["community"]["members"]["nodes"] if m["record"]],
    ),
    "others' cases": (
        """{ community { board(slug: "hall") { posts(first: 20) { nodes { author { id }
             moderation { state } } } } } }""",
        {Scope.COMMUNITY_READ, Scope.MEMBER_READ, Scope.BOARD_READ}, Scope.CONTENT_MODERATE,
        lambda data: [
            post for post in data["community"]["board"]["posts"]["nodes"] if post["moderation"]
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", STAFF_ROWS)
async def test_the_staff_see_what_is_others_with_the_scope_of_it_alone(
    engine: Engine, world: World, what: str
) -> None:
    text, scopes, needed, found = STAFF_ROWS[what]

    async def rows(held: set[Scope]) -> int:
        viewer = replace(world.viewers["committee"], scopes=frozenset(held))
        prepared = engine.prepare(Request(text), viewer)
        return len(found(orjson.loads(await engine.run(prepared, "t"))["data"]))

    assert await rows(scopes) <= 1, "one's own"
    assert await rows(scopes | {needed}) > 1


@pytest.mark.once
@pytest.mark.proof
def test_a_payload_shows_the_row_that_was_changed_and_no_other_kind(
    engine: Engine, world: World, proves: Proves
) -> None:
    refused = payload(engine, world)
    assert refused > whole(120, 500)
    proves(f"{len([*payload_paths()])} paths below payloads: {refused} refused")
