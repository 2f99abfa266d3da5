"""Deceptive texts: refused in every input of every change, or cleaned."""

from datetime import UTC, datetime
from typing import Any

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLType,
    build_schema,
    get_named_type,
    get_nullable_type,
    is_enum_type,
    is_input_object_type,
)

from api.schema.schema import contract, sdl
from tenants.errors import Code, Refused
from tenants.scopes import Role, scopes_of
from tenants.text import FORMS, LONGEST_LINE, MANY_LINES, ONE_LINE, called, cleaned, written
from tests.conftest import SignIn
from tests.street import SECRETARY, Make, SignedIn
from tests.tenants.conftest import faults

SCHEMA = build_schema(sdl())
CONTRACT = contract()
# All of these are invisible.
NOTHING = (
    " ", "\u3000", "\t\n", "\u200b", "\u200d", "\ufeff", "\u2060", "\u3164", "\u2800", "\u00ad",
    "\ufe0f", "\U000e0020", "\U000e0001\U000e007f", "\u0001", "\u115f\u1160", "\uffa0", "\u0336",
    "\u034f", "\u2028", "\u202e", "\ufffc", "\U000e0fff",
)  # fmt: skip
# These change the text around them.
ACTING = (
    "\u202e会委居", "a\u0007b", "a\u202bb", "\u2067a", "a" + "\u0336" * 25, "a" + "\u0336\U0001d165" * 9,
    "a" + "\u0316\u0301" * 9,
)  # fmt: skip
# These are not a single line, or contain something invisible.
NO_LINE = (
    "甲\n居委会", "甲\r\n乙", "甲\u2028乙", "甲\u2029乙", "甲\x85乙", "甲\t乙", "居\u200b委会",
    "王\u2060一", "王\u3164一", "王\u200e一", "王\u061c一", "a\ufe0f", "王\u200d一", "王\U000e0041一",
)  # fmt: skip


def texts_of(type_: GraphQLInputObjectType, *path: str) -> list[tuple[str, ...]]:
    """Return the path of every text in an input; of a list, that of its first item."""
    found: list[tuple[str, ...]] = []
    for name, field in type_.fields.items():
        inner = get_named_type(field.type)
        place = (
            (*path, name, "0")
            if isinstance(get_nullable_type(field.type), GraphQLList)
            else (*path, name)
        )
        if is_input_object_type(inner):
            found += texts_of(inner, *place)
        elif inner.name == "String":
            found.append(place)
    return found


CHANGES = {
    name: get_named_type(field.args["input"].type)
    for name, field in SCHEMA.mutation_type.fields.items()  # type: ignore[union-attr] # there is one
}
PLACES = [(name, path) for name, type_ in CHANGES.items() for path in texts_of(type_)]


def some(type_: GraphQLType) -> Any:
    """Return a meaningless value of a type."""
    inner: Any = get_nullable_type(type_)  # pyright: ignore[reportCallIssue, reportArgumentType] # any type
    if isinstance(inner, GraphQLList):
        return [some(inner.of_type)]
    if is_input_object_type(inner):
        return {name: some(field.type) for name, field in inner.fields.items()}
    if is_enum_type(inner):
        return next(iter(inner.values))
    plain = {
        "Int": 1, "Boolean": True, "DateTime": datetime(2026, 1, 1, tzinfo=UTC).isoformat(),
        "Date": "2026-01-01",
    }  # fmt: skip
    return plain.get(inner.name, "好")  # type: ignore[union-attr] # a scalar


def put(given: Any, path: tuple[str, ...], text: str) -> Any:
    """Return the same input with a text in one place."""
    if not path:
        return text
    if isinstance(given, list):
        return [put(given[0], path[1:], text)]
    return {**given, path[0]: put(given[path[0]], path[1:], text)}


def test_every_text_of_the_schema_is_of_one_kind() -> None:
    """A new text input must be listed with exactly one kind; the lists have no other names."""
    kinds = (ONE_LINE, MANY_LINES, FORMS)
    names = {next(n for n in reversed(path) if not n.isdigit()) for _, path in PLACES}
    assert {name: sum(name in kind for kind in kinds) for name in names} == dict.fromkeys(names, 1)
    assert names == ONE_LINE | MANY_LINES | FORMS


@pytest.mark.parametrize(("change", "path"), PLACES, ids=lambda part: str(part))
async def test_no_change_takes_a_text_that_is_not_what_it_looks_like(
    make: Make, signed_in: SignIn, change: str, path: tuple[str, ...]
) -> None:
    """Each text of each change refuses all of them, before anything is read."""
    if path[-1] in FORMS or path[-1].isdigit():
        pytest.skip("it has a form of its own")
    asker = await _who_may(make, signed_in, change)
    hostile = [*NOTHING, *ACTING, *(NO_LINE if path[-1] in ONE_LINE else ())]
    type_ = CHANGES[change]
    for first in range(0, len(hostile), 20):
        texts = hostile[first : first + 20]
        heads = ", ".join(f"$i{n}: {type_.name}!" for n in range(len(texts)))
        fields = " ".join(
            f"m{n}: {change}(input: $i{n}) {{ userErrors {{ code path }} }}"
            for n in range(len(texts))
        )
        given = {f"i{n}": put(some(type_), path, text) for n, text in enumerate(texts)}
        answer = await asker.run(f"mutation ({heads}) {{ {fields} }}", **given)
        for n, text in enumerate(texts):
            code = "REQUIRED" if text in NOTHING else "INVALID"
            assert answer.data[f"m{n}"]["userErrors"] == [
                {"code": code, "path": ["input", *path]}
            ], ascii(text)


@pytest.mark.parametrize("text", NOTHING)
def test_what_shows_nothing_is_required(text: str) -> None:
    """In a single line and in several."""
    for name in ("title", "body"):
        with pytest.raises(Refused) as refused:
            written(text, 100, name)
        assert (refused.value.code, refused.value.path) == (Code.REQUIRED, (name,))


@pytest.mark.parametrize(
    "text",
    [
        "王小明", "Ní Zǎo", "👨‍👩‍👧", "❤️", "👍🏽", "🙋🏽‍♀️", "1️⃣", "葛\U000e0100", "བསྒྲུབས", "Nguyễn", "𲎰",
        "7号楼（东）", "a b", "½", "Ａ座", "\ue000", "A̶B̶",
    ],
)  # fmt: skip
def test_what_people_do_write_stays(text: str) -> None:
    """Rare letters, emoji families and full width stay unchanged, in both kinds of text."""
    assert written(text, 100, "title") == written(text, 100, "body") == text


def test_texts_are_made_plain() -> None:
    """Blanks at the ends are removed, line ends unified, letters composed; the rest stays."""
    assert (
        cleaned(" \u200b甲\r\n\r乙\u2028丙\x0b丁\t戊\u200b己\ufeff\n", "body")
        == "甲\n\n乙\n丙\n丁\t戊\u200b己"
    )
    assert cleaned("\u3000\u2060王 一\u3164\n", "name") == "王 一"
    assert cleaned("e\u0301", "name") == cleaned("e\u0301", "body") == "é"
    with pytest.raises(Refused) as refused:
        cleaned("好" * (LONGEST_LINE + 1), "name")
    assert refused.value.code is Code.TOO_LONG
    with pytest.raises(Refused) as refused:
        written("好" * 11, 10, "letters", "0", "body")
    assert (refused.value.code, refused.value.path) == (Code.TOO_LONG, ("letters", "0", "body"))


@pytest.mark.parametrize(
    "name",
    [
        "居委会", "王书记(居委会)", "居 委 会", "７号楼居委", "王書記", "Ｓ街道办", "官方客服", "物业小李",
        "居\U000e0100委会",
    ],
)  # fmt: skip
def test_a_name_claims_no_office(name: str) -> None:
    """Also with other characters in between; the roles beside a name show who has an office."""
    with pytest.raises(Refused) as refused:
        called(name, 30, "displayName")
    assert (refused.value.code, refused.value.path) == (Code.INVALID, ("displayName",))


async def test_an_office_is_seen_beside_the_name_and_never_in_it(
    make: Make, signed_in: SignIn
) -> None:
    """A neighbour cannot take the committee's name; the member's roles show who belongs to it."""
    place = await make.community()
    neighbour = signed_in(await make.member(place, name="王一"))
    refused = await neighbour.do("updateDisplayName", "member { id }", displayName="王书记")
    assert faults(refused) == [("INVALID", ["input", "displayName"])]
    taken = await neighbour.do(
        "updateDisplayName", "member { displayName building roles }", displayName=" 桂花树下\u200b"
    )
    assert taken.payload["member"] == {
        "displayName": "桂花树下", "building": "3号楼", "roles": ["RESIDENT"],
    }  # fmt: skip


_WHO: dict[frozenset[Role], SignedIn] = {}


async def _who_may(make: Make, signed_in: SignIn, change: str) -> SignedIn:
    """Return a person whose token has the scope of a change; all tests share the same ones."""
    if not _WHO:
        place = await make.community()
        people = [
            await make.member(place, *SECRETARY),
            await make.officer(),
            await make.absent(place),
            await make.member(place, "RESIDENT", "SUPERVISOR"),
        ]
        _WHO.update({person.identity().roles: signed_in(person) for person in people})
    scope = CONTRACT.fields["Mutation", change].requires
    return next(who for roles, who in _WHO.items() if scope in scopes_of(roles))
