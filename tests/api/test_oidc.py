"""Signing in with OpenID Connect: against a certified provider, and against one that lies."""

import json
import os
import re
import signal
import socket
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from api.app import create_app
from api.oidc import Flow, Provider, ProviderRefused, ProviderUnavailable
from api.settings import Settings
from tests.api.test_signin import code_of
from tests.api.test_wechat import serving
from tests.npm import Npm
from tests.openapi import Held
from tests.overheard import unspeakable
from tests.street import Make

pytestmark = pytest.mark.once
CLIENT, SECRET = "linli", "secret-of-the-tests"
REDIRECT = "http://127.0.0.1:8000/signin"


@pytest.fixture(scope="module")
def certified() -> Iterator[str]:
    """The issuer of a provider that the OpenID Foundation certified (npm's oidc-provider)."""
    npm = Npm(Path(__file__).parent / "oidc")
    npm.install()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = npm.start("provider.mjs", str(port), REDIRECT)
    issuer = f"http://127.0.0.1:{port}"
    end = time.monotonic() + 30
    while True:
        try:
            httpx.get(f"{issuer}/.well-known/openid-configuration")
            break
        except httpx.TransportError:
            assert process.poll() is None
            assert time.monotonic() < end
            time.sleep(0.1)
    yield issuer
    os.killpg(process.pid, signal.SIGTERM)
    process.wait(10)


@pytest.fixture(scope="module")
async def here(certified: str, settings: Settings, app: object) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a server that has this provider."""
    assert app
    async with served_with(settings, certified) as client:
        yield client


@asynccontextmanager
async def served_with(settings: Settings, issuer: str) -> AsyncGenerator[httpx.AsyncClient]:
    """Serve in process with this provider; the answers are held to the OpenAPI document."""
    chosen = replace(settings, oidc_issuer=issuer, oidc_client_id=CLIENT, oidc_client_secret=SECRET)
    application = create_app(chosen)
    async with application.router.lifespan_context(application):
        transport = Held(app=application)
        async with httpx.AsyncClient(transport=transport, base_url="http://linli.test") as client:
            yield client


async def consented(address: str, name: str) -> dict[str, str]:
    """Sign in at the provider as a person does in a browser; return what it sends back."""
    async with httpx.AsyncClient() as browser:
        answer = await browser.get(address)
        for _ in range(12):
            if answer.is_redirect:
                to = answer.headers["location"]
                if to.startswith(REDIRECT):
                    return dict(parse_qsl(urlsplit(to).query))
                answer = await browser.get(str(answer.url.join(to)))
            else:
                (action,) = re.findall(r'<form[^>]+action="([^"]+)" method="post"', answer.text)
                (prompt,) = re.findall(r'name="prompt" value="(\w+)"', answer.text)
                given = {"prompt": prompt, "login": name, "password": "any"}
                answer = await browser.post(str(answer.url.join(action)), data=given)
    raise AssertionError(answer.text)


async def begun(client: httpx.AsyncClient) -> tuple[str, str]:
    """Begin to sign in; return the provider's address and the flow."""
    answer = await client.post("/auth/oidc/begin", json={})
    assert answer.status_code == 200, answer.text
    return answer.json()["authorization_url"], answer.json()["flow"]


async def test_one_signs_in_and_is_the_same_person_the_next_time(here: httpx.AsyncClient) -> None:
    sessions: list[set[str]] = []
    for name in ("amei", "amei", "laowang"):
        address, flow = await begun(here)
        answer = await here.post(
            "/auth/oidc", json={"flow": flow, **await consented(address, name)}
        )
        assert answer.status_code == 200, answer.text
        assert (answer.json()["access_token"], answer.json()["places"]) == (None, [])
        sessions.append({unspeakable(answer.json()["refresh_token"])})
    assert len(set.union(*sessions)) == 3


async def test_a_code_is_good_once_and_for_who_began(here: httpx.AsyncClient) -> None:
    (address, flow), (_, other) = await begun(here), await begun(here)
    sent = await consented(address, "amei")
    for given, message in (
        ({**sent, "flow": other}, "The sign-in was begun elsewhere: begin again."),
        ({**sent, "flow": f"{flow[:-4]}AAAA"}, "The sign-in was begun elsewhere: begin again."),
        ({**sent, "flow": "none"}, "The sign-in was begun elsewhere: begin again."),
        ({**sent, "flow": flow, "code": "x"}, "The provider refuses the code: begin again."),
    ):
        refused = await here.post("/auth/oidc", json=given)
        assert (refused.status_code, refused.json()["error_description"]) == (400, message)
    good = await here.post("/auth/oidc", json={**sent, "flow": flow})
    assert good.status_code == 200
    again = await here.post("/auth/oidc", json={**sent, "flow": flow})
    assert again.json()["error"] == "invalid_grant"


async def test_a_person_of_the_provider_joins_a_community(
    here: httpx.AsyncClient, make: Make
) -> None:
    elm = await make.community()
    address, flow = await begun(here)
    answer = await here.post("/auth/oidc", json={"flow": flow, **await consented(address, "axiu")})
    given = {"refresh_token": answer.json()["refresh_token"], "join_code": await code_of(make, elm)}
    joined = await here.post("/auth/join", json=given)
    assert [place["org"] for place in joined.json()["places"]] == [elm.public_id]


async def test_where_there_is_no_provider_there_is_nothing_to_begin(
    client: httpx.AsyncClient,
) -> None:
    for path, given in (("begin", {}), ("", {"flow": "x", "state": "x", "code": "x"})):
        answer = await client.post(f"/auth/oidc/{path}".rstrip("/"), json=given)
        assert (answer.status_code, answer.json()["error"]) == (404, "invalid_request")


async def test_a_provider_that_is_away_is_told(settings: Settings, app: object) -> None:
    assert app
    async with served_with(settings, "http://127.0.0.1:9") as client:
        answer = await client.post("/auth/oidc/begin", json={})
        assert (answer.status_code, answer.json()["error"]) == (503, "temporarily_unavailable")


class Liar:
    """A provider whose metadata, keys and ID token the test decides."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.keys: list[Any] = [self.key]
        self.issuer = ""
        self.metadata: dict[str, Any] = {}
        self.claims: dict[str, Any] = {}
        self.token: str | None = None
        self.status = 200

    def said(self) -> dict[str, Any]:
        """Return its metadata."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            **self.metadata,
        }

    def app(self) -> Starlette:
        """Return the application."""

        async def configuration(_: Request) -> Response:
            return JSONResponse(self.said())

        async def jwks(_: Request) -> Response:
            return JSONResponse(KeySet(self.keys).as_dict(private=False))

        async def token(_: Request) -> Response:
            if self.status != 200:
                return PlainTextResponse("<html>", self.status)
            return JSONResponse(
                {"access_token": "of-the-liar", "token_type": "Bearer", "id_token": self.signed()}
            )

        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", configuration),
                Route("/jwks", jwks),
                Route("/token", token, methods=["POST"]),
            ]
        )

    def signed(self) -> str:
        """Return its ID token."""
        return self.token or jwt.encode({"alg": "RS256", "kid": "one"}, self.claims, self.key)


@pytest.fixture(scope="module")
def liar() -> Iterator[Liar]:
    """A running provider that may lie."""
    made = Liar()
    with serving(made.app()) as url:
        made.issuer = url
        yield made


@pytest.fixture
async def asked(liar: Liar) -> AsyncIterator[tuple[Provider, Flow]]:
    """A client of the liar, and a flow that was begun; its claims are true at first."""
    liar.metadata, liar.token, liar.status, liar.keys = {}, None, 200, [liar.key]
    provider = Provider(liar.issuer, CLIENT, SECRET, REDIRECT)
    _, flow = await provider.begin()
    now = int(time.time())
    liar.claims = {
        "iss": liar.issuer, "aud": CLIENT, "sub": "amei", "nonce": flow.nonce,
        "iat": now, "exp": now + 300,
    }  # fmt: skip
    yield provider, flow
    await provider.close()


async def test_a_true_token_names_the_person(liar: Liar, asked: tuple[Provider, Flow]) -> None:
    provider, flow = asked
    assert await provider.subject("code", flow) == f"{liar.issuer} amei"


FALSE: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "http://127.0.0.1:1"},
    "for another client": {"aud": "another"},
    "for two clients, and not said for which": {"aud": [CLIENT, "another"]},
    "for two clients, and the other one": {"aud": [CLIENT, "another"], "azp": "another"},
    "another nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "a number for a subject": {"sub": 7},
    "a long subject": {"sub": "x" * 256},
    "expired": {"iat": 1_000, "exp": 2_000},
    "of tomorrow": {"iat": int(time.time()) + 86_400, "exp": int(time.time()) + 90_000},
    "of another access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}


@pytest.mark.parametrize("what", FALSE)
async def test_a_false_claim_is_refused(
    liar: Liar, asked: tuple[Provider, Flow], what: str
) -> None:
    provider, flow = asked
    changed = liar.claims | FALSE[what]
    liar.claims = {name: value for name, value in changed.items() if value is not None}
    with pytest.raises(ProviderRefused):
        await provider.subject("code", flow)


async def test_a_token_that_its_keys_did_not_sign_is_refused(
    liar: Liar, asked: tuple[Provider, Flow]
) -> None:
    provider, flow = asked
    stranger = RSAKey.generate_key(2048, {"kid": "one"})
    public = json.dumps(liar.key.as_dict(private=False))
    body = liar.signed().split(".")[1]
    unsigned = "eyJhbGciOiJub25lIn0"  # {"alg":"none"}
    for token in (
        jwt.encode({"alg": "RS256", "kid": "one"}, liar.claims, stranger),
        jwt.encode({"alg": "HS256", "kid": "one"}, liar.claims, OctKey.import_key(public.encode())),
        f"{unsigned}.{body}.",
        "x.y.z",
        "",
    ):
        liar.token = token or " "
        with pytest.raises(ProviderRefused):
            await provider.subject("code", flow)


async def test_a_new_key_of_the_provider_is_fetched_once_it_signs(
    liar: Liar, asked: tuple[Provider, Flow]
) -> None:
    provider, flow = asked
    assert await provider.subject("code", flow)
    newer = RSAKey.generate_key(2048, {"kid": "two"})
    liar.keys = [liar.key, newer]
    liar.token = jwt.encode({"alg": "RS256", "kid": "two"}, liar.claims, newer)
    assert await provider.subject("code", flow) == f"{liar.issuer} amei"


@pytest.mark.parametrize("status", [400, 401, 500, 302])
async def test_an_answer_that_is_no_token_is_told_apart(
    liar: Liar, asked: tuple[Provider, Flow], status: int
) -> None:
    provider, flow = asked
    liar.status = status
    expected = ProviderRefused if status in (400, 401) else ProviderUnavailable
    with pytest.raises(expected):
        await provider.subject("code", flow)


async def test_a_provider_that_speaks_for_another_is_not_used(liar: Liar) -> None:
    liar.metadata = {"issuer": "https://id.example.cn"}
    provider = Provider(liar.issuer, CLIENT, SECRET, REDIRECT)
    with pytest.raises(ProviderUnavailable):
        await provider.begin()
    await provider.close()
