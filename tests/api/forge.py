"""Forged and expired tokens (most from RFC 8725), made without the library that reads them."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

Sign = Callable[[bytes], bytes]
DROP = object()


@dataclass(frozen=True)
class Genuine:
    """It holds the parts of a valid token, and the key that signed it."""

    header: dict[str, Any]
    claims: dict[str, Any]
    key: ed25519.Ed25519PrivateKey

    @classmethod
    def of(cls, token: str, key: ed25519.Ed25519PrivateKey) -> "Genuine":
        """Split a token into its parts."""
        header, claims, _ = token.split(".")
        return cls(json.loads(unpacked(header)), json.loads(unpacked(claims)), key)

    def forge(
        self,
        header: Any = None,  # a dict
        sign: Any = None,  # a Sign
        **claims: Any,
    ) -> str:
        """Return the token with these changes, signed with the true key unless `sign` is given."""
        return join(
            json.dumps(_changed(self.header, header or {})),
            json.dumps(_changed(self.claims, claims)),
            sign or self.key.sign,
        )


def forged(genuine: Genuine, neighbour: Genuine, other_tenant: int) -> Iterator[tuple[str, str]]:
    """Yield every token that must be refused, with its name."""
    yield from _algorithms(genuine)
    yield from _headers(genuine)
    yield from _shapes(genuine, neighbour)
    yield from _times(genuine)
    yield from _claims(genuine, other_tenant)


def _algorithms(genuine: Genuine) -> Iterator[tuple[str, str]]:
    public = genuine.key.public_key()
    raw = public.public_bytes_raw()
    pem = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    stranger = ed25519.Ed25519PrivateKey.generate()
    curve = ec.generate_private_key(ec.SECP256R1())
    big = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    for none in ("none", "None", "nOnE", "NONE", ""):
        yield f"alg {none!r} unsigned", genuine.forge({"alg": none}, lambda _: b"")
        yield f"alg {none!r} signed", genuine.forge({"alg": none})
    for name, secret in (("raw", raw), ("pem", pem), ("empty", b"")):
        yield f"HS256 with the {name} public key", genuine.forge({"alg": "HS256"}, _hmac(secret))
    yield "HMAC under the name EdDSA", genuine.forge(sign=_hmac(raw))
    yield "ES256", genuine.forge({"alg": "ES256"}, lambda m: curve.sign(m, ec.ECDSA(SHA256())))
    yield "RS256", genuine.forge({"alg": "RS256"}, lambda m: big.sign(m, PKCS1v15(), SHA256()))
    yield "the curve Ed448", genuine.forge(sign=ed448.Ed448PrivateKey.generate().sign)
    yield "a stranger's Ed25519", genuine.forge(sign=stranger.sign)
    yield "alg Ed25519", genuine.forge({"alg": "Ed25519"})
    yield "alg as a list", genuine.forge({"alg": ["EdDSA"]})
    yield "alg missing", genuine.forge({"alg": DROP})


def _headers(genuine: Genuine) -> Iterator[tuple[str, str]]:
    mine = ed25519.Ed25519PrivateKey.generate()
    x = packed(mine.public_key().public_bytes_raw())
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": x, "kid": genuine.header["kid"]}
    for name, value in (
        ("jwk", jwk),
        ("jku", "https://evil.example/jwks.json"),
        ("x5u", "https://evil.example/x.pem"),
        ("x5c", ["MIIB"]),
        ("x5t", "AAAA"),
        ("crit", ["exp"]),
        ("crit", []),
        ("b64", False),
        ("zip", "DEF"),
        ("cty", "JWT"),
    ):
        yield f"{name} in the header, a stranger's key", genuine.forge({name: value}, mine.sign)
        yield f"{name} in the header, the true key", genuine.forge({name: value})
    kid = genuine.header["kid"]
    for name, value in (
        ("traversal", f"../keys/{kid}"),
        ("/dev/null", "../../../../../../dev/null"),
        ("SQL", "x' union select 'k"),
        ("NUL", f"{kid}\0"),
        ("unknown", "20260101000000-00000000"),
        ("number", 1),
        ("null", None),
        ("list", [kid]),
        ("missing", DROP),
        ("very long", "k" * 3000),
    ):
        yield f"kid {name}", genuine.forge({"kid": value})
    for name, value in (("JWT", "JWT"), ("missing", DROP), ("null", None), ("AT+JWT ", "at+jwt ")):
        yield f"typ {name}", genuine.forge({"typ": value})
    twice = '{"alg":"none",' + json.dumps(genuine.header)[1:]
    yield "alg twice", join(twice, json.dumps(genuine.claims), genuine.key.sign)


def _shapes(genuine: Genuine, neighbour: Genuine) -> Iterator[tuple[str, str]]:
    good = genuine.forge()
    header, claims, signature = good.split(".")
    last = "AQgw"["AQgw".index(signature[-1]) - 1] if signature[-1] in "AQgw" else "A"
    yield "empty", ""
    yield "a refresh token", packed(b"0" * 32)
    yield "two parts", f"{header}.{claims}"
    yield "four parts", f"{good}.{signature}"
    yield "five parts, as encrypted ones have", f"{header}....{signature}"
    yield "another signature's last letter", f"{good[:-1]}{last}"
    yield "a signature of zeros", f"{header}.{claims}.{packed(bytes(64))}"
    yield "a neighbour's signature", f"{header}.{claims}.{neighbour.forge().split('.')[2]}"
    yield "a neighbour's claims", f"{header}.{neighbour.forge().split('.')[1]}.{signature}"
    raised = genuine.claims | {"role": "RESIDENT PARTY_SECRETARY", "scope": "member:manage"}
    yield (
        "a role raised without the key",
        f"{header}.{packed(json.dumps(raised).encode())}.{signature}",
    )
    yield "8 KiB", genuine.forge(jti="j" * 8192)
    yield "not ASCII", good.replace(".", "\u00e9", 1)
    text = json.dumps(genuine.claims)
    for name, lie in (("sub", neighbour.claims["sub"]), ("tid", 1), ("exp", 9999999999)):
        doubled = f'{{"{name}": {json.dumps(lie)}, {text[1:]}'
        yield f"{name} twice", join(json.dumps(genuine.header), doubled, genuine.key.sign)
    for claims_text in ("[]", "1", '"x"', "{", "{}", "[" * 900):
        yield (
            f"claims {claims_text[:9]}",
            join(json.dumps(genuine.header), claims_text, genuine.key.sign),
        )


def _times(genuine: Genuine) -> Iterator[tuple[str, str]]:
    now = int(time.time())
    for name, changes in {
        "expired": {"iat": now - 1000, "exp": now - 100},
        "expired just beyond the leeway": {"iat": now - 800, "exp": now - 11},
        "exp missing": {"exp": DROP},
        "exp null": {"exp": None},
        "exp a float": {"exp": now + 100.5},
        "exp 1e30": {"exp": 1e30},
        "exp a very large number": {"exp": 10**30},
        "exp negative": {"exp": -1},
        "exp text": {"exp": str(now + 100)},
        "exp true": {"exp": True},
        "exp a list": {"exp": [now + 100]},
        "living longer than allowed": {"exp": genuine.claims["iat"] + 901},
        "living no time": {"exp": now + 5, "iat": now + 5},
        "iat missing": {"iat": DROP},
        "iat in the future": {"iat": now + 60, "exp": now + 600},
        "iat a float": {"iat": now - 0.5},
        "iat text": {"iat": str(now)},
        "iat negative": {"iat": -1},
        "nbf in the future": {"nbf": now + 60},
        "nbf text": {"nbf": "soon"},
    }.items():
        yield name, genuine.forge(**changes)


def _claims(genuine: Genuine, other_tenant: int) -> Iterator[tuple[str, str]]:
    issuer, version = genuine.claims["iss"], genuine.claims["ver"]
    for name, values in {
        "aud": (["linli"], "other", DROP, None, "", "LINLI", ["linli", "other"]),
        "iss": (f"{issuer}/", issuer[:-1], f"{issuer}.evil.example", DROP, None, [issuer]),
        "sub": (1, None, DROP, "", "1", "00000000-0000-7000-8000-000000000000", ["x"]),
        "client_id": (1, None, DROP),
        "jti": (1, None, DROP),
        "scope": (["post:write"], None, DROP, 1, "everything", "post:write admin"),
        "role": (
            ["RESIDENT"],
            None,
            DROP,
            "KING",
            "resident",
            "APP RESIDENT",
            "INSPECTOR RESIDENT",
        ),
        "org": (1, None, DROP, "", "usr_AAAAAAAAAAAAAAAAAAAAAA", "dst_AAAAAAAAAAAAAAAAAAAAAA"),
        "tid": (other_tenant, 0, -1, 10**12, "1", 1.0, None, DROP, True),
        "ver": (version - 1, version + 1, 0, -1, str(version), 1.5, None, DROP, True, 10**12),
    }.items():
        for value in values:
            told = "missing" if value is DROP else repr(value)
            yield f"{name} {told}", genuine.forge(**{name: value})


def join(header: str, claims: str, sign: Sign) -> str:
    """Encode and sign a header and claims, valid or not."""
    message = f"{packed(header.encode())}.{packed(claims.encode())}"
    return f"{message}.{packed(sign(message.encode()))}"


def packed(raw: bytes) -> str:
    """Encode bytes as base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unpacked(text: str) -> bytes:
    """Decode base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _hmac(secret: bytes) -> Sign:
    return lambda message: hmac.new(secret, message, hashlib.sha256).digest()


def _changed(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in (base | changes).items() if value is not DROP}
