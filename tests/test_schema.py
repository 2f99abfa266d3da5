"""The published schema: up to date, compatible, described in two languages, named consistently."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    BreakingChangeType,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    find_breaking_changes,
    get_named_type,
    is_non_null_type,
    is_specified_directive,
    is_specified_scalar_type,
    parse,
    validate,
)

from api.engine.bindings import Verb
from api.schema.schema import PARTS, contract, sdl
from tenants.scopes import Scope

ROOT = Path(__file__).parents[1]
PUBLISHED = "schema.graphql"
SCHEMA = build_schema(sdl())
BUILT_IN = {name for name, type_ in SCHEMA.type_map.items() if is_specified_scalar_type(type_)}
TYPES: dict[str, Any] = {
    name: type_
    for name, type_ in SCHEMA.type_map.items()
    if not name.startswith("__") and name not in BUILT_IN
}
COMPOSITE = (GraphQLObjectType, GraphQLInterfaceType)

# The mutations that most clients use: each has an example.
WITH_EXAMPLE = {
    "addComment", "answerPetition", "applyForMembership", "approveMember", "createPost",
    "hideContent", "recordCallback", "registerApp", "startPoll", "submitPetition",
}  # fmt: skip
# Booleans that are neither an input nor about the viewer, and why.
PLAIN_BOOLEANS = {
    "Post.pinned": "a state that pinPost and unpinPost set",
    "Permission.allowed": "the one answer of its type",
    "LeaveCommunityPayload.done": "all that is left to say",
    "EraseMePayload.done": "all that is left to say",
}

# Ids of type String, which name no node, and why.
FOREIGN_IDS = {
    "ThirdPartyApp.clientId": "OAuth's, which is no node's",
    "AuditEntry.traceId": "a trace's, as W3C has it",
    "HistoricPetitionInput.sourceId": "of an archive elsewhere",
    "Petition.sourceId": "of an archive elsewhere",
}


def unallowed(old: GraphQLSchema, new: GraphQLSchema) -> list[str]:
    """Return breaking changes, except the removal of fields that `old` has deprecated."""
    return [
        change.description
        for change in find_breaking_changes(old, new)
        if not (
            change.type is BreakingChangeType.FIELD_REMOVED
            and change.description.split(" ")[1] in set(deprecated(old))
        )
    ]


def deprecated(schema: GraphQLSchema) -> Iterator[str]:
    """Yield the coordinates of deprecated fields."""
    for name, type_ in schema.type_map.items():
        for field_name, field in getattr(type_, "fields", {}).items():
            if field.deprecation_reason is not None:
                yield f"{name}.{field_name}"


def published_before() -> str | None:
    """Return the schema at the merge base with main; without a remote, the committed one."""

    def git(*arguments: str) -> str | None:
        told = subprocess.run(
            ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
        )
        return told.stdout if told.returncode == 0 else None

    base = git("merge-base", "HEAD", "origin/main") or "HEAD"
    return git("show", f"{base.strip()}:{PUBLISHED}")


def described() -> Iterator[tuple[str, str | None]]:
    """Yield the coordinates of everything that clients see, with their descriptions."""
    for directive in SCHEMA.directives:
        if not is_specified_directive(directive):
            yield f"@{directive.name}", directive.description
    for name, type_ in TYPES.items():
        yield name, type_.description
        for value_name, value in getattr(type_, "values", {}).items():
            yield f"{name}.{value_name}", value.description
        for field_name, field in getattr(type_, "fields", {}).items():
            yield f"{name}.{field_name}", field.description
            for argument_name, argument in getattr(field, "args", {}).items():
                yield f"{name}.{field_name}({argument_name}:)", argument.description


def fields() -> Iterator[tuple[str, str, Any]]:
    """Yield type, name and definition of each field of objects and interfaces."""
    for name, type_ in TYPES.items():
        if isinstance(type_, COMPOSITE):
            for field_name, field in type_.fields.items():
                yield name, field_name, field


def mutations() -> dict[str, Any]:
    """Return the root fields of mutations."""
    assert SCHEMA.mutation_type is not None
    return SCHEMA.mutation_type.fields


def test_the_published_file_is_what_the_code_says() -> None:
    assert (ROOT / PUBLISHED).read_bytes() == sdl().encode(), "run: linli schema > schema.graphql"


def test_every_file_that_extends_a_type_or_declares_a_mutation_is_one_of_the_parts() -> None:
    declared = re.compile("^@(extend|verb)\\(", re.MULTILINE)
    files = (ROOT / "api/schema").glob("*.py")
    found = {file.stem for file in files if declared.search(file.read_text("utf-8"))}
    assert found == {part.__name__.rpartition(".")[2] for part in PARTS}


def test_nothing_that_clients_rely_on_is_gone() -> None:
    before = published_before()
    assert before is not None, "schema.graphql was published with the first commit"
    assert unallowed(build_schema(before), SCHEMA) == []


@pytest.mark.parametrize(
    ("old", "new", "broken"),
    [
        ("  slug: String!\n", "  label: String!\n", "Board.slug was removed."),
        ("  CULTURE\n", "  CULTURES\n", "BoardKind.CULTURE was removed."),
        ("  unreadCount: Int @", "  unreadCount: String @", "Board.unreadCount changed type"),
        ("  body: String!\n", "  body: String\n", "Post.body changed type"),
        ("  state: ContentState!\n", "  state: ContentState\n", "Comment.state changed type"),
        ("    slug: String!\n", "    slug: String!\n    more: Int!\n", "required arg"),
    ],
)
def test_a_break_is_noticed(old: str, new: str, broken: str) -> None:
    assert old in sdl()
    found = unallowed(SCHEMA, build_schema(sdl().replace(old, new)))

    assert any(broken in description for description in found), found


def test_a_deprecated_field_may_go() -> None:
    gone = "type Query { kept: Int }"
    warned = 'type Query { kept: Int old: Int @deprecated(reason: "2027-01-01: use kept") }'

    assert unallowed(build_schema(warned), build_schema(gone)) == []
    silent = warned.replace('@deprecated(reason: "2027-01-01: use kept")', "")
    assert unallowed(build_schema(silent), build_schema(gone)) == ["Field Query.old was removed."]


def test_a_deprecation_says_until_when_and_what_instead() -> None:
    for coordinate in deprecated(SCHEMA):
        type_name, field_name = coordinate.split(".")
        reason = TYPES[type_name].fields[field_name].deprecation_reason
        assert re.fullmatch(r"\d{4}-\d\d-\d\d: .+", reason), coordinate


def test_everything_is_described_in_chinese_and_english() -> None:
    for coordinate, description in described():
        words = re.sub(r"(Requires|Errors): `.*`|```graphql[^`]*```", "", description or "")
        assert re.search(r"[一-鿿]", words), f"{coordinate}: no Chinese in {description!r}"
        assert re.search(r"[A-Za-z]{2}", words), f"{coordinate}: no English in {description!r}"


def test_each_value_of_an_enum_is_described_where_it_stands() -> None:
    for name, type_ in TYPES.items():
        if isinstance(type_, GraphQLEnumType):
            said = [value.description for value in type_.values.values()]
            assert len(set(said)) == len(said), name
            named = [value for value in type_.values if value in (type_.description or "")]
            assert len(named) < 2, f"{name}: its own description goes through its values"


def test_every_example_in_a_description_may_be_sent() -> None:
    examples = {
        coordinate: re.findall(r"```graphql\n(.*?)\n```", description or "", re.DOTALL)
        for coordinate, description in described()
    }
    with_one = {coordinate for coordinate, found in examples.items() if found}
    assert with_one == {f"Mutation.{verb}" for verb in WITH_EXAMPLE}
    for coordinate, found in examples.items():
        for text in found:
            document = parse(text)
            assert validate(SCHEMA, document) == [], coordinate
            operation: Any
            (operation,) = document.definitions
            (field,) = operation.selection_set.selections
            assert coordinate == f"Mutation.{field.name.value}"


def test_a_change_says_what_can_go_wrong() -> None:
    listed = {
        name: re.findall(r"^Errors: (.*)$", field.description, re.MULTILINE)
        for name, field in mutations().items()
    }
    assert {name for name, lines in listed.items() if len(lines) != 1} == set()
    codes = {name: re.findall(r"`(\w+)`", lines[0]) for name, lines in listed.items()}
    assert codes["createPost"] == [
        "INVALID", "TOO_LONG", "REQUIRED", "NOT_FOUND", "FORBIDDEN", "WRONG_STATE",
        "CONTENT_REJECTED", "IDEMPOTENCY_MISMATCH",
    ]  # fmt: skip
    assert codes["approveMember"] == ["NOT_FOUND", "FORBIDDEN", "WRONG_STATE"]
    for name, field in mutations().items():
        if "expectedVersion" in get_named_type(field.args["input"].type).fields:
            assert "VERSION_CONFLICT" in codes[name], name


def test_names_are_spelled_alike() -> None:
    for name, type_ in TYPES.items():
        assert re.fullmatch(r"([A-Z][a-z]+)+", name), name
        for field_name, field in getattr(type_, "fields", {}).items():
            for spelled in (field_name, *getattr(field, "args", {})):
                assert re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", spelled), f"{name}.{spelled}"
        if isinstance(type_, GraphQLEnumType):
            for value in type_.values:
                assert re.fullmatch(r"[A-Z]+(_[A-Z]+)*", value), f"{name}.{value}"
        assert isinstance(type_, GraphQLInputObjectType) == name.endswith("Input"), name
        assert isinstance(type_, GraphQLScalarType) <= (
            name in {"Cursor", "Date", "DateTime", "Month"}
        ), name


def test_response_keys_fit_in_a_label_of_postgresql() -> None:
    for type_name, name, _ in fields():
        assert len(name) <= 63, f"{type_name}.{name}"


def test_booleans_ask_or_speak_of_the_viewer() -> None:
    plain = {
        f"{type_name}.{name}"
        for type_name, name, field in fields()
        if get_named_type(field.type) is GraphQLBoolean
        and not re.match(r"(is|has|viewer)[A-Z]", name)
    }
    assert plain == set(PLAIN_BOOLEANS)


def test_no_number_is_a_fraction() -> None:
    assert "Float" not in BUILT_IN
    assert "Float" not in sdl()


def test_no_list_has_holes() -> None:
    holes = {
        f"{name}.{field_name}"
        for name, type_ in TYPES.items()
        for field_name, field in getattr(type_, "fields", {}).items()
        for typed in (field, *getattr(field, "args", {}).values())
        if re.search(r"[^!]\]", str(typed.type))
    }
    assert holes == {"Query.nodes"}


def test_an_id_is_an_id() -> None:
    ours: set[str] = set()
    for name, type_ in TYPES.items():
        for field_name, field in getattr(type_, "fields", {}).items():
            if field_name == "id":
                assert str(field.type) == "ID!", name
            spelled = {field_name: field, **getattr(field, "args", {})}
            ours |= {
                f"{name}.{word}"
                for word, typed in spelled.items()
                if re.search(r"(^id|Id|Ids)$", word) and get_named_type(typed.type).name != "ID"
            }
    assert ours == set(FOREIGN_IDS)


def test_each_connection_is_a_relay_connection() -> None:
    found = [name for name in TYPES if name.endswith("Connection")]
    assert len(found) >= 16
    for name in found:
        thing = name.removesuffix("Connection")
        edge = TYPES[f"{thing}Edge"].fields
        assert {n: str(f.type) for n, f in TYPES[name].fields.items()} == {
            "nodes": f"[{thing}!]!",
            "edges": f"[{thing}Edge!]!",
            "pageInfo": "PageInfo!",
            "totalCount": "Int!",
        }
        assert {n: str(f.type) for n, f in edge.items()} == {
            "cursor": "Cursor!",
            "node": f"{thing}!",
        }
    for type_name, name, field in fields():
        if get_named_type(field.type).name in found:
            arguments = {n: str(a.type) for n, a in field.args.items()}
            assert arguments["first"] == "Int", f"{type_name}.{name}"
            assert arguments["after"] == "Cursor", f"{type_name}.{name}"
            assert field.args["first"].ast_node.default_value.value == "20", f"{type_name}.{name}"


def test_every_root_field_may_be_null_but_nodes() -> None:
    assert SCHEMA.query_type is not None
    roots = {**SCHEMA.query_type.fields, **mutations()}
    solid = {name: str(f.type) for name, f in roots.items() if is_non_null_type(f.type)}
    assert solid == {"nodes": "[Node]!"}


def test_mutations_have_one_input_and_a_payload() -> None:
    for name, field in mutations().items():
        own = f"{name[0].upper()}{name[1:]}"
        assert {n: str(a.type) for n, a in field.args.items()} == {"input": f"{own}Input!"}, name
        payload = field.type
        assert isinstance(payload, GraphQLObjectType), name
        assert payload.name == f"{own}Payload", name
        assert [i.name for i in payload.interfaces] == ["Payload"], name
        assert str(payload.fields["userErrors"].type) == "[UserError!]!", name
    used: set[str] = set()
    reached = [get_named_type(f.args["input"].type) for f in mutations().values()]
    while reached:
        one = reached.pop()
        used.add(one.name)
        inner = (get_named_type(field.type) for field in one.fields.values())
        reached += [each for each in inner if isinstance(each, GraphQLInputObjectType)]
    assert used == {name for name in TYPES if name.endswith("Input")}


def test_an_entity_in_a_payload_may_be_null() -> None:
    for field in mutations().values():
        for name, entity in field.type.fields.items():
            if isinstance(get_named_type(entity.type), COMPOSITE) and name != "userErrors":
                assert not isinstance(entity.type, GraphQLNonNull), f"{field.type}.{name}"


def test_every_mutation_needs_a_scope() -> None:
    bound = contract().fields
    for name in mutations():
        spec = bound["Mutation", name]
        assert isinstance(spec.binding, Verb), name
        assert spec.requires is not None, name


def test_a_scope_is_enforced_printed_and_said_alike() -> None:
    bound = contract().fields
    for type_name, name, field in fields():
        spec = bound.get((type_name, name))
        enforced = [[each.name for each in scopes] for scopes in spec.named_scopes] if spec else []
        printed = [
            [item.value for item in directive.arguments[0].value.values]
            for directive in field.ast_node.directives or ()
            if directive.name.value == "requiresScope"
        ]
        lines = re.findall(r"^Requires: (.*)$", field.description, re.MULTILINE)
        said = [
            [Scope(scope).name for scope in re.findall("`(.*?)`", each)]
            for line in lines
            for each in line.split(", ")
        ]
        assert enforced == printed == said, f"{type_name}.{name}"
        if spec and spec.requires:
            assert not is_non_null_type(field.type), f"{type_name}.{name}"
