"""The address of a request: the peer's, unless the peer is a proxy that the settings name."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

import httpx
import pytest

from api.app import create_app
from api.settings import Bucket, Limits, Settings

pytestmark = pytest.mark.once
PROXY = "10.0.0.5"
ONCE = Bucket(5, 1e-6)  # one sign-in, then none for days

Open = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def application(settings: Settings) -> AsyncGenerator[Open]:
    """Opens an application and returns its client, whose requests come from a given address."""
    async with AsyncExitStack() as stack:

        async def opened(peer: str, **changed: object) -> httpx.AsyncClient:
            return await stack.enter_async_context(_client(replace(settings, **changed), peer))

        yield opened


@asynccontextmanager
async def _client(settings: Settings, peer: str) -> AsyncGenerator[httpx.AsyncClient]:
    app = create_app(replace(settings, pool_size=2))
    transport = httpx.ASGITransport(app=app, client=(peer, 4711))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://linli.test") as client,
    ):
        yield client


async def signed_in_from(client: httpx.AsyncClient, *forwarded: str) -> int:
    """Try to refresh; return the status."""
    headers = [("x-forwarded-for", each) for each in forwarded]
    answer = await client.post("/auth/refresh", json={"refresh_token": "x" * 40}, headers=headers)
    return answer.status_code


def narrow(settings: Settings) -> Limits:
    """Return limits that allow each address one attempt."""
    return replace(settings.limits, strangers=ONCE)


async def test_by_default_nobody_is_believed(application: Open, settings: Settings) -> None:
    client = await application("127.0.0.1", limits=narrow(settings))

    assert [await signed_in_from(client, f"203.0.113.{i}") for i in range(4)] == [
        400,
        429,
        429,
        429,
    ]


async def test_a_trusted_proxy_says_who_came(application: Open, settings: Settings) -> None:
    client = await application(PROXY, limits=narrow(settings), trusted_proxies=("10.0.0.0/24",))

    assert [await signed_in_from(client, f"203.0.113.{i}") for i in range(4)] == [400] * 4
    assert await signed_in_from(client, "203.0.113.1") == 429
    # the client wrote what stands left of the address; another proxy of ours may have passed it on
    assert await signed_in_from(client, "198.51.100.7, 203.0.113.1") == 429
    assert await signed_in_from(client, "198.51.100.7", "203.0.113.1, 10.0.0.9") == 429
    assert await signed_in_from(client, "198.51.100.7") == 400


async def test_whoever_is_no_trusted_proxy_is_not_believed(
    application: Open, settings: Settings
) -> None:
    client = await application("10.0.1.5", limits=narrow(settings), trusted_proxies=(PROXY,))

    assert await signed_in_from(client, "203.0.113.1") == 400
    assert await signed_in_from(client, "203.0.113.2") == 429


@pytest.mark.parametrize(
    ("peer", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("10.0.0.9", {}, 403),
        ("127.0.0.1", {"x-forwarded-for": "203.0.113.1"}, 403),
        ("127.0.0.1", {"via": "1.1 caddy"}, 403),
        (PROXY, {"x-forwarded-for": "127.0.0.1"}, 403),
        ("10.0.0.9", {"authorization": "Bearer watching"}, 200),
        ("10.0.0.9", {"authorization": "Bearer wrong"}, 403),
    ],
)
async def test_the_metrics_are_for_this_machine_or_a_token(
    application: Open, peer: str, headers: dict[str, str], status: int
) -> None:
    client = await application(peer, trusted_proxies=(PROXY,), metrics_token="watching")

    answer = await client.get("/metrics", headers=headers)

    assert answer.status_code == status
    assert ("linli_kept" in answer.text) is (status == 200)


async def test_without_a_metrics_token_none_is_one(application: Open) -> None:
    client = await application("10.0.0.9")

    for sent in ("Bearer ", "Bearer", ""):
        answer = await client.get("/metrics", headers={"authorization": sent})
        assert answer.status_code == 403


async def test_what_needs_no_token_has_one_budget_for_an_address(
    application: Open, settings: Settings
) -> None:
    limits = replace(settings.limits, strangers=Bucket(7, 1e-6))
    client = await application("203.0.113.1", limits=limits)
    path = "/join/1-aaaaaaaaaaaaaaaaaaaa.png"

    drawn = await client.get(path)
    kept = await client.get(path)
    contract = await client.get("/schema.graphql")
    refused = [
        await client.get(p) for p in ("/schema.graphql", path, "/.well-known/jwks.json", "/")
    ]
    free = [await client.get(p) for p in ("/livez", "/readyz")]

    assert [drawn.status_code, kept.status_code, contract.status_code] == [200, 200, 200]
    assert drawn.content == kept.content
    assert drawn.headers["cache-control"] == "private, max-age=60"
    assert {each.status_code for each in refused} == {429}
    assert all(int(each.headers["retry-after"]) > 0 for each in refused)
    assert await signed_in_from(client) == 429
    assert [each.status_code for each in free] == [200, 200]


async def test_the_contract_is_sent_once(client: httpx.AsyncClient) -> None:
    first = await client.get("/schema.graphql")
    etag = first.headers["etag"]

    for known in (etag, f'"other", W/{etag}', "*"):
        again = await client.get("/schema.graphql", headers={"if-none-match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    other = await client.get("/schema.graphql", headers={"if-none-match": '"other"'})
    assert (other.status_code, other.text) == (200, first.text)
    assert first.headers["cache-control"] == "public, max-age=300"


@pytest.mark.parametrize("listed", ["everyone", "10.0.0.0/33", "*"])
def test_a_proxy_that_is_no_address_is_refused(
    listed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINLI_TRUSTED_PROXIES", f"10.0.0.1, {listed}")

    with pytest.raises(ValueError, match="LINLI_TRUSTED_PROXIES"):
        Settings.from_environment()
