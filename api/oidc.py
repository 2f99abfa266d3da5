"""Sign people in at an OpenID Connect provider, by the code flow with PKCE, state and nonce.

OpenID Connect Core 1.0 §3.1, Discovery 1.0 §4, RFC 7636. Authlib and joserfc check the ID token.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

_SECONDS = 5.0
_LEEWAY_SECONDS = 60
_KNOWN_SECONDS = 3600
_VERIFIER_LENGTH = 48
_CHANCE_LENGTH = 32
_MOST_SUBJECT = 255  # OpenID Connect Core 1.0 §2
# Signatures by a public key only: a provider cannot be made to accept a shared secret or none.
_ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519")


class ProviderRefused(Exception):
    """The provider refuses the code, or its ID token does not belong to this sign-in."""


class ProviderUnavailable(Exception):
    """The provider cannot be reached, or its answer is not what the standards say."""


@dataclass(frozen=True)
class Flow:
    """A sign-in keeps this between its two steps, and whoever began it must bring it back."""

    state: str
    nonce: str
    verifier: str

    def kept(self) -> dict[str, str]:
        """Return the flow as plain values."""
        return asdict(self)


class Provider:
    """It is one provider, found by its issuer. Nothing that it sends or receives is ever logged."""

    def __init__(
        self,
        issuer: str,
        client_id: str,
        secret: str,
        redirect_uri: str,
        *,
        seconds: float = _SECONDS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._issuer = issuer
        self._client_id = client_id
        self._secret = secret
        self._redirect_uri = redirect_uri
        self._client = httpx.AsyncClient(timeout=seconds)
        self._clock = clock
        self._metadata: dict[str, Any] = {}
        self._keys: KeySet | None = None
        self._known_until = 0.0

    async def begin(self) -> tuple[str, Flow]:
        """Return the address that the person goes to, and the flow that must be brought back."""
        metadata = await self._discovered()
        flow = Flow(
            generate_token(_CHANCE_LENGTH),
            generate_token(_CHANCE_LENGTH),
            generate_token(_VERIFIER_LENGTH),
        )
        asked = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": self._redirect_uri,
            "scope": "openid",
            "state": flow.state,
            "nonce": flow.nonce,
            "code_challenge": create_s256_code_challenge(flow.verifier),
            "code_challenge_method": "S256",
        }
        return add_params_to_uri(
            _text(metadata, "authorization_endpoint"), list(asked.items())
        ), flow

    async def subject(self, code: str, flow: Flow) -> str:
        """Exchange the code for the provider's name of the person, unique among all providers.

        Raises ProviderRefused or ProviderUnavailable.
        """
        metadata = await self._discovered()
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "code_verifier": flow.verifier,
        }
        answer = await self._ask(
            "POST",
            _text(metadata, "token_endpoint"),
            data=sent if self._secret else sent | {"client_id": self._client_id},
            auth=httpx.BasicAuth(self._client_id, self._secret) if self._secret else None,
        )
        claims = await self._claims(_text(answer, "id_token"), answer.get("access_token"), flow)
        subject = claims["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= _MOST_SUBJECT:
            raise ProviderRefused
        return f"{self._issuer} {subject}"

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _claims(self, id_token: str, access_token: object, flow: Flow) -> CodeIDToken:
        algorithms = self._metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        registry = JWSRegistry(
            algorithms=[each for each in _ALGORITHMS if each in algorithms],
            strict_check_header=False,
        )
        try:
            try:
                token = jwt.decode(id_token, await self._signing_keys(), registry=registry)
            except InvalidKeyIdError:  # the provider signs with a new key
                self._keys = None
                token = jwt.decode(id_token, await self._signing_keys(), registry=registry)
            claims = CodeIDToken(
                token.claims,
                token.header,
                {
                    "iss": {"essential": True, "value": self._issuer},
                    "aud": {"essential": True, "value": self._client_id},
                    "sub": {"essential": True},
                },
                {
                    "client_id": self._client_id,
                    "nonce": flow.nonce,
                    "access_token": access_token if isinstance(access_token, str) else None,
                },
            )
            claims.validate(int(self._clock()), _LEEWAY_SECONDS)
        except (AuthlibBaseError, JoseError, ValueError, TypeError):
            raise ProviderRefused from None
        return claims

    async def _discovered(self) -> dict[str, Any]:
        """Return the provider's metadata, asked for again every hour."""
        if self._clock() >= self._known_until:
            url = f"{self._issuer.rstrip('/')}/.well-known/openid-configuration"
            metadata = await self._ask("GET", url)
            # Discovery 1.0 §4.3: another issuer may not speak for this one
            if metadata.get("issuer") != self._issuer:
                raise ProviderUnavailable
            self._metadata, self._keys = metadata, None
            self._known_until = self._clock() + _KNOWN_SECONDS
        return self._metadata

    async def _signing_keys(self) -> KeySet:
        if self._keys is None:
            found = await self._ask("GET", _text(self._metadata, "jwks_uri"))
            try:
                self._keys = KeySet.import_key_set(found)  # type: ignore[arg-type] # checked by it
            except (JoseError, KeyError, TypeError, ValueError):
                raise ProviderUnavailable from None
        return self._keys

    async def _ask(self, method: str, url: str, **what: Any) -> dict[str, Any]:
        try:
            response = await self._client.request(method, url, **what)
            if response.is_client_error and method == "POST":
                raise ProviderRefused
            answer = response.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            # the exception's own text holds the URL, and with it the code
            raise ProviderUnavailable from None
        if isinstance(answer, dict) and response.is_success:
            return answer
        raise ProviderUnavailable


def _text(answer: dict[str, Any], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise ProviderUnavailable
    return value
