"""Petitions (诉求): the petition, its timeline, its supporters, and what is known of it above.

A desk is the office that has a petition at hand, as one number: 0 is the community's, a street's or
district's own number is theirs, and a department's number is negative. `desks` are those above the
community that the petition came to: they may see it, and no other place above may.
"""

import sqlalchemy as sa

from tenants.boards.tables import posts
from tenants.catalogue.tables import Urgency, petition_categories, support_rules
from tenants.columns import (
    METADATA,
    NUMBERS,
    TIME,
    UUID,
    belongs,
    length,
    member,
    one_of,
    tenant_column,
    text,
)
from tenants.membership.tables import members
from tenants.owners.tables import property_areas
from tenants.petitions.words import (
    OPEN,
    PAUSED,
    Addressee,
    EventAction,
    EventActor,
    Level,
    Outcome,
    PetitionKind,
    PetitionState,
    RefusalCode,
    Secrecy,
    Solved,
)
from tenants.places.tables import communities

TITLE_LENGTH, BODY_LENGTH, LOCATION_LENGTH, ANSWER_LENGTH = 100, 10_000, 200, 10_000
WORDS_LENGTH, ROUTE_LENGTH, SOURCE_LENGTH, SOURCE_ID_LENGTH = 1000, 200, 40, 64


def place() -> list[sa.Column[int]]:
    """Return the columns that say which district and street a row is of."""
    return [
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("street_id", sa.Integer(), nullable=False),
    ]


petitions = sa.Table(
    "petition",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    *place(),
    # null for an imported petition: its author is no member here
    member("author_id", nullable=True),
    text("source", SOURCE_LENGTH, nullable=True),
    text("source_id", SOURCE_ID_LENGTH, nullable=True),
    text("source_author", SOURCE_LENGTH, nullable=True),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("category_id", UUID, nullable=False),
    sa.Column("urgency", sa.Text(), nullable=False),
    text("title", TITLE_LENGTH),
    text("body", BODY_LENGTH),
    text("location", LOCATION_LENGTH, nullable=True),
    sa.Column("secrecy", sa.Text(), nullable=False),
    # whether neighbours may see it: not while its text waits for a review
    sa.Column("is_listed", sa.Boolean(), nullable=False),
    sa.Column("addressee", sa.Text(), nullable=False),
    # whether it was ever at the committee's desk: one that bypasses them may be about them
    sa.Column("is_at_community", sa.Boolean(), nullable=False),
    sa.Column("level", sa.Text(), nullable=False),
    sa.Column("desk", sa.Integer(), nullable=False),
    sa.Column("desks", NUMBERS, nullable=False),
    # the desk that dispatched it to this one and may dispatch it again; the desk whose objection
    # was decided already
    sa.Column("dispatched_from", sa.Integer()),
    sa.Column("disputed_desk", sa.Integer()),
    member("handler_id", nullable=True),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("is_open", sa.Boolean(), nullable=False),
    # the deadline that ends next, for people; and when the system must act next, if ever
    sa.Column("due_at", TIME, nullable=False),
    sa.Column("next_at", TIME),
    sa.Column("submitted_at", TIME, nullable=False),
    sa.Column("responded_at", TIME),
    sa.Column("ack_due_at", TIME, nullable=False),
    sa.Column("ack_overdue", sa.Boolean(), nullable=False),
    sa.Column("resolve_due_at", TIME, nullable=False),
    sa.Column("resolve_overdue", sa.Boolean(), nullable=False),
    sa.Column("rise_hours", sa.Integer(), nullable=False),
    sa.Column("paused_at", TIME),
    sa.Column("extended_at", TIME),
    text("extension_reason", WORDS_LENGTH, nullable=True),
    text("question", WORDS_LENGTH, nullable=True),
    sa.Column("refusal_code", sa.Text()),
    text("refusal_reason", WORDS_LENGTH, nullable=True),
    text("legal_route", ROUTE_LENGTH, nullable=True),
    text("answer", ANSWER_LENGTH, nullable=True),
    sa.Column("outcome", sa.Text()),
    sa.Column("planned_for", TIME),
    sa.Column("answered_at", TIME),
    member("answered_by", nullable=True),
    sa.Column("merged_into", UUID),
    sa.Column("callback_due_at", TIME),
    sa.Column("callback_until", TIME),
    sa.Column("reopen_count", sa.Integer(), nullable=False),
    sa.Column("review_requested_at", TIME),
    sa.Column("reviewed_at", TIME),
    sa.Column("review_upheld", sa.Boolean()),
    text("review_reason", WORDS_LENGTH, nullable=True),
    sa.Column("support_count", sa.Integer(), nullable=False),
    sa.Column("household_count", sa.Integer(), nullable=False),
    sa.Column("goal_rule_id", UUID),
    sa.Column("goal", sa.Integer()),
    sa.Column("goal_reached_at", TIME),
    sa.Column("version", sa.Integer(), nullable=False),
    # the post that it is about
    sa.Column("post_id", UUID),
    # whose owners it asks, where its goal counts these
    sa.Column("property_area_id", UUID),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.ForeignKeyConstraint(["community_id"], [communities.c.community_id]),
    belongs("author_id", members, "petition_author"),
    sa.ForeignKeyConstraint(
        ["community_id", "post_id"], [posts.c.community_id, posts.c.id], name="petition_of_post"
    ),
    sa.ForeignKeyConstraint(
        ["category_id"], [petition_categories.c.id], name="petition_in_category"
    ),
    sa.ForeignKeyConstraint(["goal_rule_id"], [support_rules.c.id], name="petition_with_goal"),
    sa.ForeignKeyConstraint(
        ["community_id", "merged_into"],
        ["tenant.petition.community_id", "tenant.petition.id"],
        name="petition_merged_into",
    ),
    one_of("kind", PetitionKind),
    one_of("urgency", Urgency),
    one_of("secrecy", Secrecy),
    one_of("addressee", Addressee),
    one_of("level", Level),
    one_of("state", PetitionState),
    one_of("outcome", Outcome),
    one_of("refusal_code", RefusalCode),
    length("title", TITLE_LENGTH),
    length("body", BODY_LENGTH),
    sa.CheckConstraint(
        "(author_id is null) = (source is not null) and (source is null) = (source_id is null)",
        name="written_or_imported",
    ),
    sa.CheckConstraint(
        f"is_open = (state in ({', '.join(repr(state) for state in OPEN)}))", name="open_by_state"
    ),
    sa.CheckConstraint("(state = 'MERGED') = (merged_into is not null)", name="merged_somewhere"),
    sa.CheckConstraint(
        "num_nonnulls(refusal_code, refusal_reason) in (0, 2) "
        "and (state = 'NOT_ACCEPTED') <= (refusal_code is not null)",
        name="refused_for_a_reason",
    ),
    sa.CheckConstraint(
        "num_nonnulls(answer, outcome, answered_at) in (0, 3) and "
        "(state in ('ANSWERED', 'CALLBACK')) <= (answer is not null)",
        name="answered_in_words",
    ),
    sa.CheckConstraint(
        "(outcome = 'PLANNED') <= (planned_for is not null)", name="planned_for_a_day"
    ),
    sa.CheckConstraint(
        f"(paused_at is not null) = (state in ({', '.join(repr(state) for state in PAUSED)}))",
        name="paused_by_state",
    ),
    sa.CheckConstraint("(level = 'COMMUNITY') = (desk = 0)", name="desk_of_level"),
    sa.CheckConstraint("desk = 0 or desk = any (desks)", name="seen_at_its_desk"),
    sa.CheckConstraint("is_at_community or desk <> 0", name="community_at_its_desk"),
    sa.CheckConstraint("reopen_count between 0 and 2", name="reopened_twice_at_most"),
    sa.CheckConstraint("support_count >= 0 and household_count >= 0", name="never_negative"),
    sa.CheckConstraint("(goal_rule_id is null) = (goal is null)", name="goal_by_a_rule"),
    sa.ForeignKeyConstraint(
        ["community_id", "property_area_id"],
        [property_areas.c.community_id, property_areas.c.id],
        name="petition_of_area",
    ),
    sa.CheckConstraint(
        "property_area_id is null or goal_rule_id is not null", name="owners_by_a_rule"
    ),
    sa.CheckConstraint("handler_id is null or desk = 0", name="handled_at_the_community"),
    # the queue of the staff, the most urgent first; the same for a desk above
    sa.Index("petition_by_urgency", "community_id", "desk", "is_open", "due_at", "id"),
    sa.Index("petition_by_desk", "district_id", "desk", "is_open", "due_at", "id"),
    sa.Index("petition_at_desk", "district_id", "desk", "id"),
    sa.Index("petition_of_author", "community_id", "author_id", "id"),
    # one petition for each id of a source, however often it is imported
    sa.Index(
        "petition_of_source",
        "community_id",
        "source",
        "source_id",
        unique=True,
        postgresql_where=sa.text("source is not null"),
    ),
    sa.Index(
        "petition_due",
        "community_id",
        "next_at",
        postgresql_where=sa.text("next_at is not null"),
    ),
    schema="tenant",
    postgresql_with={"fillfactor": 80},
    # a petition that a member handled is in their export as long as they may see it
)

# The timeline. A row is inserted, and later changed only in `desks` and in `seq`. `seq` is the
# place of its commit in the community's history (0 until the commit): a client reads what came
# after the last `seq` it has seen.
petition_events = sa.Table(
    "petition_event",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("petition_id", UUID, nullable=False),
    sa.Column("district_id", sa.Integer(), nullable=False),
    sa.Column("desks", NUMBERS, nullable=False),
    sa.Column("seq", sa.BigInteger(), nullable=False),
    sa.Column("at", TIME, nullable=False),
    sa.Column("action", sa.Text(), nullable=False),
    sa.Column("actor_kind", sa.Text(), nullable=False),
    member("actor_id"),
    # the petition's level, desk and state when this happened
    sa.Column("level", sa.Text(), nullable=False),
    sa.Column("desk", sa.Integer(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("is_public", sa.Boolean(), nullable=False),
    text("words", ANSWER_LENGTH, nullable=True),
    sa.PrimaryKeyConstraint("community_id", "id"),
    belongs("petition_id", petitions, "event_of_petition"),
    one_of("action", EventAction),
    one_of("actor_kind", EventActor),
    one_of("level", Level),
    one_of("state", PetitionState),
    sa.Index("petition_event_of_petition", "community_id", "petition_id", "id"),
    sa.Index("petition_event_by_commit", "community_id", "seq", "id"),
    schema="tenant",
)

petition_terms = sa.Table(
    "petition_term",
    METADATA,
    tenant_column(),
    sa.Column("term", sa.Text(collation="C"), nullable=False),
    sa.Column("petition_id", UUID, nullable=False),
    sa.PrimaryKeyConstraint("community_id", "term", "petition_id"),
    sa.Index("petition_term_of_petition", "community_id", "petition_id"),
    schema="tenant",
)

# An author's answers to a callback; the text they add is in the timeline.
petition_callbacks = sa.Table(
    "petition_callback",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("petition_id", UUID, nullable=False),
    *place(),
    sa.Column("category_id", UUID, nullable=False),
    sa.Column("level", sa.Text(), nullable=False),
    sa.Column("at", TIME, nullable=False),
    sa.Column("solved", sa.Text(), nullable=False),
    sa.Column("satisfaction", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "id"),
    belongs("petition_id", petitions, "callback_of_petition"),
    one_of("level", Level),
    one_of("solved", Solved),
    sa.CheckConstraint("satisfaction between 1 and 5", name="satisfaction_scale"),
    sa.Index("petition_callback_of_petition", "community_id", "petition_id", "id"),
    sa.Index("petition_callback_by_time", "community_id", "at"),
    schema="tenant",
)
