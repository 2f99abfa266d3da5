"""Mint access tokens and verify them into a Viewer (RFC 9068, RFC 8725).

No other module reads JWTs.

Claims: iss, aud, client_id, sub (member, officer, app or inspection), iat, exp, jti; org (public
id of the community, street, district or department); tid (its number here); role and scope (words,
separated by spaces); ver (the permission version that the token was minted with); payer (the
person whose budget the token spends, encrypted afresh in each token, so that no two tokens show
that they belong to one person).
"""

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import jwt
from cryptography.exceptions import InvalidTag

from api.keys import Keys
from tenants.scopes import Role, Scope, scopes_of
from tenants.viewer import Principal, Viewer

AUDIENCE = "linli"
_ALGORITHM, _TYPE = "EdDSA", "at+jwt"
_MAX_LENGTH = 4096
_LEEWAY_SECONDS = 10
_MAX_INT4 = 2**31 - 1
_REMEMBERED = 20_000
# Roles in a community that cannot be combined with another role, and their principal kind.
_ALONE = {
    Role.GUEST: Principal.GUEST,
    Role.APP: Principal.APP,
    Role.INSPECTOR: Principal.INSPECTOR,
}
_HEADER = {"alg", "typ", "kid"}
_REQUIRED = [
    "iss", "aud", "client_id", "sub", "iat", "exp", "jti", "org", "tid", "role", "scope", "ver",
    "payer",
]  # fmt: skip

_UNREADABLE = (
    jwt.PyJWTError, InvalidTag, ValueError, TypeError, KeyError, OverflowError, RecursionError,
)  # fmt: skip


class InvalidToken(Exception):
    """The token is malformed, forged, expired or not for this API. The message may be shown."""


@dataclass(frozen=True)
class Identity:
    """It is the subject of a token: a member of a community, an officer, an app or an inspection.

    `place` is the number of the community, district, street or department; `org` is its public id.
    `payer` is the person, who has one budget in all places; an app has a budget of its own.
    """

    principal: Principal
    id: UUID
    org: str
    place: int
    roles: frozenset[Role]
    version: int
    payer: UUID | None = None


class Tokens:
    """It mints and verifies access tokens, and remembers verified ones by hash until they expire."""

    def __init__(self, keys: Keys, issuer: str, seconds: int) -> None:
        self.keys = keys
        self._issuer = issuer
        self._seconds = seconds
        self._remembered: OrderedDict[bytes, Viewer] = OrderedDict()

    def mint(
        self,
        identity: Identity,
        *,
        client_id: str,
        now: datetime,
        scopes: frozenset[Scope] | None = None,
        jti: str | None = None,
        until: datetime | None = None,
    ) -> str:
        """Return a signed token. The same input and `jti` give the same token.

        `scopes` can only take away from what the roles grant. The token expires at `until` at the
        latest.
        """
        kid, key = self.keys.signing()
        granted = scopes_of(identity.roles)
        issued = int(now.timestamp())
        name = jti or secrets.token_urlsafe(12)
        payer = (identity.payer or identity.id).bytes
        claims: dict[str, Any] = {
            "iss": self._issuer,
            "aud": AUDIENCE,
            "client_id": client_id,
            "sub": str(identity.id),
            "iat": issued,
            "exp": issued + self.lifetime(now, until),
            "jti": name,
            "org": identity.org,
            "tid": identity.place,
            "role": " ".join(sorted(identity.roles)),
            "scope": " ".join(sorted(granted if scopes is None else granted & scopes)),
            "ver": identity.version,
            "payer": urlsafe_b64encode(
                self.keys.sealing(kid).encrypt(payer, [name.encode()])
            ).decode(),
        }
        headers = {"typ": _TYPE, "kid": kid}
        return jwt.encode(claims, key, algorithm=_ALGORITHM, headers=headers)

    @property
    def longest(self) -> timedelta:
        """Return the longest time after minting at which a token may still be accepted."""
        return timedelta(seconds=self._seconds + _LEEWAY_SECONDS)

    def lifetime(self, now: datetime, until: datetime | None) -> int:
        """Return for how many seconds a token minted now is valid.

        At least one: a token without a lifetime is no valid token.
        """
        if until is None:
            return self._seconds
        return max(1, min(self._seconds, int(until.timestamp()) - int(now.timestamp())))

    def verify(self, token: str, now: float) -> Viewer:
        """Return the viewer that a token stands for; raises InvalidToken."""
        digest = sha256(token.encode("utf-8", "surrogateescape")).digest()
        known = self._remembered.get(digest)
        if known is not None:
            if now >= known.expires_at.timestamp():
                del self._remembered[digest]
                raise InvalidToken("The token has expired.")
            return known
        viewer = self._verify(token)
        self._remembered[digest] = viewer
        if len(self._remembered) > _REMEMBERED:
            self._remembered.popitem(last=False)
        return viewer

    def _verify(self, token: str) -> Viewer:
        if len(token) > _MAX_LENGTH or not token.isascii():
            raise InvalidToken("The token is too long or not a token.")
        try:
            claims = self._decode(token)
            return self._viewer(claims, jwt.get_unverified_header(token)["kid"])
        except jwt.ExpiredSignatureError:
            raise InvalidToken("The token has expired.") from None
        except _UNREADABLE:
            raise InvalidToken("The token is not valid here.") from None

    def _decode(self, token: str) -> dict[str, Any]:
        header = jwt.get_unverified_header(token)
        if set(header) != _HEADER or header["alg"] != _ALGORITHM or header["typ"] != _TYPE:
            raise ValueError("header")
        kid = header["kid"]
        key = self.keys.verifying(kid) if isinstance(kid, str) else None
        if key is None:
            raise ValueError("kid")
        claims = jwt.decode(
            token,
            key,
            algorithms=[_ALGORITHM],
            audience=AUDIENCE,
            issuer=self._issuer,
            leeway=_LEEWAY_SECONDS,
            options={"require": _REQUIRED, "strict_aud": True, "enforce_minimum_key_length": True},
        )
        _refuse_duplicates(token)
        return claims

    def _viewer(self, claims: dict[str, Any], kid: str) -> Viewer:
        for name in ("iat", "exp", "tid", "ver"):
            if type(claims[name]) is not int or claims[name] < 0:
                raise ValueError(name)
        if claims["tid"] > _MAX_INT4:
            raise ValueError("tid")
        for name in ("sub", "client_id", "jti", "org", "role", "scope", "payer"):
            if type(claims[name]) is not str:
                raise ValueError(name)
        if not 0 < claims["exp"] - claims["iat"] <= self._seconds:
            raise ValueError("exp")
        roles = frozenset(Role(word) for word in claims["role"].split())
        scopes = frozenset(Scope(word) for word in claims["scope"].split())
        return Viewer(
            id=UUID(claims["sub"]),
            roles=roles,
            scopes=scopes & scopes_of(roles),
            version=claims["ver"],
            client_id=claims["client_id"][:64],
            token_id=claims["jti"],
            expires_at=datetime.fromtimestamp(claims["exp"], UTC),
            payer=self._payer(claims, kid),
            **_place(claims["org"], claims["tid"], roles),
        )

    def _payer(self, claims: dict[str, Any], kid: str) -> UUID:
        sealed = urlsafe_b64decode(claims["payer"])
        return UUID(bytes=self.keys.sealing(kid).decrypt(sealed, [claims["jti"].encode()]))


def _place(org: str, number: int, roles: frozenset[Role]) -> dict[str, Any]:
    """Return the viewer's principal kind and place numbers from the kind of `org`.

    Raises ValueError where the roles do not fit the place.
    """
    kind = org[:4]
    if kind != "com_" and roles & _ALONE.keys():
        raise ValueError("role")
    if (kind == "dep_") != (Role.DEPARTMENT_HANDLER in roles) or (
        kind == "dep_" and len(roles) > 1
    ):
        raise ValueError("role")
    if kind == "com_":
        alone = [principal for role, principal in _ALONE.items() if role in roles]
        if alone and len(roles) > 1:
            raise ValueError("role")
        principal = alone[0] if alone else Principal.COMMUNITY
        return {"principal": principal, "community_id": number}
    if kind == "dst_":
        return {"principal": Principal.DISTRICT, "district_id": number}
    if kind == "str_":
        # an official street code is its district's code and three digits
        return {
            "principal": Principal.DISTRICT,
            "district_id": number // 1000,
            "street_id": number,
        }
    if kind == "dep_":
        # a department's number, which we assign, is built in the same way
        return {
            "principal": Principal.DEPARTMENT,
            "district_id": number // 1000,
            "department_id": number,
        }
    raise ValueError("org")


def _refuse_duplicates(token: str) -> None:
    """Raise ValueError if a header or payload names a claim twice.

    Parsers differ in which of the two they believe.
    """

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in items}) != len(items):
            raise ValueError("duplicate claim")
        return dict(items)

    for part in token.split(".")[:2]:
        json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)), object_pairs_hook=pairs)
