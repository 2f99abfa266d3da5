"""Rule sets are dated data (rules.toml): they say which body decides what, and how it is counted."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from tenants.votes.ballots import Unit
from tenants.votes.counting import Rule
from tenants.votes.thresholds import Base, Operator, Threshold
from tenants.words import Words, word


class Body(Words):
    """由这个组织作决定。This body decides."""

    RESIDENTS_MEETING = word("居民会议", "The residents' meeting decides")
    RESIDENT_REPRESENTATIVES = word(
        "居民代表会议", "The meeting of residents' representatives decides"
    )
    VILLAGERS_MEETING = word("村民会议", "The villagers' meeting decides")
    VILLAGER_REPRESENTATIVES = word(
        "村民代表会议", "The meeting of villagers' representatives decides"
    )
    VILLAGE_GROUP = word("村民小组会议", "The meeting of a village group decides")
    OWNERS_ASSEMBLY = word("业主大会", "The owners' assembly decides")
    OWNERS_COMMITTEE = word("业主委员会", "The owners' committee decides")
    RESIDENTS_COMMITTEE = word("居民委员会", "The residents' committee decides")


class ElectronicForm(Words):
    """它规定线上表决可否单独成立。It says whether ballots cast online make a decision."""

    ALLOWED = word("可以", "They make a decision")
    BY_OWN_RULES = word(
        "业主自己的规则准许时可以", "They make a decision where the owners' own rules admit it"
    )
    UNCLEAR = word(
        "法律未明确，须同时召开现场会议",
        "The law is silent: they do only beside a meeting that was held",
    )


class Seat(Words):
    """各席位由一人确认计票。One person certifies a count in each seat."""

    PARTY_SECRETARY = word("党组织书记", "The secretary of the Party organisation certifies it")
    SUPERVISOR = word("居务、村务监督委员", "A supervisor certifies it")
    COMMITTEE_MEMBER = word("居委委员", "A member of the residents' committee certifies it")
    ORGANISER = word("会议召集人", "Whoever called the owners together certifies it")


class RuleSecrecy(StrEnum):
    """It says whether ballots are secret or named; with FREE, whoever drafts the vote chooses."""

    SECRET = "SECRET"  # noqa: S105 # no password
    RECORDED = "RECORDED"
    FREE = "FREE"


class ProxyRule(StrEnum):
    """It says whether somebody else may cast a voter's ballot."""

    WRITTEN_AS_INSTRUCTED = "WRITTEN_AS_INSTRUCTED"
    FORBIDDEN = "FORBIDDEN"  # the law forbids it
    NONE = "NONE"  # the law does not provide for it


@dataclass(frozen=True)
class RuleSet:
    """One body's rule from a day on, with its source; `until` is its last day, if it has one.

    `kind` is the kind of community it is for, None for any. `called_by` are the shares of the roll
    that can ask for a meeting. `composition` are shares of the members that must be representatives
    or women. `party_first` is the article by which the Party organisation discusses the matter
    before, None where no law says so; `told_first` the one by which the residents' committee and the
    housing office are told in writing of a special meeting. `certified_by` are the seats that certify
    a count, none of them held by who counted it. `house_rules` names the fields that no law gives.
    """

    code: str
    name: str
    body: Body
    kind: str | None
    begins: date
    until: date | None
    source: str
    rule: Rule
    called_by: Mapping[Unit, Threshold]
    composition: Mapping[str, Threshold]
    notice_days: int
    electronic: ElectronicForm
    secrecy: RuleSecrecy
    proxy: ProxyRule
    party_first: str | None
    told_first: str | None
    certified_by: tuple[Seat, ...]
    objection_days: int
    retention_years: int
    house_rules: frozenset[str]

    @property
    def units(self) -> list[Unit]:
        """Return the units that it counts, each once."""
        return list(dict.fromkeys([*self.rule.quorum, *self.rule.passing]))

    @property
    def is_law(self) -> bool:
        """Return whether a law says how many take part and agree; otherwise a district confirms it."""
        return self.house_rules.isdisjoint({"quorum", "passing"})

    def is_in_force(self, day: date) -> bool:
        """Return whether the rule holds on a day."""
        return self.begins <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Matter:
    """It says what is decided, and under which rule sets, by their codes.

    Those in `if_authorised` serve only where the higher body authorised the representatives. In the
    situations named by `blocked`, by the article, the matter cannot be put to a vote at all. `authorises` is the rule
    set of the representatives whom such a decision authorises, in one of these `ways`. One with a `verb` is put on
    an agenda by that mutation only.
    """

    code: str
    name: str
    rules: frozenset[str]
    if_authorised: frozenset[str]
    blocked: Mapping[str, str]
    source: str
    authorises: str | None
    ways: frozenset[str]
    verb: str | None = None


@cache
def rule_sets() -> tuple[RuleSet, ...]:
    """Return all rule sets, past ones included."""
    return tuple(_rule_set(row) for row in _rows()["rule"])


@cache
def matters() -> Mapping[str, Matter]:
    """Return all kinds of matters by their codes."""
    return {
        row["code"]: Matter(
            row["code"],
            row["name"],
            frozenset(row["rules"]),
            frozenset(row.get("if_authorised", ())),
            row.get("blocked", {}),
            row["source"],
            row.get("authorises"),
            frozenset(row.get("ways", ())),
            row.get("verb"),
        )
        for row in _rows()["matter"]
    }


def in_force(code: str, day: date, among: Iterable[RuleSet] | None = None) -> RuleSet | None:
    """Return the rule set of a code that holds on a day; None if there is none."""
    chosen = rule_sets() if among is None else among
    return next((each for each in chosen if each.code == code and each.is_in_force(day)), None)


def kept(code: str, begins: date) -> RuleSet:
    """Return the rule set that a row names; one that served is never taken out."""
    return next(each for each in rule_sets() if (each.code, each.begins) == (code, begins))


def serving(matter: Matter, rule: RuleSet) -> RuleSet | None:
    """Return the rule set under which a meeting decides a matter: the meeting's own, or its sister's.

    A sister is another rule set of the same body in the same units, such as that of owners for
    matters that need three quarters. None if the law gives the matter to another body; one that may
    authorise representatives leaves it to them.
    """
    if rule.code in matter.rules | matter.if_authorised:
        return rule
    family = (rule.body, rule.kind, rule.units, rule.begins)
    sisters = (
        each
        for each in rule_sets()
        if (each.body, each.kind, each.units, each.begins) == family and each.code in matter.rules
    )
    return next(sisters, None)


def authorising(code: str) -> Matter:
    """Return the matter by which the representatives of a rule set are authorised."""
    return next(each for each in matters().values() if each.authorises == code)


@cache
def _rows() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads((Path(__file__).parent / "rules.toml").read_text())


def _rule_set(row: dict[str, Any]) -> RuleSet:
    counted = Base(row["counted"])
    return RuleSet(
        code=row["code"],
        name=row["name"],
        body=Body(row["body"]),
        kind=row.get("kind"),
        begins=row["from"],
        until=row.get("until"),
        source=row["source"],
        rule=Rule(_shares(row["quorum"]), _shares(row["passing"]), counted),
        called_by=_shares(row["called_by"]),
        composition={name: _threshold(text) for name, text in row.get("composition", {}).items()},
        notice_days=row["notice_days"],
        electronic=ElectronicForm(row["electronic"]),
        secrecy=RuleSecrecy(row["secrecy"]),
        proxy=ProxyRule(row["proxy"]),
        party_first=row.get("party_first"),
        told_first=row.get("told_first"),
        certified_by=tuple(Seat(each) for each in row["certified_by"]),
        objection_days=row["objection_days"],
        retention_years=row["retention_years"],
        house_rules=frozenset(row["house_rules"]),
    )


def _shares(table: Mapping[str, str]) -> dict[Unit, Threshold]:
    return {Unit(unit): _threshold(text) for unit, text in table.items()}


def _threshold(text: str) -> Threshold:
    """Read `> 1/2 ATTENDING`; without a base it is of all who are eligible."""
    operator, share, *base = text.split()
    return Threshold(Operator(operator), Fraction(share), Base(base[0]) if base else Base.ELIGIBLE)
