"""The audit says what was done in a community, by whom and why."""

from datetime import datetime
from typing import Any

import strawberry

from api.engine import bindings as b
from api.engine.declare import bound, column, object_type, one, page, published
from api.engine.extend import extend
from api.engine.lists import page_of
from api.schema.common import Connection
from api.schema.departments import Department
from api.schema.member_records import MemberRecord
from api.schema.members import Member
from api.schema.places import Street
from api.schema.query import Query
from tenants.apps.tables import apps
from tenants.audit.actions import AuditAction
from tenants.audit.policy import is_about_viewer
from tenants.audit.tables import ActorKind, audit_entries
from tenants.audit.views import (
    action,
    actor_department,
    acts_on,
    is_of_gap,
    number,
    shown_actor,
    shown_reason,
    subject_where,
)
from tenants.boards.tables import boards, cases, comments, posts
from tenants.boards.views import audited_comment, audited_post
from tenants.duty.tables import duty_shifts
from tenants.membership.tables import member_records, members
from tenants.petitions.desks import answer_templates
from tenants.petitions.tables import petitions
from tenants.places.tables import communities, departments, streets
from tenants.scopes import Role, Scope
from tenants.supervision.tables import supervision_orders

published(AuditAction)
published(ActorKind)


# What acts are about, by their nouns.
_NOUNS: dict[Any, tuple[str, ...]] = {
    members: ("member", "consent", "contact", "data", "role", "appointment", "suspension"),
    communities: ("community", "join_code", "population"),
    boards: ("board",),
    cases: ("appeal",),
    petitions: ("petition",),
    answer_templates: ("template",),
    supervision_orders: ("supervision",),
    apps: ("app",),
}


@object_type
class AuditEntry:
    """审计的每一条以哈希与前一条相连，不可改、不可删。
    Each entry of the audit is chained to the one before by its hash; none is ever changed or
    deleted.
    """

    seq: int = column(
        "这是本社区审计的第几条，从 1 起。This is the entry's number in this community, from 1.",
        number,
    )
    at: datetime = column("事情在这时发生。It was done at this time.", audit_entries.c.at)
    action: AuditAction = column("它说明做了什么。It says what was done.", action)
    actor_kind: ActorKind = column(
        "它说明是哪一类人或程序所为。It says which kind of person or program acted.",
        audit_entries.c.actor_kind,
    )
    actor_role: Role | None = column(
        "行事者有这个身份；系统为空。Who acted did so in this capacity; it is null of the system.",
        audit_entries.c.actor_role,
    )
    actor: Member | None = one(
        "这是行事的本社区成员：只告知本人；职务行为也告知居委和监督委员。\n"
        "This is the member who acted: they are told themselves, and the staff and "
        "supervisors are told of acts of an office.",
        members,
        shown_actor,
    )
    actor_street: Street | None = one(
        "行事者在这个街镇的办理台。Who acted was at the desk of this street.",
        streets,
        {"street_id": audit_entries.c.actor_desk},
    )
    actor_department: Department | None = one(
        "行事者在这个部门的办理台。Who acted was at the desk of this department.",
        departments,
        {"department_id": actor_department},
    )
    subject_id: strawberry.ID | None = bound(
        "这是所涉对象的标识，可由 `node(id:)` 取得；对象没有标识则为空。\n"
        "This is the id of what it is about, for `node(id:)`; it is null where that has none.",
        b.IdOf(
            {
                comments: audited_comment,
                posts: audited_post,
                duty_shifts: subject_where(acts_on("duty") & ~is_of_gap),
                **{table: subject_where(acts_on(*nouns)) for table, nouns in _NOUNS.items()},
            }
        ),
    )
    client: str = column(
        "事情经由这个应用完成。It was done with this client.", audit_entries.c.client_id
    )
    trace_id: str = column(
        "这是请求的编号。This is the trace id of the request.", audit_entries.c.trace_id
    )
    reason: str | None = column(
        "这是理由；只有书记和当事人看得到。\n"
        "This is the reason; only the secretary and the people concerned see it.",
        shown_reason,
    )
    is_about_viewer: bool = column("这事与您有关。It is about you or yours.", is_about_viewer)


@extend(MemberRecord)
class OfMemberRecord:
    """It adds what was done about one member."""

    history: Connection[AuditEntry] = page(
        "这里列出对其做过的事，新的在前。This lists what was done about them, newest first.",
        page_of(audit_entries, {"subject_id": member_records.c.id}, index="audit_entry_by_subject"),
    )


@extend(Query)
class OfQuery:
    """It adds the whole log of the community."""

    audit_log: Connection[AuditEntry] | None = page(
        "这里列出本社区的审计，新的在前。This lists what was done in this community, newest first.",
        page_of(audit_entries, {}, audit_entries.c.seq, index="audit_entry_community_id_seq_key"),
        requires=Scope.AUDIT_READ,
    )
