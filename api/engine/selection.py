"""Collect a selection set's fields on one concrete type, by response key, in order."""

from collections.abc import Callable, Iterable

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    type_from_ast,
)
from graphql.language import (
    BooleanValueNode,
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    InlineFragmentNode,
    NamedTypeNode,
    SelectionSetNode,
    VariableNode,
)

Fields = dict[str, list[FieldNode]]
Truth = Callable[[str], bool]


def collect(
    schema: GraphQLSchema,
    fragments: dict[str, FragmentDefinitionNode],
    type_: GraphQLObjectType,
    sets: Iterable[SelectionSetNode | None],
    truth: Truth,
) -> Fields:
    """Merge selection sets of one object; `truth` returns the value of a Boolean variable.

    This is the spec's CollectFields (§6.3.2): fields of one response key stay together, in the
    order of the first, and each fragment counts once.
    """
    fields: Fields = {}
    seen: set[str] = set()
    for selection in sets:
        if selection is not None:
            _into(fields, seen, schema, fragments, type_, selection, truth)
    return fields


def subselections(nodes: list[FieldNode]) -> list[SelectionSetNode | None]:
    """Return the selection sets below the occurrences of one field."""
    return [node.selection_set for node in nodes]


def _into(  # the state of the recursion, as in the spec
    fields: Fields,
    seen: set[str],
    schema: GraphQLSchema,
    fragments: dict[str, FragmentDefinitionNode],
    type_: GraphQLObjectType,
    selection: SelectionSetNode,
    truth: Truth,
) -> None:
    for node in selection.selections:
        if node.directives and not _included(node.directives, truth):
            continue
        if isinstance(node, FieldNode):
            fields.setdefault((node.alias or node.name).value, []).append(node)
            continue
        if isinstance(node, InlineFragmentNode):
            condition, inner = node.type_condition, node.selection_set
        else:
            name = node.name.value  # type: ignore[attr-defined] # a fragment spread
            if name in seen:
                continue
            seen.add(name)
            condition, inner = fragments[name].type_condition, fragments[name].selection_set
        if condition is None or _applies(schema, condition, type_):
            _into(fields, seen, schema, fragments, type_, inner, truth)


def _applies(schema: GraphQLSchema, condition: NamedTypeNode, type_: GraphQLObjectType) -> bool:
    named = type_from_ast(schema, condition)
    if named is type_:
        return True
    if isinstance(named, GraphQLInterfaceType | GraphQLUnionType):
        return schema.is_sub_type(named, type_)
    return False


def _included(directives: Iterable[DirectiveNode], truth: Truth) -> bool:
    for directive in directives:
        if (name := directive.name.value) in {"skip", "include"}:
            value = next(iter(directive.arguments or ())).value  # validation has checked `if`
            if isinstance(value, VariableNode):
                holds = truth(value.name.value)
            else:
                holds = isinstance(value, BooleanValueNode) and value.value
            if holds == (name == "skip"):
                return False
    return True
