"""`linli petitions import`: every letter once, unchanged, also if a process is killed.

The letters are invented, in the form of a real archive, with every fault that was found in one.
"""

import asyncio
import csv
import random
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from api.engine.identifiers import decode_id
from api.letters import COLUMNS, batches, read_letters
from api.remote import Failed, Remote
from api.settings import Settings
from tenants.scopes import Scope
from tenants.text import cleaned
from tests.api.server import Server
from tests.conftest import SignIn
from tests.linli import COMMAND, Linli, Said
from tests.overheard import unspeakable
from tests.street import SECRETARY, Make, Person, Place, SignedIn

MANY = 1400
CATEGORY = "城乡建设/城市建设和市政管理"
LONGEST = {"title": 36, "body": 3145, "answer": 3819}
IMPORTER = frozenset({Scope.PETITION_IMPORT, Scope.PETITION_READ, Scope.COMMUNITY_READ})
SHANGHAI = timedelta(hours=8)
COUNT = "select count(*)::int from tenant.petition"
ODD = [
    "😀", "👩‍👩‍👧", "\u2028", "\u2029", "\u0085", '"', '""', "'", "\\", "\\n", "\r\n", "\r", "\n", "\t", " ",
    "\u3000", "\u00a0", "\u200b", "e\u0301", "ü", "العربية", "ＡＢＣ１２３", "\ufeff", "\ufffd", "𠮷",
    "<b>&amp;</b>", "${x}", "{{x}}", "%s", ",", ";", "null", "NULL", "=1+1",
]  # fmt: skip
# a title is a single line
ODD_OF = dict.fromkeys(("body", "answer"), ODD) | {
    "title": [odd for odd in ODD if odd.isprintable() and not odd.isspace()]
}
COMMON = (
    "的小区物业停车噪音扰民业主街道施工路灯垃圾水电费学校公交书记您好请尽快解决反映问题情况，。！"
)
ALL = """query ($after: Cursor) { community { petitions(first: 50, after: $after) {
  nodes { id sourceId source title body state submittedAt author { id } answer { body answeredAt } }
  pageInfo { hasNextPage endCursor } } } }"""

Row = dict[str, str]


def text(chance: random.Random, name: str, longest: int, *, exactly: bool = False) -> str:
    """Return a text of a likely length, or of the maximum length, with some odd characters."""
    wanted = (
        longest if exactly else min(longest, 1 + int(chance.lognormvariate(0, 1) * longest / 8))
    )
    made = chance.choice(ODD_OF[name]) if chance.random() < 0.2 else ""
    while len(made) < wanted:
        odd = chance.random() < 0.03
        made += chance.choice(ODD_OF[name]) if odd else chance.choice(COMMON) * (1 + odd)
    return made[:wanted]


def letters(seed: int, number: int = MANY) -> list[Row]:
    """Return letters: the first of maximum length, one for each odd character, and others."""
    chance = random.Random(seed)
    at = datetime(2010, 11, 2, 23, 59, 59, tzinfo=UTC)
    made: list[Row] = []
    for index in range(number):
        # some are a microsecond apart: their ids must still be in order
        at += timedelta(microseconds=1 if index % 50 == 1 else chance.randrange(1, 3 * 10**11))
        answered = at + timedelta(days=chance.lognormvariate(2.5, 1))
        row = {
            "source_id": f"{index}-{chance.choice(ODD[:2])}" if index % 9 == 0 else str(index),
            "author": f"A{index:08}" if index % 7 else "",
            "submitted_at": (at + SHANGHAI).isoformat().replace("+00:00", "+08:00"),
            "answered_at": answered.isoformat(),
            **{name: text(chance, name, most, exactly=index < 3) for name, most in LONGEST.items()},
        }
        if index < len(ODD):  # each odd character begins and ends a text
            row["body"] = f"{ODD[index]}{row['body'][2 * len(ODD[index]) :]}{ODD[index]}"
            row["answer"] = f"答{ODD[index]}复"
        made.append(row)
    return made


def written(rows: list[Row], path: Path, *, bom: bool = True) -> Path:
    """Write these letters to a file as a spreadsheet saves it."""
    with path.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as file:
        table: csv.DictWriter[str] = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        table.writerows(rows)
    return path


def moment(written_so: str) -> datetime:
    return datetime.fromisoformat(written_so)


class Archive:
    """It is a community, and the file that is imported with its secretary's token."""

    def __init__(
        self, make: Make, signed_in: SignIn, server: Server, place: Place, who: Person, folder: Path
    ) -> None:
        self.make, self.place, self.folder, self.server = make, place, folder, server
        self.reader: SignedIn = signed_in(who)
        self.token = unspeakable(who.token(signed_in.tokens, scopes=IMPORTER))

    def arguments(self, file: Path, **more: str) -> list[str]:
        """Return the command's arguments for this file."""
        chosen = {"category": CATEGORY, "source": "网友来信", "url": self.server.url, **more}
        options = [part for name, value in chosen.items() for part in (f"--{name}", value)]
        return ["petitions", "import", str(file), *options]

    def run(self, file: Path, token: str | None = None, **more: str) -> Said:
        """Run the command to its end."""
        linli = Linli(self.folder, LINLI_TOKEN=token or self.token)
        return linli(*self.arguments(file, **more))

    def begin(self, file: Path, token: str | None = None) -> subprocess.Popen[str]:
        """Start the command."""
        token = self.token if token is None else token
        return subprocess.Popen(
            [COMMAND, *self.arguments(file)], text=True,
            env=Linli(self.folder, LINLI_TOKEN=token).environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    async def count(self) -> int:
        """Return how many letters are in the community."""
        return await self.make.value(self.place, COUNT)

    async def reach(self, number: int) -> None:
        """Wait until this many letters have been imported."""
        end = time.monotonic() + 60
        while await self.count() < number:
            assert time.monotonic() < end, "they do not come"
            await asyncio.sleep(0.005)

    async def read(self) -> list[dict[str, Any]]:
        """Return all letters as the API returns them page by page, newest first."""
        found: list[dict[str, Any]] = []
        after = None
        while True:
            page = (await self.reader.run(ALL, after=after)).data["community"]["petitions"]
            found += page["nodes"]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                return found

    async def whole(self) -> None:
        """Assert that each letter has one event, audit entry and outbox row, and its facts."""
        for table in ("petition_event", "petition_fact"):
            assert await self.make.value(self.place, f"select count(*) from tenant.{table}") == MANY
        told = [done[0] for done in await self.make.trace(self.place)]
        assert told == ["petition.imported"] * MANY
        query = "select count(*) from tenant.petition_event where seq = 0"
        assert await self.make.value(self.place, query) == 0, "each knows the place of its commit"


@pytest.fixture
async def archive(make: Make, signed_in: SignIn, server: Server, tmp_path: Path) -> Archive:
    """Give a community that no other test uses."""
    place = await make.community()
    who = await make.member(place, *SECRETARY)
    return Archive(make, signed_in, server, place, who, tmp_path)


def median_days(pairs: list[tuple[str, str]]) -> float:
    """Return the median of the days from the first to the second moment of each pair."""
    days = [(moment(end) - moment(start)) / timedelta(days=1) for start, end in pairs]
    return statistics.median(days)


async def equals(archive: Archive, rows: list[Row]) -> None:
    """Assert that the API returns what the file contains, in the order of its times."""
    found = await archive.read()
    assert len(found) == len(rows)
    by_id = {row["source_id"]: row for row in rows}
    for node in found:
        row = by_id.pop(node["sourceId"])
        answer = node["answer"]
        assert (node["title"], node["body"], answer["body"]) == (
            *(cleaned(row[name], name) for name in ("title", "body", "answer")),
        )  # fmt: skip
        assert moment(node["submittedAt"]) == moment(row["submitted_at"])
        assert moment(answer["answeredAt"]) == moment(row["answered_at"])
        assert (node["source"], node["state"], node["author"]) == ("网友来信", "CLOSED", None)
        carried = decode_id(node["id"], "pet_")
        assert carried is not None
        assert carried.int >> 80 == int(moment(row["submitted_at"]).timestamp() * 1000)
    assert by_id == {}
    in_order = [row["source_id"] for row in sorted(rows, key=lambda r: moment(r["submitted_at"]))]
    assert [node["sourceId"] for node in reversed(found)] == in_order
    told = [(node["submittedAt"], node["answer"]["answeredAt"]) for node in found]
    assert median_days(told) == median_days([(r["submitted_at"], r["answered_at"]) for r in rows])


@pytest.mark.once
async def test_letters_come_in_once_with_their_times_to_the_character(
    archive: Archive, tmp_path: Path
) -> None:
    rows = letters(1)
    assert {name: max(len(row[name]) for row in rows) for name in LONGEST} == LONGEST
    assert all(any(odd in row["body"] for row in rows) for odd in ODD)
    file = written(rows, tmp_path / "letters.csv")

    began = time.monotonic()
    first, again = archive.run(file), archive.run(file)
    seconds = time.monotonic() - began

    assert (first.code, first.out) == (0, f"letters: {MANY} imported, 0 known\n"), first
    assert (again.code, again.out) == (0, f"letters: 0 imported, {MANY} known\n"), again
    assert seconds < 120, "twice, on a busy machine"
    await equals(archive, rows)
    await archive.whole()


@pytest.mark.once
async def test_an_import_killed_at_any_point_is_gone_on_with(
    archive: Archive, tmp_path: Path
) -> None:
    rows = letters(2)
    file = written(rows, tmp_path / "letters.csv", bom=False)
    command = archive.begin(file)
    await archive.reach(random.Random().randrange(1, MANY - 100))
    command.kill()
    command.communicate()
    assert command.returncode == -9
    await asyncio.sleep(1)  # the server finishes the requests that had arrived
    before = await archive.count()
    assert 0 < before < MANY

    again = archive.run(file)

    assert again.out == f"letters: {MANY - before} imported, {before} known\n", again
    await equals(archive, rows)
    await archive.whole()


@pytest.mark.once
async def test_a_server_killed_in_the_middle_loses_nothing_and_doubles_nothing(
    archive: Archive, settings: Settings, tmp_path: Path
) -> None:
    rows = letters(3)
    file = written(rows, tmp_path / "letters.csv")
    archive.server = Server(settings, tmp_path)
    command = archive.begin(file)
    await archive.reach(random.Random().randrange(1, MANY - 100))
    archive.server.kill()
    assert 0 < await archive.count() < MANY

    another = Server(settings, tmp_path, archive.server.port)
    try:
        # the command retries for a while: it either succeeds, or gives up with an error
        out, err = command.communicate(timeout=60)
        assert (command.returncode, "imported" in out) in {(0, True), (1, False)}, err
        here = await archive.count()
        again = archive.run(file)
    finally:
        another.stop()

    assert again.out == f"letters: {MANY - here} imported, {here} known\n", again
    await equals(archive, rows)
    await archive.whole()


@pytest.mark.once
async def test_two_imports_of_the_same_letters_at_once_share_the_work(
    archive: Archive, tmp_path: Path
) -> None:
    rows = letters(4, 200)
    file = written(rows, tmp_path / "letters.csv")
    both = [archive.begin(file) for _ in range(2)]
    said = [command.communicate(timeout=60) for command in both]

    assert [command.returncode for command in both] == [0, 0], said
    imported = [int(out.split()[1]) for out, _ in said]
    known = [int(out.split()[3]) for out, _ in said]
    assert (sum(imported), sum(known)) == (200, 200)
    assert min(imported) >= 0
    await equals(archive, rows)


async def test_what_is_known_stays_as_it_is(archive: Archive, tmp_path: Path) -> None:
    """An imported letter is identified by its source id, even if its text is different now."""
    rows = letters(5, 3)
    archive.run(written(rows, tmp_path / "letters.csv"))
    changed = [{**row, "title": "改过的标题"} for row in rows]

    said = archive.run(written(changed, tmp_path / "changed.csv"))

    assert said.out == "letters: 0 imported, 3 known\n"
    await equals(archive, rows)


async def test_a_letter_without_an_answer_waits_for_one(archive: Archive, tmp_path: Path) -> None:
    (row,) = letters(6, 1)
    archive.run(written([{**row, "answered_at": "", "answer": ""}], tmp_path / "letters.csv"))

    (node,) = await archive.read()
    assert (node["state"], node["answer"]) == ("SUBMITTED", None)
    query = "select ack_due_at > now() and next_at = ack_due_at from tenant.petition"
    assert await archive.make.value(archive.place, query) is True


@pytest.mark.once
async def test_a_token_without_the_scope_brings_nothing_in(
    archive: Archive, signed_in: SignIn, tmp_path: Path
) -> None:
    file = written(letters(7, 3), tmp_path / "letters.csv")
    scopes = IMPORTER - {Scope.PETITION_IMPORT}
    weak = unspeakable(archive.reader.person.token(signed_in.tokens, scopes=scopes))

    refused = archive.run(file, weak)
    nobody = archive.run(file, "no.such.token")
    nowhere = archive.run(file, category="没有/这类")

    assert refused.code == nobody.code == nowhere.code == 1
    assert refused.err.startswith("FORBIDDEN: Mutation.importPetitions needs the scope"), refused
    assert "[trace " in refused.err
    assert nobody.err.startswith("UNAUTHENTICATED: ")
    assert nowhere.err.startswith("NOT_FOUND: there is no category 没有/这类 in use")
    assert await archive.count() == 0


@pytest.mark.once
async def test_the_token_may_come_by_standard_input(archive: Archive, tmp_path: Path) -> None:
    file = written(letters(8, 2), tmp_path / "letters.csv")
    command = archive.begin(file, token="")
    out, err = command.communicate(f"{archive.token}\n", timeout=60)
    assert (out, command.returncode) == ("letters: 2 imported, 0 known\n", 0), err
    assert await archive.count() == 2


WRONG: dict[str, tuple[Row, str]] = {
    "no title": ({"title": ""}, "title has 1 to 100 characters, not 0"),
    "a long title": ({"title": "长" * 101}, "title has 1 to 100 characters, not 101"),
    "no body": ({"body": ""}, "body has 1 to 10000 characters, not 0"),
    "no id": ({"source_id": ""}, "source_id has 1 to 64 characters, not 0"),
    "the same id": ({"source_id": "1"}, "source_id 1 stands on line 5 already"),
    "NUL": (
        {"body": "a\0b"},
        "body: 含有不能使用的字符（U+0000）。The character U+0000 cannot stand here",
    ),
    "two lines": (
        {"title": "a\nb"},
        "title: 含有不能使用的字符（U+000A）。The character U+000A cannot stand here",
    ),
    "nothing seen": ({"body": "\u200b"}, "body: 不能为空。Must not be empty"),
    "no day": (
        {"submitted_at": "2019-02-30"},
        "submitted_at is no time with its offset, such as 2019-04-25T09:32:09+08:00",
    ),
    "no offset": (
        {"submitted_at": "2019-02-03T10:00:00"},
        "submitted_at is no time with its offset, such as 2019-04-25T09:32:09+08:00",
    ),
    "ahead": (
        {"submitted_at": "2999-01-01T00:00:00Z", "answered_at": "2999-01-02T00:00:00Z"},
        "submitted_at lies ahead, or before 1970",
    ),
    "before all time": (
        {"submitted_at": "1969-12-31T23:59:59Z"},
        "submitted_at lies ahead, or before 1970",
    ),
    "answered before": (
        {"answered_at": "2001-01-01T00:00:00Z"},
        "answered_at lies before submitted_at, or ahead",
    ),
    "answered in silence": ({"answer": ""}, "an answer and answered_at go together"),
}


PLAIN = {
    "author": "", "submitted_at": "2019-01-01T00:00:00Z", "title": "标题", "body": "正\r\n文\n",
    "answered_at": "2019-01-02T00:00:00Z", "answer": "答复",
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_a_row_that_cannot_be_is_named_by_its_line(tmp_path: Path, what: str) -> None:
    change, words = WRONG[what]
    # each row takes three lines: the wrong one begins on line 8
    rows = [{**PLAIN, "source_id": str(n)} for n in range(3)]
    rows[2] |= change
    file = written(rows, tmp_path / "letters.csv")

    with pytest.raises(ValueError, match=r"^line 8: ") as error:
        read_letters(file, datetime.now(UTC))

    assert str(error.value) == f"line 8: {words}."


def test_all_that_cannot_be_is_named_before_anything_is_sent(tmp_path: Path) -> None:
    rows = [{**PLAIN, "source_id": str(n), "title": "" if n % 2 else "标题"} for n in range(50)]
    file = written(rows, tmp_path / "letters.csv")
    # no server listens there: a command that sent something would report an error
    closed = Linli(tmp_path, LINLI_URL="http://127.0.0.1:1", LINLI_TOKEN="token")

    said = closed("petitions", "import", file, "--category", CATEGORY)

    told = [f"line {n}: title has 1 to 100 characters, not 0." for n in range(5, 125, 6)]
    assert (said.code, said.err.split("\n")) == (1, [*told, "… and 5 more lines.", ""])


def test_a_file_of_another_kind_is_refused_in_words(tmp_path: Path) -> None:
    file = tmp_path / "letters.csv"
    header = ",".join(COLUMNS).encode()
    for content, words in (
        (b"source_id,author\n1,2\n", "no column submitted_at, title, body, answered_at, answer"),
        (header + b"\n1,2\n", "line 2: it has 2 of 7 columns"),
        (header + b"\n\xff\n", "is not UTF-8"),
        (header + b'\n"a"b\n', "is not a CSV"),
    ):
        file.write_bytes(content)
        with pytest.raises(ValueError, match=words):
            read_letters(file, datetime.now(UTC))


def test_requests_stay_within_what_the_api_takes(tmp_path: Path) -> None:
    read = read_letters(written(letters(9), tmp_path / "letters.csv"), datetime.now(UTC))
    cut = list(batches(read))
    assert [letter for batch in cut for letter in batch] == read
    assert max(len(batch) for batch in cut) <= 50
    assert len(list(batches({**letter, "body": "短", "answer": "短"} for letter in read))) == 28


class Scripted(BaseHTTPRequestHandler):
    """It is a server with scripted answers, in order: a status and its headers, or no answer."""

    script: list[tuple[int, dict[str, str], str] | None]
    heard: list[bytes]

    def do_POST(self) -> None:  # the library's name
        """Answer by the script."""
        self.heard.append(self.rfile.read(int(self.headers["content-length"])))
        if (told := self.script.pop(0)) is None:
            self.close_connection = True
            return
        status, headers, body = told
        self.send_response(status)
        for name, value in {**headers, "content-length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:  # as it is called
        """Log nothing."""


Asked = Callable[..., tuple[Any, list[float], int]]


@pytest.fixture
def asked() -> Iterator[Asked]:
    """Runs an operation against a script; returns the result, pauses and request count."""
    Scripted.heard = []
    listening = HTTPServer(("127.0.0.1", 0), Scripted)
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()

    def ask(*script: tuple[int, dict[str, str], str] | None) -> tuple[Any, list[float], int]:
        Scripted.script = list(script)
        pauses: list[float] = []
        url = f"http://127.0.0.1:{listening.server_port}"
        with Remote(url, "token", pause=pauses.append) as remote:
            try:
                came: Any = remote.run("{ a }", b=1)
            except Failed as error:
                came = str(error)
        assert len(set(Scripted.heard)) == 1, "the same was sent each time"
        return came, pauses, len(Scripted.heard)

    yield ask
    listening.shutdown()
    listening.server_close()
    thread.join()


GOOD = (200, {}, '{"data": {"a": 1}}')


def test_what_passes_is_waited_out_and_sent_again(asked: Asked) -> None:
    busy, late = (503, {"retry-after": "3"}, ""), (429, {"retry-after": "7"}, "")
    script = [None, busy, late, (500, {}, ""), *[late] * 9, (502, {}, "<html>"), GOOD]
    came, pauses, times = asked(*script)
    assert came == {"a": 1}
    assert pauses == [0.25, 3, 7, 0.5, *[7] * 9, 1.0]
    assert times == 15


def test_what_does_not_pass_is_told_plainly(asked: Asked) -> None:
    told = '{"errors": [{"message": "Internal error.", "extensions": {"code": "INTERNAL", "traceId": "ab"}}]}'
    came, pauses, times = asked(*[(500, {}, told)] * 6)
    assert (came, times) == ("INTERNAL: Internal error. [trace ab]", 6)
    assert sum(pauses) == 7.75


def test_silence_is_told_after_six_tries(asked: Asked) -> None:
    came, _, times = asked(*[None] * 6)
    assert came.startswith("NO_ANSWER: http://127.0.0.1:")
    assert times == 6


def test_another_kind_of_server_is_told_apart(asked: Asked) -> None:
    came, _, times = asked((404, {"x-trace-id": "cd"}, "not found"))
    assert came.startswith("HTTP 404: http://127.0.0.1:")
    assert came.endswith("/graphql does not answer as Linli does [trace cd]")
    assert times == 1
