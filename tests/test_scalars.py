"""Moments and months are parsed strictly in every argument and input."""

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from api.engine.errors import ErrorCode, RequestError
from api.engine.executor import Engine
from api.engine.preparing import Request
from api.schema.scalars import DATE_TIME
from api.schema.schema import contract
from tenants.scopes import Scope
from tenants.viewer import Principal, Viewer
from tests.inputs import InputPlace, places, plain

CLOCK: Any = SimpleNamespace(clock=lambda: datetime.now(UTC))  # the database is not used
ENGINE = Engine(contract(), CLOCK, {})
ANYONE = Viewer(
    Principal.COMMUNITY, uuid4(), frozenset(), frozenset(Scope), 1, "tests", "", datetime.now(UTC)
)  # fmt: skip
MOMENTS = {
    "2027-01-05T09:00:00Z": "2027-01-05T09:00:00+00:00",
    "2027-01-05t09:00:00z": "2027-01-05T09:00:00+00:00",
    "2027-01-05T09:00:00+08:00": "2027-01-05T01:00:00+00:00",
    "2027-01-05T09:00:00-00:00": "2027-01-05T09:00:00+00:00",
    "2027-01-05T09:00:00.123456789+08:00": "2027-01-05T01:00:00.123456+00:00",
    "2028-02-29T23:59:59.9-23:59": "2028-03-01T23:58:59.900000+00:00",
    "1000-01-01T00:00:00+08:00": "0999-12-31T16:00:00+00:00",
    "9000-12-31T23:59:59Z": "9000-12-31T23:59:59+00:00",
}
NO_MOMENTS = [
    "2027-01-05T09:00:00", "2027-01-05", "20270108T090000Z", "2027-W02-1T09:00:00Z", "2027-005T09:00:00Z",
    "2027-01-05T24:00:00+08:00", "2027-01-05T09:00:00+0800", "2027-01-05T09:00:00+08", "2027-01-05 09:00:00Z",
    "2027-01-05T09:00Z", "2027-01-05T23:59:60Z", "2027-02-29T09:00:00Z", "2027-13-05T09:00:00Z",
    "2027-01-05T09:00:00+24:00", "2027-01-05T09:00:00+08:60", "2027-01-05T09:00:00.Z", "2027-01-05T09:00:00,5Z",
    "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00", "10000-01-01T00:00:00Z",
    "２０２７-01-05T09:00:00Z", "2027-01-05T09:00:00Z\n", " 2027-01-05T09:00:00Z", "2027-01-05T09:00:00 Z",
    "-2027-01-05T09:00:00Z", "now", "", "1767603600", 1767603600, 1.5, True, [], {},
]  # fmt: skip
NO_MONTHS = [
    "2026-13", "2026-00", "", "２０２６-０１", "2026-1", "26-01", "2026-01-01", "2026/01", "202601",
    "2026-01\n", " 2026-01", "2026-01Z", 202601, True, [],
]  # fmt: skip
AT = [place for place in places() if place.scalar == "DateTime"]
RATES = "query ($month: Month!) { community { petitionRates(month: $month) { totalCount } } }"


def refusal(text: str, given: Any = None) -> str:
    """Return the message of an input that the engine must refuse."""
    with pytest.raises(RequestError) as refused:
        ENGINE.prepare(Request(text, None, given), ANYONE)
    assert refused.value.code == ErrorCode.BAD_USER_INPUT, (text, given, str(refused.value))
    return str(refused.value)


def test_every_moment_of_the_schema_is_read_by_one_scalar() -> None:
    assert len(AT) >= 12
    assert {str(place) for place in AT} >= {
        "scheduleDuty.startsAt",
        "importPetitions.petitions.submittedAt",
    }


@pytest.mark.parametrize("place", AT, ids=str)
def test_a_moment_needs_its_offset_and_the_shape_of_rfc_3339(place: InputPlace) -> None:
    for good in MOMENTS:
        ENGINE.prepare(Request(place.text(), None, place.given(good, plain)), ANYONE)
    for bad in NO_MOMENTS:
        if bad == [] and "list" in str(place):
            continue
        assert place.keys[-1] in refusal(place.text(), place.given(bad, plain)), bad


def test_a_moment_is_kept_as_the_instant_it_is() -> None:
    assert DATE_TIME.parse_value is not None
    assert {text: DATE_TIME.parse_value(text).isoformat() for text in MOMENTS} == MOMENTS


def test_a_value_in_the_text_of_the_document_is_refused_by_its_name_too() -> None:
    text = """mutation { scheduleDuty(input: {memberId: "x", endsAt: "2027-01-05T17:00:00Z",
              startsAt: "2027-01-05T09:00:00", idempotencyKey: "k"}) { userErrors { code } } }"""
    assert refusal(text).startswith("`startsAt`: ")
    assert refusal('{ community { petitionRates(month: "2026-13") { totalCount } } }').startswith(
        "`month`: "
    )
    default = (
        'query ($month: Month! = "x") { community { petitionRates(month: $month) { totalCount } } }'
    )
    assert refusal(default).startswith("`$month`: ")


def test_a_month_is_four_digits_and_two() -> None:
    ENGINE.prepare(Request(RATES, None, {"month": "2026-12"}), ANYONE)
    for bad in NO_MONTHS:
        assert "month" in refusal(RATES, {"month": bad})


def test_a_wrong_text_beside_a_wrong_document_is_a_wrong_document() -> None:
    text = '{ nothing community { petitionRates(month: "x") { totalCount } } }'
    with pytest.raises(RequestError) as refused:
        ENGINE.prepare(Request(text), replace(ANYONE))
    assert refused.value.code == ErrorCode.GRAPHQL_VALIDATION_FAILED
