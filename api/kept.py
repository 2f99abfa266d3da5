"""Keep this terminal's private session file: its user's places, with single-use refresh tokens.

Several commands may run at once. A command that changes the file holds its lock, reads the file
again and changes only its own entries, so that no command's next token is lost.
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
    """It is a down-scoped session in one place."""

    org: str
    name: str
    roles: list[str]
    scope: str
    refresh_token: str
    access_token: str


@dataclass
class Session:
    """It holds one API and the places where its user is signed in."""

    url: str
    places: list[Kept]


def path() -> Path:
    """Return the path of the session file."""
    return Path(typer.get_app_dir("linli")) / "session.json"


def load() -> Session | None:
    """Return the session; None if the user is not signed in; raises Failed if unreadable."""
    try:
        found: Any = orjson.loads(path().read_bytes())
        return Session(found["url"], [Kept(**each) for each in found["places"]])
    except FileNotFoundError:
        return None
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise Failed("NO_SESSION", f"{path()} cannot be read: run `linli signin` again") from None


def save(session: Session) -> None:
    """Write the session, readable by its user only. Call it within `locked`.

    The file is replaced as a whole: it holds either the old session or the new one.
    """
    # mkstemp creates the file with mode 0600
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
    """Hold the lock of the session file; other commands wait for it."""
    _folder()
    with path().with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _folder() -> Path:
    folder = path().parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
