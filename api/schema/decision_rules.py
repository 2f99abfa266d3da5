"""The rules of decisions, and the kinds of matters that are decided, are the same everywhere."""

from datetime import date
from typing import Any

from api.engine.declare import filled, given, object_type, published
from api.engine.extend import extend
from api.schema.query import Query
from api.schema.seats import Seat
from tenants.votes.rules import Body, ElectronicForm, RuleSet, matters, rule_sets

published(Body, "DecisionBody")
published(ElectronicForm, "DecisionElectronicForm")


@object_type
class DecisionRule:
    """表决规则规定一个组织自哪天起须有多少参与、多少同意，依据什么。
    A decision rule says how many of a body must take part and agree, from which day, and by which
    source.
    """

    code: str = filled("这是规则的代码。This is the rule's code.")
    name: str = filled("这是规则的名称。This is the rule's name.")
    body: Body = filled("由这个组织决定。This body decides.")
    source: str = filled("规则依据这条法条。The rule follows this article.")
    effective_from: date = filled("规则自这一天施行。The rule is in force from this day.")
    effective_to: date | None = filled(
        "规则施行至这一天；现行则为空。"
        "The rule is in force until this day; it is null while it has no end."
    )
    quorum: list[str] = filled(
        "须有这么多参与，如 `PERSONS > 1/2 ELIGIBLE`。"
        "So many must take part, as `PERSONS > 1/2 ELIGIBLE`."
    )
    passing: list[str] = filled(
        "须有这么多同意，如 `PERSONS > 1/2 ATTENDING`。"
        "So many must agree, as `PERSONS > 1/2 ATTENDING`."
    )
    is_law: bool = filled(
        "它说明参与和同意的要求是否由法律规定；否则须先由区里核定，见 `ruleConfirmations`。\n"
        "It says whether a law says how many; otherwise the district confirms it first, see "
        "`ruleConfirmations`."
    )
    notice_days: int = filled("须提前这么多天公告。The notice must be given so many days before.")
    objection_days: int = filled(
        "结果公布后这么多天内可提异议。A result may be objected to for so many days."
    )
    retention_years: int = filled(
        "各项材料至少保存这么多年。Its papers are kept for so many years at least."
    )
    electronic_form: ElectronicForm = filled(
        "它说明线上表决可否单独成立。It says whether ballots cast online make a decision."
    )
    certified_by: list[Seat] = filled(
        "由这些席位确认计票，每席一人。These seats certify a count, each by another person."
    )
    party_first: str | None = filled(
        "依这条法条须先经党组织研究讨论；没有则为空。\n"
        "By this article the Party organisation discusses it first; it is null where none "
        "asks for this."
    )
    house_rules: list[str] = filled(
        "这里列出法律未定、由本系统所定的各项。This lists what no law gives and this project chose."
    )


@object_type
class DecisionMatter:
    """会议可以决定这种事项，由规则规定哪个组织决定。
    A meeting may decide matters of this kind; the rules say which body decides.
    """

    code: str = filled("这是事项的代码。This is the matter's code.")
    name: str = filled("这是事项的名称。This is the matter's name.")
    source: str = filled("事项依据这条法条。The matter follows this article.")
    rule_codes: list[str] = filled(
        "事项可依据这些规则决定。The matter may be decided under these rules."
    )
    rule_codes_if_authorised: list[str] = filled(
        "经授权，事项还可依据这些规则决定，见 `Community.authorisations`。\n"
        "If authorised, the matter may be decided under these rules too, see "
        "`Community.authorisations`."
    )


def _rule(rule: RuleSet) -> dict[str, Any]:
    return {
        "code": rule.code, "name": rule.name, "body": rule.body.name, "source": rule.source,
        "effectiveFrom": rule.begins.isoformat(),
        "effectiveTo": None if rule.until is None else rule.until.isoformat(),
        "quorum": [f"{unit} {each} {each.base}" for unit, each in rule.rule.quorum.items()],
        "passing": [f"{unit} {each} {each.base}" for unit, each in rule.rule.passing.items()],
        "isLaw": rule.is_law, "noticeDays": rule.notice_days, "objectionDays": rule.objection_days,
        "retentionYears": rule.retention_years,
        "electronicForm": rule.electronic.name, "partyFirst": rule.party_first,
        "certifiedBy": [seat.name for seat in rule.certified_by],
        "houseRules": sorted(rule.house_rules),
    }  # fmt: skip


@extend(Query)
class OfQuery:
    """It adds the rules of decisions, which are the same everywhere."""

    decision_rules: list[DecisionRule] | None = given(
        "这里列出各组织作决定的规则，含已失效的。"
        "This lists the rules of decisions, past ones included.",
        lambda _: [_rule(each) for each in rule_sets()],
    )
    decision_matters: list[DecisionMatter] | None = given(
        "这里列出会议可决定的事项，和由谁决定。" "This lists what meetings decide, and which body does.",
        lambda _: [
            {
                "code": each.code, "name": each.name, "source": each.source,
                "ruleCodes": sorted(each.rules),
                "ruleCodesIfAuthorised": sorted(each.if_authorised),
            }
            for each in matters().values()
        ],
    )  # fmt: skip
