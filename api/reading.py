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
    (codecs.BOM_UTF8, "UTF-8"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_MARK = "\ufeff"


def read_text(path: Path, encoding: str | None = None) -> str:
    """Give a file's text, without a mark; say on standard error how it was read, unless as UTF-8.

    Without `encoding` it is what a mark says, else UTF-8, else GB18030, which is what Excel writes
    in China. ValueError says that it is none of them, or not of the one that is given. The file is
    read once: it may be a pipe.
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
