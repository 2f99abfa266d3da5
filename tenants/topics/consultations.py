"""Consultations (协商) on a topic, who is invited and came, and the resolution that follows."""

import sqlalchemy as sa

from tenants.columns import METADATA, TEXTS, TIME, UUID, length, member, one_of, tenant_column, text
from tenants.membership.tables import members
from tenants.topics.tables import BODY_LENGTH, REASON_LENGTH, of_topic
from tenants.topics.words import ConsultationForm, ConsultationState, Execution, FollowUp
from tenants.votes.tables import votes

LOCATION_LENGTH, NAME_LENGTH, AGREEMENT_LENGTH = 100, 60, 500
MOST_INVITED, MOST_AGREEMENTS = 50, 20

consultations = sa.Table(
    "consultation",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("topic_id", UUID, nullable=False),
    sa.Column("form", sa.Text(), nullable=False),
    text("location", LOCATION_LENGTH),
    sa.Column("held_at", TIME, nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("scheduled_at", TIME, nullable=False),
    member("scheduled_by"),
    text("minutes", BODY_LENGTH, nullable=True),
    sa.Column("agreements", TEXTS, nullable=False),
    sa.Column("follow_up", sa.Text()),
    sa.Column("recorded_at", TIME),
    member("recorded_by", nullable=True),
    text("cancel_reason", REASON_LENGTH, nullable=True),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "id"),
    of_topic("consultation_on_topic"),
    one_of("form", ConsultationForm),
    one_of("state", ConsultationState),
    one_of("follow_up", FollowUp),
    length("location", LOCATION_LENGTH),
    length("minutes", BODY_LENGTH),
    length("cancel_reason", REASON_LENGTH),
    sa.CheckConstraint(
        "num_nonnulls(minutes, follow_up, recorded_at, recorded_by) "
        "= case when state = 'HELD' then 4 else 0 end and recorded_at >= held_at",
        name="held_with_minutes",
    ),
    sa.CheckConstraint(
        "state <> 'HELD' or (cardinality(agreements) = 0) = (follow_up = 'NO_AGREEMENT')",
        name="agreed_or_not",
    ),
    sa.CheckConstraint(
        "(state = 'CANCELLED') = (cancel_reason is not null)", name="cancelled_for_a_reason"
    ),
    sa.Index("consultation_of_topic", "community_id", "topic_id", "id"),
    schema="tenant",
)

# Who is invited to a consultation, or said that they come: a member, whose id is the party's, or
# somebody who is named, such as the property management.
consultation_parties = sa.Table(
    "consultation_party",
    METADATA,
    tenant_column(),
    sa.Column("consultation_id", UUID, nullable=False),
    sa.Column("party_id", UUID, nullable=False),
    member("member_id", nullable=True),
    text("name", NAME_LENGTH, nullable=True),
    sa.Column("is_invited", sa.Boolean(), nullable=False),
    sa.Column("attended", sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "consultation_id", "party_id"),
    sa.ForeignKeyConstraint(
        ["community_id", "consultation_id"],
        [consultations.c.community_id, consultations.c.id],
        name="party_of_consultation",
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "member_id"],
        [members.c.community_id, members.c.id],
        name="party_is_member",
    ),
    length("name", NAME_LENGTH),
    sa.CheckConstraint(
        "(member_id is null) = (name is not null) and member_id = party_id "
        "and (is_invited or member_id is not null)",
        name="member_or_named",
    ),
    schema="tenant",
)

# What was decided on a topic: by the agreement of a consultation, or by a vote of a meeting.
resolutions = sa.Table(
    "resolution",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("topic_id", UUID, nullable=False),
    sa.Column("consultation_id", UUID),
    sa.Column("vote_id", UUID),
    text("body", BODY_LENGTH),
    sa.Column("execution", sa.Text(), nullable=False),
    sa.Column("due_on", sa.Date(), nullable=False),
    sa.Column("published_at", TIME, nullable=False),
    member("published_by"),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.UniqueConstraint("community_id", "topic_id", name="resolution_once_of_topic"),
    of_topic("resolution_on_topic"),
    sa.ForeignKeyConstraint(
        ["community_id", "consultation_id"],
        [consultations.c.community_id, consultations.c.id],
        name="resolution_by_consultation",
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "vote_id"], [votes.c.community_id, votes.c.id], name="resolution_by_vote"
    ),
    sa.CheckConstraint("num_nonnulls(consultation_id, vote_id) = 1", name="agreed_or_voted"),
    one_of("execution", Execution),
    length("body", BODY_LENGTH),
    schema="tenant",
)
