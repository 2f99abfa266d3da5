"""Errors concern a whole request or a root field; their codes come from a closed list."""

from enum import StrEnum
from typing import Any

from graphql import GraphQLError


class ErrorCode(StrEnum):
    """It is `extensions.code` of a top-level error. No other value is ever sent."""

    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    BAD_REQUEST = "BAD_REQUEST"
    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    BAD_USER_INPUT = "BAD_USER_INPUT"
    BAD_CURSOR = "BAD_CURSOR"
    QUERY_TOO_COMPLEX = "QUERY_TOO_COMPLEX"
    RATE_LIMITED = "RATE_LIMITED"
    PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
    PERSISTED_QUERY_NOT_SUPPORTED = "PERSISTED_QUERY_NOT_SUPPORTED"
    TIMEOUT = "TIMEOUT"
    INTERNAL = "INTERNAL"


class RequestError(Exception):
    """The whole request is refused; nothing was read or changed. `errors` is ready to be sent."""

    def __init__(
        self, code: ErrorCode, message: str, *, path: list[str] | None = None, **extensions: Any
    ) -> None:
        super().__init__(message)
        self.code = code
        error: dict[str, Any] = {"message": message}
        if path:
            error["path"] = path
        error["extensions"] = {"code": code, **extensions}
        self.errors = [error]

    def again(self) -> "RequestError":
        """Return a new error that says the same.

        An error that is kept is never raised itself: each time an exception is raised it keeps
        the frames that it passes, with all their values, in addition to the earlier ones.
        """
        error = RequestError(self.code, str(self))
        error.errors = self.errors
        return error

    @classmethod
    def of(cls, code: ErrorCode, causes: list[GraphQLError]) -> "RequestError":
        """Return an error with the messages and locations of graphql-core's errors."""
        error = cls(code, causes[0].message)
        error.errors = []
        for cause in causes:
            shown: dict[str, Any] = {"message": cause.message}
            if cause.locations:
                shown["locations"] = [{"line": s.line, "column": s.column} for s in cause.locations]
            shown["extensions"] = {"code": code}
            error.errors.append(shown)
        return error


class BadValue(ValueError):
    """A text is not valid for its scalar: the input is wrong, and not the document."""


def bad_input(message: str) -> RequestError:
    """Return the error for an argument or variable that the schema's types let through."""
    return RequestError(ErrorCode.BAD_USER_INPUT, message)
