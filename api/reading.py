"""Text files that people hand to a command: read in the encoding that they are in, which is told."""

import codecs
from pathlib import Path
from typing import Annotated

import typer

from api.terminal import err

Encoding = Annotated[
    str | None,
    typer.Option(help="The file's encoding; by default UTF-8, UTF-16 with a mark, or GB18030."),
]

# A mark at the beginning says which; UTF-32's begins as UTF-16's does, and nobody writes it.
_MARKS = (
    (codecs.BOM_UTF8, "UTF-8", "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "UTF-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "UTF-16", "utf-16"),
)


def read_text(path: Path, encoding: str | None = None) -> tuple[str, str]:
    """Give a file's text and the name of the encoding that it was read in.

    Without `encoding` it is what a mark says, else UTF-8, else GB18030, which is what Excel writes
    in China. ValueError says that it is none of them, or not of the one that is given.
    """
    held = path.read_bytes()
    for name, codec in _tried(held, encoding):
        try:
            return held.decode(codec), name
        except UnicodeError:
            continue
        except LookupError as error:
            raise ValueError(f"There is no encoding {encoding}.") from error
    raise ValueError(f"{path} is not {encoding or 'UTF-8, nor UTF-16 with a mark, nor GB18030'}.")


def tell_encoding(path: Path, encoding: str | None) -> None:
    """Say in which encoding a file is read, unless it is UTF-8; raises as `read_text` does."""
    _, taken = read_text(path, encoding)
    if taken != "UTF-8":
        err.print(f"{path} is read as {taken}.", markup=False)


def _tried(held: bytes, encoding: str | None) -> list[tuple[str, str]]:
    if encoding is not None:
        # a mark is no text, whoever says what follows it
        return [(encoding, "utf-8-sig" if encoding.lower() in {"utf-8", "utf8"} else encoding)]
    for mark, name, codec in _MARKS:
        if held.startswith(mark):
            return [(name, codec)]
    return [("UTF-8", "utf-8"), ("GB18030", "gb18030")]
