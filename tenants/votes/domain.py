"""What votes bring: polls, meetings that decide, and what opens and closes them."""

from tenants.domain import Domain, Export
from tenants.votes import confirmations as c
from tenants.votes import meetings as m
from tenants.votes import objections as o
from tenants.votes import policy, procedure
from tenants.votes import results as r
from tenants.votes import tables as t
from tenants.votes.secret import tables as s
from tenants.votes.service.clock import TIMED
from tenants.votes.service.meetings import MATTERS
from tenants.votes.service.polls import OPEN_POLLS

DOMAIN = Domain(
    name="votes",
    tables=(
        c.rule_confirmations,
        m.rolls,
        m.voters,
        m.meetings,
        m.attendances,
        t.votes,
        t.vote_dues,
        t.vote_options,
        r.vote_ballots,
        r.vote_tallies,
        r.vote_results,
        r.vote_comparisons,
        o.objections,
        s.scrutineers,
        s.statements,
        s.envelopes,
        s.openings,
        s.lists,
        t.vote_events,
    ),
    policies=(policy, procedure, c),
    procedures=(procedure.VOTES, procedure.MEETINGS, procedure.OBJECTIONS),
    quotas=(OPEN_POLLS, MATTERS),
    sweeps=(TIMED.clock,),
    keeps={
        c.rule_confirmations: "which officers confirmed a rule, by id",
        m.voters: "a roll stays as it was frozen, by id",
        m.meetings: "who prepared a meeting, by id",
        m.attendances: "who came is part of a result, by id",
        t.votes: "a question and its result stay, by whose id it was asked",
        r.vote_ballots: "a ballot that was cast stays counted, by id",
        o.objections: "an objection is part of a result, by id",
        s.scrutineers: "who kept a key of a vote is part of its notice, by name",
        s.envelopes: "a ballot that was cast stays counted, by id; nobody can open it",
        t.vote_events: "what became of a vote, by whom as an id",
    },
    export=Export(
        why={
            m.voters: "where they could vote",
            m.meetings: "prepared by them",
            m.attendances: "where they came",
            t.votes: "started or decided by them",
            r.vote_ballots: "what they cast",
            o.objections: "their objections",
            s.scrutineers: "votes whose keys they kept",
            s.envelopes: "that they cast a secret ballot, and its receipt",
            t.vote_events: "what became of their votes",
        },
        when_visible=frozenset({m.meetings, t.votes, t.vote_events}),
    ),
)
