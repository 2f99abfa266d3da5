"""The private file of this terminal: who is signed in where, with the tokens that are used once.

Several commands may run at once. Whoever changes the file holds its lock, reads it anew and changes
nothing but what is theirs, so that nobody's next token is lost.
"""

import fcntl
import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson
import typer

from api.remote import Failed


@dataclass
class Kept:
    """A narrow session in one place."""

    org: str
    name: str
    roles: list[str]
    scope: str
    refresh_token: str
    access_token: str


@dataclass
class Session:
    """One API and the places where its user is signed in."""

    url: str
    places: list[Kept]


def path() -> Path:
    """Say where the session is kept."""
    return Path(typer.get_app_dir("linli")) / "session.json"


def load() -> Session | None:
    """Read the session; None where nobody is signed in."""
    try:
        found: Any = orjson.loads(path().read_bytes())
        return Session(found["url"], [Kept(**each) for each in found["places"]])
    except FileNotFoundError:
        return None
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise Failed("NO_SESSION", f"{path()} cannot be read: run `linli signin` again") from None


def save(session: Session) -> None:
    """Keep the session for its user alone: the old file or the new one, whole. Within `locked`."""
    # mkstemp makes it 0600
    handle, name = tempfile.mkstemp(dir=_folder())
    try:
        with os.fdopen(handle, "wb") as written:
            written.write(orjson.dumps(asdict(session)))
            written.flush()
            os.fsync(written.fileno())
        Path(name).replace(path())
    finally:
        Path(name).unlink(missing_ok=True)


@contextmanager
def locked() -> Generator[None]:
    """Let one command at a time change the file; the others wait."""
    _folder()
    with path().with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _folder() -> Path:
    folder = path().parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
