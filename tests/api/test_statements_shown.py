"""The SQL of one's own operation is shown where the server is set so, and nowhere else."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from api.app import create_app
from api.settings import Settings
from tests.conftest import SignIn
from tests.street import Make, key

pytestmark = pytest.mark.once
ASKS = {"x-statement": "1"}
CREATE = """mutation ($input: CreatePostInput!) {
  createPost(input: $input) { post { id title } userErrors { code } } }"""


async def asked(client: httpx.AsyncClient, token: str, headers: dict[str, str], **sent: Any) -> Any:
    """Run an operation; return the whole answer."""
    bearer = {"authorization": f"Bearer {token}"}
    return (await client.post("/graphql", json=sent, headers=bearer | headers)).json()


async def test_by_default_nothing_is_shown(
    client: httpx.AsyncClient, make: Make, signed_in: SignIn
) -> None:
    asker = signed_in(await make.member(await make.community()))
    answer = await asked(client, asker.token, ASKS, query="{ viewer { displayName } }")
    assert "extensions" not in answer


async def test_where_it_is_set_the_statement_is_shown_to_who_asks(
    settings: Settings, app: object, make: Make, signed_in: SignIn
) -> None:
    assert app
    elm = await make.community()
    asker = signed_in(await make.member(elm, name="说话人"))
    application = create_app(replace(settings, shows_statements=True))
    async with application.router.lifespan_context(application):
        transport = httpx.ASGITransport(app=application)
        async with httpx.AsyncClient(transport=transport, base_url="http://linli.test") as client:
            quiet = await asked(client, asker.token, {}, query="{ viewer { displayName } }")
            assert "extensions" not in quiet
            shown = await asked(client, asker.token, ASKS, query="{ viewer { displayName } }")
            assert shown["data"] == quiet["data"]
            (statement,) = shown["extensions"]["statements"]
            assert statement.startswith("select ")
            assert "说话人" not in statement

            post = {
                "boardId": elm.board(),
                "title": "秘密题目",
                "body": "正文",
                "idempotencyKey": key(),
            }
            made = await asked(client, asker.token, ASKS, query=CREATE, variables={"input": post})
            assert made["data"]["createPost"]["userErrors"] == []
            assert len(made["extensions"]["statements"]) == 1
            assert "秘密题目" not in str(made["extensions"])

            refused = await asked(client, asker.token, ASKS, query="{ nothing }")
            assert "statements" not in str(refused)
