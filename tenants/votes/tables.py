"""These tables keep votes: the question, the roll of voters, the ballots, and what was counted.

A POLL asks neighbours and decides nothing; a DECISION is one matter of a meeting, decided under a
dated rule set. Both have a roll, frozen when the vote opens, one live ballot for each voter, and a
result that nobody reads before it is published.
"""

import sqlalchemy as sa

from tenants.boards.tables import boards
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
from tenants.votes.ballots import Method
from tenants.votes.meetings import meetings, rolls
from tenants.votes.rules import Seat
from tenants.words import Words, word

QUESTION_LENGTH = 200
DETAILS_LENGTH = 5000
OPTION_LENGTH = 100
REASON_LENGTH = 500
MOST_OPTIONS = 20
MOST_MATTERS = 20


class VoteTrack(Words):
    """投票或为征询，或为表决。A vote is a poll or a decision."""

    POLL = word("意见征询，不具约束力", "It is a question to neighbours, which decides nothing")
    DECISION = word("会议表决事项", "It is a matter of a meeting, decided by its rule set")


class VoteSecrecy(Words):
    """它规定谁知道每个人怎么投。It says who learns how somebody voted."""

    RECORDED = word("记名投票", "It is by name, and the list is published with the result")
    SECRET = word(
        "秘密投票，选票在手机上封好，由三位监票人中的两位先后开封",
        "It is secret: ballots are sealed on the voter's device and opened by two of three scrutineers",
    )


class VoteState(Words):
    """投票依次经过这些状态；征询以截止告终，表决以结果生效告终。
    A vote goes through these states; a poll ends with its close, a decision when it is final.
    """

    DRAFT = word("未开始", "It is drafted or scheduled and not open yet")
    NOTICED = word("已公告，名册可提异议", "It is announced, and the roll may be objected to")
    OPEN = word("投票中", "It is open for ballots")
    CLOSED = word("已截止", "It is closed for ballots; a poll ends so, with its result published")
    COUNTING = word(
        "已截止，监票人正在开票", "It is closed, and the scrutineers open the secret ballots"
    )
    TALLIED = word("已计票，待确认公布", "It is counted and waits to be certified and published")
    PUBLISHED = word("结果已公布，可提异议", "The result is published, and it may be objected to")
    FINAL = word("结果已生效", "The objection period is over")
    VOID = word("已作废，不算数", "It is void and decides nothing, whatever was counted")
    ANNULLED = word("法院已撤销", "A court annulled it")
    ORDERED_TO_CORRECT = word("已责令改正", "The district or street ordered a correction")
    REVOKED = word("已被上级会议撤销", "The meeting that may do so revoked it")


class VoteAction(Words):
    """投票经过这些步骤。These steps are taken in a vote."""

    STARTED = word("发起意见征询", "A poll was started")
    MATTER_ADDED = word("列入会议议题", "A matter was put on the agenda of a meeting")
    NOTICED = word("公告", "It was announced with its roll")
    KEYS_SHOWN = word("监票人出示密钥", "A scrutineer showed the keys")
    ALARMED = word("监票人未到位", "Scrutineers are missing: too few have shown their keys")
    OPENED = word("投票开始", "It opened, and the roll is frozen")
    REMINDED = word("提醒尚未投票的人", "Who had not voted was to be reminded")
    EXTENDED = word("延期", "Its close was put off, as its notice said")
    CLOSED = word("投票截止", "It closed")
    TALLIED = word("计票", "The ballots were counted")
    COUNTED = word("监票人开票完毕", "Two scrutineers opened it, and it was counted")
    PUBLISHED = word("确认并公布结果", "The result was certified and published")
    CERTIFIED = word("一个席位确认计票", "A seat certified the count, and another one is to")
    FINALISED = word("异议期满，结果生效", "The objection period ended")
    LAPSED = word("未能举行", "It did not take place: keys or voters were missing")
    VOIDED = word("作废", "It was voided")
    OVERTURNED = word("结果被撤销或责令改正", "The result was overturned")


votes = sa.Table(
    "vote",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("district_id", sa.Integer(), nullable=False),
    sa.Column("track", sa.Text(), nullable=False),
    sa.Column("board_id", UUID),
    sa.Column("meeting_id", UUID),
    sa.Column("matter", sa.Text()),
    sa.Column("roll_id", UUID, nullable=False),
    member("author_id"),
    text("question", QUESTION_LENGTH),
    text("details", DETAILS_LENGTH, nullable=True),
    sa.Column("method", sa.Text(), nullable=False),
    sa.Column("options", sa.Integer(), nullable=False),
    # how many options a ballot marks, and how many can win
    sa.Column("least", sa.Integer(), nullable=False),
    sa.Column("most", sa.Integer(), nullable=False),
    sa.Column("seats", sa.Integer(), nullable=False),
    # the option that refuses all others, which never wins
    sa.Column("none_of_these", sa.Integer()),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("opens_at", TIME, nullable=False),
    sa.Column("closes_at", TIME, nullable=False),
    # when the system acts next
    sa.Column("next_at", TIME),
    # of a decision: who counted it, who certified the count in the last seat, and until when it may be
    # objected to
    sa.Column("tallied_at", TIME),
    member("tallied_by", nullable=True),
    sa.Column("published_at", TIME),
    member("certified_by", nullable=True),
    sa.Column("objections_until", TIME),
    sa.Column("open_objections", sa.Integer(), nullable=False),
    text("overturned_why", REASON_LENGTH, nullable=True),
    text("void_reason", REASON_LENGTH, nullable=True),
    member("voided_by", nullable=True),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Column("secrecy", sa.Text(), nullable=False),
    # how many scrutineers of a secret vote have shown their keys
    sa.Column("keys_shown", sa.Integer(), nullable=False),
    # of owners' matters: the buildings whose owners alone decide it, as they were written
    sa.Column("buildings", TEXTS),
    # by which authorisation representatives decide it, where they need one
    sa.Column("authorisation_id", UUID),
    # the seats that certify the count (tenants.votes.rules)
    sa.Column("certifiers", TEXTS),
    sa.Column("reminded_at", TIME),
    # how many scrutineers have shown their keys again before the close, and since when too few have
    sa.Column("answering", sa.Integer(), nullable=False),
    sa.Column("alarmed_at", TIME),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.ForeignKeyConstraint(
        ["community_id", "board_id"], [boards.c.community_id, boards.c.id], name="vote_on_board"
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "meeting_id"],
        [meetings.c.community_id, meetings.c.id],
        name="vote_of_meeting",
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "roll_id"], [rolls.c.community_id, rolls.c.id], name="vote_of_roll"
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "author_id"], [members.c.community_id, members.c.id], name="vote_author"
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "authorisation_id"],
        ["tenant.authorisation.community_id", "tenant.authorisation.id"],
        name="vote_authorised",
        use_alter=True,
    ),
    one_of("track", VoteTrack),
    one_of("secrecy", VoteSecrecy),
    one_of("method", Method),
    one_of("state", VoteState),
    length("question", QUESTION_LENGTH),
    length("details", DETAILS_LENGTH),
    length("void_reason", REASON_LENGTH),
    sa.CheckConstraint(
        f"options between 2 and {MOST_OPTIONS} and 1 <= least and least <= most and most <= options"
        " and seats between 1 and options",
        name="marks_and_seats",
    ),
    sa.CheckConstraint("created_at <= opens_at and opens_at < closes_at", name="opens_then_closes"),
    sa.CheckConstraint(
        "(track = 'POLL') = (board_id is not null) and "
        "(track = 'DECISION') = (meeting_id is not null and matter is not null)",
        name="poll_on_board_decision_of_meeting",
    ),
    sa.CheckConstraint(
        "track = 'DECISION' or state in ('DRAFT', 'OPEN', 'COUNTING', 'CLOSED', 'VOID')",
        name="poll_is_short",
    ),
    sa.CheckConstraint(
        "keys_shown between 0 and 3 and (secrecy = 'SECRET' or keys_shown = 0 and state <> 'COUNTING')"
        " and (secrecy = 'RECORDED' or keys_shown = 3 or state in ('DRAFT', 'NOTICED', 'VOID'))",
        name="secret_by_three_keys",
    ),
    sa.CheckConstraint(
        "authorisation_id is null or track = 'DECISION'", name="only_decisions_are_authorised"
    ),
    sa.CheckConstraint(
        "answering between 0 and keys_shown and (alarmed_at is null or secrecy = 'SECRET')",
        name="answering_with_keys",
    ),
    sa.CheckConstraint(
        "(state = 'VOID') = (void_reason is not null) and (state = 'VOID') = (voided_by is not null)",
        name="void_for_a_reason",
    ),
    sa.CheckConstraint(
        "(published_at is not null) = (state in ('PUBLISHED', 'FINAL', 'ANNULLED', "
        "'ORDERED_TO_CORRECT', 'REVOKED') or (track = 'POLL' and state = 'CLOSED')"
        " or (state = 'VOID' and certified_by is not null))",
        name="published_when",
    ),
    sa.CheckConstraint(
        "certifiers <@ array[{}]".format(", ".join(f"'{seat.value}'" for seat in Seat)),
        name="certifiers_known",
    ),
    sa.CheckConstraint(
        "(track = 'DECISION') = (certifiers is not null) and cardinality(certifiers) > 0",
        name="decisions_are_certified",
    ),
    sa.CheckConstraint(
        "certified_by <> tallied_by and (certified_by is null) = (objections_until is null)",
        name="certified_by_another",
    ),
    sa.CheckConstraint("open_objections >= 0", name="never_negative"),
    sa.CheckConstraint(
        "buildings is null or (track = 'DECISION' and cardinality(buildings) > 0)",
        name="some_buildings",
    ),
    sa.Index("vote_of_board", "community_id", "board_id", "id"),
    sa.Index("vote_of_meeting", "community_id", "meeting_id", "id"),
    sa.Index("vote_of_author", "community_id", "author_id", "state"),
    sa.Index(
        "vote_next", "community_id", "next_at", postgresql_where=sa.text("next_at is not null")
    ),
    schema="tenant",
    # every cast locks the row
    postgresql_with={"fillfactor": 50},
)

# What the clock and the scrutineers find votes by, from above; nothing of what is asked.
vote_dues = sa.Table(
    "vote_due",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("district_id", sa.Integer(), nullable=False),
    sa.Column("street_id", sa.Integer(), nullable=False),
    sa.Column("next_at", TIME),
    # its scrutineers are to show a key, or to open ballots
    sa.Column("scrutiny", sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.ForeignKeyConstraint(
        ["community_id", "id"], [votes.c.community_id, votes.c.id], name="due_of_vote"
    ),
    sa.Index(
        "vote_due_next", "district_id", "next_at", postgresql_where=sa.text("next_at is not null")
    ),
    sa.Index("vote_due_scrutiny", "district_id", postgresql_where=sa.text("scrutiny")),
    schema="tenant",
    postgresql_with={"fillfactor": 70},
)

vote_options = sa.Table(
    "vote_option",
    METADATA,
    tenant_column(),
    sa.Column("vote_id", UUID, nullable=False),
    sa.Column("place", sa.Integer(), nullable=False),
    text("label", OPTION_LENGTH),
    sa.PrimaryKeyConstraint("community_id", "vote_id", "place"),
    sa.ForeignKeyConstraint(
        ["community_id", "vote_id"], [votes.c.community_id, votes.c.id], name="option_of_vote"
    ),
    length("label", OPTION_LENGTH),
    schema="tenant",
)

# What happened to a vote, each step once: added to, never changed.
vote_events = sa.Table(
    "vote_event",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("vote_id", UUID, nullable=False),
    sa.Column("at", TIME, nullable=False),
    sa.Column("action", sa.Text(), nullable=False),
    member("actor_id"),
    text("words", REASON_LENGTH, nullable=True),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.ForeignKeyConstraint(
        ["community_id", "vote_id"], [votes.c.community_id, votes.c.id], name="event_of_vote"
    ),
    one_of("action", VoteAction),
    sa.Index("vote_event_of_vote", "community_id", "vote_id", "id"),
    schema="tenant",
)
