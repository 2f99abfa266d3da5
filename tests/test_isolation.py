"""The walls between communities, tested for every field, id and table of the schema."""

import json
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLObjectType,
    get_named_type,
    get_nullable_type,
    is_input_object_type,
    is_list_type,
    is_required_input_field,
)

from api.engine.bindings import prefix_of
from api.engine.identifiers import encode_id
from api.schema.schema import contract
from tenants.affairs.tables import affair_complaints, affair_questions, obligations, open_affairs
from tenants.appraisals.tables import appraisals, appraised
from tenants.apps.tables import apps
from tenants.boards.notices import notices
from tenants.boards.tables import boards, cases, comments, posts
from tenants.db import Database
from tenants.domains import DOMAINS
from tenants.duty.tables import duty_shifts
from tenants.ids import new_id
from tenants.images.tables import images
from tenants.inspections.tables import inspections
from tenants.membership.offices import appointments, office_terms
from tenants.membership.street_appeals import street_appeals
from tenants.membership.tables import households, officers
from tenants.officers.tables import invitations
from tenants.origins import origin_steps
from tenants.owners.tables import property_areas, property_owners, property_parts
from tenants.pacts.signatures import pact_signatures
from tenants.pacts.submissions import pact_submissions
from tenants.pacts.suggestions import pact_suggestions
from tenants.pacts.tables import pact_dues, pacts
from tenants.pacts.versions import draft_clauses, pact_clauses, pact_versions
from tenants.petitions.desks import answer_templates
from tenants.petitions.facts import petition_facts
from tenants.petitions.tables import petitions
from tenants.projects.tables import (
    milestones,
    project_evaluations,
    project_events,
    project_funds,
    projects,
    spendings,
)
from tenants.supervision.tables import supervision_orders
from tenants.topics.consultations import consultation_parties, consultations, resolutions
from tenants.topics.tables import (
    topic_contributions,
    topic_discussions,
    topic_evaluations,
    topic_events,
    topic_supports,
    topics,
)
from tenants.viewer import Principal
from tenants.votes.authorisations import authorisations
from tenants.votes.meetings import meetings, rolls, voters
from tenants.votes.objections import objections
from tenants.votes.secret.tables import envelopes, lists, openings, scrutineers, statements
from tenants.votes.tables import vote_dues, votes
from tests.conftest import SignIn
from tests.engine.affairs import IDS, Affairs
from tests.inputs import PREFIXES
from tests.street import SECRETARY, STAFF, Make, Person, Place, door

SCHEMA = contract().schema
# What an admin sees, and no viewer inside a community, or its author only.
ABOVE = (appointments, officers, invitations, petition_facts, affair_complaints)
ROLES = ("RESIDENT", "COMMITTEE_MEMBER", "PARTY_SECRETARY", "APP", "INSPECTOR")
TABLES = sorted(t.fullname for t in DOMAINS.tables if t.schema == "tenant")


class Home:
    """It is a community with one row of each kind."""

    def __init__(self, place: Place, ids: dict[str, UUID], people: dict[str, Person]) -> None:
        self.place = place
        self.ids = ids
        self.people = people

    def public_ids(self) -> dict[str, str]:
        """Return one existing id of every Node type, by prefix."""
        return {prefix: encode_id(row, prefix) for prefix, row in self.ids.items()}


async def furnish(make: Make) -> Home:
    """Create a community with a member of each role, and one row of each kind."""
    place = await make.community()
    resident = await make.member(place)
    staff, secretary = await make.member(place, *STAFF), await make.member(place, *SECRETARY)
    post, letter = await make.post(resident), await make.petition(resident)
    comment = await make.comment(resident, post)
    app, look = await make.app(place), await make.inspection(place, await make.officer())
    ids = {
        prefix_of(posts): post,
        prefix_of(comments): comment,
        prefix_of(boards): place.boards["neighbours"],
        prefix_of(cases): await make.case(resident, post),
        prefix_of(appointments): await _appointment(make, place, resident),
        prefix_of(street_appeals): await _appeal(make, place, resident),
        prefix_of(officers): (await make.officer(place.street_id)).id,
        prefix_of(invitations): await _invitation(make, place),
        prefix_of(apps): app.id,
        prefix_of(inspections): look.id,
        prefix_of(petitions): letter,
        prefix_of(images): await make.image(resident),
        prefix_of(petition_facts): letter,
        prefix_of(supervision_orders): await _order(make, place, letter),
        prefix_of(answer_templates): await _template(make, place, staff),
        prefix_of(duty_shifts): await _shift(make, place, staff),
        **await _votes(make, place, staff),
        **await _affairs(make, place, resident, staff),
        "mem_": resident.id,
        "com_": place.id,
    }
    people = {"RESIDENT": resident, "COMMITTEE_MEMBER": staff, "PARTY_SECRETARY": secretary,
              "APP": app, "INSPECTOR": look}  # fmt: skip
    return Home(place, ids, people)


async def _appointment(make: Make, place: Place, member: Person) -> UUID:
    """Propose a member for secretary who already has another office."""
    now, officer = datetime.now(UTC), await make.officer()
    term = {"member_id": member.id, "ends_at": now + timedelta(days=9), "reason": "换届"}
    await make.row(
        place, office_terms, id=new_id(now), role="SUPERVISOR", starts_at=now,
        granted_by=officer.id, **term,
    )  # fmt: skip
    made = new_id(now)
    await make.row(
        place, appointments, id=made, district_id=310113, street_id=place.street_id,
        display_name="邻居", action="APPOINT", state="PROPOSED", proposed_by=officer.id,
        proposed_at=now, version=1, **term,
    )  # fmt: skip
    return made


async def _appeal(make: Make, place: Place, member: Person) -> UUID:
    """Create a street appeal of a member."""
    now, made = datetime.now(UTC), new_id(datetime.now(UTC))
    await make.row(
        place, street_appeals, id=made, district_id=310113, street_id=place.street_id,
        member_id=member.id, kind="SUSPENSION", display_name="邻居", words="我没有", state="OPEN",
        created_at=now, due_at=now, version=1,
    )  # fmt: skip
    return made


async def _template(make: Make, place: Place, staff: Person) -> UUID:
    """Create an answer template."""
    made = new_id(datetime.now(UTC))
    await make.row(
        place, answer_templates, id=made, name="已派人", words="已派人处理。",
        created_at=datetime.now(UTC), created_by=staff.id, version=1, desk=0,
    )  # fmt: skip
    return made


async def _order(make: Make, place: Place, letter: UUID) -> UUID:
    """Create a supervision order of the street about a letter."""
    now, made = datetime.now(UTC), new_id(datetime.now(UTC))
    await make.row(
        place, supervision_orders, id=made, petition_id=letter, district_id=310113,
        issuing_desk=place.street_id, addressed_desk=0, desks=[place.street_id],
        issued_by=uuid4(), issued_at=now, words="请速办", due_at=now + timedelta(days=3),
        state="ISSUED", version=1,
    )  # fmt: skip
    return made


async def _shift(make: Make, place: Place, staff: Person) -> UUID:
    """Put a person on duty."""
    now, made = datetime.now(UTC), new_id(datetime.now(UTC))
    await make.row(
        place, duty_shifts, id=made, member_id=staff.id, starts_at=now,
        ends_at=now + timedelta(days=2), created_by=staff.id, created_at=now,
    )  # fmt: skip
    return made


async def _votes(make: Make, place: Place, staff: Person) -> dict[str, UUID]:
    """Create a noticed meeting with a matter, and an objection to its roll."""
    now = datetime.now(UTC)
    roll, meeting, vote, objection = (new_id(now) for _ in range(4))
    times = {"opens_at": now + timedelta(days=11), "closes_at": now + timedelta(days=13)}
    await make.row(place, rolls, id=roll, units=["PERSONS"], voters=1, frozen_at=None)
    await make.row(place, voters, roll_id=roll, voter_id=staff.id, member_id=staff.id)
    await make.row(
        place, meetings, id=meeting, rule_code="RM_PERSON", rule_from=date(2026, 1, 1),
        title="居民会议", place="活动室", held_at=now + timedelta(days=12), roll_id=roll,
        state="NOTICED", created_at=now, created_by=staff.id, noticed_at=now,
        noticed_by=staff.id, version=1, **times,
    )  # fmt: skip
    await make.row(
        place, votes, id=vote, district_id=310113, track="DECISION", meeting_id=meeting,
        matter="RESIDENT_PACT", roll_id=roll, author_id=staff.id, question="通过公约",
        method="PROPOSAL", options=2, least=1, most=1, seats=1, state="NOTICED", created_at=now,
        open_objections=1, version=1, secrecy="SECRET", keys_shown=1, answering=0, alarmed_at=None,
        certifiers=["SUPERVISOR"], **times,
    )  # fmt: skip
    await make.row(
        place, vote_dues, id=vote, district_id=310113, street_id=place.street_id, next_at=None,
        scrutiny=True,
    )  # fmt: skip
    await make.row(
        place, scrutineers, vote_id=vote, place=1, member_id=staff.id, name="监票人", side="COMMITTEE",
        seal_key=bytes(32), sign_key=bytes(32), shown_at=now,
    )  # fmt: skip
    await make.row(
        place, envelopes, vote_id=vote, roll_id=roll, voter_id=staff.id, hash=bytes(32),
        sealed=bytes(480), first_at=now, cast_at=now, receipt="{}", signature=bytes(64), version=1,
    )  # fmt: skip
    await make.row(place, statements, vote_id=vote, number=0, body="{}", signature=bytes(64))
    await make.row(
        place,
        openings,
        vote_id=vote,
        first=1,
        second=2,
        body="{}",
        signature=bytes(64),
        content=b"",
    )
    await make.row(place, lists, vote_id=vote, kind="URN", content=b"")
    await make.row(
        place, objections, id=objection, kind="ROLL", meeting_id=meeting, author_id=staff.id,
        words="少了一人", state="OPEN", made_at=now, version=1,
    )  # fmt: skip
    authorisation = new_id(now)
    await make.row(
        place, authorisations, id=authorisation, matters=["RESIDENT_PACT"], way="MEETING",
        document="第3号决定", decided_on=date(2026, 1, 1), state="GIVEN", recorded_at=now,
        recorded_by=staff.id, version=1,
    )  # fmt: skip
    return {
        prefix_of(meetings): meeting, prefix_of(votes): vote, prefix_of(objections): objection,
        prefix_of(authorisations): authorisation,
        **await _owners(make, place, staff),
        **await _topics(make, place, staff),
        **await _pacts(make, place, staff),
    }  # fmt: skip


async def _topics(make: Make, place: Place, staff: Person) -> dict[str, UUID]:
    """Create a topic with a view and a consultation, and a resolution on it."""
    now = datetime.now(UTC)
    topic, view, consultation, resolution = (new_id(now) for _ in range(4))
    await make.row(
        place, topics, id=topic, district_id=310113, street_id=place.street_id, author_id=staff.id,
        title="自行车", body="楼道里的自行车", state="SOLICITING", proposed_at=now, support_count=1,
        goal=5, is_important=False, solicited_until=now + timedelta(days=9),
        next_at=now + timedelta(days=9),
    )  # fmt: skip
    await make.row(
        place, topic_contributions, id=view, topic_id=topic, author_id=staff.id, stance="FOR",
        body="赞成", created_at=now,
    )  # fmt: skip
    await make.row(
        place, consultations, id=consultation, topic_id=topic, form="HEARING", location="活动室",
        held_at=now, state="HELD", scheduled_at=now, scheduled_by=staff.id, minutes="都同意",
        agreements=["建车棚"], follow_up="CARRY_OUT", recorded_at=now, recorded_by=staff.id,
    )  # fmt: skip
    await make.row(
        place, resolutions, id=resolution, topic_id=topic, consultation_id=consultation,
        body="建车棚", execution="CARRY_OUT", due_on=now.date(), published_at=now,
        published_by=staff.id,
    )  # fmt: skip
    by_member = {"topic_id": topic, "member_id": staff.id}
    await make.row(place, topic_supports, supported_at=now, **by_member)
    await make.row(place, topic_evaluations, at=now, satisfaction=5, **by_member)
    await make.row(
        place, topic_discussions, topic_id=topic, kind="COMMITTEES", held_on=now.date(),
        record="同意", entered_by=staff.id, entered_at=now,
    )  # fmt: skip
    await make.row(
        place, topic_events, id=new_id(now), topic_id=topic, at=now, action="PROPOSED",
        state="PROPOSED", actor_id=staff.id,
    )  # fmt: skip
    await make.row(
        place, consultation_parties, consultation_id=consultation, party_id=staff.id,
        member_id=staff.id, is_invited=True, attended=True,
    )  # fmt: skip
    await make.row(
        place, origin_steps, subject_id=topic, position=0, kind="TOPIC", node_id=topic, at=now
    )
    made = await _projects(make, place, staff, topic)
    return {
        **made, prefix_of(topics): topic, prefix_of(topic_contributions): view,
        prefix_of(consultations): consultation, prefix_of(resolutions): resolution,
    }  # fmt: skip


async def _projects(make: Make, place: Place, staff: Person, topic: UUID) -> dict[str, UUID]:
    """Create a project with a milestone and a spending."""
    now = datetime.now(UTC)
    project, milestone, spending = (new_id(now) for _ in range(3))
    await make.row(
        place, projects, id=project, district_id=310113, street_id=place.street_id, topic_id=topic,
        title="车棚", body="建车棚", state="UNDER_WAY", budget=1000, spent=0, planned_at=now,
        planned_by=staff.id, next_at=now + timedelta(days=9),
    )  # fmt: skip
    await make.row(
        place, project_funds, project_id=project, position=0, source="STREET", amount=1000
    )
    await make.row(
        place, milestones, id=milestone, project_id=project, position=0, title="划线",
        due_on=now.date(),
    )  # fmt: skip
    await make.row(
        place, spendings, id=spending, project_id=project, source="STREET", amount=10,
        spent_on=now.date(), purpose="车架", payee="五金店", state="ENTERED", entered_at=now,
        entered_by=staff.id,
    )  # fmt: skip
    await make.row(
        place, project_evaluations, project_id=project, member_id=staff.id, at=now, satisfaction=5
    )
    await make.row(
        place, project_events, id=new_id(now), project_id=project, at=now, action="PLANNED",
        state="PLANNED", actor_id=staff.id,
    )  # fmt: skip
    return {
        prefix_of(projects): project, prefix_of(milestones): milestone,
        prefix_of(spendings): spending,
    }  # fmt: skip


async def _owners(make: Make, place: Place, staff: Person) -> dict[str, UUID]:
    """Create a property area with one part and its owner."""
    now = datetime.now(UTC)
    area, part, owner = (new_id(now) for _ in range(3))
    await make.row(
        place, property_areas, id=area, name="幸福小区", created_at=now, created_by=staff.id
    )
    await make.row(
        place, property_parts, id=part, area_id=area, building="1号楼", room="101",
        address="1号/101", kind="DWELLING", area=8937, area_source="REGISTER", is_developers=False,
    )  # fmt: skip
    await make.row(
        place, property_owners, id=owner, area_id=area, number="1", kind="PERSON", name="王**",
        member_id=staff.id,
    )  # fmt: skip
    return {
        prefix_of(property_areas): area, prefix_of(property_parts): part,
        prefix_of(property_owners): owner,
    }  # fmt: skip


async def _affairs(make: Make, place: Place, resident: Person, staff: Person) -> dict[str, UUID]:
    """Create an overdue obligation, a drafted item, an objection to it, and a complaint."""
    start = datetime.now(UTC) - timedelta(days=40)
    ids = {name: new_id(start) for name in IDS}
    await Affairs(
        make, place, 310113, staff, resident, resident, resident, start, "少列一笔", ids
    ).write()
    vote = await make.value(place, "select id from tenant.vote order by id limit 1")
    await make.row(
        place, appraisals, id=ids["met"], year=2026, vote_id=vote, state="DRAFTED",
        drafted_at=start, drafted_by=staff.id, version=1,
    )  # fmt: skip
    await make.row(
        place, appraised, appraisal_id=ids["met"], place=0, member_id=staff.id, name="委员",
        is_ended=False,
    )  # fmt: skip
    post = await make.value(place, "select id from tenant.post order by id limit 1")
    await make.row(place, notices, post_id=post, asks_acknowledgement=True)
    return {
        prefix_of(appraisals): ids["met"],
        prefix_of(obligations): ids["late"], prefix_of(open_affairs): ids["posted"],
        prefix_of(affair_questions): ids["asked"], prefix_of(affair_complaints): ids["late complaint"],
    }  # fmt: skip


async def _pacts(make: Make, place: Place, staff: Person) -> dict[str, UUID]:
    """Create a pact that is drafted anew after its first version, with all that it can have."""
    now = datetime.now(UTC)
    pact, version, clause, suggestion, submission, signature, home = (new_id(now) for _ in range(7))
    where = {"district_id": 310113, "street_id": place.street_id}
    await make.row(
        place, pacts, id=pact, kind="RESIDENTS_PACT", scope="", title="居民公约", lineage_id=pact,
        versions=0, state="DRAFTING", started_at=now, started_by=staff.id, version=1, **where,
    )  # fmt: skip
    await make.row(place, pact_dues, id=pact, next_at=None, **where)
    text = {"clause_id": clause, "heading": None, "body": "不在楼道停车"}
    await make.row(place, draft_clauses, pact_id=pact, place=1, **text)
    await make.row(
        place, pact_versions, id=version, pact_id=pact, number=1, title="居民公约", size=1,
        text_hash="0" * 64, published_at=now, published_by=staff.id, **where,
    )  # fmt: skip
    await make.row(place, pact_clauses, version_id=version, size=1, place=1, **text, **where)
    await make.row(
        place, pact_suggestions, id=suggestion, pact_id=pact, made_on_id=version,
        version_id=version, clause_id=clause, author_id=staff.id, body="请写明充电的地方",
        state="OPEN", made_at=now, version=1,
    )  # fmt: skip
    await make.row(
        place, pact_submissions, id=submission, pact_id=pact, version_id=version,
        text_hash="0" * 64, purpose="FILING", submitted_at=now, submitted_by=staff.id, **where,
    )  # fmt: skip
    await make.row(place, households, id=home, **door("1号楼", "101"))
    await make.row(
        place, pact_signatures, id=signature, pact_id=pact, version_id=version,
        household_id=home, channel="PAPER", state="PENDING", made_at=now, entered_by=staff.id,
        version=1,
    )  # fmt: skip
    return {
        prefix_of(pacts): pact, prefix_of(pact_versions): version,
        prefix_of(pact_suggestions): suggestion, prefix_of(pact_submissions): submission,
        prefix_of(pact_signatures): signature,
    }  # fmt: skip


async def _invitation(make: Make, place: Place) -> UUID:
    """Create an invitation to administer the street."""
    now = datetime.now(UTC)
    made = new_id(now)
    await make.above(
        invitations, district_id=310113, id=made, street_id=place.street_id, role="DISTRICT_ADMIN",
        display_name="受邀人", reason="增员", code_hash=made.bytes, state="PROPOSED",
        invited_by=uuid4(), invited_at=now, expires_at=now + timedelta(days=7), version=1,
    )  # fmt: skip
    return made


@pytest.fixture(scope="module")
async def elm(make: Make) -> Home:
    """Give the community that is asked about."""
    return await furnish(make)


@pytest.fixture(scope="module")
async def oak(make: Make) -> Home:
    """Give the other community, whose viewers ask."""
    return await furnish(make)


async def everything(make: Make, place: Place) -> dict[str, list[str]]:
    """Return all rows of a community."""
    return {
        table: [
            str(row) for row in await make.rows(place, f"select * from {table} t order by t::text")
        ]
        for table in TABLES
    }


def input_of(
    type_: GraphQLInputObjectType,
    ids: dict[str, str],
    marker: str,
    *,
    required_only: bool = False,
) -> dict[str, Any]:
    """Fill an input with plausible values; ids come from `ids`, or are the `marker`."""
    filled: dict[str, Any] = {}
    for name, field in type_.fields.items():
        is_required = is_required_input_field(field)
        if not is_required and (required_only or get_named_type(field.type).name == "DateTime"):
            continue
        value = _value_for(name, get_named_type(field.type), ids, marker)
        filled[name] = [value] if is_list_type(get_nullable_type(field.type)) else value
    return filled


_TEXTS = {"slug": "corner", "code": "310113003999"}
_VALUES: dict[str, Any] = {
    "Int": 1,
    "Boolean": True,
    "DateTime": "2026-01-05T01:00:00Z",
    "Date": "2026-01-05",
}


def _value_for(name: str, type_: Any, ids: dict[str, str], marker: str) -> Any:
    if type_.name == "ID":
        return _id_for(name, ids, marker)
    if name == "idempotencyKey":
        return str(uuid4())
    if is_input_object_type(type_):
        return input_of(type_, ids, marker)
    if type_.name == "PetitionRefusalCode":
        return "NOT_A_PETITION"  # this code needs no legal route
    if hasattr(type_, "values"):
        return next(iter(type_.values))
    return _VALUES.get(type_.name, _TEXTS.get(name, "理由充分"))


def _id_for(name: str, ids: dict[str, str], marker: str) -> str:
    return ids.get(PREFIXES[name], marker)


def selection(type_: GraphQLObjectType) -> str:
    """Select a payload's errors and the ids of the objects in it."""
    parts = ["userErrors { __typename code message path }"]
    for name, field in type_.fields.items():
        named = get_named_type(field.type)
        if name != "userErrors":
            inside = "id" if "id" in getattr(named, "fields", {}) else "__typename"
            parts.append(f"{name} {{ {inside} }}" if hasattr(named, "fields") else name)
    return " ".join(parts)


def mutations() -> list[str]:
    """Return every mutation that names a row of a community."""
    root = SCHEMA.mutation_type
    assert root is not None
    return [
        name
        for name, field in root.fields.items()
        if any(
            get_named_type(f.type).name == "ID" and input_name != "streetId"
            for input_name, f in get_named_type(field.args["input"].type).fields.items()
        )
    ]


def nonexistent() -> dict[str, str]:
    """Return ids of the right form that no row has."""
    return {prefix: encode_id(uuid4(), prefix) for prefix in contract().nodes}


@pytest.mark.parametrize("role", ROLES)
async def test_a_foreign_node_answers_as_one_that_never_was(
    elm: Home, oak: Home, make: Make, signed_in: SignIn, role: str
) -> None:
    asker = signed_in(oak.people[role])
    admin = signed_in(await make.officer())
    theirs = {prefix_of(table): admin for table in ABOVE}
    secretary = signed_in(elm.people["PARTY_SECRETARY"])
    for prefix, foreign in elm.public_ids().items():
        missing = encode_id(uuid4(), prefix)
        for query in ("query ($id: ID!) { node(id: $id) { __typename id } }",
                      "query ($id: ID!) { nodes(ids: [$id]) { __typename id } }",
                      "query ($id: ID!) { post(id: $id) { id } }"):  # fmt: skip
            asked, expected = [await asker.run(query, id=each) for each in (foreign, missing)]
            assert asked.status == expected.status, query
            assert asked.body == _without_trace(expected, asked), query
            assert foreign not in json.dumps(asked.body)
        own = await theirs.get(prefix, secretary).run(
            "query ($id: ID!) { node(id: $id) { id } }", id=foreign
        )
        # an image is reached only through the text or petition that it belongs to
        found = {"id": foreign} if prefix != prefix_of(images) else None
        assert own.data == {"node": found}, "the id itself is a good one"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", mutations())
async def test_a_change_of_something_foreign_finds_nothing_and_changes_nothing(
    elm: Home, oak: Home, make: Make, signed_in: SignIn, role: str, name: str
) -> None:
    root = SCHEMA.mutation_type
    assert root is not None
    field = root.fields[name]
    input_type = get_named_type(field.args["input"].type)
    query = (
        f"mutation ($input: {input_type.name}!) {{ {name}(input: $input) "
        f"{{ {selection(field.type)} }} }}"
    )
    before = await everything(make, elm.place)
    asker = signed_in(oak.people[role])

    for least in (False, True):
        if least and not any(_is_named(f) for f in input_type.fields.values()):
            continue  # the least input of a verb whose ids may be left out names nothing
        asked, expected = [
            await asker.run(query, input=input_of(input_type, ids, "", required_only=least))
            for ids in (elm.public_ids(), nonexistent())
        ]
        assert (asked.status, asked.body) == (expected.status, _without_trace(expected, asked))
        assert asked.codes == ["FORBIDDEN"] or set(asked.refusals) <= {"NOT_FOUND", "FORBIDDEN"}
        assert asked.codes or asked.refusals, "it was refused"
    assert await everything(make, elm.place) == before


def _is_named(field: Any) -> bool:
    """Return whether an input always has this field, and in it the id of a row."""
    named = get_named_type(field.type)
    inner = getattr(named, "fields", {}).values() if is_input_object_type(named) else ()
    return is_required_input_field(field) and (named.name == "ID" or any(map(_is_named, inner)))


def _without_trace(expected: Any, asked: Any) -> Any:
    """Return the expected body with the other request's trace id, which alone may differ."""
    body = json.loads(json.dumps(expected.body))
    for error, other in zip(body.get("errors", []), asked.body.get("errors", []), strict=False):
        error["extensions"]["traceId"] = other["extensions"]["traceId"]
    return body


async def test_what_a_resident_next_door_lists_holds_no_foreign_id(
    elm: Home, oak: Home, signed_in: SignIn
) -> None:
    answer = await signed_in(oak.people["PARTY_SECRETARY"]).run("""{
        community { id boards { id posts(first: 1) { nodes { id comments(first: 2) { nodes { id } } } } }
                    members { nodes { id } } }
        search(query: "停水") { nodes { id } }
        moderationQueue { nodes { id } }
        mail: community { petitions { nodes { id } } dutyRoster { nodes { id } } }
        inbox { nodes { id } } searchPetitions(query: "漏水") { nodes { id } }
        petitionEvents { nodes { petition { id } } } answerTemplates { nodes { id } } }""")
    text = json.dumps(answer.data)
    for prefix in ("pst_", "pet_", "tpl_", "sft_"):
        assert oak.public_ids()[prefix] in text, prefix
    assert not [each for each in elm.public_ids().values() if each in text]


@pytest.mark.parametrize("table", TABLES)
async def test_another_tenants_rows_cannot_be_touched_in_sql(
    elm: Home, oak: Home, make: Make, table: str
) -> None:
    before = await make.rows(elm.place, f"select * from {table}")
    key = elm.place.key
    async with make.inside(oak.place.key) as connection:
        found = await connection.fetchval(
            f"select count(*) from {table} where community_id = {key}"
        )
        assert found == 0
        for statement in (
            f"update {table} set community_id = community_id where community_id = {key}",
            f"delete from {table} where community_id = {key}",
        ):
            await connection.execute("savepoint tried")
            try:
                assert (await connection.execute(statement)).endswith(" 0")
            except asyncpg.InsufficientPrivilegeError:
                await connection.execute("rollback to tried")
    if before:
        row = dict(before[0])
        places = ", ".join(f"${i}" for i in range(1, len(row) + 1))
        insert = f"insert into {table} ({', '.join(row)}) values ({places})"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await _run(make, oak.place, insert, *row.values())
    assert await make.rows(elm.place, f"select * from {table}") == before


async def _run(make: Make, place: Place, statement: str, *arguments: Any) -> None:
    async with make.inside(place.key) as connection:
        await connection.execute(statement, *arguments)


async def test_without_a_tenant_every_table_raises(
    elm: Home, make: Make, database: Database
) -> None:
    answered: list[str] = []
    # an empty table may be read without asking for the tenant, for it holds nothing
    for table in [each for each, rows in (await everything(make, elm.place)).items() if rows]:
        async with database.pools[Principal.COMMUNITY].acquire() as connection:
            await connection.execute("begin; set local enable_seqscan = off")
            with suppress(asyncpg.UndefinedObjectError, asyncpg.InvalidTextRepresentationError):
                await connection.fetch(f"select * from {table}")
                answered.append(table)
            await connection.execute("rollback")
    assert answered == []


async def test_posts_do_not_exist_for_a_district_token(
    elm: Home, make: Make, signed_in: SignIn, database: Database
) -> None:
    officer = signed_in(await make.officer())
    for prefix in ("pst_", "cmt_", "brd_", "mod_", "mem_"):
        answer = await officer.run(
            "query ($id: ID!) { node(id: $id) { id } }", id=elm.public_ids()[prefix]
        )
        assert answer.data == {"node": None}
    seen = await officer.run(
        "query ($id: ID!) { node(id: $id) { id ... on Community { counts { posts } boards { id } } } }",
        id=elm.place.public_id,
    )
    assert seen.data["node"]["counts"] == {"posts": 1}
    assert seen.data["node"]["boards"] == []
    for table in ("tenant.post", "tenant.comment", "tenant.member", "tenant.moderation_case"):
        async with database.pools[Principal.DISTRICT].acquire() as connection:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetch(f"select * from {table}")


async def test_a_street_admin_sees_only_their_street(
    elm: Home, make: Make, signed_in: SignIn
) -> None:
    away = await make.officer(
        street_id=310113102 if elm.place.street_id != 310113102 else 310113003
    )
    for prefix in ("apt_", "off_", "inv_"):
        hidden = await signed_in(away).run(
            "query ($id: ID!) { node(id: $id) { id } }", id=elm.public_ids()[prefix]
        )
        assert hidden.data == {"node": None}, prefix
    answer = await signed_in(away).run(
        """query ($id: ID!) { node(id: $id) { id }
           district { streets { id } communities(first: 50) { nodes { id } } } }""",
        id=elm.place.public_id,
    )
    assert answer.data["node"] is None
    assert len(answer.data["district"]["streets"]) == 1
    assert elm.place.public_id not in json.dumps(answer.data["district"])


async def test_a_handler_sees_nothing_of_a_community_nor_of_the_district(
    elm: Home, make: Make, signed_in: SignIn
) -> None:
    department = await make.department(elm.place.street_id)
    handler = signed_in(await make.officer(department=department))
    for prefix, each in elm.public_ids().items():
        answer = await handler.run("query ($id: ID!) { node(id: $id) { id } }", id=each)
        assert answer.data == {"node": None}, prefix
    root = SCHEMA.mutation_type
    assert root is not None
    for name in mutations():
        input_type = get_named_type(root.fields[name].args["input"].type)
        query = (
            f"mutation ($input: {input_type.name}!) {{ {name}(input: $input) "
            "{ userErrors { code } } }"
        )
        done = await handler.run(query, input=input_of(input_type, elm.public_ids(), "x"))
        assert done.codes == ["FORBIDDEN"] or set(done.refusals) <= {"NOT_FOUND", "FORBIDDEN"}, name
        assert done.codes or done.refusals, name
