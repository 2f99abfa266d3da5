"""Rules of decisions that no law gives are confirmed by two admins of a district."""

from alembic import op

revision = "0042"
down_revision = "0041"

TABLE = """
CREATE TABLE reference.rule_confirmation (
    district_id INTEGER NOT NULL,
    rule_code TEXT NOT NULL,
    rule_from DATE NOT NULL,
    source TEXT NOT NULL,
    proposed_by UUID NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    confirmed_by UUID,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (district_id, rule_code, rule_from),
    FOREIGN KEY(district_id) REFERENCES reference.district (district_id),
    CONSTRAINT source_length CHECK (char_length(source) between 1 and 300),
    CONSTRAINT confirmed_by_another CHECK (confirmed_by <> proposed_by),
    CONSTRAINT confirmed_at_a_time CHECK ((confirmed_by is null) = (confirmed_at is null))
);
"""


def upgrade() -> None:
    """Create the table, and let admins write to it."""
    op.execute(TABLE)
    op.execute("grant select on reference.rule_confirmation to linli_app, linli_district")
    op.execute(
        "grant insert, update (source, proposed_by, proposed_at, confirmed_by, "
        "confirmed_at) on reference.rule_confirmation to linli_district"
    )


def downgrade() -> None:
    """Drop the table."""
    op.execute("drop table reference.rule_confirmation")
