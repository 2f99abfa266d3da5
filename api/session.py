"""The user signed in at this terminal has one down-scoped session for each place (api/kept.py).

Signing in uses a session with all scopes. What is kept are sessions for scripts made from it
(RFC 8693), each bound to one place and to the few scopes that the commands need. The refresh token
with all scopes is dropped.
"""

import time
from collections.abc import Callable, Generator, Iterable
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import httpx
import orjson
import typer

from api.kept import Kept, Session, load, locked, save
from api.remote import LOCAL, Failed, Remote, answered
from api.terminal import err
from tenants.scopes import Scope

T = TypeVar("T")

# All scopes that the admin commands need; a user gets those that their roles grant.
NEEDED = (
    Scope.COMMUNITY_READ,
    Scope.BOARD_READ,
    Scope.DISTRICT_READ,
    Scope.MEMBER_READ,
    Scope.MEMBER_REVIEW,
    Scope.PETITION_READ,
    Scope.PETITION_HANDLE,
    Scope.PETITION_IMPORT,
    Scope.POST_WRITE,
)
_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
_REFRESH = "urn:ietf:params:oauth:token-type:refresh_token"
_SECONDS = 30
_TRIES = 3
_LONG = 3  # seconds of waiting after which the user is told
_OK = 200
_HERE = "{ viewer { community { id name } department { id name } district { id name } } }"

Where = Annotated[str | None, typer.Option("--url", envvar="LINLI_URL", help="Where the API is.")]
In = Annotated[
    list[str] | None,
    typer.Option(
        "--community",
        help="A community by id or name; repeatable. By default all you signed in to.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@dataclass(frozen=True)
class Place:
    """It is a place that a command acts in, and the API client for it."""

    org: str
    name: str
    remote: Remote

    @property
    def is_community(self) -> bool:
        """Return whether it is a community, and not a street, district or department."""
        return self.org.startswith("com_")


def _told(seconds: float) -> None:
    """Wait, and tell the user if it takes long."""
    if seconds >= _LONG:
        err.print(f"waiting {seconds:.0f} s, as the server asks")
    time.sleep(seconds)


class Door:
    """It is a client of `/auth/*` of one API. It waits when the server asks to.

    That happens to users who have many places.
    """

    def __init__(self, url: str, *, pause: Callable[[float], None] = _told) -> None:
        self.url = url.rstrip("/")
        self._pause = pause

    def demo(self, role: str) -> dict[str, Any]:
        """Sign in as one of the demo's people."""
        return self._answer("demo", json={"role": role})

    def key(self, key: str, code: str) -> dict[str, Any]:
        """Sign in with a key and the digits of its authenticator."""
        return self._answer("key", json={"key": key, "code": code})

    def refresh(self, token: str) -> dict[str, Any]:
        """Return the next pair of tokens."""
        return self._answer("refresh", json={"refresh_token": token})

    def switch(self, token: str, org: str) -> dict[str, Any]:
        """Return the next pair of tokens, for another place."""
        return self._answer("switch", json={"refresh_token": token, "org": org})

    def logout(self, token: str) -> None:
        """End a session."""
        self._answer("logout", json={"refresh_token": token})

    def places(self, answer: dict[str, Any]) -> list[dict[str, Any]]:
        """Return all places of the signed-in user; the answer itself holds only the first ones."""
        if not answer.get("more_places"):
            return answer["places"]
        listed: list[dict[str, Any]] = []
        bearer = {"authorization": f"Bearer {answer['access_token']}"}
        after: int | None = 0
        while after is not None:
            page = self._answer(f"places?after={after}", "GET", headers=bearer)
            listed += page["places"]
            after = page["next"]
        return listed

    def narrowed(self, token: str, scopes: Iterable[str]) -> dict[str, Any]:
        """Begin a session with these scopes only, in the place of `token`."""
        form = {
            "grant_type": _EXCHANGE,
            "subject_token": token,
            "subject_token_type": _REFRESH,
            "scope": " ".join(sorted(scopes)),
        }
        return self._answer("token", data=form)

    def _answer(self, way: str, method: str = "POST", **sent: Any) -> dict[str, Any]:
        url = f"{self.url}/auth/{way}"
        response = answered(
            lambda: httpx.request(method, url, timeout=_SECONDS, **sent),
            url,
            tries=_TRIES,
            pause=self._pause,
        )
        try:
            body: dict[str, Any] = orjson.loads(response.content)
            if response.status_code == _OK:
                return body
            code, told = body["error"], body.get("error_description") or "refused"
        except (orjson.JSONDecodeError, KeyError, TypeError):
            code, told = f"HTTP {response.status_code}", f"{url} does not answer as Linli does"
        raise Failed(code, told, response.headers.get("x-trace-id", ""))


def sign_in(door: Door, answer: dict[str, Any], wanted: frozenset[str]) -> Session:
    """Make a down-scoped session in each place of the signed-in user, and save only these."""
    kept: list[Kept] = []
    for place in door.places(answer):
        if answer.get("org") != place["org"]:
            answer = door.switch(answer["refresh_token"], place["org"])
        scopes = wanted & set(answer["scope"].split())
        if not scopes:
            continue
        narrow = door.narrowed(answer["refresh_token"], scopes)
        kept.append(
            Kept(
                place["org"], place["name"], place["roles"], narrow["scope"],
                narrow["refresh_token"], narrow["access_token"],
            )
        )  # fmt: skip
    if not kept:
        raise Failed("FORBIDDEN", "you have no such scope in any place")
    session = Session(door.url, kept)
    with locked():
        save(session)
    return session


@contextmanager
def places(
    url: str | None, token: str | None, chosen: Iterable[str] | None, needs: Scope
) -> Generator[list[tuple[str, Place | None]]]:
    """Yield each place to act in with the name the user gave; None where they are not signed in.

    With `token` that is the token's place. Without it, the places are those `chosen`, or else each
    place of the session that has the scope `needs`.
    """
    named = list(dict.fromkeys(chosen or ()))
    with ExitStack() as opened:
        if token:
            yield _of_token(opened.enter_context(Remote(url or LOCAL, token)), named)
            return
        session = load()
        if session is None or (url and url.rstrip("/") != session.url.rstrip("/")):
            raise Failed("NO_SESSION", "nobody is signed in: run `linli signin`, or give --token")
        found: list[tuple[str, Place | None]] = []
        fit = [kept.org for kept in session.places if needs in kept.scope.split()]
        if not (named or fit):
            raise Failed("FORBIDDEN", f"you signed in nowhere with the scope {needs}")
        for called in named or fit:
            kept = next((each for each in session.places if called in (each.org, each.name)), None)
            if kept is None:
                found.append((called, None))
                continue
            renew = _renewing(session, kept)
            remote = opened.enter_context(Remote(session.url, kept.access_token, renew=renew))
            found.append((called, Place(kept.org, kept.name, remote)))
        yield found


def in_each(
    url: str | None,
    token: str | None,
    chosen: Iterable[str] | None,
    needs: Scope,
    work: Callable[[Place], T],
) -> tuple[list[T], list[str]]:
    """Do the work in each place that `places` yields; return the results and the refusals.

    A refusal in one place does not stop the others.
    """
    done: list[T] = []
    refused: list[str] = []
    with places(url, token, chosen, needs) as found:
        for called, place in found:
            try:
                done.append(work(signed_in(place)))
            except Failed as error:
                refused.append(f"{place.name if place else called}: {error}")
    return done, refused


def signed_in(place: Place | None) -> Place:
    """Return the place; raises Failed if it is None, where the user is not signed in."""
    if place is None:
        raise Failed("NOT_FOUND", "you are not signed in there")
    return place


def _of_token(remote: Remote, chosen: list[str]) -> list[tuple[str, Place | None]]:
    viewer = remote.run(_HERE)["viewer"] or {}
    here = viewer.get("community") or viewer.get("department") or viewer.get("district")
    if here is None:
        raise Failed("FORBIDDEN", "the token is of no place")
    place = Place(here["id"], here["name"], remote)
    return [
        (called, place if called in (place.org, place.name) else None)
        for called in chosen or [place.org]
    ]


def _renewing(session: Session, mine: Kept) -> Callable[[], str]:
    """Return a function that renews one place's tokens, once for all running commands."""

    def renew() -> str:
        with locked():
            now = load()
            kept = (
                next((each for each in now.places if each.org == mine.org), None) if now else None
            )
            if now is None or kept is None or now.url != session.url:
                raise Failed("NO_SESSION", "signed out meanwhile: run `linli signin` again")
            if kept.access_token == mine.access_token:
                answer = Door(now.url).refresh(kept.refresh_token)
                if answer["access_token"] is None:
                    raise Failed("FORBIDDEN", f"you are nobody in {kept.name} any more")
                kept.refresh_token = answer["refresh_token"]
                kept.access_token = answer["access_token"]
                save(now)
        mine.refresh_token, mine.access_token = kept.refresh_token, kept.access_token
        return mine.access_token

    return renew
