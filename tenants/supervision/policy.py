"""Who sees a supervision order, and who does what about it in which state."""

import sqlalchemy as sa

from tenants.audit.policy import is_about_viewer
from tenants.audit.tables import audit_entries
from tenants.columns import DESK, IS_STAFF, STREET, TENANT, VIEWER
from tenants.errors import Code
from tenants.petitions.tables import Level, petition_facts, petitions
from tenants.policy import PART, Access, Condition, narrow, protect, rule
from tenants.scopes import Scope
from tenants.supervision.tables import SupervisionState, supervision_orders, supervision_steps
from tenants.viewer import Principal

_ONE, _NOUGHT = sa.literal_column("1"), sa.literal_column("0")
_orders, _facts = supervision_orders.c, petition_facts.c

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
narrow(
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

is_open = _orders.state != SupervisionState.ACCEPTED.value
_IS_ABOVE_VIEWER = (_facts.desk == DESK) | (
    (_NOUGHT != STREET) & (_facts.level == sa.literal_column(f"'{Level.DISTRICT}'"))
)
HAS_OPEN = sa.exists(
    sa.select(_ONE).where(
        _orders.community_id == _facts.community_id,
        _orders.petition_id == _facts.id,
        _orders.issuing_desk == DESK,
        is_open,
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
ISSUE = rule(
    "issueSupervisionOrder",
    Scope.PETITION_SUPERVISE,
    petition_facts,
    _NOT_BELOW,
    _NOT_LATE,
    (Code.ALREADY_DONE, HAS_OPEN, "已督办，尚未办结。One of yours is not ended yet."),
)
# What may be looked up again by whoever repeats a call that went through.
FIND = rule("issueSupervisionOrder", Scope.PETITION_SUPERVISE, petition_facts)

_NOT_ADDRESSED: tuple[Code, Condition, str] = (
    Code.FORBIDDEN,
    ~((_orders.addressed_desk == DESK) & ((DESK != _NOUGHT) | IS_STAFF)),
    "不是督办您的办理台。It is not addressed to your desk.",
)
_OWN: tuple[Code, Condition, str] = (
    Code.FORBIDDEN,
    sa.exists(
        sa.select(_ONE).where(
            petitions.c.community_id == TENANT,
            petitions.c.id == _orders.petition_id,
            petitions.c.author_id == VIEWER,
        )
    ),
    "不能经办自己的诉求。Not your own petition.",
)
_NOT_ISSUER: tuple[Code, Condition, str] = (
    Code.FORBIDDEN,
    _orders.issuing_desk != DESK,
    "不是您发出的。Your desk did not issue it.",
)


def _not_in(*states: SupervisionState) -> tuple[Code, Condition]:
    words = [sa.literal_column(f"'{state}'") for state in states]
    return Code.WRONG_STATE, _orders.state.not_in(words)


ACKNOWLEDGE = rule(
    "acknowledgeSupervisionOrder",
    Scope.PETITION_HANDLE,
    supervision_orders,
    _NOT_ADDRESSED,
    _OWN,
    _not_in(SupervisionState.ISSUED),
)
REPORT = rule(
    "reportSupervisionOrder",
    Scope.PETITION_HANDLE,
    supervision_orders,
    _NOT_ADDRESSED,
    _OWN,
    _not_in(SupervisionState.ACKED, SupervisionState.RETURNED),
)
ACCEPT = rule(
    "acceptSupervisionReport",
    Scope.PETITION_SUPERVISE,
    supervision_orders,
    _NOT_ISSUER,
    _not_in(SupervisionState.REPORTED),
)
RETURN = rule(
    "returnSupervisionReport",
    Scope.PETITION_SUPERVISE,
    supervision_orders,
    _NOT_ISSUER,
    _not_in(SupervisionState.REPORTED),
)
