"""Docstrings and the descriptions of the schema are sentences, not fragments such as "Who." or "From when to when."

A small grammar looks for a verb outside relative clauses. It cannot tell a good sentence from a poor one.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from graphql import Node, Visitor, parse, visit

FOLDERS = ("api", "tenants", "demo", "checks")
CHINESE = re.compile(r"[一-鿿]")

_GRAMMAR = {
    name: frozenset(words.split())
    for name, words in tomllib.loads(
        Path(__file__).with_name("grammar.toml").read_text(encoding="utf-8")
    ).items()
}
_VERBS, _FINITE, _RELATIVE = (_GRAMMAR[name] for name in ("verbs", "finite", "relative"))
_BEFORE_NOUNS = _GRAMMAR["before_nouns"]
_THIRD = {form for verb in _VERBS for form in (f"{verb}s", f"{verb}es", f"{verb[:-1]}ies")}
_PAST = {
    form
    for verb in _VERBS
    for form in (f"{verb}ed", f"{verb}d", f"{verb[:-1]}ied", f"{verb}{verb[-1]}ed")
}


def faults(root: Path) -> list[str]:
    """Return a line for each docstring and each description that is no sentence."""
    return [*_of_code(root), *_of_schema(root / "schema.graphql")]


def is_sentence(text: str) -> bool:
    """Return whether an English text begins with a sentence: an order, or a clause with a verb."""
    plain = re.sub(r"`[^`]*`|“[^”]*”", "X", text).split("\n\n")[0]
    first = re.split(r"(?<=[.!?])\s", plain.replace("\n", " "))[0]
    return any(_has_verb(clause) for clause in re.split(r"[:;]\s", first))


def _has_verb(clause: str) -> bool:
    """Return whether a clause has a verb outside relative clauses, or more verbs than relative words."""
    words = re.findall(r"[a-z'’-]+|,", clause.lower())
    if words and words[0] in _VERBS:
        return len(words) > 1
    verbs = [_is_finite(before, word) for before, word in zip(["", *words], words, strict=False)]
    main, is_main = 0, True
    for word, is_verb in zip(words, verbs, strict=True):
        is_main = word not in _RELATIVE and (is_main or word == ",")
        main += is_main and is_verb
    return main > 0 or sum(verbs) > sum(word in _RELATIVE for word in words)


def _is_finite(before: str, word: str) -> bool:
    """Return whether a word is the verb of a clause, as far as the word before it tells."""
    if word in _FINITE:
        return True
    if before in _BEFORE_NOUNS or before.endswith("'s"):
        return False
    is_plural = before in {"they", "you", "many", "most"} or before.endswith("s")
    return word in _THIRD or word in _PAST or (word in _VERBS and is_plural)


def _of_code(root: Path) -> Iterator[str]:
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(
                    node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
                ):
                    said = ast.get_docstring(node)
                    if said and not CHINESE.search(said) and not is_sentence(said):
                        yield f"{path.relative_to(root)}:{node.body[0].lineno}: no sentence: {said.splitlines()[0]}"


def _of_schema(schema: Path) -> Iterator[str]:
    found: list[str] = []

    class Descriptions(Visitor):
        """Collect what is no pair of a Chinese and an English sentence."""

        def enter(self, node: Node, *_: object) -> None:
            """Look at one description."""
            described = getattr(node, "description", None)
            if described is not None and not _in_both_languages(described.value):
                found.append(f"{schema.name}: no sentence in both languages: {described.value}")

    visit(parse(schema.read_text(encoding="utf-8")), Descriptions())
    yield from dict.fromkeys(found)


def _in_both_languages(text: str) -> bool:
    said = re.split(r"\n(?:Errors|Requires): |\n```", text)[0]
    chinese, english = [], []
    for part in re.split(r"(?<=。)\s*", said):
        (chinese if part.endswith("。") or CHINESE.search(part) else english).append(part)
    return len("".join(chinese)) > len("名称。") and is_sentence(" ".join(english))
