"""Property areas (物业管理区域): the register of exclusive parts and their owners, and the owners' rules.

A register is what a roll is made of. It may change at any time; a roll that is frozen keeps what it
was made of.
"""

import sqlalchemy as sa

from tenants.columns import (
    METADATA,
    TIME,
    UUID,
    length,
    member,
    one_of,
    tenant_column,
    text,
)
from tenants.membership.tables import BUILDING_LENGTH, ROOM_LENGTH, members
from tenants.owners.words import AreaSource, OwnerKind, PartKind, Silence
from tenants.places.tables import communities

NAME_LENGTH = 60
DECISION_LENGTH = 200
NUMBER_LENGTH = 40
MOST_AREA = 100_000_00  # 0.01 m²: no part has more


property_areas = sa.Table(
    "property_area",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    text("name", NAME_LENGTH),
    sa.Column("created_at", TIME, nullable=False),
    member("created_by"),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.UniqueConstraint("community_id", "name"),
    sa.ForeignKeyConstraint(["community_id"], [communities.c.community_id]),
    length("name", NAME_LENGTH),
    schema="tenant",
)

# The owners' own rules from a day on, by which decision. Before the first the strict ones hold:
# silence is no part, no electronic form, and parking spaces do not count.
owners_rules = sa.Table(
    "owners_rules",
    METADATA,
    tenant_column(),
    sa.Column("area_id", UUID, nullable=False),
    sa.Column("effective_from", sa.Date(), nullable=False),
    sa.Column("silence", sa.Text(), nullable=False),
    sa.Column("admits_electronic", sa.Boolean(), nullable=False),
    sa.Column("counts_parking", sa.Boolean(), nullable=False),
    text("decision", DECISION_LENGTH),
    member("entered_by"),
    sa.Column("entered_at", TIME, nullable=False),
    sa.PrimaryKeyConstraint("community_id", "area_id", "effective_from"),
    sa.ForeignKeyConstraint(
        ["community_id", "area_id"],
        [property_areas.c.community_id, property_areas.c.id],
        name="rules_of_area",
    ),
    one_of("silence", Silence),
    length("decision", DECISION_LENGTH),
    schema="tenant",
)

# While the owners' committee changes its term (换届改选小组存续期间), it puts some matters to no vote.
elections = sa.Table(
    "owners_election",
    METADATA,
    tenant_column(),
    sa.Column("area_id", UUID, nullable=False),
    sa.Column("starts_on", sa.Date(), nullable=False),
    # null until the new committee is elected
    sa.Column("ends_on", sa.Date()),
    text("document", DECISION_LENGTH),
    member("entered_by"),
    sa.Column("entered_at", TIME, nullable=False),
    sa.PrimaryKeyConstraint("community_id", "area_id", "starts_on"),
    sa.ForeignKeyConstraint(
        ["community_id", "area_id"],
        [property_areas.c.community_id, property_areas.c.id],
        name="election_of_area",
    ),
    length("document", DECISION_LENGTH),
    sa.CheckConstraint("starts_on <= ends_on", name="ends_afterwards"),
    schema="tenant",
)

# An exclusive part (专有部分). `building` and `room` are as they were first entered; `address` is
# their normal form (tenants.addresses), its first half that of the building.
property_parts = sa.Table(
    "property_part",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("area_id", UUID, nullable=False),
    text("building", BUILDING_LENGTH),
    text("room", ROOM_LENGTH),
    sa.Column("address", sa.Text(), nullable=False),
    sa.Column("kind", sa.Text(), nullable=False),
    # in 0.01 m²
    sa.Column("area", sa.Integer(), nullable=False),
    sa.Column("area_source", sa.Text(), nullable=False),
    # the developer holds it: unsold, or sold and not delivered
    sa.Column("is_developers", sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.UniqueConstraint("community_id", "area_id", "address", name="property_part_by_address"),
    sa.ForeignKeyConstraint(
        ["community_id", "area_id"],
        [property_areas.c.community_id, property_areas.c.id],
        name="part_of_area",
    ),
    one_of("kind", PartKind),
    one_of("area_source", AreaSource),
    length("building", BUILDING_LENGTH),
    length("room", ROOM_LENGTH),
    sa.CheckConstraint(f"area between 1 and {MOST_AREA}", name="area_is_positive"),
    schema="tenant",
)

# An owner as the register numbers them: one number is one owner, however many parts they own. Of a
# person's name only the masked form is kept; `member_id` is the member who is this owner, or a
# company's agent.
property_owners = sa.Table(
    "property_owner",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("area_id", UUID, nullable=False),
    text("number", NUMBER_LENGTH),
    sa.Column("kind", sa.Text(), nullable=False),
    text("name", NAME_LENGTH),
    member("member_id", nullable=True),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.UniqueConstraint("community_id", "area_id", "number", name="property_owner_by_number"),
    sa.ForeignKeyConstraint(
        ["community_id", "area_id"],
        [property_areas.c.community_id, property_areas.c.id],
        name="owner_of_area",
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "member_id"], [members.c.community_id, members.c.id], name="owner_member"
    ),
    one_of("kind", OwnerKind),
    length("number", NUMBER_LENGTH),
    length("name", NAME_LENGTH),
    sa.Index("property_owner_member", "community_id", "member_id"),
    schema="tenant",
)

# Who owns a part; a share of each (按份共有), or none where they own it jointly (共同共有).
part_owners = sa.Table(
    "part_owner",
    METADATA,
    tenant_column(),
    sa.Column("part_id", UUID, nullable=False),
    sa.Column("owner_id", UUID, nullable=False),
    sa.Column("share_part", sa.Integer()),
    sa.Column("share_whole", sa.Integer()),
    sa.PrimaryKeyConstraint("community_id", "part_id", "owner_id"),
    sa.ForeignKeyConstraint(
        ["community_id", "part_id"],
        [property_parts.c.community_id, property_parts.c.id],
        name="owner_of_part",
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "owner_id"],
        [property_owners.c.community_id, property_owners.c.id],
        name="part_of_owner",
    ),
    sa.CheckConstraint(
        "(share_part is null) = (share_whole is null) and share_part between 1 and share_whole",
        name="a_share_of_the_whole",
    ),
    sa.Index("part_owner_of_owner", "community_id", "owner_id"),
    schema="tenant",
)
