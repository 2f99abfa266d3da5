"""Create the three rates, month by month."""

from alembic import op

from migrations.walls import wall

revision = "0017"
down_revision = "0016"

TABLES = """
CREATE TABLE tenant.rate_snapshot (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    district_id INTEGER NOT NULL,
    street_id INTEGER NOT NULL,
    month TEXT NOT NULL,
    category_id UUID NOT NULL,
    is_total BOOLEAN NOT NULL,
    response_met INTEGER NOT NULL,
    response_due INTEGER NOT NULL,
    excluded_emergency INTEGER NOT NULL,
    excluded_other_route INTEGER NOT NULL,
    excluded_no_new_facts INTEGER NOT NULL,
    excluded_withdrawn INTEGER NOT NULL,
    callbacks INTEGER NOT NULL,
    solved INTEGER NOT NULL,
    partly INTEGER NOT NULL,
    satisfied INTEGER NOT NULL,
    ranking INTEGER NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (community_id, id),
    UNIQUE (community_id, month, category_id),
    FOREIGN KEY(community_id) REFERENCES tenant.community (community_id),
    CONSTRAINT a_month CHECK (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
    CONSTRAINT total_of_no_category CHECK (is_total = (category_id = '00000000-0000-0000-0000-000000000000')),
    CONSTRAINT parts_of_a_whole CHECK (response_met between 0 and response_due and solved + partly <= callbacks and satisfied <= callbacks)
);
CREATE INDEX rate_snapshot_by_category ON tenant.rate_snapshot (community_id, month, is_total, category_id, id);
CREATE INDEX rate_snapshot_by_month ON tenant.rate_snapshot (community_id, is_total, month, id);
CREATE INDEX rate_snapshot_ranked ON tenant.rate_snapshot (district_id, is_total, month, ranking, id);
"""


def upgrade() -> None:
    """Create the table and its row security policies; rows are never changed."""
    op.execute(TABLES)
    wall("tenant.rate_snapshot", app="select, insert", district=True)
    # what is read above a community is for administrators of the place, not for department
    # handlers
    op.execute(
        "alter policy one_district on tenant.rate_snapshot using (district_id = "
        "current_setting('app.district_id')::int and (current_setting('app.street_id')::int = 0 "
        "or street_id = current_setting('app.street_id')::int) "
        "and current_setting('app.department_id')::int = 0)"
    )


def downgrade() -> None:
    """Drop the table."""
    op.execute("drop table tenant.rate_snapshot")
