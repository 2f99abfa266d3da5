"""The staff and supervisors read all of the audit, and others read what is about them."""

import sqlalchemy as sa

from tenants.audit.tables import audit_entries
from tenants.columns import IS_AUDITOR, VIEWER
from tenants.policy import Access, holds, protect
from tenants.scopes import Scope

is_about_viewer = (audit_entries.c.subject_id == VIEWER) | (audit_entries.c.actor_id == VIEWER)
reads_all = IS_AUDITOR & holds(Scope.AUDIT_READ)
protect(
    audit_entries,
    Access(inside=(Scope.AUDIT_READ, Scope.SELF_MANAGE)),
    community=reads_all | is_about_viewer,
    guest=is_about_viewer,
    inspector=sa.true(),
)
