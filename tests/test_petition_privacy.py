"""Only the author and the desks of a private letter can see it, on every path of the schema.

All queries on paths that can reach a petition are sent before such letters are written and after;
for other viewers, every byte of the answers must be the same. Each query is sent as some of them, each
time others; `make prove` sends it as all of them.
It runs on one PostgreSQL: tests/engine shows that others answer the same statements alike.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from graphql import GraphQLEnumType, get_named_type, is_leaf_type, is_required_argument

from api.engine.identifiers import decode_id, encode_id
from api.schema.schema import contract
from tests.conftest import SignIn
from tests.paths import SCHEMA, Path, connections, fits, query, ways_to
from tests.proofs import Proves, sampled
from tests.street import SECRETARY, STAFF, Make, Place, SignedIn, key
from tests.tenants.test_petitions import submitted
from tests.test_isolation import Home, furnish, input_of

pytestmark = pytest.mark.once
ASKERS = 3  # who send a query, of seven or nine
MARK = "紫藤"  # is in every private letter and nowhere else; "漏水" is in all of them
BY_ID = """query ($id: ID!) { petition(id: $id) { id title } node(id: $id) { __typename id }
  nodes(ids: [$id]) { id } }"""
DEEP = {
    "Petition": "id title body state version support { count householdCount } mergedInto { id title } "
    "callbacks { at } events(first: 2) { totalCount nodes { action } }",
    "PetitionEvent": "action state body petition { id title }",
}
SHOWN = ("Petition", "PetitionEvent")
RESIDENTS = (
    "NEIGHBOUR", "SUPPORTER", "SUPERVISOR", "GUEST", "NEXT_DOOR", "APP", "INSPECTOR",
)  # fmt: skip
COMMITTEE = ("COMMITTEE", "SECRETARY")
CHANGES = "select count(*), (select sum(version) from tenant.petition) from tenant.audit_entry"


@dataclass
class World:
    """It is a community with a public petition, its people, and the viewers from outside."""

    home: Home
    public: str
    people: dict[str, SignedIn]
    make: Make
    queries: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)

    @property
    def place(self) -> Place:
        """Return the community."""
        return self.home.place

    async def letter(self, *steps: tuple[str, str, dict[str, Any]], **given: Any) -> str:
        """Have the author send a private letter, and others run these steps on it."""
        sent = await submitted(
            self.people["AUTHOR"], title=f"{MARK}架倒了", body=f"{MARK}架下漏水。", **given
        )
        self.written.append(sent)
        for who, verb, input_ in steps:
            if verb == "addPetitionNote":
                input_ = {**input_, "idempotencyKey": key()}
            done = await self.people[who].do(verb, petitionId=sent, **input_)
            assert done.refusals == [], (who, verb, done.body)
        return sent

    async def answers(
        self, who: str, ids: list[str], askers: tuple[str, ...] = ()
    ) -> dict[str, str]:
        """Return the answers that a person gets, by query; `ids` are also asked for one by one.

        If they are one of several askers, a query is left out that is drawn for others of them.
        """
        asker = self.people[who]
        asked = [t for t in self.queries if not askers or who in sampled(askers, ASKERS, t)]
        told = {text: _text(await asker.run(text)) for text in asked}
        for place, each in enumerate(ids):
            told[f"{place} by id"] = _text(await asker.run(BY_ID, id=each))
        return told


def _text(answer: Any) -> str:
    """Return a body without the request's own trace id."""
    for error in answer.body.get("errors", []):
        error["extensions"].pop("traceId")
        assert error["extensions"]["code"] == "FORBIDDEN", answer.body
    return json.dumps(answer.body, ensure_ascii=False)


# --- the queries


def asked(home: Home, public: str) -> list[str]:
    """Return every query of the walk, each once."""
    ids = {**home.public_ids(), "pet_": public}
    found = [query(path, _end(path), ids, first="3") for path in ways_to(*SHOWN) if _goes(path)]
    for path in connections():
        found.append(query(path, "totalCount nodes { __typename }", ids))
        found += [query(path, _page(path), ids, **given) for given in _filters(path)]
    found += [f'{{ petition(id: "{public}") {{ {part} }} }}' for part in _whole("Petition")]
    for word in (MARK, "漏水"):
        found.append(
            f'{{ searchPetitions(query: "{word}") {{ totalCount nodes {{ id title }} }} }}'
        )
    return list(dict.fromkeys(found))


def _goes(path: Path) -> bool:
    """Say whether to ask it: within the depth and cost limits, `nodes` one step deep only."""
    is_dear = {"pinnedPosts", "suspensionAppeals"} <= {name for _, name in path}
    # votes, owners, pacts and open affairs lead to petitions by people, boards and places only, as other ways do
    if {type_ for type_, _ in path} & {
        "Meeting", "Vote", "VoteObjection", "PropertyOwner", "OpenAffair", "AffairQuestion",
        "AffairComplaint", "Obligation",
        "Pact", "PactSuggestion", "PactSubmission", "Pending", "Appraisal", "NoticeAudience",
        "Topic", "Project",
    }:  # fmt: skip
        return False
    return fits(path, 1) and not is_dear and (path[0][1] != "nodes" or len(path) == 2)


def _end(path: Path) -> str:
    """Return a large selection if the path is short, and otherwise one within the cost limit."""
    pages = sum(name.endswith("Connection") for name, _ in path)
    if fits(path, 4) and pages <= 1 and "suspensionAppeals" not in dict(path).values():
        return DEEP[_type_at(path)]
    return "id title" if _type_at(path) == "Petition" else "action"


def _type_at(path: Path) -> str:
    name, last = path[-1]
    if last.startswith("..."):
        return last.removeprefix("... on ")
    type_: Any = SCHEMA.type_map[name]
    return get_named_type(type_.fields[last].type).name


def _page(path: Path) -> str:
    type_: Any = SCHEMA.type_map[_type_at(path)]
    end = get_named_type(type_.fields["nodes"].type).name
    return f"totalCount nodes {{ {DEEP[end]} }} edges {{ cursor }}"


def _filters(path: Path) -> Iterator[dict[str, str]]:
    """Yield each value of each optional argument of a list of petitions or of their events."""
    type_: Any = SCHEMA.type_map[_type_at(path)]
    if get_named_type(type_.fields["nodes"].type).name not in SHOWN:
        return
    name, last = path[-1]
    parent: Any = SCHEMA.type_map[name]
    for argument, definition in parent.fields[last].args.items():
        kind = get_named_type(definition.type)
        if isinstance(kind, GraphQLEnumType):
            yield from ({argument: value} for value in kind.values)
        elif kind.name == "Boolean":
            yield from ({argument: value} for value in ("true", "false"))
        elif argument not in ("first", "after") and not is_required_argument(definition):
            assert argument == "categoryId", f"{name}.{last}({argument}:) wants values here"


def _whole(name: str) -> Iterator[str]:
    """Yield everything that a type says of itself, a few fields at a time."""
    type_: Any = SCHEMA.type_map[name]
    for field_name, definition in type_.fields.items():
        kind = get_named_type(definition.type)
        if is_leaf_type(kind):
            yield field_name
        elif not definition.args and field_name != "community":
            leaves = [n for n, f in kind.fields.items() if is_leaf_type(get_named_type(f.type))]
            permits = [n for n in kind.fields if n not in leaves] if "Can" in field_name else []
            for begin in range(0, len(leaves), 10):
                yield f"{field_name} {{ {' '.join(leaves[begin : begin + 10])} }}"
            for begin in range(0, len(permits), 5):
                inside = " ".join(f"{p} {{ allowed code }}" for p in permits[begin : begin + 5])
                yield f"{field_name} {{ {inside} }}"


# --- the viewers


@pytest.fixture
async def world(make: Make, signed_in: SignIn) -> World:
    """Give a community with a public petition that a neighbour signed, before any private letter."""
    home, away = await furnish(make), await make.community()
    elm = home.place
    housing = await make.department(elm.street_id)
    people = {
        "AUTHOR": await make.applicant(elm, "ACTIVE"),
        "NEIGHBOUR": await make.applicant(elm, "ACTIVE"),
        "SUPPORTER": await make.applicant(elm, "ACTIVE"),
        "SUPERVISOR": await make.member(elm, "RESIDENT", "SUPERVISOR"),
        "GUEST": await make.applicant(elm, "SUSPENDED"),
        "NEXT_DOOR": await make.member(away),
        "APP": home.people["APP"],
        "INSPECTOR": home.people["INSPECTOR"],
        "COMMITTEE": await make.member(elm, *STAFF),
        "SECRETARY": await make.member(elm, *SECRETARY),
        "STREET": await make.officer(elm.street_id),
        "HANDLER": await make.officer(department=housing),
        "DISTRICT": await make.officer(),
    }
    signed = {name: signed_in(person) for name, person in people.items()}
    public = await submitted(signed_in(home.people["RESIDENT"]), secrecy="PUBLIC")
    assert (await signed["SUPPORTER"].do("supportPetition", petitionId=public)).refusals == []
    made = World(home, public, signed, make, asked(home, public))
    made.home.ids["dep_"] = housing.id
    return made


ACCEPT: tuple[str, str, dict[str, Any]] = ("COMMITTEE", "acceptPetition", {})
ANSWER = ("COMMITTEE", "answerPetition", {"body": f"{MARK}已扶正。", "outcome": "SOLVED"})
RATE = ("AUTHOR", "recordCallback", {"solved": "NO", "satisfaction": 1, "note": f"{MARK}又倒了"})
REFUSE = ("COMMITTEE", "refusePetition", {"code": "NOT_A_PETITION", "reason": f"{MARK}不归我们"})
NOTE = ("COMMITTEE", "addPetitionNote", {"body": f"{MARK}看过", "isPublic": True})


async def write_to_the_community(world: World) -> None:
    """Create private letters of every state at the committee, some of which rise above it."""
    handler = {"handlerId": world.people["COMMITTEE"].person.public_id}
    assign = ("SECRETARY", "assignPetition", handler)
    dispute = ("COMMITTEE", "disputeAssignment", {"reason": f"{MARK}不归我"})
    rise = ("COMMITTEE", "escalatePetition", {"reason": f"{MARK}管不了"})
    into = {"intoId": world.public, "reason": f"{MARK}同一件事"}
    ask = ("COMMITTEE", "requestPetitionInformation", {"question": f"{MARK}在哪？"})
    again = ("AUTHOR", "reopenPetition", {"reason": f"{MARK}又倒了"})
    review = ("AUTHOR", "requestPetitionReview", {"reason": f"{MARK}不服"})
    await world.letter()
    await world.letter(ask)
    await world.letter(REFUSE)
    await world.letter(("COMMITTEE", "mergePetition", into))
    await world.letter(("COMMITTEE", "mergePetition", {**into, "intoId": world.written[0]}))
    await world.letter(ACCEPT, NOTE)
    await world.letter(ACCEPT, assign)
    await world.letter(ACCEPT, assign, dispute)
    await world.letter(ACCEPT, ("COMMITTEE", "startPetition", {}))
    await world.letter(rise)
    await world.letter(rise, ("STREET", "acceptPetition", {}), ("STREET", "startPetition", {}))
    await world.letter(ACCEPT, ANSWER)
    await world.letter(ACCEPT, ANSWER, RATE, again)
    await world.letter(ACCEPT, ANSWER, RATE)
    await world.letter(ACCEPT, ANSWER, RATE, review)
    await world.letter(("AUTHOR", "withdrawPetition", {"reason": f"{MARK}已扶正"}))
    author = world.people["AUTHOR"].person
    hidden = {"title": f"{MARK}架倒了", "body": f"{MARK}架下漏水。"}
    for values in (
        {"state": "CALLBACK", "secrecy": "PRIVATE"},
        {"secrecy": "PUBLIC", "is_listed": False},  # until it has been reviewed
        {"secrecy": "PUBLIC", "state": "WITHDRAWN"},
    ):
        made = await world.make.petition(author, **values, **hidden)
        world.written.append(encode_id(made, "pet_"))
    await _call_to_account(world, await _late(world, {}))
    states = "select count(distinct state) from tenant.petition where title like $1"
    assert await world.make.value(world.place, states, f"{MARK}%") in (13, 14)


async def _late(world: World, values: dict[str, Any]) -> str:
    """Create an overdue private letter; return its case id."""
    past = datetime.now(UTC) - timedelta(days=3)
    made = await world.make.petition(
        world.people["AUTHOR"].person, state="IN_PROGRESS", secrecy="PRIVATE", title=f"{MARK}架",
        resolve_due_at=past, resolve_overdue=True, **values,
    )  # fmt: skip
    world.written.append(encode_id(made, "pet_"))
    return encode_id(made, "odc_")


async def _call_to_account(world: World, case: str) -> None:
    """Have the district issue an order on an overdue case."""
    done = await world.people["DISTRICT"].do(
        "issueSupervisionOrder", overduePetitionId=case, body=f"{MARK}请速办", idempotencyKey=key(),
        dueAt=(datetime.now(UTC) + timedelta(days=3)).isoformat(),
    )  # fmt: skip
    assert done.refusals == [], done.body


async def write_past_the_committee(world: World) -> None:
    """Create private letters to the street and to one of its departments."""
    street = {"addressee": "STREET"}
    housing = {"addressee": "DEPARTMENT", "departmentId": world.home.public_ids()["dep_"]}
    by = {
        name: [(name, verb, given) for _, verb, given in (ACCEPT, NOTE, ANSWER, REFUSE)]
        for name in ("STREET", "HANDLER")
    }
    to_housing = {"departmentId": housing["departmentId"]}
    for addressed, who in ((street, "STREET"), (housing, "HANDLER")):
        accept, note, answer, refuse = by[who]
        await world.letter(**addressed)
        await world.letter(accept, note, **addressed)
        await world.letter(accept, answer, RATE, **addressed)
        await world.letter(
            refuse, ("AUTHOR", "requestPetitionReview", {"reason": "不服"}), **addressed
        )
        await world.letter(("AUTHOR", "withdrawPetition", {}), **addressed)
    await world.letter(
        by["STREET"][0],
        ("STREET", "assignPetition", to_housing),
        ("HANDLER", "disputeAssignment", {"reason": "不归我们"}),
        **street,
    )
    await world.letter(("STREET", "escalatePetition", {"reason": "管不了"}), **street)
    past = {"is_at_community": False, "addressee": "STREET", "desk": world.place.street_id}
    await _call_to_account(world, await _late(world, past))


# --- the tests


def missing(count: int) -> list[str]:
    """Return ids of the right form that no row has."""
    return [encode_id(uuid4(), "pet_") for _ in range(count)]


async def _compare(world: World, write: Any, askers: tuple[str, ...]) -> None:
    most = 24
    nothing = missing(most)
    before = {who: await world.answers(who, nothing, askers) for who in askers}
    await write(world)
    assert len(world.written) <= most
    ids = world.written + missing(most - len(world.written))
    for who in askers:
        after = await world.answers(who, ids, askers)
        for what, told in after.items():
            assert told == before[who][what], (who, what)
        everything = " ".join(after.values())
        assert MARK not in everything
        assert not [each for each in world.written if each in everything]


@pytest.mark.proof
async def test_a_private_letter_changes_no_answer_that_another_is_given(
    world: World, proves: Proves
) -> None:
    await _compare(world, write_to_the_community, RESIDENTS)
    # the same queries do return them to the author and the secretary
    shown = {
        who: [text for text, told in (await world.answers(who, [])).items() if MARK in told]
        for who in ("AUTHOR", "SECRETARY")
    }
    roots = {text.split("(")[0].strip("{ ") for text in shown["SECRETARY"] + shown["AUTHOR"]}
    assert len(shown["SECRETARY"]) > 20
    assert {"inbox", "searchPetitions", "petitionEvents", "viewer { petitions"} <= roots
    proves(f"{len(world.queries)} queries, each as {len(RESIDENTS)} viewers, before and after")


@pytest.mark.proof
async def test_a_letter_past_the_committee_changes_no_answer_of_its_members_either(
    world: World, proves: Proves
) -> None:
    askers = (*COMMITTEE, *RESIDENTS)
    await _compare(world, write_past_the_committee, askers)
    for who in ("AUTHOR", "STREET", "HANDLER"):
        told = await world.answers(who, world.written)
        assert MARK in " ".join(told.values()), who
    proves(f"{len(world.queries)} queries, each as {len(askers)} viewers, before and after")


async def test_who_polls_the_feed_is_told_of_no_private_letter(world: World) -> None:
    poll = """query ($after: Cursor) { petitionEvents(first: 50, after: $after) {
      totalCount nodes { action } edges { cursor } pageInfo { endCursor hasNextPage } } }"""
    askers = ("NEIGHBOUR", "SUPPORTER", "SUPERVISOR", "GUEST")
    ends: dict[str, str] = {}
    for who in askers:
        feed = (await world.people[who].run(poll)).data["petitionEvents"]
        ends[who] = feed["pageInfo"]["endCursor"]
    await write_to_the_community(world)
    await write_past_the_committee(world)
    for who in askers:
        news = (await world.people[who].run(poll, after=ends[who])).data["petitionEvents"]
        assert (news["nodes"], news["edges"], news["pageInfo"]["hasNextPage"]) == ([], [], False)
    await submitted(world.people["SUPPORTER"], secrecy="PUBLIC", title="路灯不亮")
    news = (await world.people["NEIGHBOUR"].run(poll, after=ends["NEIGHBOUR"])).data
    assert [event["action"] for event in news["petitionEvents"]["nodes"]] == ["SUBMITTED"]


def _of_petitions() -> Iterator[str]:
    """Yield every mutation that names a petition."""
    root = SCHEMA.mutation_type
    assert root is not None
    for name, definition in root.fields.items():
        inputs = get_named_type(definition.args["input"].type).fields
        if {"petitionId", "petitionIds", "intoId"} & inputs.keys():
            yield name


async def test_a_change_of_a_private_letter_answers_as_of_one_that_never_was(world: World) -> None:
    await write_to_the_community(world)
    to_the_committee = world.written[:3] + world.written[-3:]
    world.written = []
    await write_past_the_committee(world)
    tried = [(who, each) for who in RESIDENTS for each in (to_the_committee[0], world.written[1])]
    tried += [(who, each) for who in COMMITTEE for each in world.written[:3]]
    before = await world.make.rows(world.place, CHANGES)
    for verb in _of_petitions():
        root = SCHEMA.mutation_type
        assert root is not None
        input_type = get_named_type(root.fields[verb].args["input"].type)
        for who, each in tried:
            given, never = (
                input_of(input_type, {"pet_": one}, "", required_only=True)
                | ({"petitionId": one} if "petitionId" in input_type.fields else {})
                for one in (each, missing(1)[0])
            )
            told, expected = [await world.people[who].do(verb, **g) for g in (given, never)]
            assert _text(told) == _text(expected), (verb, who)
            assert told.codes == ["FORBIDDEN"] or told.refusals in (["NOT_FOUND"], ["FORBIDDEN"])
    assert await world.make.rows(world.place, CHANGES) == before


async def test_nothing_is_merged_into_a_letter_that_the_committee_cannot_see(world: World) -> None:
    await write_past_the_committee(world)
    own = await submitted(world.people["AUTHOR"])
    before = await world.make.rows(world.place, CHANGES)
    for who in COMMITTEE:
        told, expected = [
            await world.people[who].do("mergePetition", petitionId=own, intoId=into, reason="同")
            for into in (world.written[0], missing(1)[0])
        ]
        assert told.refusals == ["NOT_FOUND"]
        assert _text(told) == _text(expected)
    assert await world.make.rows(world.place, CHANGES) == before


async def test_an_export_holds_no_letter_of_another(world: World) -> None:
    await write_to_the_community(world)
    asking = set(RESIDENTS) - {"APP", "INSPECTOR"}
    at_desk = set(world.written)
    await write_past_the_committee(world)
    for who in sorted({*asking, *COMMITTEE}):
        answer = await world.people[who].do("exportMyData", "data", confirm=True)
        assert answer.refusals == [], who
        told = json.dumps(answer.payload, ensure_ascii=False)
        if who in asking:
            assert MARK not in told, who
        assert not [
            each for each in world.written if each not in at_desk and _uuid(each) in told
        ], who
    own = await world.people["AUTHOR"].do("exportMyData", "data", confirm=True)
    assert MARK in json.dumps(own.payload, ensure_ascii=False)


def _uuid(public_id: str) -> str:
    return str(decode_id(public_id, "pet_"))


def test_every_list_of_petitions_is_asked() -> None:
    ways = ways_to(*SHOWN)
    assert sum(map(_goes, ways)) > 150
    assert contract().nodes["pet_"][0].name == "Petition"
