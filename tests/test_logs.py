"""The search for secrets in logs finds them; the fixture `overheard` runs it over all tests."""

import json
import logging
import traceback
import uuid
from typing import Any

from api.logs import JsonFormatter
from tests.overheard import leaks, listen, unspeakable


def test_a_spoken_secret_is_found() -> None:
    word = uuid.uuid4().hex
    heard = listen()
    try:
        logging.getLogger("linli.tests").debug("nothing to see")
        assert leaks(heard.lines, {word}) == []
        logging.getLogger("linli.tests").info("request", extra={"facts": {"phone": word}})
        assert leaks(heard.lines, {word}) == [word]
    finally:
        logging.getLogger().removeHandler(heard)


def test_the_other_end_is_not_overheard() -> None:
    for name in ("httpx", "httpcore"):
        assert not logging.getLogger(name).isEnabledFor(logging.INFO)
    assert unspeakable(uuid.uuid4().hex)


def logged(message: str, *, error: BaseException | None = None) -> dict[str, object]:
    """Return what is written for a log record of a library."""
    kept = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("asyncio", logging.ERROR, "x.py", 1, message, (), kept)
    return json.loads(JsonFormatter().format(record))


def test_of_an_error_its_type_and_place_are_written_and_never_its_text() -> None:
    word = uuid.uuid4().hex
    try:
        raise ValueError(word)
    except ValueError as error:
        text = traceback.format_exc()  # as uvicorn logs an application that does not start
        lines = [logged("Exception in ASGI application\n", error=error), logged(text)]
        task = logged(f"Task exception was never retrieved\nfuture: <Task exception={error!r}>")

    assert word not in json.dumps([*lines, task])
    here = f"{__file__}:"
    for line in lines:
        assert line["error"] == "ValueError"
        where: Any = line["where"]
        assert str(where[-1]).startswith(here)
    assert lines[1]["message"] == "failed"
    assert task["message"] == "Task exception was never retrieved"
