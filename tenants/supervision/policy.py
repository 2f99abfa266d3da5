"""These rules say who sees a supervision order, and which procedure it goes through."""

import sqlalchemy as sa

from tenants.audit.policy import is_about_viewer
from tenants.audit.tables import audit_entries
from tenants.columns import DESK, IS_STAFF, STREET, TENANT, VIEWER
from tenants.errors import Code
from tenants.membership.policy import is_viewers_person
from tenants.petitions.facts import petition_facts
from tenants.petitions.tables import petitions
from tenants.petitions.words import Level
from tenants.policy import PART, Access, Condition, Ground, narrow, never_own, protect, rule
from tenants.procedure import Procedure
from tenants.scopes import Scope
from tenants.supervision.tables import SupervisionState, supervision_orders, supervision_steps
from tenants.viewer import Principal

_ONE, _NOUGHT = sa.literal_column("1"), sa.literal_column("0")
_orders, _facts = supervision_orders.c, petition_facts.c


def _of_letter_with(condition: Condition) -> Condition:
    """Return the condition that an order is about a petition for which `condition` is true."""
    return sa.exists(
        sa.select(_ONE).where(
            petitions.c.community_id == TENANT,
            petitions.c.id == _orders.petition_id,
            condition,
        )
    )


# --- what is seen

# Inside, the staff see what is addressed to the committee, and officers what they act on.
_IS_DESKS = sa.any_(_orders.desks) == DESK
_SEEN_INSIDE = (IS_STAFF & (_orders.addressed_desk == _NOUGHT)) | _IS_DESKS
# Above, whoever issues orders knows them as well.
protect(
    supervision_orders,
    Access(
        inside=(Scope.PETITION_HANDLE,), above=(Scope.PETITION_HANDLE, Scope.PETITION_SUPERVISE)
    ),
    community=_SEEN_INSIDE,
    district=_IS_DESKS,
    department=_IS_DESKS,
)
_STEP_IS_DESKS = sa.any_(supervision_steps.c.desks) == DESK
never_own(
    supervision_orders,
    _of_letter_with(is_viewers_person(petitions.c.author_id)),
)
protect(
    supervision_steps,
    PART,
    community=sa.exists(
        sa.select(_ONE).where(
            _orders.community_id == TENANT,
            _orders.id == supervision_steps.c.order_id,
            _SEEN_INSIDE,
        )
    ),
    district=_STEP_IS_DESKS,
    department=_STEP_IS_DESKS,
)

# An order on a private letter is for the staff to know of, if the letter did not go past them.
NARROWS = narrow(
    audit_entries,
    is_about_viewer
    | ~sa.exists(
        sa.select(_ONE).where(
            _orders.community_id == TENANT,
            _orders.id == audit_entries.c.subject_id,
            petitions.c.community_id == TENANT,
            petitions.c.id == _orders.petition_id,
            petitions.c.secrecy == "PRIVATE",
            ~(IS_STAFF & petitions.c.is_at_community),
        )
    ),
    Principal.COMMUNITY,
    Principal.INSPECTOR,
)

# --- what is done

_IS_ABOVE_VIEWER = (_facts.desk == DESK) | (
    (_NOUGHT != STREET) & (_facts.level == sa.literal_column(f"'{Level.DISTRICT}'"))
)
HAS_OPEN = sa.exists(
    sa.select(_ONE).where(
        _orders.community_id == _facts.community_id,
        _orders.petition_id == _facts.id,
        _orders.issuing_desk == DESK,
        _orders.state != SupervisionState.ACCEPTED.value,
    )
)
_NOT_LATE = (
    Code.WRONG_STATE,
    ~(_facts.is_open & _facts.resolve_overdue),
    "案件没有逾期。The case is not overdue.",
)
_NOT_BELOW = (
    Code.FORBIDDEN,
    _IS_ABOVE_VIEWER,
    "不在您下级的办理台。It is not at a desk below yours.",
)
ORDERS = Procedure(
    noun="supervision",
    table=supervision_orders,
    states=SupervisionState,
    id_field="orderId",
    timeline=(supervision_steps, "order_id"),
)
ISSUE = ORDERS.step(
    "issueSupervisionOrder", Scope.PETITION_SUPERVISE, (), "ISSUED",
    _NOT_BELOW,
    _NOT_LATE,
    (Code.ALREADY_DONE, HAS_OPEN, "已督办，尚未办结。One of yours is not ended yet."),
    on=petition_facts, at="issued_at", by="issued_by", words="words", said="body",
    more=(Code.IDEMPOTENCY_MISMATCH,),
)  # fmt: skip
# What may be looked up again by whoever repeats a call that went through.
FIND = rule("issueSupervisionOrder", Scope.PETITION_SUPERVISE, petition_facts)

_NOT_ADDRESSED: Ground = (
    Code.FORBIDDEN,
    ~((_orders.addressed_desk == DESK) & ((DESK != _NOUGHT) | IS_STAFF)),
    "不是督办您的办理台。It is not addressed to your desk.",
)
_OWN: Ground = (
    Code.FORBIDDEN,
    _of_letter_with(petitions.c.author_id == VIEWER),
    "不能经办自己的诉求。Not your own petition.",
)
_NOT_ISSUER: Ground = (
    Code.FORBIDDEN,
    _orders.issuing_desk != DESK,
    "不是您发出的。Your desk did not issue it.",
)
ACKNOWLEDGE = ORDERS.step(
    "acknowledgeSupervisionOrder", Scope.PETITION_HANDLE, "ISSUED", "ACKNOWLEDGED",
    _NOT_ADDRESSED, _OWN, at="acked_at",
)  # fmt: skip
REPORT = ORDERS.step(
    "reportSupervisionOrder", Scope.PETITION_HANDLE, ("ACKNOWLEDGED", "RETURNED"), "REPORTED",
    _NOT_ADDRESSED, _OWN, at="reported_at", words="report", said="report",
)  # fmt: skip
ACCEPT = ORDERS.step(
    "acceptSupervisionReport", Scope.PETITION_SUPERVISE, "REPORTED", "ACCEPTED",
    _NOT_ISSUER, at="accepted_at",
)  # fmt: skip
RETURN = ORDERS.step(
    "returnSupervisionReport", Scope.PETITION_SUPERVISE, "REPORTED", "RETURNED",
    _NOT_ISSUER, at="returned_at", words="return_reason", said="reason",
)  # fmt: skip
