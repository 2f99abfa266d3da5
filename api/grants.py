"""Read the form of a request to `/auth/token`: the client, the kind of token and the scopes."""

import binascii
from base64 import b64decode
from urllib.parse import unquote_plus
from uuid import UUID

from starlette.requests import Request

from api.oauth import OAuthError, invalid_request, required
from tenants.scopes import Scope

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS = "urn:ietf:params:oauth:token-type:access_token"
REFRESH = "urn:ietf:params:oauth:token-type:refresh_token"


def credentials(request: Request, given: dict[str, str]) -> tuple[str, str]:
    """Return the client's id and secret, from HTTP Basic or the body, not both (RFC 6749, 2.3.1)."""
    headers = request.headers.getlist("authorization")
    if not headers:
        if "client_id" not in given or "client_secret" not in given:
            raise invalid_client()
        return given["client_id"], given["client_secret"]
    if len(headers) > 1 or "client_secret" in given:
        raise invalid_request("The client shows who it is in one way only.")
    scheme, _, encoded = headers[0].partition(" ")
    try:
        pair = b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        raise invalid_client() from None
    client_id, colon, secret = pair.partition(":")
    client_id = unquote_plus(client_id)
    if scheme.lower() != "basic" or not colon or given.get("client_id", client_id) != client_id:
        raise invalid_client()
    return client_id, unquote_plus(secret)


def app_of(client_id: str) -> tuple[int, UUID]:
    """Return the community key and the id of an app from its client id; raises OAuthError."""
    number, _, app_id = client_id.partition("-")
    try:
        if len(client_id) > 41 or not client_id.isascii():
            raise ValueError
        found = int(number, 16), UUID(hex=app_id)
    except ValueError:
        raise invalid_client() from None
    if not 0 < found[0] < 2**31 or client_id != f"{found[0]:x}-{found[1].hex}":
        raise invalid_client()
    return found


def kind_of_subject(given: dict[str, str]) -> str:
    """Return the type of the token to exchange; raises OAuthError for what is not supported."""
    for parameter in ("actor_token", "resource"):
        if parameter in given:
            raise invalid_request(f"`{parameter}` is not taken here.")
    if given.get("requested_token_type", ACCESS) != ACCESS:
        raise invalid_request("`requested_token_type` can be an access token only.")
    kind = required(given, "subject_token_type")
    if kind not in (ACCESS, REFRESH):
        raise invalid_request("`subject_token_type` is neither an access nor a refresh token.")
    return kind


def narrowed(given: dict[str, str], most: frozenset[Scope]) -> frozenset[Scope]:
    """Return the requested scopes, by default all of `most`; raises OAuthError (RFC 6749, 3.3)."""
    if "scope" not in given:
        return most
    words = given["scope"].split(" ")
    if not most.issuperset(words):
        raise OAuthError(400, "invalid_scope", "More than what may be given here, or no scope.")
    return frozenset(map(Scope, words))


def fewer(given: dict[str, str], most: frozenset[Scope]) -> frozenset[Scope]:
    """Return the scopes of a script's token: named, and fewer than `most`; raises OAuthError."""
    if "scope" not in given:
        raise invalid_request("`scope` says what the script may do.")
    scopes = narrowed(given, most)
    if scopes == most:
        raise OAuthError(400, "invalid_scope", "A script may do less than whoever made it.")
    return scopes


def invalid_client() -> OAuthError:
    # one answer for unknown, wrong and suspended clients
    return OAuthError(401, "invalid_client", "No such client.", challenge='Basic realm="linli"')


def invalid_subject() -> OAuthError:
    # RFC 8693, section 2.2.2
    return invalid_request("`subject_token` is not valid here.")
