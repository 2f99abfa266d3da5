"""From an empty PostgreSQL to a community that uses it, by docs/operations.md alone and without WeChat."""

import os
import re
import shlex
import signal
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import psycopg
import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from pyotp.totp import TOTP

from tenants.embedded import Cluster
from tests.conftest import COMMUNITIES, POSTGRES_15, VERSIONS
from tests.linli import Linli
from tests.npm import Npm
from tests.overheard import unspeakable
from tests.served import served
from tests.test_console import CHROMIUM, QUIET

GUIDE = Path(__file__).parents[1] / "docs" / "operations.md"
AXE = Path(__file__).parents[1] / "console" / "node_modules" / "axe-core" / "axe.min.js"
COMMUNITY = "310113003001"
SECRET, ROLES_SECRET = "p@ss:w/rd?#%", "another secret"
MINUTES = 5
FIVE = """{ viewer { id displayName } community { name } board(slug: "notices") { id } joinCode { code } }"""
APPLY = """mutation ($input: ApplyForMembershipInput!) { applyForMembership(input: $input) {
  member { id } userErrors { code message } } }"""
SEEN = """{ viewer { member { state } }
  board(slug: "notices") { posts(first: 1) { nodes { title } } } }"""
NOTICE = """mutation ($input: CreatePostInput!) { createPost(input: $input) {
  post { id } userErrors { code message } } }"""


def commands(heading: str) -> list[str]:
    """Return the commands that the guide gives under a heading, with their variables resolved."""
    text = GUIDE.read_text(encoding="utf-8")
    section = text.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    blocks = re.findall(r"```bash\n(.*?)```", section, re.DOTALL)
    return [line.partition(" #")[0].strip() for block in blocks for line in block.splitlines()]


@pytest.fixture(scope="module")
def external(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """An empty PostgreSQL 15, where it is installed, that asks for passwords; its admin is no superuser."""
    binaries = POSTGRES_15 if "15" in VERSIONS else None
    cluster = Cluster(tmp_path_factory.mktemp("external"), binaries)
    cluster.start()
    with psycopg.connect(cluster.url(database="postgres"), autocommit=True) as owner:
        owner.execute(f"create role admin login createrole createdb password '{SECRET}'")
    access = cluster.data / "pg_hba.conf"
    access.write_text("local all postgres trust\nlocal all all scram-sha-256\n")
    with psycopg.connect(cluster.url(database="postgres")) as owner:
        owner.execute("select pg_reload_conf()")
    yield cluster
    cluster.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


@dataclass
class Person:
    """Somebody who is signed in on a page."""

    url: str
    refresh_token: str

    def asks(self, query: str, **variables: Any) -> Any:
        """Run an operation with a fresh access token."""
        pair = httpx.post(f"{self.url}/auth/refresh", json={"refresh_token": self.refresh_token})
        self.refresh_token = unspeakable(pair.json()["refresh_token"])
        bearer = {"authorization": f"Bearer {unspeakable(pair.json()['access_token'])}"}
        sent = {"query": query, "variables": variables}
        answer = httpx.post(f"{self.url}/graphql", json=sent, headers=bearer, timeout=15).json()
        assert "errors" not in answer, answer
        return answer["data"]

    def does(self, verb: str, given: str, declared: str = "", **variables: str) -> None:
        """Run a mutation that must succeed."""
        text = f"{verb}(input: {{{given}}}) {{ userErrors {{ code message }} }}"
        done = self.asks(
            f"mutation {f'({declared})' if declared else ''} {{ {text} }}", **variables
        )
        assert done[verb]["userErrors"] == []


def done_on(page: Page, url: str) -> Person:
    """Return who is signed in on the page, by the token that it copies."""
    page.locator("#done").wait_for()
    page.locator("#copy").click()
    page.get_by_text("已复制").wait_for()
    return Person(url, unspeakable(page.evaluate("navigator.clipboard.readText()")))


def audited(page: Page, folder: Path, name: str) -> None:
    """Assert that axe finds nothing, that nothing overflows, and keep a picture."""
    # the page's own policy admits no other script: axe is run past it
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run().then((r) => r.violations.map((v) => v.id))")
    assert found == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    page.screenshot(path=folder / f"{name}.png", full_page=True)


def certified(url: str) -> tuple[str, Any]:
    """Start a certified provider for the server at this address; return its issuer and process."""
    npm = Npm(Path(__file__).parent / "api" / "oidc")
    npm.install()
    port = free()
    process = npm.start("provider.mjs", str(port), f"{url}/signin")
    issuer = f"http://127.0.0.1:{port}"
    end = time.monotonic() + 60
    while True:
        try:
            httpx.get(issuer)
            return issuer, process
        except httpx.TransportError:
            assert time.monotonic() < end
            time.sleep(0.1)


def free() -> int:
    """Return a free port."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def with_provider(page: Page, name: str) -> None:
    """Sign in at the provider's pages."""
    page.locator("[name=login]").fill(name)
    page.locator("[name=password]").fill("any")
    page.locator("[type=submit]").click()
    page.locator("[type=submit]").click()


def digits(secret: str, later: int = 0) -> str:
    """Return what an authenticator shows, so many steps later."""
    return TOTP(secret).at(datetime.now(UTC), counter_offset=later)


@pytest.mark.once
def test_from_nothing_to_a_community_that_uses_it(
    external: Cluster, browser: Browser, tmp_path: Path
) -> None:
    begun = time.monotonic()
    told = commands("From nothing to a community that uses it")
    port = free()
    url = f"http://127.0.0.1:{port}"
    issuer, provider = certified(url)
    few = tmp_path / "communities.csv"
    rows = COMMUNITIES.read_text().splitlines(keepends=True)
    few.write_text("".join([rows[0], *(row for row in rows if COMMUNITY in row)]))
    given = {
        "LINLI_DATABASE_URL": external.url(user=f"admin:{quote(SECRET, safe='')}"),
        "LINLI_ROLE_PASSWORD": ROLES_SECRET, "LINLI_PUBLIC_URL": url,
        "LINLI_OIDC_ISSUER": issuer, "LINLI_OIDC_CLIENT_ID": "linli",
        "LINLI_OIDC_CLIENT_SECRET": "secret-of-the-tests", "LINLI_OIDC_NAME": "随申办",
    }  # fmt: skip
    data = tmp_path / "data"
    linli = Linli(data, **given)

    def run(beginning: str) -> str:
        (line,) = [each for each in told if each.startswith(beginning)]
        words = [str(few) if each == few.name else each for each in shlex.split(line)[1:]]
        return linli(*words, code=0).out

    try:
        run("linli migrate")
        run("linli communities import")
        assert "grave" not in run("linli doctor")
        more = {name: value for name, value in given.items() if name != "LINLI_DATABASE_URL"}
        database = given["LINLI_DATABASE_URL"]
        with served(data, tmp_path, database, port, workers=2, **more) as running:
            invitation = unspeakable(run("linli officers invite").splitlines()[0])
            admin = accepts(browser, running.url, invitation, tmp_path)
            assert "district" in str(admin.asks("{ viewer { district { name } } }"))
            assert time.monotonic() - begun < MINUTES * 60

            address = run("linli communities join-code").strip()
            secretary = joins(browser, address, "lishuji", tmp_path)
            applies(secretary, "李明华", "13800000001")
            run("linli communities first-secretary")
            here = secretary.asks(FIVE)
            posted = secretary.asks(NOTICE, input={
                "boardId": here["board"]["id"], "title": "第一条公告", "body": "欢迎。",
                "idempotencyKey": "first",
            })  # fmt: skip
            assert posted["createPost"]["userErrors"] == []

            resident = joins(
                browser, f"{url}/join/{here['joinCode']['code']}", "xiaowang", tmp_path
            )
            member = applies(resident, "小王", "13800000002")
            say = {"id": member, "note": "看过身份证"}
            secretary.does(
                "confirmIdentity", "memberId: $id, note: $note", "$id: ID!, $note: String!", **say
            )
            resident.does("submitForReview", "")
            secretary.does("approveMember", "memberId: $id", "$id: ID!", id=member)
            seen = resident.asks(SEEN)
            assert seen["viewer"]["member"]["state"] == "ACTIVE"
            assert seen["board"]["posts"]["nodes"] == [{"title": "第一条公告"}]
            again = linli(
                "communities", "first-secretary", COMMUNITY, "--name", "小王", "--reason", "误"
            )
            assert (again.code, "已有书记" in again.err) == (1, True)
    finally:
        os.killpg(provider.pid, signal.SIGTERM)
        provider.wait(10)


def accepts(browser: Browser, url: str, invitation: str, folder: Path) -> Person:
    """Accept an invitation with an authenticator, sign in again by the key, on a phone's screen."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="zh-CN",
        permissions=["clipboard-read", "clipboard-write"],
    )  # fmt: skip
    page = context.new_page()
    page.goto(f"{url}/invitation#{invitation}")
    page.locator("#ask").wait_for()
    assert page.locator("[name=invitation]").input_value() == invitation
    assert invitation not in page.url
    audited(page, folder, "invitation")
    page.get_by_role("button", name="用登录密钥和验证器").click()
    page.locator("#enrol").wait_for()
    key = unspeakable(page.locator("#enrol [name=key]").input_value())
    secret = unspeakable(page.locator("#secret").inner_text())
    audited(page, folder, "enrol")
    page.locator("#enrol [name=code]").fill("000000")
    page.get_by_role("button", name="接受邀请").click()
    page.locator("#problem").get_by_text("没有成功").wait_for()
    page.locator("#enrol [name=code]").fill(digits(secret))
    page.get_by_role("button", name="接受邀请").click()
    done_on(page, url)
    audited(page, folder, "accepted")

    page.goto(f"{url}/signin")
    audited(page, folder, "signin")
    page.locator("[name=key]").fill(key)
    page.locator("[name=code]").fill(digits(secret, 1))
    page.get_by_role("button", name="登录", exact=True).click()
    person = done_on(page, url)
    assert (
        page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
        == '[{},{},""]'
    )
    context.close()
    return person


def joins(browser: Browser, address: str, name: str, folder: Path) -> Person:
    """Open the page of a join code, and join on the web with the provider."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="zh-CN",
        permissions=["clipboard-read", "clipboard-write"],
    )  # fmt: skip
    page = context.new_page()
    page.goto(address)
    audited(page, folder, "join")
    page.get_by_role("link", name="在网页上登录并加入").click()
    page.get_by_role("button", name="用 随申办 登录").click()
    with_provider(page, name)
    person = done_on(page, str(httpx.URL(address).copy_with(path="")).rstrip("/"))
    audited(page, folder, "joined")
    context.close()
    return person


def applies(person: Person, name: str, phone: str) -> str:
    """Apply for membership; return the member's id."""
    texts = person.asks("{ consentTexts { purpose version } }")["consentTexts"]
    (consent,) = [each["version"] for each in texts if each["purpose"] == "IDENTITY"]
    done = person.asks(APPLY, input={
        "displayName": name, "realName": unspeakable(f"{name}真名"), "phone": unspeakable(phone),
        "building": "3号楼", "room": "502", "kind": "REGISTERED", "consentVersion": consent,
        "idempotencyKey": name,
    })["applyForMembership"]  # fmt: skip
    assert done["userErrors"] == []
    return done["member"]["id"]
