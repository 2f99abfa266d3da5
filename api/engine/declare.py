"""Declare the fields of a schema file: each with its description and its binding."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, NewType, TypeVar, dataclass_transform

import sqlalchemy as sa
import strawberry
from strawberry.schema_directive import Location

from api.engine import bindings as b
from api.engine.fields import METADATA_KEY, FieldSpec
from api.engine.texts import description_of
from tenants.policy import Condition
from tenants.scopes import Role, Scope
from tenants.words import Words

T = TypeVar("T")

Cursor = NewType("Cursor", str)
Cursor.__doc__ = None
CURSOR = strawberry.scalar(
    name="Cursor",
    description=(
        "它是列表中的位置，原样传回 `after`。\n"
        "It is a place in a connection; it is opaque, and you hand it back as `after`."
    ),
    serialize=str,
    parse_value=str,
)

# The table of each type that implements Node, by GraphQL name.
NODE_TABLES: dict[str, sa.Table] = {}


def published(words: type[Words], name: str = "") -> None:
    """Publish a closed list as an enum, by its own name or this one; clients read its docstring."""
    strawberry.enum(words, name=name or words.__name__, description=description_of(words))
    definition: Any = words.__strawberry_definition__  # type: ignore[attr-defined] # Strawberry's own
    for value in definition.values:
        meant = words[value.name]
        subject = "它" if meant == value.name else f"`{meant}` "
        value.description = f"{subject}表示“{meant.chinese}”。{meant.english}."


published(Role)
published(Scope)


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    repeatable=True,
    description=(
        "须有其中一个权限范围；写了几次，就每次都要。\n"
        "Any one of these scopes is required to select the field; where it stands several "
        "times, one of each is."
    ),
)
class RequiresScope:
    """The scope a field requires, printed in the SDL (introspection does not show directives)."""

    any_of: list[Scope] = strawberry.directive_field(name="anyOf")


@dataclass_transform(kw_only_default=True, field_specifiers=(strawberry.field,))
def object_type(kind: type[T]) -> type[T]:
    """Publish a class as an object type; clients read its docstring."""
    return strawberry.type(kind, description=description_of(kind))


@dataclass_transform(kw_only_default=True, field_specifiers=(strawberry.field,))
def interface_type(kind: type[T]) -> type[T]:
    """Publish a class as an interface; clients read its docstring."""
    return strawberry.interface(kind, description=description_of(kind))


@dataclass_transform(kw_only_default=True, field_specifiers=(strawberry.field,))
def input_type(kind: type[T]) -> type[T]:
    """Publish a class as an input; clients read its docstring."""
    return strawberry.input(kind, description=description_of(kind))


def node_over(table: sa.Table, prefix: str, type_name: str) -> None:
    """Declare that rows of `table` are the nodes of a type, with ids of this prefix."""
    b.set_prefix(table, prefix)
    NODE_TABLES[type_name] = table


def bound(
    description: str,
    binding: b.Binding,
    *,
    requires: Scope | None = None,
    resolver: Callable[..., Any] | None = None,
    type_: Any = None,
) -> Any:
    """Declare a field. The arguments of `resolver` become the field's; it is never called.

    Its type is `type_`, or else the annotation.

    `requires` is a scope of the field itself. The scopes of the types of row that it leads to are
    required in addition, and the SDL names them all.
    """
    spec = FieldSpec(binding, requires)
    named = spec.named_scopes
    if named:
        words = ", ".join(" or ".join(f"`{scope}`" for scope in scopes) for scopes in named)
        description = f"{description}\nRequires: {words}"
    directives = [RequiresScope(any_of=list(scopes)) for scopes in named]
    declared: Any = strawberry.field
    return declared(
        resolver=resolver,
        graphql_type=type_,
        description=description,
        directives=directives,
        metadata={METADATA_KEY: spec},
    )


def column(description: str, expression: sa.ColumnElement[Any] | str) -> Any:
    """Declare a field that is a column of the row or an expression over it."""
    return bound(description, b.Column(expression))


_ID = "这是全局标识，26 个字符。This is the global id: 26 characters, opaque."


def public_id(
    description: str = _ID, *, prefix: str | None = None, key: sa.Column[Any] | None = None
) -> Any:
    """Declare the row's id, of the column `key` if it is not `id`.

    A type that is no Node needs its own `prefix`, or a table that has one.
    """
    return bound(description, b.PublicId(prefix, key))


def one(
    description: str,
    table: sa.Table,
    on: Mapping[str, sa.ColumnElement[Any] | b.Argument] | sa.ColumnElement[Any] | b.Argument,
    *,
    where: Condition | None = None,
    requires: Scope | None = None,
    resolver: Callable[..., Any] | None = None,
) -> Any:
    """Declare a link to one row: by these columns, or by its id."""
    columns = on if isinstance(on, Mapping) else {"id": on}
    return bound(description, b.One(table, columns, where), requires=requires, resolver=resolver)


def filled(description: str) -> Any:
    """Declare a field whose value is given by who makes the object."""
    return strawberry.field(description=description)


def value(description: str, present: Condition | None = None) -> Any:
    """Declare an object over the same row; null where `present` does not hold."""
    return bound(description, b.Value(present))


def parts(description: str, expressions: Mapping[str, sa.ColumnElement[Any]]) -> Any:
    """Declare an object whose fields are these expressions over the same row."""
    return bound(description, b.Parts(expressions))


def given(description: str, make: Callable[[Any], Any]) -> Any:
    """Declare a field whose value is made from the request and not read from a table."""
    return bound(description, b.Given(make))


First = Annotated[
    int | None,
    strawberry.argument(description="填写每页条数，0–50。Give the number of rows, 0 to 50."),
]
After = Annotated[
    Cursor | None,
    strawberry.argument(description="填写从哪个位置之后列起。Give the place to begin after."),
]


def page_arguments(first: First = 20, after: After = None) -> Any:
    """Define the two arguments of a connection."""
    raise NotImplementedError("fields are read by the compiler")


def search_arguments(
    query: Annotated[
        str,
        strawberry.argument(
            description="填写要找的词，以空格分隔，中文至少两字。\n"
            "Give the words to find; Chinese ones have two characters or more."
        ),
    ],
    first: First = 20,
    after: After = None,
) -> Any:
    """Define the arguments of a search: the words, and those of a connection."""
    raise NotImplementedError("fields are read by the compiler")


def page(
    description: str,
    binding: b.Page,
    *,
    requires: Scope | None = None,
    resolver: Callable[..., Any] = page_arguments,
) -> Any:
    """Declare a connection."""
    return bound(description, binding, requires=requires, resolver=resolver)
