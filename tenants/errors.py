"""Refusals: what a person can cause by normal use and can act on, each with a code from a closed list."""

from enum import StrEnum


class Code(StrEnum):
    """Why a change was refused. The list grows only with the schema."""

    INVALID = "INVALID"
    TOO_LONG = "TOO_LONG"
    REQUIRED = "REQUIRED"
    NOT_FOUND = "NOT_FOUND"
    FORBIDDEN = "FORBIDDEN"
    WRONG_STATE = "WRONG_STATE"
    ALREADY_DONE = "ALREADY_DONE"
    VOTE_CLOSED = "VOTE_CLOSED"
    NOT_ELIGIBLE = "NOT_ELIGIBLE"
    CONTENT_REJECTED = "CONTENT_REJECTED"
    QUOTA_EXCEEDED = "QUOTA_EXCEEDED"
    VERSION_CONFLICT = "VERSION_CONFLICT"
    IDEMPOTENCY_MISMATCH = "IDEMPOTENCY_MISMATCH"
    RULE_UNCONFIRMED = "RULE_UNCONFIRMED"


class Refused(Exception):
    """A change was refused; nothing of it remains. `path` names the input field, if one is at fault."""

    def __init__(
        self,
        code: Code,
        message: str,
        *path: str,
        current_state: str | None = None,
        current_version: int | None = None,
        labels: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.path = path
        self.current_state = current_state
        self.current_version = current_version
        self.labels = labels


class NotFound(Refused):
    """Missing, foreign and hidden are one answer."""

    def __init__(self, *path: str) -> None:
        super().__init__(Code.NOT_FOUND, "没有找到。Not found.", *path)


class VersionConflict(Refused):
    """Someone changed the row after the caller read it."""

    def __init__(self, current: int) -> None:
        super().__init__(
            Code.VERSION_CONFLICT,
            f"内容已被修改，请刷新后重试。Changed meanwhile: version {current} is current.",
            "expectedVersion",
            current_version=current,
        )


class StaleViewer(Exception):
    """The token's membership, roles or state are no longer what the token says: refresh it."""


class Busy(Exception):
    """No connection came free in time; the caller may try again."""

    def __init__(self, message: str = "no connection came free in time") -> None:
        super().__init__(message)


class Unavailable(Busy):
    """The database cannot serve now: it starts, is gone, is full or only reads. Try again later.

    `reason` is its SQLSTATE, or the type of error that the line gave.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"the database cannot serve now: {reason}")
        self.reason = reason


class TooSlow(Exception):
    """The database gave up what took too long; a change is safe to repeat with its key.

    `reason` is its SQLSTATE.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"the database gave up: {reason}")
        self.reason = reason


class Conflict(TooSlow):
    """Two changes stood in each other's way, and this one was given up; it may be tried again."""
