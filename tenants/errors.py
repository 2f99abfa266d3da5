"""Refusals: errors that a person can cause by normal use and can act on, each with a closed code."""

from enum import StrEnum


class Code(StrEnum):
    """Why a change was refused. The list grows only together with the schema."""

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
    """A change was refused and rolled back.

    `path` names the input field at fault, if there is one.
    """

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
    """The row is missing, of another tenant or hidden; the answer is the same for all three."""

    def __init__(self, *path: str) -> None:
        super().__init__(Code.NOT_FOUND, "没有找到。Not found.", *path)


class VersionConflict(Refused):
    """Another transaction changed the row after the caller read it."""

    def __init__(self, current: int) -> None:
        super().__init__(
            Code.VERSION_CONFLICT,
            f"内容已被修改，请刷新后重试。Changed meanwhile: version {current} is current.",
            "expectedVersion",
            current_version=current,
        )


class StaleViewer(Exception):
    """The viewer's membership, roles or state differ from the access token: refresh the token."""


class Busy(Exception):
    """The connection pool had no free connection in time; the caller may retry."""

    def __init__(self, message: str = "no connection came free in time") -> None:
        super().__init__(message)


class Unavailable(Busy):
    """The database cannot serve now: it is starting, gone, full or read-only. Retry later.

    `reason` is its SQLSTATE, or the type of the connection error.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"the database cannot serve now: {reason}")
        self.reason = reason


class TooSlow(Exception):
    """The database cancelled a statement after its timeout; a change may be retried with its key.

    `reason` is its SQLSTATE.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"the database gave up: {reason}")
        self.reason = reason


class Conflict(TooSlow):
    """Two transactions were in conflict and this one was rolled back; it may be retried."""
