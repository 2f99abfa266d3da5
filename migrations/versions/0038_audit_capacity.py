"""The audit says in which capacity somebody acted, and at which desk."""

from alembic import op

revision = "0038"
down_revision = "0037"

_ROLES = (
    "'GUEST', 'RESIDENT', 'COMMITTEE_MEMBER', 'PARTY_SECRETARY', 'SUPERVISOR', 'SEAT', "
    "'DISTRICT_ADMIN', 'DEPARTMENT_HANDLER', 'APP', 'INSPECTOR'"
)


def upgrade() -> None:
    """Add both; what was written before says neither."""
    op.execute("""
ALTER TABLE tenant.audit_entry
    ADD COLUMN actor_role TEXT,
    ADD COLUMN actor_desk INTEGER""")
    op.execute(
        f"ALTER TABLE tenant.audit_entry ADD CONSTRAINT actor_role_known CHECK (actor_role in ({_ROLES}))"
    )


def downgrade() -> None:
    """Drop them."""
    op.execute("ALTER TABLE tenant.audit_entry DROP COLUMN actor_desk, DROP COLUMN actor_role")
