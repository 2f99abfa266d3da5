"""A provider checks a text before it is shown."""

from enum import StrEnum
from typing import Protocol

from tenants.errors import Code, Refused


class Verdict(StrEnum):
    """It is the result of a text check."""

    PASS = "PASS"  # noqa: S105 # a verdict, no password
    REVIEW = "REVIEW"
    RISKY = "RISKY"


class TextCheck(Protocol):
    """It is a provider that checks text before it is published, outside any transaction."""

    async def check(self, text: str) -> Verdict:
        """Return the verdict on a text. Raise nothing: a provider that fails returns REVIEW."""
        ...


class NoCheck:
    """It checks nothing, and is the default."""

    async def check(self, text: str) -> Verdict:  # noqa: ARG002 # no check reads it
        """Pass every text."""
        return Verdict.PASS


def state_after(verdict: Verdict, *, pre_moderated: bool) -> str:
    """Return the state of a new text; raise CONTENT_REJECTED for RISKY."""
    if verdict is Verdict.RISKY:
        raise Refused(
            Code.CONTENT_REJECTED, "内容未通过检查。The text was rejected.", labels=("RISKY",)
        )
    return "HELD" if pre_moderated or verdict is Verdict.REVIEW else "PUBLISHED"
