"""These tables keep secret ballots as envelopes under their voters' names, and what is said and listed.

No choice, no hash of a choice and no id of an option of a secret vote is in any table before two
scrutineers have opened the ballots; then the lists hold choices without names.
"""

import sqlalchemy as sa

from tenants.columns import METADATA, TIME, UUID, length, member, one_of, tenant_column, text
from tenants.membership.tables import members
from tenants.votes.meetings import voters
from tenants.votes.sealing import SEALED_SIZE
from tenants.votes.secret.opening import KEY_BYTES, SIGNATURE_BYTES
from tenants.votes.tables import votes
from tenants.words import Words, word

NAME_LENGTH = 60
NOTICE_LENGTH = 20_000
RECEIPT_LENGTH = 200
# A secret vote has a scrutineer at each of these places.
PLACES = (1, 2, 3)


class Side(Words):
    """监票人代表其中一方。A scrutineer keeps a key on behalf of one of these sides."""

    COMMITTEE = word("居委", "The residents' committee chose the scrutineer")
    SUPERVISORS = word("居务监督", "The supervisors of the committee chose the scrutineer")
    RESIDENTS = word("居民", "The residents chose the scrutineer")
    STREET = word("街道", "The street chose the scrutineer")
    LAWYER = word("律师或公证", "The scrutineer is a lawyer or notary")
    PROGRAM = word("程序自动监票", "The scrutineer is a program, with nobody watching it")


class ListKind(Words):
    """A secret vote leaves this list behind."""

    URN = word("票箱", "The leaf of every sealed ballot, in the order of their bytes, joined")
    FILE = word("公布的文件", "The published file, gzipped; its lists name nobody")


def _of_vote(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["community_id", "vote_id"], [votes.c.community_id, votes.c.id], name=name
    )


def _size(column: str, size: int) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"octet_length({column}) = {size}", name=f"{column}_size")


# Who keeps a key of the vote. A program shows its keys by `identity`, the key by which this server
# knows it; a person is a member. Both keys are of this vote only.
scrutineers = sa.Table(
    "vote_scrutineer",
    METADATA,
    tenant_column(),
    sa.Column("vote_id", UUID, nullable=False),
    sa.Column("place", sa.Integer(), nullable=False),
    member("member_id", nullable=True),
    text("name", NAME_LENGTH),
    sa.Column("side", sa.Text(), nullable=False),
    sa.Column("identity", sa.LargeBinary()),
    sa.Column("seal_key", sa.LargeBinary()),
    sa.Column("sign_key", sa.LargeBinary()),
    # when they last showed that they hold the keys, and when they said that they destroyed them
    sa.Column("shown_at", TIME),
    sa.Column("destroyed_at", TIME),
    sa.PrimaryKeyConstraint("community_id", "vote_id", "place"),
    _of_vote("scrutineer_of_vote"),
    sa.ForeignKeyConstraint(
        ["community_id", "member_id"],
        [members.c.community_id, members.c.id],
        name="scrutineer_is_member",
    ),
    length("name", NAME_LENGTH),
    one_of("side", Side),
    sa.CheckConstraint("place between 1 and 3", name="one_of_three"),
    sa.CheckConstraint(
        "(side = 'PROGRAM') = (identity is not null) and (side = 'PROGRAM') = (member_id is null)",
        name="program_or_member",
    ),
    sa.CheckConstraint(
        "(seal_key is null) = (sign_key is null) and (seal_key is null) = (shown_at is null)"
        " and (destroyed_at is null or shown_at is not null)",
        name="keys_shown_together",
    ),
    _size("identity", KEY_BYTES),
    _size("seal_key", KEY_BYTES),
    _size("sign_key", KEY_BYTES),
    sa.UniqueConstraint("community_id", "vote_id", "member_id", name="one_place_a_member"),
    sa.UniqueConstraint("community_id", "vote_id", "identity", name="one_place_a_program"),
    sa.UniqueConstraint("community_id", "vote_id", "seal_key", name="one_place_a_key"),
    schema="tenant",
)

# What the server and the scrutineers said, in order; each names the SHA-256 of the one before.
statements = sa.Table(
    "vote_statement",
    METADATA,
    tenant_column(),
    sa.Column("vote_id", UUID, nullable=False),
    sa.Column("number", sa.Integer(), nullable=False),
    text("body", NOTICE_LENGTH),
    sa.Column("signature", sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "vote_id", "number"),
    _of_vote("statement_of_vote"),
    _size("signature", SIGNATURE_BYTES),
    # what a scrutineer says may list many boxes that did not open
    sa.CheckConstraint(f"number > 0 or char_length(body) <= {NOTICE_LENGTH}", name="notice_length"),
    schema="tenant",
)

# The one live envelope of each voter. `hash` is its name in receipts; `receipt` was signed for it.
# The sealed bytes go when the result is final.
envelopes = sa.Table(
    "vote_envelope",
    METADATA,
    tenant_column(),
    sa.Column("vote_id", UUID, nullable=False),
    sa.Column("roll_id", UUID, nullable=False),
    member("voter_id"),
    sa.Column("hash", sa.LargeBinary(), nullable=False),
    sa.Column("sealed", sa.LargeBinary()),
    sa.Column("first_at", TIME, nullable=False),
    sa.Column("cast_at", TIME, nullable=False),
    text("receipt", RECEIPT_LENGTH),
    sa.Column("signature", sa.LargeBinary(), nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "vote_id", "voter_id"),
    _of_vote("envelope_of_vote"),
    sa.ForeignKeyConstraint(
        ["community_id", "roll_id", "voter_id"],
        [voters.c.community_id, voters.c.roll_id, voters.c.voter_id],
        name="envelope_of_voter",
    ),
    # the same bytes twice would show who sent the copied ones
    sa.UniqueConstraint("community_id", "vote_id", "hash", name="envelope_is_nobody_elses"),
    _size("hash", 32),
    _size("sealed", SEALED_SIZE),
    _size("signature", SIGNATURE_BYTES),
    length("receipt", RECEIPT_LENGTH),
    schema="tenant",
    postgresql_with={"fillfactor": 60},
)

# What the first scrutineer of a pair handed on to the second: the boxes, sorted, and what was signed.
openings = sa.Table(
    "vote_opening",
    METADATA,
    tenant_column(),
    sa.Column("vote_id", UUID, nullable=False),
    sa.Column("first", sa.Integer(), nullable=False),
    sa.Column("second", sa.Integer(), nullable=False),
    sa.Column("body", sa.Text(), nullable=False),
    sa.Column("signature", sa.LargeBinary(), nullable=False),
    sa.Column("content", sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "vote_id", "first", "second"),
    _of_vote("opening_of_vote"),
    sa.CheckConstraint('1 <= "first" and "first" < "second" and "second" <= 3', name="a_pair"),
    _size("signature", SIGNATURE_BYTES),
    schema="tenant",
)

# What is published of a vote, or waits to be; it is written once.
lists = sa.Table(
    "vote_list",
    METADATA,
    tenant_column(),
    sa.Column("vote_id", UUID, nullable=False),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("content", sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "vote_id", "kind"),
    _of_vote("list_of_vote"),
    one_of("kind", ListKind),
    schema="tenant",
)
