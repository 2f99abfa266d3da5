"""A course of one petition says who takes each step, what they say, and what they choose."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from demo.here import Here
from demo.history import History
from demo.letters import Letter, words
from tenants.petitions import changes, steps
from tenants.petitions.facts import petition_facts
from tenants.petitions.following import COPIED, facts_of
from tenants.petitions.procedure import PETITIONS, RISE, SUBMITTED, TOOK_IN
from tenants.petitions.tables import petition_callbacks, petition_events
from tenants.petitions.words import Outcome, Solved
from tenants.procedure import Facts, Row, Step, Timer
from tenants.scopes import Role
from tenants.viewer import Viewer
from tenants.workdays import later_by_working_days

PLANNED_DAYS = 20


class Course:
    """It is a petition with its history; what falls due by itself happens between the steps."""

    def __init__(
        self, here: Here, chance: random.Random, letter: Letter, slots: dict[str, str]
    ) -> None:
        self.here = here
        self.chance = chance
        self.letter = letter
        self.slots = slots
        self.history = History(here.community_id, chance.getrandbits)

    def submit(
        self, at: datetime, author: UUID, secrecy: str, addressee: str, *,
        title: str = "{}", body: str = "",
    ) -> None:  # fmt: skip
        """Submit the letter; another petition about the same has a title and a body of its own."""
        here, letter = self.here, self.letter
        category = here.known.categories[letter.category]
        self.limit = here.known.limits[category["urgency"]]
        self.row = self.history.begin(
            SUBMITTED, at, here.member(author),
            **changes.received(here.place, category, self.limit, at), **self._desk(addressee),
            kind=letter.kind, title=title.format(letter.title.format(**self.slots)),
            body=body or letter.body.format(**self.slots),
            location=letter.location and letter.location.format(**self.slots),
            secrecy=secrecy, is_listed=secrecy == "PRIVATE" or self.chance.random() < 0.7,
            addressee=addressee,
        )  # fmt: skip
        self.facts = self.history.add(petition_facts, **facts_of(self.row))
        self.signers: dict[UUID, datetime] = {} if secrecy == "PRIVATE" else {author: at}

    def _desk(self, addressee: str) -> Row:
        match addressee:
            case "STREET":
                return changes.at_street(self.here.place)
            case "DEPARTMENT":
                return changes.at_department(self.department())
            case _:
                return changes.at_committee()

    @property
    def events(self) -> list[Row]:
        """Return the entries of its timeline so far."""
        return self.history.rows[petition_events]

    def until(self, at: datetime) -> list[Timer]:
        """Take what falls due by itself up to a time; return it."""
        return self.history.until(PETITIONS, self.row, at, {RISE: self._rises})

    def _rises(self, row: Row, at: datetime) -> Row:
        return changes.risen(row, self.limit, at)

    def act(self, name: str, at: datetime) -> None:
        """Take the step of this name."""
        act = ACTS[name]
        by, said = act.who(self), act.says(self)
        if act.step is steps.NOTE:
            self.history.note(steps.NOTE, self.row, at, by, said, **act.gives(self, at))
            return
        if act.step is steps.RECORD_CALLBACK:
            kept = changes.rated(self.row) | self.rating(unsolved=name == "complain")
            self.history.add(petition_callbacks, id=self.history.id(at), at=at, **kept)
        self.history.take(act.step, self.row, at, by, words=said, **act.gives(self, at))

    def merge_into(self, other: "Course", at: datetime) -> None:
        """Merge it into another petition, which its author signs."""
        by = self.here.secretary
        self.history.take(
            steps.MERGE, self.row, at, by, words=self.say("merged"), merged_into=other.row["id"]
        )
        other.history.note(TOOK_IN, other.row, at, by)
        other.signers.setdefault(self.row["author_id"], at)

    def settle(self) -> None:
        """Copy the petition to its facts and its desks to its timeline, as `follow` does."""
        self.facts |= {name: self.row[name] for name in COPIED}
        for event in self.events:
            event["desks"] = self.row["desks"]

    # --- what the acts ask for

    def author(self) -> Viewer:
        """Return its author."""
        return self.here.member(self.row["author_id"])

    def desk(self) -> Viewer:
        """Return who deals with it at its desk: at the committee its handler, or any of them."""
        if self.row["desk"]:
            return self.here.officer(self.row["desk"])
        handler = self.row["handler_id"] or self.chance.choice(self.here.committee)
        return self.here.member(handler, Role.COMMITTEE_MEMBER)

    def head(self) -> Viewer:
        """Return who assigns and extends at its desk: at the committee the secretary."""
        return self.desk() if self.row["desk"] else self.here.secretary

    def say(self, what: str) -> str:
        """Choose one of the texts that fit any letter."""
        return self.chance.choice(words()[what])

    def department(self) -> Facts:
        """Choose a department of the district."""
        return self.chance.choice(self.here.departments)

    def assignment(self) -> Row:
        """Choose a member of the committee, or above it a department."""
        if desk := self.row["desk"]:
            return changes.dispatched(self.row, desk, self.department())
        return {"desk": 0, "handler_id": self.chance.choice(self.here.committee)}

    def rating(self, *, unsolved: bool) -> Row:
        """Rate the answer as its outcome permits, or as not solved."""
        good = {Outcome.SOLVED: Solved.YES, Outcome.EXPLAINED: Solved.YES}
        solved = Solved.NO if unsolved else good.get(self.row["outcome"], Solved.PARTLY)
        satisfaction = {Solved.YES: (4, 5), Solved.PARTLY: (3, 4), Solved.NO: (1, 2)}[solved]
        return {"solved": solved.value, "satisfaction": self.chance.choice(satisfaction)}


@dataclass(frozen=True)
class Act:
    """It is a step: who takes it, what they say, and what else they give."""

    step: Step
    who: Callable[[Course], Viewer]
    says: Callable[[Course], str | None]
    gives: Callable[[Course, datetime], Row] = lambda _course, _at: {}


def _some(what: str) -> Callable[[Course], str]:
    return lambda course: course.say(what)


def _answers(course: Course, at: datetime) -> Row:
    is_planned = course.letter.outcome == Outcome.PLANNED
    planned = at + timedelta(days=PLANNED_DAYS) if is_planned else None
    return {"outcome": course.letter.outcome, **changes.answered(at, planned)}


def _refuses(course: Course, _at: datetime) -> Row:
    return {"refusal_code": course.letter.code, "legal_route": course.letter.route}


def _extends(course: Course, _at: datetime) -> Row:
    return {"resolve_due_at": later_by_working_days(course.row["resolve_due_at"], 5)}


_AUTHOR, _DESK, _HEAD = Course.author, Course.desk, Course.head
ACTS = {
    "resubmit": Act(
        steps.RESUBMIT, _AUTHOR, _some("given"),
        lambda course, at: changes.resubmitted(course.row, course.limit, at),
    ),
    "withdraw": Act(steps.WITHDRAW, _AUTHOR, _some("withdrawals"), lambda _, _at: {"paused_at": None}),
    "rate": Act(
        steps.RECORD_CALLBACK, _AUTHOR,
        lambda course: course.chance.choice(course.letter.callback or ("谢谢。",)),
    ),
    "complain": Act(steps.RECORD_CALLBACK, _AUTHOR, _some("unsolved")),
    "reopen": Act(
        steps.REOPEN, _AUTHOR, _some("reopenings"),
        lambda course, at: changes.reopened(course.limit, at),
    ),
    "request_review": Act(steps.REQUEST_REVIEW, _AUTHOR, _some("reviews")),
    "accept": Act(
        steps.ACCEPT, _DESK,
        lambda course: course.say("accepted") if course.chance.random() < 0.6 else None,
        lambda _, _at: {"is_listed": True},
    ),
    "ask": Act(steps.REQUEST_INFORMATION, _DESK, _some("questions")),
    "refuse": Act(steps.REFUSE, _DESK, lambda course: course.letter.reason, _refuses),
    "assign": Act(
        steps.ASSIGN, _HEAD, _some("assigned"),
        lambda course, at: changes.assigned(course.row, at, **course.assignment()),
    ),
    "dispute": Act(steps.DISPUTE, _DESK, _some("disputes")),
    "start": Act(steps.START, _DESK, _some("started")),
    "note": Act(steps.NOTE, _DESK, _some("notes"), lambda _, _at: {"is_public": False}),
    "tell": Act(steps.NOTE, _DESK, _some("told")),
    "extend": Act(
        steps.EXTEND, _HEAD, lambda _: "维修配件到货要等一周，期限顺延五个工作日。", _extends
    ),
    "escalate": Act(
        steps.ESCALATE, _DESK, _some("escalations"),
        lambda course, at: changes.risen(course.row, course.limit, at),
    ),
    "answer": Act(
        steps.ANSWER, _DESK, lambda course: course.letter.answer.format(**course.slots), _answers
    ),
    "give_up": Act(
        steps.ANSWER, _DESK, lambda _: words()["cannot"],
        lambda _, at: {"outcome": Outcome.CANNOT.value, **changes.answered(at, None)},
    ),
    "uphold": Act(
        steps.DECIDE_REVIEW, _DESK, _some("decisions"),
        lambda course, _at: changes.upheld(course.row),
    ),
}  # fmt: skip
