"""Scalars stand for texts: moments, days and months, which are read strictly."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, NewType

import strawberry
from strawberry.schema.types import base_scalars

from api.engine.errors import BadValue

# RFC 3339, section 5.6, `date-time`. A leap second is refused: neither Python nor PostgreSQL keeps one.
_DATE_TIME = re.compile(
    r"([0-9]{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    r"[Tt](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?"
    r"(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)
# Sums of moments and terms stay within what Python and PostgreSQL hold.
_YEARS = range(1000, 9001)
_DAY = re.compile(r"([0-9]{4})-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")


def _moment(text: Any) -> datetime:
    """Read a moment as RFC 3339 has it, offset included; raises BadValue."""
    if isinstance(text, str) and (found := _DATE_TIME.fullmatch(text)):
        try:
            if int(found[1]) in _YEARS:
                return datetime.fromisoformat(text.upper()).astimezone(UTC)
        except ValueError:  # 30 February
            pass
    raise BadValue("须为 RFC 3339 时刻，含时区。A moment as RFC 3339 has it, offset included.")


def _day(text: Any) -> date:
    """Read a day; raises BadValue."""
    if isinstance(text, str) and (found := _DAY.fullmatch(text)):
        try:
            if int(found[1]) in _YEARS:
                return date.fromisoformat(text)
        except ValueError:  # 30 February
            pass
    raise BadValue("须为日期，如 2026-10-31。A day as YYYY-MM-DD.")


def _month(text: Any) -> str:
    """Read a month; raises BadValue."""
    if isinstance(text, str) and _MONTH.fullmatch(text):
        return text
    raise BadValue("须为月份，如 2026-10。A month as YYYY-MM.")


DATE_TIME = replace(
    base_scalars.DateTimeDefinition,
    description=(
        "时刻依 RFC 3339 书写，须带时区，1000 至 9000 年；答复一律为 UTC。\n"
        "A moment is written as RFC 3339 has it, offset included, in the years 1000 to 9000; "
        "answers are in UTC."
    ),
    specified_by_url="https://scalars.graphql.org/andimarek/date-time.html",
    parse_value=_moment,
)

DATE = replace(
    base_scalars.DateDefinition,
    description="日期写作 YYYY-MM-DD，上海时间。A day of Shanghai is written as YYYY-MM-DD.",
    specified_by_url="https://scalars.graphql.org/andimarek/local-date.html",
    parse_value=_day,
)

Month = NewType("Month", str)
Month.__doc__ = None
MONTH = strawberry.scalar(
    name="Month",
    description="月份写作 YYYY-MM，上海时间。A month of Shanghai is written as YYYY-MM.",
    serialize=str,
    parse_value=_month,
)
