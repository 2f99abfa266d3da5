"""Every (state, verb, actor, level) of petitions: allowed by the reviewed table, or refused for nothing.

Each of them is asked of its rule, in lists (`viewerCan`). By its mutation a sample is tried: of each verb,
state and level one actor, and one of each fate that the verb has; `make prove` tries all of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from api.engine.identifiers import encode_id
from api.schema.schema import contract
from tenants.petitions.procedure import PETITIONS
from tenants.petitions.words import PetitionState
from tenants.scopes import scopes_of
from tests.conftest import SignIn
from tests.proofs import PROVE, Proves, sampled
from tests.reviewed import print_verb, read_verbs
from tests.street import SECRETARY, STAFF, Department, Make, Person, SignedIn, key

REVIEWED = Path(__file__).parent / "petitions.txt"
STATES = [state.value for state in PetitionState]
# a verb, a state, an actor and a level
Tried = tuple[str, str, str, str]
DISTRICT = 310113
LEVELS = ("community", "street", "street's department", "district", "district's department")
# Who wrote it, who lives next door, whose desk it is or is not.
ACTORS = (
    "AUTHOR", "NEIGHBOUR", "GUEST", "COMMITTEE", "HANDLER", "OWN", "SECRETARY", "STREET",
    "STREET_AWAY", "DISTRICT", "DEPARTMENT", "OTHER_DEPARTMENT",
)  # fmt: skip
VERBS: dict[str, dict[str, Any]] = {
    "resubmitPetition": {"body": "六楼漏水。"},
    "withdrawPetition": {},
    "recordCallback": {"solved": "PARTLY", "satisfaction": 3},
    "reopenPetition": {"reason": "还在漏"},
    "requestPetitionReview": {"reason": "不服"},
    "supportPetition": {},
    "withdrawSupport": {},
    "acceptPetition": {},
    "requestPetitionInformation": {"question": "哪一层？"},
    "refusePetition": {"code": "NOT_A_PETITION", "reason": "不是诉求"},
    "mergePetition": {"reason": "同一件事"},
    "assignPetition": {},
    "disputeAssignment": {"reason": "不归我们"},
    "startPetition": {},
    "extendPetition": {"reason": "等配件"},
    "escalatePetition": {"reason": "管不了"},
    "answerPetition": {"body": "已修好。", "outcome": "SOLVED"},
    "answerPetitions": {"body": "已修好。", "outcome": "SOLVED"},
    "addPetitionNote": {"body": "看过"},
    "convertToTopic": {"reason": "涉及全楼"},
    "decidePetitionReview": {"decision": "REDO", "reason": "应当重办"},
}
SEEN = """select (select count(*) from tenant.petition), (select count(*) from tenant.petition_event),
  (select count(*) from tenant.petition_support), (select count(*) from tenant.petition_callback),
  (select count(*) from tenant.petition_fact), (select count(*) from tenant.audit_entry),
  (select count(*) from tenant.outbox_event), (select count(*) from tenant.idempotency_key),
  (select sum(version) from tenant.petition),
  (select md5(p::text) from tenant.petition p where id = $1),
  (select md5(f::text) from tenant.petition_fact f where id = $1)"""
# Of these a petition says whether its viewer may.
TOLD = [verb for verb in VERBS if verb != "answerPetitions"]
CAN = """query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Petition { viewerCan {
  %s { allowed code } } } } }"""
# The rest is tried on one server only: what is tried is one rule in SQL, the same on both.
ON_15 = ("acceptPetition", "assignPetition", "recordCallback")


@dataclass
class Street:
    """It is one community, everyone who may have a word, and what they may say."""

    make: Make
    people: dict[str, SignedIn]
    departments: dict[str, Department]
    target: UUID
    outcomes: dict[Tried, str] = field(default_factory=dict)

    async def letter(self, state: str, level: str, author: str, handler: str | None) -> UUID:
        """Return a fresh petition in a state, at a level."""
        person = self.people[author].person
        assert person.place is not None
        street = person.place.street_id
        department = self.departments.get(level)
        places: dict[str, dict[str, Any]] = {
            "community": {"desk": 0},
            "street": {"desk": street},
            "district": {"desk": DISTRICT, "desks": [street, DISTRICT]},
        }
        at = places.get(level) or {
            "desk": -(department.number if department else 0),
            "desks": [department.street_id or DISTRICT, -department.number] if department else [],
            "dispatched_from": department and (department.street_id or DISTRICT),
            "level": "STREET" if level.startswith("street") else "DISTRICT",
        }
        values: dict[str, Any] = {"state": state, **at}
        if state == "MERGED":
            values["merged_into"] = self.target
        if handler and level == "community":
            values["handler_id"] = self.people[handler].person.id
        return await self.make.petition(person, **values)

    async def seen(self, petition: UUID) -> tuple[Any, ...]:
        """Return all that a refused verb must leave alone."""
        place = self.people["AUTHOR"].person.place
        assert place is not None
        (row,) = await self.make.rows(place, SEEN, petition)
        return tuple(row)

    async def state(self, petition: UUID) -> str:
        """The state it is in."""
        place = self.people["AUTHOR"].person.place
        assert place is not None
        return await self.make.value(
            place, "select state from tenant.petition where id = $1", petition
        )


async def new_street(make: Make, signed_in: SignIn) -> Street:
    """Make a community with its street, district and departments; all of it is counted again and
    again, so each verb has one to itself."""
    elm = await make.community()
    away = 310113102 if elm.street_id != 310113102 else 310113003
    ours, districts = await make.department(elm.street_id), await make.department()
    other = await make.department(elm.street_id)
    author = await make.member(elm)
    people: dict[str, Person] = {
        "AUTHOR": author,
        "NEIGHBOUR": await make.member(elm),
        "GUEST": (await make.applicant(elm, "SUSPENDED")).guest,
        "COMMITTEE": await make.member(elm, *STAFF),
        "HANDLER": await make.member(elm, *STAFF),
        "OWN": await make.member(elm, *STAFF),
        "SECRETARY": await make.member(elm, *SECRETARY),
        "STREET": await make.officer(elm.street_id),
        "STREET_AWAY": await make.officer(away),
        "DISTRICT": await make.officer(),
        "of the street's": await make.officer(department=ours),
        "of the district's": await make.officer(department=districts),
        "OTHER_DEPARTMENT": await make.officer(department=other),
    }
    target = await make.petition(author, secrecy="PUBLIC")
    return Street(
        make,
        {name: signed_in(person) for name, person in people.items()},
        {"street's department": ours, "district's department": districts},
        target,
    )


def who(actor: str, level: str) -> str:
    """Whose token an actor has: the department at hand is another at each level."""
    if actor != "DEPARTMENT":
        return actor
    return "of the district's" if level.startswith("district") else "of the street's"


def scope_of(verb: str) -> Any:
    """The scope a mutation needs."""
    return contract().fields["Mutation", verb].requires


async def try_one(street: Street, verb: str, actor: str, petition: UUID, level: str) -> str:
    """Have an actor try a verb; gives the code of the refusal, or nothing."""
    asker = street.people[who(actor, level)]
    public = encode_id(petition, "pet_")
    given = dict(VERBS[verb])
    if verb == "answerPetitions":
        given["petitionIds"] = [public]
    else:
        given["petitionId"] = public
    if verb == "mergePetition":
        given["intoId"] = encode_id(street.target, "pet_")
    if verb == "addPetitionNote":
        given["idempotencyKey"] = key()
    if verb == "extendPetition":
        place = street.people["AUTHOR"].person.place
        assert place is not None
        due = await street.make.value(
            place, "select resolve_due_at + interval '3 days' from tenant.petition where id = $1", petition
        )  # fmt: skip
        given["dueAt"] = due.isoformat()
    answer = await asker.do(verb, **given)
    return answer.codes[0] if answer.codes else (answer.refusals or [""])[0]


def able(street: Street, verb: str, level: str) -> list[str]:
    """Return who has the scope of a verb at a level."""
    return [
        actor
        for actor in ACTORS
        if (actor != "HANDLER" or level == "community")
        and scope_of(verb) in _scopes(street.people[who(actor, level)])
    ]


async def run_group(
    street: Street, verb: str, state: str, level: str, actors: Iterable[str]
) -> None:
    """Try one verb in one state at one level, for these actors."""
    petition: dict[str, UUID] = {}
    before: dict[str, tuple[Any, ...]] = {}
    for actor in actors:
        author = "OWN" if actor == "OWN" else "AUTHOR"
        if author not in petition:
            petition[author] = await street.letter(state, level, author, "HANDLER")
            before[author] = await street.seen(petition[author])
        code = await try_one(street, verb, actor, petition[author], level)
        if code:
            street.outcomes[verb, state, actor, level] = code
            continue
        street.outcomes[verb, state, actor, level] = f"> {await street.state(petition[author])}"
        assert await street.seen(petition[author]) != before[author], "something was done"
        del petition[author]
    for author, each in petition.items():
        now = await street.seen(each)
        # what is about this petition stayed; in the community, only what was allowed was done
        assert now[-2:] == before[author][-2:], (verb, state, level, "a refused verb changed it")


def _scopes(asker: SignedIn) -> frozenset[Any]:
    return scopes_of(asker.person.identity().roles)


def folded(outcomes: dict[Tried, str], lacking: dict[str, list[str]]) -> str:
    """Print the table: actors who fare alike stand together, states after what becomes of them."""
    lines = ["# Reviewed. Regenerate: pytest tests/test_petition_machine.py --review", ""]
    for verb in VERBS:
        lines.append(verb)
        lines.append(f"    without its scope, refused: {' '.join(lacking[verb])}")
        fates = {
            f"{actor}@{level}": [outcomes.get((verb, s, actor, level), "") for s in PetitionState]
            for level in LEVELS
            for actor in ACTORS
        }
        lines += [*print_verb(list(PetitionState), fates), ""]
    return "\n".join(lines)


def reviewed() -> dict[Tried, str]:
    """Return what the reviewed table says of each verb, state, actor and level."""
    said = read_verbs(REVIEWED.read_text(), STATES)
    return {
        (verb, state, *_actor_and_level(actor)): fate for (verb, state, actor), fate in said.items()
    }


def _actor_and_level(spelled: str) -> tuple[str, str]:
    actor, _, level = spelled.partition("@")
    return actor, level


def sample(street: Street, verb: str) -> set[Tried]:
    """Return what is tried of a verb: in each state and level one actor, and one of each fate."""
    found = {
        (verb, state, actor, level)
        for state in STATES
        for level in LEVELS
        for actor in sampled(able(street, verb, level), 1, verb, state, level)
    }
    by_fate: dict[str, list[Tried]] = {}
    for tried, fate in reviewed().items():
        if tried[0] == verb:
            by_fate.setdefault(fate, []).append(tried)
    return found.union(*(sampled(tried, 1, verb, fate) for fate, tried in by_fate.items()))


async def run_verb(street: Street, verb: str, tried: set[Tried] | None) -> list[str]:
    """Try a verb, everywhere or as often as `tried` says; give who does not have its scope."""
    lacking: list[str] = []
    for actor in ACTORS:
        if actor not in able(street, verb, "community"):
            lacking.append(actor)
            spare = await street.letter("ACCEPTED", "community", "AUTHOR", None)
            before = await street.seen(spare)
            assert await try_one(street, verb, actor, spare, "community") == "FORBIDDEN"
            assert await street.seen(spare) == before
    for state in STATES:
        for level in LEVELS:
            actors = able(street, verb, level)
            if tried is not None:
                actors = [each for each in actors if (verb, state, each, level) in tried]
            await run_group(street, verb, state, level, actors)
    return lacking


@pytest.mark.proof
async def test_every_state_verb_actor_and_level(
    make: Make, signed_in: SignIn, request: pytest.FixtureRequest, proves: Proves
) -> None:
    is_15 = request.node.callspec.params["cluster"] == "15"
    is_reviewed = request.config.getoption("--review")
    lacking: dict[str, list[str]] = {}
    outcomes: dict[Tried, str] = {}
    for verb in ON_15 if is_15 else VERBS:
        street = await new_street(make, signed_in)
        tried = None if PROVE or is_reviewed else sample(street, verb)
        lacking[verb] = await run_verb(street, verb, tried)
        outcomes |= street.outcomes
        assert not tried or tried == {*street.outcomes}, "all of the sample was tried"
    if is_reviewed and not is_15:
        REVIEWED.write_text(folded(outcomes, lacking))
    said = reviewed()
    assert outcomes == {tried: said[tried] for tried in outcomes}, (
        "review it, then run with --review"
    )
    if len(outcomes) == len(said):
        assert folded(outcomes, lacking) == REVIEWED.read_text(), "the same, to the letter"
    codes = {fate for fate in outcomes.values() if not fate.startswith(">")}
    assert codes <= {"WRONG_STATE", "FORBIDDEN", "ALREADY_DONE", "NOT_FOUND"}
    proves(f"{len(outcomes)} of {len(said)} states, verbs, actors and levels tried by mutation")


def told(verb: str, node: dict[str, Any] | None) -> str:
    """Return what `viewerCan` says of a verb: the code of a refusal, or `>`."""
    if node is None:
        return "NOT_FOUND"
    permission = node["viewerCan"][verb]
    return ">" if permission["allowed"] else permission["code"]


@pytest.mark.once
async def test_the_rules_say_the_same_of_every_state_actor_and_level(
    make: Make, signed_in: SignIn
) -> None:
    street = await new_street(make, signed_in)
    letters = {
        (state, level, author): encode_id(
            await street.letter(state, level, author, "HANDLER"), "pet_"
        )
        for state in STATES
        for level in LEVELS
        for author in ("AUTHOR", "OWN")
    }
    said, found = reviewed(), dict[Tried, str]()
    for level in LEVELS:
        for actor in ACTORS:
            author = "OWN" if actor == "OWN" else "AUTHOR"
            asker = street.people[who(actor, level)]
            ids = [letters[state, level, author] for state in STATES]
            for verb in TOLD:
                if actor not in able(street, verb, level):
                    continue
                nodes = (await asker.run(CAN % verb, ids=ids)).data["nodes"]
                for state, node in zip(STATES, nodes, strict=True):
                    found[verb, state, actor, level] = told(verb, node)
    expected = {tried: ">" if said[tried][0] == ">" else said[tried] for tried in found}
    assert {t: (f, expected[t]) for t, f in found.items() if f != expected[t]} == {}
    assert len(found) == len([tried for tried in said if tried[0] in TOLD])


def test_a_verb_leads_where_its_step_declares() -> None:
    """What a move makes of a row is a pure function (tests/test_procedures.py): here are its ends."""
    steps = {step.name: step for step in PETITIONS.steps if step.from_}
    led = [
        (verb, state, fate.removeprefix("> "))
        for (verb, state, *_), fate in reviewed().items()
        if fate.startswith(">") and verb in steps
    ]
    astray = {
        (verb, state, end)
        for verb, state, end in led
        if state not in steps[verb].from_ or end not in (steps[verb].to or (state,))
    }
    assert astray == set()
    assert {verb for verb, *_ in led} == {*VERBS} & {*steps}
