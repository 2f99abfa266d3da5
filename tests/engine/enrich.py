"""Adds what hypothesis-graphql never writes: variables, fragments, directives, aliases."""

from dataclasses import replace
from random import Random
from typing import Any

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
)

from api.engine.contract import Contract
from api.engine.fields import FieldSpec
from tenants.policy import access_to, visible
from tenants.viewer import Viewer
from tests.engine.meaning import Meaning
from tests.engine.tree import Field, Fragment, Tree, Var, Variable, type_of

HOSTILE = (
    "e4", "x", "x_1", "x_3", "r1", "r_2", "node", "nodes", "cursor", "json", "data", "version",
    "select", "from", "community_id", "id", "key", "kind", "a_0", "c_1", "o", "k", "__a",
    "null", "a" * 63,
)  # fmt: skip
_TAME = (0, 1, 2, 2, 3)
_MOST_FIELDS, _MOST_DEPTH = 45, 7


class Enricher:
    """Makes one operation richer, with random choices of one generator."""

    def __init__(
        self,
        random: Random,
        schema: GraphQLSchema,
        contract: Contract,
        meaning: Meaning,
        viewer: Viewer,
    ) -> None:
        self._random = random
        self._schema = schema
        self._types = schema.type_map
        self._contract = contract
        self._meaning = meaning
        self._viewer = viewer
        self._named = 0
        self.sound = True

    def enrich(self, tree: Tree) -> Tree:
        """Apply all steps in this order; the tree is changed."""
        self._tree = tree
        tree.children = self._permitted(tree.children, tree.root)
        self._grow()
        tree.children = self._permitted(tree.children, tree.root)
        self._give_values(tree.children, 0)
        for step in (self._repeat, self._rename, self._say_types, self._wrap, self._condition):
            for parent, children in list(tree.sets()):
                step(parent, children)
        if self._chance(0.2):
            tree.name, tree.extra = "Asked", "query Other { apiInfo { version } }"
        return tree

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    # --- fields

    def _permitted(self, nodes: list[Field | Fragment], parent: Any) -> list[Field | Fragment]:
        kept: list[Field | Fragment] = []
        for node in nodes:
            if isinstance(node, Field):
                spec = self._contract.fields.get((node.parent.name, node.name))
                if spec and not self._may_select(node.parent.name == "Query", spec):
                    continue
            if node.children is not None:
                node.children = self._permitted(node.children, type_of(node))
            kept.append(node)
        return kept or [Field(parent, "__typename")]

    def _may_select(self, is_root: bool, spec: FieldSpec) -> bool:
        """Say whether the viewer has the scopes that the field and its rows require."""
        principal, scopes = self._viewer.principal, self._viewer.scopes
        if spec.requires and spec.requires not in scopes:
            return False
        reached = [t for t in spec.kinds if is_root or visible(t, principal) is not None]
        asked = [access_to(table).of(principal) for table in reached]
        return all(not each or scopes.intersection(each) for each in asked)

    def _grow(self) -> None:
        room = _MOST_FIELDS - sum(1 for _ in self._tree.fields())
        for parent, children in list(self._tree.sets()):
            if parent is self._tree.root:
                continue
            for _ in range(self._random.choice((0, 1, 1, 2, 3))):
                if room > 0 and parent.fields:
                    room -= self._sprout(parent, children, 0)

    def _sprout(self, parent: Any, children: list[Field | Fragment], depth: int) -> int:
        if isinstance(parent, GraphQLInterfaceType) and self._chance(0.7):
            possible = self._schema.get_possible_types(parent)
            name = self._random.choice(sorted(t.name for t in possible))
            concrete = self._types[name]
            grown = Fragment(concrete, [], name)
            children.append(grown)
            return self._sprout(concrete, grown.children, depth)
        name = self._random.choice(sorted(parent.fields))
        one = Field(parent, name)
        if any(isinstance(c, Field) and c.key == name for c in children):
            return 0
        size = 1
        if not is_leaf_type(get_named_type(one.definition.type)):
            if depth > 3:
                return 0
            one.children = []
            for _ in range(self._random.choice((1, 2, 2, 3))):
                size += self._sprout(type_of(one), one.children, depth + 1)
            if not one.children:
                one.children.append(Field(type_of(one), "__typename"))
        children.append(one)
        return size

    # --- values

    def _give_values(self, nodes: list[Field | Fragment], pages: int) -> None:
        for node in nodes:
            inner = pages
            if isinstance(node, Field) and node.definition is not None:
                self._arguments(node, pages)
                inner += "first" in node.definition.args
            self._give_values(node.children or [], inner)

    def _arguments(self, node: Field, pages: int) -> None:
        coordinate = f"{node.parent.name}.{node.name}"
        meaning = replace(self._meaning, sizes=_TAME) if pages else self._meaning
        for name, argument in node.definition.args.items():
            needed = is_required_argument(argument) or (
                name == "first" and (pages or self._chance(0.5))
            )
            if not needed and self._chance(0.35 if name == "after" else 0.5):
                continue
            kinds = self._kinds(node)
            drawn = [
                meaning.draw(self._random, coordinate, name, argument.type, kinds) for _ in "12"
            ]
            if is_non_null_type(argument.type):
                drawn = [(v, s) if v is not None else drawn[0] for v, s in drawn]
            self.sound &= all(sound for _, sound in drawn)
            node.arguments[name] = self._lifted(argument, drawn[0][0], drawn[1][0])

    def _kinds(self, node: Field) -> list[str]:
        """Return the id prefixes of the visible types that a field's fragments are on."""
        on = {c.on for c in node.children or [] if isinstance(c, Fragment)}
        seen = {
            prefix: type_.name
            for prefix, (type_, table) in self._contract.nodes.items()
            if visible(table, self._viewer.principal) is not None
        }
        return sorted(p for p, n in seen.items() if n in on) or sorted(seen)

    def _lifted(self, argument: Any, value: Any, other: Any) -> Any:
        if len(self._tree.variables) >= 8 or self._chance(0.45):
            return value
        if is_list_type(getattr(argument.type, "of_type", None)) and self._chance(0.5):
            return [self._variable("ID!", ..., (v, v)) if self._chance(0.6) else v for v in value]
        required = is_non_null_type(argument.type)
        bare = str(argument.type).removesuffix("!")
        if required:
            ways = [(f"{bare}!", ..., (value, other)), (f"{bare}!", value, (..., other)),
                    (bare, other, (..., value))]  # fmt: skip
            if argument.default_value is not Undefined:
                ways.append((bare, ..., (..., value)))
        else:
            ways = [(bare, ..., (value, other)), (bare, ..., (value, ...)), (bare, ..., (..., other)),
                    (bare, ..., (value, None)), (bare, ..., (None, value)),
                    (bare, value, (..., None)), (bare, other, (value, ...))]  # fmt: skip
            if value is not None and other is not None:
                ways.append((f"{bare}!", ..., (value, other)))
        return self._variable(*self._random.choice(ways))

    def _variable(self, type_: str, default: Any, sent: tuple[Any, Any]) -> Var:
        name = f"v{len(self._tree.variables)}"
        self._tree.variables.append(Variable(name, type_, default, sent))
        return Var(name)

    # --- forms

    def _repeat(self, _: Any, children: list[Field | Fragment]) -> None:
        if not self._chance(0.15):
            return
        one = self._random.choice(children)
        if isinstance(one, Field):
            inner = one.children
            if inner is not None:
                inner = [c for c in inner if isinstance(c, Field) and self._chance(0.5)] or inner[
                    :1
                ]
                inner = [self._copy(c) for c in inner]
            again = replace(one, children=inner, directives=[])
            children.insert(self._random.randrange(len(children) + 1), again)

    def _copy(self, node: Field | Fragment) -> Field | Fragment:
        inner = None if node.children is None else [self._copy(c) for c in node.children]
        return replace(node, children=inner, directives=list(node.directives))

    def _rename(self, _: Any, children: list[Field | Fragment]) -> None:
        if not self._chance(0.3):
            return
        one = self._random.choice(children)
        taken = {c.key for c in children if isinstance(c, Field)}
        alias = self._random.choice(HOSTILE)
        if isinstance(one, Field) and alias not in taken:
            one.alias = alias

    def _say_types(self, parent: Any, children: list[Field | Fragment]) -> None:
        if self._chance(0.15):
            alias = self._random.choice((None, None, "type", "json"))
            said = Field(parent, "__typename", alias=alias)
            children.insert(self._random.randrange(len(children) + 1), said)

    def _wrap(self, parent: Any, children: list[Field | Fragment]) -> None:
        if not self._chance(0.25) or not children:
            return
        start = self._random.randrange(len(children))
        end = self._random.randint(start + 1, len(children))
        run = children[start:end]
        on = self._random.choice([parent.name, None, *self._interfaces(parent, run)])
        wrapped = Fragment(self._types[on] if on else parent, run, on)
        if on and self._chance(0.6):
            self._named += 1
            wrapped.name = f"F{self._named}"
        children[start:end] = [wrapped]
        if wrapped.name and self._chance(0.3):
            children.insert(
                self._random.randrange(len(children) + 1), replace(wrapped, directives=[])
            )

    def _interfaces(self, parent: Any, run: list[Field | Fragment]) -> list[str]:
        if not isinstance(parent, GraphQLObjectType):
            return []
        names = {n.name if isinstance(n, Field) else "" for n in run}
        return [i.name for i in parent.interfaces if names <= {*i.fields, "__typename"}]

    def _condition(self, _: Any, children: list[Field | Fragment]) -> None:
        if not self._chance(0.15):
            return
        one = self._random.choice(children)
        name = self._random.choice(("include", "skip"))
        one.directives.append((name, self._truth(self._chance(0.7) == (name == "include"))))

    def _truth(self, likely: bool) -> Any:
        made = [v for v in self._tree.variables if v.type.startswith("Boolean")]
        if self._chance(0.4):
            return likely
        if len(made) >= 4:
            return Var(self._random.choice(made).name)
        ways = [("Boolean!", ..., (likely, not likely)), ("Boolean", likely, (..., not likely)),
                ("Boolean!", likely, (..., likely))]  # fmt: skip
        return self._variable(*self._random.choice(ways))
