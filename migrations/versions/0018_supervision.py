"""Supervision orders and their steps."""

from alembic import op

from migrations.walls import wall_desks

revision = "0018"
down_revision = "0017"

TABLES = """
CREATE TABLE tenant.supervision_order (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    petition_id UUID NOT NULL,
    district_id INTEGER NOT NULL,
    issuing_desk INTEGER NOT NULL,
    addressed_desk INTEGER NOT NULL,
    desks INTEGER[] NOT NULL,
    issued_by UUID NOT NULL,
    issued_at TIMESTAMP WITH TIME ZONE NOT NULL,
    words TEXT NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    state TEXT NOT NULL,
    acked_at TIMESTAMP WITH TIME ZONE,
    report TEXT,
    reported_at TIMESTAMP WITH TIME ZONE,
    return_reason TEXT,
    returned_at TIMESTAMP WITH TIME ZONE,
    accepted_at TIMESTAMP WITH TIME ZONE,
    version INTEGER NOT NULL,
    PRIMARY KEY (community_id, id),
    CONSTRAINT order_of_petition FOREIGN KEY(community_id, petition_id) REFERENCES tenant.petition (community_id, id),
    CONSTRAINT state_known CHECK (state in ('ISSUED', 'ACKED', 'REPORTED', 'ACCEPTED', 'RETURNED')),
    CONSTRAINT words_length CHECK (char_length(words) between 1 and 2000),
    CONSTRAINT due_after_it_is_issued CHECK (due_at > issued_at),
    CONSTRAINT never_to_oneself CHECK (issuing_desk <> addressed_desk),
    CONSTRAINT acknowledged_first CHECK ((state = 'ISSUED') = (acked_at is null)),
    CONSTRAINT reported_in_words CHECK ((state in ('REPORTED', 'ACCEPTED', 'RETURNED')) <= (report is not null)),
    CONSTRAINT accepted_when CHECK ((state = 'ACCEPTED') = (accepted_at is not null)),
    CONSTRAINT returned_why CHECK ((state = 'RETURNED') <= (return_reason is not null))
)
 WITH (fillfactor = 80);
CREATE INDEX supervision_order_by_district ON tenant.supervision_order (district_id, id);
CREATE UNIQUE INDEX supervision_order_open ON tenant.supervision_order (community_id, petition_id, issuing_desk) WHERE state <> 'ACCEPTED';

CREATE TABLE tenant.supervision_step (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    order_id UUID NOT NULL,
    district_id INTEGER NOT NULL,
    desks INTEGER[] NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    state TEXT NOT NULL,
    actor_id UUID NOT NULL,
    words TEXT,
    PRIMARY KEY (community_id, id),
    CONSTRAINT step_of_order FOREIGN KEY(community_id, order_id) REFERENCES tenant.supervision_order (community_id, id),
    CONSTRAINT state_known CHECK (state in ('ISSUED', 'ACKED', 'REPORTED', 'ACCEPTED', 'RETURNED'))
);
CREATE INDEX supervision_step_of_order ON tenant.supervision_step (community_id, order_id, id);
"""


def upgrade() -> None:
    """Create the tables and their row security policies."""
    op.execute(TABLES)
    wall_desks("tenant.supervision_order", app="select, insert, update")
    # steps cannot be changed
    wall_desks("tenant.supervision_step", app="select, insert")


def downgrade() -> None:
    """Drop the tables."""
    op.execute("drop table tenant.supervision_step, tenant.supervision_order")
