"""Apps are seen and managed by a community's secretary and the admins above it."""

import sqlalchemy as sa

from tenants.apps.tables import apps
from tenants.columns import DISTRICT, STREET, VIEWER
from tenants.domain import Standing
from tenants.errors import Code
from tenants.places.tables import communities
from tenants.policy import Access, holds, protect, rule
from tenants.scopes import Scope

_IS_SELF = apps.c.id == VIEWER
# Every member may know which apps read their community.
protect(
    apps,
    Access(inside=(Scope.COMMUNITY_READ, Scope.APP_MANAGE), above=(Scope.APP_MANAGE,)),
    community=sa.true(),
    app=_IS_SELF,
    inspector=sa.true(),
    district=(apps.c.district_id == DISTRICT)
    & ((sa.literal_column("0") == STREET) | (apps.c.street_id == STREET)),
)
STANDING = Standing(
    apps,
    sa.case((apps.c.state == "ACTIVE", apps.c.permission_version), else_=sa.literal_column("-1")),
    _IS_SELF,
)

# Only secretaries, and admins above, have the scope.
manages = holds(Scope.APP_MANAGE)
_IS_ABOVE = holds(Scope.OFFICE_APPOINT)
_IS_SUSPENDED = apps.c.state == "SUSPENDED"

REGISTER_APP = rule("registerApp", Scope.APP_MANAGE, communities)
ROTATE_APP_SECRET = rule(
    "rotateAppSecret", Scope.APP_MANAGE, apps, (Code.WRONG_STATE, _IS_SUSPENDED)
)
SUSPEND_APP = rule("suspendApp", Scope.APP_MANAGE, apps, (Code.ALREADY_DONE, _IS_SUSPENDED))
RESUME_APP = rule(
    "resumeApp",
    Scope.APP_MANAGE,
    apps,
    (Code.WRONG_STATE, ~_IS_SUSPENDED),
    (
        Code.FORBIDDEN,
        apps.c.suspended_from_above & ~_IS_ABOVE,
        "由上级暂停，须由上级恢复。Suspended from above: only they may resume it.",
    ),
)
