"""The check of what people write, by whoever was asked to read it before it is shown."""

from enum import StrEnum
from typing import Protocol

from tenants.errors import Code, Refused


class Verdict(StrEnum):
    """What a check of text says."""

    PASS = "PASS"  # noqa: S105 # a verdict, no password
    REVIEW = "REVIEW"
    RISKY = "RISKY"


class TextCheck(Protocol):
    """A provider that reads text before it is published, outside any transaction."""

    async def check(self, text: str) -> Verdict:
        """Judge the text. Raises nothing: a provider that fails says REVIEW."""
        ...


class NoCheck:
    """The default: nobody reads along."""

    async def check(self, text: str) -> Verdict:  # noqa: ARG002 # nobody reads it
        """Pass everything."""
        return Verdict.PASS


def state_after(verdict: Verdict, *, pre_moderated: bool) -> str:
    """Give the state a new text enters by; RISKY is refused with CONTENT_REJECTED."""
    if verdict is Verdict.RISKY:
        raise Refused(
            Code.CONTENT_REJECTED, "内容未通过检查。The text was rejected.", labels=("RISKY",)
        )
    return "HELD" if pre_moderated or verdict is Verdict.REVIEW else "PUBLISHED"
