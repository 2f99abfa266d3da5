"""The votes of a meeting may be extended once, as its notice says."""

from alembic import op

revision = "0049"
down_revision = "0048"

_ACTIONS = (
    "STARTED", "MATTER_ADDED", "NOTICED", "KEYS_SHOWN", "OPENED", "CLOSED", "TALLIED", "COUNTED",
    "PUBLISHED", "CERTIFIED", "FINALISED", "LAPSED", "VOIDED", "OVERTURNED",
)  # fmt: skip


def upgrade() -> None:
    """Add the columns; no meeting before said that it may be extended."""
    op.execute(
        "alter table tenant.meeting add column extends_until timestamp with time zone, "
        "add column extended_at timestamp with time zone, add column extended_by uuid, "
        "add column extension_reason text"
    )
    op.execute(
        "alter table tenant.meeting "
        "add constraint extension_reason_length check (char_length(extension_reason) between 1 and 500), "
        "add constraint extended_as_announced check (closes_at <= extends_until and "
        "num_nonnulls(extended_at, extended_by, extension_reason) in (0, 3) "
        "and (extended_at is null or extends_until is not null))"
    )
    _known((*_ACTIONS[:5], "EXTENDED", *_ACTIONS[5:]))


def downgrade() -> None:
    """Take them away; a close that was put off stays where it is."""
    op.execute("alter table tenant.vote_event no force row level security")
    op.execute("delete from tenant.vote_event where action = 'EXTENDED'")
    op.execute("alter table tenant.vote_event force row level security")
    _known(_ACTIONS)
    op.execute(
        "alter table tenant.meeting drop constraint extended_as_announced, "
        "drop column extension_reason, drop column extended_by, drop column extended_at, "
        "drop column extends_until"
    )


def _known(actions: tuple[str, ...]) -> None:
    words = ", ".join(f"'{action}'" for action in actions)
    op.execute(
        "alter table tenant.vote_event drop constraint action_known, "
        f"add constraint action_known check (action in ({words}))"
    )
