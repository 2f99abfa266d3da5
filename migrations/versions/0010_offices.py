"""Create offices: terms of office, appointments of secretaries, supervisors and professional seats."""

from alembic import op

from migrations.walls import wall

revision = "0010"
down_revision = "0009"

TABLES = """
CREATE TABLE tenant.office_term (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    member_id UUID NOT NULL,
    role TEXT NOT NULL,
    seat TEXT,
    board_id UUID,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
    reason TEXT,
    granted_by UUID NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    ended_by UUID,
    end_reason TEXT,
    PRIMARY KEY (community_id, id),
    CONSTRAINT term_of_member FOREIGN KEY(community_id, member_id) REFERENCES tenant.member (community_id, id),
    CONSTRAINT role_known CHECK (role in ('COMMITTEE_MEMBER', 'SUPERVISOR', 'SEAT', 'PARTY_SECRETARY')),
    CONSTRAINT seat_known CHECK (seat in ('POLICE', 'DOCTOR', 'LAWYER', 'PROPERTY', 'OWNERS_COMMITTEE')),
    CONSTRAINT seat_on_a_board CHECK ((role = 'SEAT') = (seat is not null) and (seat is null) = (board_id is null))
);
CREATE INDEX office_term_of_member ON tenant.office_term (community_id, member_id, id);
CREATE UNIQUE INDEX office_term_one_live ON tenant.office_term (community_id, member_id, role) WHERE ended_at is null;

CREATE TABLE tenant.appointment (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    district_id INTEGER NOT NULL,
    street_id INTEGER NOT NULL,
    member_id UUID NOT NULL,
    display_name TEXT NOT NULL,
    action TEXT NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE,
    reason TEXT,
    state TEXT NOT NULL,
    proposed_by UUID NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_by UUID,
    decided_at TIMESTAMP WITH TIME ZONE,
    decision_reason TEXT,
    version INTEGER NOT NULL,
    PRIMARY KEY (community_id, id),
    CONSTRAINT appointment_of_member FOREIGN KEY(community_id, member_id) REFERENCES tenant.member (community_id, id),
    CONSTRAINT action_known CHECK (action in ('APPOINT', 'REMOVE')),
    CONSTRAINT state_known CHECK (state in ('PROPOSED', 'CONFIRMED', 'DECLINED')),
    CONSTRAINT appointed_for_a_term CHECK ((action = 'APPOINT') = (ends_at is not null)),
    CONSTRAINT decided_by_someone CHECK ((state = 'PROPOSED') = (decided_by is null) and (decided_by is null) = (decided_at is null))
);
CREATE INDEX appointment_by_district ON tenant.appointment (district_id, id);
CREATE UNIQUE INDEX appointment_one_open ON tenant.appointment (community_id, member_id) WHERE state = 'PROPOSED';
"""
OF_MEMBERS = "'RESIDENT', 'COMMITTEE_MEMBER', 'PARTY_SECRETARY'"
OF_OFFICERS = "'DISTRICT_ADMIN', 'DEPARTMENT_HANDLER'"


def upgrade() -> None:
    """Create the tables and their row security policies; allow more roles."""
    op.execute(TABLES)
    _roles(
        "tenant.member",
        f"cardinality(roles) > 0 and roles <@ array[{OF_MEMBERS}, 'SUPERVISOR', 'SEAT']",
    )
    _roles("district.officer", f"cardinality(roles) > 0 and roles <@ array[{OF_OFFICERS}]")
    wall("tenant.office_term", app="select, insert, update")
    wall("tenant.appointment", app="select, insert, update", district=True)


def downgrade() -> None:
    """Drop the tables; fails while someone holds one of the dropped roles."""
    op.execute("drop table tenant.appointment, tenant.office_term")
    _roles("tenant.member", f"cardinality(roles) > 0 and roles <@ array[{OF_MEMBERS}]")
    _roles("district.officer", "roles = array['DISTRICT_ADMIN']")


def _roles(table: str, known: str) -> None:
    op.execute(f"alter table {table} drop constraint roles_known")
    op.execute(f"alter table {table} add constraint roles_known check ({known})")
