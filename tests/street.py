"""Test data: communities, their people and their texts, and the clients that these people use."""

import itertools
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import sqlalchemy as sa
from graphql import get_named_type

from api.auth import Identity, Tokens
from api.engine.bindings import prefix_of
from api.engine.identifiers import decode_id, encode_id
from api.schema.schema import contract
from tenants import phones
from tenants.addresses import address_of, near_of
from tenants.apps.tables import AppState, apps
from tenants.audit.verify import Chain
from tenants.boards.cases import CASES, OPENED
from tenants.boards.tables import boards, cases, comments, post_terms, posts
from tenants.db import Database
from tenants.domains import DOMAINS
from tenants.embedded import Cluster
from tenants.identity import persons
from tenants.identity.store import identity
from tenants.ids import new_id
from tenants.images.tables import images
from tenants.inspections.tables import inspections
from tenants.membership.procedure import APPROVE, MEMBERSHIPS, SUBMIT, SUSPEND
from tenants.membership.service.consents import texts
from tenants.membership.tables import (
    OfficerState,
    Purpose,
    consents,
    member_records,
    members,
    officers,
)
from tenants.petitions.changes import received
from tenants.petitions.facts import petition_facts
from tenants.petitions.following import facts_of
from tenants.petitions.procedure import PETITIONS, SUBMITTED
from tenants.petitions.steps import ANSWER, REFUSE
from tenants.petitions.tables import petition_terms, petitions
from tenants.places.tables import (
    DepartmentState,
    communities,
    community_counts,
    departments,
    districts,
    streets,
)
from tenants.pool import Pool
from tenants.scopes import APP_SCOPES, Role, Scope
from tenants.statements import render
from tenants.terms import terms_of
from tenants.viewer import Principal, entering
from tests.lived import completed, lived, way_to
from tests.overheard import unspeakable

assert contract  # the schema sets the tables' id prefixes

STAFF = ("RESIDENT", "COMMITTEE_MEMBER")
SECRETARY = ("RESIDENT", "PARTY_SECRETARY")
_ACTIVE = APPROVE.to[0]
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Place:
    """It is a community: its tenant key, id and boards by slug."""

    key: int
    id: UUID
    street_id: int
    boards: dict[str, UUID]

    @property
    def public_id(self) -> str:
        """Return its public id."""
        return encode_id(self.id, prefix_of(communities))

    def board(self, slug: str = "neighbours") -> str:
        """Return the public id of a board."""
        return encode_id(self.boards[slug], prefix_of(boards))


@dataclass(frozen=True)
class Department:
    """It is a department: its number, its id, and its street (0: it belongs to the district)."""

    number: int
    id: UUID
    street_id: int

    @property
    def public_id(self) -> str:
        """Return its public id."""
        return encode_id(self.id, prefix_of(departments))


_ALONE = {"APP": Principal.APP, "INSPECTOR": Principal.INSPECTOR, "GUEST": Principal.GUEST}
_OWN_ROWS = {"APP": apps, "INSPECTOR": inspections}


@dataclass(frozen=True)
class Person:
    """It is a member of a community, an officer above it, an app, or an officer in an inspection."""

    id: UUID
    roles: tuple[str, ...]
    place: Place | None = None
    district_id: int = 0
    street_id: int = 0
    department_id: int = 0
    org: str = ""
    version: int = 1

    @property
    def public_id(self) -> str:
        """Return their public id."""
        return encode_id(
            self.id, prefix_of(_OWN_ROWS.get(self.roles[0], members if self.place else officers))
        )

    @property
    def viewer_id(self) -> str:
        """Return the id of `viewer` with a token of theirs."""
        return encode_id(self.id, "vwr_")

    @property
    def guest(self) -> "Person":
        """Return the same person as a guest, which they are while not active."""
        return replace(self, roles=("GUEST",))

    @property
    def principal(self) -> Principal:
        """Return their principal kind."""
        if self.place:
            return _ALONE.get(self.roles[0], Principal.COMMUNITY)
        return Principal.DEPARTMENT if self.department_id else Principal.DISTRICT

    @property
    def number(self) -> int:
        """Return the number of their community, department, street or district."""
        return (
            self.place.key
            if self.place
            else max(self.department_id, self.street_id) or self.district_id
        )

    def identity(self) -> Identity:
        """Return what their token is minted from."""
        return Identity(
            principal=self.principal,
            id=self.id,
            org=self.place.public_id if self.place else self.org,
            place=self.number,
            roles=frozenset(Role(role) for role in self.roles),
            version=self.version,
        )

    def token(self, tokens: Tokens, *, scopes: frozenset[Scope] | None = None) -> str:
        """Mint an access token for them."""
        now = datetime.now(UTC)
        return tokens.mint(self.identity(), client_id="tests", now=now, scopes=scopes)


@dataclass(frozen=True)
class Answer:
    """It is the status, headers and body of an answer."""

    status: int
    body: dict[str, Any]
    headers: httpx.Headers

    @property
    def data(self) -> dict[str, Any]:
        """Return the data of an answer that has no errors."""
        assert "errors" not in self.body, self.body
        return self.body["data"]

    @property
    def codes(self) -> list[str]:
        """Return the codes of top-level errors."""
        return [error["extensions"]["code"] for error in self.body.get("errors", [])]

    @property
    def payload(self) -> dict[str, Any]:
        """Return the one payload of a mutation."""
        (payload,) = self.data.values()
        return payload

    @property
    def refusals(self) -> list[str]:
        """Return the codes of the one payload's user errors."""
        return [error["code"] for error in self.payload["userErrors"]]


class SignedIn:
    """It is a client with one person's token."""

    def __init__(self, client: httpx.AsyncClient, person: Person, token: str) -> None:
        self._client = client
        self.person = person
        self.token = token

    async def run(self, query: str, **variables: Any) -> Answer:
        """Send one operation by POST."""
        return await self.send({"query": query, "variables": variables})

    async def do(self, verb: str, select: str = "", /, **given: Any) -> Answer:
        """Run one mutation with this input; `select` is what to read of its payload."""
        query = (
            f"mutation ($input: {_input_of(verb)}!) {{ {verb}(input: $input) "
            f"{{ {select} userErrors {{ code path message }} }} }}"
        )
        answer = await self.run(query, input=given)
        payload = (answer.body.get("data") or {}).get(verb) or {}
        refused = {each["code"] for each in payload.get("userErrors", ())}
        # a suspended community refuses every change
        assert refused <= {*_said_errors(verb), "WRONG_STATE"}, f"{verb} does not say {refused}"
        return answer

    async def send(self, body: Any, **headers: str) -> Answer:
        """Send a JSON body of any kind."""
        sent = {
            "authorization": f"Bearer {self.token}",
            "accept": "application/graphql-response+json",
            **headers,
        }
        response = await self._client.post("/graphql", json=body, headers=sent)
        return Answer(response.status_code, response.json(), response.headers)


def _said_errors(verb: str) -> list[str]:
    root = contract().schema.mutation_type
    assert root is not None
    said = re.search(r"^Errors: (.*)$", root.fields[verb].description or "", re.MULTILINE)
    return re.findall(r"`(\w+)`", said[1]) if said else []


def _input_of(verb: str) -> str:
    root = contract().schema.mutation_type
    assert root is not None
    return get_named_type(root.fields[verb].args["input"].type).name


def pst(post: UUID) -> str:
    """Return the public id of a post."""
    return encode_id(post, prefix_of(posts))


def cmt(comment: UUID) -> str:
    """Return the public id of a comment."""
    return encode_id(comment, prefix_of(comments))


def door(building: str, room: str) -> dict[str, str]:
    """Return the address columns of a household."""
    address = address_of(building, room)
    return {"building": building, "room": room, "address": address, "near": near_of(address)}


def key() -> str:
    """Return a new idempotency key."""
    return str(uuid4())


class Make:
    """Inserts rows directly into the database, as linli_app inside the tenant."""

    def __init__(self, database: Database, cluster: Cluster) -> None:
        self._database = database
        self.cluster = cluster
        self._free = itertools.count(1)

    async def community(self) -> Place:
        """Return an imported community that no other test uses, with its default boards."""
        return await self.place(next(self._free))

    async def residents_community(self) -> Place:
        """Return one that is not a village, since other laws apply there."""
        place = await self.community()
        while await self.value(place, "select kind from tenant.community") != "RESIDENTIAL":
            place = await self.community()
        return place

    async def place(self, key: int) -> Place:
        """Return the community with this tenant key, as it is now."""
        async with self.inside(key) as connection:
            place = await connection.fetchrow("select * from tenant.community")
            assert place is not None, "more communities are wanted than were brought in"
            rows = await connection.fetch("select slug, id from tenant.board")
        return Place(key, place["id"], place["street_id"], {r["slug"]: r["id"] for r in rows})

    async def place_of(self, org: str) -> Place:
        """Return the community with this public id."""
        owner = await asyncpg.connect(self.cluster.url())
        query = "select community_id from tenant.community where id = $1"
        number = await owner.fetchval(query, decode_id(org, prefix_of(communities)))
        await owner.close()
        return await self.place(number)

    async def member(
        self, place: Place, *roles: str, name: str | None = None, state: str = _ACTIVE
    ) -> Person:
        """Create a member, by default an active resident."""
        held = roles or ("RESIDENT",)
        row = _member(state, *held, name=name or f"邻居{next(_numbers)}")
        await self.row(place, members, **row)
        if row["state"] == _ACTIVE:
            await self.count(place, members=1)
        return Person(row["id"], held, place, version=row["permission_version"])

    async def applicant(self, place: Place, state: str, *roles: str) -> Person:
        """Create a member in any state, with a record, a consent and an affiliation.

        Their token is that of a member if they are ACTIVE, and else of a guest.
        """
        number = next(_numbers)
        ring, phone = self._database.ring, f"+86{unspeakable(f'138{number:08}')}"
        real_name = unspeakable(f"王小明{number:05}")
        row = _member(state, *(roles or ("RESIDENT",)), name=f"申请人{number}")
        who, person, version = row["id"], row["person_id"], row["permission_version"]
        is_active, way = state == _ACTIVE, way_to(MEMBERSHIPS, state)
        await self.row(place, members, **row)
        await self.row(
            place, member_records, id=who, kind="REGISTERED",
            real_name=ring.seal(real_name, context=f"{place.key}/{who}/real_name"),
            real_name_masked="王**", phone=ring.seal(phone, context=f"{place.key}/{who}/phone"),
            phone_masked=phones.mask(phone), phone_index=ring.index(phone, purpose="phone"),
            applied_at=_now(), version=1,
            **({"submitted_at": _now(), "review_due_at": _now()} if SUBMIT in way else {}),
            **({"suspended_reason": "违反公约"} if SUSPEND in way else {}),
        )  # fmt: skip
        await self.row(
            place, consents, id=new_id(_now()), member_id=who, purpose="IDENTITY",
            text_version=texts()[Purpose.IDENTITY].version, given_at=_now(), withdrawn_at=None,
        )  # fmt: skip
        if is_active:
            await self.count(place, members=1)
        async with identity(self._database) as store:
            door = await persons.signed_in(store, "DEMO", str(person))
            await persons.affiliate(
                store, door, place="COMMUNITY", number=place.key, place_id=place.id, subject_id=who
            )
        held = (roles or ("RESIDENT",)) if is_active else ("GUEST",)
        return Person(who, held, place, version=version)

    async def absent(self, place: Place) -> Person:
        """Create a guest who has used the join code and done nothing else."""
        async with identity(self._database) as store:
            door = await persons.signed_in(store, "DEMO", str(uuid4()))
            who = await persons.affiliate(
                store, door, place="COMMUNITY", number=place.key, place_id=place.id
            )
        return Person(who, ("GUEST",), place, version=0)

    def opened(self, envelope: str, context: str) -> str:
        """Open a sealed envelope."""
        return self._database.ring.open(envelope, context=context)

    async def department(self, street_id: int = 0, **values: Any) -> Department:
        """Create a department of Baoshan District, or of one of its streets."""
        async with self.district() as connection:
            # the next number, as the server assigns it
            latest = (
                "select max(department_id) from reference.department where district_id = 310113"
            )
            number = (await connection.fetchval(latest) or 310113000) + 1
        row: dict[str, Any] = {
            "department_id": number,
            "district_id": 310113,
            "street_id": street_id,
            "id": new_id(_now()),
            "name": f"第{number}科",
            "duties": "一应事务",
            "state": DepartmentState.ACTIVE.value,
            "created_at": _now(),
            "version": 1,
            "handlers": 0,
            **values,
        }
        await self.above(departments, **row)
        return Department(row["department_id"], row["id"], street_id)

    async def officer(
        self, street_id: int = 0, *, department: Department | None = None, **values: Any
    ) -> Person:
        """Create an admin of Baoshan District or of a street, or a handler of a department."""
        role = "DEPARTMENT_HANDLER" if department else "DISTRICT_ADMIN"
        street_id = department.street_id if department else street_id
        table, number = (streets, street_id) if street_id else (districts, 310113)
        async with self.district() as connection:
            org = await connection.fetchval(
                f"select id from {table.fullname} where {table.name}_id = $1", number
            )
            row: dict[str, Any] = {
                "district_id": 310113,
                "id": new_id(_now()),
                "street_id": street_id,
                "department_id": department.number if department else None,
                "person_id": uuid4(),
                "display_name": "区管理员",
                "roles": [role],
                "state": OfficerState.ACTIVE.value,
                "permission_version": 1,
                **values,
            }
            await _add(connection, officers, row)
            await connection.execute(
                "update reference.department set handlers = handlers + 1 where department_id = $1",
                row["department_id"],
            )
        if department:
            return Person(
                row["id"], (role,), None, 310113, department_id=department.number,
                org=department.public_id,
            )  # fmt: skip
        org = encode_id(org, prefix_of(table))
        return Person(row["id"], (role,), None, 310113, street_id, org=org)

    async def app(self, place: Place, **values: Any) -> Person:
        """Create an app that reads a community; its secret is "secret"."""
        row: dict[str, Any] = {
            "id": new_id(_now()),
            "district_id": 310113,
            "street_id": place.street_id,
            "display_name": "楼道屏",
            "contact": "dev@example.org",
            "scopes": sorted(APP_SCOPES),
            "secret_hash": sha256(b"secret").digest(),
            "secret_at": _now(),
            "state": AppState.ACTIVE.value,
            "suspended_from_above": False,
            "permission_version": 1,
            "registered_by": uuid4(),
            "registered_from_above": False,
            "created_at": _now(),
            "version": 1,
            **values,
        }
        await self.row(place, apps, **row)
        return Person(row["id"], ("APP",), place, version=row["permission_version"])

    async def inspection(self, place: Place, officer: Person, **values: Any) -> Person:
        """Create an officer's inspection of a community, which begins now."""
        now = _now()
        row: dict[str, Any] = {
            "id": new_id(_now()),
            "district_id": officer.district_id,
            "street_id": officer.street_id,
            "officer_id": officer.id,
            "display_name": "区管理员",
            "reason": "走访",
            "started_at": now,
            "ends_at": now + timedelta(minutes=30),
            **values,
        }
        await self.row(place, inspections, **row)
        return Person(row["id"], ("INSPECTOR",), place, version=officer.version)

    async def above(self, table: sa.Table, **values: Any) -> None:
        """Insert a row into a table of the district."""
        async with self.district(values["district_id"]) as connection:
            await _add(connection, table, values)

    @asynccontextmanager
    async def district(self, district_id: int = 310113) -> AsyncGenerator[Any]:
        """Open a connection of linli_district in a transaction of a whole district."""
        pool = self._database.pools[Principal.DISTRICT]
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute(f"select district.enter({district_id}, 0, 0)")
            yield connection

    async def post(self, author: Person, slug: str = "neighbours", **values: Any) -> UUID:
        """Create a published post with its search terms, and count it."""
        assert author.place is not None
        at = values.pop("at", _now())
        row: dict[str, Any] = {
            "id": new_id(at),
            "board_id": author.place.boards[slug],
            "author_id": author.id,
            "title": "今天停水吗",
            "body": "请问小区今天停水到几点？",
            "pinned": False,
            "state": "PUBLISHED",
            "created_at": at,
            "edited_at": None,
            "comment_count": 0,
            "reaction_count": 0,
            "version": 1,
            **values,
        }
        await self.row(author.place, posts, **row)
        for term in terms_of(f"{row['title']}\n{row['body']}"):
            await self.row(author.place, post_terms, term=term, post_id=row["id"])
        if row["state"] == "PUBLISHED":
            await self.count(author.place, posts=1)
        return row["id"]

    async def comment(self, author: Person, post_id: UUID, **values: Any) -> UUID:
        """Create a published comment, and count it."""
        assert author.place is not None
        at = values.pop("at", _now())
        row: dict[str, Any] = {
            "id": new_id(at),
            "post_id": post_id,
            "parent_id": None,
            "author_id": author.id,
            "body": "听说下午三点恢复。",
            "state": "PUBLISHED",
            "post_state": "PUBLISHED",
            "created_at": at,
            "edited_at": None,
            "reply_count": 0,
            "reaction_count": 0,
            "version": 1,
            **values,
        }
        await self.row(author.place, comments, **row)
        if row["state"] == "PUBLISHED":
            async with self.inside(author.place.key) as connection:
                await connection.execute(
                    "update tenant.post set comment_count = comment_count + 1 where id = $1",
                    post_id,
                )
                await connection.execute(
                    "update tenant.comment set reply_count = reply_count + 1 where id = $1",
                    row["parent_id"],
                )
            await self.count(author.place, comments=1)
        return row["id"]

    async def case(self, author: Person, post_id: UUID, **values: Any) -> UUID:
        """Create a moderation case about a post, in any state."""
        assert author.place is not None
        row = lived(
            CASES, values.get("state", OPENED.to[0]), _now(), author.id, subject_id=post_id,
            post_id=post_id, author_id=author.id, was_held=False, report_count=0,
        ) | values  # fmt: skip
        await self.row(author.place, cases, **row)
        return row["id"]

    async def image(
        self, owner: Person, subject: str = "", subject_id: UUID | None = None, **values: Any
    ) -> UUID:
        """Create an image without a file, perhaps of a `post`, `comment` or `petition`."""
        assert owner.place is not None
        at = values.pop("at", _now())
        of: dict[str, Any] = {}
        if subject:
            of = {"subject_id": subject_id, f"{subject}_id": subject_id, "position": 0}
        place = {"district_id": owner.place.street_id // 1000} if subject == "petition" else {}
        row: dict[str, Any] = {
            "id": new_id(at),
            "owner_id": owner.id,
            "width": 640,
            "height": 480,
            "bytes": 4096,
            "created_at": at,
            "desks": [],
            **of,
            **place,
            **values,
        }
        await self.row(owner.place, images, **row)
        return row["id"]

    async def petition(self, author: Person, **values: Any) -> UUID:
        """Create a petition in any state, with facts and terms; invent what the state requires.

        `desk` is 0 for the community (the default), or the number of a street, district or department,
        which is then also in `desks`.
        """
        assert author.place is not None
        at = values.pop("at", _now())
        if "category_id" not in values:
            values["category_id"] = await self.value(
                author.place,
                "select id from reference.petition_category where district_id = $1 "
                "order by topic, name limit 1",
                author.place.street_id // 1000,
            )
        row = _petition(author, at, values)
        await self.row(author.place, petitions, **row)
        await self.row(author.place, petition_facts, **facts_of(row))
        for term in terms_of(f"{row['title']}\n{row['body']}"):
            await self.row(author.place, petition_terms, term=term, petition_id=row["id"])
        return row["id"]

    async def row(self, place: Place, table: sa.Table, /, **values: Any) -> None:
        """Insert a row into a tenant table; one of a procedure goes the declared way to its state."""
        statement = render(sa.insert(table).values(community_id=place.key, **_whole(table, values)))
        async with self.inside(place.key) as connection:
            await connection.execute(statement.text, *statement.arguments({}))

    async def rows(self, place: Place, query: str, *arguments: Any) -> list[asyncpg.Record]:
        """Return what a query finds inside a tenant."""
        async with self.inside(place.key) as connection:
            return await connection.fetch(query, *arguments)

    async def value(self, place: Place, query: str, *arguments: Any) -> Any:
        """Return the first column of the first row that a query finds inside a tenant."""
        async with self.inside(place.key) as connection:
            return await connection.fetchval(query, *arguments)

    async def trace(self, place: Place) -> list[tuple[str, UUID, UUID, str | None]]:
        """Return the audit: action, actor, subject, reason; assert that the outbox agrees."""
        since = "where action <> 'community.created' order by id"
        done = await self.rows(
            place, f"select action, actor_id, subject_id, reason from tenant.audit_entry {since}"
        )
        told = await self.rows(place, f"select action, subject_id from tenant.outbox_event {since}")
        assert sorted((row[0], row[2]) for row in done) == sorted(map(tuple, told))
        return [tuple(row) for row in done]

    async def audit_faults(self, place: Place) -> list[str]:
        """Return the faults of a community's chain of audit entries."""
        chain = Chain()
        entries = await self.rows(place, "select * from tenant.audit_entry order by seq")
        chain.walk([dict(row) for row in entries])
        (head,) = await self.rows(place, "select seq, hash from tenant.audit_head")
        chain.end(dict(head))
        return chain.findings

    async def count(self, place: Place, **by: int) -> None:
        """Add to the counts that the district may know of a community."""
        async with self.inside(place.key) as connection:
            for column, number in by.items():
                assert column in community_counts.c
                await connection.execute(
                    f"update tenant.community_count set {column} = {column} + $1", number
                )

    def inside(self, key: int) -> "_Inside":
        """Open a connection of linli_app in a transaction of this tenant."""
        return _Inside(self._database.pools[Principal.COMMUNITY], key)


def _member(state: str, *roles: str, name: str) -> dict[str, Any]:
    who = new_id(_now())
    return lived(
        MEMBERSHIPS, state, _now(), who, id=who, person_id=uuid4(), display_name=name,
        building="3号楼", roles=list(roles), permission_version=0, joined_at=_now(),
    )  # fmt: skip


def _petition(author: Person, at: datetime, values: dict[str, Any]) -> dict[str, Any]:
    """Return a petition's row; missing values are what its way to the state makes of them."""
    assert author.place is not None
    desk, street = values.get("desk", 0), author.place.street_id
    of_street = desk == street or (desk < 0 and values.get("level") == "STREET")
    level = ("STREET" if of_street else "DISTRICT") if desk else "COMMUNITY"
    here = {"district_id": street // 1000, "street_id": street}
    category = {"id": values.get("category_id"), "urgency": "NORMAL"}
    sent: dict[str, Any] = {
        **received(here, category, _LIMIT, at), "author_id": author.id, "kind": "HELP",
        "title": "三号楼漏水", "body": "楼顶漏水，请来看看。", "secrecy": "MEMBERS", "is_listed": True,
        "addressee": "COMMUNITY", "is_at_community": True, "level": level, "desk": desk,
        "desks": [desk] if desk else [],
    }  # fmt: skip
    row = lived(
        PETITIONS, values.get("state", SUBMITTED.to[0]), at, author.id, first=SUBMITTED,
        gives={
            REFUSE: {"refusal_code": "NOT_A_PETITION"},
            ANSWER: {"outcome": "SOLVED", "callback_due_at": at + timedelta(days=1)},
        },
        **sent,
    )  # fmt: skip
    # a review is asked of the desk above: it is to be at this one
    row |= {name: sent[name] for name in ("level", "desk", "desks")} | values
    derived = PETITIONS.derive(row) if PETITIONS.derive else {}
    return row | derived | values


# a day to acknowledge, nine to answer
_LIMIT = {
    "ack_hours": 24, "ack_days": None, "resolve_hours": 216, "resolve_days": None, "rise_hours": 24,
}  # fmt: skip


def _whole(table: sa.Table, values: dict[str, Any]) -> dict[str, Any]:
    procedure = _PROCEDURES.get(table)
    return values if procedure is None else completed(procedure, values, _now())


_PROCEDURES = {procedure.table: procedure for procedure in DOMAINS.procedures}


async def _add(connection: Any, table: sa.Table, row: dict[str, Any]) -> None:
    statement = render(sa.insert(table).values(**_whole(table, row)))
    await connection.execute(statement.text, *statement.arguments({}))


class _Inside:
    def __init__(self, pool: Pool, key: int) -> None:
        self._pool, self._key = pool, key

    async def __aenter__(self) -> Any:
        self._connection = await self._pool.take()
        self._connection.begin(entering(community_id=self._key))
        return self._connection

    async def __aexit__(self, kind: object, *_: object) -> None:
        await (self._connection.rollback() if kind else self._connection.commit())
        self._pool.give_back(self._connection)


def _now() -> datetime:
    return datetime.now(UTC)
