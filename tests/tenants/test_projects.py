"""Projects: planned for a resolution, with money that is attested, milestones and an evaluation."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from api.settings import Settings
from tenants.embedded import Cluster
from tenants.projects.words import ProjectState, SpendingState
from tests.assembly import DAY, NOON
from tests.clockwork import House, house
from tests.deliberation import Deliberation
from tests.paths import SCHEMA
from tests.street import STAFF, Answer, key
from tests.test_isolation import everything
from tests.test_vote_machine import Machine

pytestmark = pytest.mark.once
REVIEWED = Path(__file__).parents[1] / "projects.txt"
PARTS = {"prj_": "Project", "mst_": "Milestone", "spd_": "Spending"}
_TABLES = (
    "project",
    "project_event",
    "project_fund",
    "milestone",
    "spending",
    "project_evaluation",
)
EVERYTHING = "select (select count(*) from tenant.audit_entry), " + ", ".join(
    f"(select jsonb_agg(to_jsonb(t) order by t::text) from tenant.{table} t)::text"
    for table in _TABLES
)
PLAN: dict[str, Any] = {
    "title": "建车棚", "body": "在空地建车棚。",
    "funds": [
        {"source": "SELF_GOVERNANCE_FUND", "amount": 300_000},
        {"source": "UNIT", "amount": 200_001, "giver": "物业公司"},
    ],
    "milestones": [
        {"title": "划线", "dueOn": "2027-01-10"}, {"title": "安装", "dueOn": "2027-02-10"},
    ],
}  # fmt: skip
PROJECT = """id state budget spent progressPercent milestones { id reachedAt images { width } }
  origin { kind node { id } } events(first: 20) { nodes { action } }"""


class Site(Deliberation):
    """It is a community that carries a resolution out."""

    topic_id = ""

    async def resolved(self) -> "Site":
        """Have a topic resolved on."""
        await self.settle()
        self.topic_id = await self.on_agenda()
        await self.solicit(self.topic_id)
        hearing = await self.hear(self.topic_id)
        assert (await self.resolve(self.topic_id, hearing)).refusals == []
        return self

    async def plan(self, **given: Any) -> Answer:
        """Plan a project."""
        return await self.staff.do(
            "planProject", "project { id milestones { id } }",
            **{"topicId": self.topic_id, **PLAN, "idempotencyKey": key(), **given},
        )  # fmt: skip

    async def project(self, id: str) -> dict[str, Any]:
        """Return what a resident sees of a project."""
        query = f"query ($id: ID!) {{ node(id: $id) {{ ... on Project {{ {PROJECT} }} }} }}"
        return (await self.residents[6].run(query, id=id)).data["node"]

    async def spend(self, project: str, **given: Any) -> Answer:
        """Enter a spending."""
        return await self.staff.do(
            "recordSpending", "spending { id state }",
            **{
                "projectId": project, "source": "UNIT", "amount": 100_000, "spentOn": "2026-12-08",
                "purpose": "车架", "payee": "五金店", "idempotencyKey": key(), **given,
            },
        )  # fmt: skip

    async def refuses(self, work: Any) -> str:
        """Assert that something is refused and changes nothing; return its code and message."""
        before = await everything(self.hall.make, self.place)
        answer: Answer = await work
        assert await everything(self.hall.make, self.place) == before
        (payload,) = answer.data.values()
        (error,) = payload["userErrors"]
        return f"{error['code']} {error['message']}"


@pytest.fixture(scope="module")
async def hall(
    settings: Settings, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[House]:
    """A server for this file only, whose clock the tests set."""
    folder = tmp_path_factory.mktemp("projects")
    async with house(settings, cluster, folder, "projects", 20) as opened:
        yield opened


async def test_a_project_is_planned_paid_for_completed_and_judged(hall: House) -> None:
    site = await Site(hall).resolved()
    made = (await site.plan()).payload["project"]
    project, (first, second) = made["id"], [each["id"] for each in made["milestones"]]
    assert (await site.refuses(site.spend(project))).startswith("WRONG_STATE")
    await site.does(site.staff, "startProject", projectId=project)

    for wrong, code in (
        ({"amount": 0}, "INVALID"), ({"amount": 200_002}, "INVALID 超出该来源的余额（200001 分）"),
        ({"source": "STREET"}, "INVALID 超出该来源的余额（0 分）"),
        ({"spentOn": "2027-01-01"}, "INVALID"), ({"payee": "店" * 61}, "TOO_LONG"),
    ):  # fmt: skip
        assert (await site.refuses(site.spend(project, **wrong))).startswith(code), wrong
    spending = (await site.spend(project)).payload["spending"]["id"]
    over = site.spend(project, amount=100_002)
    assert (await site.refuses(over)).startswith("INVALID 超出该来源的余额（100001 分）")
    attest = {"spendingId": spending}
    assert (await site.refuses(site.staff.do("attestSpending", **attest))).startswith("FORBIDDEN")
    await site.does(site.secretary, "attestSpending", **attest)
    again = site.secretary.do("attestSpending", **attest)
    assert (await site.refuses(again)).startswith("ALREADY_DONE")
    assert (await site.project(project))["spent"] == 0
    await site.does(site.supervisor, "attestSpending", **attest)
    assert (await site.project(project))["spent"] == 100_000
    late = site.staff.do("voidSpending", **attest, reason="重复")
    assert (await site.refuses(late)).startswith("WRONG_STATE")

    unfinished = site.staff.do("completeProject", projectId=project, report="已建成")
    assert (await site.refuses(unfinished)).startswith("WRONG_STATE 还有节点未完成")
    await site.does(site.staff, "recordMilestone", milestoneId=first, note="已划线")
    assert (await site.project(project))["progressPercent"] == 50
    twice = site.staff.do("recordMilestone", milestoneId=first, note="已划线")
    assert (await site.refuses(twice)).startswith("ALREADY_DONE")
    await site.does(site.staff, "recordMilestone", milestoneId=second, note="已安装")
    other = (await site.spend(project, amount=1)).payload["spending"]["id"]
    waiting = site.staff.do("completeProject", projectId=project, report="已建成")
    assert (await site.refuses(waiting)).startswith("WRONG_STATE 还有支出待证明")
    await site.does(site.staff, "voidSpending", spendingId=other, reason="重复")
    await site.does(site.staff, "completeProject", projectId=project, report="已建成")
    owed = await site.staff.run("{ community { obligations { nodes { code } } } }")
    assert {"code": "PROJECTS"} in owed.data["community"]["obligations"]["nodes"]
    await site.does(site.residents[0], "evaluateProject", projectId=project, satisfaction=5)
    twice = site.residents[0].do("evaluateProject", projectId=project, satisfaction=1)
    assert (await site.refuses(twice)).startswith("ALREADY_DONE")
    odd = site.residents[1].do("evaluateProject", projectId=project, satisfaction=0)
    assert (await site.refuses(odd)).startswith("INVALID")
    for _ in "12":
        await site.at(NOON + 20 * DAY)

    seen = await site.project(project)
    assert (seen["state"], seen["budget"], seen["progressPercent"]) == ("CLOSED", 500_001, 100)
    assert [each["kind"] for each in seen["origin"]] == [
        "TOPIC", "CONSULTATION", "RESOLUTION", "PROJECT",
    ]  # fmt: skip
    assert sorted(each["action"] for each in seen["events"]["nodes"]) == [
        "CLOSED", "COMPLETED", "MILESTONE_REACHED", "MILESTONE_REACHED", "PLANNED", "STARTED",
    ]  # fmt: skip
    assert not await hall.make.audit_faults(site.place)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"funds": []}, "REQUIRED"),
        ({"milestones": []}, "REQUIRED"),
        ({"funds": [{"source": "STREET", "amount": 0}]}, "INVALID"),
        ({"funds": [{"source": "STREET", "amount": 2_000_000_000}] * 2}, "INVALID"),
        ({"milestones": PLAN["milestones"] * 11}, "TOO_LONG"),
        ({"title": " "}, "REQUIRED"),
    ],
)
async def test_what_is_no_plan_is_refused(hall: House, wrong: dict[str, Any], code: str) -> None:
    site = await Site(hall).resolved()
    assert (await site.refuses(site.plan(**wrong))).startswith(code)


async def test_without_a_resolution_there_is_no_project(hall: House) -> None:
    site = Site(hall)
    await site.settle()
    site.topic_id = await site.on_agenda()
    assert (await site.refuses(site.plan())).startswith("WRONG_STATE 须先公开决议")


async def test_the_database_wants_two_others_to_attest(hall: House) -> None:
    site = await Site(hall).resolved()
    project = (await site.plan()).payload["project"]["id"]
    await site.does(site.staff, "startProject", projectId=project)
    spending = (await site.spend(project)).payload["spending"]["id"]
    assert spending
    for who in ("entered_by", "first_attested_by"):
        async with hall.make.inside(site.place.key) as connection:
            with pytest.raises(Exception, match="attested"):
                await connection.execute(
                    "update tenant.spending set first_attested_at = now(), first_attested_by = "
                    f"gen_random_uuid(), attested_at = now(), attested_by = {who}, state = 'ATTESTED'"
                )
            await connection.execute("rollback; begin")


async def test_every_state_verb_and_actor(hall: House, request: pytest.FixtureRequest) -> None:
    site = await Site(hall).resolved()
    make, signed_in = hall.make, hall.signed_in
    actors = {
        "VOTER": site.residents[2],
        "NEIGHBOUR": site.residents[6],
        "ENTERER": site.staff,
        "COLLEAGUE": signed_in(await make.member(site.place, *STAFF)),
        "SECRETARY": site.secretary,
        "SUPERVISOR": site.supervisor,
        "GUEST": signed_in(await make.applicant(site.place, "SUSPENDED")),
        "NEXT_DOOR": signed_in(await make.member(await make.community())),
        "APP": signed_in(await make.app(site.place)),
        "DISTRICT": signed_in(await make.officer()),
    }
    machine = Machine(site, parts=PARTS, everything=EVERYTHING)
    machine.actors = actors
    off, made = [(await site.plan()).payload["project"] for _ in "12"]
    project, milestones = made["id"], [each["id"] for each in made["milestones"]]
    await site.does(site.staff, "cancelProject", projectId=off["id"], reason="停办")
    await machine.ask("project:", off["id"], "CANCELLED")
    await machine.ask("project:", project, "PLANNED")
    await machine.ask("milestone:", milestones[0], "of a project that is PLANNED")
    await site.does(site.staff, "startProject", projectId=project)
    await machine.ask("project:", project, "UNDER_WAY")
    await machine.ask("milestone:", milestones[0], "of a project UNDER_WAY")
    spending, void = [(await site.spend(project)).payload["spending"]["id"] for _ in "12"]
    await machine.ask("spending:", spending, "ENTERED")
    await site.does(site.staff, "voidSpending", spendingId=void, reason="重复")
    await machine.ask("spending:", void, "VOIDED")
    await site.does(site.secretary, "attestSpending", spendingId=spending)
    await machine.ask("spending:", spending, "ENTERED, attested by the secretary")
    await site.does(site.supervisor, "attestSpending", spendingId=spending)
    await machine.ask("spending:", spending, "ATTESTED")
    for each in milestones:
        await site.does(site.staff, "recordMilestone", milestoneId=each, note="完成")
    await machine.ask("milestone:", milestones[0], "reached")
    await machine.ask("project:", project, "UNDER_WAY, all milestones reached")
    await site.does(site.staff, "completeProject", projectId=project, report="已建成")
    await machine.ask("project:", project, "COMPLETED")
    await site.does(site.residents[6], "evaluateProject", projectId=project, satisfaction=4)
    await machine.ask("project:", project, "COMPLETED, and judged by the neighbour")
    await site.at(NOON + 40 * DAY)
    await machine.ask("project:", project, "CLOSED")

    found = machine.printed("tenants/test_projects.py")
    if request.config.getoption("--review"):
        REVIEWED.write_text(found)
    assert found == REVIEWED.read_text(), "review the change, then run with --review"
    asked = {title.rpartition(" ")[2] for title in machine.fates}
    permissions = [SCHEMA.type_map[f"{each}Permissions"] for each in PARTS.values()]
    assert asked == {verb for each in permissions for verb in each.fields}  # type: ignore[attr-defined] # objects
    said = {state for fates in machine.fates.values() for told in fates.values() for state in told}
    assert all(
        any(state.value in each for each in said) for state in (*ProjectState, *SpendingState)
    )
