"""These tables keep a district's categories, and dated time limits and support goals of petitions.

Time limits and goals are dated rows with their source, never constants: a changed law is a new row,
and a petition keeps the row that was valid when it was submitted. `is_confirmed` says whether the
text of the source was read; an unconfirmed row is shown as such, and an unconfirmed goal triggers
nothing.
"""

import sqlalchemy as sa

from tenants.columns import METADATA, TIME, UUID, length, one_of, text
from tenants.places.tables import CommunityKind, districts
from tenants.words import Words, word

CATEGORY_LENGTH, SOURCE_LENGTH, EFFECT_LENGTH = 30, 300, 200
CALLED = (
    "RESIDENTS_MEETING", "RESIDENT_REPRESENTATIVES", "VILLAGERS_MEETING", "VILLAGER_REPRESENTATIVES",
    "OWNERS_ASSEMBLY",
)  # fmt: skip


class Urgency(Words):
    """越紧急的诉求，期限越短。The more urgent a petition is, the shorter are its limits."""

    CRITICAL = word("特急", "It is critical")
    URGENT = word("紧急", "It is urgent")
    NORMAL = word("一般", "It is of normal urgency")
    COMPLEX = word("复杂", "It is complex and gets more time")


class CategoryState(Words):
    """停用的分类只留给旧诉求。A retired category stays with old petitions only."""

    ACTIVE = word("在用", "New petitions may choose it")
    RETIRED = word("停用，旧诉求仍保留", "It is retired, and old petitions keep it")


class SupportBasis(Words):
    """联名按人、按户或按业主计数。A goal counts adults, households, representatives or owners."""

    ADULTS = word("按成年居民，每人一次", "Adults count, each once")
    HOUSEHOLDS = word("按户，每户一次", "Households count, each once")
    REPRESENTATIVES = word("按居民代表或村民代表，每人一次", "Representatives count, each once")
    OWNERS = word("按物业区域的业主，每位一次", "Owners count, each once")


# Two levels: a topic and a name within it. Never deleted: old petitions refer to them.
petition_categories = sa.Table(
    "petition_category",
    METADATA,
    sa.Column("district_id", sa.ForeignKey(districts.c.district_id), nullable=False),
    sa.Column("id", UUID, primary_key=True),
    text("topic", CATEGORY_LENGTH),
    text("name", CATEGORY_LENGTH),
    sa.Column("urgency", sa.Text(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.UniqueConstraint("district_id", "topic", "name"),
    one_of("urgency", Urgency),
    one_of("state", CategoryState),
    length("topic", CATEGORY_LENGTH),
    length("name", CATEGORY_LENGTH),
    schema="reference",
)

# Hours run round the clock; days are working days. Each time limit is one or the other.
time_limits = sa.Table(
    "time_limit",
    METADATA,
    sa.Column("urgency", sa.Text(), nullable=False),
    sa.Column("effective_from", TIME, nullable=False),
    sa.Column("effective_to", TIME),
    sa.Column("ack_hours", sa.Integer()),
    sa.Column("ack_days", sa.Integer()),
    sa.Column("resolve_hours", sa.Integer()),
    sa.Column("resolve_days", sa.Integer()),
    # after an acknowledgement is overdue, before the system escalates the petition
    sa.Column("rise_hours", sa.Integer(), nullable=False),
    text("source", SOURCE_LENGTH),
    sa.Column("is_confirmed", sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint("urgency", "effective_from"),
    one_of("urgency", Urgency),
    sa.CheckConstraint(
        "num_nonnulls(ack_hours, ack_days) = 1 and num_nonnulls(resolve_hours, resolve_days) = 1",
        name="hours_or_days",
    ),
    schema="reference",
)

# The share of all adults, households or representatives, by kind of community, and what must follow.
support_rules = sa.Table(
    "support_rule",
    METADATA,
    sa.Column("id", UUID, primary_key=True),
    sa.Column("community_kind", sa.Text(), nullable=False),
    sa.Column("basis", sa.Text(), nullable=False),
    sa.Column("numerator", sa.Integer(), nullable=False),
    sa.Column("denominator", sa.Integer(), nullable=False),
    text("effect", EFFECT_LENGTH),
    sa.Column("effective_from", TIME, nullable=False),
    sa.Column("effective_to", TIME),
    text("source", SOURCE_LENGTH),
    sa.Column("is_confirmed", sa.Boolean(), nullable=False),
    # the body whose meeting must be called then (tenants.votes.rules)
    sa.Column("body", sa.Text(), nullable=False),
    sa.UniqueConstraint("community_kind", "basis", "effect", "effective_from"),
    one_of("community_kind", CommunityKind),
    one_of("basis", SupportBasis),
    one_of("body", CALLED),
    sa.CheckConstraint("numerator > 0 and numerator <= denominator", name="a_share"),
    schema="reference",
)
