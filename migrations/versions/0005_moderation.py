"""Create moderation cases and reports."""

from alembic import op

from migrations.walls import wall

revision = "0005"
down_revision = "0004"

TABLES = """
CREATE TABLE tenant.moderation_case (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    subject_id UUID NOT NULL,
    post_id UUID,
    comment_id UUID,
    author_id UUID NOT NULL,
    state TEXT NOT NULL,
    was_held BOOLEAN NOT NULL,
    report_count INTEGER NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_by UUID,
    decided_at TIMESTAMP WITH TIME ZONE,
    reason_code TEXT,
    reason TEXT,
    appeal TEXT,
    appealed_at TIMESTAMP WITH TIME ZONE,
    appeal_decided_by UUID,
    appeal_decided_at TIMESTAMP WITH TIME ZONE,
    appeal_reason TEXT,
    PRIMARY KEY (community_id, id),
    CONSTRAINT one_subject CHECK (num_nonnulls(post_id, comment_id) = 1 and subject_id = coalesce(post_id, comment_id)),
    CONSTRAINT moderation_case_post FOREIGN KEY(community_id, post_id) REFERENCES tenant.post (community_id, id),
    CONSTRAINT moderation_case_comment FOREIGN KEY(community_id, comment_id) REFERENCES tenant.comment (community_id, id),
    CONSTRAINT state_known CHECK (state in ('OPEN', 'KEPT', 'HIDDEN', 'APPEALED', 'UPHELD', 'RESTORED')),
    CONSTRAINT decided_by_someone CHECK (state = 'OPEN' or decided_by is not null),
    CONSTRAINT second_pair_of_eyes CHECK (appeal_decided_by is null or appeal_decided_by <> decided_by)
);
CREATE INDEX moderation_case_by_state ON tenant.moderation_case (community_id, state, id);
CREATE INDEX moderation_case_by_subject ON tenant.moderation_case (community_id, subject_id, id);
CREATE UNIQUE INDEX moderation_case_one_live ON tenant.moderation_case (community_id, subject_id) WHERE state in ('OPEN', 'HIDDEN', 'APPEALED', 'UPHELD');

CREATE TABLE tenant.report (
    community_id INTEGER NOT NULL,
    case_id UUID NOT NULL,
    reporter_id UUID NOT NULL,
    reason_code TEXT NOT NULL,
    note TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (community_id, case_id, reporter_id),
    CONSTRAINT report_case FOREIGN KEY(community_id, case_id) REFERENCES tenant.moderation_case (community_id, id),
    CONSTRAINT report_reporter FOREIGN KEY(community_id, reporter_id) REFERENCES tenant.member (community_id, id),
    CONSTRAINT reason_code_known CHECK (reason_code in ('ILLEGAL', 'ABUSE', 'PRIVACY', 'SPAM', 'FALSE_INFORMATION', 'OFF_TOPIC', 'OTHER'))
);
"""


def upgrade() -> None:
    """Create the tables and their row security policies."""
    op.execute(TABLES)
    wall("tenant.moderation_case", app="select, insert, update")
    wall("tenant.report", app="select, insert")


def downgrade() -> None:
    """Drop the tables."""
    op.execute("drop table tenant.report, tenant.moderation_case")
