"""Joining a community: households, member records, consents, join codes."""

from alembic import op

from migrations.walls import wall

revision = "0008"
down_revision = "0007"

TABLES = """
CREATE TABLE tenant.household (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    building TEXT NOT NULL,
    room TEXT NOT NULL,
    PRIMARY KEY (community_id, id),
    UNIQUE (community_id, building, room),
    CONSTRAINT building_length CHECK (char_length(building) between 1 and 20),
    CONSTRAINT room_length CHECK (char_length(room) between 1 and 20)
);

CREATE TABLE tenant.member_record (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    household_id UUID,
    kind TEXT NOT NULL,
    real_name TEXT,
    real_name_masked TEXT,
    phone TEXT,
    phone_masked TEXT,
    phone_index BYTEA,
    id_number TEXT,
    id_number_masked TEXT,
    id_number_index BYTEA,
    identity_check TEXT,
    identity_checked_at TIMESTAMP WITH TIME ZONE,
    identity_checked_by UUID,
    applied_at TIMESTAMP WITH TIME ZONE NOT NULL,
    submitted_at TIMESTAMP WITH TIME ZONE,
    review_due_at TIMESTAMP WITH TIME ZONE,
    reviewed_at TIMESTAMP WITH TIME ZONE,
    reviewed_by UUID,
    return_reason TEXT,
    suspended_reason TEXT,
    suspended_until TIMESTAMP WITH TIME ZONE,
    version INTEGER NOT NULL,
    PRIMARY KEY (community_id, id),
    CONSTRAINT record_of_member FOREIGN KEY(community_id, id) REFERENCES tenant.member (community_id, id),
    CONSTRAINT record_of_household FOREIGN KEY(community_id, household_id) REFERENCES tenant.household (community_id, id),
    CONSTRAINT kind_known CHECK (kind in ('REGISTERED', 'RENTER', 'ABSENT_OWNER')),
    CONSTRAINT identity_check_known CHECK (identity_check in ('WECHAT_PHONE', 'IN_PERSON'))
);
CREATE INDEX member_record_by_id_number ON tenant.member_record (community_id, id_number_index);
CREATE INDEX member_record_by_phone ON tenant.member_record (community_id, phone_index);
CREATE INDEX member_record_by_review ON tenant.member_record (community_id, review_due_at, id);

CREATE TABLE tenant.consent (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    member_id UUID NOT NULL,
    purpose TEXT NOT NULL,
    text_version TEXT NOT NULL,
    given_at TIMESTAMP WITH TIME ZONE NOT NULL,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (community_id, id)
);
CREATE INDEX consent_of_member ON tenant.consent (community_id, member_id, id);

CREATE TABLE tenant.join_code (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    code TEXT NOT NULL,
    issued_at TIMESTAMP WITH TIME ZONE NOT NULL,
    issued_by UUID,
    revoked_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (community_id, id),
    UNIQUE (community_id, code)
);
"""
STATES = (
    "'APPLIED', 'IDENTITY_OK', 'UNDER_REVIEW', 'RETURNED', 'ACTIVE', 'SUSPENDED', 'MOVED_OUT', "
    "'ANONYMISED'"
)


# Every community has a join code; here the owner creates one in all communities at once.
CODES = """
alter table tenant.community no force row level security;
alter table tenant.join_code no force row level security;
insert into tenant.join_code (community_id, id, code, issued_at)
select community_id, gen_random_uuid(),
       to_hex(community_id) || '-' || translate(left(replace(gen_random_uuid()::text, '-', ''), 20), '01', 'xy'),
       now()
  from tenant.community;
alter table tenant.community force row level security;
alter table tenant.join_code force row level security;
"""


def upgrade() -> None:
    """Create the tables and their row security policies; allow the states of joining."""
    op.execute(TABLES)
    op.execute("alter table tenant.member drop constraint state_known")
    op.execute(f"alter table tenant.member add constraint state_known check (state in ({STATES}))")
    op.execute("create index member_by_state on tenant.member (community_id, state, id)")
    op.execute("alter table district.officer drop constraint state_known")
    op.execute(
        "alter table district.officer add constraint state_known "
        "check (state in ('ACTIVE', 'SUSPENDED'))"
    )
    wall("tenant.household", app="select, insert")
    wall("tenant.member_record", app="select, insert, update")
    wall("tenant.consent", app="select, insert, update")
    wall("tenant.join_code", app="select, insert, update")
    op.execute(CODES)


def downgrade() -> None:
    """Drop the tables; fails while a member is in one of the states of joining."""
    op.execute(
        "drop table tenant.join_code, tenant.consent, tenant.member_record, tenant.household"
    )
    op.execute("drop index tenant.member_by_state")
    op.execute("alter table tenant.member drop constraint state_known")
    op.execute(
        "alter table tenant.member add constraint state_known "
        "check (state in ('ACTIVE', 'SUSPENDED', 'MOVED_OUT'))"
    )
    op.execute("alter table district.officer drop constraint state_known")
    op.execute(
        "alter table district.officer add constraint state_known "
        "check (state in ('ACTIVE', 'SUSPENDED', 'MOVED_OUT'))"
    )
