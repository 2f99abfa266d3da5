"""Topics bring the deliberation from a proposal to its outcome."""

from tenants.clock import Timed
from tenants.domain import Domain, Export
from tenants.topics import consultations as c
from tenants.topics import policy, procedure
from tenants.topics import tables as t
from tenants.topics.service.proposing import PROPOSED

# Above the community only the columns of what is due are readable.
TIMED = Timed(procedure.TOPICS, t.topics)

DOMAIN = Domain(
    name="topics",
    tables=(
        t.topics,
        t.topic_events,
        t.topic_supports,
        t.topic_contributions,
        t.topic_discussions,
        t.topic_evaluations,
        c.consultations,
        c.consultation_parties,
        c.resolutions,
    ),
    policies=(policy, procedure),
    procedures=(procedure.TOPICS, procedure.CONSULTATIONS),
    quotas=(PROPOSED,),
    sweeps=(TIMED.clock,),
    keeps={
        t.topics: "what was proposed stays, unsigned",
        t.topic_events: "what became of a topic, by whom as an id",
        t.topic_supports: "what was counted stays",
        t.topic_contributions: "what was said stays, unsigned",
        t.topic_discussions: "who entered a record, by id",
        t.topic_evaluations: "what was counted stays, unsigned",
        c.consultations: "minutes stay, by whose id they were entered",
        c.consultation_parties: "who came is part of the minutes, by id",
        c.resolutions: "who published a resolution, by id",
    },
    export=Export(
        why={
            t.topics: "proposed or screened by them",
            t.topic_events: "what became of their topics, and what they did",
            t.topic_supports: "what they support",
            t.topic_contributions: "written or answered by them",
            t.topic_discussions: "entered by them",
            t.topic_evaluations: "how they judged an outcome",
            c.consultations: "scheduled or recorded by them",
            c.consultation_parties: "where they were invited or came",
            c.resolutions: "published by them",
        },
    ),
)
