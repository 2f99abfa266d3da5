"""A notice may have an audience: these say whom it is for, and who acknowledged it."""

import sqlalchemy as sa

from tenants.boards.tables import posts, read_marks
from tenants.columns import IS_STAFF, METADATA, TENANT, TEXTS, UUID, VIEWER, tenant_column
from tenants.errors import Code
from tenants.membership.offices import Office
from tenants.membership.tables import households, member_records, members
from tenants.policy import PART, protect, rule
from tenants.scopes import Scope

MOST_BUILDINGS = 50
_KNOWN = ", ".join(f"'{each.value}'" for each in Office)

# Whom a notice is for: who lives in these buildings (as they were written, and in their normal form)
# and holds one of these offices; null asks for nothing. Everybody reads it: an audience says whom it
# concerns, and hides nothing.
notices = sa.Table(
    "notice",
    METADATA,
    tenant_column(),
    sa.Column("post_id", UUID, nullable=False),
    sa.Column("buildings", TEXTS),
    sa.Column("addresses", TEXTS),
    sa.Column("offices", TEXTS),
    sa.Column("asks_acknowledgement", sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "post_id"),
    sa.ForeignKeyConstraint(
        ["community_id", "post_id"], [posts.c.community_id, posts.c.id], name="notice_is_post"
    ),
    sa.CheckConstraint(
        f"cardinality(buildings) between 1 and {MOST_BUILDINGS} "
        "and (buildings is null) = (addresses is null)",
        name="some_buildings",
    ),
    sa.CheckConstraint(
        f"cardinality(offices) > 0 and offices <@ array[{_KNOWN}]", name="offices_known"
    ),
    sa.CheckConstraint(
        "num_nonnulls(buildings, offices) > 0 or asks_acknowledgement", name="says_something"
    ),
    schema="tenant",
)
protect(notices, PART, community=sa.true(), guest=sa.true(), app=sa.true(), inspector=sa.true())

_ONE = sa.literal_column("1")
# In any spelling of the building: by the household's address, or as the member's own row has it.
_LIVES_THERE = (members.c.building == sa.any_(notices.c.buildings)) | sa.exists(
    sa.select(_ONE)
    .select_from(
        member_records.join(
            households,
            (households.c.community_id == member_records.c.community_id)
            & (households.c.id == member_records.c.household_id),
        )
    )
    .where(
        member_records.c.community_id == TENANT,
        households.c.community_id == TENANT,
        member_records.c.id == members.c.id,
        sa.func.split_part(
            households.c.address, sa.literal_column("'/'"), sa.literal_column("1", sa.Integer())
        )
        == sa.any_(notices.c.addresses),
    )
    .correlate(members, notices)
)
IS_FOR_VIEWER = sa.exists(
    sa.select(_ONE)
    .where(
        members.c.community_id == TENANT,
        members.c.id == VIEWER,
        members.c.state == sa.literal_column("'ACTIVE'"),
        notices.c.offices.is_(None) | members.c.roles.overlap(notices.c.offices),
        notices.c.buildings.is_(None) | _LIVES_THERE,
    )
    .correlate(notices)
)
_ASKS_VIEWER = sa.exists(
    sa.select(_ONE).where(
        notices.c.community_id == TENANT,
        notices.c.post_id == posts.c.id,
        notices.c.asks_acknowledgement,
        IS_FOR_VIEWER,
    )
)
_HAS_ACKNOWLEDGED = sa.exists(
    sa.select(_ONE).where(
        read_marks.c.community_id == TENANT,
        read_marks.c.post_id == posts.c.id,
        read_marks.c.member_id == VIEWER,
        read_marks.c.acknowledged_at.is_not(None),
    )
)
ACKNOWLEDGE = rule(
    "acknowledgeNotice", Scope.BOARD_READ, posts,
    (Code.WRONG_STATE, posts.c.state != "PUBLISHED"),
    (Code.FORBIDDEN, ~_ASKS_VIEWER, "没有请您签收。You are not asked to acknowledge it."),
    (Code.ALREADY_DONE, _HAS_ACKNOWLEDGED, "您已签收。You have acknowledged it already."),
)  # fmt: skip
waits_for_acknowledgement = ACKNOWLEDGE.refusal_code().is_(None)
was_acknowledged = read_marks.c.acknowledged_at.is_not(None)
# By whom is for the staff, and for each their own.
is_acknowledgement_shown = was_acknowledged & (IS_STAFF | (read_marks.c.member_id == VIEWER))
