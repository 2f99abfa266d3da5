"""A key keeps what came of its call: the ids of all that it made."""

from alembic import op

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    """Keep JSON of ids in place of one id; keys that are kept already answer as before."""
    op.execute("alter table tenant.idempotency_key add column outcome text")
    op.execute("alter table tenant.idempotency_key no force row level security")
    op.execute(
        "update tenant.idempotency_key set outcome = json_build_object('made', subject_id)::text "
        "where subject_id is not null"
    )
    op.execute("alter table tenant.idempotency_key force row level security")
    op.execute("alter table tenant.idempotency_key drop column subject_id")


def downgrade() -> None:
    """Keep the first id."""
    op.execute("alter table tenant.idempotency_key add column subject_id uuid")
    op.execute("alter table tenant.idempotency_key no force row level security")
    op.execute(
        "update tenant.idempotency_key set subject_id = (select value #>> '{}' from "
        "json_each(outcome::json) limit 1)::uuid where outcome <> '{}'"
    )
    op.execute("alter table tenant.idempotency_key force row level security")
    op.execute("alter table tenant.idempotency_key drop column outcome")
