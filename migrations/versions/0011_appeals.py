"""Appeals to the street; when a member left, who suspended a member, and when an appeal is due."""

from alembic import op

from migrations.walls import wall

revision = "0011"
down_revision = "0010"

TABLES = """
CREATE TABLE tenant.street_appeal (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    district_id INTEGER NOT NULL,
    street_id INTEGER NOT NULL,
    member_id UUID NOT NULL,
    kind TEXT NOT NULL,
    display_name TEXT,
    suspended_until TIMESTAMP WITH TIME ZONE,
    content TEXT,
    acted_by UUID,
    reason TEXT,
    words TEXT,
    state TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_by UUID,
    decided_at TIMESTAMP WITH TIME ZONE,
    decision_reason TEXT,
    version INTEGER NOT NULL,
    PRIMARY KEY (community_id, id),
    CONSTRAINT street_appeal_of_member FOREIGN KEY(community_id, member_id) REFERENCES tenant.member (community_id, id),
    CONSTRAINT kind_known CHECK (kind in ('SUSPENSION', 'HIDDEN_POST', 'HIDDEN_COMMENT')),
    CONSTRAINT state_known CHECK (state in ('OPEN', 'LIFTED', 'UPHELD', 'MOOT')),
    CONSTRAINT decided_by_someone CHECK ((state in ('LIFTED', 'UPHELD')) = (decided_by is not null)),
    CONSTRAINT ended_when CHECK ((state = 'OPEN') = (decided_at is null)),
    CONSTRAINT open_with_words CHECK (state <> 'OPEN' or words is not null),
    CONSTRAINT named_if_suspended CHECK ((kind = 'SUSPENSION') = (display_name is not null)),
    CONSTRAINT content_while_open CHECK ((kind <> 'SUSPENSION' and state = 'OPEN') = (content is not null)),
    CONSTRAINT nothing_kept_of_content CHECK (kind = 'SUSPENSION' or state = 'OPEN' or num_nonnulls(reason, words) = 0)
);
CREATE INDEX street_appeal_by_district ON tenant.street_appeal (district_id, state, due_at, id);
CREATE INDEX street_appeal_of_member ON tenant.street_appeal (community_id, member_id, id);
CREATE UNIQUE INDEX street_appeal_one_open ON tenant.street_appeal (community_id, member_id) WHERE state = 'OPEN' and kind = 'SUSPENSION';

ALTER TABLE tenant.member_record ADD COLUMN suspended_by UUID;
ALTER TABLE tenant.member_record ADD COLUMN suspension_appeal_id UUID;
ALTER TABLE tenant.member_record ADD CONSTRAINT record_of_appeal FOREIGN KEY(community_id, suspension_appeal_id) REFERENCES tenant.street_appeal (community_id, id);

ALTER TABLE tenant.moderation_case ADD COLUMN appeal_due_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE tenant.moderation_case ADD COLUMN street_appeal_id UUID;
ALTER TABLE tenant.moderation_case ADD CONSTRAINT moderation_case_at_street FOREIGN KEY(community_id, street_appeal_id) REFERENCES tenant.street_appeal (community_id, id);
ALTER TABLE tenant.moderation_case ADD CONSTRAINT appealed_before_the_street CHECK (street_appeal_id is null or state in ('APPEALED', 'UPHELD', 'RESTORED'));
CREATE UNIQUE INDEX moderation_case_by_street_appeal ON tenant.moderation_case (community_id, street_appeal_id) WHERE street_appeal_id is not null;

ALTER TABLE tenant.member ADD COLUMN left_at TIMESTAMP WITH TIME ZONE;
"""
# When earlier members left was not recorded: their retention time begins now.
LEFT = """
alter table tenant.member no force row level security;
update tenant.member set left_at = now() where state = 'MOVED_OUT';
alter table tenant.member force row level security;
alter table tenant.member add constraint left_when check ((state = 'MOVED_OUT') = (left_at is not null));
"""


def upgrade() -> None:
    """Create the table, its row security policies, and the columns for it."""
    op.execute(TABLES)
    op.execute(LEFT)
    wall("tenant.street_appeal", app="select, insert, update", district=True)


def downgrade() -> None:
    """Drop the table and the columns."""
    op.execute("alter table tenant.member drop constraint left_when, drop column left_at")
    op.execute("drop index tenant.moderation_case_by_street_appeal")
    op.execute(
        "alter table tenant.moderation_case drop constraint appealed_before_the_street, "
        "drop constraint moderation_case_at_street, drop column street_appeal_id, "
        "drop column appeal_due_at"
    )
    op.execute(
        "alter table tenant.member_record drop constraint record_of_appeal, "
        "drop column suspension_appeal_id, drop column suspended_by"
    )
    op.execute("drop table tenant.street_appeal")
