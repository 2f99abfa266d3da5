"""These tables keep meetings that decide: notice, roll, who came, and objections.

A meeting has several matters, each a vote of its own; roll, notice and attendance are the meeting's.
"""

import sqlalchemy as sa

from tenants.columns import (
    METADATA,
    TEXTS,
    TIME,
    UUID,
    length,
    member,
    one_of,
    tenant_column,
    text,
)
from tenants.membership.tables import members
from tenants.petitions.tables import petitions
from tenants.votes.ballots import Unit
from tenants.words import Words, word

TITLE_LENGTH = 100
AGENDA_LENGTH = 5000
PLACE_LENGTH = 100
RECORD_LENGTH = 500
REASON_LENGTH = 500


class MeetingState(Words):
    """会议先筹备，后公告。A meeting is drafted first and announced later."""

    DRAFT = word("筹备中", "It is in preparation")
    NOTICED = word("已公告", "It was announced, with its matters and its roll")
    CANCELLED = word("已取消", "It was cancelled before it was held")


class ObjectionKind(Words):
    """异议针对名册或结果。An objection is made to a roll or to a result."""

    ROLL = word("对名册的异议", "It is against the roll, before the vote opens")
    RESULT = word("对结果的异议", "It is against a result, once it is published")


class ObjectionState(Words):
    """异议待裁定，或已裁定。An objection is open or decided."""

    OPEN = word("待答复", "It waits for a decision")
    SUSTAINED = word("成立", "The objection was right")
    DISMISSED = word("不成立", "The objection was dismissed")


# A roll belongs to one poll, or to one meeting with all its matters. `units` is what its voters are
# counted in.
rolls = sa.Table(
    "vote_roll",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("units", TEXTS, nullable=False),
    sa.Column("voters", sa.Integer(), nullable=False),
    sa.Column("frozen_at", TIME),
    # of owners: all their areas, in 0.01 m²
    sa.Column("area", sa.Integer()),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.CheckConstraint("voters >= 0 and cardinality(units) > 0", name="roll_of_voters"),
    sa.CheckConstraint(
        "units <@ array[{}]".format(", ".join(f"'{unit.value}'" for unit in Unit)),
        name="units_known",
    ),
    schema="tenant",
)

# Who may vote. Nothing of casting is kept here. An entry is a person, or a head of owners with an area
# (tenants.owners.heads): `member_id` is who casts its ballot, of a head nobody before they are known,
# and `document` by which paper co-owners or a developer named them.
voters = sa.Table(
    "vote_voter",
    METADATA,
    tenant_column(),
    sa.Column("roll_id", UUID, nullable=False),
    member("voter_id"),
    member("member_id", nullable=True),
    sa.Column("area", sa.Integer()),
    text("document", RECORD_LENGTH, nullable=True),
    sa.PrimaryKeyConstraint("community_id", "roll_id", "voter_id"),
    sa.ForeignKeyConstraint(
        ["community_id", "roll_id"], [rolls.c.community_id, rolls.c.id], name="voter_of_roll"
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "member_id"],
        [members.c.community_id, members.c.id],
        name="voter_is_member",
    ),
    sa.CheckConstraint(
        "(area > 0) or (area is null and member_id = voter_id)", name="person_or_head"
    ),
    length("document", RECORD_LENGTH),
    sa.Index("vote_voter_member", "community_id", "roll_id", "member_id"),
    schema="tenant",
)

# `rule_code` and `rule_from` name the dated rule set (rules.toml) under which its matters are counted.
meetings = sa.Table(
    "meeting",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("rule_code", sa.Text(), nullable=False),
    sa.Column("rule_from", sa.Date(), nullable=False),
    text("title", TITLE_LENGTH),
    text("agenda", AGENDA_LENGTH, nullable=True),
    text("place", PLACE_LENGTH),
    sa.Column("held_at", TIME, nullable=False),
    sa.Column("opens_at", TIME, nullable=False),
    sa.Column("closes_at", TIME, nullable=False),
    sa.Column("roll_id", UUID, nullable=False),
    # the discussion by the Party organisation beforehand, where the law asks for it
    sa.Column("party_discussed_on", sa.Date()),
    text("party_record", RECORD_LENGTH, nullable=True),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    member("created_by"),
    sa.Column("noticed_at", TIME),
    member("noticed_by", nullable=True),
    text("cancel_reason", REASON_LENGTH, nullable=True),
    sa.Column("version", sa.Integer(), nullable=False),
    # the petition whose signers asked for it, where the committee had to call it
    sa.Column("petition_id", UUID),
    # until when its notice lets the votes be extended, and the one time that they were
    sa.Column("extends_until", TIME),
    sa.Column("extended_at", TIME),
    member("extended_by", nullable=True),
    text("extension_reason", REASON_LENGTH, nullable=True),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.ForeignKeyConstraint(
        ["community_id", "roll_id"], [rolls.c.community_id, rolls.c.id], name="meeting_of_roll"
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "petition_id"],
        [petitions.c.community_id, petitions.c.id],
        name="meeting_for_petition",
    ),
    one_of("state", MeetingState),
    length("title", TITLE_LENGTH),
    length("agenda", AGENDA_LENGTH),
    length("place", PLACE_LENGTH),
    length("party_record", RECORD_LENGTH),
    length("cancel_reason", REASON_LENGTH),
    length("extension_reason", REASON_LENGTH),
    sa.CheckConstraint(
        "closes_at <= extends_until and num_nonnulls(extended_at, extended_by, extension_reason) in "
        "(0, 3) and (extended_at is null or extends_until is not null)",
        name="extended_as_announced",
    ),
    sa.CheckConstraint(
        "opens_at < closes_at and held_at between opens_at and closes_at", name="held_while_open"
    ),
    sa.CheckConstraint(
        "(party_discussed_on is null) = (party_record is null)", name="party_record_with_its_day"
    ),
    sa.CheckConstraint(
        "(state <> 'NOTICED' or noticed_at is not null) and "
        "(state = 'CANCELLED') = (cancel_reason is not null)",
        name="noticed_or_cancelled",
    ),
    sa.Index(
        "meeting_of_petition",
        "community_id",
        "petition_id",
        unique=True,
        postgresql_where=sa.text("petition_id is not null and state <> 'CANCELLED'"),
    ),
    schema="tenant",
)

# Who came to the sitting (到会), entered by the staff.
attendances = sa.Table(
    "meeting_attendance",
    METADATA,
    tenant_column(),
    sa.Column("meeting_id", UUID, nullable=False),
    sa.Column("roll_id", UUID, nullable=False),
    member("voter_id"),
    member("entered_by"),
    sa.Column("entered_at", TIME, nullable=False),
    sa.PrimaryKeyConstraint("community_id", "meeting_id", "voter_id"),
    sa.ForeignKeyConstraint(
        ["community_id", "meeting_id"],
        [meetings.c.community_id, meetings.c.id],
        name="attendance_of_meeting",
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "roll_id", "voter_id"],
        [voters.c.community_id, voters.c.roll_id, voters.c.voter_id],
        name="attendance_of_voter",
    ),
    schema="tenant",
)
