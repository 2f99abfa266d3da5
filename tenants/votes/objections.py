"""These tables keep objections to the roll of a meeting and to a result."""

import sqlalchemy as sa

from tenants.columns import METADATA, TIME, UUID, length, member, one_of, tenant_column, text
from tenants.votes.meetings import ObjectionKind, ObjectionState, meetings
from tenants.votes.tables import REASON_LENGTH, votes
from tenants.words import Words, word


class ObjectionDecision(Words):
    """书记或监督委员这样裁定异议。The secretary or a supervisor decides an objection in this way."""

    SUSTAIN = word("成立", "The objection is right")
    DISMISS = word("不成立", "The objection is dismissed")


class OverturnedBy(Words):
    """已生效的结果以这种方式被推翻。A final decision was overturned in this way."""

    ANNULLED = word("法院撤销", "A court annulled it")
    ORDERED_TO_CORRECT = word("责令改正", "The district or street ordered a correction")
    REVOKED = word("有权的会议撤销", "The meeting that may do so revoked it")


# An objection of a member of the community: against the roll of a meeting, or against a result.
objections = sa.Table(
    "vote_objection",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("meeting_id", UUID, nullable=False),
    sa.Column("vote_id", UUID),
    member("author_id"),
    text("words", REASON_LENGTH),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("made_at", TIME, nullable=False),
    sa.Column("decided_at", TIME),
    member("decided_by", nullable=True),
    text("decision_reason", REASON_LENGTH, nullable=True),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.ForeignKeyConstraint(
        ["community_id", "meeting_id"],
        [meetings.c.community_id, meetings.c.id],
        name="objection_of_meeting",
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "vote_id"], [votes.c.community_id, votes.c.id], name="objection_of_vote"
    ),
    one_of("kind", ObjectionKind),
    one_of("state", ObjectionState),
    length("words", REASON_LENGTH),
    length("decision_reason", REASON_LENGTH),
    sa.CheckConstraint("(kind = 'RESULT') = (vote_id is not null)", name="against_a_result"),
    sa.CheckConstraint(
        "(state = 'OPEN') = (decided_at is null) and (state = 'OPEN') = (decision_reason is null)"
        " and decided_by <> author_id",
        name="decided_by_another",
    ),
    sa.Index("vote_objection_of_meeting", "community_id", "meeting_id", "id"),
    sa.Index("vote_objection_of_vote", "community_id", "vote_id", "id"),
    # one that waits, of each member and kind
    sa.Index(
        "vote_objection_open",
        "community_id",
        "meeting_id",
        "kind",
        "author_id",
        "vote_id",
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("state = 'OPEN'"),
    ),
    schema="tenant",
)
