"""With these bindings a schema type says where each of its fields comes from.

A binding is declared beside the field and read by the compiler; no code runs for each row.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from api.engine.identifiers import decode_id
from api.engine.values import Environment
from tenants.policy import Condition, Rule, asked_of_officers
from tenants.viewer import Principal

Decode = Callable[[Any], Any]


@dataclass(frozen=True)
class Argument:
    """It is a GraphQL argument used in SQL: its name, its column type, and how its value is read.

    A name may carry a mark (`query#words`) where one argument is read in two ways.
    """

    name: str
    type: sa.types.TypeEngine[Any]
    decode: Decode = lambda value: value

    @property
    def bind(self) -> sa.BindParameter[Any]:
        """Give the parameter that stands for this argument in an expression."""
        return sa.bindparam(f"argument {self.name}", type_=self.type)


def text_argument(name: str) -> Argument:
    """Use a String or enum argument as text."""
    return Argument(name, sa.Text(), lambda value: getattr(value, "value", value))


def id_argument(name: str, table: sa.Table) -> Argument:
    """Use an ID argument as the id of a row of `table`; any other text finds nothing."""
    prefix = prefix_of(table)
    return Argument(name, table.c.id.type, lambda value: decode_id(value, prefix))


def outcome(name: str, table: sa.Table) -> sa.BindParameter[Any]:
    """Return a stand-in for the id that a mutation's service function gives back under `name`."""
    return sa.bindparam(f"outcome {name}", type_=table.c.id.type)


@dataclass(frozen=True)
class Column:
    """It is an expression over the row; a name means the column so called of whatever row it is."""

    expression: sa.ColumnElement[Any] | str


@dataclass(frozen=True)
class PublicId:
    """It is the row's public id, with a prefix of its own where the type is not the one of its table.

    `key` is the column that it is made of, where that is not `id`.
    """

    prefix: str | None = None
    key: sa.Column[Any] | None = None


@dataclass(frozen=True)
class IdOf:
    """The public id of whichever row a key of this one is set for: table → its key; null for none."""

    choices: Mapping[sa.Table, sa.ColumnElement[Any]]


@dataclass(frozen=True)
class Value:
    """It is an object over the same row; it is null where `present` does not hold."""

    present: Condition | None = None


@dataclass(frozen=True)
class One:
    """It is the one row of `table` whose columns equal these expressions over the parent row."""

    table: sa.Table
    on: Mapping[str, sa.ColumnElement[Any] | Argument]
    where: Condition | None = None


@dataclass(frozen=True)
class OneByPrincipal:
    """It is a row of one table or another; the kind of viewer decides."""

    choices: Mapping[Principal, One]


@dataclass(frozen=True)
class Either:
    """The row of whichever kind has its key set: concrete type → its link."""

    choices: Mapping[str, One]


@dataclass(frozen=True)
class Filter:
    """It is a condition that applies only where its argument is given and not null."""

    argument: Argument
    condition: Condition


@dataclass(frozen=True)
class Scan:
    """It looks through rows of a page's own table one by one, the page's first ones first."""

    on: Mapping[str, sa.ColumnElement[Any]]
    where: Condition


@dataclass(frozen=True)
class Through:
    """It walks rows of another table that lead to a page's, in the page's order, and stops when it is full.

    They are printed with `where` in place of the page's own, which says the same of each row alone:
    left to itself, PostgreSQL fetches and sorts all that are found, however few the page holds.

    `where` costs time by the row's `size`, so it is asked of a bounded sum of sizes only: of the first
    rows that the viewer sees and that `leads` (a condition over the row of `table`) lets through. It
    is not asked at all where `is_told`, a condition over no row.

    Who sees nothing of `table` has the rows of `unled` looked through, within the same bounds.
    """

    table: sa.Table
    key: sa.Column[Any]
    on: Mapping[str, sa.ColumnElement[Any]]
    leads: Condition
    is_told: Condition
    where: Condition
    size: sa.ColumnElement[int]
    effort: tuple[str, Callable[[Any], int]]  # an argument, and the points of looking by its value
    unled: Scan | None = None


@dataclass(frozen=True)
class Page:
    """It is a keyset page of the rows of `table` whose columns equal these expressions.

    All keys of `order` run in one direction and end in a unique one; `index` serves them.
    """

    table: sa.Table
    on: Mapping[str, sa.ColumnElement[Any] | Argument]
    order: tuple[sa.Column[Any], ...]
    index: str
    descending: bool = True
    where: Condition | None = None
    filters: tuple[Filter, ...] = ()
    arguments: tuple[Argument, ...] = ()
    through: Through | None = None


@dataclass(frozen=True)
class Rows:
    """It is a whole, short list of rows; with `group_by`, it has one item for each value of that column."""

    table: sa.Table
    on: Mapping[str, sa.ColumnElement[Any]]
    order: tuple[sa.Column[Any], ...]
    most: int
    where: Condition | None = None
    group_by: sa.Column[Any] | None = None


@dataclass(frozen=True)
class Count:
    """It counts the rows that match, at most `most`; it is null where `present` does not hold of the parent."""

    table: sa.Table
    on: Mapping[str, sa.ColumnElement[Any]]
    most: int
    where: Condition | None = None
    present: Condition | None = None


@dataclass(frozen=True)
class Verdict:
    """It says whether a verb may be done to the row, and why not."""

    code: sa.ColumnElement[Any]
    message: sa.ColumnElement[Any]
    allowed: sa.ColumnElement[Any]

    @classmethod
    def by(cls, first: Rule, *others: Rule) -> "Verdict":
        """Return what the rules say: the first says why not, unless one of the others allows it."""
        code, message = first.refusal_code(), first.refusal_message()
        if others:
            refused = sa.and_(*(rule.refusal_code().is_not(None) for rule in others))
            code, message = sa.case((refused, code)), sa.case((refused, message))
        return cls(code, message, code.is_(None))


@dataclass(frozen=True)
class Permit:
    """It says what the verb's own rule says: whether the viewer may do it to the row, and why not.

    Officers, who see the row from above, may have further reasons against it.
    """

    inside: Verdict
    above: Verdict

    @classmethod
    def of(cls, *rules: Rule) -> "Permit":
        """Return it for a rule, or for several of which the client chooses one."""
        of_officers = [asked_of_officers(rule, acts=False) for rule in rules]
        inside = Verdict.by(*rules)
        return cls(inside, inside if of_officers == [*rules] else Verdict.by(*of_officers))

    def of_principal(self, principal: Principal) -> Verdict:
        """Return what is said to viewers of this kind."""
        return self.above if principal.is_above else self.inside


@dataclass(frozen=True)
class Parts:
    """It is an object whose fields are these expressions over the row, by GraphQL name.

    For a type that says the same of different columns, or of rows added up.
    """

    expressions: Mapping[str, sa.ColumnElement[Any]]


@dataclass(frozen=True)
class NodeById:
    """It is any object by its id; the prefix names the type."""


@dataclass(frozen=True)
class NodesByIds:
    """It lists the objects of these ids in their order, with null where there is none."""


@dataclass(frozen=True)
class Given:
    """It is a value from the request, made in Python and then selected from like any object."""

    make: Callable[[Environment], Any]


@dataclass(frozen=True)
class Verb:
    """It is a mutation: its rule's scope, and the coroutine that does it and gives the outcome.

    `prepare` runs before the transaction, `finish` after its commit. `holds_self` has the viewer's
    own row locked for a change from the start. `claims_itself` is of a verb that claims its input's
    idempotency key where it acts; for all others the executor does.
    """

    run: Callable[..., Any]
    name: str
    prepare: Callable[..., Any] | None = None
    finish: Callable[..., Any] | None = None
    holds_self: bool = False
    claims_itself: bool = False


Binding = (
    Column | PublicId | IdOf | Value | One | OneByPrincipal | Either | Page | Rows | Count
    | Permit | Parts | NodeById | NodesByIds | Given | Verb
)  # fmt: skip


ABSENT = sa.null()


def set_prefix(table: sa.Table, prefix: str) -> None:
    """Give a table the three letters of its rows' public ids."""
    table.info["prefix"] = f"{prefix}_"


def prefix_of(table: sa.Table) -> str:
    """Give the prefix of a table's public ids, underscore included."""
    return table.info["prefix"]
