"""Owners' assemblies (业主大会): what their meetings and rolls have beyond those of persons.

An entry of their roll is a head: one owner, or owners who own together, with the parts that they vote
for. The roll keeps what the register said when it was made.
"""

import sqlalchemy as sa

from tenants.columns import METADATA, TIME, UUID, length, member, one_of, tenant_column, text
from tenants.membership.tables import BUILDING_LENGTH, ROOM_LENGTH, members
from tenants.owners.tables import DECISION_LENGTH, NAME_LENGTH, property_areas
from tenants.owners.words import Silence
from tenants.votes.meetings import RECORD_LENGTH, meetings, voters
from tenants.words import Words, word

MOST_PARTS = 200  # of one head that are shown


class ServiceWay(Words):
    """选票以这种方式送达。The ballot was served in this way."""

    IN_PERSON = word(
        "当面送达业主本人或共有人、代理人", "It was handed to an owner, or to who acts for one"
    )
    ELECTRONIC = word(
        "按业主约定的电子方式送达", "It was sent by electronic means that the owner agreed to"
    )
    POST = word("按业主登记的地址邮寄", "It was posted to the owner's registered address")
    POSTED_UP = word(
        "无法送达的，在物业区域内公告", "It was posted up in the area, where it could not be served"
    )


# A meeting of owners: of which area, and their own rules as they are in force when it opens. Without
# rules of their own `rules_from` is null.
assemblies = sa.Table(
    "owners_assembly",
    METADATA,
    tenant_column(),
    sa.Column("meeting_id", UUID, nullable=False),
    sa.Column("area_id", UUID, nullable=False),
    sa.Column("silence", sa.Text(), nullable=False),
    sa.Column("admits_electronic", sa.Boolean(), nullable=False),
    sa.Column("counts_parking", sa.Boolean(), nullable=False),
    sa.Column("rules_from", sa.Date()),
    text("rules_decision", DECISION_LENGTH, nullable=True),
    # who calls the owners together, for their committee or for the group that founds one
    member("organiser_id"),
    # a special meeting (临时会议), of which the residents' committee and the housing office are told in
    # writing: when, and by which letter
    sa.Column("is_special", sa.Boolean(), nullable=False),
    sa.Column("told_on", sa.Date()),
    text("told_by", RECORD_LENGTH, nullable=True),
    sa.PrimaryKeyConstraint("community_id", "meeting_id"),
    sa.ForeignKeyConstraint(
        ["community_id", "meeting_id"],
        [meetings.c.community_id, meetings.c.id],
        name="assembly_of_meeting",
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "area_id"],
        [property_areas.c.community_id, property_areas.c.id],
        name="assembly_of_area",
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "organiser_id"],
        [members.c.community_id, members.c.id],
        name="assembly_organiser",
    ),
    one_of("silence", Silence),
    length("told_by", RECORD_LENGTH),
    sa.CheckConstraint("(told_on is null) = (told_by is null)", name="told_by_a_letter"),
    sa.CheckConstraint(
        "(rules_from is null) = (rules_decision is null) and (rules_from is not null or "
        "(silence = 'NOTHING' and not admits_electronic and not counts_parking))",
        name="strict_without_rules",
    ),
    schema="tenant",
)


def _of_entry(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["community_id", "roll_id", "voter_id"],
        [voters.c.community_id, voters.c.roll_id, voters.c.voter_id],
        name=name,
    )


# The parts that a head votes for, and its owners: none where the developer holds the parts.
roll_parts = sa.Table(
    "roll_part",
    METADATA,
    tenant_column(),
    sa.Column("roll_id", UUID, nullable=False),
    member("voter_id"),
    sa.Column("part_id", UUID, nullable=False),
    text("building", BUILDING_LENGTH),
    text("room", ROOM_LENGTH),
    sa.Column("area", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "roll_id", "voter_id", "part_id"),
    _of_entry("part_of_entry"),
    sa.Index("roll_part_once", "community_id", "roll_id", "part_id", unique=True),
    sa.CheckConstraint("area > 0", name="area_is_positive"),
    schema="tenant",
)
roll_owners = sa.Table(
    "roll_owner",
    METADATA,
    tenant_column(),
    sa.Column("roll_id", UUID, nullable=False),
    member("voter_id"),
    sa.Column("owner_id", UUID, nullable=False),
    text("name", NAME_LENGTH),
    sa.PrimaryKeyConstraint("community_id", "roll_id", "voter_id", "owner_id"),
    _of_entry("owner_of_entry"),
    sa.Index("roll_owner_of_owner", "community_id", "owner_id", "roll_id"),
    schema="tenant",
)

# That a ballot was served on an entry of a meeting's roll: how, when, and who entered it.
ballot_services = sa.Table(
    "ballot_service",
    METADATA,
    tenant_column(),
    sa.Column("roll_id", UUID, nullable=False),
    member("voter_id"),
    sa.Column("way", sa.Text(), nullable=False),
    sa.Column("served_at", TIME, nullable=False),
    text("note", RECORD_LENGTH, nullable=True),
    member("entered_by"),
    sa.Column("entered_at", TIME, nullable=False),
    sa.PrimaryKeyConstraint("community_id", "roll_id", "voter_id"),
    _of_entry("service_of_entry"),
    one_of("way", ServiceWay),
    length("note", RECORD_LENGTH),
    sa.CheckConstraint("served_at <= entered_at", name="entered_afterwards"),
    schema="tenant",
)
