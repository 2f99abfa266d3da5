"""Test phones and codes as people type them, from memory or from paper."""

import pytest

from tenants.membership.service import codes
from tenants.officers.service import inviting
from tenants.phones import e164, is_of_the_mainland, mask

TYPED = (
    "13812345678", "+8613812345678", "+86 138 1234 5678", "138-1234-5678", "0086 13812345678",
    "１３８１２３４５６７８", "\u202d13812345678\u202c", " 138 1234 5678\u200b", "+86-138 1234-5678",
    "(+86) 13812345678", "86 13812345678",
)  # fmt: skip
NONE = (
    "12812345678", "1381234567", "138123456789", "", "手机", "021-62345678", "13812345678 ext. 5",
    "+85221234567", "13812345678" * 5, "+1", "+999 13812345678",
)  # fmt: skip
CODE = "1f-23456789abcdefghjkmn"


@pytest.mark.parametrize("typed", TYPED)
def test_a_mainland_number_is_kept_in_one_form(typed: str) -> None:
    assert e164(typed) == "+8613812345678"


def test_a_number_is_masked() -> None:
    assert mask("+8613812345678") == "*******5678"
    assert mask("+85291234567") == "+852 ****4567"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+852 9123 4567", "+85291234567"), ("+853 6612 3456", "+85366123456"),
        ("+886 912 345 678", "+886912345678"), ("００８５２９１２３４５６７", "+85291234567"),
        ("+44 7400 123456", "+447400123456"),
    ],
)  # fmt: skip
def test_other_regions_numbers_are_kept_and_are_no_mainland_ones(typed: str, kept: str) -> None:
    """Their owners may apply; the staff meet them in person."""
    assert e164(typed) == kept
    assert not is_of_the_mainland(kept)


@pytest.mark.parametrize("typed", NONE)
def test_what_is_no_mobile_number_is_none(typed: str) -> None:
    assert e164(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        CODE, CODE.upper(), " 1F 2345 6789 ABCD EFGH JKMN ", "１ｆ－２３４５６７８９ａｂｃｄｅｆｇｈｊｋｍｎ",
        "1f23456789abcdefghjkmn", "1f—2345-6789-abcd-efgh-jkmn\u200b\n",
    ],
)  # fmt: skip
def test_a_join_code_is_read_from_paper(typed: str) -> None:
    """Width, case, blanks and hyphens do not matter."""
    assert codes.read(typed) == (31, CODE)


def test_an_invitation_is_read_from_paper() -> None:
    code = "310113-23456789abcdefghjkmn"
    for typed in (
        code,
        code.upper(),
        "310113 2345 6789 ABCD EFGH JKMN",
        "３１０１１３-" + code[7:],
    ):
        assert inviting.read(typed) == (310113, code)


@pytest.mark.parametrize(
    "typed", ["", "1f", CODE[3:], CODE.replace("2", "1"), "ffffffff-" + CODE[3:]]
)
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert codes.read(typed) is None
    assert inviting.read(typed) is None
