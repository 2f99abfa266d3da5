"""Scrutineers are asked again before a secret vote closes, and missed if too few answer."""

from alembic import op

revision = "0054"
down_revision = "0053"

_ACTIONS = (
    "STARTED", "MATTER_ADDED", "NOTICED", "KEYS_SHOWN", "OPENED", "REMINDED", "EXTENDED", "CLOSED",
    "TALLIED", "COUNTED", "PUBLISHED", "CERTIFIED", "FINALISED", "LAPSED", "VOIDED", "OVERTURNED",
)  # fmt: skip


def upgrade() -> None:
    """Count who has answered; of votes that are there already, who has shown a key."""
    op.execute(
        "alter table tenant.vote add column answering integer not null default 0,"
        " add column alarmed_at timestamptz"
    )
    op.execute("alter table tenant.vote alter column answering drop default")
    _on("vote", "update tenant.vote set answering = keys_shown where keys_shown > 0")
    op.execute(
        "alter table tenant.vote add constraint answering_with_keys check "
        "(answering between 0 and keys_shown and (alarmed_at is null or secrecy = 'SECRET'))"
    )
    _known((*_ACTIONS[:4], "ALARMED", *_ACTIONS[4:]))


def downgrade() -> None:
    """Forget who has answered."""
    _on("vote_event", "delete from tenant.vote_event where action = 'ALARMED'")
    _known(_ACTIONS)
    op.execute("alter table tenant.vote drop column answering, drop column alarmed_at")


def _on(table: str, change: str) -> None:
    """Change rows of every community."""
    op.execute(f"alter table tenant.{table} no force row level security")
    op.execute(change)
    op.execute(f"alter table tenant.{table} force row level security")


def _known(actions: tuple[str, ...]) -> None:
    words = ", ".join(f"'{action}'" for action in actions)
    op.execute(
        "alter table tenant.vote_event drop constraint action_known, "
        f"add constraint action_known check (action in ({words}))"
    )
