"""Votes bring polls, meetings that decide, and what opens and closes them."""

from tenants.domain import Domain, Export
from tenants.votes import assemblies as a
from tenants.votes import authorisations as u
from tenants.votes import calls, entries, policy, procedure
from tenants.votes import certifications as d
from tenants.votes import confirmations as c
from tenants.votes import households as h
from tenants.votes import meetings as m
from tenants.votes import objections as o
from tenants.votes import proxies as p
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
        a.assemblies,
        a.roll_parts,
        a.roll_owners,
        a.ballot_services,
        t.votes,
        u.authorisations,
        h.household_claims,
        h.household_rulings,
        t.vote_dues,
        t.vote_options,
        p.proxies,
        p.proxy_instructions,
        p.papers,
        r.vote_ballots,
        r.vote_tallies,
        r.vote_results,
        r.vote_comparisons,
        d.certifications,
        o.objections,
        s.scrutineers,
        s.statements,
        s.envelopes,
        s.openings,
        s.lists,
        t.vote_events,
    ),
    policies=(policy, procedure, entries, c, u, calls, h),
    procedures=(
        procedure.VOTES,
        procedure.MEETINGS,
        procedure.OBJECTIONS,
        u.AUTHORISATIONS,
    ),
    quotas=(OPEN_POLLS, MATTERS),
    sweeps=(TIMED.clock,),
    keeps={
        c.rule_confirmations: "which officers confirmed a rule, by id",
        m.voters: "a roll stays as it was frozen, by id",
        m.meetings: "who prepared a meeting, by id",
        m.attendances: "who came is part of a result, by id",
        a.ballot_services: "that a ballot was served is part of a result, by id",
        p.proxies: "a proxy is part of a result, by id",
        p.papers: "who read a paper is part of a result, by id",
        p.proxy_instructions: "what a proxy says is part of a result",
        a.roll_parts: "a roll stays as it was frozen",
        a.roll_owners: "a roll stays as it was frozen, under a masked name",
        h.household_claims: "who speaks for a household is part of a roll, by id",
        h.household_rulings: "whom the committee decided for, by id",
        u.authorisations: "who recorded what a meeting authorised, by id",
        t.votes: "a question and its result stay, by whose id it was asked",
        r.vote_ballots: "a ballot that was cast stays counted, by id",
        d.certifications: "who certified a count is part of a result, by id",
        a.assemblies: "who called owners together, by id",
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
            a.ballot_services: "served on them, or entered by them",
            p.proxies: "whose proxy they hold, or entered",
            p.papers: "their paper, or entered or confirmed by them",
            p.proxy_instructions: "what their proxy says",
            a.roll_parts: "what they vote for",
            a.roll_owners: "whom they cast for",
            h.household_claims: "whom they named, or who named them",
            h.household_rulings: "decided for them, or by them",
            u.authorisations: "recorded or revoked by them",
            t.votes: "started or decided by them",
            r.vote_ballots: "what they cast",
            d.certifications: "certified by them",
            a.assemblies: "called by them",
            o.objections: "their objections",
            s.scrutineers: "votes whose keys they kept",
            s.envelopes: "that they cast a secret ballot, and its receipt",
            t.vote_events: "what became of their votes",
        },
        about_viewer={
            table: policy.is_viewers_entry(table.c.roll_id, table.c.voter_id)
            for table in (a.ballot_services, a.roll_parts, a.roll_owners, p.proxies, p.papers)
        },
        when_visible=frozenset({p.proxies, m.meetings, t.votes, t.vote_events}),
    ),
)
