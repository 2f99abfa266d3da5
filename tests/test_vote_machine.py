"""Test every (state, verb, actor, body) of polls, meetings, decisions and objections, as reviewed.

Each procedure is taken through its states by its own verbs. In each state everyone asks what they may
do (`viewerCan`), and then tries what they may not: they are told the same, and nothing changes. It
runs on one PostgreSQL.
"""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from graphql import get_named_type

from api.engine.identifiers import encode_id
from api.settings import Settings
from tenants.embedded import Cluster
from tests.assembly import CLOSES, DAY, EVERYTHING, HELD, HOUR, OPENS, YES, Assembly
from tests.clockwork import House
from tests.council import Council
from tests.paths import SCHEMA
from tests.reviewed import print_verb
from tests.street import STAFF, SignedIn, key
from tests.tenants.secret_hall import Neighbours, secret_hall
from tests.test_isolation import input_of

pytestmark = pytest.mark.once
REVIEWED = Path(__file__).parent / "votes.txt"
BODIES = {"RM_PERSON": "RESIDENT_PACT", "RC": "COMMITTEE_BUSINESS"}  # and a matter of each
PARTS = {"vot_": "Vote", "mtg_": "Meeting", "obj_": "VoteObjection", "aut_": "Authorisation"}


@pytest.fixture(scope="module")
async def hall(
    settings: Settings, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[House]:
    """Give a server for this file only, whose clock the tests set."""
    folder = tmp_path_factory.mktemp("machine")
    async with secret_hall(settings, cluster, folder, "machine") as opened:
        yield opened


@dataclass
class Machine:
    """An assembly whose actors are asked in each state; `fates` is what each may do."""

    assembly: Assembly
    fates: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=lambda: PARTS)
    everything: str = EVERYTHING

    async def settle(self) -> "Machine":
        """Have more people move in: who is next to those that act."""
        make, signed_in = self.assembly.hall.make, self.assembly.hall.signed_in
        place, officer = self.assembly.place, await make.officer()
        colleague = signed_in(await make.member(place, *STAFF))
        other = signed_in(await make.member(place, "RESIDENT", "SUPERVISOR"))
        self.others = (colleague, other)
        self.actors: dict[str, SignedIn] = {
            "AUTHOR": self.assembly.residents[0],
            "OBJECTOR": self.assembly.residents[1],
            "VOTER": self.assembly.residents[2],
            "COUNTER": self.assembly.staff,
            "COLLEAGUE": colleague,
            "SECRETARY": self.assembly.secretary,
            "CERTIFIER": self.assembly.supervisor,
            "SUPERVISOR": other,
            "NEWCOMER": signed_in(await make.member(place)),
            "GUEST": signed_in(await make.applicant(place, "SUSPENDED")),
            "NEXT_DOOR": signed_in(await make.member(await make.community())),
            "APP": signed_in(await make.app(place)),
            "DISTRICT": signed_in(officer),
        }
        return self

    async def ask(self, what: str, id: str, state: str) -> None:
        """Ask everyone what they may do to a row in a state, and try what is refused."""
        before = await self.assembly.hall.make.rows(self.assembly.place, self.everything)
        type_ = self.parts[id[:4]]
        for actor, asker in self.actors.items():
            for verb, fate in (await self.may(asker, type_, id)).items():
                table = self.fates.setdefault(f"{what} {verb}", {})
                table.setdefault(actor, {})[state] = fate
                if fate != "> yes":
                    told = await self.tries(asker, verb, id)
                    # whoever lacks the scope is told that first, of a row that they do not see too
                    is_unseen = (fate, told) == ("NOT_FOUND", "FORBIDDEN")
                    assert told == fate or is_unseen, (what, verb, actor, state)
        after = await self.assembly.hall.make.rows(self.assembly.place, self.everything)
        assert [tuple(row) for row in after] == [tuple(row) for row in before]

    async def may(self, asker: SignedIn, type_: str, id: str) -> Mapping[str, str]:
        """Return what the schema says that somebody may do to a row."""
        permissions: Any = SCHEMA.type_map[f"{type_}Permissions"]
        fields = " ".join(f"{verb} {{ allowed code }}" for verb in permissions.fields)
        answer = await asker.run(
            f'{{ node(id: "{id}") {{ ... on {type_} {{ viewerCan {{ {fields} }} }} }} }}'
        )
        if answer.codes or answer.data["node"] is None:
            code = answer.codes[0] if answer.codes else "NOT_FOUND"
            return dict.fromkeys(permissions.fields, code)
        can: dict[str, Any] = answer.data["node"]["viewerCan"]
        return {verb: "> yes" if each["allowed"] else each["code"] for verb, each in can.items()}

    async def tries(self, asker: SignedIn, verb: str, id: str) -> str:
        """Have somebody try a verb; return the code with which it is refused."""
        root = SCHEMA.mutation_type
        assert root is not None
        type_ = get_named_type(root.fields[verb].args["input"].type)
        given = input_of(
            type_, {id[:4]: id}, self.actors["VOTER"].person.public_id, required_only=True
        )
        answer = await asker.do(verb, **given)
        return answer.codes[0] if answer.codes else (answer.refusals or ["> yes"])[0]

    def printed(self, file: str = "test_vote_machine.py") -> str:
        """Print the table; `file` is the test that it is of."""
        lines = [f"# Reviewed. Regenerate: pytest tests/{file} --review", ""]
        for title, fates in sorted(self.fates.items()):
            states = list(dict.fromkeys(state for told in fates.values() for state in told))
            lines.append(title)
            rows = {who: [told.get(state, "") for state in states] for who, told in fates.items()}
            lines += [*print_verb(states, rows), ""]
        return "\n".join(lines)


async def live_of_a_poll(machine: Machine) -> None:
    """Ask in each state of a poll."""
    assembly = machine.assembly
    board = encode_id(assembly.place.boards["neighbours"], "brd_")
    ids: list[str] = []
    for _ in "12":
        started = await machine.actors["AUTHOR"].do(
            "startPoll", "vote { id }", boardId=board, question="路灯", method="PROPOSAL",
            opensAt=OPENS.isoformat(), closesAt=CLOSES.isoformat(), idempotencyKey=key(),
        )  # fmt: skip
        ids.append(started.payload["vote"]["id"])
    poll, void = ids
    await machine.ask("poll:", poll, "DRAFT")
    await assembly.at(OPENS)
    await machine.ask("poll:", poll, "OPEN")
    await assembly.does(machine.actors["AUTHOR"], "voidPoll", voteId=void, reason="写错了")
    await machine.ask("poll:", void, "VOID")
    await assembly.at(CLOSES)
    await machine.ask("poll:", poll, "CLOSED")


ENDINGS = ("ANNULLED", "ORDERED_TO_CORRECT", "REVOKED")


async def live_of_a_decision(machine: Machine, body: str) -> None:
    """Ask in each state of a meeting of this body, its matters, and the objections to them."""
    assembly = machine.assembly
    staff, secretary = assembly.staff, assembly.secretary
    meeting = (await assembly.draft(ruleCode=body)).payload["meeting"]["id"]
    *votes, void, dropped = [
        (await assembly.add(meeting, matter=BODIES[body])).payload["vote"]["id"] for _ in range(6)
    ]
    vote = votes[0]
    await machine.ask(f"{body}: meeting", meeting, "DRAFT")
    await machine.ask(f"{body}: decision", vote, "DRAFT")
    newcomer = machine.actors["NEWCOMER"].person.public_id
    listed = [each.person.public_id for each in assembly.residents]
    listed += [each.person.public_id for each in (staff, secretary, *machine.others)]
    assert newcomer not in listed
    await assembly.does(staff, "setMeetingRoll", meetingId=meeting, addIds=listed)
    await assembly.does(staff, "noticeMeeting", meetingId=meeting)
    await machine.ask(f"{body}: meeting", meeting, "NOTICED")
    await machine.ask(f"{body}: decision", vote, "NOTICED")
    objection = await objects(machine, "objectToRoll", meetingId=meeting)
    await machine.ask(f"{body}: objection to the roll", objection, "OPEN")
    await assembly.does(
        secretary, "decideObjection", objectionId=objection, decision="DISMISS", reason="已核对"
    )
    await machine.ask(f"{body}: objection to the roll", objection, "DISMISSED")
    await assembly.at(OPENS)
    await machine.ask(f"{body}: meeting", meeting, "NOTICED, and open")
    await machine.ask(f"{body}: decision", vote, "OPEN")
    await assembly.does(staff, "voidDecision", voteId=void, reason="写错了")
    await machine.ask(f"{body}: decision", void, "VOID")
    for each in (*votes, dropped):
        await assembly.votes(each, YES)
    await assembly.at(HELD + HOUR)
    await assembly.came(meeting, *assembly.residents)
    await machine.ask(f"{body}: meeting", meeting, "NOTICED, and held")
    await assembly.at(CLOSES)
    await machine.ask(f"{body}: decision", vote, "CLOSED")
    for each in (*votes, dropped):
        await assembly.does(staff, "tallyDecision", voteId=each)
    await machine.ask(f"{body}: decision", vote, "TALLIED")
    if body == "RM_PERSON":
        await assembly.certify(vote, secretary)
        await machine.ask(f"{body}: decision", vote, "TALLIED, and one seat certified")
        for each in (*votes[1:], dropped):
            await assembly.certify(each, secretary)
    for each in (*votes, dropped):
        await assembly.certify(each, machine.actors["CERTIFIER"])
    await machine.ask(f"{body}: decision", vote, "PUBLISHED")
    objection = await objects(machine, "objectToResult", voteId=dropped)
    await machine.ask(f"{body}: objection to a result", objection, "OPEN")
    await assembly.does(
        machine.actors["SUPERVISOR"], "decideObjection", objectionId=objection, decision="SUSTAIN",
        reason="名单有误",
    )  # fmt: skip
    await machine.ask(f"{body}: objection to a result", objection, "SUSTAINED")
    until = (await assembly.sees(staff, vote))["objectionsUntil"]
    await assembly.at(datetime.fromisoformat(until) + DAY)
    await machine.ask(f"{body}: decision", vote, "FINAL")
    for ending, each in zip(ENDINGS, votes, strict=False):
        await assembly.does(
            secretary, "overturnDecision", voteId=each, ending=ending, reason="法院判决"
        )
        await machine.ask(f"{body}: decision", each, ending)


async def objects(machine: Machine, verb: str, **given: Any) -> str:
    """Have somebody object; return the objection's id."""
    made = await machine.actors["OBJECTOR"].do(
        verb, "objection { id }", body="名单有误", idempotencyKey=key(), **given
    )
    return made.payload["objection"]["id"]


async def live_of_a_secret_poll(machine: Machine, folder: Path) -> None:
    """Ask in each state of a secret poll, whose programs keep the keys."""
    assembly = machine.assembly
    here = Neighbours(assembly.hall, folder)
    here.place, here.author = assembly.place, machine.actors["AUTHOR"]
    here.client = here.author._client
    here.programs = here.machines()
    board = encode_id(assembly.place.boards["neighbours"], "brd_")
    poll, void = [
        (await here.start(boardId=board, opensAt=OPENS.isoformat(), closesAt=CLOSES.isoformat()))
        .payload["vote"]["id"]
        for _ in "12"
    ]  # fmt: skip
    await machine.ask("secret poll:", poll, "DRAFT")
    await here.count()
    await assembly.at(OPENS)
    await machine.ask("secret poll:", poll, "OPEN")
    await assembly.does(machine.actors["AUTHOR"], "voidPoll", voteId=void, reason="写错了")
    await machine.ask("secret poll:", void, "VOID")
    await here.voted(here.author, poll, 1, 0, 0)
    await assembly.at(CLOSES)
    await machine.ask("secret poll:", poll, "COUNTING")
    await here.count()
    await machine.ask("secret poll:", poll, "CLOSED")


async def live_of_a_secret_decision(machine: Machine, council: Council) -> None:
    """Ask in each state of a secret decision, whose scrutineers are members."""
    what = "RM_PERSON, secret: decision"
    staff = council.staff
    meeting, vote = await council.matter()
    await machine.ask(what, vote, "DRAFT")
    three = await council.appointed(vote)
    await council.does(staff, "noticeMeeting", meetingId=meeting)
    await machine.ask(what, vote, "NOTICED")
    await council.show_keys(vote, three)
    await council.at(OPENS)
    await machine.ask(what, vote, "OPEN")
    for who in council.residents:
        await council.cast(who, vote, *YES)
    await council.at(HELD + HOUR)
    await council.came(meeting, staff, *council.residents)
    await council.at(CLOSES)
    await machine.ask(what, vote, "CLOSED")
    await council.does(staff, "tallyDecision", voteId=vote)
    await machine.ask(what, vote, "COUNTING")
    for each in council.keys[:2]:
        assert await council.machine.open_all(each)
    await machine.ask(what, vote, "TALLIED")
    await council.certify(vote)
    await machine.ask(what, vote, "PUBLISHED")
    until = (await council.sees(staff, vote))["objectionsUntil"]
    await council.at(datetime.fromisoformat(until) + DAY)
    await machine.ask(what, vote, "FINAL")


async def live_of_a_cancelled_meeting(machine: Machine) -> None:
    """Ask about a meeting that was cancelled."""
    meeting, _ = await machine.assembly.noticed()
    await machine.assembly.does(
        machine.assembly.staff, "cancelMeeting", meetingId=meeting, reason="改期"
    )
    await machine.ask("RM_PERSON: meeting", meeting, "CANCELLED")


async def live_of_an_authorisation(machine: Machine) -> None:
    """Ask about what representatives may decide, while it holds and once it is revoked."""
    made = await machine.assembly.secretary.do(
        "recordAuthorisation", "authorisation { id }", matters=["RESIDENT_PACT"],
        document="居民会议第3号决定", decidedOn="2026-12-01", idempotencyKey=key(),
    )  # fmt: skip
    given = made.payload["authorisation"]["id"]
    await machine.ask("authorisation", given, "GIVEN")
    await machine.assembly.does(
        machine.assembly.secretary, "revokeAuthorisation", authorisationId=given, reason="收回"
    )
    await machine.ask("authorisation", given, "REVOKED")


async def test_every_state_verb_actor_and_body(
    hall: House, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    machine = await Machine(await Assembly(hall).settle()).settle()
    await live_of_a_poll(machine)
    machine = await Machine(await Assembly(hall).settle(), machine.fates).settle()
    await live_of_a_secret_poll(machine, tmp_path)
    council = Council(hall, tmp_path)
    machine = await Machine(await council.settle(), machine.fates).settle()
    await live_of_a_secret_decision(machine, council)
    for body in BODIES:
        machine = await Machine(await Assembly(hall).settle(), machine.fates).settle()
        if body == "RC":
            await machine.assembly.confirm(body)
        await live_of_a_decision(machine, body)
    machine = await Machine(await Assembly(hall).settle(), machine.fates).settle()
    await live_of_a_cancelled_meeting(machine)
    await live_of_an_authorisation(machine)
    found = machine.printed()
    if request.config.getoption("--review"):
        REVIEWED.write_text(found)
    assert found == REVIEWED.read_text(), "review the change, then run with --review"
    verbs = {title.rpartition(" ")[2] for title in machine.fates}
    permissions = [SCHEMA.type_map[f"{each}Permissions"] for each in PARTS.values()]
    assert verbs == {verb for each in permissions for verb in each.fields}  # type: ignore[attr-defined] # objects
