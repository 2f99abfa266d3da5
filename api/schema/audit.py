"""The audit: what was done in a community, by whom and why."""

from datetime import datetime

import strawberry

from api.engine.declare import column, published
from tenants.audit.actions import AuditAction
from tenants.audit.policy import is_about_viewer
from tenants.audit.tables import ActorKind, audit_entries
from tenants.audit.views import action, number, shown_reason

published(AuditAction, "AuditAction", "审计所记之事。What the audit writes down.")
published(ActorKind, "ActorKind", "办事者的身份。The kind of person or program that acted.")


@strawberry.type(
    description=(
        "审计的一条，逐条以哈希相连，不可改删。\n"
        "One entry of the audit: each is chained to the one before by its hash; none is ever changed."
    )
)
class AuditEntry:
    """What was done."""

    seq: int = column("本社区第几条，从 1 起。Its number in this community, from 1.", number)
    at: datetime = column("时间。When.", audit_entries.c.at)
    action: AuditAction = column("做了什么。What was done.", action)
    actor_kind: ActorKind = column("谁做的。Who acted.", audit_entries.c.actor_kind)
    client: str = column("用什么应用。With which client.", audit_entries.c.client_id)
    trace_id: str = column("请求编号。The request's trace id.", audit_entries.c.trace_id)
    reason: str | None = column(
        "理由，限书记和当事人。Why: for the secretary and those it is about.", shown_reason
    )
    is_about_viewer: bool = column("与您有关。It is about you, or yours.", is_about_viewer)
