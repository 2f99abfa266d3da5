"""Every (state, verb, actor, kind) of pacts, suggestions and signatures is as reviewed.

Each kind is taken through its states by its own verbs. In each state everyone asks what they may do
(`viewerCan`), and then tries what they may not: they are told the same, and nothing changes. It runs on one
PostgreSQL.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import pytest

from api.settings import Settings
from tenants.embedded import Cluster
from tests.assembly import NO
from tests.clockwork import House, house
from tests.pacts_hall import CHECKLIST, EVERYTHING, STAIRS, PactsHall
from tests.paths import SCHEMA
from tests.street import key
from tests.test_vote_machine import Machine

pytestmark = pytest.mark.once
REVIEWED = Path(__file__).parent / "pacts.txt"
PARTS = {"pct_": "Pact", "psg_": "PactSuggestion", "psn_": "PactSignature"}


@pytest.fixture(scope="module")
async def hall(
    settings: Settings, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[House]:
    """A server for this file only, whose clock the tests set."""
    folder = tmp_path_factory.mktemp("pact_machine")
    async with house(settings, cluster, folder, "pact_machine", 60) as opened:
        yield opened


@dataclass
class PactMachine(Machine):
    """A community whose actors are asked in each state of its pacts."""

    async def settle(self) -> "PactMachine":
        """Have more people move in: whoever is next to those that act."""
        await super().settle()
        self.actors["STREET"] = self.hall.street
        return self

    @property
    def hall(self) -> PactsHall:
        """The community."""
        assert isinstance(self.assembly, PactsHall)
        return self.assembly


async def machine_in(hall: House, earlier: PactMachine | None = None) -> PactMachine:
    """Return a machine in a community of its own, which adds to the table of an earlier one."""
    fates = {} if earlier is None else earlier.fates
    return await PactMachine(await PactsHall(hall).settle(), fates, PARTS, EVERYTHING).settle()


async def live_to_the_vote(machine: PactMachine) -> str:
    """Ask in each state of a residents' pact until a vote rejects it; return the pact."""
    pacts, staff, kind = machine.hall, machine.assembly.staff, "RESIDENTS_PACT:"
    cancelled = await pacts.start()
    await machine.ask(kind, cancelled, "SOLICITING")
    await pacts.does(staff, "cancelPact", pactId=cancelled, reason="暂缓")
    await machine.ask(kind, cancelled, "CANCELLED")
    pact = await pacts.start()
    await pacts.does(staff, "draftPact", pactId=pact)
    await machine.ask(kind, pact, "DRAFTING")
    await pacts.publish(pact, STAIRS)
    await machine.ask(kind, pact, "PUBLISHED")
    author = machine.actors["AUTHOR"]
    open_, adopted, withdrawn = [await pacts.suggest(pact, author) for _ in range(3)]
    await machine.ask("suggestion", open_, "OPEN")
    await pacts.decide(open_, "DECLINE")
    await machine.ask("suggestion", open_, "DECLINED")
    await pacts.does(author, "withdrawPactSuggestion", suggestionId=withdrawn)
    await machine.ask("suggestion", withdrawn, "WITHDRAWN")
    await pacts.does(staff, "draftPact", pactId=pact)
    await pacts.decide(adopted, "CARRY_OVER")
    await machine.ask("suggestion", adopted, "CARRIED_OVER")
    await pacts.publish(pact, STAIRS)
    await pacts.decide(adopted, "DECLINE")
    await pacts.does(staff, "submitPactForReview", pactId=pact)
    await machine.ask(kind, pact, "UNDER_REVIEW")
    await pacts.does(
        pacts.street, "decidePactReview", pactId=pact, decision="RETURN", checklist=CHECKLIST,
        reason="请补充",
    )  # fmt: skip
    await machine.ask(kind, pact, "RETURNED")
    await pacts.publish(pact, STAIRS)
    await pacts.reviewed(pact)
    await machine.ask(kind, pact, "REVIEWED")
    meeting, vote = await pacts.matter()
    await pacts.does(staff, "submitPactToVote", pactId=pact, voteId=vote)
    await machine.ask(kind, pact, "ON_VOTE")
    await pacts.decided(meeting, vote, NO)
    await pacts.does(staff, "concludePactVote", pactId=pact)
    await machine.ask(kind, pact, "REJECTED")
    return pact


async def live_to_the_end(machine: PactMachine, pact: str) -> None:
    """Ask in each state of a residents' pact that is adopted, and in each of its ends."""
    pacts, staff, kind = machine.hall, machine.assembly.staff, "RESIDENTS_PACT:"
    await pacts.publish(pact, STAIRS)
    await pacts.reviewed(pact)
    await pacts.adopts(pact)
    await machine.ask(kind, pact, "ADOPTED")
    await pacts.files(pact)
    await machine.ask(kind, pact, "FILED")
    await pacts.at(pacts.day)
    await machine.ask(kind, pact, "IN_FORCE")
    later = await pacts.in_force(STAIRS, amendsId=pact)
    await machine.ask(kind, pact, "SUPERSEDED")
    await pacts.does(pacts.street, "orderPactCorrection", pactId=later, reason="第一条不符合法律")
    await machine.ask(kind, later, "ORDERED_TO_CORRECT")
    last = await pacts.in_force(STAIRS, amendsId=later)
    meeting, vote = await pacts.matter(question="废止")
    await pacts.does(staff, "submitPactRepeal", pactId=last, voteId=vote)
    await pacts.decided(meeting, vote)
    await pacts.does(staff, "repealPact", pactId=last, reason="已有新规")
    await machine.ask(kind, last, "REPEALED")
    annulled = await pacts.adopted()
    vote = (await pacts.pact(annulled))["matters"]["nodes"][0]["vote"]["id"]
    await pacts.does(
        pacts.secretary, "overturnDecision", voteId=vote, ending="ANNULLED", reason="法院判决"
    )
    await pacts.does(staff, "concludePactVote", pactId=annulled)
    await machine.ask(kind, annulled, "ANNULLED")


async def live_of_a_buildings_pact(machine: PactMachine) -> None:
    """Ask in each state of a building's pact, and of its signatures."""
    pacts, staff, kind = machine.hall, machine.assembly.staff, "BUILDING_PACT:"
    pact = await pacts.start("BUILDING_PACT", building="3号楼")
    await machine.ask(kind, pact, "DRAFTING")
    await pacts.publish(pact, STAIRS)
    await machine.ask(kind, pact, "PUBLISHED")
    author = machine.actors["AUTHOR"]
    made = await author.do("signPact", "signature { id }", pactId=pact)
    signature = made.payload["signature"]["id"]
    await machine.ask("signature online", signature, "VALID")
    paper = await staff.do(
        "recordPactSignature", "signature { id }", pactId=pact, building="3号楼", room="601",
        idempotencyKey=key(),
    )  # fmt: skip
    paper_id = paper.payload["signature"]["id"]
    await machine.ask("signature on paper", paper_id, "PENDING")
    await pacts.does(pacts.secretary, "confirmPactSignature", signatureId=paper_id)
    await machine.ask("signature on paper", paper_id, "VALID")
    await pacts.does(staff, "concludePact", pactId=pact)
    await machine.ask(kind, pact, "IN_FORCE")
    await pacts.does(author, "withdrawPactSignature", signatureId=signature)
    await machine.ask("signature online", signature, "WITHDRAWN")
    await pacts.does(staff, "repealPact", pactId=pact, reason="各户商定")
    await machine.ask(kind, pact, "REPEALED")


async def live_of_an_owners_pact(machine: PactMachine) -> None:
    """Ask in the states in which an owners' pact differs: nobody reviews it before its vote."""
    pacts = machine.hall
    area = await pacts.staff.do(
        "createPropertyArea", "area { id }", name="幸福小区", idempotencyKey=key()
    )
    pact = await pacts.start("MANAGEMENT_PACT", propertyAreaId=area.payload["area"]["id"])
    await machine.ask("MANAGEMENT_PACT:", pact, "DRAFTING")
    await pacts.publish(pact, STAIRS)
    await machine.ask("MANAGEMENT_PACT:", pact, "PUBLISHED")


async def test_every_state_verb_actor_and_kind(hall: House, request: pytest.FixtureRequest) -> None:
    machine = await machine_in(hall)
    pact = await live_to_the_vote(machine)
    await live_to_the_end(machine, pact)
    machine = await machine_in(hall, machine)
    await live_of_a_buildings_pact(machine)
    await live_of_an_owners_pact(machine)
    found = machine.printed("test_pact_machine.py")
    if request.config.getoption("--review"):
        REVIEWED.write_text(found)
    assert found == REVIEWED.read_text(), "review the change, then run with --review"
    verbs = {title.rpartition(" ")[2] for title in machine.fates}
    permissions = [SCHEMA.type_map[f"{each}Permissions"] for each in PARTS.values()]
    assert verbs == {verb for each in permissions for verb in each.fields}  # type: ignore[attr-defined] # objects
