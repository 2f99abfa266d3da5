"""The source of each field: one binding, never null if the schema says so, served by an index."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa
from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLInt,
    GraphQLObjectType,
    GraphQLString,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_list_type,
    is_non_null_type,
)
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP

from api.engine import bindings as b
from api.engine.contract import is_connection
from api.schema.schema import contract
from tenants.db import Database
from tenants.statements import render
from tenants.viewer import Principal

CONTRACT = contract()
TYPES: dict[str, Any] = CONTRACT.schema.type_map

# Expressions that are not columns and are never null, and why.
NEVER_NULL = {
    "AuditEntry.action": "of a column that is never null",
    "AuditEntry.isAboutViewer": "two ids that are never null, compared with the viewer's",
    "AuditEntry.seq": "a cast of a column that is never null",
    "Authorisation.isInForce": "each part is of a column that is never null, or asks for null first",
    "Board.isArchived": "IS NOT NULL is true or false",
    "Image.url": "concat leaves out what is null, and nothing is",
    "Image.thumbnailUrl": "concat leaves out what is null, and nothing is",
    "MemberRecord.isReviewOverdue": "false where a date is null, since it asks for that first",
    "DistrictPetitionRates.communityCount": "count(*) of a group",
    "DutyShift.isRunning": "of columns that are never null, and EXISTS",
    "ModerationCase.isAppealOverdue": "false where a date is null, since it asks for that first",
    "Pact.isFilingOverdue": "coalesced to false where a date is null",
    "Pact.isReviewOverdue": "coalesced to false where a date is null",
    "Pact.isRevisionDue": "coalesced to false where a date is null",
    "PactSubmission.isOverdue": "coalesced to false where a date is null",
    "Meeting.viewerIsOnRoll": "EXISTS is true or false",
    "NoticeAudience.isForViewer": "EXISTS is true or false",
    "OwnersRules.isInForce": "of a column that is never null",
    "Project.progressPercent": "coalesced to 0",
    "Topic.viewerHasSupported": "EXISTS is true or false",
    "Vote.viewerIsOnRoll": "EXISTS is true or false",
    "OwnEnvelope.hash": "of a column that is never null",
    "OwnEnvelope.signature": "of a column that is never null",
    "VoteNotice.signature": "of a column that is never null",
    "OverduePetition.isOverdue": "two columns that are never null",
    "HouseholdClaim.isDisputed": "EXISTS is true or false",
    "OwedMeeting.owedDays": "of columns that are never null",
    "Petition.viewerIsAuthor": "coalesced to false for a letter that nobody here wrote",
    "PetitionClocks.isPaused": "IN over a column that is never null",
    "PetitionSupport.viewerHasSupported": "EXISTS is true or false",
    "PetitionSupportRule.isInForce": "of a column that is never null, and a coalesced date",
    "Post.viewerHasRead": "EXISTS is true or false",
    "ReactionCount.count": "count(*) of a group",
    "ReactionCount.viewerHasReacted": "bool_or over a group's rows, of two ids that are never null",
    "SupervisionOrder.isOverdue": "of columns that are never null",
    "ThirdPartyApp.scopes": "of a column that is never null and never empty",
    "StreetAppeal.isOverdue": "of columns that are never null, and a date asked for first",
    "StreetAppeal.state": "a column that is never null, or a word in its place",
}
# Values made in Python that are never null, and why.
NEVER_NONE = {
    "Viewer.roles": "every token has its roles",
    "Viewer.scopes": "every token has its scopes, if none",
    "Viewer.expiresAt": "every token has an end",
    "AnswerPetitionsPayload.answeredIds": "empty where nothing was answered",
    "ImportPetitionsPayload.importedIds": "empty where nothing was imported",
    "ImportPetitionsPayload.knownIds": "empty where nothing was known",
    "MarkReadPayload.readIds": "empty where nothing was marked",
    "ConfirmPaperPayload.voteIds": "empty where nothing was confirmed",
    "RecordPaperPayload.voteIds": "empty where nothing was entered",
    "ImportOwnersPayload.added": "0 where nothing was imported",
    "ImportOwnersPayload.updated": "0 where nothing was imported",
    "ImportOwnersPayload.unchanged": "0 where nothing was imported",
    **{
        f"{name}.userErrors": "empty where nothing was refused"
        for name in TYPES
        if name.endswith("Payload") and name != "Payload"
    },
}
# Enums of columns without a CHECK of their values, and what ensures these instead.
UNCHECKED_ENUMS = {
    "Officer.roles": "roles_known holds an array to its words",
    "NoticeAudience.offices": "offices_known holds an array to its words",
    "Member.roles": "roles_known holds an array to its words",
    "StreetAppeal.state": "its column is held to its words; MOOT, which may stand for it, is one",
    "AuditEntry.action": "AuditAction(…) refuses what is none before it is written",
    "Vote.certifyingSeats": "certifiers_known holds an array to its words",
    "ThirdPartyApp.scopes": "scopes_of_an_app holds an array to its words",
    "ModerationCase.reasonCode": "written from the enum by hideContent only",
}
# Columns that may be null, of an object that is there only where they are not, and what holds that.
PRESENT = {
    "PetitionAnswer.body": "answered_in_words",
    "PetitionAnswer.outcome": "answered_in_words",
    "PetitionAnswer.answeredAt": "answered_in_words",
    "PetitionRefusal.code": "refused_for_a_reason",
    "PetitionRefusal.reason": "refused_for_a_reason",
    "PetitionReview.requestedAt": "review_requested_at is what the review is there by",
}


@dataclass
class Walk:
    """It is every object type that a query or payload can reach, with the table of its rows."""

    seen: list[tuple[str, sa.Table | None]] = field(default_factory=list)
    given: set[str] = field(default_factory=set)

    def enter(self, name: str, table: sa.Table | None) -> "Walk":
        """Visit a type's fields, once for each table that it is read from."""
        if (name, table) not in self.seen:
            self.seen.append((name, table))
            for field_name, definition in TYPES[name].fields.items():
                spec = CONTRACT.fields.get((name, field_name))
                if spec is not None:
                    self._follow(spec.binding, definition.type, table)
        return self

    def _follow(  # noqa: C901 # one arm for each kind of binding
        self, binding: b.Binding, type_: Any, table: sa.Table | None
    ) -> None:
        target = get_named_type(type_)
        match binding:
            case b.One() | b.Rows():
                self.enter(target.name, binding.table)
            case b.Page():
                self.enter(target.fields["nodes"].type.of_type.of_type.of_type.name, binding.table)
            case b.OneByPrincipal():
                for link in binding.choices.values():
                    self.enter(target.name, link.table)
            case b.Either():
                for name, link in binding.choices.items():
                    self.enter(name, link.table)
            case b.Value():
                self.enter(target.name, table)
            case b.Verb():
                self.enter(target.name, None)
            case b.NodeById() | b.NodesByIds():
                for node, node_table in CONTRACT.nodes.values():
                    self.enter(node.name, node_table)
            case b.Given() | b.Permit() | b.Parts():
                self._give(target)

    def _give(self, target: Any) -> None:
        if isinstance(target, GraphQLObjectType):
            self.given.add(target.name)
        for one in getattr(target, "fields", {}).values():
            self._give(get_named_type(one.type))
        if is_abstract_type(target):
            implementing = CONTRACT.schema.get_possible_types(target)
            self.given.update(one.name for one in implementing)


WALK = Walk().enter("Query", None).enter("Mutation", None)


@dataclass(frozen=True)
class Read:
    """It is one field as it is read: of a row of `table`, if it has one."""

    coordinate: str
    table: sa.Table | None
    definition: Any
    binding: Any

    @property
    def is_solid(self) -> bool:
        """Return whether the schema says that it is never null."""
        return is_non_null_type(self.definition.type)


def reads() -> Iterator[Read]:
    """Yield every field that is read, once for each table that its type is read from."""
    for name, table in WALK.seen:
        for field_name, definition in TYPES[name].fields.items():
            spec = CONTRACT.fields[name, field_name]
            yield Read(f"{name}.{field_name}", table, definition, spec.binding)


READS = list(reads())
# One for each coordinate: it does not depend on the table of the parent row.
PAGES = list({r.coordinate: r for r in READS if isinstance(r.binding, b.Page)}.values())


def column_of(read: Read) -> sa.Column[Any] | None:
    """Return the column that a field is bound to; None if it is an expression."""
    expression = read.binding.expression
    if isinstance(expression, str):
        assert read.table is not None
        return read.table.c[expression]
    return expression if isinstance(expression, sa.Column) else None


def test_every_type_is_read_from_somewhere() -> None:
    shapes = {
        name
        for name, type_ in TYPES.items()
        if isinstance(type_, GraphQLObjectType)
        and (is_connection(type_) or type_.fields.keys() == {"cursor", "node"})
    }
    objects = {
        name
        for name, type_ in TYPES.items()
        if isinstance(type_, GraphQLObjectType) and not name.startswith("__")
    }
    read = {name for name, _ in WALK.seen}

    assert objects == read | WALK.given | shapes | {"PageInfo"}
    assert read & (WALK.given | shapes | {"PageInfo"}) == set()
    bound = {name for name, _ in CONTRACT.fields}
    assert bound == read, "what is given or a shape has no bindings of its own"


def test_no_two_types_share_an_id() -> None:
    types: dict[str, set[str]] = {}
    for read in READS:
        name, _, field_name = read.coordinate.partition(".")
        if isinstance(read.binding, b.PublicId):
            assert field_name == "id"
            assert read.table is not None
            types.setdefault(read.binding.prefix or b.prefix_of(read.table), set()).add(name)
        elif field_name == "id":
            assert isinstance(read.binding, b.NodeById), read.coordinate
    assert [each for each in types.values() if len(each) > 1] == []
    assert types["vwr_"] == {"Viewer"}
    assert "vwr_" not in CONTRACT.nodes


def test_every_field_of_a_type_that_is_read_has_a_binding() -> None:
    for name in {name for name, _ in WALK.seen}:
        for field_name in TYPES[name].fields:
            assert (name, field_name) in CONTRACT.fields


def test_a_column_is_null_in_graphql_just_where_it_is_in_the_table() -> None:
    for read in READS:
        if isinstance(read.binding, b.Column) and (column := column_of(read)) is not None:
            assert column.table is read.table, f"{read.coordinate} is not of its row"
            solid = not column.nullable or read.coordinate in PRESENT
            assert read.is_solid == solid, read.coordinate


@pytest.mark.parametrize("coordinate", PRESENT)
async def test_where_an_object_is_there_what_it_promises_is_too(
    coordinate: str, database: Database
) -> None:
    """Of all rows that the table's check lets in, with each column given or null, none breaks it."""
    (read,) = [read for read in READS if read.coordinate == coordinate]
    column = column_of(read)
    assert column is not None
    assert read.table is not None
    type_name = coordinate.split(".")[0]
    (present,) = {
        str(render(sa.select(other.binding.present)).text).removeprefix("SELECT ")
        for other in READS
        if isinstance(other.binding, b.Value)
        and get_named_type(other.definition.type).name == type_name
        and other.binding.present is not None
    }
    checks = [
        str(constraint.sqltext)
        for constraint in read.table.constraints
        if isinstance(constraint, sa.CheckConstraint) and constraint.name == PRESENT[coordinate]
    ]
    name = read.table.fullname
    given = {
        "answer": "words", "outcome": "SOLVED", "answered_at": "2026-01-01T00:00:00Z",
        "refusal_code": "EMERGENCY", "refusal_reason": "words",
        "review_requested_at": "2026-01-01T00:00:00Z",
    }  # fmt: skip
    there = present.split(" FROM ")[0].rsplit(" AS ", 1)[0].replace(f"{name}.", "petition.")
    async with database.pools[Principal.COMMUNITY].acquire() as connection:
        for some in itertools.product((True, False), repeat=len(given)):
            row = {key: given[key] for key, has in zip(given, some, strict=True) if has}
            row |= {"state": "CLOSED"}
            broken = await connection.fetchval(
                f"select count(*) from jsonb_populate_record(null::{name}, $1::jsonb) as petition "
                f"where ({there}) and petition.{column.name} is null "
                + "".join(f" and ({check}) is not false" for check in checks),
                json.dumps(row),
            )
            assert broken == 0, (coordinate, row)


def test_an_expression_that_is_never_null_was_thought_about() -> None:
    solid = {
        read.coordinate
        for read in READS
        if isinstance(read.binding, b.Column) and column_of(read) is None and read.is_solid
    }
    assert solid == set(NEVER_NULL)
    given = {r.coordinate for r in READS if isinstance(r.binding, b.Given) and r.is_solid}
    assert given == set(NEVER_NONE)


def test_what_may_be_missing_may_be_null() -> None:
    for read in READS:
        match read.binding:
            case b.IdOf() | b.One() | b.OneByPrincipal() | b.Either() | b.NodeById() | b.Verb():
                assert not read.is_solid, read.coordinate
            case b.Value(present=present) | b.Count(present=present):
                assert read.is_solid == (present is None), read.coordinate
            case b.PublicId() | b.Permit() | b.Parts() | b.Rows() | b.NodesByIds():
                assert read.is_solid, read.coordinate


def test_a_page_that_is_never_null_is_seen_by_all_who_see_its_row() -> None:
    for read in PAGES:
        if read.is_solid:
            assert read.table is not None, read.coordinate
            blind = set(read.table.info["visible"]) - set(read.binding.table.info["visible"])
            assert blind == set(), f"{read.coordinate}: null for {blind}"


def test_a_column_holds_what_its_type_can_say() -> None:
    for read in READS:
        if (
            isinstance(read.binding, b.Column)
            and read.coordinate != "ReactionCount.viewerHasReacted"
        ):
            assert fits(read), read.coordinate  # SQLAlchemy does not know the type of bool_or


def fits(read: Read) -> bool:
    """Return whether PostgreSQL's type has exactly the values of GraphQL's type."""
    column = column_of(read)
    held = (read.binding.expression if column is None else column).type
    named = get_named_type(read.definition.type)
    if is_list_type(get_nullable_type(read.definition.type)):
        return isinstance(held, ARRAY)
    if named is GraphQLInt:
        return type(held) is sa.Integer  # both have 32 bits
    if named is GraphQLBoolean:
        return isinstance(held, sa.Boolean)
    if named.name == "DateTime":
        return isinstance(held, TIMESTAMP) and held.timezone
    if named.name == "Date":
        return isinstance(held, sa.Date)
    return isinstance(held, sa.Text) and (
        named is GraphQLString or named.name == "Month" or isinstance(named, GraphQLEnumType)
    )


def test_an_enum_has_the_words_its_column_is_held_to() -> None:
    unchecked: set[str] = set()
    for read in READS:
        named = get_named_type(read.definition.type)
        if isinstance(read.binding, b.Column) and isinstance(named, GraphQLEnumType):
            column = column_of(read)
            if column is None:
                unchecked.add(read.coordinate)
                continue
            check = f"{column.name}_known"
            texts = [
                str(constraint.sqltext)
                for constraint in column.table.constraints
                if isinstance(constraint, sa.CheckConstraint) and constraint.name == check
            ]
            words = ", ".join(f"'{word}'" for word in named.values)
            if texts != [f"{column.name} in ({words})"]:
                unchecked.add(read.coordinate)
    assert unchecked == set(UNCHECKED_ENUMS)


@pytest.mark.parametrize("read", PAGES, ids=lambda read: read.coordinate)
def test_a_page_has_one_order_only(read: Read) -> None:
    page = read.binding
    assert all(not column.nullable for column in page.order)
    # within one tenant, of those that a page is of, the last key is different for each row
    tenant = {"community_id", "district_id", *page.on, page.order[-1].name}
    keys = [
        {column.name for column in constraint.columns}
        for constraint in page.table.constraints
        if isinstance(constraint, (sa.PrimaryKeyConstraint, sa.UniqueConstraint))
    ]
    assert any(key <= tenant for key in keys)


@pytest.mark.parametrize("read", PAGES, ids=lambda read: read.coordinate)
async def test_a_page_is_served_by_the_index_it_names(read: Read, database: Database) -> None:
    page = read.binding
    async with database.pools[Principal.COMMUNITY].acquire() as connection:
        found = await connection.fetch(_INDEX, page.index)

    assert len(found) == 1, page.index
    columns = found[0]["columns"]
    assert columns[0] in {"community_id", "district_id"}
    if found[0]["name"] != page.table.name:
        # search uses the index of the terms' table
        assert read.coordinate in {"Query.search", "Query.searchPetitions"}
        return
    # equality columns come first, then the order; an absent column is in the index's condition
    equal = {name for name, value in page.on.items() if value is not b.ABSENT}
    absent = {name for name, value in page.on.items() if value is b.ABSENT}
    order = [column.name for column in page.order]
    assert columns[-len(order) :] == order
    assert set(columns[: -len(order)]) == (equal | {columns[0]})
    assert all(f"({name} IS NULL)" in found[0]["condition"] for name in absent)


_INDEX = """
select t.relname as name, pg_catalog.pg_get_expr(i.indpred, i.indrelid) as condition,
       array(select a.attname::text from unnest(i.indkey) with ordinality k (number, place)
               join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number
              order by place) as columns
  from pg_catalog.pg_index i
  join pg_catalog.pg_class c on c.oid = i.indexrelid
  join pg_catalog.pg_class t on t.oid = i.indrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where c.relname = $1 and n.nspname in ('tenant', 'district', 'reference')
"""
