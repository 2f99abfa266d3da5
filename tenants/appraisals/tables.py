"""These tables keep who was appraised, in which vote, and what came of it."""

import sqlalchemy as sa

from tenants.columns import METADATA, TIME, UUID, length, member, one_of, tenant_column, text
from tenants.membership.tables import DISPLAY_NAME_LENGTH, members
from tenants.votes.tables import votes
from tenants.words import Words, word


class AppraisalState(Words):
    """民主评议处于这些状态之一。An appraisal is in one of these states."""

    DRAFTED = word("已列入会议议题", "It is a matter of a meeting")
    PUBLISHED = word("结果已公布", "Its result is published")
    FAILED = word("未形成有效评议", "No valid appraisal came of it")


class Verdict(Words):
    """会议这样评价一名成员的履职。The meeting judges in this way how a member served."""

    FIT = word(
        "称职，到会过半数这样评", "The member is fit: more than half of those present say so"
    )
    UNFIT = word(
        "不称职：到会过半数评为不称职",
        "The member is unfit: more than half of those present say so",
    )
    NEITHER = word("两者都未过半数", "Neither has more than half")


# One matter of a meeting, in which those who attend judge each member of the committee.
appraisals = sa.Table(
    "appraisal",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("year", sa.Integer(), nullable=False),
    sa.Column("vote_id", UUID, nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("drafted_at", TIME, nullable=False),
    member("drafted_by"),
    sa.Column("ended_at", TIME),
    member("ended_by", nullable=True),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.UniqueConstraint("community_id", "vote_id", name="appraisal_of_one_vote"),
    sa.ForeignKeyConstraint(
        ["community_id", "vote_id"], [votes.c.community_id, votes.c.id], name="appraisal_by_vote"
    ),
    one_of("state", AppraisalState),
    sa.CheckConstraint(
        "(state = 'DRAFTED') = (ended_at is null) and (ended_at is null) = (ended_by is null)",
        name="ended_by_someone",
    ),
    schema="tenant",
)

# Who is judged, under the option of this place. `is_ended` says that a second verdict of unfit in a
# row ended the office.
appraised = sa.Table(
    "appraised",
    METADATA,
    tenant_column(),
    sa.Column("appraisal_id", UUID, nullable=False),
    sa.Column("place", sa.Integer(), nullable=False),
    member("member_id"),
    text("name", DISPLAY_NAME_LENGTH),
    sa.Column("verdict", sa.Text()),
    sa.Column("fit", sa.Integer()),
    sa.Column("unfit", sa.Integer()),
    sa.Column("is_ended", sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "appraisal_id", "place"),
    sa.ForeignKeyConstraint(
        ["community_id", "appraisal_id"],
        [appraisals.c.community_id, appraisals.c.id],
        name="appraised_in_appraisal",
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "member_id"],
        [members.c.community_id, members.c.id],
        name="appraised_is_member",
    ),
    one_of("verdict", Verdict),
    length("name", DISPLAY_NAME_LENGTH),
    sa.CheckConstraint(
        "(verdict is null) = (fit is null) and (verdict is null) = (unfit is null)",
        name="judged_by_number",
    ),
    sa.CheckConstraint("not is_ended or verdict = 'UNFIT'", name="ended_if_unfit"),
    sa.Index("appraised_member", "community_id", "member_id", "appraisal_id"),
    schema="tenant",
)
