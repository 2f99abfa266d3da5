"""Call the API over HTTP for an admin's tools, with a down-scoped access token and retries.

Each request that a tool sends must be safe to repeat, by its idempotency key or by its content: if
the answer is lost, the same request is sent again.
"""

import sys
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Annotated, Any, Self

import httpx
import orjson
import typer

from api.terminal import fail

TRIES = 6
_FIRST_PAUSE = 0.25
_SECONDS = 60
_STALE = 401
_TOO_MANY = 429
_UNAVAILABLE = 503
_SERVERS_FAULT = 500
_LONGEST_PAUSE = 60
_PATIENCE = 120

Url = Annotated[str, typer.Option(envvar="LINLI_URL", help="Where the API is.")]
Token = Annotated[
    str | None,
    typer.Option(
        envvar="LINLI_TOKEN",
        help="The access token; read from standard input where it is not given.",
        show_default=False,
    ),
]
LOCAL = "http://127.0.0.1:8000"


class Failed(Exception):
    """The API refused or did not answer. Has the API's message and the trace id of its logs."""

    def __init__(self, code: str, message: str, trace: str = "", path: str = "") -> None:
        self.code = code
        where = f" ({path})" if path else ""
        super().__init__(f"{code}: {message}{where}" + (f" [trace {trace}]" if trace else ""))


def token_or_ask(token: str | None) -> str:
    """Return the token, or else the first line of standard input, read without echo."""
    if not token:
        typed = sys.stdin.isatty()
        token = typer.prompt("Token", hide_input=True) if typed else sys.stdin.readline()
    token = (token or "").strip()
    if not token or not token.isascii():
        fail("An access token is needed: --token, LINLI_TOKEN, or standard input.")
    return token


class Remote:
    """It calls one API with one access token. `run` returns data or raises Failed.

    `renew` returns another token when the current one is refused; without it, a refusal raises
    Failed.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        renew: Callable[[], str] | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url = f"{url.rstrip('/')}/graphql"
        self._renew = renew
        self._pause = pause
        if not token.isascii():
            raise Failed("UNAUTHENTICATED", "That is no access token: it has other characters.")
        self._client = httpx.Client(
            timeout=_SECONDS,
            headers={
                "authorization": f"Bearer {token}",
                "accept": "application/graphql-response+json",
                "content-type": "application/json",
            },
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def run(self, query: str, **variables: Any) -> dict[str, Any]:
        """Send one operation, with retries, and return its data; raises Failed."""
        body = orjson.dumps({"query": query, "variables": variables})
        response = self._post(body)
        if response.status_code == _STALE and self._renew is not None:
            self._client.headers["authorization"] = f"Bearer {self._renew()}"
            response = self._post(body)
        trace = response.headers.get("x-trace-id", "")
        try:
            answer: Any = orjson.loads(response.content)
            errors: list[dict[str, Any]] = answer.get("errors", [])
        except (orjson.JSONDecodeError, AttributeError):
            message = f"{self._url} does not answer as Linli does"
            raise Failed(f"HTTP {response.status_code}", message, trace) from None
        if errors:
            first = errors[0]
            told: dict[str, str] = first.get("extensions", {})
            raise Failed(
                told.get("code", "UNKNOWN"), first["message"], told.get("traceId") or trace
            )
        return answer["data"]

    def pages(self, query: str, *path: str, **variables: Any) -> Iterator[dict[str, Any]]:
        """Yield every row of the connection at `path` in the answer, page by page.

        The document must take `$after` and ask for `nodes` and
        `pageInfo { hasNextPage endCursor }`.
        """
        after: str | None = None
        while True:
            found: Any = self.run(query, after=after, **variables)
            for name in path:
                found = found[name] if found is not None else None
            if found is None:
                raise Failed("NOT_FOUND", f"there is no {'.'.join(path)} here")
            yield from found["nodes"]
            after = found["pageInfo"]["endCursor"]
            if not found["pageInfo"]["hasNextPage"]:
                return

    def change(self, query: str, given: dict[str, Any]) -> dict[str, Any]:
        """Run a document of one mutation with this `$input`; return its payload or raise Failed.

        The document must ask for `userErrors { code message path }`.
        """
        (payload,) = self.run(query, input=given).values()
        if payload["userErrors"]:
            first = payload["userErrors"][0]
            path = ".".join(str(each) for each in first["path"] or ())
            raise Failed(first["code"], first["message"], path=path)
        return payload

    def _post(self, body: bytes) -> httpx.Response:
        return answered(
            lambda: self._client.post(self._url, content=body), self._url, pause=self._pause
        )


def answered(
    ask: Callable[[], httpx.Response],
    url: str,
    *,
    tries: int = TRIES,
    pause: Callable[[float], None] = time.sleep,
) -> httpx.Response:
    """Send a request until it is answered and return the answer; raises Failed if there is none.

    A wait that the server asks for is no failure: at 429 any number of times, at 503 for two
    minutes in total. After a server error or a broken connection the request is sent `tries` times
    at most.
    """
    failures, waited = 0, 0.0
    while True:
        response, broken = _asked(ask)
        status = response.status_code if response is not None else 0
        wait = _told(response)
        if status == _TOO_MANY:
            pause(_FIRST_PAUSE if wait is None else wait)
            continue
        if status == _UNAVAILABLE and wait is not None and waited < _PATIENCE:
            waited += max(wait, _FIRST_PAUSE)
            pause(wait)
            continue
        failures += 1
        if response is not None and (status < _SERVERS_FAULT or failures == tries):
            return response
        if failures == tries:
            raise Failed("NO_ANSWER", f"{url} cannot be reached: {broken}")
        pause(_FIRST_PAUSE * 2 ** (failures - 1))


def _asked(ask: Callable[[], httpx.Response]) -> tuple[httpx.Response | None, str]:
    """Send the request once; return the answer, or why the connection broke."""
    try:
        return ask(), ""
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise Failed("INVALID_URL", str(error)) from None
    except httpx.TransportError as error:
        return None, str(error)


def _told(response: httpx.Response | None) -> int | None:
    """Return how many seconds the server asks to wait, at most 60; None if it does not."""
    told = response.headers.get("retry-after", "") if response is not None else ""
    return min(int(told), _LONGEST_PAUSE) if told.isascii() and told.isdigit() else None
