"""Projects carry resolutions out: budgets, milestones with pictures, spendings that two attest."""

from alembic import op

from migrations.walls import ABOVE, wall

revision = "0060"
down_revision = "0059"

TABLES = """
CREATE TABLE tenant.project (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    district_id INTEGER NOT NULL,
    street_id INTEGER NOT NULL,
    topic_id UUID NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    budget INTEGER NOT NULL,
    spent INTEGER NOT NULL,
    planned_at TIMESTAMP WITH TIME ZONE NOT NULL,
    planned_by UUID NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE,
    report TEXT,
    completed_at TIMESTAMP WITH TIME ZONE,
    evaluated_until TIMESTAMP WITH TIME ZONE,
    cancel_reason TEXT,
    next_at TIMESTAMP WITH TIME ZONE,
    version INTEGER NOT NULL,
    PRIMARY KEY (community_id, id),
    CONSTRAINT project_of_topic FOREIGN KEY(community_id, topic_id) REFERENCES tenant.topic (community_id, id),
    CONSTRAINT state_known CHECK (state in ('PLANNED', 'UNDER_WAY', 'COMPLETED', 'CLOSED', 'CANCELLED')),
    CONSTRAINT title_length CHECK (char_length(title) between 1 and 100),
    CONSTRAINT body_length CHECK (char_length(body) between 1 and 5000),
    CONSTRAINT report_length CHECK (char_length(report) between 1 and 5000),
    CONSTRAINT cancel_reason_length CHECK (char_length(cancel_reason) between 1 and 500),
    CONSTRAINT within_budget CHECK (budget between 1 and 2000000000 and spent between 0 and budget),
    CONSTRAINT completed_with_a_report CHECK (num_nonnulls(report, completed_at, evaluated_until) = case when state in ('COMPLETED', 'CLOSED') then 3 else 0 end),
    CONSTRAINT cancelled_for_a_reason CHECK ((state = 'CANCELLED') = (cancel_reason is not null))
);
CREATE INDEX project_due ON tenant.project (district_id, next_at) WHERE next_at is not null;
CREATE INDEX project_next ON tenant.project (community_id, next_at) WHERE next_at is not null;
CREATE INDEX project_of_topic ON tenant.project (community_id, topic_id, id);

CREATE TABLE tenant.project_event (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    project_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    action TEXT NOT NULL,
    state TEXT NOT NULL,
    actor_id UUID NOT NULL,
    words TEXT,
    PRIMARY KEY (community_id, id),
    CONSTRAINT event_of_project FOREIGN KEY(community_id, project_id) REFERENCES tenant.project (community_id, id),
    CONSTRAINT action_known CHECK (action in ('PLANNED', 'STARTED', 'MILESTONE_REACHED', 'COMPLETED', 'CLOSED', 'CANCELLED')),
    CONSTRAINT state_known CHECK (state in ('PLANNED', 'UNDER_WAY', 'COMPLETED', 'CLOSED', 'CANCELLED'))
);
CREATE INDEX project_event_of_project ON tenant.project_event (community_id, project_id, id);

CREATE TABLE tenant.project_fund (
    community_id INTEGER NOT NULL,
    project_id UUID NOT NULL,
    position INTEGER NOT NULL,
    source TEXT NOT NULL,
    giver TEXT,
    amount INTEGER NOT NULL,
    PRIMARY KEY (community_id, project_id, position),
    CONSTRAINT fund_of_project FOREIGN KEY(community_id, project_id) REFERENCES tenant.project (community_id, id),
    CONSTRAINT source_known CHECK (source in ('STREET', 'VOLUNTARY_CONTRIBUTION', 'UNIT', 'SELF_GOVERNANCE_FUND')),
    CONSTRAINT giver_length CHECK (char_length(giver) between 1 and 60),
    CONSTRAINT some_money CHECK (amount between 1 and 2000000000)
);

CREATE TABLE tenant.milestone (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    project_id UUID NOT NULL,
    position INTEGER NOT NULL,
    title TEXT NOT NULL,
    due_on DATE NOT NULL,
    reached_at TIMESTAMP WITH TIME ZONE,
    reached_by UUID,
    note TEXT,
    PRIMARY KEY (community_id, id),
    CONSTRAINT milestone_of_project FOREIGN KEY(community_id, project_id) REFERENCES tenant.project (community_id, id),
    CONSTRAINT milestone_in_its_place UNIQUE (community_id, project_id, position),
    CONSTRAINT title_length CHECK (char_length(title) between 1 and 100),
    CONSTRAINT note_length CHECK (char_length(note) between 1 and 500),
    CONSTRAINT reached_with_a_note CHECK (num_nonnulls(reached_at, reached_by, note) in (0, 3))
);

CREATE TABLE tenant.spending (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    project_id UUID NOT NULL,
    source TEXT NOT NULL,
    amount INTEGER NOT NULL,
    spent_on DATE NOT NULL,
    purpose TEXT NOT NULL,
    payee TEXT NOT NULL,
    state TEXT NOT NULL,
    entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    entered_by UUID NOT NULL,
    first_attested_at TIMESTAMP WITH TIME ZONE,
    first_attested_by UUID,
    attested_at TIMESTAMP WITH TIME ZONE,
    attested_by UUID,
    void_reason TEXT,
    version INTEGER NOT NULL,
    PRIMARY KEY (community_id, id),
    CONSTRAINT spending_of_project FOREIGN KEY(community_id, project_id) REFERENCES tenant.project (community_id, id),
    CONSTRAINT source_known CHECK (source in ('STREET', 'VOLUNTARY_CONTRIBUTION', 'UNIT', 'SELF_GOVERNANCE_FUND')),
    CONSTRAINT state_known CHECK (state in ('ENTERED', 'ATTESTED', 'VOIDED')),
    CONSTRAINT purpose_length CHECK (char_length(purpose) between 1 and 200),
    CONSTRAINT payee_length CHECK (char_length(payee) between 1 and 60),
    CONSTRAINT void_reason_length CHECK (char_length(void_reason) between 1 and 500),
    CONSTRAINT some_money CHECK (amount between 1 and 2000000000),
    CONSTRAINT attested_in_order CHECK ((state = 'ATTESTED') = (attested_by is not null) and (state = 'VOIDED') = (void_reason is not null) and (attested_by is null) = (attested_at is null) and (first_attested_by is null) = (first_attested_at is null) and (attested_by is null or first_attested_by is not null)),
    CONSTRAINT attested_by_two_others CHECK (entered_by <> first_attested_by and entered_by <> attested_by and first_attested_by <> attested_by)
);
CREATE INDEX spending_of_project_by_id ON tenant.spending (community_id, project_id, id);

CREATE TABLE tenant.project_evaluation (
    community_id INTEGER NOT NULL,
    project_id UUID NOT NULL,
    member_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    satisfaction INTEGER NOT NULL,
    note TEXT,
    PRIMARY KEY (community_id, project_id, member_id),
    CONSTRAINT evaluation_of_project FOREIGN KEY(community_id, project_id) REFERENCES tenant.project (community_id, id),
    CONSTRAINT project_evaluation_of_member FOREIGN KEY(community_id, member_id) REFERENCES tenant.member (community_id, id),
    CONSTRAINT satisfaction_scale CHECK (satisfaction between 1 and 5),
    CONSTRAINT note_length CHECK (char_length(note) between 1 and 500)
);
"""
GRANTS = {
    "project": "select, insert, update",
    "project_event": "select, insert",
    "project_fund": "select, insert",
    "milestone": "select, insert, update",
    "spending": "select, insert, update",
    "project_evaluation": "select, insert",
}
_SUBJECTS = "post_id, comment_id, petition_id"


def upgrade() -> None:
    """Create the tables and their row security policies; an image may show a milestone."""
    op.execute(TABLES)
    for table, grants in GRANTS.items():
        wall(f"tenant.{table}", app=grants)
    # the clock finds from above where something is due, and reads nothing else of a project
    op.execute(
        f"create policy one_district on tenant.project for select to linli_district using ({ABOVE})"
    )
    op.execute(
        "grant select (community_id, district_id, street_id, next_at) on tenant.project "
        "to linli_district"
    )
    op.execute("alter table tenant.image add column milestone_id uuid")
    op.execute(
        "alter table tenant.image add constraint image_of_milestone "
        "foreign key (community_id, milestone_id) references tenant.milestone (community_id, id)"
    )
    _one_subject(f"{_SUBJECTS}, milestone_id")


def downgrade() -> None:
    """Drop the tables, and the images of milestones with them."""
    op.execute("alter table tenant.image no force row level security")
    op.execute("delete from tenant.image where milestone_id is not null")
    op.execute("alter table tenant.image force row level security")
    _one_subject(_SUBJECTS)
    op.execute(
        "alter table tenant.image drop constraint image_of_milestone, drop column milestone_id"
    )
    op.execute(f"drop table {', '.join(f'tenant.{table}' for table in reversed(GRANTS))}")


def _one_subject(columns: str) -> None:
    op.execute("alter table tenant.image drop constraint one_subject_at_most")
    op.execute(
        "alter table tenant.image add constraint one_subject_at_most check "
        f"(num_nonnulls({columns}) <= 1 and subject_id is not distinct from coalesce({columns}) "
        "and (subject_id is null) = (position is null))"
    )
