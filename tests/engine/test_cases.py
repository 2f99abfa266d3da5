"""Test the cases of engine.md, section 4, which have broken other compilers, by their numbers.

This file has those of selections; those of pages (19-22, 24-26, 28-33, 36) are in
test_cases_of_pages.py, those of changes, values and caches (23, 38, 39, 42-46) in
test_cases_of_changes.py. The schema has no union: 4-9 test the interfaces. Others are elsewhere:
14 (64 letters), 40: tests/api/test_hostile.py::test_no_document_costs_more_than_50_ms
20 (out of bounds): tests/api/test_http_bodies.py::test_an_impossible_argument_is_a_typed_error
27: tests/test_schema_bindings.py::test_a_page_has_one_order_only
34: tests/tenants/test_posts.py::test_what_someone_wrote_stays_when_they_move_away
"""

import asyncio
from typing import Any

import pytest

import api.engine.static_limits as limits
from tenants.db import Database
from tenants.viewer import Principal
from tests.engine.asking import Asker
from tests.engine.enrich import HOSTILE
from tests.engine.world import World, viewer_of
from tests.street import STAFF, Make, cmt, pst

NODES = "query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ {} }} }}"


@pytest.fixture
async def nodes(ask: Asker, world: World) -> Any:
    """Asks for a selection of nodes, given by their prefixes or their ids."""

    async def asked(selection: str, *ids: str) -> Any:
        known = [world.ids[each][-1] if each in world.ids else each for each in ids]
        text = NODES.format(selection)
        return (await ask.both(world.viewers["secretary"], text, {"ids": known}))["nodes"]

    return asked


# --- selections


async def test_one_field_under_two_names_has_two_arguments(ask: Asker, world: World) -> None:
    # 1
    found = await ask.both(
        world.viewers["resident"],
        """{ board(slug: "plaza") {
        a: posts(first: 1) { nodes { id } } b: posts(first: 2) { nodes { id } } } }""",
    )
    assert [len(found["board"][name]["nodes"]) for name in "ab"] == [1, 2]


async def test_two_nodes_are_two(ask: Asker, world: World) -> None:
    # 2
    p, q = world.ids["pst_"][0], world.ids["brd_"][0]
    text = "query ($p: ID!, $q: ID!) { a: node(id: $p) { id } b: node(id: $q) { id } }"
    found = await ask.both(world.viewers["secretary"], text, {"p": p, "q": q})
    assert found == {"a": {"id": p}, "b": {"id": q}}


async def test_an_object_selected_three_times_is_one(ask: Asker, world: World) -> None:
    # 3
    found = await ask.both(
        world.viewers["resident"],
        """{ search(query: "停水", first: 1) { nodes {
        author { id } author { displayName } ...F } } } fragment F on Post { author { roles } }""",
    )
    (post,) = found["search"]["nodes"]
    assert list(post) == ["author"]
    assert list(post["author"]) == ["id", "displayName", "roles"]


async def test_a_name_means_another_field_in_each_type(nodes: Any) -> None:
    # 4
    found = await nodes("... on Post { t: body } ... on Board { t: slug }", "pst_", "brd_")
    assert [list(each) for each in found] == [["t"], ["t"]]
    assert None not in [each["t"] for each in found]


async def test_no_field_of_another_type_appears(nodes: Any) -> None:
    # 5
    found = await nodes(
        "... on Post { comments { nodes { body } } } ... on Board { slug }", "pst_", "brd_"
    )
    assert [list(each) for each in found] == [["comments"], ["slug"]]


async def test_a_type_of_which_nothing_is_asked_is_empty(nodes: Any) -> None:
    # 6
    member, post, other = await nodes("... on Post { id }", "mem_", "pst_", "mem_")
    assert (member, list(post), other) == ({}, ["id"], {})


async def test_a_fragment_on_an_interface_is_for_all_its_types(nodes: Any) -> None:
    # 7
    asked = "... on Content { author { displayName } } ... on Node { id }"
    found = await nodes(asked, "pst_", "cmt_", "mem_")
    assert [list(each) for each in found] == [["author", "id"], ["author", "id"], ["id"]]


async def test_a_named_fragment_is_as_if_written_in_place(ask: Asker, world: World) -> None:
    # 8
    ids = {"ids": [world.ids[prefix][-1] for prefix in ("pst_", "brd_", "mem_")]}
    inner = "... on Post { title } ... on Board { slug } id"
    named = NODES.format("...F") + f" fragment F on Node {{ {inner} }}"
    viewer = world.viewers["secretary"]
    assert await ask.both(viewer, named, ids) == await ask.both(viewer, NODES.format(inner), ids)


async def test_a_page_inside_a_fragment_has_a_list_of_edges(nodes: Any) -> None:
    # 9
    found = await nodes("... on Board { posts(first: 1) { edges { cursor } } }", "brd_")
    assert isinstance(found[0]["posts"]["edges"], list)


async def test_nodes_keep_the_order_of_their_ids(nodes: Any, world: World) -> None:
    # 10
    a, b, foreign = world.ids["pst_"][0], world.ids["brd_"][0], world.foreign_ids["pst_"][0]
    asked = [a, b, a, "nonsense", foreign]
    found = [{"id": a}, {"id": b}, {"id": a}, None, None]
    assert await nodes("id", *asked) == found
    assert await nodes("id", *asked[::-1]) == found[::-1]


async def test_an_id_with_another_types_prefix_is_nothing(nodes: Any, world: World) -> None:
    # 11
    board = world.ids["brd_"][0]
    assert await nodes("id", "pst_" + board[4:], board) == [None, {"id": board}]


async def test_a_fragment_on_the_root(ask: Asker, world: World) -> None:
    # 12
    text = "query Q { ...R } fragment R on Query { community { name } }"
    found = await ask.both(world.viewers["resident"], text)
    assert found["community"]["name"]


async def test_any_name_may_be_an_alias(ask: Asker, world: World) -> None:
    # 13, and 14: 63 letters are returned under their own key
    aliases = " ".join(f"{name}: name" for name in HOSTILE)
    found = await ask.both(world.viewers["resident"], f"{{ community {{ name {aliases} }} }}")
    assert set(found["community"]) == {"name", *HOSTILE}
    assert "a" * 63 in HOSTILE
    assert len(set(found["community"].values())) == 1


async def test_ten_levels_of_long_names_are_never_cut(
    ask: Asker, world: World, database: Database
) -> None:
    # 15
    fields = ["community", 'board(slug: "neighbours")', "posts(first: 3)", "nodes", "comments(first: 3)",
              "nodes", "replies(first: 2)", "nodes", "author", "displayName"]  # fmt: skip
    text = ""
    for field in reversed(fields):
        text = f"{field[0]:x<63}: {field} {text and f'{{ {text} }}'}"
    notices: list[Any] = []

    def note(_: Any, notice: Any) -> None:
        notices.append(notice)

    pool = database.pools[Principal.COMMUNITY]
    async with pool.acquire() as connection:
        held = [connection, *pool._idle]  # all connections, to listen on each
    for each in held:
        each.add_log_listener(note)
    await ask.both(world.viewers["resident"], f"{{ {text} }}")
    await asyncio.sleep(0.05)  # asyncpg calls its listeners in a later turn of the event loop
    assert notices == []
    for each in held:
        # PostgreSQL truncates the name, and a notice says so
        await each.execute(f"select 1 as {'a' * 64}")
    await asyncio.sleep(0.05)
    for each in held:
        each.remove_log_listener(note)
    assert len(notices) == len(held)


async def test_a_hundred_and_twenty_keys_in_one_object(
    ask: Asker, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # 16
    monkeypatch.setattr(limits, "_MOST", (12, 120, 200))
    aliases = " ".join(f"a{i}: body" for i in range(120))
    text = f'{{ search(query: "停水", first: 1) {{ nodes {{ id {aliases} version }} }} }}'
    found = await ask.both(world.viewers["resident"], text)
    assert len(found["search"]["nodes"][0]) == 122


async def test_a_table_read_three_times_over(ask: Asker, make: Make) -> None:
    # 17
    person = await make.member(await make.community())
    post = await make.post(person)
    first = await make.comment(person, post)
    reply = await make.comment(person, post, parent_id=first)
    await make.comment(person, post)
    found = await ask.both(
        viewer_of(person),
        """query ($id: ID!) { node(id: $id) { ... on Comment {
        parent { id parent { id } replies { nodes { id parent { id } } } } } } }""",
        {"id": cmt(reply)},
    )
    assert found["node"]["parent"] == {
        "id": cmt(first), "parent": None,
        "replies": {"nodes": [{"id": cmt(reply), "parent": {"id": cmt(first)}}]},
    }  # fmt: skip


@pytest.mark.parametrize("keys", ["title id body", "body id title"])
async def test_keys_come_in_the_order_asked(nodes: Any, keys: str) -> None:
    # 18
    (post,) = await nodes(f"... on Post {{ {keys} }}", "pst_")
    assert list(post) == keys.split()


async def test_a_null_column_is_not_a_missing_row(ask: Asker, make: Make) -> None:
    # 35
    staff = await make.member(await make.community(), *STAFF)
    posts = [await make.post(staff) for _ in "12"]
    await make.case(staff, posts[0])
    text = "query ($id: ID!) { post(id: $id) { moderation { reasonCode } } }"
    found = [await ask.both(viewer_of(staff), text, {"id": pst(post)}) for post in posts]
    assert [each["post"]["moderation"] for each in found] == [{"reasonCode": None}, None]


@pytest.mark.parametrize("a", [True, False])
@pytest.mark.parametrize("b", [True, False])
async def test_a_key_is_there_if_any_occurrence_is(
    ask: Asker, world: World, a: bool, b: bool
) -> None:
    # 37
    found = await ask.both(
        world.viewers["resident"],
        """query ($a: Boolean!, $b: Boolean!) {
        field: community { id @include(if: $a) @skip(if: $b) }
        spread: community { ...F @include(if: $a) @skip(if: $b) }
        inline: community { ... @include(if: $a) @skip(if: $b) { id } }
        either: community { id @include(if: $a) id @skip(if: $b) }
        } fragment F on Community { id }""",
        {"a": a, "b": b},
    )
    both = ["id"] if a and not b else []
    assert [list(found[name]) for name in ("field", "spread", "inline")] == [both] * 3
    assert list(found["either"]) == (["id"] if a or not b else [])


async def test_an_interface_twice_and_a_field_are_one_key(nodes: Any) -> None:
    # 41
    (found,) = await nodes("... on Node { id } ... on Content { id } id", "pst_")
    assert list(found) == ["id"]


async def test_every_object_says_its_type(ask: Asker, world: World) -> None:
    # 42
    found = await ask.both(
        world.viewers["resident"],
        """{ __typename t: __typename
        board(slug: "plaza") { __typename posts(first: 1) { __typename pageInfo { __typename }
          edges { __typename node { __typename t: __typename __typename } } } } }""",
    )
    assert found == {"__typename": "Query", "t": "Query", "board": {
        "__typename": "Board", "posts": {"__typename": "PostConnection",
            "pageInfo": {"__typename": "PageInfo"},
            "edges": [{"__typename": "PostEdge", "node": {"__typename": "Post", "t": "Post"}}]}}}  # fmt: skip
