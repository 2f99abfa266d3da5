"""The pages for people without the mini-program: what they say, and what they let through."""

from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from api.app import create_app
from api.settings import Settings

pytestmark = pytest.mark.once
CODE = "1-aaaabbbbccccddddeeee"
CHINESE, ENGLISH = {"accept-language": "zh-CN,zh;q=0.9"}, {"accept-language": "en-GB"}


async def asked(settings: Settings, path: str, **headers: str) -> httpx.Response:
    """Return the answer of a server that has not started: no page needs the database."""
    transport = httpx.ASGITransport(app=create_app(settings))
    async with httpx.AsyncClient(transport=transport, base_url="http://linli.test") as client:
        return await client.get(path, headers=headers)


@pytest.fixture
def chosen(tmp_path: Path) -> Settings:
    """Settings of a server with a mini-program and a provider."""
    return Settings(
        data=tmp_path, public_url="https://linli.example.cn", wechat_appid="wx0123456789abcdef",
        oidc_issuer="https://id.example.cn", oidc_name="随申办<b>",
    )  # fmt: skip


async def test_the_code_on_the_notice_board_opens_a_page(chosen: Settings) -> None:
    chinese = await asked(chosen, f"/join/{CODE}", **CHINESE)
    assert chinese.status_code == 200
    assert chinese.headers["cache-control"] == "no-store"
    assert '<html lang="zh-CN">' in chinese.text
    assert "加入您的社区" in chinese.text
    assert CODE in chinese.text
    scheme = (
        "weixin://dl/business/?appid=wx0123456789abcdef&amp;path=pages%2Fjoin%2Fjoin&amp;query="
    )
    assert f"{scheme}q%3Dhttps%253A%252F%252Flinli.example.cn%252Fjoin%252F{CODE}" in chinese.text
    assert f"/signin?join={CODE}" in chinese.text
    english = await asked(chosen, f"/join/{CODE.upper().replace('-', '%20')}", **ENGLISH)
    assert '<html lang="en">' in english.text
    assert "Join your community" in english.text
    assert CODE in english.text, "as it is written, however it was typed"
    assert "加入您的社区" in (await asked(chosen, f"/join/{CODE}?lang=zh", **ENGLISH)).text


async def test_what_is_not_set_is_not_offered(chosen: Settings) -> None:
    bare = replace(chosen, wechat_appid="", oidc_issuer="")
    page = (await asked(bare, f"/join/{CODE}")).text
    assert "weixin:" not in page
    assert "/signin" not in page
    assert 'id="oidc"' not in (await asked(bare, "/signin")).text
    assert "随申办&lt;b&gt;" in (await asked(chosen, "/signin", **CHINESE)).text


@pytest.mark.parametrize("code", ["1-aaaa", "<script>", "x" * 500, "1-aaaabbbbccccddddeee%00"])
async def test_a_code_that_is_none_is_not_repeated(chosen: Settings, code: str) -> None:
    page = await asked(chosen, f"/join/{code}", **CHINESE)
    assert page.status_code == 404
    assert "这个码不完整" in page.text
    assert code not in page.text


@pytest.mark.parametrize("path", [f"/join/{CODE}", "/signin", "/invitation", "/web/signin.js"])
async def test_every_page_is_held_to_its_own_host(chosen: Settings, path: str) -> None:
    page = await asked(chosen, path)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in page.headers
    assert "$" not in page.text.replace("${", "") or path.endswith(".js")


async def test_wechat_can_verify_the_host(chosen: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "wechat"
    folder.mkdir()
    (folder / "aB3_x-9.txt").write_text("0123456789abcdef0123456789abcdef")
    (tmp_path / "secret.txt").write_text("secret")
    good = await asked(chosen, "/join/aB3_x-9.txt")
    assert (good.status_code, good.text) == (200, "0123456789abcdef0123456789abcdef")
    for path in ("absent.txt", "..%2fsecret.txt", "%2e%2e%2fsecret.txt", "\u00e4.txt", "x%00.txt"):
        assert (await asked(chosen, f"/join/{path}")).status_code == 404


async def test_templates_are_not_served(chosen: Settings) -> None:
    style = await asked(chosen, "/web/web.css")
    assert style.status_code == 200
    again = await asked(chosen, "/web/web.css", **{"if-none-match": style.headers["etag"]})
    assert again.status_code == 304
    for name in ("words.toml", "join.html", "", "..%2fsettings.py"):
        assert (await asked(chosen, f"/web/{name}")).status_code == 404
