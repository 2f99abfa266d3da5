"""Owners' votes made up at random and cast through the API, counted a second time by hand.

Each owner votes online, by a proxy, on paper or with help, over-marks a paper, takes a proxy's ballot
back, or is silent; each assembly has one of the three rules of silence. What the API tells of each
matter is compared with sums over the owners that share nothing with the product.
"""

from collections import Counter
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest

from api.settings import Settings
from tenants.embedded import Cluster
from tests.clockwork import House, house
from tests.owners_hall import AREA, OwnersHall
from tests.proofs import Proves, whole

pytestmark = pytest.mark.once
ASSEMBLIES, MATTERS = whole(3, 56), whole(7, 18)
RESULT = """query ($id: ID!) { node(id: $id) { ... on Vote { options { label } result {
  outcome winners tallies { unit eligible participating votes against abstained void byProxy onPaper
    assisted silent } } } } }"""
SILENCES = ("NOTHING", "ABSTENTION", "MAJORITY")
# the first name of an owner of each head, and which resident casts for it; the last three have no account
CASTERS = {"王": 0, "赵": 1, "孙": 3, "李": 4, "周": 5, "长": 6, "欧": None, "郑": None, "": None}
PROXIES = {"孙": 6, "欧": 5, "郑": 4}
ORDINARY, SPECIAL = (2, "OWNERS_OTHER"), (4, "REBUILD")
Marks = tuple[int, ...]


@pytest.fixture(scope="module")
async def hall(
    settings: Settings, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[House]:
    """A server for this file only, whose clock the tests set."""
    folder = tmp_path_factory.mktemp("again")
    async with house(settings, cluster, folder, "counted_again", 60) as opened:
        yield opened


@dataclass(frozen=True)
class Head:
    """An entry of the roll: its area in 0.01 m², and how its ballots come in."""

    id: str
    name: str
    area: int


@dataclass
class Matter:
    """A matter with the ballot of each head that has one: its marks, and the way it came."""

    method: str
    options: int
    most: int
    seats: int
    is_special: bool
    id: str = ""
    ballots: dict[Head, tuple[Marks, str]] = field(default_factory=dict[Head, tuple[Marks, str]])

    def is_marked_right(self, marks: Marks) -> bool:
        """Whether a paper is marked as one may be."""
        if self.method == "CANDIDATES":
            return marks.count(1) <= self.most
        return 2 not in marks and marks.count(1) <= 1


def made_up(chance: Random) -> Matter:
    """Make up a matter."""
    method = chance.choice(["PROPOSAL", "SINGLE", "CANDIDATES"])
    options = 2 if method == "PROPOSAL" else chance.randint(2, 4)
    many = method == "CANDIDATES"
    most, seats = (chance.randint(1, options), chance.randint(1, options)) if many else (1, 1)
    # "none of these" is one more
    return Matter(method, options + (method == "SINGLE"), most, seats, chance.random() < 0.4)


def marked(matter: Matter, chance: Random, *, rightly: bool = True) -> Marks:
    """Make up marks: many are for the first option, so that some matters pass."""
    while True:
        first = chance.choice([0, 1, 1, 1])
        rest = [chance.choice([0, 0, 1, 2]) for _ in range(matter.options - 1)]
        marks = (first, *rest)
        if chance.random() < 0.1:
            marks = (0,) * matter.options
        if matter.is_marked_right(marks) or not rightly:
            return marks


@dataclass
class Assembled:
    """An assembly whose ballots are made up as they are cast."""

    owners: OwnersHall
    chance: Random
    silence: str
    # the part of all ballots that never come
    quiet: float
    heads: list[Head] = field(default_factory=list[Head])
    served: set[Head] = field(default_factory=set[Head])
    proxied: dict[Head, list[Marks]] = field(default_factory=dict[Head, list[Marks]])
    matters: list[Matter] = field(default_factory=list[Matter])

    async def held(self) -> None:
        """Call the assembly, cast every ballot, and count."""
        owners, chance = self.owners, self.chance
        await owners.register(rules={"silence": self.silence})
        meeting = await owners.assemble()
        for number in range(MATTERS):
            matter = made_up(chance)
            labels = [f"方案{n}" for n in range(matter.options - (matter.method == "SINGLE"))]
            _, code = SPECIAL if matter.is_special else ORDINARY
            more: dict[str, Any] = {
                "options": labels,
                "mostMarks": matter.most,
                "seats": matter.seats,
            }
            matter.id = await owners.matter(
                meeting, code, question=f"第{number}项", method=matter.method,
                **({} if matter.method == "PROPOSAL" else more),
            )  # fmt: skip
            self.matters.append(matter)
        await owners.does(owners.staff, "noticeMeeting", meetingId=meeting)
        await self.prepared(meeting)
        await owners.at(owners.opens)
        for head in self.heads:
            await self.cast(head)
        await owners.at(owners.closes)
        for matter in self.matters:
            await owners.does(owners.staff, "tallyDecision", voteId=matter.id)

    async def prepared(self, meeting: str) -> None:
        """Serve the ballots, name who casts for the co-owners, and enter proxies."""
        owners, chance = self.owners, self.chance
        for entry in await owners.roll(meeting):
            name = entry["owners"][0]["name"][0] if entry["owners"] else ""
            name = "赵" if name == "钱" else name
            self.heads.append(Head(entry["id"], name, entry["area"]))
        assert {head.name for head in self.heads} == {*CASTERS}
        self.served = {head for head in self.heads if chance.random() < 0.6}
        if self.served:
            await owners.does(
                owners.staff, "recordService", meetingId=meeting, way="IN_PERSON",
                entryIds=[head.id for head in self.served],
                servedAt=owners.hall.watch.now.isoformat(),
            )  # fmt: skip
        (shared,) = [head for head in self.heads if head.name == "赵"]
        await owners.does(
            owners.staff, "assignCaster", meetingId=meeting, entryId=shared.id,
            memberId=owners.residents[1].person.public_id, document="推定书",
        )  # fmt: skip
        for head in self.heads:
            if head.name in PROXIES and chance.random() < 0.7:
                says = [marked(matter, chance) for matter in self.matters]
                self.proxied[head] = says
                await owners.does(
                    owners.staff, "registerProxy", meetingId=meeting, entryId=head.id,
                    holderId=owners.residents[PROXIES[head.name]].person.public_id,
                    document="授权委托书",
                    instructions=[
                        {"voteId": matter.id, "marks": list(marks)}
                        for matter, marks in zip(self.matters, says, strict=True)
                    ],
                )  # fmt: skip

    async def cast(self, head: Head) -> None:
        """Have the ballots of a head come in, one way or the other, or not."""
        papers: dict[str, list[dict[str, Any]]] = {"PAPER": [], "ASSISTED": []}
        for number, matter in enumerate(self.matters):
            way = self.way(head)
            if way in papers:
                marks = marked(matter, self.chance, rightly=self.chance.random() < 0.6)
                papers[way].append({"voteId": matter.id, "marks": list(marks)})
                matter.ballots[head] = marks, way
            elif way:
                await self.cast_online(head, matter, number, way)
        for channel, sheet in papers.items():
            if sheet:
                given = {"entryId": head.id, "ballots": sheet}
                await self.owners.does(self.owners.staff, "recordPaper", channel=channel, **given)
                await self.owners.does(self.owners.secretary, "confirmPaper", **given)

    def way(self, head: Head) -> str:
        """Choose how a ballot of this head comes in; empty for silence."""
        if self.chance.random() < self.quiet:
            return ""
        ways = ["PAPER", "ASSISTED", "PAPER"]
        if CASTERS[head.name] is not None:
            ways += ["ONLINE"] * 6
        if head in self.proxied:
            ways += ["PROXY"] * 4
            ways += ["TAKEN BACK"] * 2 if CASTERS[head.name] is not None else []
        return self.chance.choice(ways)

    async def cast_online(self, head: Head, matter: Matter, number: int, way: str) -> None:
        """Cast by the holder of a proxy, by the voter, or by the one after the other."""
        owners, own = self.owners, CASTERS[head.name]
        if way != "ONLINE":
            says = self.proxied[head][number]
            holder = owners.residents[PROXIES[head.name]]
            answer = await owners.cast(holder, matter.id, *says, entryId=head.id)
            assert answer.refusals == [], answer.body
            matter.ballots[head] = says, "PROXY"
        if way != "PROXY":
            assert own is not None
            marks = marked(matter, self.chance)
            before = {"replaces": 1} if way == "TAKEN BACK" else {}
            answer = await owners.cast(
                owners.residents[own], matter.id, *marks, entryId=head.id, **before
            )
            assert answer.refusals == [], answer.body
            matter.ballots[head] = marks, "ONLINE"

    def by_hand(self, matter: Matter) -> dict[str, Any]:
        """Count a matter by asking every head, in whole numbers."""
        options = range(matter.options)
        silent = [head for head in self.served if head not in matter.ballots]
        joins = self.silence != "NOTHING"

        def weighed(unit: str, heads: list[Head]) -> int:
            return len(heads) if unit == "HEADS" else sum(head.area for head in heads)

        def those(mark: int, option: int) -> list[Head]:
            return [
                head
                for head, (marks, _) in matter.ballots.items()
                if matter.is_marked_right(marks) and marks[option] == mark
            ]

        units = ("HEADS", "AREA")
        yes = {unit: [weighed(unit, those(1, option)) for option in options] for unit in units}
        no = {unit: [weighed(unit, those(2, option)) for option in options] for unit in units}
        took_part = {
            unit: weighed(unit, [*matter.ballots]) + joins * weighed(unit, silent) for unit in units
        }
        if self.silence == "MAJORITY":
            many = matter.method == "CANDIDATES"

            def leads(unit: str, option: int) -> bool:
                rivals = [yes[unit][other] for other in options if other != option]
                most = no[unit][option] if many else max(rivals)
                return yes[unit][option] > most

            led = [all(leads(unit, option) for unit in units) for option in options]
            lost = [many and all(yes[u][n] < no[u][n] for u in units) for n in options]
            for unit in units:
                yes[unit] = [n + led[at] * weighed(unit, silent) for at, n in enumerate(yes[unit])]
                no[unit] = [n + lost[at] * weighed(unit, silent) for at, n in enumerate(no[unit])]
        outcome, winners = self.outcome(matter, yes, took_part)
        blank = [h for h, (m, _) in matter.ballots.items() if not any(m)]
        wrong = [h for h, (m, _) in matter.ballots.items() if not matter.is_marked_right(m)]
        came = {
            way: [head for head, (_, each) in matter.ballots.items() if each == way]
            for way in ("PROXY", "PAPER", "ASSISTED")
        }
        return {
            "outcome": outcome, "winners": winners,
            "tallies": [
                {
                    "unit": unit, "eligible": weighed(unit, self.heads),
                    "participating": took_part[unit], "votes": yes[unit], "against": no[unit],
                    "abstained": weighed(unit, blank), "void": weighed(unit, wrong),
                    "byProxy": weighed(unit, came["PROXY"]), "onPaper": weighed(unit, came["PAPER"]),
                    "assisted": weighed(unit, came["ASSISTED"]), "silent": weighed(unit, silent),
                }
                for unit in units
            ],
        }  # fmt: skip

    def outcome(
        self, matter: Matter, yes: dict[str, list[int]], took_part: dict[str, int]
    ) -> tuple[str, list[int]]:
        """Apply article 278: two thirds take part, and more than half or three quarters agree."""
        if 3 * took_part["HEADS"] < 2 * 9 or 3 * took_part["AREA"] < 2 * AREA:
            return "FAILED_QUORUM", []
        able = [0] if matter.method == "PROPOSAL" else [*range(matter.options)]
        if matter.method == "SINGLE":
            able.pop()

        def agree(option: int) -> bool:
            parts = [(yes[unit][option], took_part[unit]) for unit in ("HEADS", "AREA")]
            if matter.is_special:
                return all(4 * part >= 3 * of for part, of in parts)
            return all(2 * part > of for part, of in parts)

        passed = [option for option in able if agree(option)]
        heads = yes["HEADS"]
        sure = [
            option
            for option in passed
            if sum(heads[other] >= heads[option] for other in passed) <= matter.seats
        ]
        if len(sure) < min(matter.seats, len(passed)):
            return "TIE", sure
        return ("PASSED" if sure else "FAILED_VOTES"), sure


@pytest.mark.proof
async def test_owners_votes_counted_by_hand(hall: House, proves: Proves) -> None:
    outcomes: Counter[str] = Counter()
    ways: Counter[str] = Counter()
    for number in range(ASSEMBLIES):
        owners = OwnersHall(hall)
        await owners.settle()
        chance = Random(number)
        silence = SILENCES[number % len(SILENCES)]
        assembled = Assembled(owners, chance, silence, chance.choice([0.1, 0.2, 0.4]))
        await assembled.held()
        for matter in assembled.matters:
            seen = (await owners.organiser.run(RESULT, id=matter.id)).data["node"]
            assert len(seen["options"]) == matter.options
            expected = assembled.by_hand(matter)
            tallies = sorted(seen["result"]["tallies"], key=lambda each: each["unit"] == "AREA")
            assert {**seen["result"], "tallies": tallies} == expected, (number, matter)
            outcomes[expected["outcome"]] += 1
            ways.update(way for _, way in matter.ballots.values())
            ways["SILENT"] += expected["tallies"][0]["silent"]
            ways["VOID"] += expected["tallies"][0]["void"]
    assert {"PASSED", "FAILED_VOTES", "FAILED_QUORUM"} <= {*outcomes}
    assert min(ways.values()) > 0, ways
    proves(
        f"{sum(outcomes.values())} matters, {dict(sorted(outcomes.items()))}, "
        f"ballots {dict(sorted(ways.items()))}: every number the same"
    )
