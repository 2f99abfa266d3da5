"""The cases of engine.md, section 4, of pages, by their numbers; see test_cases.py."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.engine.errors import ErrorCode, RequestError
from api.engine.identifiers import CursorKey
from api.engine.preparing import Request
from tenants.membership.street_appeals import street_appeals
from tenants.viewer import Viewer
from tests.engine.asking import Asker
from tests.engine.world import MICROSECOND, SECOND, START, World, viewer_of
from tests.street import Make, Person, cmt, pst

FEED = """query ($n: Int = 2, $after: Cursor) {{ board(slug: "neighbours") {{
  posts(first: $n, after: $after) {{ {} }} }} }}"""
EMPTY: dict[str, Any] = {
    "nodes": [], "edges": [], "totalCount": 0,
    "pageInfo": {"startCursor": None, "endCursor": None, "hasNextPage": False, "hasPreviousPage": False},
}  # fmt: skip


async def feed(ask: Asker, viewer: Viewer, select: str, **variables: Any) -> Any:
    """Return a page of the neighbours' posts on which engine and reference agree."""
    found = await ask.both(viewer, FEED.format(select), variables)
    return found["board"]["posts"]


async def walk(ask: Asker, viewer: Viewer, select: str = "nodes { id }") -> list[Any]:
    """Return all pages of two, to the last."""
    pages, after = [], None
    while not pages or pages[-1]["pageInfo"]["hasNextPage"]:
        select_all = f"{select} pageInfo {{ hasNextPage endCursor }}"
        pages.append(await feed(ask, viewer, select_all, after=after))
        after = pages[-1]["pageInfo"]["endCursor"]
    return pages


async def author_of(
    make: Make, step: timedelta = SECOND, count: int = 7
) -> tuple[Person, list[str]]:
    """Return an author of some posts, and the posts, the last first."""
    person = await make.member(await make.community())
    written = [pst(await make.post(person, at=START + i * step)) for i in range(count)]
    return person, written[::-1]


@pytest.mark.parametrize(
    ("first", "variables"),
    [("null", {}), ("$n", {"n": None}), ("$n", {}), ("$n", {"n": 20}), ("20", {})],
)
async def test_a_page_of_null_is_one_of_twenty(
    ask: Asker, world: World, first: str, variables: dict[str, Any]
) -> None:
    # 19
    text = f"""query ($n: Int, $unused: Int) {{ board(slug: "neighbours") {{
        posts(first: {first}) {{ nodes {{ id }} }} other: posts(first: $n) {{ totalCount }}
        third: posts(first: $unused) {{ totalCount }} }} }}"""
    found = await ask.both(world.viewers["resident"], text, variables)
    assert len(found["board"]["posts"]["nodes"]) == 20


async def test_a_page_of_nothing_says_whether_anything_follows(ask: Asker, world: World) -> None:
    # 20
    viewer = world.viewers["resident"]
    select = "nodes { id } edges { cursor } pageInfo { hasNextPage endCursor }"
    empty = {"nodes": [], "edges": []}
    assert await feed(ask, viewer, select, n=0) == {
        **empty, "pageInfo": {"hasNextPage": True, "endCursor": None}}  # fmt: skip
    person = await ask.both(viewer, 'query { board(slug: "plaza") { posts(first: 4) { '
                            'pageInfo { endCursor } } } }')  # fmt: skip
    after = person["board"]["posts"]["pageInfo"]["endCursor"]
    found = await ask.both(
        viewer,
        """query ($after: Cursor) { board(slug: "plaza") {
        posts(first: 0, after: $after) { pageInfo { hasNextPage } } } }""",
        {"after": after},
    )
    assert found["board"]["posts"]["pageInfo"] == {"hasNextPage": False}


@pytest.mark.parametrize("first", ["-1", "51", "2147483648"])
async def test_a_page_out_of_bounds_is_refused_before_anything_is_read(
    ask: Asker, world: World, first: str
) -> None:
    # 20
    text = f'{{ board(slug: "plaza") {{ posts(first: {first}) {{ nodes {{ id }} }} }} }}'
    with pytest.raises(RequestError) as caught:
        ask.engine.prepare(Request(text), world.viewers["resident"])
    large = first == "2147483648"  # no Int at all
    assert caught.value.code == (
        ErrorCode.GRAPHQL_VALIDATION_FAILED if large else ErrorCode.BAD_USER_INPUT
    )


async def test_after_nothing_is_the_first_page(ask: Asker, world: World) -> None:
    # 21
    viewer, text = (
        world.viewers["resident"],
        FEED.format("nodes { id } pageInfo { hasPreviousPage }"),
    )
    without = await ask.both(
        viewer, text.replace(", after: $after", "").replace(", $after: Cursor", "")
    )
    literal = text.replace("after: $after", "after: null").replace(", $after: Cursor", "")
    assert await ask.both(viewer, literal) == without
    assert await ask.both(viewer, text, {"after": None}) == without
    assert await ask.both(viewer, text) == without


async def test_a_filter_of_null_lets_all_through(ask: Asker, world: World) -> None:
    # 22
    viewer = world.viewers["resident"]
    text = "query ($role: Role) { community { members(role: $role) { totalCount } } }"
    counts = [
        (await ask.both(viewer, asked, given))["community"]["members"]["totalCount"]
        for asked, given in (
            (text, {}),
            (text, {"role": None}),
            ("{ community { members(role: null) { totalCount } } }", {}),
            (text, {"role": "PARTY_SECRETARY"}),
        )
    ]
    assert counts[0] == counts[1] == counts[2] > counts[3] == 2


@pytest.mark.parametrize("step", [timedelta(0), MICROSECOND])
async def test_a_walk_meets_every_row_once(ask: Asker, make: Make, step: timedelta) -> None:
    # 24, 25: equal moments, and moments a microsecond apart
    person, written = await author_of(make, step)
    pages = await walk(ask, viewer_of(person))
    found = [node["id"] for page in pages for node in page["nodes"]]
    assert (found if step else sorted(found)) == (written if step else sorted(written))
    assert len(pages) == 4


async def test_a_walk_is_the_same_with_nothing_but_cursors(ask: Asker, make: Make) -> None:
    # 26
    person, _ = await author_of(make)
    viewer = viewer_of(person)
    cursors, both = [
        [edge["cursor"] for page in await walk(ask, viewer, select) for edge in page["edges"]]
        for select in ("edges { cursor }", "nodes { id } edges { cursor node { pinned } }")
    ]
    assert cursors == both
    assert len(set(cursors)) == 7


async def test_a_page_stays_when_the_row_of_its_cursor_goes(ask: Asker, make: Make) -> None:
    # 28
    person, written = await author_of(make)
    viewer, select = viewer_of(person), "nodes { id } pageInfo { hasPreviousPage endCursor }"
    after = (await feed(ask, viewer, select))["pageInfo"]["endCursor"]
    before = await feed(ask, viewer, select, after=after)
    async with make.inside(viewer.community_id) as connection:
        await connection.execute(
            "update tenant.post set state = 'DELETED' where id = "
            "(select id from tenant.post order by id desc offset 1 limit 1)"
        )
    ask.reference.forget()
    assert await feed(ask, viewer, select, after=after) == before
    assert [node["id"] for node in before["nodes"]] == written[2:4]
    assert before["pageInfo"]["hasPreviousPage"]


async def test_where_a_page_stands_does_not_depend_on_what_else_is_asked(
    ask: Asker, world: World
) -> None:
    # 29
    viewer = world.viewers["resident"]
    after = (await feed(ask, viewer, "pageInfo { endCursor }"))["pageInfo"]["endCursor"]
    keys = ["startCursor", "endCursor", "hasNextPage", "hasPreviousPage"]
    whole = (await feed(ask, viewer, f"pageInfo {{ {' '.join(keys)} }}", after=after))["pageInfo"]
    assert whole["hasNextPage"]
    assert whole["hasPreviousPage"]
    for asked in (keys[::-1], *([key] for key in keys)):
        for beside in ("", "totalCount", "nodes { id }", "edges { cursor } totalCount"):
            select = f"pageInfo {{ {' '.join(asked)} }} {beside}"
            found = await feed(ask, viewer, select, after=after)
            assert found["pageInfo"] == {key: whole[key] for key in asked}


async def test_a_total_is_of_all_pages_and_reads_none(ask: Asker, world: World) -> None:
    # 30
    viewer = world.viewers["resident"]
    first = await feed(ask, viewer, "totalCount pageInfo { endCursor }")
    after = first["pageInfo"]["endCursor"]
    found = await feed(ask, viewer, "totalCount", after=after)
    assert found == {"totalCount": first["totalCount"]}
    request = Request(FEED.format("totalCount"), None, {"after": after})
    query = ask.engine.prepare(request, viewer).plan.query
    assert query is not None
    assert "order by" not in (query.text or "order by")


async def test_a_total_ends_at_ten_thousand_and_one(ask: Asker, make: Make) -> None:
    # 31
    person, _ = await author_of(make, count=1)
    viewer, text = viewer_of(person), FEED.format("totalCount")
    columns = "board_id, author_id, title, body, pinned, state, created_at, comment_count, reaction_count, version"
    for more, total in ((9_999, 10_000), (1, 10_001), (1, 10_001)):
        async with make.inside(viewer.community_id) as connection:
            await connection.execute(
                f"insert into tenant.post (community_id, id, {columns}) select community_id, "
                f"gen_random_uuid(), {columns} from (select * from tenant.post limit 1) as p, "
                f"generate_series(1, {more})"
            )
        found = await ask.data(viewer, text)
        assert found["board"]["posts"]["totalCount"] == total


async def test_a_cursor_applies_to_each_parent_by_its_value(ask: Asker, make: Make) -> None:
    # 32
    person, posts = await author_of(make, count=3)
    written = [
        [await make.comment(person, make_id, at=START + (10 * i + j) * SECOND) for j in range(3)]
        for i, make_id in enumerate(await _rows(make, person))
    ]
    reply = await make.comment(
        person, (await _rows(make, person))[2], parent_id=written[2][0], at=START
    )
    select = "edges { cursor } nodes { id comments(first: 3) { edges { cursor } } }"
    viewer = viewer_of(person)
    page = await feed(ask, viewer, select, n=3)
    cursor = page["nodes"][1]["comments"]["edges"][0]["cursor"]
    found = await ask.both(
        viewer,
        """query ($c: Cursor) { board(slug: "neighbours") { posts(first: 3) {
        nodes { id comments(first: 2, after: $c) { nodes { id replies(first: 2) { nodes { id } } } } }
        } } }""",
        {"c": cursor},
    )
    nodes = found["board"]["posts"]["nodes"]
    assert [node["id"] for node in nodes] == posts
    assert [[one["id"] for one in node["comments"]["nodes"]] for node in nodes] == [
        [cmt(one) for one in written[2][:2]], [cmt(one) for one in written[1][1:]], []]  # fmt: skip
    assert nodes[0]["comments"]["nodes"][0]["replies"] == {"nodes": [{"id": cmt(reply)}]}


async def _rows(make: Make, person: Person) -> list[Any]:
    assert person.place is not None
    return [
        row[0] for row in await make.rows(person.place, "select id from tenant.post order by id")
    ]


async def test_a_cursor_of_something_else_is_refused_by_name(ask: Asker, world: World) -> None:
    # 33
    viewer = world.viewers["resident"]
    good = (await feed(ask, viewer, "pageInfo { endCursor }"))["pageInfo"]["endCursor"]
    other = await ask.data(viewer, "{ community { members { pageInfo { endCursor } } } }")
    searched = await ask.data(viewer, '{ search(query: "停水") { pageInfo { endCursor } } }')
    for after in (
        other["community"]["members"]["pageInfo"]["endCursor"],
        searched["search"]["pageInfo"]["endCursor"],
        *(good[:length] for length in range(len(good))),
        good + "A", good + ".0", good[:-1] + "!", good[:-1] + "水", "x" * 10_000,
    ):  # fmt: skip
        with pytest.raises(RequestError) as caught:
            await ask.data(viewer, FEED.format("nodes { id }"), {"after": after})
        assert caught.value.code == ErrorCode.BAD_CURSOR
        assert caught.value.errors[0]["extensions"]["argument"] == "after"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("0", datetime(1970, 1, 1, tzinfo=UTC)),
        ("-1", datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
        ("1772352000123456", datetime(2026, 3, 1, 8, 0, 0, 123456, tzinfo=UTC)),
        *(
            (text, None)
            for text in ("", "-", "x", "1.5", "１", " 1", "9" * 18, "1" * 19, "-" + "9" * 18)
        ),
    ],
)
def test_a_cursor_holds_a_moment_to_the_microsecond(text: str, moment: datetime | None) -> None:
    assert CursorKey(street_appeals.c.due_at).parse(text) == moment


async def test_an_empty_board_has_lists_and_no_cursors(ask: Asker, make: Make) -> None:
    # 36
    person, _ = await author_of(make, count=0)
    select = (
        f"nodes {{ id }} edges {{ cursor }} totalCount pageInfo {{ {' '.join(EMPTY['pageInfo'])} }}"
    )
    assert await feed(ask, viewer_of(person), select) == EMPTY
