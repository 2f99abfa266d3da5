"""Limits on what a connection sends, keeps open and receives; all tests use real sockets."""

import contextlib
import re
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Iterator

import httpx
import pytest

from api.connections import network_of
from api.settings import Settings
from tests.api.server import Server

pytestmark = pytest.mark.once
GET = b"GET /livez HTTP/1.1\r\nhost: linli.test\r\n"
WHOLE = 64 * 1024
OF_ADDRESS = 8


@pytest.fixture(scope="module")
def door(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give a server with short time limits and few connections, so that its limits are reached soon."""
    running = Server(
        settings,
        tmp_path_factory.mktemp("door"),
        LINLI_HEAD_SECONDS="0.6",
        LINLI_READ_SECONDS="1",
        LINLI_CONNECTIONS="24",
        LINLI_CONNECTIONS_OF_ADDRESS=str(OF_ADDRESS),
    )
    yield running
    running.stop()


@contextlib.contextmanager
def connected(server: Server, address: str = "127.0.0.4") -> Generator[socket.socket]:
    """Open a connection from an address for the length of the block."""
    with socket.create_connection(
        ("127.0.0.1", server.port), timeout=10, source_address=(address, 0)
    ) as opened:
        yield opened


def rest(opened: socket.socket) -> bytes:
    """Read until the server closes the connection."""
    pieces: list[bytes] = []
    with contextlib.suppress(ConnectionResetError):
        while piece := opened.recv(65536):
            pieces.append(piece)
    return b"".join(pieces)


def answers(server: Server, sent: bytes) -> list[int]:
    """Send bytes over one connection; return the statuses of all answers until it was closed."""
    with connected(server) as opened:
        with contextlib.suppress(ConnectionError):
            opened.sendall(sent)
        return [int(found) for found in re.findall(rb"HTTP/1\.1 (\d{3})", rest(opened))]


def head(size: int) -> bytes:
    """Return a request head of this many bytes."""
    end = b"connection: close\r\n\r\n"
    return GET + b"x-a: " + b"a" * (size - len(GET) - len(end) - 7) + b"\r\n" + end


def closed(server: Server, kind: str) -> float:
    """Return how often the server closed a connection for this reason."""
    found = re.search(
        rf'linli_closed_total{{kind="{kind}"}} (\S+)', httpx.get(f"{server.url}/metrics").text
    )
    return float(found[1]) if found else 0


def test_a_head_of_64_kb_is_read_and_not_a_byte_more(door: Server) -> None:
    assert len(head(WHOLE)) == WHOLE
    assert answers(door, head(WHOLE - 1)) == [200]
    assert answers(door, head(WHOLE + 1)) == [431]
    assert answers(door, head(300_000)) == [431]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /" + b"a" * 100_000, 414),
        (GET + b"a:b\r\n" * 101 + b"connection: close\r\n\r\n", 431),
        (GET + b"a:b\r\n" * 20_000, 431),
        (GET + b"x" * 100_000, 431),
        (b"\r\n" * 50_000, 431),
        (b"nonsense\r\n\r\n", 400),
        (GET + b"a:b\r\n" * 90 + b"connection: close\r\n\r\n", 200),
    ],
    ids=["address", "lines", "many lines", "name", "line ends", "nonsense", "usual"],
)
def test_a_head_without_end_is_refused_and_closed(door: Server, sent: bytes, status: int) -> None:
    assert answers(door, sent) == [status]


def test_the_bound_is_of_each_request_on_a_connection(door: Server) -> None:
    several = (GET + b"x-a: " + b"a" * 40_000 + b"\r\n\r\n") * 4

    assert answers(door, several + head(200)) == [200] * 5


def test_a_request_whose_body_never_ends_is_closed_after_its_answer(door: Server) -> None:
    # /livez reads no body; the rest of a request, its chunk extensions and trailers are limited
    chunked = GET + b"transfer-encoding: chunked\r\n\r\n"

    assert answers(door, chunked + b"1\r\na\r\n") == [200]
    assert answers(door, chunked + b"1;" + b"x" * 200_000)[1:] in ([], [431])
    assert answers(door, chunked + b"0\r\n" + b"a:b\r\n" * 40_000)[1:] in ([], [431])


@pytest.mark.parametrize(
    ("sent", "kind", "expected"),
    [(b"", "silent", []), (GET, "late head", [408]), (b"\r\n", "silent", [])],
    ids=["nothing", "half a head", "an empty line"],
)
def test_what_is_awaited_comes_in_time(
    door: Server, sent: bytes, kind: str, expected: list[int]
) -> None:
    before, began = closed(door, kind), time.monotonic()

    assert answers(door, sent) == expected

    assert 0.5 < time.monotonic() - began < 5
    assert closed(door, kind) == before + 1


def test_half_a_head_on_a_kept_connection_is_late_too(door: Server) -> None:
    with connected(door) as opened:
        opened.sendall(GET + b"\r\n" + GET)
        assert rest(opened).count(b"HTTP/1.1 408") == 1


def test_few_requests_wait_behind_one_that_is_answered(door: Server) -> None:
    before = closed(door, "pipelined")

    assert answers(door, (GET + b"\r\n") * 15 + head(200)) == [200] * 16
    assert len(answers(door, (GET + b"\r\n") * 5000)) < 5000

    assert closed(door, "pipelined") == before + 1


def test_what_follows_a_body_is_no_header(door: Server) -> None:
    trailer = b"1\r\n{\r\n0\r\nauthorization: Bearer x\r\n\r\n"
    post = (
        b"POST /graphql HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\nconnection: close\r\n"
    )

    with connected(door) as opened:
        opened.sendall(post + b"\r\n" + trailer)
        assert b"www-authenticate: Bearer\r\n" in rest(opened)  # no token was sent: no error named


def test_an_address_has_its_share_and_its_idle_connections_make_room(door: Server) -> None:
    before = closed(door, "address")
    with contextlib.ExitStack() as held:
        first, *_, last = [
            held.enter_context(connected(door, "127.0.0.9")) for _ in range(OF_ADDRESS + 1)
        ]
        last.sendall(head(200))

        assert b"HTTP/1.1 200" in rest(last)
        assert rest(first) == b""
        assert httpx.get(f"{door.url}/livez").status_code == 200

    assert closed(door, "address") == before + 1


def test_where_there_is_no_room_the_longest_idle_is_closed(door: Server) -> None:
    before = closed(door, "room")
    with contextlib.ExitStack() as held:
        for i in range(40):
            held.enter_context(connected(door, f"127.0.1.{i + 1}"))

        assert httpx.get(f"{door.url}/livez").status_code == 200

    assert closed(door, "room") >= before + 16


def test_who_reads_nothing_of_an_answer_is_closed(door: Server) -> None:
    before = closed(door, "unread")
    sent = b"GET /schema.graphql HTTP/1.1\r\nhost: x\r\n\r\n"
    # the kernel buffers hold megabytes of answers, so the test asks for more than that
    with connected(door) as opened:
        opened.sendall(sent * 16)
        end = time.monotonic() + 8
        while closed(door, "unread") == before and time.monotonic() < end:
            with contextlib.suppress(ConnectionError):
                opened.sendall(sent)
            time.sleep(0.1)

    assert closed(door, "unread") == before + 1


def test_what_is_closed_is_logged_by_kind_and_not_by_address(door: Server) -> None:
    for _ in range(20):
        answers(door, b"nonsense\r\n\r\n")
    time.sleep(1.6)

    lines = [line for line in door.log.splitlines() if '"kind":"malformed"' in line]
    assert 1 <= len(lines) < 20
    assert "127.0.0.4" not in door.log
    assert "Traceback" not in door.log


def test_every_answer_says_that_it_is_what_it_says(door: Server) -> None:
    for path in (
        "/",
        "/livez",
        "/schema.graphql",
        "/nothing",
        "/auth/demo",
        "/graphql",
        "/uploads",
    ):
        response = httpx.get(f"{door.url}{path}")
        assert response.headers.get_list("x-content-type-options") == ["nosniff"], path


def test_what_the_command_writes_is_its_owners_alone() -> None:
    shown = (
        "import os; from api import cli;"
        "cli.command = lambda app: lambda: print(oct(os.umask(0)));"
        "cli.main()"
    )
    said = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True)

    assert said.stdout == "0o77\n"


def test_an_address_of_ipv6_is_counted_by_its_subscriber() -> None:
    assert network_of("2001:db8::1:2:3:4") == network_of("2001:db8::9") == "2001:db8::"
    assert network_of("2001:db8:0:1::1") != network_of("2001:db8::1")
    assert network_of("::ffff:10.0.0.1") == network_of("10.0.0.1") == "10.0.0.1"
