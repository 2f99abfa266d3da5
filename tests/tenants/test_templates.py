"""Answers kept for use again: of a committee, a street, the district, a department; each its own."""

from typing import Any

import pytest

from tests.conftest import SignIn
from tests.street import SECRETARY, STAFF, Make, Person, SignedIn, key

LISTED = "{ answerTemplates(first: 50) { totalCount nodes { id name body } } }"
ROWS = "select to_jsonb(t) from tenant.answer_template t order by id"
DESKS = ("COMMITTEE", "OTHER_COMMITTEE", "STREET", "OTHER_STREET", "DISTRICT", "HANDLER")


async def create(who: SignedIn, name: str, **given: Any) -> Any:
    """Keep an answer."""
    wanted = {"name": name, "body": "收到，三日内答复。", "idempotencyKey": key(), **given}
    return await who.do("createAnswerTemplate", "template { id name body }", **wanted)


async def names(who: SignedIn) -> list[str]:
    """Return what somebody lists."""
    page = (await who.run(LISTED)).data["answerTemplates"]
    assert page["totalCount"] == len(page["nodes"])
    return [node["name"] for node in page["nodes"]]


@pytest.fixture
async def people(make: Make, signed_in: SignIn) -> dict[str, SignedIn]:
    """Give who sits at each kind of desk, and beside it."""
    elm, oak = await make.community(), await make.community()
    away = 310113102 if elm.street_id != 310113102 else 310113003
    desks: dict[str, Person] = {
        "COMMITTEE": await make.member(elm, *STAFF),
        "OTHER_COMMITTEE": await make.member(oak, *SECRETARY),
        "STREET": await make.officer(elm.street_id),
        "OTHER_STREET": await make.officer(away),
        "DISTRICT": await make.officer(),
        "HANDLER": await make.officer(department=await make.department(elm.street_id)),
        "RESIDENT": await make.member(elm),
    }
    return {who: signed_in(person) for who, person in desks.items()}


async def test_each_desk_has_its_own(people: dict[str, SignedIn], make: Make) -> None:
    before = {who: await names(people[who]) for who in DESKS}
    made = {who: await create(people[who], f"模板{key()}") for who in DESKS}
    assert {who: answer.refusals for who, answer in made.items()} == {who: [] for who in DESKS}
    for who in DESKS:
        own = made[who].payload["template"]
        assert await names(people[who]) == [*before[who], own["name"]]
        for other in set(DESKS) - {who}:
            seen = "query ($id: ID!) { node(id: $id) { id } }"
            assert (await people[other].run(seen, id=own["id"])).data["node"] is None
            refused = await people[other].do("deleteAnswerTemplate", templateId=own["id"])
            assert refused.refusals == ["NOT_FOUND"]
        assert await names(people[who]) == [*before[who], own["name"]], "nobody else deleted it"
        mine = await people[who].do("deleteAnswerTemplate", "template { id }", templateId=own["id"])
        assert mine.payload == {"template": None, "userErrors": []}
        assert await names(people[who]) == before[who]
    async with make.district() as connection:
        told = await connection.fetch(
            "select action from district.audit_entry where actor_id = $1 order by seq",
            people["STREET"].person.id,
        )
    assert [row["action"] for row in told] == ["template.created", "template.deleted"]


async def test_a_desk_has_one_of_a_name_and_a_retry_is_the_same(
    people: dict[str, SignedIn],
) -> None:
    name, again = f"模板{key()}", key()
    for who in DESKS:  # the same name at every desk
        first = await create(people[who], name, idempotencyKey=again)
        assert first.refusals == []
        retried = await create(people[who], name, idempotencyKey=again)
        assert retried.payload == first.payload
        assert (await create(people[who], name)).refusals == ["ALREADY_DONE"]
        other = await create(people[who], f"{name}二", idempotencyKey=again)
        assert other.refusals == ["IDEMPOTENCY_MISMATCH"]
        assert [each for each in await names(people[who]) if each.startswith(name)] == [name]


async def test_colleagues_share_and_residents_have_none(
    people: dict[str, SignedIn], make: Make, signed_in: SignIn
) -> None:
    name = f"模板{key()}"
    await create(people["STREET"], name)
    colleague = await make.officer(people["STREET"].person.street_id)
    assert name in await names(signed_in(colleague))
    assert (await people["RESIDENT"].run(LISTED)).codes == ["FORBIDDEN"]
    assert (await create(people["RESIDENT"], name)).codes == ["FORBIDDEN"]
