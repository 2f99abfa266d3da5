"""For every field that is read from the database, a value written by hand."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import get_named_type, is_object_type

from api.engine import bindings as b
from api.schema.schema import contract
from tenants.db import Database
from tests.conftest import SignIn
from tests.engine.expected import CHANGES, READINGS, Change, Reading
from tests.engine.expected_affairs import AFFAIR_CHANGES, AFFAIRS
from tests.engine.expected_apps import READERS, READERS_CHANGES
from tests.engine.expected_duty import DUTY, DUTY_CHANGES
from tests.engine.expected_owners import OWNER_CHANGES, OWNERS
from tests.engine.expected_pacts import PACT_CHANGES, PACTS
from tests.engine.expected_petitions import PETITION_CHANGES, PETITIONS
from tests.engine.expected_rates import RATES, SUPERVISION, SUPERVISION_CHANGES
from tests.engine.expected_topics import TOPIC_CHANGES, TOPICS
from tests.engine.expected_votes import VOTE_CHANGES, VOTES
from tests.engine.hamlet import OAK, Hamlet, settle
from tests.street import Make

ALL_READINGS = [
    *READINGS,
    *READERS,
    *DUTY,
    *PETITIONS,
    *RATES,
    *SUPERVISION,
    *VOTES,
    *OWNERS,
    *AFFAIRS,
    *PACTS,
    *TOPICS,
]
# the handler's report comes first: a later change dismisses them
ALL_CHANGES = [
    *SUPERVISION_CHANGES,
    *CHANGES,
    *READERS_CHANGES,
    *DUTY_CHANGES,
    *PETITION_CHANGES,
    *VOTE_CHANGES,
    *OWNER_CHANGES,
    *AFFAIR_CHANGES,
    *PACT_CHANGES,
    *TOPIC_CHANGES,
]


@pytest.fixture(scope="session")
async def hamlet(make: Make, database: Database, signed_in: SignIn) -> Hamlet:
    """Give the seeded district; its officer suspended its village."""
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


def places(type_name: str, gives: Any) -> Iterator[str]:
    """Return each field that an expected value names; an expected null proves little, and is none."""
    fields = contract().object(type_name).fields
    for key, value in gives.items():
        if value is not None:
            yield f"{type_name}.{key}"
        inner = get_named_type(fields[key].type)
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict) and is_object_type(inner):
                yield from places(inner.name, item)


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
    bound = contract().fields
    payloads = {place for place in bound if place[0].endswith("Payload")}
    read = {
        f"{type_}.{field}"
        for (type_, field), spec in bound.items()
        if (type_, field) not in payloads and not isinstance(spec.binding, (b.Given, b.Verb))
    }
    expected = {place for one in ALL_READINGS for place in places(one.type, named(one.gives))}

    assert read <= expected, f"write a value for {sorted(read - expected)}"


def test_every_kind_of_row_that_a_change_answers_with_has_an_expected_value() -> None:
    """The payloads of several mutations have the same field; one of them is enough."""
    contract_ = contract()
    answers = {
        verb: {
            name: str(field.type)
            for name, field in root.type.fields.items()
            if not isinstance(contract_.spec(root.type.name, name).binding, b.Given)
        }
        for verb, root in contract_.schema.mutation_type.fields.items()  # type: ignore[union-attr] # there is one
    }
    read = {answer for fields in answers.values() for answer in fields.items()}
    expected = {
        (name, answers[change.verb][name])
        for change in ALL_CHANGES
        for name, value in named(change.gives).items()
        if value is not None
    }

    assert read == expected
