"""Appraisals of the committee, notices with an audience, and supervisors from outside it."""

from alembic import op

from migrations.walls import wall

revision = "0056"
down_revision = "0055"

TABLES = """
CREATE TABLE tenant.appraisal (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    year INTEGER NOT NULL,
    vote_id UUID NOT NULL,
    state TEXT NOT NULL,
    drafted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    drafted_by UUID NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    ended_by UUID,
    version INTEGER NOT NULL,
    PRIMARY KEY (community_id, id),
    CONSTRAINT appraisal_of_one_vote UNIQUE (community_id, vote_id),
    CONSTRAINT appraisal_by_vote FOREIGN KEY(community_id, vote_id) REFERENCES tenant.vote (community_id, id),
    CONSTRAINT state_known CHECK (state in ('DRAFTED', 'PUBLISHED', 'FAILED')),
    CONSTRAINT ended_by_someone CHECK ((state = 'DRAFTED') = (ended_at is null) and (ended_at is null) = (ended_by is null))
);
CREATE TABLE tenant.appraised (
    community_id INTEGER NOT NULL,
    appraisal_id UUID NOT NULL,
    place INTEGER NOT NULL,
    member_id UUID NOT NULL,
    name TEXT NOT NULL,
    verdict TEXT,
    fit INTEGER,
    unfit INTEGER,
    is_ended BOOLEAN NOT NULL,
    PRIMARY KEY (community_id, appraisal_id, place),
    CONSTRAINT appraised_in_appraisal FOREIGN KEY(community_id, appraisal_id) REFERENCES tenant.appraisal (community_id, id),
    CONSTRAINT appraised_is_member FOREIGN KEY(community_id, member_id) REFERENCES tenant.member (community_id, id),
    CONSTRAINT verdict_known CHECK (verdict in ('FIT', 'UNFIT', 'NEITHER')),
    CONSTRAINT name_length CHECK (char_length(name) between 1 and 30),
    CONSTRAINT judged_by_number CHECK ((verdict is null) = (fit is null) and (verdict is null) = (unfit is null)),
    CONSTRAINT ended_if_unfit CHECK (not is_ended or verdict = 'UNFIT')
);
CREATE INDEX appraised_member ON tenant.appraised (community_id, member_id, appraisal_id);
CREATE TABLE tenant.notice (
    community_id INTEGER NOT NULL,
    post_id UUID NOT NULL,
    buildings TEXT[],
    addresses TEXT[],
    offices TEXT[],
    asks_acknowledgement BOOLEAN NOT NULL,
    PRIMARY KEY (community_id, post_id),
    CONSTRAINT notice_is_post FOREIGN KEY(community_id, post_id) REFERENCES tenant.post (community_id, id),
    CONSTRAINT some_buildings CHECK (cardinality(buildings) between 1 and 50 and (buildings is null) = (addresses is null)),
    CONSTRAINT offices_known CHECK (cardinality(offices) > 0 and offices <@ array['COMMITTEE_MEMBER', 'SUPERVISOR', 'SEAT', 'PARTY_SECRETARY', 'REPRESENTATIVE']),
    CONSTRAINT says_something CHECK (num_nonnulls(buildings, offices) > 0 or asks_acknowledgement)
);
"""
DROP = ("notice", "appraised", "appraisal")
CHECKS = {
    ("office_term", "declared_by_a_supervisor"): (
        "declares_no_relatives is null or (role = 'SUPERVISOR' and declares_no_relatives)"
    ),
    ("member", "supervises_from_outside"): (
        "not (roles @> array['SUPERVISOR'] and roles && array['COMMITTEE_MEMBER', 'PARTY_SECRETARY'])"
    ),
}


def upgrade() -> None:
    """Create the tables, and state who may supervise."""
    op.execute(TABLES)
    wall("tenant.appraisal", app="select, insert, update")
    wall("tenant.appraised", app="select, insert, update")
    wall("tenant.notice", app="select, insert")
    op.execute("alter table tenant.read_mark add column acknowledged_at timestamptz")
    op.execute("grant update on tenant.read_mark to linli_app")
    op.execute("alter table tenant.office_term add column declares_no_relatives boolean")
    for (table, name), check in CHECKS.items():
        op.execute(f"alter table tenant.{table} add constraint {name} check ({check})")


def downgrade() -> None:
    """Drop the tables, and allow what was allowed before."""
    for table, name in CHECKS:
        op.execute(f"alter table tenant.{table} drop constraint {name}")
    op.execute("alter table tenant.office_term drop column declares_no_relatives")
    op.execute("revoke update on tenant.read_mark from linli_app")
    op.execute("alter table tenant.read_mark drop column acknowledged_at")
    for table in DROP:
        op.execute(f"drop table tenant.{table}")
