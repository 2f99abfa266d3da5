"""Test the nginx configuration of docs/behind-a-proxy.md, before a server, with clients at several addresses."""

import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from api.settings import Settings
from tests.api.hostile_files import encoded, photo
from tests.api.server import Server
from tests.conftest import SignIn
from tests.street import Make

pytestmark = pytest.mark.once
GUIDE = Path(__file__).parents[2] / "docs" / "behind-a-proxy.md"
# around the configuration of the guide
AROUND = """
daemon off;
{user}
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/answers;
    fastcgi_temp_path {folder}/unused-1;
    scgi_temp_path {folder}/unused-2;
    uwsgi_temp_path {folder}/unused-3;
{block}
}}
"""
# each address has a budget of three sign-ins; a fourth comes after 20 seconds
FEW = "0.05"
LIMITS = {"LINLI_LIMITS_FACTOR": FEW}
TRUSTED = {**LIMITS, "LINLI_TRUSTED_PROXIES": "127.0.0.1", "LINLI_CONNECTIONS_OF_ADDRESS": "8"}


class Nginx:
    """It is a running nginx with the configuration of the guide, before a server on this port."""

    def __init__(self, folder: Path, server: int) -> None:
        port = _free_port()
        self.url = f"https://127.0.0.1:{port}"
        self._folder = folder
        _certify(folder)
        block = _told()
        for said, ours in (
            ("    listen 443 ssl", f"    listen 127.0.0.1:{port} ssl"),
            ("server 127.0.0.1:8000", f"server 127.0.0.1:{server}"),
            ("/etc/ssl/linli.pem", f"{folder}/linli.pem"),
            ("/etc/ssl/linli.key", f"{folder}/linli.key"),
        ):
            assert block.count(said) == 1
            block = block.replace(said, ours)
        user = "user root;" if os.geteuid() == 0 else ""
        configuration = folder / "nginx.conf"
        configuration.write_text(AROUND.format(user=user, folder=folder, block=block))
        found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        assert found, "nginx is not installed: `make system-packages` says what the tests need"
        command = [found, "-p", folder, "-e", folder / "error.log", "-c", configuration]
        self._process = subprocess.Popen(command)
        self._wait(port)

    def complaints(self) -> str:
        """Return its error log."""
        return (self._folder / "error.log").read_text()

    def stop(self) -> None:
        """Stop it."""
        self._process.terminate()
        self._process.wait(10)

    def _wait(self, port: int) -> None:
        end = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                assert self._process.poll() is None, self.complaints()
                assert time.monotonic() < end, self.complaints()
                time.sleep(0.05)


def _told() -> str:
    (block,) = re.findall(r"```nginx\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    return block


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _certify(folder: Path) -> None:
    """Write a key and a self-signed certificate."""
    secret = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "linli.example.cn")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, secret.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(secret, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    kind = serialization.PrivateFormat.PKCS8
    (folder / "linli.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "linli.key").write_bytes(secret.private_bytes(pem, kind, plain))


class Street:
    """It holds clients of nginx at several addresses."""

    def __init__(self, nginx: Nginx) -> None:
        self.nginx = nginx
        self._context = ssl.create_default_context(cafile=nginx._folder / "linli.pem")
        self._context.check_hostname = False

    def client(self, address: str) -> httpx.Client:
        """Return a client at this address."""
        transport = httpx.HTTPTransport(verify=self._context, local_address=address)
        return httpx.Client(transport=transport, base_url=self.nginx.url, timeout=15)

    def guesses(self, address: str, times: int, *headers: tuple[str, str]) -> list[int]:
        """Try to sign in with an unknown token several times; return the statuses."""
        with self.client(address) as client:
            tried = [
                client.post("/auth/refresh", json={"refresh_token": "x" * 40}, headers=headers)
                for _ in range(times)
            ]
        return [each.status_code for each in tried]


@pytest.fixture(scope="module")
def street(
    settings: Settings, app: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Street]:
    """Give clients of a server that trusts nginx."""
    assert app
    yield from _behind(settings, tmp_path_factory.mktemp("believed"), TRUSTED)


@pytest.fixture(scope="module")
def street_of_nobody(
    settings: Settings, app: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Street]:
    """Clients of a server without LINLI_TRUSTED_PROXIES."""
    assert app
    yield from _behind(settings, tmp_path_factory.mktemp("unbelieved"), LIMITS)


def _behind(settings: Settings, folder: Path, environment: dict[str, str]) -> Iterator[Street]:
    server = Server(settings, folder, port=None, **environment)
    try:
        nginx = Nginx(folder, server.port)
        try:
            yield Street(nginx)
        finally:
            nginx.stop()
    finally:
        server.stop()


async def test_each_address_has_a_budget_of_its_own(street: Street) -> None:
    assert street.guesses("127.0.0.11", 5) == [400, 400, 400, 429, 429]
    assert street.guesses("127.0.0.12", 5) == [400, 400, 400, 429, 429]


@pytest.mark.parametrize(
    ("name", "own", "others"),
    [
        ("x-forwarded-for", "127.0.0.13", "127.0.0.14"),
        ("forwarded", "127.0.0.23", "127.0.0.24"),
        ("x-real-ip", "127.0.0.17", "127.0.0.18"),
    ],
)
async def test_an_address_that_the_client_wrote_does_nothing(
    street: Street, name: str, own: str, others: str
) -> None:
    # forged addresses give neither a new budget nor use up the budget of another client
    forged = ["203.0.113.1", "127.0.0.1", "203.0.113.3, 127.0.0.1", others, f"{others}, {others}"]

    tried = [street.guesses(own, 1, (name, each)) for each in forged]

    assert tried == [[400], [400], [400], [429], [429]]
    assert street.guesses(others, 3) == [400] * 3


async def test_without_the_setting_what_nginx_says_does_nothing(street_of_nobody: Street) -> None:
    guesses = street_of_nobody.guesses

    assert [guesses(f"127.0.0.{number}", 1) for number in (11, 12, 13)] == [[400]] * 3
    assert guesses("127.0.0.14", 1) == [429]
    assert guesses("127.0.0.14", 1, ("x-forwarded-for", "203.0.113.1")) == [429]


async def test_the_metrics_are_not_passed_on(street: Street) -> None:
    with street.client("127.0.0.21") as client:
        assert client.get("/livez").text == "ok"
        assert client.get("/metrics").status_code == 404


async def test_a_query_and_a_picture_pass(street: Street, make: Make, signed_in: SignIn) -> None:
    asker = signed_in(await make.member(await make.community()))
    bearer = {"authorization": f"Bearer {asker.token}"}
    with street.client("127.0.0.22") as client:
        asked = client.post("/graphql", json={"query": "{ viewer { id } }"}, headers=bearer)
        sent = {"file": ("p.jpg", encoded(photo((3000, 2000))), "image/jpeg")}
        kept = client.post("/uploads", files=sent, headers=bearer)
        large = client.post("/uploads", content=bytes(12 * 1024**2), headers=bearer)

    assert asked.json()["data"]["viewer"]["id"].startswith("vwr_")
    assert kept.status_code == 201, kept.text
    assert large.status_code == 413


async def test_the_connections_of_many_people_are_not_one_address(street: Street) -> None:
    # more connections from nginx than one address may have open
    clients = [street.client(f"127.0.0.{number}") for number in range(30, 50)]
    try:
        assert {client.get("/livez").status_code for client in clients} == {200}
    finally:
        for client in clients:
            client.close()


async def test_nginx_has_nothing_to_say_against_the_guide(street: Street) -> None:
    assert "[warn]" not in street.nginx.complaints()
    assert "[emerg]" not in street.nginx.complaints()
