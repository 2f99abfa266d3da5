"""Prints and reads reviewed tables of states, verbs and actors; actors with equal results share a line."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence


def print_verb(states: Sequence[str], fates: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield the lines of one verb; `fates` has, for each actor, a result for each state.

    A result is `> STATE` if allowed, the code of a refusal, or empty if not tried.
    """
    groups: dict[tuple[str, ...], list[str]] = {}
    for actor, met in fates.items():
        if any(met):
            groups.setdefault(tuple(met), []).append(actor)
    for met, actors in sorted(groups.items(), key=lambda one: one[1]):
        yield f"    {', '.join(actors)}"
        yield from (f"        {line}" for line in _of_group(states, met))


def read_verbs(text: str, states: Sequence[str]) -> dict[tuple[str, str, str], str]:
    """Return what a printed table says of each verb, state and actor."""
    found: dict[tuple[str, str, str], str] = {}
    verb, actors = "", list[str]()
    for line in text.splitlines()[1:]:
        said = line.strip()
        match len(line) - len(line.lstrip()):
            case 0:
                verb = said
            case 4:
                actors = said.split(", ")
            case _:
                inside, fate = _of_line(said, states)
                for actor in actors:
                    for state in inside:
                        found.setdefault((verb, state, actor), fate)
    return found


def _of_line(said: str, states: Sequence[str]) -> tuple[Sequence[str], str]:
    head, sign, fate = re.split("( > |(?: |(?<=else)): )", said, maxsplit=1)
    fate = f"> {fate}" if sign == " > " else fate
    return (states if head == "else" else head.split(", ")), fate


def _of_group(states: Sequence[str], met: Sequence[str]) -> Iterator[str]:
    usual = Counter(fate for fate in met if fate and not fate.startswith(">")).most_common(1)
    rest = usual[0][0] if usual else ""
    for fate in dict.fromkeys(met):
        if fate and fate != rest:
            inside = [state for state, each in zip(states, met, strict=True) if each == fate]
            yield f"{', '.join(inside)} {fate if fate.startswith('>') else f': {fate}'}"
    if rest:
        yield f"else: {rest}"
