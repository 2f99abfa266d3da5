"""PostgreSQL reads the hot pages by an index, for all values and any number of rows."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from api.engine.bindings import prefix_of
from api.engine.executor import Engine
from api.engine.identifiers import encode_id
from api.engine.preparing import Request
from api.schema.schema import contract
from tenants.boards.tables import posts
from tenants.db import Database
from tenants.embedded import Cluster
from tenants.scopes import scopes_of
from tenants.viewer import Principal, Viewer
from tests.street import Make, Person

A_FEW = 500  # up to this many rows, three pages or so, a table may be read whole

QUERIES = {
    "feed": """
        query ($after: Cursor) { board(slug: "neighbours") { unreadCount
          posts(first: 20, after: $after) {
            pageInfo { hasNextPage hasPreviousPage endCursor } totalCount
            nodes { id title author { displayName } viewerHasRead reactions { kind count }
              moderation { state } viewerCan { editPost { allowed } reportContent { code } }
              comments(first: 3) { nodes { body author { displayName } } } } } } }""",
    "comments": """
        query ($id: ID!, $after: Cursor) { post(id: $id) { board { title }
          comments(first: 20, after: $after) {
            pageInfo { hasNextPage hasPreviousPage } totalCount
            nodes { body author { displayName } reactions { kind viewerHasReacted } moderation { state }
              replies(first: 5) { totalCount nodes { body parent { id } author { displayName } } } }
          } } }""",
    "search": """
        query ($after: Cursor) { search(query: "停水 几点", first: 20, after: $after) {
          pageInfo { hasNextPage } totalCount nodes { id title author { displayName } } } }""",
    "queue": """
        query ($after: Cursor) { moderationQueue(first: 20, after: $after, state: OPEN) {
          pageInfo { hasNextPage } totalCount
          nodes { id reportCount decidedBy { displayName }
            subject { id author { displayName } ... on Post { title } ... on Comment { body } } } } }""",
    "members": """
        query ($after: Cursor) { community { counts { posts } boards { title unreadCount }
          members(first: 20, after: $after) { totalCount nodes { displayName roles } } } }""",
    "inbox": """
        query ($after: Cursor) { inbox(first: 20, after: $after) { pageInfo { hasNextPage } totalCount
          nodes { id title category { name } author { displayName } clocks { resolveDueAt }
            viewerCan { acceptPetition { allowed } answerPetition { allowed } } } } }""",
    "inbox, filtered": """
        query ($after: Cursor) { inbox(first: 20, after: $after, assigned: ME, overdue: true,
          kind: HELP, state: ACCEPTED) { totalCount nodes { id } } }""",
    "petitions": """
        query ($after: Cursor) { community { petitions(first: 20, after: $after) { totalCount
          nodes { id title support { count viewerHasSupported } events(first: 3) { nodes { action } } } } }
          viewer { petitions(first: 5, after: $after) { totalCount nodes { id } } } }""",
    "petitions found": """
        query ($after: Cursor) { searchPetitions(query: "漏水 楼顶", first: 20, after: $after) {
          totalCount nodes { id title } } }""",
    "what happened": """
        query ($after: Cursor) { petitionEvents(first: 20, after: $after) {
          nodes { action petition { id } } } }""",
    "nodes": """
        query ($id: ID!) { nodes(ids: [$id, $id]) { id ... on Post { title }
          ... on ModerationCase { state } } }""",
}
# A community with years of talk, inserted in random order, so that no query is sorted by luck.
SEED = """
insert into tenant.member (community_id, id, person_id, display_name, roles, state,
                           permission_version, joined_at)
select {tenant}, gen_random_uuid(), gen_random_uuid(), '邻居' || i, array['RESIDENT'], 'ACTIVE', 1, now()
  from generate_series(1, 300) i;
insert into tenant.post (community_id, id, board_id, author_id, title, body, pinned, state,
                         created_at, comment_count, reaction_count, version)
select {tenant}, gen_random_uuid(), '{board}', '{author}', '今天停水吗' || i, '几点恢复？', i % 300 = 0, 'PUBLISHED',
       now(), 0, 0, 1
  from generate_series(1, 1000) i;
insert into tenant.post_term (community_id, term, post_id)
select {tenant}, term, id from tenant.post, unnest(array['停水', '几点', left(id::text, 4)]) term
 where community_id = {tenant} on conflict do nothing;
insert into tenant.comment (community_id, id, post_id, author_id, body, state, post_state,
                            created_at, reply_count, reaction_count, version)
select {tenant}, gen_random_uuid(), '{post}', '{author}', '听说三点' || i, 'PUBLISHED', 'PUBLISHED', now(), 0, 0, 1
  from generate_series(1, 1000) i;
insert into tenant.comment (community_id, id, post_id, parent_id, author_id, body, state,
                            post_state, created_at, reply_count, reaction_count, version)
select {tenant}, gen_random_uuid(), '{post}', c.id, '{author}', '谢谢', 'PUBLISHED', 'PUBLISHED', now(), 0, 0, 1
  from tenant.comment c where community_id = {tenant};
insert into tenant.reaction (community_id, subject_id, post_id, member_id, kind, created_at)
select {tenant}, p.id, p.id, '{author}', kind, now()
  from tenant.post p, unnest(array['LIKE', 'CARE']) kind where p.community_id = {tenant};
insert into tenant.read_mark (community_id, post_id, member_id, read_at)
select {tenant}, p.id, '{author}', now() from tenant.post p where p.community_id = {tenant};
insert into tenant.petition (community_id, id, district_id, street_id, author_id, kind, category_id,
       urgency, title, body, secrecy, is_listed, addressee, is_at_community, level, desk, desks, state,
       is_open, due_at, submitted_at, ack_due_at, ack_overdue, resolve_due_at, resolve_overdue, rise_hours,
       reopen_count, support_count, household_count, version)
select {tenant}, gen_random_uuid(), 310113, 310113001, '{author}', 'HELP',
       (select id from reference.petition_category where district_id = 310113 limit 1),
       'NORMAL', '三号楼漏水' || i, '楼顶漏水', 'PUBLIC', true, 'COMMUNITY', true, 'COMMUNITY', 0, '{{}}',
       'SUBMITTED', true, now() + i * interval '1 hour', now(), now(), false, now(), false, 24, 0, 0, 0, 1
  from generate_series(1, 1000) i;
insert into tenant.petition_event (community_id, id, petition_id, district_id, desks, seq, at, action,
       actor_kind, actor_id, level, desk, state, is_public)
select {tenant}, gen_random_uuid(), p.id, 310113, '{{}}', n * 1000, now(), 'NOTED', 'DESK', '{author}',
       'COMMUNITY', 0, 'SUBMITTED', true
  from tenant.petition p, generate_series(1, 3) n where p.community_id = {tenant};
insert into tenant.petition_term (community_id, term, petition_id)
select {tenant}, term, id from tenant.petition, unnest(array['漏水', '楼顶', left(id::text, 4)]) term
 where community_id = {tenant} on conflict do nothing;
insert into tenant.moderation_case (community_id, id, subject_id, post_id, author_id, state,
                                    was_held, report_count, opened_at)
select {tenant}, gen_random_uuid(), p.id, p.id, '{author}', 'OPEN', false, 1, now()
  from tenant.post p where p.community_id = {tenant};
"""


SEEDED = {
    "post", "comment", "member", "moderation_case", "post_term", "reaction", "petition",
    "petition_event", "petition_term",
}  # fmt: skip


@pytest.fixture(scope="module")
async def talkative(make: Make, cluster: Cluster) -> tuple[Person, str]:
    """Give the secretary of a community with many posts, and the id of its busiest post."""
    busiest: list[tuple[Person, UUID]] = []
    for _ in range(8):  # others as well, so that an index without the tenant reads too much
        place = await make.community()
        secretary = await make.member(place, "RESIDENT", "PARTY_SECRETARY")
        post = await make.post(secretary)
        busiest.append((secretary, post))
        board = place.boards["neighbours"]
        async with make.inside(place.key) as connection:
            await connection.execute(
                SEED.format(tenant=place.key, board=board, author=secretary.id, post=post)
            )
    owner = await asyncpg.connect(cluster.url())
    await owner.execute("analyze")
    await owner.close()
    secretary, post = busiest[-1]
    return secretary, encode_id(post, prefix_of(posts))


def viewer_of(person: Person) -> Viewer:
    """Return the viewer of a person's access token."""
    assert person.place is not None
    roles = person.identity().roles
    return Viewer(
        principal=Principal.COMMUNITY,
        id=person.id,
        roles=roles,
        scopes=scopes_of(roles),
        version=1,
        client_id="tests",
        token_id="plans",
        expires_at=datetime.now(UTC) + timedelta(hours=1),
        community_id=person.place.key,
    )


def steps_of(explained: str) -> list[dict[str, Any]]:
    """Return a plan's steps, the outermost first."""

    def walk(step: dict[str, Any]) -> Iterator[dict[str, Any]]:
        yield step
        for inner in step.get("Plans", ()):
            yield from walk(inner)

    return list(walk(json.loads(explained)[0]["Plan"]))


def read_whole(plan: list[dict[str, Any]], big: set[str]) -> list[str]:
    """Return the big tables that a plan reads completely."""
    whole = (step["Relation Name"] for step in plan if step["Node Type"] == "Seq Scan")
    return [table for table in whole if table in big]


async def generic_plan(
    database: Database, viewer: Viewer, query: str, variables: dict[str, Any]
) -> list[dict[str, Any]]:
    """Return the steps of the generic plan, as linli_app gets it."""
    engine = Engine(contract(), database, {})
    read = engine.prepare(Request(query, None, variables), viewer).plan.query
    assert read is not None
    anything = ", ".join("null" for _ in read.binders)
    async with database.pools[Principal.COMMUNITY].acquire() as connection:
        await connection.execute("; ".join(["begin read only", *viewer.enter]))
        try:
            await connection.execute("set local plan_cache_mode = force_generic_plan")
            await connection.execute(f"prepare planned as {read.text}")
            explain = f"explain (format json) execute planned ({anything})"
            found: Any = await connection.fetchval(explain)
        finally:
            await connection.execute("rollback; deallocate planned")
    return steps_of(found)


async def big_tables(database: Database) -> set[str]:
    """Return the tables of tenants with more than a few rows."""
    async with database.pools[Principal.COMMUNITY].acquire() as connection:
        rows = await connection.fetch(
            "select relname from pg_catalog.pg_class "
            "where relnamespace = 'tenant'::regnamespace and relkind = 'r' and reltuples > $1",
            A_FEW,
        )
    return SEEDED | {row["relname"] for row in rows}


@pytest.mark.parametrize("paged", [False, True], ids=["first page", "next page"])
@pytest.mark.parametrize("name", QUERIES)
async def test_nothing_is_read_whole(
    name: str, paged: bool, talkative: tuple[Person, str], database: Database
) -> None:
    secretary, post = talkative
    variables = {"id": post, **({"after": "any place"} if paged else {})}

    plan = await generic_plan(database, viewer_of(secretary), QUERIES[name], variables)

    assert read_whole(plan, await big_tables(database)) == []


@pytest.mark.parametrize("name", QUERIES)
async def test_every_index_is_entered_by_the_tenant(
    name: str, talkative: tuple[Person, str], database: Database
) -> None:
    secretary, post = talkative

    plan = await generic_plan(database, viewer_of(secretary), QUERIES[name], {"id": post})

    ours = {"street", "petition_category"}  # of the whole district
    entered = [s for s in plan if "Index Name" in s and s.get("Relation Name") not in ours]
    assert entered
    for step in entered:
        assert "community_id = " in step.get("Index Cond", ""), step


@pytest.mark.usefixtures("talkative")
async def test_a_table_read_whole_is_noticed(cluster: Cluster, database: Database) -> None:
    # row security does not apply to the owner, so no policy makes an index usable
    owner = await asyncpg.connect(cluster.url())
    text = await owner.fetchval("explain (format json) select from tenant.post where title = 'x'")
    await owner.close()

    assert read_whole(steps_of(text), await big_tables(database)) == ["post"]
