"""Make up one community's petitions by the plans, each on the course that its plan says.

Times are calculated back from the time of seeding, and petitions that are still open fall due
later: the clock worker of the demo finds nothing due for an hour, and little after that.
"""

import random
from datetime import datetime, timedelta
from uuid import UUID

from demo.course import Course
from demo.here import Here
from demo.history import History
from demo.letters import Letter, letters, refused, words
from demo.plans import AT_PEACE, HOURS, LIVELY, MERGED, PACE, QUIET, REFUSED, Plan
from demo.texts import SEED, slots
from tenants.petitions.procedure import CLOSE, RISE
from tenants.petitions.supports import petition_supports
from tenants.petitions.tables import petition_terms
from tenants.petitions.words import OPEN, Outcome, Secrecy
from tenants.terms import terms_of
from tenants.workdays import SHANGHAI

AHEAD = timedelta(minutes=70)  # nothing falls due earlier than this
_MOST_LETTERS, _MOST_TRIES, _MOST_BY_DAY = 5, 60, 20
_WAKES, _SLEEPS = 7, 22  # the hours in which people write, in Shanghai
_FIRST_WRITES = 0.04  # the chance that the first resident writes another one


class CommunityPetitions:
    """It makes all petitions of one community, in one history."""

    def __init__(self, here: Here, *, is_lively: bool, times: int = 1, seed: int = SEED) -> None:
        """Prepare to follow every plan `times` times.

        The same seed makes the same ids for the same times.
        """
        self.here = here
        self.is_lively = is_lively
        self.times = times
        self.chance = random.Random(seed * 1000 + here.community_id)
        self.history = History(here.community_id, self.chance.getrandbits)
        self.courses: list[Course] = []
        self._of_first: set[Plan] = set()  # the plans that a petition of the first resident is on

    def invent(self) -> None:
        """Make up the petitions without writing them."""
        dealt = self._deal()
        if self.is_lively:
            self._follow_all(dealt)
        else:
            how_often = [plan.count for plan in QUIET]
            for plan in self.chance.choices(QUIET, how_often, k=self.chance.randint(1, 2)):
                self._follow(plan, dealt)
        for course in self.courses:
            course.settle()
            self.history.join(course.history)
            self._sign(course)
            self._index(course)

    def _follow_all(self, dealt: list[Letter]) -> None:
        for plan in LIVELY:
            for _ in range(plan.count * self.times):
                if not self._follow(plan, dealt):
                    break  # not on this day of the week or at this hour
        for letter in self.chance.sample(refused(), REFUSED.count):
            self._keep(REFUSED, self._course(REFUSED, letter))
        for _ in range(MERGED):
            self._merge()

    # --- letters

    def _deal(self) -> list[Letter]:
        listed = letters(self.here.place["kind"])
        return self.chance.sample(listed, len(listed))

    def _follow(self, plan: Plan, dealt: list[Letter]) -> bool:
        """Follow a plan with the next letter that it fits, and put that letter last.

        Return whether one of the next letters stands as planned.
        """
        fitting = [letter for letter in dealt if self._is_for(plan, letter)]
        for letter in fitting[:_MOST_LETTERS]:
            dealt.remove(letter)
            dealt.append(letter)
            if self._keep(plan, self._course(plan, letter)):
                return True
        return False

    def _is_for(self, plan: Plan, letter: Letter) -> bool:
        """Return whether the plan fits the letter."""
        is_urgent = self._urgency(letter) == "URGENT"
        is_above = plan.addressee != "COMMUNITY" or "escalate" in plan.steps
        return (
            (letter.outcome == Outcome.PLANNED) == (plan.outcome == Outcome.PLANNED)
            and (plan.urgent or not is_urgent)
            and (letter.rises or not is_above)
        )

    def _urgency(self, letter: Letter) -> str:
        return self.here.known.categories[letter.category]["urgency"]

    def _keep(self, plan: Plan, course: Course | None) -> bool:
        if course is None:
            return False
        self.courses.append(course)
        if course.row["author_id"] == self.here.residents[0]:
            self._of_first.add(plan)
        return True

    def _course(self, plan: Plan, letter: Letter) -> Course | None:
        """Try until the petition stands as planned and nothing falls due soon; None on failure."""
        pace = PACE[self._urgency(letter)]
        for number in range(_MOST_TRIES):
            moments = self._moments(plan, pace, by_day=number < _MOST_BY_DAY)
            course = self._try(plan, letter, moments)
            if course is not None:
                return course
        return None

    def _moments(self, plan: Plan, pace: float, *, by_day: bool) -> list[datetime]:
        """Return the times of the submission and of each step of the plan."""
        ago = self.chance.uniform(*plan.ago) * (pace if plan.paced else 1)
        at = self.here.now - timedelta(hours=ago)
        moments: list[datetime] = []
        for step in reversed(["", *plan.steps.split()]):
            at = self._by_day(at) if by_day else at
            moments.append(at)
            if step:
                gap = self.chance.uniform(*HOURS[step])
                at -= timedelta(hours=gap if step in AT_PEACE else gap * pace)
        return moments[::-1]

    def _by_day(self, at: datetime) -> datetime:
        """Return the time, or if people sleep then, a time in the afternoon or evening before."""
        local = at.astimezone(SHANGHAI)
        hours = local.hour + local.minute / 60
        if _WAKES <= hours < _SLEEPS:
            return at
        slept = (hours - _SLEEPS) % 24
        return at - timedelta(hours=slept + self.chance.uniform(0.1, 6))

    def _try(self, plan: Plan, letter: Letter, moments: list[datetime]) -> Course | None:
        course = Course(self.here, self.chance, letter, slots(self.chance))
        secrecy = self.chance.choices(list(Secrecy), (50, 36, 14))[0].value
        course.submit(moments[0], self._author(plan), secrecy, plan.addressee)
        for step, at in zip(plan.steps.split(), moments[1:], strict=True):
            if not {RISE, CLOSE}.isdisjoint(course.until(at)):
                return None  # it rose or was closed before somebody could take the step
            course.act(step.removesuffix("_plan"), at)
        then = course.until(self.here.now)
        return course if tuple(then) == plan.then and self._is_as_planned(plan, course) else None

    def _is_as_planned(self, plan: Plan, course: Course) -> bool:
        row = course.row
        is_overdue = row["is_open"] and (row["ack_overdue"] or row["resolve_overdue"])
        due = row["next_at"]
        return is_overdue == plan.is_overdue and (due is None or due > self.here.now + AHEAD)

    def _author(self, plan: Plan) -> UUID:
        """Choose the author; some petitions that wait for their author go to the first resident."""
        first = self.here.residents[0]
        waits = plan.for_first and plan not in self._of_first
        if waits or self.chance.random() < _FIRST_WRITES:
            return first
        return self.chance.choice(self.here.residents)

    def _merge(self) -> None:
        """Write a petition about the same matter as an open one, and merge it into that one."""
        here = self.here
        open_ones = [
            course
            for course in self.courses
            if course.row["is_open"]
            and course.row["desk"] == 0
            and course.row["paused_at"] is None
            and course.row["is_listed"]
            and course.row["secrecy"] == "PUBLIC"
            and here.now - course.events[-1]["at"] > timedelta(hours=1)
        ]
        if not open_ones:
            return
        target = self.chance.choice(open_ones)
        last = target.events[-1]["at"]
        room = here.now - last
        sent = last + room * self.chance.uniform(0.1, 0.5)
        merged = min(sent + room * 0.4, sent + timedelta(minutes=self.chance.randint(25, 100)))
        course = Course(here, self.chance, target.letter, target.slots)
        author = self.chance.choice([r for r in here.residents if r != target.row["author_id"]])
        again = self.chance.choice(words()["again"])
        course.submit(sent, author, "MEMBERS", "COMMUNITY", title="同样的事：{}", body=again)
        course.merge_into(target, merged)
        self.courses.append(course)

    # --- what belongs to a petition

    def _sign(self, course: Course) -> None:
        """Let neighbours sign a petition that they can read, as long as it is open."""
        row, here = course.row, self.here
        if row["secrecy"] == "PRIVATE":
            return
        ended = next((e["at"] for e in course.events if e["state"] not in OPEN), here.now)
        if row["is_listed"]:
            most = min(len(here.residents) - 1, 60 if self.is_lively else 3)
            for person in self.chance.sample(
                here.residents, min(most, int(self.chance.expovariate(0.12)))
            ):
                spent = (ended - row["submitted_at"]) * self.chance.uniform(0.05, 0.95)
                course.signers.setdefault(person, row["submitted_at"] + spent)
        row["support_count"] = len(course.signers)
        for person, at in course.signers.items():
            self.history.add(
                petition_supports, petition_id=row["id"], member_id=person, household_id=None,
                supported_at=at, withdrawn_at=None,
            )  # fmt: skip

    def _index(self, course: Course) -> None:
        row = course.row
        for term in terms_of(f"{row['title']}\n{row['body']}"):
            self.history.add(petition_terms, term=term, petition_id=row["id"])
