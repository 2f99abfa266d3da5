"""When scrutineers are asked for their keys, and when it is told that they are missing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tenants.votes.secret.scrutiny import alarm_at, is_asked, is_at_risk

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
NOON = datetime(2026, 12, 7, 4, tzinfo=UTC)


def vote(days: float, state: str = "OPEN", shown: int = 3, answering: int = 0) -> dict[str, Any]:
    """A secret vote that opens at noon and closes so many days later; it was drafted a day before."""
    return {
        "secrecy": "SECRET", "state": state, "created_at": NOON - DAY, "opens_at": NOON,
        "closes_at": NOON + days * DAY, "keys_shown": shown, "answering": answering,
        "alarmed_at": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "at"),
    [
        (vote(5), NOON + 3 * DAY),
        (vote(5, answering=1), NOON + 3 * DAY),
        (vote(5, answering=2), None),
        (vote(1), NOON),  # it closes within two days: at once
        (vote(1, "NOTICED"), None),  # it may still be answered before the opening
        (vote(5, "NOTICED", shown=2, answering=2), NOON),
        (vote(1, "NOTICED", shown=2, answering=2), NOON - DAY + 10 * MINUTE),
        (vote(1, "NOTICED", shown=2) | {"created_at": NOON}, NOON + 10 * MINUTE),
        (vote(1 / 200, "NOTICED", shown=0) | {"created_at": NOON}, None),
        (vote(5) | {"alarmed_at": NOON}, None),
        (vote(5, shown=0) | {"secrecy": "RECORDED"}, None),
    ],
)
def test_too_few_scrutineers_are_told_in_time(given: dict[str, Any], at: datetime | None) -> None:
    assert alarm_at(given) == at
    assert at is None or is_at_risk(given)


def test_a_scrutineer_is_asked_at_first_and_three_days_before_the_close() -> None:
    new, known = {"seal_key": None, "shown_at": None}, {"seal_key": b"1", "shown_at": NOON - DAY}
    assert is_asked(vote(5, "DRAFT"), new, NOON)
    assert not is_asked(vote(5, "VOID"), new, NOON)
    for state in ("NOTICED", "OPEN"):
        assert not is_asked(vote(5, state), known, NOON + 2 * DAY - MINUTE)
        assert is_asked(vote(5, state), known, NOON + 2 * DAY)
        assert not is_asked(vote(5, state), known | {"shown_at": NOON + 2 * DAY}, NOON + 4 * DAY)
    assert not is_asked(vote(5, "COUNTING"), known, NOON + 5 * DAY)
