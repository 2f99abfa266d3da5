"""A meeting is called that residents or representatives asked for by a petition."""

from uuid import UUID

import sqlalchemy as sa

from tenants.catalogue.tables import support_rules
from tenants.errors import Code, Refused
from tenants.petitions.tables import petitions
from tenants.procedure import Facts
from tenants.transaction import Tx
from tenants.votes.calls import CALL_FOR
from tenants.votes.rules import Body, RuleSet


async def owed_to(tx: Tx, petition_id: UUID) -> Facts:
    """Return a petition to which a meeting is owed.

    Raises NOT_FOUND, WRONG_STATE before its goal is reached, and ALREADY_DONE once a meeting was
    announced.
    """
    return await tx.find(petitions, petition_id, "petitionId", permit=CALL_FOR)


async def check_body(tx: Tx, petition: Facts, rule: RuleSet, area_id: UUID | None) -> None:
    """Raise INVALID, with the article, if a petition asks for a meeting of another body or area."""
    asked = await tx.row(_RULE, v_id=petition["goal_rule_id"])
    assert asked is not None  # noqa: S101 # its goal was reached
    if asked["body"] != rule.body:
        body = Body(asked["body"])
        raise Refused(
            Code.INVALID,
            f"提请的是{body.chinese}（{asked['source']}）。They asked for another body's meeting.",
            "ruleCode",
        )
    if petition["property_area_id"] != area_id:
        raise Refused(
            Code.INVALID,
            f"提请的是另一个物业区域（{asked['source']}）。They asked for another area's meeting.",
            "propertyAreaId",
        )


_RULE = sa.select(support_rules.c.body, support_rules.c.source).where(
    support_rules.c.id == sa.bindparam("v_id", type_=support_rules.c.id.type)
)
