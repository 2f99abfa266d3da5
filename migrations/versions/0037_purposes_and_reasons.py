"""Consents are to known purposes; a petition that is refused is refused for a reason, always."""

from alembic import op

revision = "0037"
down_revision = "0036"

_ACCEPTED = "(state = 'NOT_ACCEPTED') <= (refusal_code is not null"


def upgrade() -> None:
    """State both."""
    op.execute(
        "ALTER TABLE tenant.consent ADD CONSTRAINT purpose_known "
        "CHECK (purpose in ('IDENTITY', 'SERVICE_MESSAGES'))"
    )
    _refused(f"num_nonnulls(refusal_code, refusal_reason) in (0, 2) and {_ACCEPTED})")


def downgrade() -> None:
    """Take it back."""
    _refused(f"{_ACCEPTED} and refusal_reason is not null)")
    op.execute("ALTER TABLE tenant.consent DROP CONSTRAINT purpose_known")


def _refused(check: str) -> None:
    op.execute(f"""
ALTER TABLE tenant.petition
    DROP CONSTRAINT refused_for_a_reason,
    ADD CONSTRAINT refused_for_a_reason CHECK ({check})""")
