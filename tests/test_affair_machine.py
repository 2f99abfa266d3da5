"""Every (state, verb, actor, kind of community) of open affairs, as reviewed.

Each procedure is taken through its states by its own verbs and clocks. In each state everyone asks what
they may do (`viewerCan`), and then tries what they may not: they are told the same, and nothing changes.
It runs on one PostgreSQL.
"""

from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from typing import Any

import pytest
from graphql import get_named_type

from api.settings import Settings
from tests.affairs_hall import EVERYTHING, NOON, Hall
from tests.clockwork import House, at, house
from tests.paths import SCHEMA
from tests.reviewed import print_verb
from tests.street import SignedIn
from tests.test_isolation import input_of

pytestmark = pytest.mark.once
REVIEWED = Path(__file__).parent / "affairs.txt"
PARTS = {
    "obl_": "Obligation", "aff_": "OpenAffair", "afq_": "AffairQuestion", "afc_": "AffairComplaint",
}  # fmt: skip
AWAY = 310113007  # a street that the first communities are not in
# what is tried, verb by verb: actor → state → fate
Fates = dict[str, dict[str, dict[str, str]]]


@pytest.fixture(scope="module")
async def opened(
    settings: Settings, cluster: Any, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[House]:
    """A server for this file only, whose clock the tests set."""
    folder = tmp_path_factory.mktemp("affair_machine")
    async with house(settings, cluster, folder, "affair_machine", 60) as made:
        yield made


class Machine:
    """A community whose people are asked in each state; `fates` is what each may do."""

    def __init__(self, hall: Hall, kind: str, fates: Fates) -> None:
        self.hall, self.kind, self.fates = hall, kind, fates

    async def settle(self) -> "Machine":
        """Have the people move in."""
        hall = await self.hall.settle(self.kind)
        make, signed_in = hall.house.make, hall.house.signed_in
        self.actors: dict[str, SignedIn] = {
            "AUTHOR": hall.resident,
            "NEIGHBOUR": hall.neighbour,
            "DRAFTER": hall.staff,
            "COLLEAGUE": hall.colleague,
            "SECRETARY": hall.secretary,
            "SUPERVISOR": hall.supervisor,
            "GUEST": signed_in(await make.applicant(hall.place, "SUSPENDED")),
            "NEXT_DOOR": signed_in(await make.member(await make.community())),
            "APP": signed_in(await make.app(hall.place)),
            "STREET": hall.street,
            "STREET_AWAY": signed_in(await make.officer(AWAY)),
            "DISTRICT": signed_in(await make.officer()),
        }
        return self

    async def ask(self, what: str, id: str, state: str) -> None:
        """Ask everyone what they may do to a row in a state, and try what is refused."""
        before = await self.hall.house.make.rows(self.hall.place, EVERYTHING)
        for actor, asker in self.actors.items():
            for verb, fate in (await self._may(asker, PARTS[id[:4]], id)).items():
                table = self.fates.setdefault(f"{self.kind}: {what} {verb}", {})
                table.setdefault(actor, {})[state] = fate
                if fate != "> yes":
                    told = await self._tries(asker, verb, id)
                    # whoever lacks the scope is told that first, of a row that they do not see too
                    is_unseen = (fate, told) == ("NOT_FOUND", "FORBIDDEN")
                    assert told == fate or is_unseen, (what, verb, actor, state, told)
        after = await self.hall.house.make.rows(self.hall.place, EVERYTHING)
        assert [tuple(row) for row in after] == [tuple(row) for row in before]

    async def _may(self, asker: SignedIn, type_: str, id: str) -> Mapping[str, str]:
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

    async def _tries(self, asker: SignedIn, verb: str, id: str) -> str:
        root = SCHEMA.mutation_type
        assert root is not None
        type_ = get_named_type(root.fields[verb].args["input"].type)
        # a verb on rows of two kinds names them in one field
        ids = {"aff_": id} if verb == "complainAboutAffair" else {id[:4]: id}
        answer = await asker.do(verb, **input_of(type_, ids, "", required_only=True))
        return answer.codes[0] if answer.codes else (answer.refusals or ["> yes"])[0]

    async def live(self) -> None:
        """Ask in each state of what is owed, posted, asked and complained about."""
        hall = self.hall
        await hall.at(NOON)
        if self.kind == "VILLAGE":
            (finance,) = await hall.owed(code="FINANCE")
            await self.ask("item owed", finance["id"], "DUE")
        (meeting,) = await hall.owed(code="FULL_MEETING")
        await self.ask("meeting owed", meeting["id"], "DUE")
        draft, other = await hall.drafted(), await hall.drafted()
        await self.ask("item", draft, "DRAFT")
        objection = await hall.asks(other, "objectToAffair", hall.supervisor)
        await self.ask("item", other, "DRAFT, objected to")
        await self.ask("objection", objection, "OPEN")
        await hall.does(hall.staff, "returnAffair", affairId=other, reason="少列一笔")
        await self.ask("item", other, "RETURNED")
        await hall.does(hall.colleague, "confirmAffair", affairId=draft)
        await self.ask("item", draft, "POSTED")
        question, complaint = await hall.asks(draft), await hall.complains(draft)
        await self.ask("question", question, "OPEN")
        await self.ask("complaint", complaint, "OPEN")
        await hall.at(at("2027-01-01", "00:00"))
        await self.ask("item", draft, "POSTED for 15 days")
        await self.ask("question", question, "OVERDUE")
        await self.ask("complaint", complaint, "OVERDUE")
        await self.ask("meeting owed", meeting["id"], "OVERDUE")
        await hall.does(hall.staff, "answerAffairQuestion", questionId=question, answer="三万元")
        await self.ask("question", question, "ANSWERED")
        await hall.does(hall.staff, "withdrawAffair", affairId=draft, reason="过时")
        await self.ask("item", draft, "WITHDRAWN")
        await hall.does(hall.staff, "recordObligation", obligationId=meeting["id"], note="已开")
        await self.ask("meeting owed", meeting["id"], "MET")
        if self.kind == "VILLAGE":
            (finance, *_) = await hall.owed(code="FINANCE")
            await self.ask("item owed", finance["id"], "OVERDUE")
            await hall.posted(code="FINANCE", obligationId=finance["id"])
            await self.ask("item owed", finance["id"], "MET")
        for decision in ("UPHOLD", "DISMISS"):
            await hall.does(
                hall.street, "decideAffairComplaint", complaintId=complaint, decision=decision,
                reason="经核对",
            )  # fmt: skip
            await self.ask(
                "complaint", complaint, "UPHELD" if decision == "UPHOLD" else "DISMISSED"
            )
            if decision == "UPHOLD":
                complaint = await hall.complains(draft)

    def printed(self) -> str:
        """Print the table."""
        lines = ["# Reviewed. Regenerate: pytest tests/test_affair_machine.py --review", ""]
        for title, fates in sorted(self.fates.items()):
            states = list(dict.fromkeys(state for told in fates.values() for state in told))
            lines.append(title)
            rows = {who: [told.get(state, "") for state in states] for who, told in fates.items()}
            lines += [*print_verb(states, rows), ""]
        return "\n".join(lines)


async def test_every_state_verb_actor_and_kind(
    opened: House, request: pytest.FixtureRequest
) -> None:
    fates: Fates = {}
    for kind in ("RESIDENTIAL", "VILLAGE"):
        machine = await Machine(Hall(opened), kind, fates).settle()
        await machine.live()
    found = machine.printed()
    if request.config.getoption("--review"):
        REVIEWED.write_text(found)
    assert found == REVIEWED.read_text(), "review the change, then run with --review"
    verbs = {title.rpartition(" ")[2] for title in fates}
    permissions = [SCHEMA.type_map[f"{each}Permissions"] for each in PARTS.values()]
    assert verbs == {verb for each in permissions for verb in each.fields}  # type: ignore[attr-defined] # objects
