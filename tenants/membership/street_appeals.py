"""A resident appeals to the street against a measure that was taken against them."""

import sqlalchemy as sa

from tenants.columns import (
    METADATA,
    TIME,
    UUID,
    belongs,
    member,
    officer,
    one_of,
    tenant_column,
    text,
)
from tenants.membership.tables import DISPLAY_NAME_LENGTH, NOTE_LENGTH, members
from tenants.words import Words, word

# The longest post: its title, an empty line and its body.
CONTENT_LENGTH = 80 + 2 + 2500
# Copied from hidden content, and erased when the appeal is decided or moot.
OF_CONTENT = ("content", "reason", "words")
# The time limit for the street, and for a secretary before it.
ANSWER_WORKING_DAYS = 3


class StreetAppealKind(Words):
    """向街镇的申诉针对暂停或隐藏。An appeal to the street is against a suspension or a hiding."""

    SUSPENSION = word("暂停成员资格", "It is against a suspension")
    HIDDEN_POST = word("隐藏帖子", "It is against the hiding of a post")
    HIDDEN_COMMENT = word("隐藏评论", "It is against the hiding of a comment")


class StreetAppealState(Words):
    """向街镇的申诉待裁定、已裁定，或因所针对的处理已结束而无须裁定。
    An appeal to the street is open or decided, or moot because what it was against ended first.
    """

    OPEN = word("待街镇裁定", "It waits for the street")
    LIFTED = word("已撤销原处理", "The street lifted what it was against")
    UPHELD = word("已维持原处理", "The street upheld what it was against")
    MOOT = word(
        "不再需要裁定：已恢复、期满、离开或删除",
        "It was over before anyone decided",
    )


# The street cannot read a community: it decides by what is copied here. Of hidden content that is
# only the text, not its author, and only until the decision. `acted_by` suspended or hid (null for
# a suspension older than this table); `decided_by` is an officer.
street_appeals = sa.Table(
    "street_appeal",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("district_id", sa.Integer(), nullable=False),
    sa.Column("street_id", sa.Integer(), nullable=False),
    member("member_id"),
    sa.Column("kind", sa.Text(), nullable=False),
    text("display_name", DISPLAY_NAME_LENGTH, nullable=True),
    sa.Column("suspended_until", TIME),
    text("content", CONTENT_LENGTH, nullable=True),
    sa.Column("acted_by", UUID),
    text("reason", NOTE_LENGTH, nullable=True),
    text("words", NOTE_LENGTH, nullable=True),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("due_at", TIME, nullable=False),
    officer("decided_by", nullable=True),
    sa.Column("decided_at", TIME),
    text("decision_reason", NOTE_LENGTH, nullable=True),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "id"),
    belongs("member_id", members, "street_appeal_of_member"),
    one_of("kind", StreetAppealKind),
    one_of("state", StreetAppealState),
    sa.CheckConstraint(
        "(state in ('LIFTED', 'UPHELD')) = (decided_by is not null)", name="decided_by_someone"
    ),
    sa.CheckConstraint("(state = 'OPEN') = (decided_at is null)", name="ended_when"),
    sa.CheckConstraint("state <> 'OPEN' or words is not null", name="open_with_words"),
    sa.CheckConstraint(
        "(kind = 'SUSPENSION') = (display_name is not null)", name="named_if_suspended"
    ),
    sa.CheckConstraint(
        "(kind <> 'SUSPENSION' and state = 'OPEN') = (content is not null)",
        name="content_while_open",
    ),
    sa.CheckConstraint(
        "kind = 'SUSPENSION' or state = 'OPEN' or num_nonnulls(reason, words) = 0",
        name="nothing_kept_of_content",
    ),
    # the officers' queue, the most urgent first; and a member's own appeals
    sa.Index("street_appeal_by_district", "district_id", "state", "due_at", "id"),
    sa.Index("street_appeal_of_member", "community_id", "member_id", "id"),
    sa.Index(
        "street_appeal_one_open",
        "community_id",
        "member_id",
        unique=True,
        postgresql_where=sa.text("state = 'OPEN' and kind = 'SUSPENSION'"),
    ),
    schema="tenant",
)
