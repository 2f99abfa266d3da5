"""Rules of decisions that no law gives: a district confirms them."""

from datetime import date, datetime

from api.engine import bindings as b
from api.engine.declare import bound, column, object_type
from api.engine.extend import extend
from api.engine.inputs import field, text
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

    rule_code: str = column("规则的代码。The rule's code.", rule_confirmations.c.rule_code)
    effective_from: date = column(
        "规则何日起施行。The rule's first day.", rule_confirmations.c.rule_from
    )
    source: str = column("依据。By which source.", rule_confirmations.c.source)
    proposed_at: datetime = column(
        "提议时间。When it was proposed.", rule_confirmations.c.proposed_at
    )
    confirmed_at: datetime | None = column(
        "核定时间；未核定则为空，规则还不能用。When it was confirmed; null until then.",
        rule_confirmations.c.confirmed_at,
    )


_ORDER = (rule_confirmations.c.rule_code, rule_confirmations.c.rule_from)


@extend(Community)
class OfCommunity:
    """What its district confirmed."""

    rule_confirmations: list[DecisionRuleConfirmation] = bound(
        "区里核定、现可使用的表决规则。The rules that its district confirmed.",
        b.Rows(
            table=rule_confirmations,
            on={"district_id": communities.c.district_id},
            order=_ORDER,
            most=50,
        ),
    )


@extend(District)
class OfDistrict:
    """What its admins confirm."""

    rule_confirmations: list[DecisionRuleConfirmation] = bound(
        "表决规则的核定，含待核定的。Confirmations of rules, those that wait included.",
        b.Rows(
            table=rule_confirmations,
            on={"district_id": districts.c.district_id},
            order=_ORDER,
            most=50,
        ),
    )


class _OfRule:
    rule_code: str = field(
        "规则的代码，见 `decisionRules`。The rule's code, as in `decisionRules`."
    )
    effective_from: date = field("规则何日起施行。The rule's first day.")
    source: str = text("依据", "By which source", SOURCE_LENGTH)


_RULE = {"rule_code": told(str | None, "该规则的代码。The rule's code.")}


@verb(Scope.DISTRICT_MANAGE, _RULE, confirming.propose)
class ProposeDecisionRule(_OfRule):
    """提议一条法律未定的表决规则，写明依据；另一位管理员核定后有效。限区级。
    Propose a rule that no law gives, with its source; it counts once another admin confirms it.
    The district's admins only.
    """


@verb(Scope.DISTRICT_MANAGE, _RULE, confirming.confirm)
class ConfirmDecisionRule(_OfRule):
    """核定另一位管理员提议的表决规则，依据须相同。Confirm what another admin proposed, by the same source."""
