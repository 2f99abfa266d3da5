"""These rules say who sees a vote, its roll, its ballots and its result."""

import sqlalchemy as sa

from tenants.columns import IS_AUDITOR, IS_SECRETARY, IS_STAFF, TENANT, VIEWER, among
from tenants.owners.tables import property_owners
from tenants.policy import PART, Condition, holds, protect
from tenants.scopes import Scope
from tenants.votes.assemblies import assemblies, ballot_services, roll_owners, roll_parts
from tenants.votes.certifications import certifications
from tenants.votes.meetings import attendances, meetings, rolls, voters
from tenants.votes.objections import objections
from tenants.votes.proxies import papers, proxies, proxy_instructions
from tenants.votes.results import vote_ballots, vote_comparisons, vote_results, vote_tallies
from tenants.votes.rules import Seat
from tenants.votes.secret.tables import envelopes, lists, openings, scrutineers, statements
from tenants.votes.tables import vote_dues, vote_events, vote_options, votes

_ONE = sa.literal_column("1")
IS_VOTE_AUTHOR = votes.c.author_id == VIEWER
IS_POLL = among(votes.c.track, "POLL")

# A draft is its author's and the staff's.
# The supervision committee sits in on meetings (城市法36、村法37): it sees what is prepared.
_SITS_IN = holds(Scope.AFFAIRS_CHECK)
_IS_SHOWN = (
    (votes.c.state != "DRAFT")
    | (IS_VOTE_AUTHOR & IS_POLL)
    | IS_STAFF
    | (_SITS_IN & among(votes.c.track, "DECISION"))
)
protect(votes, Scope.VOTE_READ, community=_IS_SHOWN)


def vote_is(vote_id: sa.ColumnElement[object], condition: Condition) -> Condition:
    """Return the condition that a row's vote, in this community, is such."""
    return sa.exists(
        sa.select(_ONE).where(votes.c.community_id == TENANT, votes.c.id == vote_id, condition)
    )


def _published(vote_id: sa.ColumnElement[object]) -> Condition:
    return vote_is(vote_id, votes.c.published_at.is_not(None))


# A meeting is everybody's from its notice on.
_IS_ANNOUNCED = (meetings.c.noticed_at.is_not(None)) | IS_STAFF | _SITS_IN
protect(meetings, Scope.VOTE_READ, community=_IS_ANNOUNCED)


def is_on(roll_id: sa.ColumnElement[object]) -> Condition:
    """Return the condition that the viewer is on a roll, or casts for a head that is."""
    return sa.exists(
        sa.select(_ONE).where(
            voters.c.community_id == TENANT,
            voters.c.roll_id == roll_id,
            voters.c.member_id == VIEWER,
        )
    )


def is_viewers_entry(
    roll_id: sa.ColumnElement[object], voter_id: sa.ColumnElement[object]
) -> Condition:
    """Return the condition that an entry of a roll is the viewer, or a head that they cast for."""
    return sa.exists(
        sa.select(_ONE).where(
            voters.c.community_id == TENANT,
            voters.c.roll_id == roll_id,
            voters.c.voter_id == voter_id,
            voters.c.member_id == VIEWER,
        )
    )


def _roll_is_published(roll_id: sa.ColumnElement[object]) -> Condition:
    """Return the condition that a roll is a meeting's, or of one of its matters, and announced."""
    of_meeting = sa.exists(
        sa.select(_ONE).where(
            meetings.c.community_id == TENANT, meetings.c.roll_id == roll_id, _IS_ANNOUNCED
        )
    )
    of_matter = sa.exists(
        sa.select(_ONE).where(
            votes.c.community_id == TENANT,
            votes.c.roll_id == roll_id,
            votes.c.buildings.is_not(None),
            _IS_SHOWN,
        )
    )
    return of_meeting | of_matter


# The roll of a meeting is published with its notice, to be objected to; of a poll's, a voter sees
# their own entry.
protect(rolls, PART, community=sa.true())
protect(
    voters,
    PART,
    community=(voters.c.member_id == VIEWER) | _roll_is_published(voters.c.roll_id),
)
for _of_roll in (roll_parts, roll_owners):
    protect(_of_roll, PART, community=_roll_is_published(_of_roll.c.roll_id))
protect(assemblies, PART, community=sa.true())
# Whom the staff served, and who gave a proxy or handed in a paper, is the staff's to know, who
# certifies, and the voter's.
_KEEPS = IS_STAFF | holds(Scope.VOTE_CERTIFY)
for _of_entry in (ballot_services, papers):
    protect(
        _of_entry,
        PART,
        community=_KEEPS | is_viewers_entry(_of_entry.c.roll_id, _of_entry.c.voter_id),
    )
_HOLDS = proxies.c.holder_id == VIEWER
protect(
    proxies,
    PART,
    community=_KEEPS | _HOLDS | is_viewers_entry(proxies.c.roll_id, proxies.c.voter_id),
)
protect(
    proxy_instructions,
    PART,
    community=sa.exists(
        sa.select(_ONE).where(
            proxies.c.community_id == TENANT,
            proxies.c.meeting_id == proxy_instructions.c.meeting_id,
            proxies.c.voter_id == proxy_instructions.c.voter_id,
            _HOLDS | is_viewers_entry(proxies.c.roll_id, proxies.c.voter_id),
        )
    ),
)
protect(attendances, PART, community=sa.true())
protect(vote_options, PART, community=vote_is(vote_options.c.vote_id, _IS_SHOWN))
protect(vote_events, PART, community=vote_is(vote_events.c.vote_id, _IS_SHOWN))
# Objections are decided in the open, as the roll and the result are.
protect(objections, Scope.VOTE_READ, community=sa.true())
# No number leaves before the result is published, on no path: a ballot is its voter's alone until
# then, and the list of all ballots is the proof afterwards. Only who may certify a count sees it
# before.
IS_OWN_BALLOT = (vote_ballots.c.cast_by == VIEWER) | is_viewers_entry(
    vote_ballots.c.roll_id, vote_ballots.c.voter_id
)
_HELD = {
    Seat.PARTY_SECRETARY: IS_SECRETARY,
    Seat.SUPERVISOR: IS_AUDITOR & ~IS_STAFF,
    Seat.COMMITTEE_MEMBER: IS_STAFF & ~IS_SECRETARY,
    Seat.ORGANISER: sa.exists(
        sa.select(_ONE).where(
            assemblies.c.community_id == TENANT,
            assemblies.c.meeting_id == votes.c.meeting_id,
            assemblies.c.organiser_id == VIEWER,
        )
    ),
}
_OF_COUNT = (certifications.c.community_id == TENANT) & (certifications.c.vote_id == votes.c.id)


def _is_seat(seat: Seat) -> Condition:
    """Return the condition that the viewer holds a seat, and the vote is certified by it."""
    named = sa.literal_column(f"'{seat.value}'", sa.Text()) == sa.any_(votes.c.certifiers)
    return named & _HELD[seat]


def _waits(seat: Seat) -> Condition:
    is_taken = among(certifications.c.seat, seat.value) | (certifications.c.certified_by == VIEWER)
    return ~sa.exists(sa.select(_ONE).where(_OF_COUNT, is_taken))


HOLDS_SEAT = sa.func.coalesce(sa.or_(*(_is_seat(seat) for seat in Seat)), sa.false())
# The seat in which the viewer certifies now: the first that they hold and nobody has certified in.
waiting_seat = sa.case(
    *(
        (_is_seat(seat) & _waits(seat), sa.literal_column(f"'{seat.value}'", sa.Text()))
        for seat in Seat
    )
)
# Whose seat nobody else holds: they leave the count to others.
IS_TO_CERTIFY = _is_seat(Seat.PARTY_SECRETARY) | _is_seat(Seat.ORGANISER)


def has_certified(vote_id: sa.ColumnElement[object]) -> Condition:
    """Return the condition that the viewer certified the count of a vote."""
    return sa.exists(
        sa.select(_ONE).where(
            certifications.c.community_id == TENANT,
            certifications.c.vote_id == vote_id,
            certifications.c.certified_by == VIEWER,
        )
    )


_CERTIFIES = HOLDS_SEAT & votes.c.tallied_by.is_distinct_from(VIEWER) & (votes.c.state == "TALLIED")
protect(
    vote_ballots,
    PART,
    community=IS_OWN_BALLOT | _published(vote_ballots.c.vote_id),
)
for _counted in (vote_results, vote_tallies, vote_comparisons, certifications):
    protect(
        _counted,
        PART,
        community=_published(_counted.c.vote_id) | vote_is(_counted.c.vote_id, _CERTIFIES),
    )
protect(vote_dues, PART)  # no field leads to it
# Of a secret vote everybody sees who keeps the keys, and the notice that the device seals to; of the
# envelopes, each voter their own receipt. No field leads to the sealed bytes, or to the lists: what
# is published of them is a file.
protect(scrutineers, PART, community=vote_is(scrutineers.c.vote_id, _IS_SHOWN))
_IS_NOTICE = statements.c.number == sa.literal_column("0")
protect(
    statements,
    PART,
    community=(_IS_NOTICE & vote_is(statements.c.vote_id, _IS_SHOWN))
    | _published(statements.c.vote_id),
)
protect(envelopes, PART, community=envelopes.c.voter_id == VIEWER)
protect(openings, PART)
protect(lists, PART)

IS_ON_ROLL = is_on(votes.c.roll_id)
IS_FROZEN = sa.exists(
    sa.select(_ONE).where(
        rolls.c.community_id == TENANT,
        rolls.c.id == meetings.c.roll_id,
        rolls.c.frozen_at.is_not(None),
    )
)
# Of three members, or of three programs, which are nobody.
IS_SCRUTINEER = sa.exists(
    sa.select(_ONE).where(
        scrutineers.c.community_id == TENANT,
        scrutineers.c.vote_id == votes.c.id,
        scrutineers.c.member_id == VIEWER,
    )
)
# Of owners' matters: who holds a proxy, and who owns together with somebody else who casts.
HOLDS_PROXY = sa.exists(
    sa.select(_ONE).where(
        proxies.c.community_id == TENANT, proxies.c.meeting_id == votes.c.meeting_id, _HOLDS
    )
)
IS_CO_OWNER = sa.exists(
    sa.select(_ONE).where(
        roll_owners.c.community_id == TENANT,
        roll_owners.c.roll_id == votes.c.roll_id,
        property_owners.c.community_id == TENANT,
        property_owners.c.id == roll_owners.c.owner_id,
        property_owners.c.member_id == VIEWER,
    )
)
IS_OF_OWNERS = sa.exists(
    sa.select(_ONE).where(
        assemblies.c.community_id == TENANT, assemblies.c.meeting_id == meetings.c.id
    )
)
IS_ON_PAPER_ONLY = sa.exists(
    sa.select(_ONE).where(
        assemblies.c.community_id == TENANT,
        assemblies.c.meeting_id == votes.c.meeting_id,
        ~assemblies.c.admits_electronic,
    )
)
