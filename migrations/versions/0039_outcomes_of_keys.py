"""A key keeps what came of its call: the ids of all that it made."""

from alembic import op

revision = "0039"
down_revision = "0038"

TABLE = "tenant.idempotency_key"


def upgrade() -> None:
    """Keep JSON of ids in place of one id; keys that are kept already answer as before."""
    # nothing is released: no server that runs knows the column by its old name and type
    op.execute(
        f"-- squawk-ignore renaming-column\nalter table {TABLE} rename column subject_id to outcome"
    )
    op.execute(
        f"-- squawk-ignore changing-column-type\nalter table {TABLE} alter column outcome type text "
        "using case when outcome is not null then json_build_object('made', outcome)::text end"
    )


def downgrade() -> None:
    """Keep the id of what made one thing."""
    op.execute(
        f"alter table {TABLE} alter column outcome type uuid using (outcome::json ->> 'made')::uuid"
    )
    op.execute(f"alter table {TABLE} rename column outcome to subject_id")
