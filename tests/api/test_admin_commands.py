"""An admin at a terminal signs in once and works in all their communities with few scopes."""

import asyncio
import csv
import json
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from api.petition_export import COLUMNS
from tenants.db import Database
from tenants.identity import persons, sessions
from tenants.identity.store import identity
from tests.api.server import Server
from tests.conftest import SignIn
from tests.linli import Linli, Said
from tests.overheard import unspeakable
from tests.street import SECRETARY, Make, Person, Place

pytestmark = pytest.mark.once
NOTICES = """select count(*)::int from tenant.post p join tenant.board b on b.id = p.board_id
  where b.slug = 'notices'"""
BODY = "各位居民：\n周六上午九时至十一时停水。\n**请提前储水。**\n"


@dataclass
class Terminal:
    """It is a terminal, its user's places, and the means to test it."""

    linli: Linli
    server: Server
    places: list[Place]
    members: list[Person]
    session: str
    said: str = ""

    @property
    def file(self) -> Path:
        """Return the file that holds the session."""
        return Path(self.linli.environment["XDG_CONFIG_HOME"]) / "linli" / "session.json"

    @property
    def kept(self) -> list[dict[str, Any]]:
        """Return the stored sessions."""
        return json.loads(self.file.read_bytes())["places"]

    async def run(self, *words: str | Path, code: int = 0, typed: str = "") -> Said:
        """Run the command in a thread: the tests' application needs the event loop."""
        said = await asyncio.to_thread(lambda: self.linli(*words, code=code, typed=typed))
        if self.file.exists():
            for each in self.kept:
                unspeakable(each["refresh_token"])
                unspeakable(each["access_token"])
        return said

    async def sign_in(self, *words: str) -> Said:
        """Sign in with the refresh token."""
        url = ("--url", self.server.url)
        return await self.run("signin", *url, *words, typed=f"{self.session}\n")


async def opened(make: Make, database: Database, server: Server, folder: Path) -> Terminal:
    """Return a terminal of a person: secretary of two communities, resident of a third."""
    places = [await make.community() for _ in range(3)]
    members = [await make.member(place, *SECRETARY) for place in places[:2]]
    members.append(await make.member(places[2]))
    async with identity(database) as store:
        who = await persons.signed_in(store, "DEMO", str(uuid4()))
        for place, member in zip(places, members, strict=True):
            await persons.affiliate(
                store, who, place="COMMUNITY", number=place.key,
                place_id=place.id, subject_id=member.id,
            )  # fmt: skip
        begun = await sessions.begin(store, who, "tests", subject_id=members[0].id)
    linli = Linli(folder, XDG_CONFIG_HOME=str(folder / "config"))
    return Terminal(linli, server, places, members, unspeakable(begun.refresh_token))


@pytest.fixture
async def unused(make: Make, database: Database, server: Server, tmp_path: Path) -> Terminal:
    """Give a terminal where no person has signed in."""
    return await opened(make, database, server, tmp_path)


@pytest.fixture(scope="module")
async def terminal(
    make: Make, database: Database, server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Terminal:
    """Give a terminal where a person has signed in; the tests of this module share it."""
    made = await opened(make, database, server, tmp_path_factory.mktemp("terminal"))
    made.said = (await made.sign_in()).out
    return made


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    """Give the file with the text of a notice."""
    path = tmp_path / "notice.md"
    path.write_text(BODY, encoding="utf-8")
    return path


async def published(make: Make, terminal: Terminal) -> list[int]:
    """Return how many notices each place has."""
    return [await make.value(place, NOTICES) for place in terminal.places]


def hidden(folder: Path) -> list[Path]:
    """Return the temporary files that a failure may have left in a folder."""
    return list(folder.glob(".*"))


async def test_what_is_kept_is_narrow_and_private(
    terminal: Terminal, client: httpx.AsyncClient
) -> None:
    assert [stat.S_IMODE(each.stat().st_mode) for each in (terminal.file.parent, terminal.file)] == [
        0o700, 0o600,
    ]  # fmt: skip
    assert [each["org"] for each in terminal.kept] == [p.public_id for p in terminal.places]
    for each in terminal.kept[:2]:
        assert set(each["scope"].split()) == {
            "board:read", "community:read", "member:read", "member:review", "petition:handle",
            "petition:import", "petition:read", "post:write",
        }  # fmt: skip
    assert "member:review" not in terminal.kept[2]["scope"]
    for each in terminal.kept:
        assert each["access_token"] not in terminal.said
        assert each["refresh_token"] not in terminal.said
        assert each["org"] in terminal.said
    narrow = {
        "refresh_token": terminal.kept[0]["refresh_token"],
        "org": terminal.places[1].public_id,
    }
    switched = await client.post("/auth/switch", json=narrow)
    assert (switched.status_code, switched.json()["error"]) == (403, "insufficient_scope")


async def test_a_scope_can_be_asked_for_alone_and_is_given_back(
    unused: Terminal, client: httpx.AsyncClient
) -> None:
    await unused.sign_in("--scope", "member:review")
    kept = unused.kept
    assert [(e["org"], e["scope"]) for e in kept] == [
        (place.public_id, "member:review") for place in unused.places[:2]
    ]

    await unused.run("signout")

    assert not unused.file.exists()
    for each in kept:
        again = await client.post("/auth/refresh", json={"refresh_token": each["refresh_token"]})
        assert again.status_code == 400
    said = await unused.run("applications", "list", code=1)
    assert said.err == "NO_SESSION: nobody is signed in: run `linli signin`, or give --token\n"


async def test_a_notice_reaches_each_community_once(
    terminal: Terminal, make: Make, notice: Path
) -> None:
    words = ("notices", "publish", notice, "--title", "停水通知")

    said = [await terminal.run(*words, "--all", "--json", code=1) for _ in range(2)]

    first, again = (json.loads(each.out) for each in said)
    assert [each["outcome"] for each in first] == ["PUBLISHED", "PUBLISHED", "REFUSED"]
    assert first[2]["why"].startswith("FORBIDDEN: 您不能在这个版块发帖。")
    assert again == first
    assert await published(make, terminal) == [1, 1, 0]
    body = await make.value(terminal.places[0], "select body from tenant.post")
    assert body == BODY.strip()
    # another text is another notice; a place without a session is reported, the others are done
    away = (await make.community()).public_id
    where = ("--community", away, "--community", terminal.places[1].public_id)
    more = await terminal.run(*words[:-1], "又一则", *where, "--json", code=1)
    refused, done = json.loads(more.out)
    assert refused == {
        "community": away, "outcome": "REFUSED", "post": None, "at": None,
        "why": "NOT_FOUND: you are not signed in there",
    }  # fmt: skip
    assert done["outcome"] == "PUBLISHED"
    assert await published(make, terminal) == [1, 2, 0]


async def test_a_notice_that_cannot_be_posted_is_not(
    terminal: Terminal, make: Make, notice: Path
) -> None:
    before = await published(make, terminal)
    words = ("notices", "publish", notice, "--title", "停水")

    said = await terminal.run(*words, code=1)
    assert said.err == "Say where: --community, once or more, or --all.\n"
    long = await terminal.run(
        *words[:-1], "长" * 81, "--community", terminal.places[0].public_id, code=1
    )
    assert "TOO_LONG" in long.out
    assert await published(make, terminal) == before


async def test_applications_are_listed_and_answered(terminal: Terminal, make: Make) -> None:
    elm, oak, _ = terminal.places
    come = [await make.applicant(place, "UNDER_REVIEW") for place in (elm, oak, oak)]

    listed = json.loads((await terminal.run("applications", "list", "--json")).out)
    assert [each["id"] for each in listed] == [one.public_id for one in come]
    assert {each["community"]["id"] for each in listed} == {elm.public_id, oak.public_id}
    assert {each["record"]["isReviewOverdue"] for each in listed} <= {True, False}
    shown = await terminal.run("applications", "list", "--community", elm.public_id)
    assert come[0].public_id in shown.out
    assert come[1].public_id not in shown.out

    said = await terminal.run(
        "applications", "approve", come[0].public_id, come[1].public_id,
        "mem_AAAAAAAAAAAAAAAAAAAAAA", code=1,
    )  # fmt: skip
    assert [line.split()[-1] for line in said.out.splitlines()] == ["done", "done"]
    assert said.err.startswith("mem_AAAAAAAAAAAAAAAAAAAAAA NOT_FOUND: ")
    assert len(said.err.splitlines()) == 1
    await terminal.run("applications", "return", come[2].public_id, "--reason", "请补楼栋")
    states = "select state from tenant.member where id = $1"
    assert [await make.value(one.place, states, one.id) for one in come if one.place] == [
        "ACTIVE", "ACTIVE", "RETURNED",
    ]  # fmt: skip
    twice = await terminal.run("applications", "approve", come[0].public_id, code=1)
    assert "WRONG_STATE" in twice.err


async def test_open_petitions_become_a_table_that_runs_nothing(
    terminal: Terminal, make: Make, tmp_path: Path
) -> None:
    elm, oak, _ = terminal.places
    wicked = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", '=HYPERLINK("http://x","y")']
    of_elm, of_oak = await make.member(elm), await make.member(oak)
    sent = [await make.petition(of_elm, title=title, body=title) for title in wicked]
    sent += [await make.petition(of_elm, title=f"路灯{n}") for n in range(60)]
    sent += [await make.petition(of_oak, title='两行，\n"引号"')]
    await make.petition(of_oak, title="办结", state="CLOSED")
    file = tmp_path / "open.csv"
    words = ("petitions", "export", "--csv", file, "--state")
    where = ("--community", elm.public_id, "--community", oak.public_id)

    said = await terminal.run(*words, "open", "--bom", *where)

    assert said.out == f"petitions: {len(sent)} written to {file}\n"
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert tuple(rows[0]) == COLUMNS
    assert len({row["id"] for row in rows}) == len(rows) == len(sent)
    titles = [row["title"] for row in rows]
    assert {f"'{each}" for each in wicked} <= set(titles)
    assert '两行，\n"引号"' in titles
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+-@\t＝" and cell]
    await terminal.run(*words, "ended", *where)
    with file.open(encoding="utf-8", newline="") as opened:
        assert [row["title"] for row in csv.DictReader(opened)] == ["办结"]


async def test_a_table_that_fails_leaves_the_old_one(
    unused: Terminal, signed_in: SignIn, tmp_path: Path
) -> None:
    # with a token from the environment, without a session
    resident = signed_in(unused.members[2]).token
    unused.linli.environment |= {"LINLI_TOKEN": resident, "LINLI_URL": unused.server.url}
    file = tmp_path / "open.csv"
    file.write_text("older")

    said = await unused.run("petitions", "export", "--csv", file, code=1)

    assert ": FORBIDDEN: " in said.err
    assert "[trace " in said.err
    assert len(said.err.splitlines()) == 1
    assert file.read_text() == "older"
    assert hidden(tmp_path) == []


async def test_a_token_that_is_refused_is_renewed_once_and_kept(terminal: Terminal) -> None:
    session = json.loads(terminal.file.read_bytes())
    for each in session["places"]:
        each["access_token"] = "outlived"
    terminal.file.write_text(json.dumps(session))

    await terminal.run("applications", "list", "--community", terminal.places[0].public_id)

    old, new = session["places"], terminal.kept
    assert new[0]["access_token"] != "outlived"
    assert new[0]["refresh_token"] != old[0]["refresh_token"]
    assert new[1] == old[1]
    assert stat.S_IMODE(terminal.file.stat().st_mode) == 0o600


async def test_what_cannot_be_reached_or_is_wrong_is_one_line(unused: Terminal) -> None:
    cases = {
        ("signin", "--url", "http://127.0.0.1:1"): "NO_ANSWER: ",
        ("signin", "--url", unused.server.url): "invalid_grant: ",
        ("signin", "--url", unused.server.url, "--role", "RESIDENT"): "invalid_request: ",
    }
    for words, code in cases.items():
        said = await unused.run(*words, code=1, typed="wrong\n")
        assert said.err.startswith(code)
        assert len(said.err.splitlines()) == 1
        assert said.out == ""
