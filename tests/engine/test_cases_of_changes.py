"""The cases of engine.md, section 4, of changes, caches and tenants; see test_cases.py."""

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any

import asyncpg
import pytest

from api.engine.errors import ErrorCode, RequestError
from api.settings import Settings
from tenants.db import Database
from tenants.domains import DOMAINS
from tenants.viewer import Principal
from tests.conftest import SignIn
from tests.engine.asking import Asker
from tests.engine.reference import Reference
from tests.engine.world import HOSTILE_TEXT, World, viewer_of
from tests.street import SECRETARY, Make, Person, key, pst

CREATE = """mutation ($input: CreatePostInput!) { createPost(input: $input) {
  __typename userErrors { __typename code } post { __typename board { posts { nodes { id title } } } } } }"""
FEED = '{ board(slug: "neighbours") { id posts { nodes { id } } } viewer { id } }'
BY_ID = "query ($id: ID!) { post(id: $id) { id title } }"


@pytest.fixture
async def alone(settings: Settings, database: Database) -> AsyncGenerator[Database]:
    """Give a database with one connection, so that all share its prepared statements."""
    assert database  # the communities must exist first
    opened = await Database.connect(settings.role_urls(), DOMAINS, size=1, statements=100)
    yield opened
    await opened.close()


def a_post(person: Person, title: str = "题", body: str = "文") -> dict[str, str]:
    """Return the input of createPost."""
    assert person.place is not None
    return {"boardId": person.place.board(), "title": title, "body": body, "idempotencyKey": key()}


async def test_an_absent_variable_in_an_input_is_its_default(make: Make, signed_in: SignIn) -> None:
    # 23
    secretary = await make.member(await make.community(), *SECRETARY)
    assert secretary.place is not None
    text = """mutation ($board: ID!, $v: Int!, $title: String, $mode: ModerationMode = PRE) {
        updateBoard(input: {boardId: $board, expectedVersion: $v, title: $title, moderation: $mode})
        { board { title moderation } userErrors { code } } }"""
    given: dict[str, Any] = {"board": secretary.place.board("plaza")}
    for version, sent, expected in (
        (1, {}, ("互动广场", "PRE")),
        (2, {"mode": "POST", "title": None}, ("互动广场", "POST")),
        (3, {"mode": None, "title": "广场"}, ("广场", "POST")),
    ):
        answer = await signed_in(secretary).run(text, v=version, **given, **sent)
        assert tuple(answer.payload["board"].values()) == expected


async def test_a_change_reads_itself_and_what_came_before(make: Make, signed_in: SignIn) -> None:
    # 38
    person = await make.member(await make.community())
    titles = "post { board { posts { nodes { title } } } }"
    text = f"""mutation ($a: CreatePostInput!, $b: CreatePostInput!) {{
        a: createPost(input: $a) {{ {titles} }} b: createPost(input: $b) {{ {titles} }} }}"""
    done = await signed_in(person).run(text, a=a_post(person, "一"), b=a_post(person, "二"))
    found = [
        [node["title"] for node in done.data[name]["post"]["board"]["posts"]["nodes"]]
        for name in "ab"
    ]
    assert found == [["一"], ["二", "一"]]


async def test_any_text_comes_back_as_it_went(make: Make, signed_in: SignIn) -> None:
    # 39
    person = await make.member(await make.community())
    asker = signed_in(person)
    title = '"a" \\b </script> 😀 100% :x $1 停水'
    # without what a change refuses or alters
    body = HOSTILE_TEXT.replace("\x7f", "").replace(" \u2028", "\n")
    await asker.run(CREATE, input=a_post(person, title, body))
    text = f"""query ($q: String!, $slug: String!) {{ board(slug: $slug) {{ id }}
        literal: board(slug: {json.dumps(HOSTILE_TEXT, ensure_ascii=False)}) {{ id }}
        search(query: $q) {{ nodes {{ title body }} }}
        none: search(query: {json.dumps("停水 '; drop table post; --")}) {{ nodes {{ id }} }} }}"""
    found = await asker.run(text, q=title, slug=HOSTILE_TEXT)
    assert found.data == {
        "board": None, "literal": None, "none": {"nodes": []},
        "search": {"nodes": [{"title": title, "body": body}]},
    }  # fmt: skip


async def test_what_a_change_answers_says_its_type(make: Make, signed_in: SignIn) -> None:
    # 42
    person = await make.member(await make.community())
    done = await signed_in(person).run(CREATE, input=a_post(person))
    assert done.payload["__typename"] == "CreatePostPayload"
    assert done.payload["post"]["__typename"] == "Post"
    refused = await signed_in(person).run(CREATE, input=a_post(person, ""))
    assert refused.payload == {
        "__typename": "CreatePostPayload", "post": None,
        "userErrors": [{"__typename": "ValidationError", "code": "REQUIRED"}],
    }  # fmt: skip


async def test_a_document_has_one_plan_and_one_statement(
    alone: Database, reference: Reference, world: World
) -> None:
    # 43
    ask = Asker(alone, reference)
    posts = list(dict.fromkeys(world.ids["pst_"]))
    found = [
        (await ask.data(world.viewers["secretary"], BY_ID, {"id": post}))["post"] for post in posts
    ]
    assert len(posts) > 60
    assert {post["id"] for post in found if post} <= set(posts)
    assert ask.engine.documents.plans == 1
    async with alone.pools[Principal.COMMUNITY].acquire() as connection:
        kept = await connection.fetch(
            "select statement from pg_prepared_statements where statement like 'select row_to_json%'"
        )
    assert len(kept) == 1


async def test_two_tenants_on_one_connection_see_their_own(
    alone: Database, reference: Reference, make: Make
) -> None:
    # 44: more than five runs, after which PostgreSQL may use a generic plan
    ask = Asker(alone, reference)
    people = [await make.member(await make.community()) for _ in "12"]
    posts = [[pst(await make.post(person))] for person in people]
    for _ in range(10):
        for person, written in zip(people, posts, strict=True):
            found = await ask.data(viewer_of(person), FEED)
            assert [node["id"] for node in found["board"]["posts"]["nodes"]] == written
            assert found["viewer"]["id"] == person.viewer_id
        found = await ask.data(viewer_of(people[0]), BY_ID, {"id": posts[1][0]})
        assert found["post"] is None


async def test_a_column_added_meanwhile_fails_no_reader(
    ask: Asker, make: Make, world: World
) -> None:
    # 45
    viewer, before = world.viewers["resident"], await ask.data(world.viewers["resident"], FEED)
    done: list[Any] = []
    added = asyncio.Event()

    async def read_on() -> None:
        while not added.is_set() or len(done) < 40:
            done.append(await ask.data(viewer, FEED))

    owner = await asyncpg.connect(make.cluster.url())
    try:
        async with asyncio.TaskGroup() as group:
            for _ in "123":
                group.create_task(read_on())
            while len(done) < 10:  # noqa: ASYNC110 # a count of answers, not an event
                await asyncio.sleep(0.01)
            await owner.execute("alter table tenant.post add column extra text")
            added.set()
    finally:
        await owner.execute("alter table tenant.post drop column if exists extra")
        await owner.close()
    assert all(each == before for each in done)


_ROW = (
    "post_id, author_id, body, state, post_state, created_at, reply_count, reaction_count, version"
)
_REPLIES = f"""insert into tenant.comment (community_id, id, parent_id, {_ROW})
  select community_id, gen_random_uuid(), {{}}, {_ROW}
  from (select * from tenant.comment) as c, generate_series(1, {{}})"""


@pytest.mark.parametrize("aliases", [0, 30])
async def test_the_largest_answer_is_under_five_megabytes(
    ask: Asker, make: Make, aliases: int
) -> None:
    # 46
    person = await make.member(await make.community())
    assert person.place is not None
    post = await make.post(person)
    await make.comment(person, post, body="水" * 1000)
    async with make.inside(person.place.key) as connection:
        await connection.execute(_REPLIES.format("null", 49))
        await connection.execute(_REPLIES.format("id", 16))
    bodies = " ".join(["body", *(f"a{i}: body" for i in range(aliases))])
    text = f"""query ($id: ID!) {{ post(id: $id) {{ comments(first: 50) {{ nodes {{
        replies(first: 16) {{ nodes {{ {bodies} }} }} }} }} }} }}"""
    try:
        answer = await ask.engine_text(viewer_of(person), text, {"id": pst(post)})
    except RequestError as error:
        if error.code != ErrorCode.QUERY_TOO_COMPLEX:
            raise
    else:
        assert len(answer.encode()) < 5_000_000


async def test_the_root_of_a_mutation_has_a_name(make: Make, signed_in: SignIn) -> None:
    # 42
    person = signed_in(await make.member(await make.community()))
    text = "mutation { a: __typename markRead(input: {postIds: []}) { readIds } __typename }"
    answer = await person.run(text)
    assert list(answer.data) == ["a", "markRead", "__typename"]
    assert answer.data["a"] == answer.data["__typename"] == "Mutation"
    assert (await person.run("mutation { __typename }")).data == {"__typename": "Mutation"}


async def test_a_row_has_one_id_only(make: Make, signed_in: SignIn) -> None:
    person = signed_in(await make.member(await make.community()))
    post = pst(await make.post(person.person))
    # decodes to the same bytes if the last bits are ignored
    twin = post[:-1] + chr(ord(post[-1]) + 1)
    found = await person.run("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=[post, twin])
    assert found.data["nodes"] == [{"id": post}, None]
