"""Expressions over the audit that the schema shows."""

import sqlalchemy as sa

from tenants.audit.policy import is_about_viewer
from tenants.audit.tables import audit_entries
from tenants.columns import IS_SECRETARY

# Reasons may hold personal data: only the secretary and the persons concerned read them.
shown_reason = sa.case((IS_SECRETARY | is_about_viewer, audit_entries.c.reason))
# the name of the AuditAction
action = sa.func.upper(
    sa.func.replace(audit_entries.c.action, sa.literal_column("'.'"), sa.literal_column("'_'")),
    type_=sa.Text(),
)
number = sa.cast(audit_entries.c.seq, sa.Integer())
