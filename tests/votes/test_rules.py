"""The rule sets as the law has them: thresholds, dates, and which body decides what."""

from dataclasses import fields
from datetime import date, timedelta
from itertools import combinations

import pytest

from tenants.votes.ballots import Ballot, Method, Paper, Unit
from tenants.votes.counting import Outcome, Question, Turnout, decide
from tenants.votes.rules import (
    Body,
    ElectronicForm,
    ProxyRule,
    RuleSecrecy,
    RuleSet,
    authorising,
    in_force,
    matters,
    rule_sets,
)
from tenants.votes.thresholds import Base

TODAY = date(2026, 11, 29)


def current(code: str) -> RuleSet:
    """Return the rule set of today."""
    found = in_force(code, TODAY)
    assert found is not None, code
    return found


@pytest.mark.parametrize(
    ("code", "eligible", "attending", "yes"),
    [
        ("RM_PERSON", 923, 462, 232),
        ("RM_HOUSEHOLD", 401, 201, 101),
        ("RR", 45, 30, 16),
        ("VM_PERSON", 1000, 501, 251),
        ("VM_HOUSEHOLD", 300, 200, 101),
        ("VR", 60, 40, 21),
        ("VG_PERSON", 90, 60, 31),
        ("VG_HOUSEHOLD", 31, 21, 11),
        ("OC", 9, 5, 5),
    ],
)
def test_least_numbers_that_decide(code: str, eligible: int, attending: int, yes: int) -> None:
    rule = current(code).rule
    (unit,) = rule.quorum

    def outcome(came: int, of_them: int) -> Outcome:
        question = Question(Paper(Method.PROPOSAL, 2), {unit: Turnout(eligible, came)})
        return decide(question, rule, [Ballot((1, 0), {unit: 1})] * of_them).outcome

    assert outcome(attending, yes) is Outcome.PASSED
    assert outcome(attending, yes - 1) is Outcome.FAILED_VOTES
    assert outcome(attending - 1, yes) is Outcome.FAILED_QUORUM


@pytest.mark.parametrize(("code", "heads"), [("OWN_ORD", 194), ("OWN_SPEC", 289)])
def test_owners_pass_by_both_units(code: str, heads: int) -> None:
    rule = current(code).rule
    assert set(rule.quorum) == set(rule.passing) == {Unit.HEADS, Unit.AREA}
    assert {each.least(577) for each in rule.quorum.values()} == {385}
    least = rule.passing[Unit.HEADS].least(385)
    assert least == {"OWN_ORD": 193, "OWN_SPEC": 289}[code], heads


def test_who_can_ask_for_a_residents_meeting_changed_in_2026() -> None:
    before = in_force("RM_PERSON", date(2025, 12, 31))
    assert before is not None
    assert before.called_by[Unit.PERSONS].least(923) == 185
    assert current("RM_PERSON").called_by[Unit.PERSONS].least(923) == 93
    assert current("RM_PERSON").called_by[Unit.REPRESENTATIVES].least(36) == 12


def test_on_every_day_a_code_has_one_rule_set_at_most() -> None:
    for one, other in combinations(rule_sets(), 2):
        if one.code == other.code:
            first, second = sorted((one, other), key=lambda each: each.begins)
            assert first.until is not None
            assert second.begins == first.until + timedelta(days=1), "no day without a rule between"


def test_a_rule_set_before_its_law_is_none() -> None:
    assert in_force("RR", date(2025, 12, 31)) is None
    assert in_force("OWN_ORD", date(2020, 12, 31)) is None
    assert in_force("NO_SUCH", TODAY) is None


def test_what_no_law_says_is_named_a_house_rule() -> None:
    names = {field.name for field in fields(RuleSet)} | {"quorum", "passing"}
    for each in rule_sets():
        assert each.house_rules <= names
        assert each.source
        # the law knows no secrecy, proxy or objections outside elections and owners' votes
        if each.body in (Body.RESIDENTS_MEETING, Body.RESIDENT_REPRESENTATIVES):
            assert {"secrecy", "proxy", "objection_days"} <= each.house_rules
            assert (each.secrecy, each.proxy) == (RuleSecrecy.FREE, ProxyRule.NONE)
            assert each.electronic is ElectronicForm.UNCLEAR
        if each.body is Body.OWNERS_ASSEMBLY:
            assert each.secrecy is RuleSecrecy.RECORDED, "an area is a name"
            assert each.electronic is ElectronicForm.BY_OWN_RULES


def test_every_body_has_a_rule_set_today() -> None:
    codes = {each.code for each in rule_sets()}
    assert {current(code).body for code in codes} == set(Body)


def test_present_means_recorded_present_and_only_owners_count_who_took_part() -> None:
    for each in rule_sets():
        of_owners = each.body is Body.OWNERS_ASSEMBLY
        assert each.rule.counted is (Base.PARTICIPATING if of_owners else Base.ATTENDING)


@pytest.mark.parametrize(
    ("matter", "rules", "if_authorised"),
    [
        ("RAISE_MAINTENANCE_FUND", {"OWN_SPEC"}, set[str]()),
        ("REBUILD", {"OWN_SPEC"}, set[str]()),
        ("CHANGE_COMMON_USE", {"OWN_SPEC"}, set[str]()),
        ("USE_MAINTENANCE_FUND", {"OWN_ORD"}, set[str]()),
        ("RESIDENT_PACT", {"RM_PERSON", "RM_HOUSEHOLD"}, {"RR"}),
        ("VILLAGE_RULES", {"VM_PERSON", "VM_HOUSEHOLD"}, set[str]()),
        ("VILLAGERS_MATTER", {"VM_PERSON", "VM_HOUSEHOLD"}, {"VR"}),
        ("RESIDENT_SUPERVISORS", {"RM_PERSON", "RM_HOUSEHOLD", "RR"}, set[str]()),
    ],
)
def test_the_law_fixes_the_body(matter: str, rules: set[str], if_authorised: set[str]) -> None:
    found = matters()[matter]
    assert (found.rules, found.if_authorised) == (rules, if_authorised)


def test_every_matter_names_rule_sets_that_there_are() -> None:
    for matter in matters().values():
        for code in matter.rules | matter.if_authorised:
            assert current(code)
    used = {code for each in matters().values() for code in each.rules | each.if_authorised}
    assert used == {each.code for each in rule_sets()}


def test_representatives_are_authorised_by_the_meeting_whose_matters_they_take() -> None:
    for matter in matters().values():
        for code in matter.if_authorised:
            gives = authorising(code)
            of_its_kind = {each for each in matter.rules if each[0] == code[0]}
            assert gives.rules == of_its_kind, "whoever decides it authorises"
            assert gives.if_authorised == set(), "and nobody is authorised to authorise"
            assert gives.ways


def test_items_6_to_8_of_article_278_need_three_quarters() -> None:
    items = {each.source[-2]: each for each in matters().values() if "第278条第1款" in each.source}
    assert sorted(items) == list("123456789")
    assert {n for n, each in items.items() if each.rules == {"OWN_SPEC"}} == set("678")
