"""A mutation is declared in one place, and what it declares is what its service does."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator, Sequence
from types import FunctionType, ModuleType
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID, uuid4

import pytest
import strawberry

from api.engine.identifiers import encode_id
from api.engine.inputs import NO_ROW, EitherRef, Text, field, ref, text
from api.engine.payloads import told
from api.engine.texts import camel
from api.engine.verbs import Declared, mutation_type, verb, verbs_of
from api.schema.common import Payload
from api.schema.schema import PARTS
from tenants.boards.tables import comments, posts
from tenants.petitions.tables import petitions
from tenants.procedure import Step
from tenants.scopes import Scope
from tenants.taking import said
from tenants.text import called, written

pytestmark = pytest.mark.once

VERBS = [verb for part in PARTS for verb in verbs_of(part)]
SERVED = [verb for verb in VERBS if verb.service is not None]
TEXTS = [
    (verb, name)
    for verb in VERBS
    for name, (_, declared) in verb.fields.items()
    if isinstance(declared, Text)
]
# Where the service checks a text by another function than those of tenants.text.
CHECKED_ELSEWHERE = {("ImportPetitions", "source"): "importing._bounded keeps it to the character"}


def alike(hint: Any) -> Any:
    """Return a type in which a list is a sequence: a service may take either."""
    if get_origin(hint) in (list, Sequence):
        return Sequence[get_args(hint)[0]]
    if type(None) in get_args(hint):
        return alike(get_args(hint)[0]) | None
    return hint


@pytest.mark.parametrize("declared", SERVED, ids=lambda one: one.name)
def test_a_service_takes_what_the_input_gives(declared: Declared) -> None:
    assert declared.service is not None
    takes = get_type_hints(declared.service)
    given = {
        name: hint
        for name, (hint, one) in declared.fields.items()
        if name != "idempotency_key" and not isinstance(one, EitherRef)
    }

    assert {name: alike(hint) for name, hint in given.items()} == {
        name: alike(takes[name]) for name in given
    }


def reached(function: Callable[..., Any]) -> Iterator[FunctionType]:
    """Yield a function, and the functions and methods of the domain that it names, directly or not."""
    seen: list[Any] = []
    waiting: list[Any] = [function]
    while waiting:
        one = waiting.pop()
        if any(one is each for each in seen):
            continue
        seen.append(one)
        if isinstance(one, type) and one.__module__.startswith("tenants."):
            waiting += vars(one).values()
        one = inspect.unwrap(one) if callable(one) else one
        if isinstance(one, FunctionType) and is_ours(one):
            yield one
            names = (ast.Name, ast.Attribute)
            waiting += [named(one, n) for n in ast.walk(parsed(one)) if isinstance(n, names)]


def is_ours(function: FunctionType) -> bool:
    """Return whether a function is written by us: dataclasses make some."""
    is_written = not function.__code__.co_filename.startswith("<")
    return is_written and function.__module__.startswith(("tenants.", "api.schema."))


def parsed(function: FunctionType) -> ast.AST:
    return ast.parse(textwrap.dedent(inspect.getsource(function)))


def named(function: FunctionType, node: ast.AST) -> Any:
    """Return what a name or an attribute is in the module of a function, or None."""
    if isinstance(node, ast.Name):
        return function.__globals__.get(node.id)
    if isinstance(node, ast.Attribute):
        return getattr(named(function, node.value), node.attr, None)
    return None


def limits(function: Callable[..., Any]) -> Iterator[tuple[str, int]]:
    """Yield the name and limit of each text that a service checks."""
    for one in reached(function):
        for node in ast.walk(parsed(one)):
            if not isinstance(node, ast.Call):
                continue
            does = named(one, node.func)
            if does in (written, called) and isinstance(node.args[-1], ast.Constant):
                most = named(one, node.args[1])
                if isinstance(most, int):
                    yield str(node.args[-1].value), most
            if does is said:
                step = node.args[0]
                # of several kinds of rows: `HIDE[table]`
                found = named(one, step.value if isinstance(step, ast.Subscript) else step)
                for each in found.values() if isinstance(found, dict) else [found]:
                    yield each.said, each.limit


@pytest.mark.parametrize(
    ("declared", "name"), TEXTS, ids=lambda one: one if isinstance(one, str) else one.name
)
def test_a_text_is_described_with_the_limit_that_is_checked(declared: Declared, name: str) -> None:
    _, one = declared.fields[name]
    assert isinstance(one, Text)
    if (declared.kind.__name__, name) in CHECKED_ELSEWHERE:
        return
    does = declared.service or getattr(declared.kind, "run", None)
    step = declared.rule if isinstance(declared.rule, Step) else None
    if does is None:
        assert step is not None
        assert (camel(name), one.most) == (step.said, 0), "tenants.taking.act checks it"
        return
    checked = {most for checks, most in limits(does) if checks == camel(name)}

    assert checked == {one.most or (step.limit if step else 0)}


async def _serve(_: Any, *, words: str) -> str:
    return words


def test_a_field_that_its_service_does_not_take_is_noticed() -> None:
    @verb(Scope.POST_WRITE, {"done": told(str | None, "完成。Done.")}, _serve)
    class Shout:
        """喊。Shout."""

        loudness: int = field("音量。How loud.")

    with pytest.raises(AssertionError, match="takes no"):
        mutation_type([module(Shout)], Payload, "修改。Changes.")


def test_a_verb_that_does_nothing_is_noticed() -> None:
    @verb(Scope.POST_WRITE, {"done": told(str | None, "完成。Done.")})
    class Shout:
        """喊。Shout."""

    with pytest.raises(AssertionError, match="what does it"):
        mutation_type([module(Shout)], Payload, "修改。Changes.")


def test_a_field_named_as_a_hook_is_noticed() -> None:
    with pytest.raises(AssertionError, match="are hooks"):

        @verb(Scope.POST_WRITE, {"done": told(str | None, "完成。Done.")}, _serve)
        class Shout:  # pyright: ignore[reportUnusedClass] # the decorator refuses it
            """喊。Shout."""

            finish: str = field("结束。The end.")


def test_a_text_without_a_limit_is_noticed() -> None:
    @verb(Scope.POST_WRITE, {"done": told(str | None, "完成。Done.")}, _serve)
    class Shout:
        """喊。Shout."""

        words: str = text("话", "the words")

    with pytest.raises(AssertionError, match="how long"):
        mutation_type([module(Shout)], Payload, "修改。Changes.")


def test_names_types_and_description_are_made_of_the_class() -> None:
    @verb(Scope.POST_WRITE, {"done": told(str | None, "完成。Done.")}, _serve)
    class ShoutLoudly:
        """大声喊。
        Shout, and be
        heard.
        """

        words: str = text("话", "the words", 30)

    root: Any = mutation_type([module(ShoutLoudly)], Payload, "修改。Changes.")

    (made,) = root.__strawberry_definition__.fields
    assert made.name == "shoutLoudly"
    assert made.description == "大声喊。\nShout, and be heard.\nRequires: `post:write`"
    (argument,) = made.arguments
    assert argument.type.__strawberry_definition__.name == "ShoutLoudlyInput"
    (words,) = argument.type.__strawberry_definition__.fields
    assert words.description == "填写话，1–30 字。Give the words, in 1 to 30 characters."
    assert made.type.of_type.__strawberry_definition__.name == "ShoutLoudlyPayload"


def test_an_id_of_another_kind_is_of_no_row() -> None:
    row = uuid4()
    one = ref(petitions, "诉求。The petition.")

    assert one.read(encode_id(row, "pet_")) == row
    assert one.read(encode_id(row, "pst_")) == one.read("") == NO_ROW
    assert one.read(None) is None
    assert one.read([encode_id(row, "pet_"), "x"]) == [row, NO_ROW]
    assert one.type_(UUID) is strawberry.ID
    assert one.type_(list[UUID] | None) == list[strawberry.ID] | None


def test_an_id_of_either_kind_names_its_table() -> None:
    row = uuid4()
    one = EitherRef("帖子或评论。A post or a comment.", None, (posts, comments))

    assert one.read(encode_id(row, "cmt_")) == (comments, row)
    assert one.read(encode_id(row, "pet_")) == (posts, NO_ROW)
    assert one.arguments("subject_id", one.read(encode_id(row, "pst_"))) == {
        "table": posts, "subject_id": row,
    }  # fmt: skip


def module(kind: type) -> ModuleType:
    """Return a module in which a class was declared."""
    made = ModuleType(kind.__module__)
    setattr(made, kind.__name__, kind)
    return made
