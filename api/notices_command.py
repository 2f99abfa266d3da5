"""`linli notices`: publish a notice in communities, once in each however often it runs."""

from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress

from api.reading import Encoding, read_text
from api.remote import Failed, Token
from api.session import In, Json, Place, Where, places, signed_in
from api.terminal import as_json, fail, out, table
from tenants.scopes import Scope
from tenants.workdays import SHANGHAI

app = typer.Typer(no_args_is_help=True, help="Notices (公告), through the API.")

_BOARD = """query ($slug: String!) { board(slug: $slug) { id viewerCan { createPost { allowed code message } } } }"""
_POST = """mutation ($input: CreatePostInput!) { createPost(input: $input) {
  post { id state createdAt } userErrors { code message path } } }"""
_COLUMNS = ("community", "outcome", "post", "at", "why")

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The text.")]
Title = Annotated[str, typer.Option(help="1 to 80 characters.")]
All = Annotated[bool, typer.Option("--all", help="In every community you are signed in to.")]
Again = Annotated[
    bool, typer.Option("--again", help="As a new notice, also within seven days of the last.")
]
Slug = Annotated[str, typer.Option(help="The board's slug.")]


@app.callback()
def notices() -> None:
    """Keep `publish` a command of its own name, alone as it is."""


@app.command()
def publish(
    file: File,
    title: Title,
    community: In = None,
    everywhere: All = False,
    board: Slug = "notices",
    again: Again = False,
    encoding: Encoding = None,
    json: Json = False,
    url: Where = None,
    token: Token = None,
) -> None:
    """Publish a notice where you may, and say where you may not.

    Run it again after anything: for seven days the same words on the same board of a community are
    one notice, and it says when that was published. Later they are a new one. With --again they are
    a new one on each day (Shanghai's) on which it is run.

    The text is plain: Markdown is shown as it is written. Needs community and board reading, and
    post:write. The command fails where any community was left without the notice.
    """
    if bool(community) == everywhere:
        fail("Say where: --community, once or more, or --all.")
    try:
        body = read_text(file, encoding).strip()
    except ValueError as error:
        fail(str(error))
    try:
        with places(url, token, community, Scope.POST_WRITE) as chosen:
            day = str(datetime.now(SHANGHAI).date()) if again else ""
            done = _publish_all(chosen, board, title, body, day, is_quiet=json)
    except Failed as error:
        fail(str(error))
    if json:
        as_json(done)
    else:
        table(_COLUMNS, ([each[name] or "" for name in _COLUMNS] for each in done))
    if any(each["outcome"] == "REFUSED" for each in done):
        raise typer.Exit(1)


def _publish_all(
    chosen: list[tuple[str, Place | None]], *said: str, is_quiet: bool
) -> list[dict[str, Any]]:
    done: list[dict[str, Any]] = []
    hidden = is_quiet or not out.is_terminal
    with Progress(console=out, transient=True, disable=hidden) as progress:
        task = progress.add_task("communities", total=len(chosen))
        for called, place in chosen:
            done.append(_publish(called, place, *said))
            progress.advance(task)
    return done


def _publish(
    called: str, place: Place | None, slug: str, title: str, body: str, day: str
) -> dict[str, Any]:
    said: dict[str, Any] = {
        "community": called,
        "outcome": "REFUSED",
        "post": None,
        "at": None,
        "why": None,
    }
    try:
        place = signed_in(place)
        said["community"] = place.name
        board = place.remote.run(_BOARD, slug=slug)["board"]
        if board is None:
            raise Failed("NOT_FOUND", f"there is no board {slug}")
        may = board["viewerCan"]["createPost"]
        if not may["allowed"]:
            raise Failed(may["code"], may["message"])
        given = {"boardId": board["id"], "title": title, "body": body}
        key = _key(place.org, slug, title, body, *filter(None, [day]))
        post = place.remote.change(_POST, {**given, "idempotencyKey": key})["post"]
    except Failed as error:
        return {**said, "why": str(error)}
    if post is None:  # it was posted before and has been deleted since
        return {**said, "outcome": "DELETED", "why": "published before, and deleted since"}
    return {**said, "outcome": post["state"], "post": post["id"], "at": post["createdAt"]}


def _key(*said: str) -> str:
    """Return the idempotency key of a notice in a place; the API keeps keys for 7 days."""
    return "notice-" + sha256("\0".join(said).encode()).hexdigest()[:48]
