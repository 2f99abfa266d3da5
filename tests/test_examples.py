"""The examples: each works for each of its roles, and is refused for the others."""

from typing import Any

import httpx
import pytest

from tenants.scopes import Role
from tests.demonstration import Demonstration
from tests.examples import Example, examples

ROLES = ("RESIDENT", "COMMITTEE_MEMBER", "PARTY_SECRETARY", "DISTRICT_ADMIN", "DEPARTMENT_HANDLER")
EXAMPLES = examples()


class Asker:
    """It is one of the demo's people, as a client."""

    def __init__(self, demo: Demonstration, role: str) -> None:
        self._headers = {"authorization": f"Bearer {demo.token(role)}"}
        self._url = f"{demo.url}/graphql"

    def send(self, query: str, variables: Any = None) -> Any:
        """Return the whole answer."""
        sent = {"query": query, "variables": variables}
        return httpx.post(self._url, json=sent, headers=self._headers).json()

    def run(self, query: str) -> Any:
        """Return the data of a query that must succeed."""
        answer = self.send(query)
        assert "errors" not in answer, answer
        return answer["data"]


@pytest.fixture(scope="module")
def askers(demo: Demonstration) -> dict[str, Asker]:
    """Give all roles, signed in."""
    return {role: Asker(demo, role) for role in ROLES}


def test_every_role_has_examples() -> None:
    assert set(ROLES) <= set(Role)
    for role in ROLES:
        assert sum(role in each.roles for each in EXAMPLES) >= 2, role
    assert len(EXAMPLES) >= 20
    for each in EXAMPLES:
        assert set(each.roles) <= set(ROLES), each.name
        assert all(each.titles), each.name


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.name)
def test_an_example_does_what_it_says(askers: dict[str, Asker], example: Example) -> None:
    for role in example.roles:
        asker = askers[role]
        answer = asker.send(example.text, example.filled(asker.run))
        assert "errors" not in answer, (role, answer)
        for field in answer["data"].values():
            # an empty list would not show a reader anything
            assert field, (role, answer)
            refused = [each["code"] for each in field.get("userErrors", ())]
            # the second of two roles may find that the first has already done it
            assert set(refused) <= ({"ALREADY_DONE"} if role != example.roles[0] else set()), role
        if role == example.roles[0]:
            assert all(found(answer["data"], "nodes", deep=False)), answer


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.name)
def test_it_is_refused_to_the_others(askers: dict[str, Asker], example: Example) -> None:
    owner = askers[example.roles[0]]
    filled = example.filled(owner.run)
    for role in set(ROLES) - set(example.roles):
        answer = askers[role].send(example.text, filled)
        codes = {each["extensions"]["code"] for each in answer.get("errors", ())}
        if codes:
            assert codes == {"FORBIDDEN"}, (role, answer)
        elif example.text.startswith("mutation"):
            (field,) = answer["data"].values()
            refused = {each["code"] for each in field["userErrors"]}
            assert refused & {"FORBIDDEN", "NOT_FOUND"}, (role, answer)
        else:
            # a list at another desk or place is empty
            assert not any(found(answer["data"], "nodes")), (role, answer)


def test_what_was_pinned_is_not_chosen_again(askers: dict[str, Asker]) -> None:
    (pin,) = [each for each in EXAMPLES if each.name == "pin-post"]
    asker = askers["COMMITTEE_MEMBER"]
    one = pin.filled(asker.run)
    assert asker.send(pin.text, one)["data"]["pinPost"]["userErrors"] == []
    assert pin.filled(asker.run) != one


def found(value: Any, name: str, *, deep: bool = True) -> list[Any]:
    """Return the values under a name; with `deep`, also those inside of a found one."""
    if isinstance(value, list):
        return [each for one in value for each in found(one, name, deep=deep)]
    if not isinstance(value, dict):
        return []
    here = [value[name]] if name in value else []
    inside = [each for key, each in value.items() if deep or key != name]
    return here + [each for one in inside for each in found(one, name, deep=deep)]
