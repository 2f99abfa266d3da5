"""Open affairs: what is owed by law, what was posted, asked and complained about."""

from alembic import op

from migrations.walls import ABOVE, wall

revision = "0055"
down_revision = "0054"

TABLES = """
CREATE TABLE tenant.obligation (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    district_id INTEGER NOT NULL,
    street_id INTEGER NOT NULL,
    code TEXT NOT NULL,
    statute_from DATE NOT NULL,
    about TEXT NOT NULL,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    is_house_rule BOOLEAN NOT NULL,
    subject_id UUID,
    begins_on DATE NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    state TEXT NOT NULL,
    met_at TIMESTAMP WITH TIME ZONE,
    met_by UUID,
    note TEXT,
    next_at TIMESTAMP WITH TIME ZONE,
    version INTEGER NOT NULL,
    PRIMARY KEY (community_id, id),
    CONSTRAINT about_known CHECK (about in ('OPEN_AFFAIRS', 'MEETING', 'APPRAISAL', 'PACT_REVIEW')),
    CONSTRAINT state_known CHECK (state in ('DUE', 'OVERDUE', 'MET')),
    CONSTRAINT note_length CHECK (char_length(note) between 1 and 500),
    CONSTRAINT met_by_someone CHECK ((state = 'MET') = (met_at is not null) and (state = 'MET') = (met_by is not null)),
    CONSTRAINT due_by_the_clock CHECK ((state = 'DUE') = (next_at is not null))
);
CREATE INDEX obligation_by_due ON tenant.obligation (community_id, due_at, id);
CREATE INDEX obligation_next ON tenant.obligation (district_id, next_at) WHERE next_at is not null;
CREATE INDEX obligation_of_district ON tenant.obligation (district_id, due_at, community_id, id);
CREATE UNIQUE INDEX obligation_of_period ON tenant.obligation (community_id, code, begins_on) WHERE subject_id is null;
CREATE UNIQUE INDEX obligation_of_subject ON tenant.obligation (community_id, code, subject_id) WHERE subject_id is not null;
CREATE TABLE tenant.open_affair (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    obligation_id UUID,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    drafted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    drafted_by UUID NOT NULL,
    posted_at TIMESTAMP WITH TIME ZONE,
    posted_until TIMESTAMP WITH TIME ZONE,
    confirmed_by UUID,
    return_reason TEXT,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    withdrawn_by UUID,
    withdraw_reason TEXT,
    version INTEGER NOT NULL,
    PRIMARY KEY (community_id, id),
    CONSTRAINT affair_of_obligation FOREIGN KEY(community_id, obligation_id) REFERENCES tenant.obligation (community_id, id),
    CONSTRAINT state_known CHECK (state in ('DRAFT', 'RETURNED', 'POSTED', 'WITHDRAWN')),
    CONSTRAINT title_length CHECK (char_length(title) between 1 and 100),
    CONSTRAINT body_length CHECK (char_length(body) between 1 and 5000),
    CONSTRAINT confirmed_by_another CHECK (confirmed_by <> drafted_by),
    CONSTRAINT posted_when_confirmed CHECK ((state in ('POSTED', 'WITHDRAWN')) = (posted_at is not null) and (posted_at is null) = (confirmed_by is null) and (posted_at is null) = (posted_until is null)),
    CONSTRAINT posted_for_fifteen_days CHECK (posted_until >= posted_at + interval '15 days'),
    CONSTRAINT withdrawn_after_that CHECK ((state = 'WITHDRAWN') = (withdrawn_at is not null) and (withdrawn_at is null) = (withdrawn_by is null) and withdrawn_at >= posted_until),
    CONSTRAINT returned_for_a_reason CHECK ((state = 'RETURNED') = (return_reason is not null))
);
CREATE INDEX open_affair_of_code ON tenant.open_affair (community_id, code, id);
CREATE TABLE tenant.affair_question (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    district_id INTEGER NOT NULL,
    street_id INTEGER NOT NULL,
    affair_id UUID NOT NULL,
    kind TEXT NOT NULL,
    author_id UUID NOT NULL,
    body TEXT NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    state TEXT NOT NULL,
    answer TEXT,
    answered_at TIMESTAMP WITH TIME ZONE,
    answered_by UUID,
    next_at TIMESTAMP WITH TIME ZONE,
    version INTEGER NOT NULL,
    PRIMARY KEY (community_id, id),
    CONSTRAINT question_of_affair FOREIGN KEY(community_id, affair_id) REFERENCES tenant.open_affair (community_id, id),
    CONSTRAINT question_of_member FOREIGN KEY(community_id, author_id) REFERENCES tenant.member (community_id, id),
    CONSTRAINT kind_known CHECK (kind in ('QUESTION', 'OBJECTION')),
    CONSTRAINT state_known CHECK (state in ('OPEN', 'OVERDUE', 'ANSWERED')),
    CONSTRAINT body_length CHECK (char_length(body) between 1 and 1000),
    CONSTRAINT answer_length CHECK (char_length(answer) between 1 and 1000),
    CONSTRAINT answered_by_someone CHECK ((state = 'ANSWERED') = (answer is not null) and (answer is null) = (answered_at is null) and (answer is null) = (answered_by is null))
);
CREATE INDEX affair_question_next ON tenant.affair_question (district_id, next_at) WHERE next_at is not null;
CREATE INDEX affair_question_of_affair ON tenant.affair_question (community_id, affair_id, id);
CREATE TABLE tenant.affair_complaint (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    district_id INTEGER NOT NULL,
    street_id INTEGER NOT NULL,
    member_id UUID NOT NULL,
    kind TEXT NOT NULL,
    affair_id UUID,
    obligation_id UUID,
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    filed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    state TEXT NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE,
    decided_by UUID,
    decision_reason TEXT,
    next_at TIMESTAMP WITH TIME ZONE,
    version INTEGER NOT NULL,
    PRIMARY KEY (community_id, id),
    CONSTRAINT complaint_of_member FOREIGN KEY(community_id, member_id) REFERENCES tenant.member (community_id, id),
    CONSTRAINT complaint_about_affair FOREIGN KEY(community_id, affair_id) REFERENCES tenant.open_affair (community_id, id),
    CONSTRAINT complaint_about_obligation FOREIGN KEY(community_id, obligation_id) REFERENCES tenant.obligation (community_id, id),
    CONSTRAINT kind_known CHECK (kind in ('LATE', 'UNTRUE')),
    CONSTRAINT state_known CHECK (state in ('OPEN', 'OVERDUE', 'UPHELD', 'DISMISSED')),
    CONSTRAINT body_length CHECK (char_length(body) between 1 and 1000),
    CONSTRAINT about_one_thing CHECK (num_nonnulls(affair_id, obligation_id) = 1 and (kind = 'UNTRUE') = (affair_id is not null)),
    CONSTRAINT decided_by_someone CHECK ((state in ('UPHELD', 'DISMISSED')) = (decided_by is not null) and (decided_by is null) = (decided_at is null) and (decided_by is null) = (decision_reason is null))
);
CREATE INDEX affair_complaint_next ON tenant.affair_complaint (district_id, next_at) WHERE next_at is not null;
CREATE INDEX affair_complaint_of_district ON tenant.affair_complaint (district_id, id);
CREATE INDEX affair_complaint_of_member ON tenant.affair_complaint (community_id, member_id, id);
CREATE UNIQUE INDEX affair_complaint_one_open ON tenant.affair_complaint (community_id, member_id, coalesce(affair_id, obligation_id)) WHERE state in ('OPEN', 'OVERDUE');
"""
DROP = ("affair_complaint", "affair_question", "open_affair", "obligation")
# What the clock finds questions by, from above: where and when, and nothing of what is asked.
DUE = "community_id, district_id, street_id, next_at"


def upgrade() -> None:
    """Create the tables and their row security policies."""
    op.execute(TABLES)
    wall("tenant.open_affair", app="select, insert, update")
    wall("tenant.affair_question", app="select, insert, update")
    for table in ("tenant.obligation", "tenant.affair_complaint"):
        wall(table, app="select, insert, update")
        op.execute(f"grant select on {table} to linli_district")
    op.execute(f"grant select ({DUE}) on tenant.affair_question to linli_district")
    for table in ("obligation", "affair_complaint", "affair_question"):
        op.execute(
            f"create policy one_district on tenant.{table} for select to linli_district using ({ABOVE})"
        )


def downgrade() -> None:
    """Drop the tables."""
    for table in DROP:
        op.execute(f"drop table tenant.{table}")
