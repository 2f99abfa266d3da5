"""Pacts bring their making, suggestions, reviews and signatures, and what comes by the clock."""

from tenants.domain import Domain, Export
from tenants.pacts import policy, procedure
from tenants.pacts import tables as t
from tenants.pacts import versions as v
from tenants.pacts.events import pact_events
from tenants.pacts.matters import pact_votes
from tenants.pacts.service.clock import TIMED
from tenants.pacts.service.suggesting import OPEN_SUGGESTIONS
from tenants.pacts.signatures import pact_signatures
from tenants.pacts.submissions import pact_submissions, review_items
from tenants.pacts.suggestions import pact_suggestions

DOMAIN = Domain(
    name="pacts",
    tables=(
        t.pacts,
        t.pact_dues,
        v.draft_clauses,
        v.pact_versions,
        v.pact_clauses,
        v.pact_changes,
        pact_events,
        pact_suggestions,
        pact_submissions,
        review_items,
        pact_votes,
        pact_signatures,
    ),
    policies=(policy, procedure),
    procedures=(procedure.PACTS, procedure.SUGGESTIONS, procedure.SIGNATURES),
    quotas=(OPEN_SUGGESTIONS,),
    sweeps=(TIMED.clock,),
    keeps={
        t.pacts: "who prepared a pact, by id",
        v.pact_versions: "who published a text, by id",
        pact_events: "what became of a pact, by whom as an id",
        pact_suggestions: "what was suggested stays, unsigned",
        pact_submissions: "who handed a text to the street, by id",
        pact_votes: "who put a text to the vote, by id",
        pact_signatures: "a household signed, by whom as an id",
    },
    export=Export(
        why={
            t.pacts: "begun or ended by them",
            v.pact_versions: "published by them",
            pact_events: "what they did with pacts",
            pact_suggestions: "suggested or decided by them",
            pact_submissions: "handed in or answered by them",
            pact_votes: "put to the vote by them",
            pact_signatures: "signed, entered or confirmed by them",
        },
        when_visible=frozenset({pact_signatures}),
    ),
)
