"""One community's petitions, duty roster and committee records: made up, then inserted.

Times are calculated back from the time of seeding, and petitions that are still open fall due
later: the clock worker of the demo finds nothing due for an hour, and little after that.
"""

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from demo.community import SEED, CommunityTalk, Rows, insert_rows
from demo.letters import Letter, letters, refused, words
from demo.life import Here, Life
from demo.texts import slots
from tenants.duty.gaps import CLOSES, OPENS
from tenants.duty.tables import duty_rosters, duty_shifts
from tenants.ids import new_id
from tenants.petitions.desks import answer_templates, populations
from tenants.petitions.facts import petition_facts
from tenants.petitions.supports import petition_supports
from tenants.petitions.tables import petition_callbacks, petition_events, petition_terms, petitions
from tenants.petitions.words import Secrecy
from tenants.terms import terms_of
from tenants.workdays import SHANGHAI, is_working_day

ROSTER_DAYS = 14
AHEAD = timedelta(minutes=70)  # nothing falls due earlier than this
_MOST_TRIES, _MOST_BY_DAY = 400, 300
_WAKES, _SLEEPS = 7, 22  # the hours in which people write, in Shanghai
# a factor on the hours of each step, by urgency
_PACE = {"CRITICAL": 0.05, "URGENT": 0.1, "NORMAL": 1.0, "COMPLEX": 1.5}
_HOURS = {
    "accept": (0.5, 12), "ask": (0.5, 10), "resubmit": (3, 40), "refuse": (0.5, 12),
    "assign": (0.5, 16), "dispute": (1, 8), "start": (2, 24), "note": (2, 16), "extend": (4, 20),
    "escalate": (2, 16), "answer": (8, 60), "give_up": (8, 60), "withdraw": (3, 40),
    "rate": (3, 140), "complain": (3, 90), "reopen": (2, 60), "request_review": (4, 90),
    "uphold": (30, 160), "rate_plan": (20.5 * 24, 26 * 24),
}  # fmt: skip
_AT_PEACE = {"rate", "complain", "reopen", "request_review", "uphold", "rate_plan"}
_DAY = 24.0
# states in which a petition needs an action of the demo token's resident, and the chance that they
# write another one
_FOR_THE_FIRST, _FIRST_WRITES = ("CALLBACK", "RETURNED"), 0.04


@dataclass(frozen=True)
class Plan:
    """The steps of some petitions, and how many hours ago the last step was taken."""

    count: int
    state: str
    steps: str
    ago: tuple[float, float]
    addressee: str = "COMMUNITY"
    outcome: str = ""  # of the letters that it fits; by default all but those with PLANNED
    paced: bool = True
    overdue: bool = False
    urgent: bool = True


_OLD = (2 * _DAY, 150 * _DAY)
_ABOVE = "accept escalate accept escalate accept assign"
PLANS = (
    Plan(10, "CLOSED", "accept assign start answer rate", _OLD, paced=False),
    Plan(4, "CLOSED", "accept start note answer", (9 * _DAY, 150 * _DAY), paced=False),
    Plan(2, "CLOSED", "accept start answer rate_plan", (1, 90 * _DAY), outcome="PLANNED",
         paced=False),
    Plan(1, "CLOSED", "ask resubmit accept start note answer rate", _OLD, paced=False),
    Plan(1, "CLOSED", "accept start give_up complain request_review uphold", _OLD, paced=False),
    Plan(1, "CLOSED", "accept start answer complain reopen answer rate", _OLD, paced=False),
    Plan(1, "CLOSED", f"{_ABOVE} start answer rate", _OLD, paced=False),
    Plan(3, "SUBMITTED", "", (0.1, 16)),
    Plan(1, "SUBMITTED", "", (26, 130), overdue=True, urgent=False, paced=False),
    Plan(2, "SUBMITTED", "", (0.1, 16), "STREET"),
    Plan(1, "SUBMITTED", "", (0.1, 16), "DEPARTMENT"),
    Plan(2, "RETURNED", "ask", (1, 90)),
    Plan(3, "ACCEPTED", "accept", (1, 70)),
    Plan(3, "ASSIGNED", "accept assign", (1, 50)),
    Plan(1, "ASSIGNED", _ABOVE, (1, 30), urgent=False),
    Plan(1, "DISPUTED", "accept assign dispute", (1, 60)),
    Plan(3, "IN_PROGRESS", "accept assign start note", (2, 50)),
    Plan(1, "IN_PROGRESS", "accept start extend", (10, 60), urgent=False),
    Plan(1, "IN_PROGRESS", "accept assign start answer complain reopen", (3, 50)),
    Plan(1, "IN_PROGRESS", "accept start note", (12 * _DAY, 25 * _DAY), paced=False, overdue=True),
    Plan(1, "IN_PROGRESS", f"{_ABOVE} start", (2, 40), urgent=False),
    Plan(2, "ESCALATED", "accept escalate", (0.3, 16)),
    Plan(1, "ESCALATED", "accept start escalate", (0.3, 16)),
    Plan(1, "ESCALATED", "accept escalate accept escalate", (0.3, 16)),
    Plan(3, "ANSWERED", "accept assign start answer", (4, 15 * _DAY), outcome="PLANNED",
         paced=False),
    Plan(4, "CALLBACK", "accept assign start answer", (3, 6 * _DAY), paced=False),
    Plan(1, "REVIEW_REQUESTED", "accept start give_up complain request_review", (3, 6 * _DAY),
         paced=False),
    Plan(2, "WITHDRAWN", "withdraw", (3, 90 * _DAY), paced=False),
)  # fmt: skip
REFUSED = Plan(2, "NOT_ACCEPTED", "refuse", (3, 120 * _DAY), paced=False)
MERGED = 2
# Plans of quiet communities: mostly closed petitions, and nothing that falls due within hours.
_QUIET = (
    Plan(5, "CLOSED", "accept assign start answer rate", _OLD, paced=False),
    Plan(3, "CLOSED", "accept start note answer", (9 * _DAY, 150 * _DAY), paced=False),
    Plan(2, "IN_PROGRESS", "accept start note", (2, 60), urgent=False),
    Plan(1, "ACCEPTED", "accept", (1, 70), urgent=False),
    Plan(1, "SUBMITTED", "", (0.1, 16), urgent=False),
)


class CommunityPetitions:
    """All petitions of one community, and the other rows that its committee works with."""

    def __init__(self, here: Here, *, is_lively: bool, times: int = 1, seed: int = SEED) -> None:
        """Prepare to live every plan `times` times.

        The same seed makes the same ids for the same times.
        """
        self.here = here
        self.is_lively = is_lively
        self.times = times
        self.chance = random.Random(seed * 1000 + here.community_id)
        self.rows: dict[sa.Table, Rows] = defaultdict(list)
        self.lives: list[Life] = []
        self._waiting: set[str] = set()  # the states of petitions by the first resident

    async def write(self, connection: Any) -> None:
        """Insert the rows, parents before children."""
        tables = (
            petitions,
            petition_events,
            petition_supports,
            petition_terms,
            petition_facts,
            petition_callbacks,
            populations,
            answer_templates,
            duty_rosters,
            duty_shifts,
        )
        for table in tables:
            await insert_rows(connection, table, self.rows[table])

    def invent(self) -> None:
        """Make up the rows without writing them."""
        if self.is_lively:
            dealt = self._deal()
            for plan in PLANS:
                for _ in range(plan.count * self.times):
                    self._live(plan, dealt)
            dealt_refusals = self.chance.sample(refused(), REFUSED.count)
            for letter in dealt_refusals:
                self._keep(self._lived(REFUSED, letter))
            for _ in range(MERGED):
                self._merge()
            self._committee()
        else:
            dealt = self._deal()
            how_often = [plan.count for plan in _QUIET]
            for plan in self.chance.choices(_QUIET, how_often, k=self.chance.randint(1, 2)):
                self._live(plan, dealt)
        for life in self.lives:
            self._rows_of(life)

    # --- letters

    def _deal(self) -> list[Letter]:
        listed = letters(self.here.kind)
        return self.chance.sample(listed, len(listed))

    def _live(self, plan: Plan, dealt: list[Letter]) -> None:
        """Live a plan with the next letter that it fits, and put that letter last."""
        for letter in list(dealt):
            if not self._is_for(plan, letter):
                continue
            dealt.remove(letter)
            dealt.append(letter)
            if self._keep(self._lived(plan, letter)):
                return

    def _is_for(self, plan: Plan, letter: Letter) -> bool:
        """Return whether the plan fits the letter."""
        is_urgent = self.here.categories[letter.category][1] == "URGENT"
        is_above = plan.addressee != "COMMUNITY" or "escalate" in plan.steps
        return (
            (letter.outcome == "PLANNED") == (plan.outcome == "PLANNED")
            and (plan.urgent or not is_urgent)
            and (letter.rises or not is_above)
        )

    def _keep(self, life: Life | None) -> bool:
        if life is None:
            return False
        self.lives.append(life)
        if life.row["author_id"] == self.here.residents[0]:
            self._waiting.add(life.row["state"])
        return True

    def _lived(self, plan: Plan, letter: Letter) -> Life | None:
        """Try until the petition stands as planned and nothing falls due soon; None on failure."""
        pace = _PACE[self.here.categories[letter.category][1]]
        for number in range(_MOST_TRIES):
            moments = self._moments(plan, pace)
            if number < _MOST_BY_DAY and not all(_is_by_day(at) for at in moments):
                continue
            life = self._try(plan, letter, moments)
            if life is not None:
                return life
        return None

    def _moments(self, plan: Plan, pace: float) -> list[datetime]:
        """Return the times of the submission and of each step of the plan."""
        low, high = plan.ago
        ago = self.chance.uniform(low, high) * (pace if plan.paced else 1)
        steps = plan.steps.split()
        gaps = [
            self.chance.uniform(*_HOURS[step]) * (1 if step in _AT_PEACE else pace)
            for step in steps
        ]
        at = self.here.now - timedelta(hours=ago + sum(gaps))
        moments = [at]
        for gap in gaps:
            at += timedelta(hours=gap)
            moments.append(at)
        return moments

    def _try(self, plan: Plan, letter: Letter, moments: list[datetime]) -> Life | None:
        life = Life(self.here, self.chance, letter, slots(self.chance))
        secrecy = self.chance.choices(list(Secrecy), (50, 36, 14))[0].value
        author = self._author(plan)
        life.submit(moments[0], author, secrecy, plan.addressee, letter.title)
        for step, at in zip(plan.steps.split(), moments[1:], strict=True):
            before = life.row["state"]
            life.clock_until(at)
            if life.row["state"] != before and life.row["state"] in ("ESCALATED", "CLOSED"):
                return None  # a due step changed its state
            getattr(life, step.removesuffix("_plan"))(at)
        life.clock_until(self.here.now)
        return life if self._is_as_planned(plan, life.row) else None

    def _is_as_planned(self, plan: Plan, row: dict[str, Any]) -> bool:
        is_overdue = row["is_open"] and (row["ack_overdue"] or row["resolve_overdue"])
        look = row["next_at"]
        return (
            row["state"] == plan.state
            and is_overdue == plan.overdue
            and (look is None or look > self.here.now + AHEAD)
        )

    def _author(self, plan: Plan) -> UUID:
        """Choose the author; some petitions that wait for their author go to the first resident.

        A demo token stands for that resident.
        """
        first = self.here.residents[0]
        waits = plan.state in _FOR_THE_FIRST and plan.state not in self._waiting
        if waits or self.chance.random() < _FIRST_WRITES:
            return first
        return self.chance.choice(self.here.residents)

    def _merge(self) -> None:
        """Write a petition about the same matter as an open one, and merge it into that one."""
        here = self.here
        open_ones = [
            life
            for life in self.lives
            if life.row["is_open"]
            and life.row["desk"] == 0
            and life.row["state"] != "RETURNED"
            and life.row["is_listed"]
            and life.row["secrecy"] == "PUBLIC"
            and here.now - life.at > timedelta(hours=1)
        ]
        if not open_ones:
            return
        target = self.chance.choice(open_ones)
        room = here.now - target.at
        sent = target.at + room * self.chance.uniform(0.1, 0.5)
        merged = min(sent + room * 0.4, sent + timedelta(minutes=self.chance.randint(25, 100)))
        life = Life(here, self.chance, target.letter, target.slots)
        author = self.chance.choice([r for r in here.residents if r != target.row["author_id"]])
        life.submit(sent, author, "MEMBERS", "COMMUNITY", "同样的事：" + target.letter.title)
        life.row["body"] = self.chance.choice(words()["again"])
        life.merge_into(merged, target)
        self.lives.append(life)

    # --- the rows of a petition

    def _rows_of(self, life: Life) -> None:
        self._signed(life)
        row = life.row
        self.rows[petitions].append(row)
        self.rows[petition_events] += life.timeline
        self.rows[petition_callbacks] += life.callbacks
        facts = {"community_id": row["community_id"], **life.facts}
        self.rows[petition_facts].append(facts)
        self.rows[petition_terms] += [
            {"community_id": row["community_id"], "term": term, "petition_id": row["id"]}
            for term in terms_of(f"{row['title']}\n{row['body']}")
        ]

    def _signed(self, life: Life) -> None:
        """Let neighbours sign a petition they can read; its author signs it unless private."""
        row, here = life.row, self.here
        if row["secrecy"] == "PRIVATE":
            return
        signers: dict[UUID, datetime] = {row["author_id"]: row["submitted_at"]}
        ended = next((e["at"] for e in life.events if e["state"] not in _SIGNED), here.now)
        if row["is_listed"]:
            most = min(len(here.residents) - 1, 60 if self.is_lively else 3)
            for person in self.chance.sample(
                here.residents, min(most, int(self.chance.expovariate(0.12)))
            ):
                spent = (ended - row["submitted_at"]) * self.chance.uniform(0.05, 0.95)
                signers.setdefault(person, row["submitted_at"] + spent)
        row["support_count"] = len(signers)
        self.rows[petition_supports] += [
            {
                "community_id": here.community_id,
                "petition_id": row["id"],
                "member_id": person,
                "household_id": None,
                "supported_at": at,
                "withdrawn_at": None,
            }
            for person, at in signers.items()
        ]

    # --- the committee

    def _committee(self) -> None:
        here, chance = self.here, self.chance
        secretary, began = here.secretaries[0], here.now - timedelta(days=200)
        households = chance.randint(900, 2600)
        self.rows[populations].append(
            {
                "community_id": here.community_id,
                "adults": int(households * 2.1),
                "households": households,
                "source": "居委实有人口台账，2026 年上半年核对",
                "recorded_at": began,
                "recorded_by": secretary,
            }
        )
        self.rows[answer_templates] += [
            {
                "community_id": here.community_id,
                "id": new_id(began + timedelta(minutes=number), chance.getrandbits),
                "name": name,
                "words": said,
                "created_at": began + timedelta(minutes=number),
                "created_by": secretary,
                "version": 1,
                "district_id": None,
                "desk": 0,
            }
            for number, (name, said) in enumerate(_TEMPLATES)
        ]
        self._roster(secretary)

    def _roster(self, secretary: UUID) -> None:
        """Put the committee on duty in turns, from nine to five on working days."""
        here = self.here
        began = here.now - timedelta(days=1)
        self.rows[duty_rosters].append(
            {"community_id": here.community_id, "begun_at": began, "held_at": here.now}
        )
        today = here.now.astimezone(SHANGHAI).date()
        days = [today + timedelta(days=number) for number in range(ROSTER_DAYS)]
        working = [day for day in days if is_working_day(day)]
        for number, day in enumerate(working):
            self.rows[duty_shifts].append(
                {
                    "community_id": here.community_id,
                    "id": new_id(began + timedelta(seconds=number), self.chance.getrandbits),
                    "member_id": here.committee[number % len(here.committee)],
                    "starts_at": _in_shanghai(day, OPENS),
                    "ends_at": _in_shanghai(day, CLOSES),
                    "created_at": began,
                    "created_by": secretary,
                }
            )


def here_of(
    talk: CommunityTalk, place: Any, known: dict[str, Any], seq: int | None, now: datetime
) -> Here:
    """Return the community that petitions are written in, with its members and officers."""
    staff = [row for row in talk.rows_of_members() if len(row["roles"]) > 1]
    by_role = {
        role: [row["id"] for row in staff if role in row["roles"]]
        for role in ("PARTY_SECRETARY", "COMMITTEE_MEMBER")
    }
    return Here(
        community_id=talk.key,
        district_id=place["street_id"] // 1000,
        street_id=place["street_id"],
        kind=place["kind"],
        now=now,
        seq=max(seq or 0, 1),
        secretaries=by_role["PARTY_SECRETARY"],
        committee=by_role["COMMITTEE_MEMBER"],
        residents=[person for person in talk.everyone if person not in talk.staff],
        officers={
            desk: who
            for desk, who in known["officers"].items()
            if desk < 0 or desk in (place["street_id"], place["street_id"] // 1000)
        },
        categories=known["categories"],
        limits=known["limits"],
    )


def _is_by_day(at: datetime) -> bool:
    return _WAKES <= at.astimezone(SHANGHAI).hour < _SLEEPS


def _in_shanghai(day: Any, at: time) -> datetime:
    return datetime.combine(day, at, SHANGHAI)


# the states in which neighbours may sign
_SIGNED = {"SUBMITTED", "RETURNED", "ACCEPTED", "ASSIGNED", "DISPUTED", "IN_PROGRESS", "ESCALATED"}
_TEMPLATES = (
    (
        "已联系物业",
        "来信收到。我们已联系物业到现场查看，三个工作日内告诉您处理办法；如有紧急情况，请直接拨打物业二十四小时电话。",
    ),
    (
        "不属居委职责",
        "您反映的事情不在居委职责之内，我们已记录并转给主管单位。您也可以直接向其反映；有了回音，我们会在这里补充。",
    ),
)
