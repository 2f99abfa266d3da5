"""These tables keep the ballots of a vote, and its count with every comparison that led to its outcome."""

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
from tenants.votes.ballots import Unit
from tenants.votes.counting import Outcome
from tenants.votes.meetings import voters
from tenants.votes.tables import MOST_OPTIONS, votes
from tenants.votes.thresholds import Base
from tenants.words import Words, word

THRESHOLD_LENGTH = 20
COMPARISON_LENGTH = 500


class BallotChannel(Words):
    """选票以这种方式投出。The ballot was cast in this way."""

    ONLINE = word("本人线上投票", "It was cast online by the voter")
    PROXY = word(
        "受托人依书面委托投票", "It was cast by the holder of a written proxy, as instructed"
    )
    PAPER = word(
        "纸质票，一人录入、另一人复核",
        "It came on paper, and one person entered it and another confirmed it",
    )
    ASSISTED = word(
        "工作人员上门协助，一人录入、另一人复核",
        "The staff took it down at the voter's, and one person entered it and another confirmed it",
    )


# One live ballot for each voter of the roll, changed by its voter until the close, then never. The
# first cast and each change raise `version`.
vote_ballots = sa.Table(
    "vote_ballot",
    METADATA,
    tenant_column(),
    sa.Column("vote_id", UUID, nullable=False),
    sa.Column("roll_id", UUID, nullable=False),
    member("voter_id"),
    sa.Column("marks", NUMBERS, nullable=False),
    sa.Column("first_at", TIME, nullable=False),
    sa.Column("cast_at", TIME, nullable=False),
    sa.Column("channel", sa.Text(), nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    # who cast it online: the voter, who casts for a head, or the holder of a proxy
    member("cast_by", nullable=True),
    sa.PrimaryKeyConstraint("community_id", "vote_id", "voter_id"),
    sa.ForeignKeyConstraint(
        ["community_id", "vote_id"], [votes.c.community_id, votes.c.id], name="ballot_of_vote"
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "roll_id", "voter_id"],
        [voters.c.community_id, voters.c.roll_id, voters.c.voter_id],
        name="ballot_of_voter",
    ),
    one_of("channel", BallotChannel),
    sa.CheckConstraint(
        "(cast_by is not null) = (channel in ('ONLINE', 'PROXY'))", name="cast_or_entered"
    ),
    sa.CheckConstraint(f"cardinality(marks) between 2 and {MOST_OPTIONS}", name="marks_of_options"),
    schema="tenant",
    postgresql_with={"fillfactor": 60},
)

# What a count came to, in each unit; `votes` and `against` have one number for each option.
vote_tallies = sa.Table(
    "vote_tally",
    METADATA,
    tenant_column(),
    sa.Column("vote_id", UUID, nullable=False),
    sa.Column("unit", sa.Text(), nullable=False),
    sa.Column("eligible", sa.Integer(), nullable=False),
    # present at the sitting (`on_site`), and these together with who voted online
    sa.Column("attending", sa.Integer()),
    sa.Column("on_site", sa.Integer()),
    sa.Column("participating", sa.Integer(), nullable=False),
    sa.Column("votes", NUMBERS, nullable=False),
    sa.Column("against", NUMBERS, nullable=False),
    sa.Column("abstained", sa.Integer(), nullable=False),
    sa.Column("void", sa.Integer(), nullable=False),
    # those of them that came by another way than online by the voter
    sa.Column("by_proxy", sa.Integer(), nullable=False),
    sa.Column("on_paper", sa.Integer(), nullable=False),
    sa.Column("assisted", sa.Integer(), nullable=False),
    # who was served a ballot and returned none, whatever the owners' own rules make of it
    sa.Column("silent", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "vote_id", "unit"),
    sa.ForeignKeyConstraint(
        ["community_id", "vote_id"], [votes.c.community_id, votes.c.id], name="tally_of_vote"
    ),
    one_of("unit", Unit),
    schema="tenant",
)

# The outcome; `winners` are options by their place. `rounds` of a run-off: the votes of each option
# in each round, one round after the other.
vote_results = sa.Table(
    "vote_result",
    METADATA,
    tenant_column(),
    sa.Column("vote_id", UUID, nullable=False),
    sa.Column("outcome", sa.Text(), nullable=False),
    sa.Column("winners", NUMBERS, nullable=False),
    sa.Column("ballots", sa.Integer(), nullable=False),
    sa.Column("invalid", sa.Integer(), nullable=False),
    sa.Column("rounds", NUMBERS, nullable=False),
    sa.Column("counted_at", TIME, nullable=False),
    sa.PrimaryKeyConstraint("community_id", "vote_id"),
    sa.ForeignKeyConstraint(
        ["community_id", "vote_id"], [votes.c.community_id, votes.c.id], name="result_of_vote"
    ),
    one_of("outcome", Outcome),
    schema="tenant",
)

# Every comparison that led to the outcome of a decision, in the order in which they were made. `option`
# is null where it is the quorum; `share` is printed as the law words it.
vote_comparisons = sa.Table(
    "vote_comparison",
    METADATA,
    tenant_column(),
    sa.Column("vote_id", UUID, nullable=False),
    sa.Column("place", sa.Integer(), nullable=False),
    sa.Column("unit", sa.Text(), nullable=False),
    sa.Column("option", sa.Integer()),
    sa.Column("part", sa.Integer(), nullable=False),
    sa.Column("whole", sa.Integer(), nullable=False),
    sa.Column("base", sa.Text(), nullable=False),
    text("threshold", THRESHOLD_LENGTH),
    sa.Column("is_met", sa.Boolean(), nullable=False),
    text("words", COMPARISON_LENGTH),
    sa.PrimaryKeyConstraint("community_id", "vote_id", "place"),
    sa.ForeignKeyConstraint(
        ["community_id", "vote_id"], [votes.c.community_id, votes.c.id], name="comparison_of_vote"
    ),
    one_of("unit", Unit),
    one_of("base", Base),
    length("threshold", THRESHOLD_LENGTH),
    length("words", COMPARISON_LENGTH),
    schema="tenant",
)
