"""These tables keep written proxies with their instructions, and papers that wait for a second person."""

import sqlalchemy as sa

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
from tenants.membership.tables import members
from tenants.votes.meetings import RECORD_LENGTH, meetings, voters
from tenants.votes.tables import MOST_OPTIONS, votes
from tenants.words import Words, word


class PaperChannel(Words):
    """居委录入的票或为纸质，或为上门协助。
    A ballot that the staff entered came on paper or was taken down at home.
    """

    PAPER = word("纸质票", "It came on paper")
    ASSISTED = word("上门协助", "It was taken down at the voter's")


def _of_entry(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["community_id", "roll_id", "voter_id"],
        [voters.c.community_id, voters.c.roll_id, voters.c.voter_id],
        name=name,
    )


# Who holds the proxy of an entry of a meeting's roll, by which paper: one at a time.
proxies = sa.Table(
    "vote_proxy",
    METADATA,
    tenant_column(),
    sa.Column("meeting_id", UUID, nullable=False),
    sa.Column("roll_id", UUID, nullable=False),
    member("voter_id"),
    member("holder_id"),
    text("document", RECORD_LENGTH),
    member("entered_by"),
    sa.Column("entered_at", TIME, nullable=False),
    sa.PrimaryKeyConstraint("community_id", "meeting_id", "voter_id"),
    sa.ForeignKeyConstraint(
        ["community_id", "meeting_id"],
        [meetings.c.community_id, meetings.c.id],
        name="proxy_of_meeting",
    ),
    _of_entry("proxy_of_entry"),
    sa.ForeignKeyConstraint(
        ["community_id", "holder_id"], [members.c.community_id, members.c.id], name="proxy_holder"
    ),
    length("document", RECORD_LENGTH),
    sa.Index("vote_proxy_of_holder", "community_id", "meeting_id", "holder_id"),
    schema="tenant",
)

# What the principal wants in each matter: the holder casts these marks and no others.
proxy_instructions = sa.Table(
    "proxy_instruction",
    METADATA,
    tenant_column(),
    sa.Column("vote_id", UUID, nullable=False),
    member("voter_id"),
    sa.Column("meeting_id", UUID, nullable=False),
    sa.Column("marks", NUMBERS, nullable=False),
    sa.PrimaryKeyConstraint("community_id", "vote_id", "voter_id"),
    sa.ForeignKeyConstraint(
        ["community_id", "meeting_id", "voter_id"],
        [proxies.c.community_id, proxies.c.meeting_id, proxies.c.voter_id],
        name="instruction_of_proxy",
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "vote_id"], [votes.c.community_id, votes.c.id], name="instruction_for_vote"
    ),
    sa.CheckConstraint(f"cardinality(marks) between 2 and {MOST_OPTIONS}", name="marks_of_options"),
    sa.Index("proxy_instruction_of_proxy", "community_id", "meeting_id", "voter_id"),
    schema="tenant",
)

# A paper as one person read it; it is a ballot once another has read the same. Marks are as they are
# on the paper: too many of them make it void when it is counted.
papers = sa.Table(
    "vote_paper",
    METADATA,
    tenant_column(),
    sa.Column("vote_id", UUID, nullable=False),
    sa.Column("roll_id", UUID, nullable=False),
    member("voter_id"),
    sa.Column("channel", sa.Text(), nullable=False),
    sa.Column("marks", NUMBERS, nullable=False),
    member("entered_by"),
    sa.Column("entered_at", TIME, nullable=False),
    member("confirmed_by", nullable=True),
    sa.Column("confirmed_at", TIME),
    sa.PrimaryKeyConstraint("community_id", "vote_id", "voter_id"),
    sa.ForeignKeyConstraint(
        ["community_id", "vote_id"], [votes.c.community_id, votes.c.id], name="paper_of_vote"
    ),
    _of_entry("paper_of_entry"),
    one_of("channel", PaperChannel),
    sa.CheckConstraint(f"cardinality(marks) between 2 and {MOST_OPTIONS}", name="marks_of_options"),
    sa.CheckConstraint(
        "(confirmed_by is null) = (confirmed_at is null) and confirmed_by <> entered_by",
        name="confirmed_by_another",
    ),
    schema="tenant",
)
