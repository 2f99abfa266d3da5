"""Some rules of decisions are given by no law; a district confirms them."""

from datetime import date, datetime

from api.engine.declare import bound, column, object_type
from api.engine.extend import extend
from api.engine.inputs import field, text
from api.engine.lists import rows_of
from api.engine.payloads import told
from api.engine.verbs import verb
from api.schema.places import Community, District
from tenants.places.tables import communities, districts
from tenants.scopes import Scope
from tenants.votes.confirmations import SOURCE_LENGTH, rule_confirmations
from tenants.votes.service import confirming


@object_type
class DecisionRuleConfirmation:
    """对法律未定的表决规则，一位管理员提议，另一位核定后在本区有效。
    One admin of the district proposes a rule that no law gives, and it is in force there once
    another confirms it.
    """

    rule_code: str = column(
        "这是规则的代码。This is the rule's code.", rule_confirmations.c.rule_code
    )
    effective_from: date = column(
        "规则自这一天起施行。The rule is in force from this day.", rule_confirmations.c.rule_from
    )
    source: str = column(
        "核定依据这份文件。The confirmation rests on this source.", rule_confirmations.c.source
    )
    proposed_at: datetime = column(
        "规则在这时提议。The rule was proposed at this time.", rule_confirmations.c.proposed_at
    )
    confirmed_at: datetime | None = column(
        "规则在这时核定；未核定则为空，还不能用。\n"
        "The rule was confirmed at this time; it is null until then, and the rule cannot be "
        "used.",
        rule_confirmations.c.confirmed_at,
    )


_ORDER = (rule_confirmations.c.rule_code, rule_confirmations.c.rule_from)


@extend(Community)
class OfCommunity:
    """It adds the rules that the community's district confirmed."""

    rule_confirmations: list[DecisionRuleConfirmation] = bound(
        "这里列出区里核定、现可使用的表决规则。This lists the rules that its district confirmed.",
        rows_of(rule_confirmations, communities.c.district_id, *_ORDER, most=50),
    )


@extend(District)
class OfDistrict:
    """It adds the rules that the district's admins confirm."""

    rule_confirmations: list[DecisionRuleConfirmation] = bound(
        "这里列出表决规则的核定，含待核定的。"
        "This lists the confirmations of rules, those that wait included.",
        rows_of(rule_confirmations, districts.c.district_id, *_ORDER, most=50),
    )


class _OfRule:
    rule_code: str = field(
        "填写规则的代码，见 `decisionRules`。Give the rule's code, as in `decisionRules`."
    )
    effective_from: date = field("填写规则施行的日期。Give the day from which it is in force.")
    source: str = text("依据", "the source", SOURCE_LENGTH)


_RULE = {"rule_code": told(str | None, "这是该规则的代码。This is the rule's code.")}


@verb(Scope.DISTRICT_MANAGE, _RULE, confirming.propose)
class ProposeDecisionRule(_OfRule):
    """提议一条法律未定的表决规则，写明依据；另一位管理员核定后有效。限区级。
    Propose a rule that no law gives, with its source; it counts once another admin confirms it.
    The district's admins only.
    """


@verb(Scope.DISTRICT_MANAGE, _RULE, confirming.confirm)
class ConfirmDecisionRule(_OfRule):
    """核定另一位管理员提议的表决规则，依据须相同。Confirm what another admin proposed, by the same source."""
