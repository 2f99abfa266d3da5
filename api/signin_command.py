"""`linli signin` and `linli signout`: sign an admin in with only the scopes needed."""

import sys
from typing import Annotated

import typer

from api.kept import load, locked, path
from api.remote import LOCAL, Failed, Url
from api.session import NEEDED, Door, sign_in
from api.terminal import fail, out, table
from tenants.scopes import Role, Scope

AsRole = Annotated[
    Role | None, typer.Option(help="Sign in as the demo's person of this role; in a demo only.")
]
Scopes = Annotated[
    list[Scope] | None,
    typer.Option("--scope", help="Ask for this scope only; repeatable.", show_default=False),
]


ByKey = Annotated[
    bool, typer.Option("--key", help="Sign in with a sign-in key and an authenticator's digits.")
]


def signin(
    url: Url = LOCAL, role: AsRole = None, scope: Scopes = None, by_key: ByKey = False
) -> None:
    """Sign in, in every place where you are someone, with the scopes that these commands need.

    Without --role and --key, a refresh token is read from standard input, unseen, as the page
    /signin gives it. It is used up. With --key, the key and the six digits are read. Where you have
    many places, the server asks to wait in between: some thirty go at once, each further one takes
    two seconds.
    """
    wanted = frozenset(map(str, scope or NEEDED))
    try:
        door = Door(url)
        if role:
            answer = door.demo(role)
        elif by_key:
            answer = door.key(_typed("Sign-in key"), _typed("Six digits"))
        else:
            answer = door.refresh(_refresh_token())
        session = sign_in(door, answer, wanted)
    except Failed as error:
        fail(str(error))
    rows = [(each.name, each.org, ", ".join(each.roles), each.scope) for each in session.places]
    table(("place", "id", "roles", "scopes"), rows)
    out.print(f"kept in {path()} until `linli signout`", markup=False)


def signout() -> None:
    """End the sessions of this terminal and forget their tokens."""
    try:
        with locked():
            session = load()
            for kept in session.places if session else ():
                Door(session.url).logout(kept.refresh_token)  # type: ignore[union-attr] # it has places
            path().unlink(missing_ok=True)
    except Failed as error:
        fail(str(error))
    out.print("signed out")


def _refresh_token() -> str:
    token = _typed("Refresh token")
    if not token:
        fail("A refresh token is needed on standard input, or --key, or --role in a demo.")
    return token


def _typed(what: str) -> str:
    is_person = sys.stdin.isatty()
    text: str = typer.prompt(what, hide_input=True) if is_person else sys.stdin.readline()
    return text.strip()
