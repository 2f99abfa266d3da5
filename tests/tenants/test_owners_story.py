"""Test one owners' assembly through the API: four matters, paper and online, two proxies, a dispute."""

import io
import json
import zipfile
from collections.abc import AsyncGenerator, Generator, Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import pytest
from playwright.async_api import async_playwright

from api.archive import Broken, check, gather, pack
from api.minutes import Facts, Request, collect, page
from api.settings import Settings
from tenants.embedded import Cluster
from tests.assembly import HOUR, NO, YES
from tests.clockwork import House, house
from tests.owners_hall import OwnersHall
from tests.street import SignedIn, key
from tests.test_console import CHROMIUM, QUIET

pytestmark = pytest.mark.once
RESULT = """query ($id: ID!) { node(id: $id) { ... on Vote { state voidReason objectionsUntil
  result { outcome winners tallies { unit eligible participating votes abstained void byProxy onPaper
    silent } trace { isMet sentence } } } } }"""
T = TypeVar("T")
Ballots = Iterable[tuple[str, tuple[int, ...] | None]]
LAW = "民法典第278条；上海市住宅物业管理规定第18、25条"


@pytest.fixture(scope="module")
async def hall(
    settings: Settings, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[House]:
    """Give a server for this file only, whose clock the tests set."""
    folder = tmp_path_factory.mktemp("story")
    async with house(settings, cluster, folder, "story", 60) as opened:
        yield opened


async def driven(who: SignedIn, asked: Generator[Request, Facts, T]) -> T:
    """Send the requests of a generator as somebody, and return what it makes of the answers."""
    query, variables = next(asked)
    while True:
        data = (await who.run(query, **variables)).data
        try:
            query, variables = asked.send(data)
        except StopIteration as ended:
            return ended.value


async def print_to(folder: Path, html: str) -> bytes:
    """Print a page as Chromium does; keep it with a picture of it, and return the PDF."""
    (folder / "minutes.html").write_text(html, encoding="utf-8")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        opened = await browser.new_page()
        await opened.goto(f"file://{folder}/minutes.html")
        pdf = await opened.pdf(path=str(folder / "minutes.pdf"), prefer_css_page_size=True)
        await opened.screenshot(path=str(folder / "minutes.png"), full_page=True)
        await browser.close()
    return pdf


async def test_an_assembly_from_the_register_to_the_printed_minutes(
    hall: House, tmp_path: Path
) -> None:
    owners = await OwnersHall(hall).settle()
    assert isinstance(owners, OwnersHall)
    await owners.register(rules={"silence": "ABSTENTION"})
    staff, secretary, residents = owners.staff, owners.secretary, owners.residents
    first, second = residents[1], residents[2]  # who own one flat together

    # the notice: one roll, four matters
    meeting = await owners.assemble(agenda="续聘物业、加装电梯、二号楼维修、改选业委会。")
    manager = await owners.matter(meeting, question="续聘幸福物业三年")
    hall.watch.now += HOUR
    lift = await owners.matter(meeting, "REBUILD", question="一号楼加装电梯")
    hall.watch.now += HOUR
    repair = await owners.matter(
        meeting, "USE_MAINTENANCE_FUND", question="二号楼屋面维修动用维修资金", buildings=["2号楼"]
    )
    hall.watch.now += HOUR
    committee = await owners.matter(
        meeting, "OWNERS_COMMITTEE_MEMBERS", question="选举业主委员会委员", method="CANDIDATES",
        options=["王大明", "孙三", "周五"], mostMarks=2, seats=2,
    )  # fmt: skip
    await owners.does(staff, "noticeMeeting", meetingId=meeting)
    entries = {
        "、".join(owner["name"] for owner in each["owners"]) or "开发商": each["id"]
        for each in await owners.roll(meeting)
    }
    shared = next(each for names, each in entries.items() if "赵*" in names)
    await owners.does(
        staff, "recordService", meetingId=meeting, entryIds=[*entries.values()], way="IN_PERSON",
        servedAt=hall.watch.now.isoformat(), note="逐户送达",
    )  # fmt: skip

    # two proxies, and co-owners who do not agree who casts
    for name, holder, marks in (
        ("欧阳**", residents[5], {manager: YES, lift: YES, repair: YES, committee: (1, 1, 2)}),
        ("郑*", residents[4], {manager: NO, lift: NO, committee: (0, 0, 1)}),
    ):
        await owners.does(
            staff, "registerProxy", meetingId=meeting, entryId=entries[name],
            holderId=holder.person.public_id, document=f"{name}的授权委托书",
            instructions=[{"voteId": vote, "marks": list(each)} for vote, each in marks.items()],
        )  # fmt: skip
    caster = {"meetingId": meeting, "entryId": shared}
    await owners.does(
        staff, "assignCaster", **caster, memberId=first.person.public_id, document="推定书第1号"
    )
    await owners.does(
        staff, "assignCaster", **caster | {"entryId": entries["开发商"]},
        memberId=staff.person.public_id, document="开发商授权书",
    )  # fmt: skip
    asked = await second.do(
        "objectToRoll", "objection { id }", meetingId=meeting, body="推定书上不是我的签名",
        idempotencyKey=key(),
    )  # fmt: skip
    await owners.does(
        staff, "assignCaster", **caster, memberId=second.person.public_id, document="推定书第2号"
    )
    await owners.does(
        secretary, "decideObjection", objectionId=asked.payload["objection"]["id"],
        decision="SUSTAIN", reason="已由共有人重新推定",
    )  # fmt: skip

    # ballots online, by proxy and on paper
    await owners.at(owners.opens)
    refused = await owners.refused(owners.cast(first, manager, *YES))
    assert refused.startswith("FORBIDDEN 共有人须共同推定一名投票人")
    online = {
        residents[0]: (YES, YES, None, (1, 1, 0)), second: (YES, YES, None, (1, 0, 1)),
        residents[3]: (YES, YES, YES, (1, 1, 2)), residents[5]: (YES, YES, YES, (0, 1, 1)),
        residents[6]: (NO, NO, None, (2, 2, 1)),
    }  # fmt: skip
    matters = (manager, lift, repair, committee)
    for who, ballots in online.items():
        own = entries["周*"] if who is residents[5] else None
        await casts(owners, who, zip(matters, ballots, strict=True), own)
    for name, holder, ballots in (
        ("欧阳**", residents[5], (YES, YES, YES, (1, 1, 2))),
        ("郑*", residents[4], (NO, NO, None, (0, 0, 1))),
    ):
        await casts(owners, holder, zip(matters, ballots, strict=True), entries[name])
    papers: dict[str, tuple[tuple[int, ...] | None, ...]] = {
        "李*": (YES, NO, (1, 1), (1, 1, 0)), "开发商": (YES, YES, None, (1, 1, 2)),
    }  # fmt: skip
    await owners.at(owners.closes - timedelta(hours=20))
    for name, ballots in papers.items():
        await hands_in(owners, entries[name], zip(matters, ballots, strict=True))
    await owners.does(
        staff, "recordAttendance", meetingId=meeting,
        entryIds=[entries[name] for name in ("王**", "孙*", "开发商")],
    )  # fmt: skip

    # the count, its certification, and an objection that is upheld
    await owners.at(owners.closes)
    hall.watch.now += HOUR
    for vote in matters:
        await owners.does(staff, "tallyDecision", voteId=vote)
        await owners.certify(vote, owners.organiser, owners.clerk)
    results = {vote: await seen(residents[4], vote) for vote in matters}
    assert [results[vote]["result"]["outcome"] for vote in matters] == [
        "PASSED", "FAILED_VOTES", "PASSED", "PASSED",
    ]  # fmt: skip
    assert [step["sentence"] for step in results[manager]["result"]["trace"]] == [
        f"参与表决的业主人数：9 / 9 = 100.00 %，须 ≥ 2/3，已达到。（{LAW}）",
        f"参与表决的专有部分面积：1,222.57 平方米 / 1,222.57 平方米 = 100.00 %，须 ≥ 2/3，已达到。（{LAW}）",
        f"“同意”的业主人数：7 / 9 = 77.77 %，须 > 1/2，已达到。（{LAW}）",
        f"“同意”的专有部分面积：882.45 平方米 / 1,222.57 平方米 = 72.17 %，须 > 1/2，已达到。（{LAW}）",
    ]
    # six of nine heads and 782.45 m² want the lift, and three quarters are needed of each
    assert [step["isMet"] for step in results[lift]["result"]["trace"]] == [
        True, True, False, False,
    ]  # fmt: skip
    heads = {
        vote: next(each for each in results[vote]["result"]["tallies"] if each["unit"] == "HEADS")
        for vote in matters
    }
    assert heads[manager] == {
        "unit": "HEADS", "eligible": 9, "participating": 9, "votes": [7, 2], "abstained": 0,
        "void": 0, "byProxy": 2, "onPaper": 2, "silent": 0,
    }  # fmt: skip
    assert (heads[repair]["eligible"], heads[repair]["votes"], heads[repair]["void"]) == (
        4, [3, 0], 1,
    )  # fmt: skip
    assert results[committee]["result"]["winners"] == [0, 1]
    asked = await residents[6].do(
        "objectToResult", "objection { id }", voteId=committee, body="一名候选人不是本小区业主",
        idempotencyKey=key(),
    )  # fmt: skip
    await owners.does(
        secretary, "decideObjection", objectionId=asked.payload["objection"]["id"],
        decision="SUSTAIN", reason="核对登记，异议属实，重新选举",
    )  # fmt: skip
    await owners.at(datetime.fromisoformat(results[manager]["objectionsUntil"]))
    assert [(await seen(residents[4], vote))["state"] for vote in matters] == [
        "FINAL", "FINAL", "FINAL", "VOID",
    ]  # fmt: skip

    # the minutes
    html = page(await driven(staff, collect(meeting)))
    for said in (
        "<h1>业主大会会议记录</h1>", "业主大会（一般事项）", "幸福小区", "未投票视为弃权，准许线上投票",
        "9 户，共 1,222.57 平方米", "到会 3 户，书面委托 2 户，选票已送达 9 户", "欧阳**的授权委托书",
        "未形成有效决定：同意数不足", "仅2号楼的业主", "核对登记，异议属实，重新选举", "推定书上不是我的签名",
        "✔ “同意”的业主人数：7 / 9 = 77.77 %", "✘ “同意”的业主人数：6 / 9 = 66.66 %", "监票人：",
        "<strong>召集人：", "<strong>确认：</strong>居委委员", "、会议召集人",
    ):  # fmt: skip
        assert said in html, said
    pdf = await print_to(tmp_path, html)
    assert pdf.startswith(b"%PDF-")
    assert 2 <= pdf.count(b"/Type /Page\n") <= 5
    await is_archived(staff, meeting)


async def is_archived(staff: SignedIn, meeting: str) -> None:
    """Assert that the archive counts to what was published, and that a change of it is found."""
    found = await driven(staff, gather(meeting))
    file = pack(found, {}, datetime(2027, 1, 1, tzinfo=UTC))
    assert file == pack(found, {}, datetime(2027, 1, 1, tzinfo=UTC))
    counted, secret = check(file)
    assert [each["outcome"] for each in counted.values()] == [
        "PASSED", "FAILED_VOTES", "PASSED", "PASSED",
    ]  # fmt: skip
    assert secret == {}
    with zipfile.ZipFile(io.BytesIO(file)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    manifest = json.loads(parts["manifest.json"])
    assert manifest["keepUntil"].startswith("2029-"), "three years"
    facts = json.loads(parts["meeting.json"])
    ballots = next(iter(facts["records"].values()))["ballots"]
    ballots[0]["marks"] = ballots[0]["marks"][::-1]
    changed = json.dumps(facts).encode()
    for tampered, said in (
        ({**parts, "meeting.json": changed}, "meeting.json is missing, or is not"),
        ({name: parts[name] for name in parts if name != "minutes.html"}, "minutes.html is missing"),
        ({**parts, "more.txt": b""}, "more.txt is missing, or is not"),
        ({**parts, "manifest.json": b"{}"}, "no archive of a meeting"),
        # and with a manifest made anew
        (
            {
                **parts, "meeting.json": changed,
                "manifest.json": parts["manifest.json"].replace(
                    manifest["files"]["meeting.json"].encode(), sha256(changed).hexdigest().encode()
                ),
            },
            "the ballots come to another result",
        ),
    ):  # fmt: skip
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w") as packed:
            for name, content in tampered.items():
                packed.writestr(name, content)
        with pytest.raises(Broken, match=said):
            check(written.getvalue())
    with pytest.raises(Broken, match="no ZIP file"):
        check(b"nothing")


async def seen(who: SignedIn, vote: str) -> dict[str, Any]:
    """Return a vote as somebody sees it."""
    return (await who.run(RESULT, id=vote)).data["node"]


async def casts(owners: OwnersHall, who: SignedIn, ballots: Ballots, entry: str | None) -> None:
    """Have somebody cast online, for an entry of the roll where they cast for several."""
    named = {} if entry is None else {"entryId": entry}
    for vote, marks in ballots:
        if marks is not None:
            assert (await owners.cast(who, vote, *marks, **named)).refusals == []


async def hands_in(owners: OwnersHall, entry: str, ballots: Ballots) -> None:
    """Have the staff enter a paper with all matters, and the secretary read it again."""
    sheet = [{"voteId": vote, "marks": list(marks)} for vote, marks in ballots if marks is not None]
    await owners.does(owners.staff, "recordPaper", entryId=entry, ballots=sheet)
    await owners.does(owners.secretary, "confirmPaper", entryId=entry, ballots=sheet)
