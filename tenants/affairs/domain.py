"""Open affairs bring items, questions, complaints, and the statutory calendar."""

from tenants.affairs import policy, procedure
from tenants.affairs import tables as t
from tenants.affairs.service.calendars import Calendar
from tenants.domain import Domain, Export

DOMAIN = Domain(
    name="affairs",
    tables=(t.obligations, t.open_affairs, t.affair_questions, t.affair_complaints),
    policies=(policy, procedure),
    procedures=(
        procedure.OBLIGATIONS,
        procedure.AFFAIRS,
        procedure.QUESTIONS,
        procedure.COMPLAINTS,
    ),
    sweeps=(*(each.clock for each in procedure.TIMED), Calendar.of),
    keeps={
        t.obligations: "who met what was owed, by id",
        t.open_affairs: "who entered and confirmed an item, by id",
        t.affair_questions: "what was asked in public stays, by id",
        t.affair_complaints: "what the street was told and decided stays, by id",
    },
    export=Export(
        why={
            t.obligations: "met by them",
            t.open_affairs: "entered or confirmed by them",
            t.affair_questions: "asked or answered by them",
            t.affair_complaints: "their complaints",
        },
        when_visible=frozenset({t.open_affairs}),
        in_office={t.affair_complaints: "kind title state decided_by decided_at decision_reason"},
    ),
)
