"""This is what petitions bring to the whole."""

from tenants.domain import Domain, Export
from tenants.petitions import policy, steps
from tenants.petitions import tables as t
from tenants.petitions.desks import answer_templates, populations
from tenants.petitions.facts import petition_facts
from tenants.petitions.owed import owed_meetings
from tenants.petitions.service.clock import TIMED
from tenants.petitions.service.forgetting import FORGET
from tenants.petitions.service.writing import OPEN_PETITIONS
from tenants.petitions.supports import petition_supports

DOMAIN = Domain(
    name="petitions",
    tables=(
        t.petitions,
        t.petition_events,
        petition_supports,
        t.petition_terms,
        petition_facts,
        owed_meetings,
        t.petition_callbacks,
        populations,
        answer_templates,
    ),
    policies=(policy, steps),
    procedures=(steps.PETITIONS,),
    narrows=(policy.NARROWS,),
    quotas=(OPEN_PETITIONS,),
    sweeps=(TIMED.clock,),
    erases=FORGET,
    keeps={
        t.petition_events: "what became of a letter, by whom as an id",
        populations: "who recorded a number, by id",
        answer_templates: "a desk's own words; who wrote them, by id",
    },
    export=Export(
        why={
            t.petitions: "their letters",
            t.petition_events: "what became of their letters",
            petition_supports: "what they supported",
            t.petition_callbacks: "how they judged an answer",
            populations: "recorded by them",
            answer_templates: "written by them for their desk",
        },
        when_visible=frozenset({t.petitions, t.petition_events}),
        withheld={
            t.petitions.c.source_author: (
                "what another system calls an author: an imported letter is nobody's here"
            ),
            t.petitions.c.source_id: "another system's number",
            t.petitions.c.goal_rule_id: "which rule of the law set the goal, for the machine",
        },
        named=frozenset({t.petition_events.c.actor_id}),
        about_viewer={t.petition_callbacks: policy.is_callback_to_viewer},
        in_office={t.petitions: "handler_id answer outcome planned_for answered_at answered_by"},
    ),
)
