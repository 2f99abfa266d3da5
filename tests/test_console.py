"""Test the console in a real browser: a newcomer's first five minutes, and what must never happen."""

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from graphql import OperationDefinitionNode, parse
from playwright.sync_api import Browser, Page, Playwright, ViewportSize, sync_playwright
from playwright.sync_api import Route as Held
from starlette.requests import Request
from starlette.routing import Route

import api.page
from api.engine.errors import ErrorCode
from api.schema.schema import sdl
from tenants.errors import Code
from tests.demonstration import Demonstration
from tests.examples import examples

ROOT = Path(__file__).parents[1]
CONSOLE = ROOT / "console"
CHROMIUM = "/usr/bin/chromium"
# These options keep Debian's Chromium from contacting Google's hosts.
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip
DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
VIOLATED = """window.violated = [];
document.addEventListener('securitypolicyviolation', (e) => violated.push(e.violatedDirective));"""
RUN = ".graphiql-execute-button[aria-label^=Execute]"
STORED = "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Give Playwright's own process."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Give Debian's Chromium."""
    opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
    yield opened
    opened.close()


class Visitor:
    """A visitor of the page; their requests and the browser's complaints are recorded."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.hosts: set[str] = set()
        self.complaints: list[str] = []
        page.add_init_script(VIOLATED)
        page.on("request", lambda sent: self.hosts.add(httpx.URL(sent.url).netloc.decode()))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("requestfailed", lambda sent: self.complaints.append(sent.url))
        page.on("console", self._heard)
        page.goto(f"{url}/")
        page.locator(".graphiql-query-editor .monaco-editor").first.wait_for()

    def _heard(self, message: Any) -> None:
        # Chromium itself complains about every answer that is an error status
        is_answer = message.text.startswith("Failed to load resource") and httpx.URL(
            message.location["url"]
        ).path.startswith(("/graphql", "/auth/"))
        if message.type in {"error", "warning"} and not is_answer:
            self.complaints.append(message.text)

    def become(self, role: str) -> None:
        """Choose one of the demo's people."""
        self.page.locator("header .who").click()
        self.page.locator(f"[data-role={role}]").click()
        self.page.locator("dialog[open]").wait_for(state="hidden")

    def choose(self, example: str) -> None:
        """Choose an example; on a phone, from its sheet."""
        if (sheet := self.page.locator("header button.narrow")).is_visible():
            sheet.click()
        self.page.locator(f"[data-example={example}]:visible").click()
        self.page.locator("main:not([inert])").wait_for()

    def run(self) -> Any:
        """Press ▶; return the server's answer."""
        return self.ran()[1]

    def ran(self) -> tuple[Any, Any]:
        """Press ▶; return what was sent, and the server's answer."""
        with self.page.expect_response("**/graphql") as expected:
            self.page.locator(RUN).click()
        return expected.value.request.post_data_json, expected.value.json()

    def shown(self) -> str:
        """Return the part of the answer that is in view."""
        text = self.page.locator(".graphiql-response .view-lines").inner_text()
        return text.replace("\u00a0", " ")

    def overflows(self) -> bool:
        """Return whether the page scrolls sideways."""
        return self.page.evaluate("document.documentElement.scrollWidth > innerWidth")

    def leave(self) -> None:
        """Assert what must hold for every visit, and close the page."""
        assert self.hosts == {httpx.URL(self.url).netloc.decode()}, "no other host was asked"
        assert self.complaints == []
        assert self.page.evaluate("violated") == []
        stored = self.page.evaluate(STORED)
        assert "eyJ" not in stored, "no token is kept"
        assert self.page.evaluate("indexedDB.databases().then((all) => all.length)") == 0
        self.page.close()


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(browser: Browser, demo: Demonstration) -> Iterator[Visit]:
    """Opens the page for a visitor without stored data."""
    contexts: list[Any] = []

    def visited(size: ViewportSize = DESK, locale: str = "zh-CN", **more: Any) -> Visitor:
        contexts.append(browser.new_context(viewport=size, locale=locale, **more))
        return Visitor(contexts[-1].new_page(), demo.url)

    yield visited
    for context in contexts:
        context.close()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_first_five_minutes(visit: Visit, size: dict[str, int], tmp_path: Path) -> None:
    visitor = visit(size)
    page = visitor.page

    visitor.become("RESIDENT")
    visitor.choose("resident-home")
    answer = visitor.run()
    assert answer["data"]["viewer"]["petitions"]["nodes"]
    page.get_by_text('"displayName"').first.wait_for()
    assert answer["data"]["viewer"]["displayName"] in visitor.shown()
    spent = page.locator(".spent b").all_inner_texts()
    assert all(re.fullmatch(r"[\d,]+( ms)?", each) for each in spent), spent
    assert len(spent) == 3

    # a refused resident is told which rule refused, why, what to do, and the trace id
    visitor.choose("pin-post")
    refused = visitor.run()["errors"][0]["extensions"]
    told = page.locator(".problems")
    told.locator(".card").wait_for()
    assert "FORBIDDEN" in told.inner_text()
    assert "post:pin" in told.inner_text()
    assert "→ 您的角色" in told.inner_text()
    assert refused["traceId"] in told.inner_text()
    assert told.get_attribute("aria-live") == "polite"
    page.screenshot(path=tmp_path / "refused.png")
    assert not visitor.overflows()

    visitor.become("COMMITTEE_MEMBER")
    visitor.choose("pin-post")
    assert told.inner_text() == ""
    payload = visitor.run()["data"]["pinPost"]
    assert payload == {"post": {**payload["post"], "pinned": True}, "userErrors": []}
    page.get_by_text('"pinned"').first.wait_for()
    assert not visitor.overflows()
    visitor.leave()


def test_nothing_is_run_before_what_was_chosen_stands_there(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.become("COMMITTEE_MEMBER")
    visitor.choose("who-am-i")
    held: list[Held] = []
    page.route("**/graphql", lambda route: held.append(route))

    # another example is chosen before the ids of the first one arrive
    for example in ("pin-post", "create-post"):
        with page.expect_request("**/graphql"):
            page.locator(f"[data-example={example}]:visible").click()
    page.locator(RUN).click(force=True)
    page.keyboard.press("Control+Enter")
    for ids in held[::-1]:
        with page.expect_response("**/graphql"):
            ids.continue_()
    page.unroute("**/graphql")
    page.locator("main:not([inert])").wait_for()

    assert [_operation(each.request.post_data_json) for each in held] == [None, None]
    sent, answer = visitor.ran()
    assert _operation(sent) == "CreatePost"
    assert answer["data"]["createPost"]["userErrors"] == []
    visitor.leave()


def test_what_stands_in_the_editor_is_run_under_its_own_name(visit: Visit) -> None:
    visitor = visit()
    visitor.become("RESIDENT")
    visitor.choose("who-am-i")
    visitor.run()
    # GraphiQL's own timers stand still, so it does not learn the new operation's name
    visitor.page.clock.install()
    visitor.page.clock.pause_at(datetime.now(UTC) + timedelta(hours=1))
    visitor.choose("board-feed")

    sent, answer = visitor.ran()

    assert _operation(sent) == "BoardFeed"
    assert "operationName" not in sent
    assert answer["data"]["board"]["posts"]["nodes"]
    visitor.leave()


def test_an_example_is_shown_though_its_ids_cannot_be_had(visit: Visit) -> None:
    visitor = visit()
    visitor.become("COMMITTEE_MEMBER")
    visitor.page.route("**/graphql", lambda held: held.fulfill(status=502, body="<html>"))
    visitor.choose("pin-post")
    visitor.page.unroute("**/graphql")

    sent, _ = visitor.ran()

    assert _operation(sent) == "PinPost"
    assert sent["variables"]["input"]["postId"] == ""
    visitor.leave()


def test_a_refused_change_says_what_to_do(visit: Visit) -> None:
    visitor = visit()
    visitor.become("PARTY_SECRETARY")
    visitor.choose("pin-post")
    assert visitor.run()["data"]["pinPost"]["userErrors"] == []
    again = visitor.run()["data"]["pinPost"]["userErrors"]
    assert [each["code"] for each in again] == ["ALREADY_DONE"]

    told = visitor.page.locator(".problems .card").inner_text()
    assert "ALREADY_DONE" in told
    assert "pinPost: input.postId" in told
    assert again[0]["message"] in told
    visitor.page.get_by_role("button", name="关闭").last.click()
    visitor.page.locator(".problems .card").wait_for(state="detached")
    visitor.leave()


def test_every_example_can_be_chosen_by_each_of_its_people(visit: Visit) -> None:
    visitor = visit()
    for role in ("RESIDENT", "DISTRICT_ADMIN"):
        visitor.become(role)
        mine = [each.name for each in examples() if role in each.roles]
        buttons = visitor.page.locator("aside .gallery").first.locator("[data-example]")
        assert buttons.evaluate_all("(all) => all.map((e) => e.dataset.example)") == mine
        queries = [e for e in examples() if e.name in mine and not e.text.startswith("mutation")]
        for example in queries:
            visitor.choose(example.name)
            assert "errors" not in visitor.run(), example.name
    visitor.leave()


def test_a_command_is_copied_that_does_the_same(visit: Visit, demo: Demonstration) -> None:
    visitor = visit(permissions=["clipboard-read", "clipboard-write"])
    visitor.become("RESIDENT")
    visitor.choose("board-feed")
    answer = visitor.run()
    visitor.page.get_by_role("button", name="复制为 curl 命令").click()
    command = visitor.page.evaluate("navigator.clipboard.readText()")
    assert "eyJ" not in command, "the token stays in the page"

    done = subprocess.run(
        ["bash"],
        input=command,
        env={"PATH": "/usr/bin:/bin", "TOKEN": demo.token("RESIDENT")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == {"data": answer["data"]}
    visitor.leave()


def test_it_speaks_chinese_and_english(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert page.title() == "邻里 开发者控制台"
    page.get_by_role("button", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.title() == "Linli developer console"
    assert page.locator("header .who").inner_text() == "Sign in"
    assert "A resident's home screen" in page.locator("aside").inner_text() or (
        "Home screen" in page.locator("aside").inner_text()
    )
    visitor.leave()
    english = visit(locale="en-GB")
    assert english.page.locator("html").get_attribute("lang") == "en"
    english.leave()


def test_it_is_worked_by_keyboard(visit: Visit) -> None:
    visitor = visit()
    keyboard, page = visitor.page.keyboard, visitor.page
    focused = "document.activeElement.textContent"
    for _ in range(4):
        keyboard.press("Tab")
    assert page.evaluate(focused) == "登录"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    keyboard.press("Enter")
    page.locator("dialog[open]").wait_for()
    keyboard.press("Escape")
    page.locator("dialog[open]").wait_for(state="hidden")
    assert page.evaluate(focused) == "登录", "one comes back to where one was"
    keyboard.press("Enter")
    keyboard.press("Tab")
    keyboard.press("Enter")
    page.locator("dialog[open]").wait_for(state="hidden")
    assert "居民" in page.locator("header .who").inner_text()
    visitor.choose("who-am-i")
    with page.expect_response("**/graphql"):
        keyboard.press("Control+Enter")
    visitor.leave()


def test_a_token_tells_its_scopes_and_its_end(visit: Visit, demo: Demonstration) -> None:
    visitor = visit()
    page = visitor.page
    page.locator("header .who").click()
    page.get_by_label("令牌", exact=True).fill("nonsense")
    page.get_by_role("button", name="使用").click()
    assert page.locator("dialog").get_by_role("alert").inner_text()
    page.get_by_label("令牌", exact=True).fill(demo.token("COMMITTEE_MEMBER"))
    page.get_by_role("button", name="使用").click()
    page.locator("dialog[open]").wait_for(state="hidden")
    assert "居委成员" in page.locator("header .who").inner_text()
    page.locator("header .who").click()
    assert "post:pin" in page.locator(".scopes").inner_text()
    assert re.search(r"剩余 7:59:\d\d", page.locator("dialog[open]").inner_text())
    page.get_by_role("button", name="退出").click()
    assert page.locator(".scopes").count() == 0
    page.get_by_role("button", name="关闭").first.click()
    visitor.choose("who-am-i")
    assert visitor.run()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert "请先登录" in page.locator(".problems").inner_text()
    visitor.leave()


def test_one_goes_from_community_to_community(visit: Visit, demo: Demonstration) -> None:
    assert demo.settings.database_url is not None
    here = _ask(demo, "COMMITTEE_MEMBER", "{ joinCode { code } }")["joinCode"]["code"]
    codes = [here, "2-aaaabbbbccccddddeeee"]
    with psycopg.connect(demo.settings.database_url) as owner:
        # no role of the demo can read the code of the other community
        owner.execute(
            "insert into tenant.join_code (community_id, id, code, issued_at) "
            "values (2, gen_random_uuid(), %s, now())",
            [codes[1]],
        )
    answer = _post(demo, "wechat", code="wx-twice-1")
    for code in codes:
        answer = _post(demo, "join", refresh_token=answer["refresh_token"], join_code=code)

    visitor = visit()
    page = visitor.page
    page.locator("header .who").click()
    page.get_by_label("令牌", exact=True).fill(answer["refresh_token"])
    page.get_by_role("button", name="使用").click()
    page.locator("dialog[open]").wait_for(state="hidden")
    page.locator("header .who").click()
    places = page.locator("dialog[open] select")
    places.wait_for()
    names = places.locator("option").all_inner_texts()
    assert len(names) == 2
    (other,) = {names[0], names[1]} - {page.locator("header .who .wide").inner_text()[3:]}
    places.select_option(label=other)
    page.locator("dialog[open]").wait_for(state="hidden")
    assert other in page.locator("header .who").inner_text()
    visitor.choose("who-am-i")
    assert "errors" not in visitor.run()
    visitor.leave()


def test_a_token_that_ended_meanwhile_is_renewed_once(visit: Visit, demo: Demonstration) -> None:
    visitor = visit()
    page = visitor.page
    visitor.become("RESIDENT")
    visitor.choose("who-am-i")
    me = visitor.run()["data"]["viewer"]["member"]["id"]
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(httpx.URL(sent.url).path))

    granted = _ask(demo, "PARTY_SECRETARY", """mutation ($input: GrantRoleInput!) {
      grantRole(input: $input) { userErrors { code message } } }""",
      input={"memberId": me, "role": "SUPERVISOR", "reason": "换届", "declaresNoRelatives": True})  # fmt: skip
    assert granted["grantRole"]["userErrors"] == []
    with page.expect_response(
        lambda got: got.status == 200 and got.url.endswith("/graphql")
    ) as good:
        page.locator(".graphiql-execute-button").click()
    assert "SUPERVISOR" in good.value.json()["data"]["viewer"]["roles"]
    sent = [path for path in asked if not path.startswith("/assets/")]
    assert sent == ["/graphql", "/auth/refresh", "/graphql"]
    revoked = _ask(demo, "PARTY_SECRETARY", """mutation ($input: RevokeRoleInput!) {
      revokeRole(input: $input) { userErrors { code message } } }""",
      input={"memberId": me, "role": "SUPERVISOR", "reason": "试毕"})  # fmt: skip
    assert revoked["revokeRole"]["userErrors"] == []
    visitor.leave()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_is_said_by_the_audit(
    visit: Visit, size: dict[str, int], scheme: str
) -> None:
    # axe is injected into the page, which its content security policy would forbid
    visitor = visit(size, bypass_csp=True, color_scheme=scheme)
    page = visitor.page
    page.add_script_tag(path=CONSOLE / "node_modules" / "axe-core" / "axe.min.js")
    audits: dict[str, list[str]] = {"closed": _audited(page)}
    page.locator("header .who").click()
    audits["who"] = _audited(page)
    page.get_by_role("button", name="关闭").first.click()
    visitor.become("RESIDENT")
    visitor.choose("pin-post")
    visitor.run()
    page.locator(".problems .card").wait_for()
    audits["refused"] = _audited(page)
    for place in range(3) if size is DESK else ():
        page.locator(".graphiql-sidebar button").nth(place).click()
        page.locator(".graphiql-plugin").wait_for()
        audits[f"pane {place}"] = _audited(page)
    if size is PHONE:
        page.locator("header button.narrow").click()
        audits["gallery"] = _audited(page)
    assert [each for found in audits.values() for each in found] == []


def typed(visitor: Visitor) -> str:
    """Return what stands in the editor."""
    lines = visitor.page.locator(".graphiql-query-editor .view-lines").inner_text()
    return lines.replace("\u00a0", " ")


def test_what_was_typed_stays_when_an_example_is_chosen(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.become("RESIDENT")
    visitor.choose("who-am-i")
    assert page.locator(".graphiql-tab").count() == 1, "the welcome makes room"
    page.locator(".graphiql-query-editor .view-lines").first.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("# 我写的")
    visitor.choose("board-feed")
    assert page.locator(".graphiql-tab").count() == 2
    assert "我写的" not in typed(visitor)
    visitor.choose("resident-home")
    assert page.locator(".graphiql-tab").count() == 2, "an example that nobody changed makes room"
    page.locator(".graphiql-tab button").first.click()
    page.get_by_text("# 我写的").first.wait_for()
    visitor.leave()


WIDTHS = (1400, 1024, 820, 390)


@pytest.mark.parametrize("width", WIDTHS)
def test_every_tool_opens_in_view(visit: Visit, width: int, tmp_path: Path) -> None:
    visitor = visit({"width": width, "height": 844})
    page = visitor.page
    visitor.become("RESIDENT")
    visitor.choose("resident-home")
    visitor.run()
    editor = page.locator(".graphiql-query-editor").bounding_box()
    assert editor is not None
    assert editor["width"] >= (500 if width == 1400 else 250), editor
    for place in range(3):
        page.locator(".graphiql-sidebar button").nth(place).click()
        pane = page.locator(".graphiql-plugin")
        pane.wait_for()
        pane.scroll_into_view_if_needed()
        box = pane.evaluate("(e) => e.parentElement.getBoundingClientRect().toJSON()")
        assert box["top"] >= -1, (width, place, box)
        assert box["left"] >= -1, (width, place, box)
        assert box["right"] <= width + 1, (width, place, box)
        assert box["height"] > 200, (width, place, box)
        assert box["top"] < 844, (width, place, box)
        page.screenshot(path=tmp_path / f"{width}-{place}.png")
        page.locator(".graphiql-sidebar button").nth(place).click()
    assert not visitor.overflows()
    page.screenshot(path=tmp_path / f"{width}.png")
    visitor.leave()


def test_the_gallery_is_folded_away(visit: Visit) -> None:
    visitor = visit()
    visitor.page.get_by_role("button", name="示例栏").click()
    assert visitor.page.locator("aside").count() == 0
    visitor.page.get_by_role("button", name="示例栏").click()
    assert visitor.page.locator("aside").count() == 1
    visitor.leave()


def test_an_ended_session_and_an_absent_server_are_sentences(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.become("RESIDENT")
    visitor.choose("who-am-i")
    page.route("**/graphql", lambda held: held.fulfill(status=502, body="<html>"))
    page.locator(RUN).click()
    told = page.locator(".problems .card")
    told.wait_for()
    assert "NO_ANSWER" in told.inner_text()
    assert "→ 请检查网络和服务器" in told.inner_text()
    assert "居民" in page.locator("header .who").inner_text(), "the session may still be good"
    ended = {
        "error": "invalid_grant",
        "error_description": "Unknown, used or ended: sign in again.",
    }
    page.route("**/graphql", lambda held: held.fulfill(status=401, json={"errors": []}))
    page.route("**/auth/refresh", lambda held: held.fulfill(status=400, json=ended))
    page.locator(RUN).click()
    told.get_by_text("UNAUTHENTICATED").wait_for()
    assert "→ 请先登录" in told.inner_text()
    assert page.locator("header .who").inner_text() == "登录"
    assert "stack" not in visitor.shown()
    assert "assets/" not in visitor.shown()
    visitor.leave()


def test_the_statement_that_ran_is_shown_without_its_values(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.become("RESIDENT")
    visitor.choose("resident-home")
    answer = visitor.run()
    assert "extensions" not in visitor.shown()
    assert len(answer["extensions"]["statements"]) == 1, "one operation, one statement"
    page.locator(".statements summary").click()
    shown = page.locator(".statements pre").inner_text()
    assert shown.startswith("select ")
    assert answer["data"]["viewer"]["displayName"] not in shown
    assert not visitor.overflows()
    visitor.leave()


def test_it_comes_compressed_and_is_asked_for_once(demo: Demonstration) -> None:
    page = httpx.get(f"{demo.url}/")
    assets = [f"/assets/{file.name}" for file in (CONSOLE / "dist" / "assets").iterdir()]
    scripts = [path for path in assets if path.endswith((".js", ".css"))]
    linked = set(re.findall(r'(/assets/[^"]+)"', page.text))
    assert linked <= set(scripts)
    sent = 0
    for path in scripts:
        with httpx.stream("GET", f"{demo.url}{path}", headers={"accept-encoding": "br"}) as got:
            assert got.headers["content-encoding"] == "br"
            assert got.headers["vary"] == "accept-encoding"
            sent += sum(len(each) for each in got.iter_raw()) if path in linked else 0
        plain = httpx.get(f"{demo.url}{path}", headers={"accept-encoding": "identity"})
        assert "content-encoding" not in plain.headers
        etag = {"if-none-match": plain.headers["etag"], "accept-encoding": "identity"}
        assert httpx.get(f"{demo.url}{path}", headers=etag).status_code == 304
    assert 100_000 < sent < 2_000_000
    zipped = httpx.get(f"{demo.url}/schema.graphql", headers={"accept-encoding": "gzip"})
    assert zipped.headers["content-encoding"] == "gzip"
    assert zipped.text == sdl()


def test_there_is_advice_for_every_code_and_no_other() -> None:
    advice = (CONSOLE / "src" / "advice.ts").read_text(encoding="utf-8")
    told = re.findall(r"^  ([A-Z_]+): \{ zh: '.+', en: '.+' \},$", advice, re.MULTILINE)
    assert sorted(told) == sorted({*ErrorCode, *Code})


def test_the_page_is_held_to_its_own_host(demo: Demonstration) -> None:
    page = httpx.get(f"{demo.url}/")
    policy = page.headers["content-security-policy"].split("; ")
    assert policy[0] == "default-src 'none'"
    assert "script-src 'self'" in policy
    assert "connect-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert not [each for each in policy if "http" in each or "*" in each or "unsafe-eval" in each]
    assert page.headers["cache-control"] == "no-cache"
    (script,) = re.findall(r'src="(/assets/[^"]+\.js)"', page.text)
    found = httpx.get(f"{demo.url}{script}")
    assert found.headers["content-security-policy"] == page.headers["content-security-policy"]
    assert "immutable" in found.headers["cache-control"]
    for wrong in (
        "/assets/nothing.js",
        "/assets/../../pyproject.toml",
        "/assets/%2e%2e/index.html",
    ):
        assert httpx.get(f"{demo.url}{wrong}").status_code == 404, wrong


def test_without_the_page_it_says_how_to_have_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(api.page, "_PLACES", (tmp_path,))
    (route,) = api.page.routes()
    assert isinstance(route, Route)
    assert route.path == "/"
    answer = route.endpoint(Request({"type": "http"}))
    assert (answer.status_code, answer.media_type) == (200, "text/plain")
    assert b"make console" in answer.body


def test_a_wheel_holds_the_page(tmp_path: Path) -> None:
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--quiet",
            "--no-deps",
            "--no-build-isolation",  # by what the lock has
            "--wheel-dir",
            tmp_path,
            ROOT,
        ],
        check=True,
    )
    (wheel,) = tmp_path.glob("linli-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    built = {
        f"api/page/{path.relative_to(CONSOLE / 'dist')}" for path in (CONSOLE / "dist").rglob("*.*")
    }
    assert "api/page/index.html" in built <= set(names)
    assert "api/openapi.json" in names
    assert not [name for name in names if "node_modules" in name or name.startswith("tests/")]


def _operation(sent: Any) -> str | None:
    """Return the name of the first operation in a request."""
    definition = parse(sent["query"]).definitions[0]
    assert isinstance(definition, OperationDefinitionNode)
    return definition.name.value if definition.name else None


def _audited(page: Page) -> list[str]:
    """Return the violations that axe calls serious or critical."""
    found = page.evaluate("axe.run().then((done) => JSON.stringify(done.violations))")
    return [
        f"{each['id']}: {node['html'][:200]} {node['failureSummary']}"
        for each in json.loads(found)
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"]
    ]


def _post(demo: Demonstration, path: str, **given: str) -> Any:
    return httpx.post(f"{demo.url}/auth/{path}", json=given).raise_for_status().json()


def _ask(demo: Demonstration, role: str, query: str, **variables: Any) -> Any:
    answer = httpx.post(
        f"{demo.url}/graphql",
        json={"query": query, "variables": variables},
        headers={"authorization": f"Bearer {demo.token(role)}"},
    ).json()
    assert "errors" not in answer, answer
    return answer["data"]
