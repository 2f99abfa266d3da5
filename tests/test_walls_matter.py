"""Tests of the tests: without a policy, a `visible` or a rule, their assertions fail."""

from datetime import UTC, datetime

import asyncpg
import pytest
import sqlalchemy as sa

from api.engine.executor import Engine
from api.engine.identifiers import encode_id
from api.engine.preparing import Request
from api.schema.schema import contract
from tenants.boards.policy import EDIT_POST
from tenants.boards.service import posts as post_service
from tenants.boards.service.check import NoCheck
from tenants.boards.tables import posts
from tenants.columns import TENANT
from tenants.db import Database
from tenants.embedded import Cluster
from tenants.policy import Rule
from tenants.scopes import Role, scopes_of
from tenants.viewer import Principal, Viewer
from tests.conftest import SignIn
from tests.street import Make, Person

EDIT = """mutation ($input: EditPostInput!) {
  editPost(input: $input) { post { title } userErrors { code } } }"""


async def _foreign_posts(make: Make, cluster: Cluster, *, walled: bool) -> int:
    """Count the posts of another tenant that a tenant sees, with and without row security."""
    elm, oak = await make.community(), await make.community()
    await make.post(await make.member(elm))
    owner = await asyncpg.connect(cluster.url())
    try:
        if not walled:
            await owner.execute("alter table tenant.post disable row level security")
        query = "select count(*) from tenant.post where community_id = $1"
        return await make.value(oak, query, elm.key)
    finally:
        await owner.execute("alter table tenant.post enable row level security")
        await owner.close()


async def test_without_its_policy_a_table_is_seen_from_next_door(
    make: Make, cluster: Cluster
) -> None:
    assert await _foreign_posts(make, cluster, walled=True) == 0
    assert await _foreign_posts(make, cluster, walled=False) == 1


async def _sees(database: Database, person: Person, post_id: str) -> bool:
    """Ask a new engine, which has no cached plan, for a post."""
    assert person.place is not None
    roles = frozenset(Role(role) for role in person.roles)
    viewer = Viewer(
        Principal.COMMUNITY, person.id, roles, scopes_of(roles), 1, "tests", "", datetime.max.replace(tzinfo=UTC),
        community_id=person.place.key,
    )  # fmt: skip
    engine = Engine(contract(), database, {"text_check": NoCheck(), "scrutineers": ()})
    query = f'{{ post(id: "{post_id}") {{ id }} }}'
    answer = await engine.run(engine.prepare(Request(query), viewer), "trace")
    return post_id.encode() in answer


@pytest.mark.planted
async def test_without_visible_a_hidden_post_is_seen(
    make: Make, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    elm = await make.community()
    neighbour = await make.member(elm)
    hidden = encode_id(await make.post(await make.member(elm), state="HIDDEN"), "pst_")

    assert not await _sees(database, neighbour, hidden)
    everything = sa.and_(posts.c.community_id == TENANT, sa.true())
    monkeypatch.setitem(posts.info["visible"], Principal.COMMUNITY, everything)
    assert await _sees(database, neighbour, hidden)


async def test_without_its_rule_a_post_is_edited_by_another(
    make: Make, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    elm = await make.community()
    neighbour = signed_in(await make.member(elm))
    post = encode_id(await make.post(await make.member(elm)), "pst_")
    change = {"postId": post, "title": "改", "body": "改", "expectedVersion": 1}

    assert (await neighbour.run(EDIT, input=change)).refusals == ["FORBIDDEN"]
    lawless = Rule(EDIT_POST.name, EDIT_POST.scope, EDIT_POST.table, ())
    monkeypatch.setattr(post_service, "EDIT_POST", lawless)
    assert (await neighbour.run(EDIT, input=change)).refusals == []
