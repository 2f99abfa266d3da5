"""The page for scrutineers without a terminal: the same bytes as the server's Python, and its whole story."""

import json
from base64 import b64decode, b64encode
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Route, async_playwright

from api.settings import Settings
from tenants.embedded import Cluster
from tenants.votes import sealing
from tenants.votes.ballots import Method, Paper, Unit
from tenants.votes.publishing import closed_body, notice_body, state
from tenants.votes.secret.opening import Handed, KeyPair, accepted, opened, shown
from tests.assembly import CLOSES, DAY, HELD, HOUR, OPENS
from tests.clockwork import House, house
from tests.council import Council
from tests.npm import Npm
from tests.test_console import CHROMIUM, QUIET

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "scrutineer" / "linli_scrutineer.html"
SITE = "https://linli.test"
NOW = datetime(2026, 12, 20, 4, tzinfo=UTC)
pytestmark = pytest.mark.once
_NODE = """
const { opened, checked, accepted, shown } = require(process.argv[2]);
const { key, first, second, now } = JSON.parse(require('node:fs').readFileSync(process.argv[3], 'utf8'));
(async () => {
  const at = new Date(now), found = [];
  for (const [each, given] of [[key[0], first], [key[1], second]]) {
    found.push(await opened(each, checked(each, given, at), async () => {}));
  }
  process.stdout.write(JSON.stringify({ found, accepted: accepted(key[0]), keys: shown('keys', key[0], at) }));
})();
"""


@pytest.fixture(scope="module")
def npm() -> Npm:
    """The compiler, and the page built anew."""
    here = Npm(ROOT / "examples" / "miniprogram")
    here.install()
    before = PAGE.read_bytes()
    here("npm", "run", "scrutineer", "--silent")
    assert PAGE.read_bytes() == before, "run `npm run scrutineer` in examples/miniprogram"
    return here


def test_it_opens_as_python_does_byte_for_byte(npm: Npm, tmp_path: Path) -> None:
    chance = Random(20261129)
    server = KeyPair(chance.randbytes(32))
    three = [KeyPair(chance.randbytes(32)) for _ in range(3)]
    vote = "0190a6d8-0000-7000-8000-000000000001"
    body = notice_body(
        Paper(Method.SINGLE, 3), None, {Unit.PERSONS: 40}, vote=vote, question="充电桩装在哪里？",
        closes_at="2026-12-20T03:00:00.000000Z",
        holders=[
            {"name": "监票人", "seal": each.seal_key.hex(), "sign": each.sign_key.hex()}
            for each in three
        ],
    )  # fmt: skip
    notice = state(body, 0, server.signing, None)
    keys = (three[0].seal_key, three[1].seal_key, three[2].seal_key)
    ballots = [
        sealing.sealed(notice.hash, keys, chance.randbytes(32), bytes([0, 1, 0])) for _ in range(30)
    ]
    # a copied onion, junk, and a point that makes every shared secret zero
    copied = chance.randbytes(160) + ballots[0][160:320] + chance.randbytes(160)
    ballots += [copied, chance.randbytes(480), bytes(480)]
    leaves = sorted(sealing.leaf(each) for each in ballots)
    closed = state(
        {"vote": vote, **closed_body(leaves, {"online": 33}, {})}, 0, server.signing, notice
    )
    boxes = sorted(sealing.onion(each, (1, 3)) for each in ballots)
    said, items = opened(
        three[0], 1, (1, 3), Handed([notice, closed], leaves, boxes), server.sign_key, NOW
    )
    last, ends = opened(
        three[2], 3, (1, 3), Handed([notice, closed, said], leaves, items), server.sign_key, NOW
    )
    assert (len(items), said.said["repeated"], len(said.said["unreadable"])) == (30, 1, 2)

    def given(statements: list[Any], handed: list[bytes]) -> dict[str, Any]:
        return {
            "said": [{"body": each.body, "signature": each.signature} for each in statements],
            "leaves": b64encode(b"".join(leaves)).decode(),
            "boxes": b64encode(b"".join(handed)).decode(),
        }

    held = [
        {"format": "linli-scrutineer-1", "path": "", "vote": vote, "place": place, "urn": None,
         "seed": pair.seed.hex(), "server": server.sign_key.hex()}
        for place, pair in ((1, three[0]), (3, three[2]))
    ]  # fmt: skip
    program, file = tmp_path / "open.js", tmp_path / "given.json"
    program.write_text(_NODE)
    file.write_text(
        json.dumps(
            {"key": held, "now": NOW.isoformat(), "first": given([notice, closed], boxes),
             "second": given([notice, closed, said], items)}
        )
    )  # fmt: skip
    told = json.loads(npm("node", program, ROOT / "scrutineer/build/scrutineer/opening.js", file))
    for found, statement, handed in zip(told["found"], (said, last), (items, ends), strict=True):
        assert (found["body"], found["signature"]) == (statement.body, statement.signature)
        assert b64decode(found["items"]) == b"".join(handed)
        assert (found["first"], found["second"]) == (1, 3)
    own = three[0]
    proof = own.signing.sign(accepted(vote, own.seal_key, own.sign_key))
    assert told["accepted"] == {
        "sealKey": own.seal_key.hex(), "signKey": own.sign_key.hex(), "signature": proof.hex(),
    }  # fmt: skip
    signed = own.signing.sign(shown("keys", vote, own.seal_key, own.sign_key, NOW))
    assert (told["keys"]["at"], told["keys"]["signature"]) == (int(NOW.timestamp()), signed.hex())


@pytest.fixture(scope="module")
async def hall(
    settings: Settings, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[House]:
    """A server for this file only, whose clock the tests set."""
    folder = tmp_path_factory.mktemp("scrutineer page")
    async with house(settings, cluster, folder, "scrutineer_page", 60) as started:
        yield started


class Desk:
    """A scrutineer's computer: the page from its disk, the station in its browser, and a folder for files."""

    def __init__(self, council: Council, vote: str, folder: Path) -> None:
        self.council, self.vote, self.folder = council, vote, folder
        self.asked: set[str] = set()

    async def sit(self, browser: Browser) -> "Desk":
        """Open both pages."""
        path = (await self.council.look(self.council.staff, self.vote))["filePath"]
        self.station, self.disk = [await browser.new_page() for _ in "12"]
        await self.station.route(f"{SITE}/**", self._answer)
        self.disk.on("request", lambda sent: self.asked.add(sent.url.partition(":")[0]))
        await self.disk.clock.install(time=self.council.hall.watch.now)
        await self.disk.goto(PAGE.as_uri())
        await self.station.goto(f"{SITE}{path.removesuffix('.json')}/station")
        return self

    async def _answer(self, route: Route) -> None:
        sent = route.request
        answer = await self.council.staff._client.request(
            sent.method, sent.url.removeprefix(SITE), content=sent.post_data,
            headers={"content-type": "application/json"},
        )  # fmt: skip
        kept = {name: answer.headers[name] for name in ("content-type", "content-security-policy")
                if name in answer.headers}  # fmt: skip
        await route.fulfill(status=answer.status_code, headers=kept, body=answer.content)

    async def takes(self, text: str) -> Path:
        """Download a file from the station."""
        await self.station.reload()
        link = self.station.get_by_role("link", name=text)
        address = await link.get_attribute("href") or ""
        if address.startswith("/"):
            # the browser downloads past the route
            file = self.folder / (await link.get_attribute("download") or "")
            file.write_bytes((await self.council.staff._client.get(address)).content)
            return file
        async with self.station.expect_download() as download:
            await link.click()
        return await self._kept(await download.value)

    async def saves(self, what: Any) -> Path:
        """Do something on the page that saves a file."""
        async with self.disk.expect_download() as download:
            await what
        return await self._kept(await download.value)

    async def _kept(self, download: Any) -> Path:
        file = self.folder / download.suggested_filename
        await download.save_as(file)
        return file

    async def hands_in(self, file: Path) -> str:
        """Hand in a file at the station; return what it says."""
        await self.station.set_input_files("#given", file)
        said = self.station.locator("#done:not(:empty), #problem:not(:empty)")
        return await said.inner_text()

    async def now(self) -> None:
        """Set the page's clock as the server's is."""
        await self.disk.clock.set_fixed_time(self.council.hall.watch.now)

    async def refused(self, given: Path) -> str:
        """Give the page boxes that it must not open; return what it says."""
        await self.disk.set_input_files("#boxes", given)
        return await self.disk.locator("#problem:not(:empty)").inner_text()


async def test_three_people_open_a_vote_without_a_terminal(hall: House, tmp_path: Path) -> None:
    council = Council(hall, tmp_path)
    await council.settle()
    meeting, vote = await council.matter()
    three = await council.appointed(vote)
    await council.does(council.staff, "noticeMeeting", meetingId=meeting)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        desks: list[Desk] = []
        keys: list[Path] = []
        for place, who in enumerate(three, 1):
            folder = tmp_path / f"desk {place}"
            folder.mkdir()
            desk = await Desk(council, vote, folder).sit(browser)
            await desk.disk.set_input_files("#scrutiny", await desk.takes("监票人名单"))
            await desk.disk.locator(f"input[name=place][value='{place}']").check()
            keys.append(await desk.saves(desk.disk.locator("#new").click()))
            given = {
                name: await desk.disk.locator(f"#{name}").inner_text()
                for name in ("sealKey", "signKey", "signature")
            }
            await council.does(who, "acceptScrutiny", voteId=vote, **given)
            desks.append(desk)
        assert "这是密钥" in await desks[0].hands_in(keys[0])
        await council.at(OPENS)
        for who in council.residents:
            await council.cast(who, vote, 1, 0)
        for desk in desks:
            await desk.now()
        said = await desks[0].hands_in(
            await desks[0].saves(desks[0].disk.locator("#still").click())
        )
        assert "已收到" in said
        await council.at(HELD + HOUR)
        await council.came(meeting, council.staff, *council.residents)
        await council.at(CLOSES)
        await council.does(council.staff, "tallyDecision", voteId=vote)
        first, _, third = desks
        boxes = await first.takes("第 1、3 位一组")
        assert "还没有截止" in await first.refused(boxes)
        for desk in desks:
            await desk.now()
        assert "请核对公告栏上的票数" in await first.refused(boxes)
        await first.disk.fill("#count", "7")
        bound, opening = await both(first.disk, boxes, tmp_path / "desk 1")
        assert json.loads(bound.read_text())["urn"] is not None
        other = {**json.loads(bound.read_text()), "urn": "00" * 32}
        (tmp_path / "other.json").write_text(json.dumps(other))
        assert "已收到" in await first.hands_in(opening)
        await first.disk.set_input_files("#key", tmp_path / "other.json")
        assert "开过另一个票箱" in await first.refused(boxes)
        await third.disk.fill("#count", "7")
        boxes = await third.takes("第 1、3 位一组")
        _, opening = await both(third.disk, boxes, tmp_path / "desk 3")
        assert "已收到" in await third.hands_in(opening)
        assert await council.state(vote) == "TALLIED"
        await council.certify(vote)
        result = (await council.sees(council.residents[0], vote))["result"]
        assert (result["outcome"], result["ballots"]) == ("PASSED", 7)
        await council.at(CLOSES + 30 * DAY)
        await third.now()
        said = await third.hands_in(await third.saves(third.disk.locator("#gone").click()))
        assert "已收到" in said
        assert {scheme for desk in desks for scheme in desk.asked} <= {"file", "blob"}
        await first.disk.set_viewport_size({"width": 390, "height": 844})
        await first.disk.screenshot(path=str(tmp_path / "page.png"), full_page=True)
        await first.station.set_viewport_size({"width": 390, "height": 844})
        await first.station.screenshot(path=str(tmp_path / "station.png"), full_page=True)
        await browser.close()
    (destroyed,) = [
        each["number"]
        for each in (await council.look(council.staff, vote))["scrutineers"]
        if each["destroyedAt"]
    ]
    assert destroyed == 3
    assert sha256(PAGE.read_bytes()).hexdigest() in (ROOT / "docs" / "votes.md").read_text()


async def both(disk: Page, boxes: Path, folder: Path) -> tuple[Path, Path]:
    """Give the page its boxes; return the bound key and the opening that it saves."""
    saved: list[Any] = []
    disk.on("download", lambda download: saved.append(download))
    await disk.set_input_files("#boxes", boxes)
    await disk.get_by_text("请把保存的文件交到开票处").wait_for()
    while len(saved) < 2:
        await disk.wait_for_timeout(50)
    files = [folder / each.suggested_filename for each in saved]
    for each, file in zip(saved, files, strict=True):
        await each.save_as(file)
    bound, opening = files
    return bound, opening
