"""Moderation cases about posts and comments follow this procedure."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenants.boards.policy import case_in, is_author
from tenants.boards.tables import cases, comments, posts, reports
from tenants.boards.words import CaseState
from tenants.columns import IS_SECRETARY, IS_STAFF, TENANT, VIEWER, among
from tenants.errors import Code
from tenants.membership.street_appeals import ANSWER_WORKING_DAYS
from tenants.policy import Condition, Ground, Rule, rule
from tenants.procedure import Facts, Procedure, Row, Step
from tenants.scopes import Scope
from tenants.workdays import after_working_days


def _audited(action: str, case: Facts, words: str | None) -> Row:
    """Return moderation with the content as subject, and the decision of an appeal with the case."""
    if action == "content.decided":
        return {"action": "appeal.decided", "subject": case["id"], "reason": words}
    # the text of an appeal stays with the case
    reason = None if action == "content.appealed" else words
    return {"action": action, "subject": case["subject_id"], "reason": reason}


CASES = Procedure(
    noun="content", table=cases, states=CaseState, id_field="caseId", audited=_audited
)
# A report, a hold or a hiding opens a case; deleted content needs no decision.
OPENED = CASES.move("OPENED", (), "OPEN", at="opened_at", recorded=False)
CLOSED = CASES.move("CLOSED", "OPEN", "KEPT", at="decided_at", by="decided_by", recorded=False)


def _has_reported(table: sa.Table) -> Condition:
    return sa.exists(
        sa.select(sa.literal_column("1"))
        .select_from(cases.join(reports, _SAME_CASE))
        .where(
            cases.c.community_id == TENANT,
            cases.c.subject_id == table.c.id,
            cases.c.state == "OPEN",
            reports.c.community_id == TENANT,
            reports.c.reporter_id == VIEWER,
        )
    )


_SAME_CASE = (reports.c.community_id == cases.c.community_id) & (reports.c.case_id == cases.c.id)


def _report(name: str, table: sa.Table) -> Rule:
    return rule(
        name,
        Scope.CONTENT_REPORT,
        table,
        (Code.FORBIDDEN, is_author(table), "不能举报自己。You cannot report yourself."),
        (Code.WRONG_STATE, table.c.state != "PUBLISHED"),
        (Code.ALREADY_DONE, _has_reported(table), "您已举报过。You have reported this already."),
    )


_NOT_STAFF: Ground = (Code.FORBIDDEN, ~IS_STAFF)
_DECIDED: dict[str, Any] = {
    "at": "decided_at",
    "by": "decided_by",
    "words": "reason",
    "said": "reason",
}


def _own(table: sa.Table) -> Ground:
    return Code.FORBIDDEN, is_author(table), "不能处理自己的内容。Not your own words."


def _hide(table: sa.Table) -> Step:
    return CASES.step(
        "hideContent", Scope.CONTENT_MODERATE, "OPEN", "HIDDEN",
        _NOT_STAFF,
        _own(table),
        (Code.WRONG_STATE, ~among(table.c.state, "PUBLISHED", "HELD")),
        on=table, **_DECIDED,
    )  # fmt: skip


def _restore(table: sa.Table) -> Step:
    return CASES.step(
        "restoreContent", Scope.CONTENT_MODERATE, ("OPEN", "HIDDEN"), ("KEPT", "RESTORED"),
        _NOT_STAFF,
        _own(table),
        (
            Code.WRONG_STATE,
            case_in(table, "APPEALED", "UPHELD"),
            "已申诉，由书记裁定。Appealed: the secretary decides.",
        ),
        (Code.WRONG_STATE, table.c.state == "DELETED"),
        (Code.WRONG_STATE, ~case_in(table, "OPEN", "HIDDEN")),
        on=table, event="RESTORED", **_DECIDED,
    )  # fmt: skip


def _is_due(_case: Facts, at: datetime, _by: UUID) -> Row:
    return {"appeal_due_at": after_working_days(at, ANSWER_WORKING_DAYS)}


def _appeal(table: sa.Table) -> Step:
    return CASES.step(
        "appealModeration", Scope.POST_WRITE, "HIDDEN", "APPEALED",
        (Code.FORBIDDEN, ~is_author(table), "只有作者可以申诉。Only the author may appeal."),
        (Code.ALREADY_DONE, case_in(table, "APPEALED", "UPHELD"), "已申诉过。Appealed already."),
        (Code.WRONG_STATE, table.c.state == "DELETED"),
        (Code.WRONG_STATE, ~case_in(table, "HIDDEN")),
        on=table, at="appealed_at", words="appeal", said="body", sets=_is_due,
    )  # fmt: skip


# Mutations on a post or a comment: the same names for both.
REPORT = {table: _report("reportContent", table) for table in (posts, comments)}
HIDE = {table: _hide(table) for table in (posts, comments)}
RESTORE = {table: _restore(table) for table in (posts, comments)}
APPEAL = {table: _appeal(table) for table in (posts, comments)}
DECIDE_APPEAL = CASES.step(
    "decideAppeal", Scope.APPEAL_DECIDE, "APPEALED", ("UPHELD", "RESTORED"),
    (Code.FORBIDDEN, ~IS_SECRETARY),
    (
        Code.FORBIDDEN,
        (cases.c.decided_by == VIEWER) | (cases.c.author_id == VIEWER),
        "须由另一位书记裁定。Another than who hid it decides, and never the author.",
    ),
    then=(
        (
            Code.WRONG_STATE,
            cases.c.street_appeal_id.is_not(None),
            "已提交街镇，由街镇裁定。It went to the street, which decides.",
        ),
    ),
    event="DECIDED", at="appeal_decided_at", by="appeal_decided_by", words="appeal_reason",
    said="reason",
)  # fmt: skip
