"""A backup made while people write is restored elsewhere whole, and a bad one is refused in words."""

import asyncio
import json
import shutil
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from api.auth import Tokens
from api.keys import Keys
from api.settings import Settings
from tenants.backup import DUMP, MANIFEST
from tenants.db import Database
from tenants.domains import DOMAINS
from tenants.embedded import Cluster
from tests.api.hostile_files import encoded, photo
from tests.conftest import COMMUNITIES, POSTGRES_15
from tests.linli import Linli
from tests.overheard import unspeakable
from tests.served import served
from tests.settled import ENVIRONMENT, Settled, settled
from tests.street import STAFF, Make, key
from tests.test_demo import COUNTERS

# Where the database is: in the data folder, or an external one whose admin is no superuser.
KINDS = ["embedded", *(["external 15"] if (POSTGRES_15 / "postgres").exists() else [])]
OPS = "create role ops login createrole createdb"
REVEAL = """mutation ($id: ID!) { revealContact(input: {memberId: $id, reason: "核对"}) {
  contact { realName } userErrors { code } } }"""
PICTURED = """mutation ($input: CreatePostInput!) { createPost(input: $input) {
  post { id } userErrors { code } } }"""


@dataclass(frozen=True)
class Machine:
    """A data folder and its database."""

    data: Path
    url: str | None
    cluster: Cluster

    @property
    def linli(self) -> Linli:
        """The command on this machine."""
        return Linli(self.data, self.url, LINLI_LOG_LEVEL="WARNING")

    @property
    def settings(self) -> Settings:
        """The settings of a server on it."""
        return Settings(data=self.data, database_url=self.url)

    def counts(self, query: str) -> int:
        """Return the number that a query finds, as a superuser."""
        with psycopg.connect(self.cluster.url()) as owner:
            found = owner.execute(query.encode()).fetchone()
        assert found is not None
        return found[0]


@contextmanager
def machine(kind: str, folder: Path) -> Generator[Machine]:
    """Give a machine with an empty data folder and no database of ours."""
    data = folder / "data"
    if kind == "embedded":
        yield Machine(data, None, Cluster(data))
        return
    cluster = Cluster(folder / "external", POSTGRES_15)
    cluster.start()
    try:
        with psycopg.connect(cluster.url(database="postgres"), autocommit=True) as owner:
            owner.execute(OPS)
        yield Machine(data, cluster.url(user="ops"), cluster)
    finally:
        cluster.stop()


class Writer:
    """Somebody who writes one post after another, until told to stop."""

    def __init__(self, url: str, people: Settled) -> None:
        self._url, self._people = url, people
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._write)
        self.acknowledged: list[str] = []

    def __enter__(self) -> "Writer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()

    def _write(self) -> None:
        while not self._stopped.is_set():
            title = f"第{len(self.acknowledged)}帖"
            answer = self._people.writes(self._url, title, "正文").json()
            assert answer["data"]["made"]["userErrors"] == [], answer
            self.acknowledged.append(title)


def staffed(here: Machine, people: Settled) -> tuple[str, str]:
    """Return a token of a committee member, and the id of a member whose contact they may see."""

    async def made() -> tuple[str, str]:
        database = await Database.connect(
            here.settings.role_urls(), DOMAINS, size=2, statements=50, ring=here.settings.ring
        )
        make = Make(database, here.cluster)
        staff = await make.member(people.place, *STAFF)
        tokens = Tokens(Keys(here.data / "keys"), here.settings.public_url, 7200)
        member = await make.applicant(people.place, "ACTIVE")
        await database.close()
        return unspeakable(staff.token(tokens)), member.public_id

    return asyncio.run(made())


def pictured(url: str, people: Settled) -> str:
    """Publish a post with a picture; return its id."""
    bearer = {"authorization": f"Bearer {people.tokens[0]}"}
    files = {"file": ("p.jpg", encoded(photo((60, 40))), "image/jpeg")}
    upload = httpx.post(f"{url}/uploads", files=files, headers=bearer).json()["uploadId"]
    given = {"boardId": people.place.board(), "title": "有图", "body": "看图",
             "uploadIds": [upload], "idempotencyKey": key()}  # fmt: skip
    answer = people.asks(url, PICTURED, input=given).json()
    return answer["data"]["createPost"]["post"]["id"]


def revealed(url: str, token: str, member: str) -> str:
    """Return the real name of a member, as the committee sees it."""
    answer = httpx.post(
        f"{url}/graphql", headers={"authorization": f"Bearer {token}"},
        json={"query": REVEAL, "variables": {"id": member}}, timeout=15,
    ).json()  # fmt: skip
    return unspeakable(answer["data"]["revealContact"]["contact"]["realName"])


@pytest.mark.once
@pytest.mark.parametrize("kind", KINDS)
def test_a_backup_under_writes_is_restored_elsewhere(kind: str, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    with machine(kind, tmp_path / "here") as here, machine(kind, tmp_path / "there") as there:
        here.linli("migrate", code=0)
        (tmp_path / "log").mkdir()
        often = {**ENVIRONMENT, "LINLI_CHECKPOINT_SECONDS": "0.5"}
        with served(here.data, tmp_path / "log", here.url, workers=1, **often) as running:
            people = asyncio.run(settled(here.settings, 1))
            token, member = staffed(here, people)
            name, post = revealed(running.url, token, member), pictured(running.url, people)
            original = picture_of(running.url, people, post).content
            with Writer(running.url, people) as writer:
                while len(writer.acknowledged) < 10:
                    threading.Event().wait(0.05)
                before = list(writer.acknowledged)
                said = here.linli("backup", backup, code=0).out
            assert len(writer.acknowledged) > len(before), "they wrote on meanwhile"
        assert "1 image" in said or "2 image" in said

        there.linli("restore", backup, code=0)
        there.linli("migrate", code=0)
        assert "grave" not in there.linli("doctor", code=0).out
        verified = there.linli("audit", "verify", code=0).out
        assert "every checkpoint is met" in verified
        assert not verified.startswith("0 communities")
        with served(there.data, tmp_path / "log", there.url, workers=1, **often) as running:
            assert revealed(running.url, token, member) == name
            picture = picture_of(running.url, people, post)
            assert (picture.status_code, picture.content) == (200, original)
            assert people.writes(running.url, "之后", "正文").status_code == 200
            titles = "', '".join(before)
            query = f"select count(*) from tenant.post where title in ('{titles}')"
            assert there.counts(query) == len(before)
            for what, query in COUNTERS.items():
                assert there.counts(query) == 0, what


def picture_of(url: str, people: Settled, post: str) -> httpx.Response:
    """Load the picture of a post."""
    query = "query ($id: ID!) { post(id: $id) { images { url } } }"
    (image,) = people.asks(url, query, id=post).json()["data"]["post"]["images"]
    return httpx.get(f"{url}/files/{image['url'].partition('/files/')[2]}")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Machine, Path]]:
    """A machine with a community, and a good backup of it."""
    folder = tmp_path_factory.mktemp("kept")
    with machine("embedded", folder) as here:
        here.linli("migrate", code=0)
        here.linli("communities", "import", _one(folder), code=0)
        here.cluster.start()
        # the start of a server writes the marks of its ring
        with served(here.data, folder, None, workers=1):
            pass
        here.linli("backup", folder / "backup", code=0)
        yield here, folder / "backup"
        here.cluster.stop()


def _one(folder: Path) -> Path:
    few = folder / "one.csv"
    few.write_text("".join(COMMUNITIES.read_text().splitlines(keepends=True)[:2]))
    return few


def reverse_keys(backup: Path) -> None:
    """Put other keys in the place of the ring's."""
    for path in (backup / "ring").glob("*.key"):
        path.write_bytes(bytes(reversed(path.read_bytes())))


def overwrite(file: Path) -> None:
    """Change one byte of a file."""
    content = bytearray(file.read_bytes())
    content[-9] ^= 1
    file.write_bytes(content)


# What an accident does to a backup.
SPOILS: dict[str, Callable[[Path], object]] = {
    "another ring": reverse_keys,
    "a lost key": lambda backup: next((backup / "ring").glob("*-*.key")).unlink(),
    "ring": lambda backup: shutil.rmtree(backup / "ring"),
    "keys": lambda backup: shutil.rmtree(backup / "keys"),
    "files": lambda backup: shutil.rmtree(backup / "files"),
    "a changed dump": lambda backup: overwrite(backup / DUMP),
    "no manifest": lambda backup: (backup / MANIFEST).unlink(),
    "an empty dump": lambda backup: _manifest(backup, rows={"tenant.community": 0}),
    "a lost image": lambda backup: _manifest(backup, images=1),
    "a newer linli": lambda backup: _manifest(backup, migration="9999"),
}


def _manifest(backup: Path, **changed: Any) -> None:
    manifest = json.loads((backup / MANIFEST).read_text())
    (backup / MANIFEST).write_text(json.dumps(manifest | changed))


REFUSED = {
    "another ring": "The ring of the backup is not the one that its database was sealed with",
    "a lost key": "The ring of the backup is not the one that its database was sealed with",
    "ring": "The backup has no folder ring",
    "keys": "The backup has no folder keys",
    "files": "The backup has no folder files",
    "a changed dump": "The backup was changed since it was made: database.dump",
    "no manifest": "is no backup, or one that was not finished",
    "an empty dump": "The backup holds no community: it is empty",
    "a lost image": "The backup has 0 of 1 image files",
    "a newer linli": "The backup is of a newer linli",
}


@pytest.mark.once
@pytest.mark.parametrize("what", REFUSED)
def test_a_bad_backup_is_refused_and_nothing_is_written(
    kept: tuple[Machine, Path], what: str, tmp_path: Path
) -> None:
    spoilt, data = tmp_path / "backup", tmp_path / "data"
    shutil.copytree(kept[1], spoilt)
    SPOILS[what](spoilt)
    url = kept[0].cluster.url(database="elsewhere")
    refused = Linli(data, url)("restore", spoilt)
    assert refused.code == 1
    assert REFUSED[what] in refused.err
    assert "Traceback" not in refused.err
    assert list(data.iterdir()) == []
    exists = "select count(*) from pg_database where datname = 'elsewhere'"
    assert kept[0].counts(exists) == 0


@pytest.mark.once
def test_a_backup_is_not_restored_over_what_is_there(
    kept: tuple[Machine, Path], tmp_path: Path
) -> None:
    here, backup = kept
    before = here.counts("select count(*) from tenant.community")
    over = here.linli("restore", backup)
    assert "The database holds a server's data already" in over.err
    data = tmp_path / "data"
    (data / "ring").mkdir(parents=True)
    (data / "ring" / "index.key").write_bytes(b"another")
    other = Linli(data, here.cluster.url(database="elsewhere"))("restore", backup)
    assert "is there already: name an empty data folder" in other.err
    assert (over.code, other.code) == (1, 1)
    assert (data / "ring" / "index.key").read_bytes() == b"another"
    assert here.counts("select count(*) from tenant.community") == before


@pytest.mark.once
def test_no_backup_is_made_of_nothing_or_over_another(
    kept: tuple[Machine, Path], tmp_path: Path
) -> None:
    here, backup = kept
    over = here.linli("backup", backup)
    assert "is there already: name a new folder" in over.err
    elsewhere = Linli(tmp_path / "data", here.cluster.url())("backup", tmp_path / "b")
    assert "has no ring: is LINLI_DATA right?" in elsewhere.err
    with psycopg.connect(here.cluster.url(), autocommit=True) as owner:
        owner.execute("drop policy linli_backup on tenant.community")
    blind = here.linli("backup", tmp_path / "c")
    assert "run `linli migrate` first" in blind.err
    here.linli("migrate", code=0)
    empty = Linli(here.data, here.cluster.url(database="void"))
    empty("migrate", code=0)
    assert "there is nothing to back up" in empty("backup", tmp_path / "d").err
    assert [path.name for path in tmp_path.iterdir() if path.name in "bcd"] == []


@pytest.mark.once
def test_a_wrong_ring_is_found_at_the_start(kept: tuple[Machine, Path], tmp_path: Path) -> None:
    here, _ = kept
    wrong = tmp_path / "data"
    shutil.copytree(here.data / "keys", wrong / "keys")
    elsewhere = Linli(wrong, here.cluster.url())
    for command in (("doctor",), ("serve", "--port", "1")):
        ill = elsewhere(*command)
        assert ill.code == 1
        assert f"The ring at {wrong / 'ring'} lacks keys that sealed this database" in (
            ill.out + ill.err
        )
    assert "lacks keys" in elsewhere("secrets", "rotate").err
    here.linli("doctor", code=0)
    assert "envelopes sealed anew" in here.linli("secrets", "rotate", code=0).out
    here.linli("doctor", code=0)
