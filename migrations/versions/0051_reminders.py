"""Whoever has not voted is reminded once, a day before the close."""

from alembic import op

revision = "0051"
down_revision = "0050"

_ACTIONS = (
    "STARTED", "MATTER_ADDED", "NOTICED", "KEYS_SHOWN", "OPENED", "EXTENDED", "CLOSED", "TALLIED",
    "COUNTED", "PUBLISHED", "CERTIFIED", "FINALISED", "LAPSED", "VOIDED", "OVERTURNED",
)  # fmt: skip


def upgrade() -> None:
    """Add when it was; the clock finds open votes by the old rule until they change."""
    op.execute("alter table tenant.vote add column reminded_at timestamp with time zone")
    _known((*_ACTIONS[:5], "REMINDED", *_ACTIONS[5:]))


def downgrade() -> None:
    """Take it away."""
    op.execute("alter table tenant.vote_event no force row level security")
    op.execute("delete from tenant.vote_event where action = 'REMINDED'")
    op.execute("alter table tenant.vote_event force row level security")
    _known(_ACTIONS)
    op.execute("alter table tenant.vote drop column reminded_at")


def _known(actions: tuple[str, ...]) -> None:
    words = ", ".join(f"'{action}'" for action in actions)
    op.execute(
        "alter table tenant.vote_event drop constraint action_known, "
        f"add constraint action_known check (action in ({words}))"
    )
