"""Apps are seen and managed by a community's secretary and the admins above it."""

import sqlalchemy as sa

from tenants.apps.tables import AppState, apps
from tenants.columns import VIEWER, below
from tenants.domain import Standing
from tenants.errors import Code
from tenants.places.tables import communities
from tenants.policy import Access, holds, protect, rule
from tenants.procedure import Procedure, forgetting, with_reason
from tenants.scopes import Scope

_IS_SELF = apps.c.id == VIEWER
# Every member may know which apps read their community.
protect(
    apps,
    Access(inside=(Scope.COMMUNITY_READ, Scope.APP_MANAGE), above=(Scope.APP_MANAGE,)),
    community=sa.true(),
    app=_IS_SELF,
    inspector=sa.true(),
    district=below(apps),
)
STANDING = Standing(
    apps,
    sa.case((apps.c.state == "ACTIVE", apps.c.permission_version), else_=sa.literal_column("-1")),
    _IS_SELF,
)

# Only secretaries, and admins above, have the scope.
manages = holds(Scope.APP_MANAGE)
_IS_ABOVE = holds(Scope.OFFICE_APPOINT)

THIRD_PARTY_APPS = Procedure(
    noun="app", table=apps, states=AppState, id_field="appId", audited=with_reason
)
REGISTER_APP = THIRD_PARTY_APPS.step(
    "registerApp", Scope.APP_MANAGE, (), "ACTIVE",
    on=communities, event="REGISTERED", at="created_at", by="registered_by",
    more=(Code.INVALID, Code.REQUIRED, Code.TOO_LONG, Code.QUOTA_EXCEEDED, Code.IDEMPOTENCY_MISMATCH),
)  # fmt: skip
ROTATE_APP_SECRET = rule(
    "rotateAppSecret", Scope.APP_MANAGE, apps, (Code.WRONG_STATE, apps.c.state == "SUSPENDED")
)
SUSPEND_APP = THIRD_PARTY_APPS.step(
    "suspendApp", Scope.APP_MANAGE, "ACTIVE", "SUSPENDED", words="suspended_reason", said="reason"
)
RESUME_APP = THIRD_PARTY_APPS.step(
    "resumeApp", Scope.APP_MANAGE, "SUSPENDED", "ACTIVE",
    then=(
        (
            Code.FORBIDDEN,
            apps.c.suspended_from_above & ~_IS_ABOVE,
            "由上级暂停，须由上级恢复。Suspended from above: only they may resume it.",
        ),
    ),
    event="RESUMED", sets=forgetting("suspended_reason", suspended_from_above=False),
)  # fmt: skip
