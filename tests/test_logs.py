"""The search for secrets in the logs finds them where they are; the fixture `overheard` does the rest."""

import logging
import uuid

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
