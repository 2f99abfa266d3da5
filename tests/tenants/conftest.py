"""A community of its own for a test, with someone of each kind signed in."""

from dataclasses import dataclass
from typing import Any

import pytest

from api.engine.bindings import prefix_of
from tenants.boards.tables import comments
from tests.conftest import SignIn
from tests.street import SECRETARY, STAFF, Answer, Make, Person, Place, SignedIn


@dataclass(frozen=True)
class Lane:
    """A community, and the neighbours that a story is about."""

    place: Place
    make: Make
    author: SignedIn
    neighbour: SignedIn
    staff: SignedIn
    secretary: SignedIn

    async def value(self, query: str, *arguments: Any) -> Any:
        """The one value that a query finds here."""
        return await self.make.value(self.place, query, *arguments)

    async def rows(self, query: str, *arguments: Any) -> list[tuple[Any, ...]]:
        """What a query finds here, as tuples."""
        return [tuple(row) for row in await self.make.rows(self.place, query, *arguments)]

    async def trace(self) -> list[tuple[Any, ...]]:
        """What was done here: action, actor, subject, reason; each told once."""
        return await self.make.trace(self.place)

    async def actions(self) -> list[str]:
        """The actions alone."""
        return [done[0] for done in await self.trace()]


@pytest.fixture
async def lane(make: Make, signed_in: SignIn) -> Lane:
    """A community that nobody else visits."""
    place = await make.community()
    roles: tuple[tuple[str, ...], ...] = ((), (), STAFF, SECRETARY)
    people = [signed_in(await make.member(place, *held)) for held in roles]
    return Lane(place, make, *people)


async def seen(asker: SignedIn, subject_id: str, select: str) -> Any:
    """What someone sees of a post or comment; None where there is nothing for them."""
    kind = "Comment" if subject_id.startswith(prefix_of(comments)) else "Post"
    answer: Answer = await asker.run(
        f"query ($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ {select} }} }} }}", id=subject_id
    )
    return answer.data["node"]


def id_of(person: SignedIn) -> Any:
    """The row id of whoever is signed in."""
    who: Person = person.person
    return who.id


def faults(answer: Answer) -> list[tuple[str, list[str]]]:
    """Why a change was refused, and which input was at fault."""
    return [(error["code"], error["path"]) for error in answer.payload["userErrors"]]
