"""For every field that is read from the database, a value written by hand."""

from typing import Any

import pytest

from api.engine import bindings as b
from api.schema.schema import contract
from tenants.db import Database
from tests.conftest import SignIn
from tests.engine.expected import CHANGES, READINGS, Change, Reading
from tests.engine.expected_apps import READERS, READERS_CHANGES
from tests.engine.expected_duty import DUTY, DUTY_CHANGES
from tests.engine.expected_petitions import PETITION_CHANGES, PETITIONS
from tests.engine.expected_rates import RATES, SUPERVISION, SUPERVISION_CHANGES
from tests.engine.hamlet import OAK, Hamlet, settle
from tests.street import Make

ALL_READINGS = [*READINGS, *READERS, *DUTY, *PETITIONS, *RATES, *SUPERVISION]
# the handler's report comes first: a later change dismisses them
ALL_CHANGES = [*SUPERVISION_CHANGES, *CHANGES, *READERS_CHANGES, *DUTY_CHANGES, *PETITION_CHANGES]


@pytest.fixture(scope="session")
async def hamlet(make: Make, database: Database, signed_in: SignIn) -> Hamlet:
    """The seeded district; its officer suspended its village."""
    made = await settle(make, database)
    officer = signed_in(made.people["officer"])
    closed = await officer.do("suspendCommunity", communityId=OAK, reason="撤并")
    assert closed.refusals == []
    return made


def selection(gives: dict[str, Any]) -> str:
    """Return the selection for an expected value."""
    parts: list[str] = []
    for key, value in gives.items():
        inner = value[0] if isinstance(value, list) else value
        parts.append(f"{key} {{ {selection(inner)} }}" if isinstance(inner, dict) else key)
    return " ".join(parts)


def named(value: Any) -> Any:
    """Return an expected value without the arguments in its keys."""
    if isinstance(value, list):
        return [named(item) for item in value]
    if isinstance(value, dict):
        return {key.partition("(")[0]: named(item) for key, item in value.items()}
    return value


def innermost(value: Any, depth: int, nth: int = 0) -> Any:
    """Return the value this many objects deep; of a list, its nth item."""
    for _ in range(depth):
        (value,) = value.values()
        if isinstance(value, list):
            value = value[nth]
    return value


@pytest.mark.parametrize(
    "reading",
    ALL_READINGS,
    ids=lambda one: (
        f"{one.type} for {one.who}: {next(iter(one.gives)).partition('(')[0]} {one.nth or ''}"
    ),
)
async def test_what_is_read_is_what_was_written(
    hamlet: Hamlet, signed_in: SignIn, reading: Reading
) -> None:
    asker = signed_in(hamlet.people[reading.who])

    answer = await asker.run(f"{{ {reading.at.replace('*', selection(reading.gives))} }}")

    depth = reading.at.count("{") - reading.at.count("... on")
    assert innermost(answer.data, depth, reading.nth) == named(reading.gives)


@pytest.mark.parametrize("change", ALL_CHANGES, ids=lambda one: one.verb)
async def test_what_a_change_gives_back_is_as_it_is_now(
    hamlet: Hamlet, signed_in: SignIn, change: Change
) -> None:
    asker = signed_in(hamlet.people[change.who])

    answer = await asker.do(change.verb, selection(change.gives), **change.given)

    assert answer.payload == {**named(change.gives), "userErrors": []}


def test_every_field_read_from_the_database_has_an_expected_value() -> None:
    read = {
        f"{type_}.{field}"
        for (type_, field), spec in contract().fields.items()
        if not isinstance(spec.binding, (b.Given, b.Verb))
    }
    # an expected null proves little: only other values count
    expected = {
        f"{one.type}.{key}"
        for one in (*ALL_READINGS, *ALL_CHANGES)
        for key, value in named(one.gives).items()
        if value is not None
    }

    assert read <= expected, f"write a value for {sorted(read - expected)}"
