"""Write structured logs: one JSON object a line, without personal data, parameters or documents."""

import logging
import re
import sys
import threading
from datetime import UTC, datetime
from typing import Any

import orjson

_PLACES = 12


# uvicorn logs an application that does not start, and asyncio a task that failed, with the
# traceback as plain text
_TRACEBACK = re.compile(r"\s*(\+ Exception Group )?Traceback \(most recent call last\)")
_PLACE = re.compile(r'File "(.+?)", line (\d+), in (\S+)')
_ERROR = re.compile(r"^([A-Za-z_][\w.]*)(?::|$)", re.MULTILINE)


class JsonFormatter(logging.Formatter):
    """It formats a record as JSON.

    It has time, level, logger, message, the facts of a request, and the type and place of an
    error.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return one record as a line of JSON.

        Of an exception only the type and place are kept, because its text may hold values. Of a
        message of several lines only the first is kept, because libraries put such a text in the
        others.
        """
        message = record.getMessage()
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "message": message.partition("\n")[0],
            **getattr(record, "facts", {}),
        }
        if _TRACEBACK.match(message):
            named = _ERROR.search(message, message.index("\n"))
            line["message"], line["error"] = "failed", named.group(1) if named else "unknown"
            line["where"] = [f"{p[0]}:{p[1]} {p[2]}" for p in _PLACE.findall(message)][-_PLACES:]
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["where"] = _where(record)
        return orjson.dumps(line, default=str).decode()


def _where(record: logging.LogRecord) -> list[str]:
    places: list[str] = []
    trace = record.exc_info[2] if record.exc_info else None
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[-_PLACES:]


def configure(level: str) -> None:
    """Send all logs and uncaught exceptions of this process to standard error as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        own = logging.getLogger(name)
        own.handlers.clear()
        own.propagate = (
            name != "uvicorn.access"
        )  # it logs addresses, and we log each request ourselves
    logging.captureWarnings(True)
    sys.excepthook = lambda _, error, __: _log_failed(error)
    sys.unraisablehook = lambda failed: _log_failed(failed.exc_value)
    threading.excepthook = lambda failed: _log_failed(failed.exc_value)
    hush()


def _log_failed(error: BaseException | None) -> None:
    logging.getLogger().error("failed", exc_info=error)


def hush() -> None:
    """Silence libraries that log the URLs they call, which hold codes and secrets."""
    for talkative in ("httpx", "httpcore"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
