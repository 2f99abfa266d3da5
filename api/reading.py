"""Read text files that a user gives to a command, and report their encoding."""

import codecs
from pathlib import Path
from typing import Annotated

import typer

from api.terminal import err

Encoding = Annotated[
    str | None,
    typer.Option(help="The file's encoding; by default UTF-8, UTF-16 with a mark, or GB18030."),
]

# The byte order marks. That of UTF-32 begins as that of UTF-16 does, but nobody uses UTF-32.
_MARKS = (
    (codecs.BOM_UTF8, "UTF-8"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_MARK = "\ufeff"


def read_text(path: Path, encoding: str | None = None) -> str:
    """Return a file's text without its byte order mark; say on standard error if it is not UTF-8.

    Without `encoding`, the mark decides, then UTF-8 is tried, then GB18030, which Excel writes in
    China. Raises ValueError if the file is in none of these, or not in `encoding`. The file is
    read once, so it may be a pipe.
    """
    held = path.read_bytes()
    for name in _tried(held, encoding):
        try:
            text = held.decode(name)
        except UnicodeError:
            continue
        except LookupError as error:
            raise ValueError(f"There is no encoding {encoding}.") from error
        if name != "UTF-8":
            err.print(f"{path} is read as {name}.", markup=False)
        return text.removeprefix(_MARK)
    raise ValueError(f"{path} is not {encoding or 'UTF-8, nor UTF-16 with a mark, nor GB18030'}.")


def _tried(held: bytes, encoding: str | None) -> list[str]:
    if encoding is not None:
        return [encoding]
    marked = [name for mark, name in _MARKS if held.startswith(mark)]
    return marked or ["UTF-8", "GB18030"]
