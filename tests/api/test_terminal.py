"""A terminal with many places: it retries, serves each place, and locks its session file."""

import csv
import fcntl
import json
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from api.kept import load, locked, path
from api.remote import Failed, answered
from api.session import NEEDED, Door, places, sign_in
from api.settings import Settings
from tenants.db import Database
from tenants.identity import persons, sessions
from tenants.identity.store import identity
from tenants.scopes import Scope
from tests.api.server import Server
from tests.api.test_admin_commands import Terminal, opened
from tests.linli import Linli
from tests.overheard import unspeakable
from tests.street import Make

pytestmark = pytest.mark.once


@pytest.fixture
async def terminal(
    make: Make, database: Database, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    """Give a terminal where no person has signed in; commands run in this process use it too."""
    made = await opened(make, database, server, tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", made.linli.environment["XDG_CONFIG_HOME"])
    return made


def signed_in(terminal: Terminal, door: Door) -> None:
    """Sign in without starting a process."""
    sign_in(door, door.refresh(terminal.session), frozenset(map(str, NEEDED)))
    for each in terminal.kept:
        unspeakable(each["refresh_token"])
        unspeakable(each["access_token"])


def spoiled(terminal: Terminal, *which: int, **values: str) -> None:
    """Replace values in the session file for some of the places."""
    session = json.loads(terminal.file.read_bytes())
    for place in which:
        session["places"][place] |= values
    terminal.file.write_text(json.dumps(session))


def exhausted(url: str) -> set[int]:
    """Send more refresh requests than thirty places need; return the statuses of the answers."""
    unknown = {"refresh_token": "none"}
    with httpx.Client() as client:
        asked = (client.post(f"{url}/auth/refresh", json=unknown) for _ in range(80))
        return {answer.status_code for answer in asked}


async def test_whoever_has_many_places_waits_and_is_signed_in_to_each(
    terminal: Terminal, settings: Settings, tmp_path: Path
) -> None:
    server = Server(settings, tmp_path, LINLI_LIMITS_FACTOR="1")
    pauses: list[float] = []

    def wait(seconds: float) -> None:
        pauses.append(seconds)
        time.sleep(seconds)

    try:
        spent = exhausted(server.url)
        signed_in(terminal, Door(server.url, pause=wait))
    finally:
        server.stop()

    assert spent == {400, 429}
    assert pauses
    assert all(pause >= 1 for pause in pauses)
    assert [each["org"] for each in terminal.kept] == [p.public_id for p in terminal.places]


def test_what_says_when_to_come_again_is_asked_again() -> None:
    """429 is retried every time, 503 for two minutes; a 5xx without `retry-after` a few times."""
    busy, late = (httpx.Response(code, headers={"retry-after": "20"}) for code in (503, 429))
    good, fault = httpx.Response(200), httpx.Response(503)

    def asked(*script: httpx.Response) -> tuple[Any, list[float]]:
        left, pauses = list(script), list[float]()
        try:
            came = answered(lambda: left.pop(0), "http://x", tries=3, pause=pauses.append)
        except Failed as failed:
            return failed.code, pauses
        assert left == []
        return came, pauses

    assert asked(*[late] * 9, *[busy] * 6, good) == (good, [20.0] * 15)
    assert asked(*[busy] * 9) == (busy, [*[20.0] * 6, 0.25, 0.5])
    assert asked(fault, fault, good) == (good, [0.25, 0.5])
    assert asked(httpx.Response(400))[1] == []


async def test_a_handler_signs_in_and_takes_their_desk_along(
    make: Make, database: Database, server: Server, tmp_path: Path
) -> None:
    department = await make.department()
    handler = await make.officer(department=department)
    async with identity(database) as store:
        who = await persons.signed_in(store, "DEMO", str(uuid4()))
        await persons.affiliate(
            store, who, place="DEPARTMENT", number=department.number,
            place_id=department.id, subject_id=handler.id,
        )  # fmt: skip
        begun = await sessions.begin(store, who, "tests", subject_id=handler.id)
    linli = Linli(tmp_path, XDG_CONFIG_HOME=str(tmp_path / "config"))
    terminal = Terminal(linli, server, [], [], unspeakable(begun.refresh_token))
    file = tmp_path / "desk.csv"
    at_desk = {
        "desk": -department.number, "desks": [310113, -department.number], "level": "DISTRICT",
        "is_at_community": False, "addressee": "DEPARTMENT", "secrecy": "PRIVATE",
    }  # fmt: skip
    authors = [await make.member(await make.community()) for _ in "12"]
    # more than a page, from two communities
    for number in range(53):
        await make.petition(authors[number % 2], title=f"漏水{number}", **at_desk)
    await make.petition(authors[0], title="办结", state="CLOSED", **at_desk)
    await make.petition(
        authors[0], title="别处的", **{**at_desk, "desk": 310113, "desks": [310113]}
    )

    await terminal.sign_in()
    said = await terminal.run("petitions", "export", "--csv", file)

    (kept,) = terminal.kept
    assert (kept["org"], kept["roles"]) == (department.public_id, ["DEPARTMENT_HANDLER"])
    assert kept["scope"] == "district:read petition:handle petition:read"
    assert said.out == f"petitions: 53 written to {file}\n"
    titles = [f"漏水{number}" for number in range(53)]
    assert sorted(row["title"] for row in rows_of(file)) == sorted(titles)
    said = await terminal.run("petitions", "export", "--csv", file, "--state", "all")
    assert said.out == f"petitions: 54 written to {file}\n"
    assert {row["title"] for row in rows_of(file)} == {*titles, "办结"}


def rows_of(file: Path) -> list[dict[str, str]]:
    """Return the rows of a table that was written."""
    with file.open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


async def test_a_community_that_refuses_stops_no_other(
    terminal: Terminal, make: Make, tmp_path: Path
) -> None:
    _, oak, _ = terminal.places
    signed_in(terminal, Door(terminal.server.url))
    name = terminal.kept[0]["name"]
    come = await make.applicant(oak, "UNDER_REVIEW")
    await make.petition(await make.member(oak), title="路灯")
    file = tmp_path / "open.csv"
    spoiled(terminal, 0, access_token="outlived", refresh_token="outlived")  # not valid tokens

    listed = await terminal.run("applications", "list", "--json", code=1)
    exported = await terminal.run("petitions", "export", "--csv", file, code=1)
    approved = await terminal.run("applications", "approve", come.public_id)

    assert [each["id"] for each in json.loads(listed.out)] == [come.public_id]
    for said in (listed, exported):
        assert said.err.startswith(f"{name}: invalid_grant: ")
        assert len(said.err.splitlines()) == 1
    assert [row["title"] for row in rows_of(file)] == ["路灯"]
    assert approved.out.endswith(": done\n")


async def test_the_same_words_are_one_notice_for_seven_days(
    terminal: Terminal, make: Make, tmp_path: Path
) -> None:
    elm = terminal.places[0]
    signed_in(terminal, Door(terminal.server.url))
    file = tmp_path / "notice.md"
    file.write_bytes("每周六大扫除。".encode("gb18030"))
    words = ("notices", "publish", file, "--title", "大扫除", "--community", elm.public_id)

    async def published(*more: str) -> dict[str, Any]:
        said = await terminal.run(*words, "--json", *more)
        assert said.err == f"{file} is read as GB18030.\n"
        (done,) = json.loads(said.out)
        return done

    first = await published()
    assert await published() == first, "an answer that was lost is given once more"
    # a week later its idempotency key is deleted: tenants/expiry.py
    gone = "with gone as (delete from tenant.idempotency_key returning 1) select count(*)::int from gone"
    assert await make.value(elm, gone) == 1
    later = await published()
    today = await published("--again")
    assert await published("--again") == today
    assert len({first["post"], later["post"], today["post"]}) == 3
    assert first["at"] < later["at"] < today["at"]
    bodies = "select array_agg(distinct body) from tenant.post"
    assert await make.value(elm, bodies) == ["每周六大扫除。"]


async def test_commands_that_run_at_once_lose_no_token_of_each_other(terminal: Terminal) -> None:
    elm, oak, _ = (place.public_id for place in terminal.places)
    signed_in(terminal, Door(terminal.server.url))
    spoiled(terminal, 0, 1, access_token="outlived")  # not a valid token
    old = terminal.kept
    scope, ask = Scope.MEMBER_REVIEW, "{ viewer { id } }"

    with (
        places(None, None, [elm], scope) as one,
        places(None, None, [oak], scope) as another,
        places(None, None, [elm], scope) as third,
    ):
        for found in (one, another, third):
            ((_, place),) = found
            assert place is not None
            assert place.remote.run(ask)["viewer"] is not None
            kept = terminal.kept

    assert all(kept[n]["access_token"] != "outlived" for n in (0, 1))  # renewed
    assert all(kept[n]["refresh_token"] != old[n]["refresh_token"] for n in (0, 1))
    assert kept[2] == old[2]
    session = load()
    assert session is not None
    # the second command used the pair that the first one stored: the stored token is still unused
    assert Door(session.url).refresh(kept[0]["refresh_token"])["access_token"] is not None


async def test_one_command_at_a_time_changes_the_file(terminal: Terminal) -> None:
    signed_in(terminal, Door(terminal.server.url))
    with (
        locked(),
        path().with_suffix(".lock").open("w") as other,
        pytest.raises(BlockingIOError),
    ):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    await terminal.run("signout")
    assert load() is None
