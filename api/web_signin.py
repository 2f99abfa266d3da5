"""Sign people in with a browser, by an OpenID Connect provider, or by a key and an authenticator's digits.

Both begin with a step whose result the page keeps and brings back, sealed: no cookie is set.
"""

import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import orjson
import segno
from starlette.requests import Request
from starlette.routing import Route

from api.oauth import OAuthError, invalid_grant, json_body, refuse_locked, required, served
from api.oidc import Flow, Provider, ProviderRefused, ProviderUnavailable
from api.requests import Event, happened
from api.signin import Door
from tenants.identity import authenticators, persons, sessions
from tenants.identity.authenticators import Enrolment, WrongCode
from tenants.identity.store import identity
from tenants.keyring import KeyRing, Unreadable
from tenants.officers.service import accepting

WEB = "linli-web"
_STEP_SECONDS = 900
_MOST_SEALED = 2048
_ELSEWHERE = "The sign-in was begun elsewhere: begin again."
_OPENS_NOTHING = "The invitation opens nothing."
_WRONG = "The key or the digits are wrong, or the digits were used: wait for the next ones."


async def begin_oidc(door: Door, _: Request, __: dict[str, str]) -> dict[str, Any]:
    """Return where to go to sign in, and the flow to bring back with the code."""
    try:
        address, flow = await _provider(door).begin()
    except ProviderUnavailable:
        raise _unavailable() from None
    return {"authorization_url": address, "flow": _sealed(door.database.ring, "oidc", flow.kept())}


async def with_oidc(door: Door, _: Request, given: dict[str, str]) -> dict[str, Any]:
    """Sign in with the code that the provider gave."""
    provider = _provider(door)
    kept = _opened(door.database.ring, "oidc", required(given, "flow", _MOST_SEALED))
    flow = Flow(kept["state"], kept["nonce"], kept["verifier"])
    if required(given, "state") != flow.state:
        raise invalid_grant(_ELSEWHERE)
    try:
        subject = await provider.subject(required(given, "code", _MOST_SEALED), flow)
    except ProviderRefused:
        raise invalid_grant("The provider refuses the code: begin again.") from None
    except ProviderUnavailable:
        raise _unavailable() from None
    async with identity(door.database) as store:
        person = await persons.signed_in(store, "OIDC", subject)
    return await _begun(door, person)


async def begin_key(door: Door, _: Request, given: dict[str, str]) -> dict[str, Any]:
    """Return a new key and a secret for an authenticator, to enrol with an invitation's code."""
    code = await _invitation(door, given)
    made = authenticators.new()
    sealed = _sealed(
        door.database.ring, "key", {"key": made.key, "secret": made.secret, "invitation": code}
    )
    picture = segno.make_qr(made.uri(), error="m").svg_data_uri(scale=4, border=4)
    return {"enrolment": sealed, "key": made.key, "secret": made.secret, "qr": picture}


async def enrol(door: Door, _: Request, given: dict[str, str]) -> dict[str, Any]:
    """Accept an invitation as a new person, who signs in with a key from now on."""
    code = await _invitation(door, given)
    opened = _opened(door.database.ring, "key", required(given, "enrolment", _MOST_SEALED))
    if opened["invitation"] != code:
        raise invalid_grant("The key was made for another invitation: begin again.")
    made = Enrolment(opened["key"], opened["secret"])
    try:
        async with identity(door.database) as store:
            person = await authenticators.enrol(store, made, required(given, "code"))
    except WrongCode:
        raise invalid_grant(_WRONG) from None
    if await accepting.accept(door.database, person, code) is None:
        async with identity(door.database) as store:
            await persons.forget_person(store, person)
        raise invalid_grant(_OPENS_NOTHING)
    return await _begun(door, person)


async def with_key(door: Door, _: Request, given: dict[str, str]) -> dict[str, Any]:
    """Sign in with a key and the digits of its authenticator."""
    key, digits = required(given, "key"), required(given, "code")
    async with identity(door.database) as store:
        person = await refuse_locked(authenticators.prove(store, key, digits))
    if person is None:  # the failed attempt is committed before it is told
        raise invalid_grant(_WRONG)
    return await _begun(door, person)


def routes(door: Callable[[], Door]) -> list[Route]:
    """Return the routes; `door` is called for each request, after the server has started."""
    posts = {
        "oidc/begin": begin_oidc, "oidc": with_oidc,
        "key/begin": begin_key, "key/enrol": enrol, "key": with_key,
    }  # fmt: skip
    return [
        Route(f"/auth/{path}", served(door, handler, json_body), methods=["POST"])
        for path, handler in posts.items()
    ]


async def _begun(door: Door, person: UUID) -> dict[str, Any]:
    async with identity(door.database) as store:
        begun = await sessions.begin(store, person, WEB)
    return await door.answer(begun)


async def _invitation(door: Door, given: dict[str, str]) -> str:
    """Return the code of an invitation that may be accepted now; raises invalid_grant."""
    code = required(given, "invitation")
    if not await accepting.is_open(door.database, code):
        raise invalid_grant(_OPENS_NOTHING)
    return code


def _provider(door: Door) -> Provider:
    if door.oidc is None:
        raise OAuthError(404, "invalid_request", "There is no OpenID Connect provider here.")
    return door.oidc


def _unavailable() -> OAuthError:
    happened(Event.UNAVAILABLE, reason="OpenID Connect")
    return OAuthError(503, "temporarily_unavailable", "The provider cannot be reached.", 5)


def _sealed(ring: KeyRing, step: str, values: dict[str, str]) -> str:
    until = int(time.time()) + _STEP_SECONDS
    return ring.seal(orjson.dumps(values | {"until": until}).decode(), context=f"sign-in {step}")


def _opened(ring: KeyRing, step: str, sealed: str) -> dict[str, Any]:
    """Return what `_sealed` was given; raises invalid_grant where it is of another step or too old."""
    try:
        values = orjson.loads(ring.open(sealed, context=f"sign-in {step}"))
    except Unreadable:
        raise invalid_grant(_ELSEWHERE) from None
    if values["until"] < time.time():
        raise invalid_grant("The sign-in took too long: begin again.")
    return values
