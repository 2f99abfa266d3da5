"""Confirm the rules that no law gives: a decision under one cannot be announced before."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants import audit
from tenants.columns import DISTRICT, NOW, TENANT, VIEWER
from tenants.errors import Code, Refused
from tenants.membership.officers import is_same_person
from tenants.places.tables import communities
from tenants.text import written
from tenants.transaction import Tx
from tenants.votes.confirmations import SOURCE_LENGTH, rule_confirmations
from tenants.votes.rules import RuleSet, rule_sets


async def propose(tx: Tx, *, rule_code: str, effective_from: date, source: str) -> str:
    """Propose a rule to the district, with its source; it counts when another admin confirms it.

    Raises INVALID for a rule that the law gives, and ALREADY_DONE for one that is confirmed.
    """
    rule = _waiting(tx, rule_code, effective_from)
    source = written(source, SOURCE_LENGTH, "source")
    done = await tx.row(_PROPOSE, v_code=rule.code, v_from=rule.begins, v_source=source)
    if done is None:
        raise Refused(Code.ALREADY_DONE, "已经核定。It is confirmed already.")
    await _record(tx, "rule.proposed", source)
    return rule.code


async def confirm(tx: Tx, *, rule_code: str, effective_from: date, source: str) -> str:
    """Confirm what another admin of the district proposed, by the same source.

    Raises INVALID for another source: the proposal may have been corrected meanwhile.
    """
    rule = _waiting(tx, rule_code, effective_from)
    source = written(source, SOURCE_LENGTH, "source")
    given = {"v_code": rule.code, "v_from": rule.begins}
    if await tx.row(_CONFIRM, **given, v_source=source) is None:
        found = await tx.row(_FOUND, **given)
        if found is None:
            raise Refused(Code.NOT_FOUND, "还没有人提议。Nobody proposed it yet.", "ruleCode")
        if found["confirmed_at"] is not None:
            raise Refused(Code.ALREADY_DONE, "已经核定。It is confirmed already.")
        if found["source"] != source:
            raise Refused(Code.INVALID, "与提议的依据不同。Not the source proposed.", "source")
        raise Refused(Code.FORBIDDEN, "须由另一位管理员核定。Another admin confirms it.")
    await _record(tx, "rule.confirmed", source)
    return rule.code


async def require_confirmed(tx: Tx, rule: RuleSet, field: str) -> None:
    """Raise INVALID if no law gives a rule and the community's district did not confirm it."""
    if rule.is_law or await tx.row(_HERE, v_code=rule.code, v_from=rule.begins) is not None:
        return
    raise Refused(
        Code.INVALID,
        f"{rule.name}怎样表决，法律未定（{rule.source}），须先由区里两位管理员核定。\n"
        "No law says how this body decides: two admins of the district confirm the rule first.",
        field,
    )


def _waiting(tx: Tx, code: str, begins: date) -> RuleSet:
    """Return a rule that waits for a district's confirmation."""
    if tx.viewer.street_id:
        raise Refused(Code.FORBIDDEN, "由区里核定。The district's admins confirm it.")
    found = [each for each in rule_sets() if (each.code, each.begins) == (code, begins)]
    if not found:
        raise Refused(Code.INVALID, "没有这条规则。There is no such rule.", "ruleCode")
    if found[0].is_law:
        raise Refused(
            Code.INVALID,
            f"{found[0].source}已有规定，无须核定。The law gives it: nothing is to confirm.",
            "ruleCode",
        )
    return found[0]


async def _record(tx: Tx, action: str, reason: str) -> None:
    subject = UUID(int=tx.viewer.district_id)
    await audit.record_above(tx, action, subject=subject, street_id=0, reason=reason)


_CODE = sa.bindparam("v_code", type_=sa.Text())
_FROM = sa.bindparam("v_from", type_=sa.Date())
_RULE = (rule_confirmations.c.rule_code == _CODE) & (rule_confirmations.c.rule_from == _FROM)
_SOURCE = sa.bindparam("v_source", type_=sa.Text())
_OF_DISTRICT = (rule_confirmations.c.district_id == DISTRICT) & _RULE
_ADD = insert(rule_confirmations).values(
    district_id=DISTRICT,
    rule_code=_CODE,
    rule_from=_FROM,
    source=_SOURCE,
    proposed_by=VIEWER,
    proposed_at=NOW,
)
# Until it is confirmed, the source may be corrected; whoever did so is who proposes it.
_PROPOSE = _ADD.on_conflict_do_update(
    index_elements=["district_id", "rule_code", "rule_from"],
    set_={name: _ADD.excluded[name] for name in ("source", "proposed_by", "proposed_at")},
    where=rule_confirmations.c.confirmed_at.is_(None),
).returning(rule_confirmations.c.rule_code)
_CONFIRM = (
    sa.update(rule_confirmations)
    .where(
        _OF_DISTRICT,
        rule_confirmations.c.source == _SOURCE,
        rule_confirmations.c.confirmed_at.is_(None),
        rule_confirmations.c.proposed_by != VIEWER,
        ~is_same_person(rule_confirmations.c.proposed_by),
    )
    .values(confirmed_by=VIEWER, confirmed_at=NOW)
    .returning(rule_confirmations.c.rule_code)
)
_FOUND = sa.select(rule_confirmations.c.source, rule_confirmations.c.confirmed_at).where(
    _OF_DISTRICT
)
_HERE = (
    sa.select(rule_confirmations.c.rule_code)
    .join(communities, communities.c.district_id == rule_confirmations.c.district_id)
    .where(
        communities.c.community_id == TENANT,
        _RULE,
        rule_confirmations.c.confirmed_at.is_not(None),
    )
)
