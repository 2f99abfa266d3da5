"""No answer tells how a vote goes before its result is published, whoever asks on whatever path.

Everyone asks everything that leads to a vote. Then all marks and all counts are turned round in the
database, and everyone asks again: every byte must be the same. It runs on one PostgreSQL.
"""

import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator
from typing import Any

import pytest
from graphql import get_named_type, is_leaf_type, is_required_argument

from api.engine.identifiers import encode_id
from api.settings import Settings
from tenants.embedded import Cluster
from tests.clockwork import House, house
from tests.paths import SCHEMA, Path, connections, fits, query, ways_to
from tests.proofs import PROVE
from tests.street import SignedIn, key
from tests.tenants.test_decisions import CLOSES, DAY, HELD, HOUR, NO, OPENS, YES, Assembly

pytestmark = pytest.mark.once
SHOWN = ("Vote", "Meeting", "VoteObjection", "VoteResult", "NamedBallot")
END = "id state turnoutPercent eligible result { outcome winners ballots } viewerBallot { marks }"
# What a table of counts is turned into; no number of it stays as it was.
TURNED = """
update tenant.vote_ballot set marks = case when marks = array[1, 0] then array[0, 1] else array[1, 0] end;
update tenant.vote_tally set votes = array[votes[2] + 1, votes[1]], abstained = abstained + 1;
update tenant.vote_result set winners = array[1] where winners <> array[1];
update tenant.vote_comparison set part = part + 1, is_met = not is_met, words = words || '！';
"""


@pytest.fixture(scope="module")
async def hall(
    settings: Settings, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[House]:
    """Give a server for this file only, whose clock the tests set."""
    folder = tmp_path_factory.mktemp("early")
    async with house(settings, cluster, folder, "early", 60) as opened:
        yield opened


class World:
    """It is a community with an open poll, and decisions that are open, closed and counted."""

    def __init__(self, assembly: Assembly) -> None:
        self.assembly = assembly

    async def settle(self) -> "World":
        """Have the votes take place, as far as each goes."""
        self.votes: dict[str, str] = {}
        staff = self.assembly.staff
        meeting, self.votes["COUNTED"] = await self.assembly.noticed()
        later, self.votes["OPEN"] = await self.later()
        self.ids = {"mtg_": later, "com_": ""}
        await self.assembly.at(OPENS)
        await self.assembly.votes(self.votes["COUNTED"], YES, YES, NO, YES)
        await self.assembly.votes(self.votes["OPEN"], YES, NO, YES)
        started = await self.assembly.residents[0].do(
            "startPoll", "vote { id }", boardId=self.board(), question="路灯", method="PROPOSAL",
            closesAt=(CLOSES + 9 * DAY).isoformat(), idempotencyKey=key(),
        )  # fmt: skip
        self.votes["POLL"] = started.payload["vote"]["id"]
        await self.assembly.votes(self.votes["POLL"], YES, YES, NO)
        await self.assembly.at(HELD + HOUR)
        await self.assembly.came(meeting, staff)
        await self.assembly.at(CLOSES)
        self.askers = await self.people()
        return self

    def board(self) -> str:
        """Return the id of a board."""
        return encode_id(self.assembly.place.boards["neighbours"], "brd_")

    async def later(self) -> tuple[str, str]:
        """Announce a meeting whose votes close later; return its id and its matter's."""
        staff = self.assembly.staff
        drafted = await self.assembly.draft(closesAt=(CLOSES + 5 * DAY).isoformat())
        meeting = drafted.payload["meeting"]["id"]
        vote = (await self.assembly.add(meeting)).payload["vote"]["id"]
        await self.assembly.does(staff, "setMeetingRoll", meetingId=meeting, everyMember=True)
        await self.assembly.does(staff, "noticeMeeting", meetingId=meeting)
        return meeting, vote

    async def people(self) -> dict[str, SignedIn]:
        """Return one of everyone who may ask, and who has not voted."""
        make, signed_in = self.assembly.hall.make, self.assembly.hall.signed_in
        place, officer = self.assembly.place, await make.officer()
        now = self.assembly.hall.watch.now
        looks = await make.inspection(place, officer, started_at=now, ends_at=now + HOUR / 2)
        return {
            "NEIGHBOUR": self.assembly.residents[6],
            "STAFF": self.assembly.staff,
            "SECRETARY": self.assembly.secretary,
            "SUPERVISOR": self.assembly.supervisor,
            "GUEST": signed_in(await make.applicant(place, "SUSPENDED")),
            "NEXT_DOOR": signed_in(await make.member(await make.community())),
            "APP": signed_in(await make.app(place)),
            "INSPECTOR": signed_in(looks),
            "STREET": signed_in(await make.officer(place.street_id)),
            "DISTRICT": signed_in(officer),
        }

    async def answers(self, who: str, *states: str) -> dict[str, str]:
        """Return every answer that a person gets, by its query; votes in these states say all."""
        asker = self.askers[who]
        queries = [*asked({**self.ids, "vot_": self.votes[states[0]]})]
        queries += [text for state in states for text in all_of(self.votes[state])]
        return {text: _text(await asker.run(text)) for text in queries}

    async def turned(self) -> None:
        """Turn all marks and counts round."""
        self.assembly.hall.run(TURNED)

    async def export(self, who: str) -> dict[str, Any]:
        """Return a member's export, without the audit, which tells of the export too."""
        answer = await self.askers[who].do("exportMyData", "data", confirm=True)
        rows: dict[str, Any] = json.loads(answer.payload["data"])["community"]
        del rows["audit_entry"]
        return rows


def _text(answer: Any) -> str:
    """Return a body without the request's own trace id."""
    for error in answer.body.get("errors", []):
        error["extensions"].pop("traceId")
        assert error["extensions"]["code"] == "FORBIDDEN", answer.body
    return json.dumps(answer.body, ensure_ascii=False)


def asked(ids: dict[str, str]) -> list[str]:
    """Return the queries of each way to a vote, and of each list's number."""
    found = [query(path, _end(path), ids, first="3") for path in _ways()]
    found += [query(path, "totalCount nodes { __typename }", ids) for path in connections()]
    return list(dict.fromkeys(found))


def all_of(vote: str) -> list[str]:
    """Return the queries of all that a vote says of itself, a field at a time."""
    return [
        f'{{ node(id: "{vote}") {{ ... on Vote {{ {part} }} }} }}' for part in _parts("Vote", 3)
    ]


def _ways() -> Iterator[Path]:
    """Yield the ways that are within the limits: all, or one for each field that ends one."""
    ends: set[tuple[str, str]] = set()
    for path in sorted(ways_to(*SHOWN), key=len):
        last = path[-1]
        is_new = PROVE or last not in ends
        if is_new and fits(path, 2) and (path[0][1] != "nodes" or len(path) == 2):
            ends.add(last)
            yield path


def _end(path: Path) -> str:
    *_, last = path
    name, field = last
    type_: Any = SCHEMA.type_map[name]
    end = field.removeprefix("... on ") if field.startswith("...") else ""
    kind = end or get_named_type(type_.fields[field].type).name
    return END if kind == "Vote" else "__typename"


def _parts(name: str, deep: int) -> Iterator[str]:
    """Yield each field of a type with all that lies below it, so many types deep."""
    type_: Any = SCHEMA.type_map[name]
    for field, definition in type_.fields.items():
        kind: Any = get_named_type(definition.type)
        if is_leaf_type(kind):
            yield field
        elif not any(is_required_argument(each) for each in definition.args.values()):
            given = "(first: 9)" if "first" in definition.args else ""
            if deep > 1 and kind.name not in ("Community", "Board", "Member"):
                yield f"{field}{given} {{ __typename {' '.join(_parts(kind.name, deep - 1))} }}"


@pytest.fixture(scope="module")
async def world(hall: House) -> World:
    """Give a community whose votes stand still while they are asked for."""
    return await World(await Assembly(hall).settle()).settle()


CERTIFIERS = {"SECRETARY", "SUPERVISOR"}


async def same(world: World, askers: Iterable[str], change: Callable[[], Awaitable[None]]) -> None:
    """Assert that a change changes no answer of these askers."""
    before = {who: await world.answers(who, *world.votes) for who in askers}
    await change()
    for who, answers in before.items():
        for what, told in (await world.answers(who, *world.votes)).items():
            assert told == answers[what], (who, what)


async def test_no_answer_depends_on_how_was_voted(world: World) -> None:
    await same(world, world.askers, world.turned)
    counted = world.votes["COUNTED"]
    world.assembly.hall.watch.now += HOUR / 12
    await world.assembly.does(world.assembly.staff, "tallyDecision", voteId=counted)
    await same(world, world.askers.keys() - CERTIFIERS, world.turned)
    # who certifies a count does see it, and by the same queries
    for who in CERTIFIERS:
        assert "FAILED" in " ".join((await world.answers(who, "COUNTED")).values())


async def test_no_export_depends_on_how_others_voted(world: World) -> None:
    asking = ("NEIGHBOUR", "STAFF", "SECRETARY", "SUPERVISOR")
    before = {who: await world.export(who) for who in asking}
    await world.turned()
    assert {who: await world.export(who) for who in asking} == before


async def test_a_ballot_moves_no_number_in_the_minutes_that_it_is_cast(world: World) -> None:
    late = world.assembly.residents[5]

    async def cast() -> None:
        for state in ("OPEN", "POLL"):
            await world.assembly.does(
                late, "castBallot", voteId=world.votes[state], marks=[1, 0], idempotencyKey=key()
            )

    await same(world, world.askers, cast)


async def test_the_same_queries_tell_a_result_that_is_published(world: World) -> None:
    await world.assembly.certify(world.votes["COUNTED"])
    before = await world.answers("NEIGHBOUR", "COUNTED")
    await world.turned()
    after = await world.answers("NEIGHBOUR", "COUNTED")
    told = [what for what in after if after[what] != before[what]]
    for field in ("result", "ballots", "votes"):
        assert any(field in what for what in told), field
