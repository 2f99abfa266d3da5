"""One operation is at most one statement, which only checks the viewer if no table is read."""

import asyncio
from typing import Any

import pytest

from api.engine.identifiers import encode_id
from tenants.boards.service.check import NoCheck
from tenants.db import Database
from tenants.viewer import Principal
from tests.engine.asking import Asker
from tests.engine.world import World, viewer_of
from tests.round_trips import round_trips
from tests.street import Make, key

FREE = [
    "{ __typename }",
    "{ apiInfo { version } rateLimit { remaining } }",
    "{ __schema { queryType { name } } }",
]
READING = [
    "{ viewer { id displayName scopes community { name counts { posts } boards { slug unreadCount } } } }",
    """{ community { name boards { slug posts(first: 2) { totalCount nodes { title author { displayName }
       viewerCan { editPost { allowed } } comments(first: 1) { nodes { body } } }
       pageInfo { hasNextPage endCursor } } } }
       search(query: "停水") { nodes { id } } viewer { id } rateLimit { cost } __typename }""",
]


INBOX = """{ inbox(first: 20, overdue: false, kind: HELP, assigned: NOBODY) { totalCount nodes { title
  category { name } author { displayName } handler { displayName } clocks { resolveDueAt }
  viewerCan { acceptPetition { allowed } assignPetition { allowed } answerPetition { allowed } }
  events(first: 3) { nodes { action body } } } pageInfo { hasNextPage endCursor } } }"""


async def _sent(
    ask: Asker, world: World, database: Database, query: str, who: str = "resident"
) -> list[str]:
    """Return the statements that an operation sent, without begin and commit."""
    sent: list[str] = []

    def note(record: Any) -> None:
        if not record.query.startswith(("begin", "commit")):
            sent.append(record.query)

    # asyncpg does not report the first run of a text to its listeners
    await ask.engine_text(world.viewers[who], query)
    pool = database.pools[Principal.COMMUNITY]
    async with pool.acquire() as connection:
        held = [connection, *pool._idle]  # all connections, to listen on each
        for each in held:
            each.add_query_logger(note)
    await ask.engine_text(world.viewers[who], query)
    await asyncio.sleep(0.05)  # asyncpg calls its listeners in a later turn of the event loop
    for each in held:
        each.remove_query_logger(note)
    return sent


@pytest.mark.parametrize("query", READING)
async def test_whatever_is_selected_is_one_statement(
    ask: Asker, world: World, database: Database, query: str
) -> None:
    assert len(await _sent(ask, world, database, query)) == 1


async def test_the_inbox_with_all_that_a_row_shows_is_one_statement(
    ask: Asker, world: World, database: Database
) -> None:
    (sent,) = await _sent(ask, world, database, INBOX, "committee")
    assert "tenant.petition_event" in sent


@pytest.mark.parametrize("query", FREE)
async def test_what_reads_no_table_asks_for_the_standing_alone(
    ask: Asker, world: World, database: Database, query: str
) -> None:
    (sent,) = await _sent(ask, world, database, query)
    assert sent.count(" from ") == 1, "the viewer's own row"


CREATE_POST = """mutation ($input: CreatePostInput!) {
  createPost(input: $input) { post { id title } userErrors { code } } }"""
ADD_COMMENT = """mutation ($input: AddCommentInput!) {
  addComment(input: $input) { comment { id body post { commentCount } } userErrors { code } } }"""


async def test_a_change_waits_four_times(ask: Asker, make: Make) -> None:
    """For the viewer's rights, for the row that is changed, for the payload, and for the commit.

    Everything else is sent together with one of these: the idempotency key, terms, counts, audit.
    """
    place = await make.community()
    person = await make.member(place)
    viewer = viewer_of(person)
    ask.engine.services["text_check"] = NoCheck()
    on_board = {"boardId": place.board(), "title": "停水", "body": "九点停水，请储水。"}
    on_post = {"postId": encode_id(await make.post(person), "pst_"), "body": "好的"}
    for text, given in ((CREATE_POST, on_board), (ADD_COMMENT, on_post)):
        trips: list[list[str]] = []
        for _ in range(5):  # a connection asks for the types on its first use
            variables = {"input": {**given, "idempotencyKey": key()}}
            with round_trips() as sent:
                answer = await ask.engine_text(viewer, text, variables)
            trips.append([query.split(".")[0].split()[0] for query in sent])
            assert '"userErrors":[]' in answer
        assert trips[-1] == ["SELECT", "SELECT", "select", "commit"]
    assert await make.value(place, "select posts from tenant.community_count") == 6


async def test_no_session_state_is_ever_left(ask: Asker, world: World, database: Database) -> None:
    for query in READING:
        await ask.engine_text(world.viewers["resident"], query)
    async with database.pools[Principal.COMMUNITY].acquire() as connection:
        assert not await connection.fetchval("select current_setting('app.community_id', true)")
        changed = await connection.fetch(
            # asyncpg sets jit back to its value when it loads a type
            "select name from pg_catalog.pg_settings where source = 'session' and name <> 'jit'"
        )
        assert changed == []
