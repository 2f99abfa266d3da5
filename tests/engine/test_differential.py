"""Random operations: the compiled statement answers as the plain executor does, byte for byte."""

import asyncio
import os
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import pytest
from graphql import GraphQLObjectType, build_schema
from graphql.language import DocumentNode
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis_graphql import nodes, queries

from api.engine.bindings import Page
from api.schema.schema import contract, sdl
from tests.engine.asking import Asker
from tests.engine.enrich import Enricher
from tests.engine.handwritten import run_handwritten
from tests.engine.harvest import harvest
from tests.engine.meaning import Meaning
from tests.engine.tree import plant
from tests.engine.world import World
from tests.proofs import Proves, whole

# The defaults of arguments are read from the printed schema.
SCHEMA = build_schema(sdl())
EXAMPLES = {"embedded": whole(520, 5000), "15": whole(60, 600)}
# How many different operations and how many second pages a run must have compared.
WANTED = {"embedded": (500, 50), "15": (50, 10)}
SHARED = (
    ["board"], ["post"], ["community"], ["search"], ["node"], ["nodes"], ["viewer"], ["district"],
    ["moderationQueue"], ["applications", "joinCode", "consentTexts"], ["auditLog"],
    ["petition"], ["inbox", "answerTemplates"], ["searchPetitions"], ["petitionEvents"],
    ["board", "post", "search"], ["node", "community", "apiInfo", "rateLimit"],
)  # fmt: skip
OF_STAFF, OF_OFFICERS = ("committee", "secretary"), ("district", "street", "handler")
OF_READERS = ("app", "inspector")
OF_LETTERS = ("resident", "neighbour", *OF_STAFF)
OF_PLACE = ("resident", "neighbour", "supervisor", *OF_STAFF, *OF_READERS)
# The root fields decide which viewers are likely to ask.
ASKERS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("district",): OF_OFFICERS,
    ("moderationQueue",): OF_STAFF,
    ("applications", "joinCode", "consentTexts"): OF_STAFF,
    ("auditLog",): (*OF_STAFF, "inspector"),
    ("inbox", "answerTemplates"): OF_STAFF,
    ("petition",): OF_LETTERS,
    # officers may as well, and little lies at their desks
    ("searchPetitions",): OF_LETTERS * 3 + OF_OFFICERS,
    ("petitionEvents",): OF_LETTERS * 3 + OF_OFFICERS,
    ("node",): OF_PLACE + OF_OFFICERS,
    ("nodes",): OF_PLACE + OF_OFFICERS,
    ("viewer",): OF_PLACE + OF_OFFICERS,
}
# Types that only mutations return.
UNREACHABLE = ("Payload", "Error", "MemberContact")


@dataclass(frozen=True)
class Asked:
    """It is a generated document and the seed of its enrichment."""

    roots: tuple[str, ...]
    document: DocumentNode
    chance: int


@st.composite
def asked(draw: Any, strategies: dict[tuple[str, ...], Any]) -> Asked:
    """Draw root fields, a document from them, and a seed."""
    roots = draw(st.sampled_from(list(strategies)))
    return Asked(roots, draw(strategies[roots]), draw(st.integers(0, 2**32)))


def documents() -> Any:
    """Return a strategy for valid documents of each choice of root fields."""
    # placeholders: the values of arguments are drawn later
    scalars = {name: st.just(nodes.String("c")) for name in ("Cursor", "Date", "Month")}
    strategies = {
        tuple(roots): queries(
            SCHEMA,
            fields=roots,
            custom_scalars=scalars,
            allow_x00=False,
            print_ast=lambda tree: tree,
        )
        for roots in SHARED
    }
    return asked(strategies)


def reachable() -> set[tuple[str, str]]:
    """Return every field of every object type that a query can reach."""
    return {
        (name, field)
        for name, type_ in SCHEMA.type_map.items()
        if isinstance(type_, GraphQLObjectType)
        and not name.startswith("__")
        and not name.endswith(UNREACHABLE)
        and name != "Mutation"
        for field in type_.fields
    }


class Comparison:
    """Turns one generated document into some operations and compares each."""

    def __init__(self, ask: Asker, world: World, meaning: Meaning, loop: Any) -> None:
        self._ask, self._world, self._meaning, self._loop = ask, world, meaning, loop

    def __call__(self, one: Asked) -> None:
        """Enrich it for two viewers; send two sets of variables; if refused, use small pages."""
        for turn in range(2):
            chance = one.chance + turn
            random = Random(chance)
            askers = ASKERS.get(one.roots, OF_PLACE)
            label = random.choice(askers if random.random() < 0.97 else OF_PLACE + OF_OFFICERS)
            tame = replace(self._meaning, sizes=(0, 1, 2))
            for again, meaning in enumerate((self._meaning, tame, tame)):
                if self._compare(one, chance + 1000 * (again > 1), label, meaning):
                    break

    def _compare(self, one: Asked, chance: int, label: str, meaning: Meaning) -> bool:
        viewer = self._world.viewers[label]
        enricher = Enricher(Random(chance), SCHEMA, contract(), meaning, viewer)
        tree = enricher.enrich(plant(SCHEMA, one.document))
        text, taken = tree.text(), False
        for which in (0, 1) if tree.variables else (0,):
            sent = (text, tree.values(which), tree.name)
            taken |= self._ask.from_thread(self._loop, (label, viewer), sent, sound=enricher.sound)
        return taken


async def test_operations_written_by_hand_see_every_field(
    ask: Asker, world: World, request: pytest.FixtureRequest
) -> None:
    if request.node.callspec.params["cluster"] == "15":
        # PostgreSQL 15 runs the same statements: a sample of viewers and variables is enough
        await run_handwritten(ask, world, most=2)
        return
    await run_handwritten(ask, world)
    unseen = reachable() - ask.reference.seen
    assert unseen == set(), f"never seen other than null: {sorted(unseen)}"


@pytest.mark.proof
async def test_a_compiled_answer_is_the_plain_one(
    ask: Asker, world: World, request: pytest.FixtureRequest, proves: Proves
) -> None:
    version = request.node.callspec.params["cluster"]
    meaning = Meaning(world, await harvest(ask, world))
    assert min(map(len, meaning.cursors.values())) >= 1
    pages = {at for at, spec in contract().fields.items() if isinstance(spec.binding, Page)}
    assert set(meaning.cursors) == {".".join(at) for at in pages}, "every connection was walked"
    compare = Comparison(ask, world, meaning, asyncio.get_running_loop())

    @seed(int(os.environ.get("LINLI_SEED", "20260301")))
    @settings(
        max_examples=int(os.environ.get("LINLI_EXAMPLES", EXAMPLES[version])),
        phases=[Phase.generate, Phase.shrink],
        database=None,
        deadline=None,
        suppress_health_check=list[Any](HealthCheck),
    )
    @given(documents())
    def generated(one: Asked) -> None:
        compare(one)

    await asyncio.to_thread(generated)

    tally, (texts, pages) = ask.tally, WANTED[version]
    assert tally.with_rows / tally.compared >= 0.64
    assert tally.next_pages >= pages
    assert len(tally.texts) >= texts
    # the short run on PostgreSQL 15 need not draw every viewer
    spoken = set(tally.by_viewer)
    assert spoken <= set(world.viewers)
    assert len(spoken) >= (len(world.viewers) if version == "embedded" else 5)
    proves(
        f"{tally.compared} answers compared, {tally.with_rows} of them with rows; "
        f"{len(tally.texts)} different documents, {tally.next_pages} second pages"
    )
