"""The names of the schema are those of docs/vocabulary.md: one word for one thing."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema

from api.schema.schema import contract, sdl

PAGE = Path(__file__).parents[1] / "docs" / "vocabulary.md"
LINE = re.compile(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| ?([^|]*) ?\|$")


def sections() -> dict[str, list[tuple[str, ...]]]:
    """Return the lines of each table of the page, by its heading: word, Chinese, meaning, not."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for part in PAGE.read_text(encoding="utf-8").split("\n## ")[1:]:
        heading, *lines = part.splitlines()
        matches = (LINE.match(line) for line in lines)
        cells = [tuple(cell.strip() for cell in match.groups()) for match in matches if match]
        found[heading] = [each for each in cells if each[1] not in {"中文", "---"}]
    return found


def words_of(name: str) -> list[str]:
    """Split a name of the schema into lower-case words."""
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?=_|\b)", name)]


def names(schema: GraphQLSchema) -> Iterator[str]:
    """Yield every name that the schema gives, with the type that it stands in."""
    for name, type_ in schema.type_map.items():
        if name.startswith("__"):
            continue
        yield name
        for field_name, field in getattr(type_, "fields", {}).items():
            yield f"{name}.{field_name}"
            yield from (f"{name}.{field_name}.{each}" for each in getattr(field, "args", {}))
        yield from (f"{name}.{value}" for value in getattr(type_, "values", {}))


def strays(schema: GraphQLSchema) -> set[str]:
    """Return the names that contain a word, or words in a row, that the page says not to use."""
    refused = {
        tuple(phrase.split())
        for lines in sections().values()
        for *_, others in lines
        for phrase in others.split(", ")
        if phrase
    }
    return {
        name
        for name in names(schema)
        for spelled in [words_of(name.rpartition(".")[2])]
        for phrase in refused
        if any(tuple(spelled[at : at + len(phrase)]) == phrase for at in range(len(spelled)))
    }


def test_every_word_has_a_chinese_one_and_a_meaning_and_stands_once() -> None:
    tables = sections()
    assert [*tables] == ["Verbs", "What is written", "Things", "Times and states"]
    lines = [line for table in tables.values() for line in table]
    assert len(lines) > 80
    for word, chinese, meaning, _ in lines:
        assert re.search(r"[一-鿿]", chinese), word
        assert re.search(r"[a-z]{2}", meaning), word
    verbs = [word for word, *_ in tables["Verbs"]]
    assert verbs == sorted(set(verbs))


def test_mutations_begin_with_a_verb_of_the_page_and_every_verb_is_used() -> None:
    root = contract().schema.mutation_type
    assert root is not None
    assert {words_of(name)[0] for name in root.fields} == {word for word, *_ in sections()["Verbs"]}


def test_no_name_contains_a_word_that_has_another() -> None:
    assert strays(contract().schema) == set()


@pytest.mark.parametrize(
    ("ours", "stray"),
    [
        ("resumeMember", "reinstateMember"),
        ("body: String!", "words: String!"),
        ("overturnReason", "overturnedWhy"),
        ("MEMBER_RESUMED", "MEMBER_REINSTATED"),
        ("HistoricPetitionInput", "HistoricLetterInput"),
    ],
)
def test_a_second_word_is_found(ours: str, stray: str) -> None:
    assert ours in sdl()
    changed = build_schema(sdl().replace(ours, stray))
    named = re.split(r"\W", stray)[0]

    assert named in {name.rpartition(".")[2] for name in strays(changed)}
