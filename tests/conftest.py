"""Provide fixtures of all tests: a real PostgreSQL, the real application, and people with access tokens.

The suite runs on the embedded PostgreSQL, and also on PostgreSQL 15 if its binaries are installed.
"""

import asyncio
import logging
import socket
import threading
import time
from collections.abc import AsyncGenerator, Generator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
import uvloop

from api.administration import bring_in, read_communities
from api.app import create_app
from api.settings import Limits, Settings
from demo.wechat import APPID, SECRET, stand_in
from tenants.db import Database
from tenants.domains import DOMAINS
from tenants.embedded import Cluster
from tenants.migrate import migrate
from tests import sent
from tests.api.server import Server
from tests.demonstration import Demonstration, demonstrated
from tests.fast import HEAVY, is_fast
from tests.memory import in_memory
from tests.openapi import Held
from tests.overheard import ELSEWHERE, UNSPEAKABLE, leaks, listen, unspeakable
from tests.proofs import PROVE, Proofs, proves
from tests.sent import Sent
from tests.street import Make, Person, SignedIn

assert proves  # a fixture of every test

POSTGRES_15 = Path("/usr/lib/postgresql/15/bin")
VERSIONS = ["embedded", *(["15"] if (POSTGRES_15 / "postgres").exists() else [])]
_FIRST = [*VERSIONS[::-1], "demo", *sorted(Path(name).stem for name in HEAVY)]
LOOPS: list[asyncio.AbstractEventLoop] = []
COMMUNITIES = Path(__file__).parents[1] / "demo" / "data" / "baoshan-communities.csv"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--review`, which writes the reviewed tables again from the results."""
    parser.addoption("--review", action="store_true", help="write the reviewed tables anew")
    parser.addoption("--fast", action="store_true", help="run what tests/fast.py chooses")


def pytest_configure(config: pytest.Config) -> None:
    """Write down what is proven, in the one process that hears of all tests."""
    if PROVE and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Proofs())


# around xdist's own hook, which writes the group into each test's name
@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Generator[None]:
    """Give each version of PostgreSQL a process of its own; `once` tests run on the embedded one only.

    `once` tests form a group for each file, so that the process that is free first runs them. The longest
    groups begin first.
    """
    kept: list[pytest.Item] = []
    spared: list[pytest.Item] = []
    # tests of the demo form a group with its own PostgreSQL; their files are not split, because the
    # tests share a folder that npm writes to
    demo = {item.path for item in items if "demo_cluster" in getattr(item, "fixturenames", ())}
    for item in items:
        callspec = getattr(item, "callspec", None)
        version = callspec.params.get("cluster") if callspec else None
        is_once = version is not None and item.get_closest_marker("once") is not None
        group = version if version and not is_once else item.path.stem
        item.add_marker(pytest.mark.xdist_group("demo" if item.path in demo else group))
        is_spared = is_once and version == "15"
        if config.getoption("--fast") and not is_fast(item, version):
            is_spared = True
        (spared if is_spared else kept).append(item)
    config.hook.pytest_deselected(items=spared)
    items[:] = kept
    yield
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    """Return when the group of a test begins: those of a version first, then what takes long."""
    marker = item.get_closest_marker("xdist_group")
    assert marker is not None
    return _FIRST.index(marker.args[0]) if marker.args[0] in _FIRST else len(_FIRST)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Assert that each test has a group if xdist distributes by groups: xdist does not."""
    if getattr(session.config.option, "loadgroup", False):
        assert all("@" in item.nodeid.rpartition("]")[2] for item in session.items)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None]:
    """Cancel the tasks of a failed test: the end of the session would wait for what they hold."""
    before = _tasks()
    try:
        yield
    except BaseException:
        for task in _tasks() - before:
            task.cancel()
        raise


def _tasks() -> set[asyncio.Task[object]]:
    return {task for loop in LOOPS if not loop.is_closed() for task in asyncio.all_tasks(loop)}


@pytest.fixture(scope="session", autouse=True)
def overheard() -> Iterator[None]:
    """Assert at the end that no log line of any process contains a secret word of the tests."""
    heard = listen()
    yield
    logging.getLogger().removeHandler(heard)
    assert leaks(heard.lines + ELSEWHERE, UNSPEAKABLE) == []


@pytest.fixture(scope="session")
def statements_sent() -> Iterator[Sent]:
    """Give the statements that the product sends to PostgreSQL from this process."""
    with pytest.MonkeyPatch.context() as patch:
        yield sent.listen(patch)


@pytest.fixture(autouse=True)
def in_one_place(statements_sent: Sent, request: pytest.FixtureRequest) -> Iterator[None]:
    """Assert the rules of statements for every statement that a test is the first to send."""
    yield
    faults = statements_sent.new_faults()
    if request.node.get_closest_marker("planted") is None:
        assert faults == []


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, object]]:
    """Give one event loop for the session, of the kind that the server uses."""

    def new_loop() -> asyncio.AbstractEventLoop:
        LOOPS.append(uvloop.new_event_loop())
        return LOOPS[-1]

    return "asyncio", {"loop_factory": new_loop}


@pytest.fixture(scope="session", params=VERSIONS)
def cluster(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cluster]:
    """Give a separate PostgreSQL, removed when the session ends."""
    binaries = POSTGRES_15 if request.param == "15" else None
    with in_memory(tmp_path_factory, "postgres") as folder:
        made = Cluster(folder, binaries)
        made.start()
        migrate(made.url())
        yield made
        made.stop()
        # PostgreSQL's log is searched for secrets as well
        ELSEWHERE.extend((made.data / "log").read_text(errors="replace").splitlines())


@pytest.fixture(scope="session")
def wechat() -> Iterator[str]:
    """Give the URL of a stand-in for WeChat's server on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(stand_in(), port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="session")
def settings(cluster: Cluster, wechat: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Give settings of a server on that PostgreSQL, with budgets that no test exhausts by accident."""
    return Settings(
        data=tmp_path_factory.mktemp("data"),
        database_url=cluster.url(),
        limits=Limits().times(1e6),
        wechat_url=wechat,
        wechat_appid=APPID,
        wechat_secret=SECRET,
        pool_size=8,
        # so that no test fails because the machine is busy
        wait_seconds=60,
        deadline_seconds=60,
        # what falls due is done only by the tests that say so: their rows are of long ago
        background=False,
        documents_seconds=1e6,
    )


@pytest.fixture(scope="session")
def demo_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Give a second embedded PostgreSQL, for the demo."""
    with in_memory(tmp_path_factory, "demo-postgres") as folder:
        made = Cluster(folder)
        made.start()
        yield made
        made.stop()
        ELSEWHERE.extend((made.data / "log").read_text(errors="replace").splitlines())


@pytest.fixture(scope="session")
def demo(
    demo_cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Demonstration]:
    """A smaller demo; tests may change it."""
    with demonstrated(demo_cluster, tmp_path_factory.mktemp("demo")) as served:
        yield served


def _invented() -> list[dict[str, str]]:
    """Return more communities of a street with few: each test that asks gets one for itself."""
    (like,) = [row for row in read_communities(COMMUNITIES) if row["code"] == "310113501201"]
    return [
        {**like, "code": f"310113501{number}", "name": f"第{number}居委会", "kind": "RESIDENTIAL"}
        for number in range(300, 900)
    ]


@pytest.fixture(scope="session")
async def database(settings: Settings) -> AsyncGenerator[Database]:
    """Database connections of the tests, with the real communities imported."""
    opened = await Database.connect(
        settings.role_urls(), DOMAINS, size=4, statements=300, ring=settings.ring
    )
    await bring_in(opened, [*read_communities(COMMUNITIES), *_invented()], lambda _: None)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
async def app(
    settings: Settings,
    database: Database,  # noqa: ARG001 # the communities must exist first
) -> AsyncGenerator[object]:
    """Give the application, started as uvicorn starts it."""
    application = create_app(settings)
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture(scope="session")
def server(
    settings: Settings, database: object, app: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Give a server on the tests' PostgreSQL, with the communities and signing keys of the tests."""
    assert database
    assert app
    running = Server(settings, tmp_path_factory.mktemp("server"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
async def client(app: Any) -> AsyncGenerator[httpx.AsyncClient]:
    """A client of the application, in process; answers are held to the OpenAPI document."""
    transport = Held(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://linli.test") as opened:
        yield opened


@pytest.fixture(scope="session")
def make(database: Database, cluster: Cluster) -> Make:
    """Creates people and their texts directly in the database."""
    return Make(database, cluster)


@pytest.fixture(scope="session")
def signed_in(client: httpx.AsyncClient, app: Any) -> "SignIn":
    """Signs a person in: returns a client with their access token."""
    return SignIn(client, app)


class SignIn:
    """Mints tokens with the application's own keys."""

    def __init__(self, client: httpx.AsyncClient, app: Any) -> None:
        self._client = client
        self.tokens = app.state.house.tokens

    def __call__(self, person: Person, **claims: Any) -> SignedIn:
        """Return a client with an access token of `person`."""
        return SignedIn(self._client, person, unspeakable(person.token(self.tokens, **claims)))
