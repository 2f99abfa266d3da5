"""Prints reviewed tables of states, verbs and actors; actors with equal results share a line."""

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


def _of_group(states: Sequence[str], met: Sequence[str]) -> Iterator[str]:
    usual = Counter(fate for fate in met if fate and not fate.startswith(">")).most_common(1)
    rest = usual[0][0] if usual else ""
    for fate in dict.fromkeys(met):
        if fate and fate != rest:
            inside = [state for state, each in zip(states, met, strict=True) if each == fate]
            yield f"{', '.join(inside)} {fate if fate.startswith('>') else f': {fate}'}"
    if rest:
        yield f"else: {rest}"
