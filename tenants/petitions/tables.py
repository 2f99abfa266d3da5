"""Petitions (诉求): the petition, its timeline, its supporters, and what is known of it above.

A desk is the office that has a petition at hand, as one number: 0 is the community's, a street's or
district's own number is theirs, and a department's number is negative. `desks` are those above the
community that the petition came to: they may see it, and no other place above may.
"""

import sqlalchemy as sa

from tenants.catalogue.tables import Urgency, petition_categories, support_rules
from tenants.columns import (
    METADATA,
    NUMBERS,
    TIME,
    UUID,
    length,
    member,
    one_of,
    tenant_column,
    text,
)
from tenants.membership.tables import households, members
from tenants.places.tables import communities
from tenants.words import Words, word

TITLE_LENGTH, BODY_LENGTH, LOCATION_LENGTH, ANSWER_LENGTH = 100, 10_000, 200, 10_000
WORDS_LENGTH, ROUTE_LENGTH, SOURCE_LENGTH, SOURCE_ID_LENGTH = 1000, 200, 40, 64


class PetitionKind(Words):
    """What the petition asks for (北京市接诉即办工作条例, art. 2)."""

    CONSULTATION = word("咨询", "Advice")
    HELP = word("求助", "Help")
    COMPLAINT = word("投诉", "A remedy for a complaint")
    REPORT = word("举报", "That a wrong be looked into")
    SUGGESTION = word("建议", "That a suggestion be considered")


class Secrecy(Words):
    """Who may read it besides its author and the desks it comes to."""

    PUBLIC = word("公开", "Everybody in the community, guests too")
    MEMBERS = word("本社区成员", "Members of the community")
    PRIVATE = word("不公开，只有诉求人和办理台", "Its author and its desks alone")


class Addressee(Words):
    """Who it was sent to: the committee, or directly the street or a department."""

    COMMUNITY = word("居委", "The residents' committee")
    STREET = word("越级致街镇", "The street, past the committee")
    DEPARTMENT = word("越级致职能部门", "A department, past the committee")


class Level(Words):
    """The level that it has reached."""

    COMMUNITY = word("社区", "The community")
    STREET = word("街镇", "The street or town")
    DISTRICT = word("区", "The district")


class PetitionState(Words):
    """The state of a petition (domain.md §3.6)."""

    SUBMITTED = word("已提交，待办理台受理", "Sent; waits for its desk")
    RETURNED = word(
        "待诉求人补充，时限暂停", "Waits for more from its author; the clocks stand still"
    )
    NOT_ACCEPTED = word("不予受理", "Its desk did not take it on")
    MERGED = word("已并入另一诉求", "Merged into another petition")
    ACCEPTED = word("已受理", "Its desk took it on")
    ASSIGNED = word("已派单", "Assigned to a handler or a department")
    DISPUTED = word("派单有异议，时限暂停", "The assignment is disputed; the clocks stand still")
    IN_PROGRESS = word("办理中", "Being worked on")
    ESCALATED = word("已上报，待上级受理", "Went up a level; waits for the desk there")
    ANSWERED = word("已答复", "Answered by its desk")
    CALLBACK = word("回访中，待诉求人评价", "Its author is asked whether it is solved")
    CLOSED = word("已办结", "Closed")
    REVIEW_REQUESTED = word("复查中，由上一级决定", "The level above is asked to review the answer")
    WITHDRAWN = word("已撤回", "Withdrawn by its author")


WAITING = ("SUBMITTED", "ESCALATED")  # for the desk to acknowledge it
PAUSED = ("RETURNED", "DISPUTED")  # the deadlines are paused
OPEN = (*WAITING, *PAUSED, "ACCEPTED", "ASSIGNED", "IN_PROGRESS", "REVIEW_REQUESTED")


class Outcome(Words):
    """The result as the desk states it; only the author says whether it is solved."""

    SOLVED = word("已解决", "It is solved")
    PARTLY = word("部分解决", "It is solved in part")
    EXPLAINED = word("已解释", "It was explained")
    PLANNED = word("列入计划，有日期", "It is planned, with a date")
    REFERRED = word("转其他渠道", "It was referred to another channel")
    CANNOT = word("客观无法解决", "It cannot be solved")


class RefusalCode(Words):
    """Why it is not accepted; the first three are listed beside the rates (北京 art. 11)."""

    EMERGENCY = word("紧急事项，应拨 110、119、120", "It is an emergency: call 110, 119 or 120")
    OTHER_LEGAL_ROUTE = word("另有法定途径", "The law provides another route")
    NO_NEW_FACTS = word("没有新的事实", "There are no new facts")
    NOT_A_PETITION = word("不是诉求", "It asks for nothing")


class Solved(Words):
    """The author's answer to the callback (回访)."""

    YES = word("已解决", "It is solved")
    PARTLY = word("部分解决", "It is solved in part")
    NO = word("未解决", "It is not solved")


class EventAction(Words):
    """What happened to a petition."""

    SUBMITTED = word("提交", "It was submitted")
    INFORMATION_REQUESTED = word("要求补充", "Its desk asked for more information")
    RESUBMITTED = word("补充后再提交", "Its author sent more information")
    ACCEPTED = word("受理", "Its desk took it on")
    REFUSED = word("不予受理", "Its desk did not take it on")
    MERGED = word("并入另一诉求", "It was merged into another petition")
    TOOK_IN = word("并入了另一诉求", "Another petition was merged into it")
    ASSIGNED = word("派单", "It was assigned to a handler or department")
    DISPUTED = word("派单有异议", "Who it was assigned to disputes the assignment")
    STARTED = word("开始办理", "Work on it began")
    EXTENDED = word("延期", "Its limit was extended")
    ESCALATED = word("上报", "It went up a level")
    ANSWERED = word("答复", "Its desk answered")
    ASKED_BACK = word("系统回访", "The system asked its author whether it is solved")
    RATED = word("本人评价", "Its author said whether it is solved")
    CLOSED = word("办结", "It was closed")
    REOPENED = word("重新打开", "Its author opened it again")
    REVIEW_REQUESTED = word("申请复查", "Its author asked the level above for a review")
    REVIEWED = word("复查决定", "The level above decided the review")
    WITHDRAWN = word("撤回", "Its author withdrew it")
    NOTED = word("记录", "A note was added")
    ACK_OVERDUE = word("首次响应超时", "The limit for the first response passed")
    RESOLVE_OVERDUE = word("办结超时", "The limit for the answer passed")
    GOAL_REACHED = word("联名达到人数", "Enough residents signed it")
    SUPERVISED = word("被督办", "An order was issued about it")
    IMPORTED = word("由旧系统导入", "It was imported from another system")


class EventActor(Words):
    """The part in which a person acted; the system takes the steps that are due."""

    AUTHOR = word("诉求人", "Its author")
    DESK = word("办理台", "The desk that has it")
    SUPPORTER = word("联名人", "Somebody who signed it")
    SYSTEM = word("系统", "The system")


def _place() -> list[sa.Column[int]]:
    return [
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("street_id", sa.Integer(), nullable=False),
    ]


petitions = sa.Table(
    "petition",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    *_place(),
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
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.ForeignKeyConstraint(["community_id"], [communities.c.community_id]),
    sa.ForeignKeyConstraint(
        ["community_id", "author_id"],
        [members.c.community_id, members.c.id],
        name="petition_author",
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
    info={"told_when_visible": True},
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
    sa.ForeignKeyConstraint(
        ["community_id", "petition_id"],
        [petitions.c.community_id, petitions.c.id],
        name="event_of_petition",
    ),
    one_of("action", EventAction),
    one_of("actor_kind", EventActor),
    one_of("level", Level),
    one_of("state", PetitionState),
    sa.Index("petition_event_of_petition", "community_id", "petition_id", "id"),
    sa.Index("petition_event_by_commit", "community_id", "seq", "id"),
    schema="tenant",
    info={"told_when_visible": True},
)

petition_supports = sa.Table(
    "petition_support",
    METADATA,
    tenant_column(),
    sa.Column("petition_id", UUID, nullable=False),
    member("member_id"),
    sa.Column("household_id", UUID),
    sa.Column("supported_at", TIME, nullable=False),
    sa.Column("withdrawn_at", TIME),
    sa.PrimaryKeyConstraint("community_id", "petition_id", "member_id"),
    sa.ForeignKeyConstraint(
        ["community_id", "petition_id"],
        [petitions.c.community_id, petitions.c.id],
        name="support_of_petition",
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "member_id"],
        [members.c.community_id, members.c.id],
        name="support_of_member",
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "household_id"],
        [households.c.community_id, households.c.id],
        name="support_of_household",
    ),
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

# What the street and the district may know of every petition: its progress, never its text. `id` is
# the petition's; all columns but `first_ack_due_at` are copied on each change.
petition_facts = sa.Table(
    "petition_fact",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    *_place(),
    sa.Column("category_id", UUID, nullable=False),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("urgency", sa.Text(), nullable=False),
    sa.Column("level", sa.Text(), nullable=False),
    sa.Column("desk", sa.Integer(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("is_open", sa.Boolean(), nullable=False),
    sa.Column("is_imported", sa.Boolean(), nullable=False),
    sa.Column("submitted_at", TIME, nullable=False),
    sa.Column("first_ack_due_at", TIME, nullable=False),
    sa.Column("responded_at", TIME),
    sa.Column("resolve_due_at", TIME, nullable=False),
    sa.Column("ack_overdue", sa.Boolean(), nullable=False),
    sa.Column("resolve_overdue", sa.Boolean(), nullable=False),
    sa.Column("refusal_code", sa.Text()),
    sa.Column("next_at", TIME),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.ForeignKeyConstraint(
        ["community_id", "id"], [petitions.c.community_id, petitions.c.id], name="fact_of_petition"
    ),
    one_of("kind", PetitionKind),
    one_of("urgency", Urgency),
    one_of("level", Level),
    one_of("state", PetitionState),
    one_of("refusal_code", RefusalCode),
    # when the system must act next; what is overdue; whose first deadline was in a given month
    sa.Index(
        "petition_fact_due",
        "district_id",
        "next_at",
        postgresql_where=sa.text("next_at is not null"),
    ),
    sa.Index(
        "petition_fact_overdue", "district_id", "is_open", "resolve_overdue", "resolve_due_at", "id"
    ),
    sa.Index("petition_fact_by_ack", "community_id", "first_ack_due_at"),
    schema="tenant",
    postgresql_with={"fillfactor": 70},
)

# An author's answers to a callback; the text they add is in the timeline.
petition_callbacks = sa.Table(
    "petition_callback",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("petition_id", UUID, nullable=False),
    *_place(),
    sa.Column("category_id", UUID, nullable=False),
    sa.Column("level", sa.Text(), nullable=False),
    sa.Column("at", TIME, nullable=False),
    sa.Column("solved", sa.Text(), nullable=False),
    sa.Column("satisfaction", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.ForeignKeyConstraint(
        ["community_id", "petition_id"],
        [petitions.c.community_id, petitions.c.id],
        name="callback_of_petition",
    ),
    one_of("level", Level),
    one_of("solved", Solved),
    sa.CheckConstraint("satisfaction between 1 and 5", name="satisfaction_scale"),
    sa.Index("petition_callback_of_petition", "community_id", "petition_id", "id"),
    sa.Index("petition_callback_by_time", "community_id", "at"),
    schema="tenant",
)

# The population by a source other than our members: the base for a share of adults or households.
populations = sa.Table(
    "population",
    METADATA,
    tenant_column(),
    sa.Column("adults", sa.Integer(), nullable=False),
    sa.Column("households", sa.Integer(), nullable=False),
    text("source", ROUTE_LENGTH),
    sa.Column("recorded_at", TIME, nullable=False),
    member("recorded_by"),
    sa.PrimaryKeyConstraint("community_id"),
    sa.ForeignKeyConstraint(["community_id"], [communities.c.community_id]),
    sa.CheckConstraint("adults > 0 and households > 0", name="somebody_lives_there"),
    schema="tenant",
)

# Reusable answers of one desk: of a community's staff, where `desk` is 0, or of a desk above the
# communities, where `community_id` is 0.
answer_templates = sa.Table(
    "answer_template",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    text("name", TITLE_LENGTH),
    text("words", ANSWER_LENGTH),
    sa.Column("created_at", TIME, nullable=False),
    member("created_by"),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Column("district_id", sa.Integer()),
    sa.Column("desk", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.UniqueConstraint("community_id", "desk", "name"),
    sa.CheckConstraint(
        "(community_id = 0) = (desk <> 0) and (desk = 0) = (district_id is null)",
        name="of_one_desk",
    ),
    length("name", TITLE_LENGTH),
    length("words", ANSWER_LENGTH),
    schema="tenant",
)
