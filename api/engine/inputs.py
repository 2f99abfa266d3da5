"""Declare the fields of a mutation's input: what clients send and read of it, what a service gets."""

from dataclasses import MISSING, dataclass
from types import UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin
from uuid import UUID

import sqlalchemy as sa
import strawberry

from api.engine.bindings import prefix_of
from api.engine.declare import NODE_TABLES
from api.engine.identifiers import PREFIX_LENGTH, decode_id
from api.engine.texts import camel
from tenants.audit.tables import KEY_LENGTH
from tenants.policy import Rule
from tenants.procedure import Step
from tenants.scopes import Scope

# The value of an id that names no row: no row has it, so it is not found.
NO_ROW = UUID(int=0)


@dataclass(frozen=True)
class InputField:
    """It is a field of an input; one that may be null and has no default is null by default."""

    description: str
    default: Any

    def type_(self, annotation: Any) -> Any:
        """Return the GraphQL type of an attribute with this annotation."""
        return annotation

    def described(self, name: str, rule: Scope | Rule, *, is_optional: bool) -> str:
        """Return the description that clients read."""
        del name, rule, is_optional
        return self.description

    def read(self, value: Any) -> Any:
        """Return the attribute of a value from the client."""
        return value

    def takes(self, name: str) -> tuple[str, ...]:
        """Return the names of the arguments by which a service takes an attribute."""
        return (name,)

    def arguments(self, name: str, value: Any) -> dict[str, Any]:
        """Return these arguments."""
        return {name: value}


@dataclass(frozen=True)
class Ref(InputField):
    """It is the id of a row of `table`; a list of them is a list of ids."""

    table: sa.Table

    def described(self, name: str, rule: Scope | Rule, *, is_optional: bool) -> str:
        """Return the description, or else one that names the type of the row."""
        del name, rule, is_optional
        named = [name for name, table in NODE_TABLES.items() if table is self.table]
        return self.description or f"填写 `{named[0]}` 的标识。Give the id of the `{named[0]}`."

    def type_(self, annotation: Any) -> Any:
        """Return the annotation with ID in place of UUID."""
        if get_origin(annotation) is list:
            return list[self.type_(get_args(annotation)[0])]
        if get_origin(annotation) in {Union, UnionType}:
            return self.type_(get_args(annotation)[0]) | None
        return strawberry.ID

    def read(self, value: Any) -> Any:
        """Decode an id; one of another kind, or none at all, is NO_ROW."""
        if isinstance(value, list):
            return [self.read(each) for each in value]
        return None if value is None else decode_id(value, prefix_of(self.table)) or NO_ROW


class Subject(NamedTuple):
    """It is a row of one of several tables."""

    table: sa.Table
    id: UUID


@dataclass(frozen=True)
class EitherRef(InputField):
    """It is the id of a row of one of these tables. A service takes it as `table` and the id."""

    tables: tuple[sa.Table, ...]

    def type_(self, annotation: Any) -> Any:
        """Return ID as the type."""
        del annotation
        return strawberry.ID

    def read(self, value: Any) -> Subject:
        """Find the table by the prefix; an id of none of them is of no row of the first."""
        of = {prefix_of(table): table for table in self.tables}
        table = of.get(value[:PREFIX_LENGTH], self.tables[0])
        return Subject(table, decode_id(value, prefix_of(table)) or NO_ROW)

    def takes(self, name: str) -> tuple[str, ...]:
        """Return `table` and the name."""
        return ("table", name)

    def arguments(self, name: str, value: Subject) -> dict[str, Any]:
        """Return the table and the id."""
        return {"table": value.table, name: value.id}


@dataclass(frozen=True)
class Text(InputField):
    """It is a text, described with its limit; without one it is the text of the verb's step."""

    english: str
    most: int

    def described(self, name: str, rule: Scope | Rule, *, is_optional: bool) -> str:
        """Return the description with the limit in both languages."""
        most = self.most
        if not most:
            assert isinstance(rule, Step) and camel(name) == rule.said, f"{name}: how long?"  # noqa: S101, PT018 # an error of ours
            most = rule.limit
        return limited(self.description, self.english, most, is_optional=is_optional)


def limited(chinese: str, english: str, most: int, *, is_optional: bool = False) -> str:
    """Return the description of a text, which `chinese` and `english` name, with its limit."""
    if is_optional:
        return f"可填写{chinese}，至多 {most} 字。You may give {english}, in at most {most} characters."
    return f"填写{chinese}，1–{most} 字。Give {english}, in 1 to {most} characters."


def field(description: str, default: Any = MISSING) -> Any:
    """Declare a field of any GraphQL type; a callable `default` makes one."""
    return InputField(description, default)


def ref(table: sa.Table, description: str = "", default: Any = MISSING) -> Any:
    """Declare the id of a row, as UUID, `UUID | None` or `list[UUID]`; by default its type is named."""
    return Ref(description, default, table)


def either(description: str, *tables: sa.Table) -> Any:
    """Declare the id of a row of one of these tables, as Subject."""
    return EitherRef(description, MISSING, tables)


def text(chinese: str, english: str, most: int = 0) -> Any:
    """Declare a text of at most so many characters; by default, the words of the verb's step."""
    return Text(chinese, MISSING, english, most)


class Keyed:
    """It is a mutation that makes something new: it is done once for each key."""

    idempotency_key: str = field(
        f"填写幂等键，1–{KEY_LENGTH} 个字符，断网重试须用同一个：不再做一遍，"
        "答的是所做之事现在的样子，已删除则为空。键保留 7 天。\n"
        f"Give a key of 1 to {KEY_LENGTH} characters; a retry after a dropped connection "
        "sends the same one: nothing is done again, and the answer is what was made as it is "
        "now, null if it was deleted since. The key is kept for 7 days."
    )


class Retried:
    """It is a mutation that cannot be done twice: a retry with its key gets the answer of the first call."""

    idempotency_key: str | None = field(
        "可填写幂等键；填了，断网后以同一个键重试，答的是所做之事，而非已经做过。键保留 7 "
        "天。\n"
        "You may give a key; a retry with the same one is told what was done, and not that "
        "it is done already. The key is kept for 7 days."
    )
