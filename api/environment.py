"""Read settings from the environment; a value that cannot be one is refused with its name."""

import os
from ipaddress import ip_network
from math import inf
from pathlib import Path

from tenants.votes.secret.opening import KEY_BYTES
from tenants.votes.secret.scrutiny import KEYS
from tenants.votes.service.secret.keys import Program

_NAMES = """
DATA FILES_URL DATABASE_URL ROLE_PASSWORD PUBLIC_URL DEMO WORKERS BACKGROUND POOL_SIZE START_SECONDS
WAIT_SECONDS TOKEN_SECONDS CORS_ORIGINS TEXT_CHECK_URL WECHAT_URL WECHAT_APPID WECHAT_SECRET
OIDC_ISSUER OIDC_CLIENT_ID OIDC_CLIENT_SECRET OIDC_NAME DEADLINE_SECONDS CHECKPOINT_SECONDS
CLOCK_SECONDS RATES_SECONDS DOCUMENTS_SECONDS RETENTION_DAYS LIMITS_FACTOR CONNECTIONS
CONNECTIONS_OF_ADDRESS REQUESTS HEAD_SECONDS READ_SECONDS TRUSTED_PROXIES SCRUTINEERS METRICS_TOKEN
LOG_LEVEL STATEMENTS
"""
# Every variable that a server or a command reads; the last two are a terminal's own.
NAMES = frozenset(f"LINLI_{each}" for each in [*_NAMES.split(), "TOKEN", "URL"])
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def number(name: str, default: float) -> float:
    """Return a number above 0; raises ValueError."""
    text = os.environ.get(name, "")
    if not text:
        return default
    try:
        number = float(text)
    except ValueError:
        number = 0
    if not 0 < number < inf:
        raise ValueError(f"{name} must be a number above 0, not {text!r}.")
    return number


def level(name: str, default: str) -> str:
    """Return a level of logging; raises ValueError."""
    text = os.environ.get(name) or default
    if text not in _LEVELS:
        raise ValueError(f"{name} must be one of {', '.join(_LEVELS)}, not {text!r}.")
    return text


def folder(name: str, default: str) -> Path:
    """Return a folder, created if it is missing; raises ValueError where it cannot be."""
    path = Path(os.environ.get(name) or default).absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(f"{name} must be a folder: {path}: {error.strerror}.") from None
    return path


def listed(name: str) -> tuple[str, ...]:
    """Return what the commas separate."""
    return tuple(each.strip() for each in os.environ.get(name, "").split(",") if each.strip())


def programs(name: str) -> tuple[Program, ...]:
    """Return the scrutineers' programs; raises ValueError unless there are three."""
    named = [each.rpartition(":") for each in listed(name)]
    try:
        found = tuple(Program(title.strip(), bytes.fromhex(key)) for title, _, key in named)
    except ValueError:
        found = ()
    fit = all(each.name and len(each.identity) == KEY_BYTES for each in found)
    if named and not (
        fit and len(found) == KEYS and len({each.identity for each in found}) == KEYS
    ):
        raise ValueError(f"{name} must be three different programs: name:key,name:key,name:key.")
    return found


def networks(name: str) -> tuple[str, ...]:
    """Return addresses and networks; raises ValueError."""
    given = listed(name)
    for each in given:
        try:
            ip_network(each)
        except ValueError:
            raise ValueError(f"{name} must list addresses or networks, not {each!r}.") from None
    return given


def url(name: str) -> str | None:
    """Return the address of a PostgreSQL, or None; raises ValueError."""
    text = os.environ.get(name) or None
    if text is not None and not text.startswith(("postgresql://", "postgres://")):
        raise ValueError(f"{name} must begin with postgresql://.")
    return text
