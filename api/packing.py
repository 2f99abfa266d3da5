"""Choose the compression that a client takes, of those that files are kept in (RFC 9110 §12.5.3)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Encoding:
    """A compression has a name in HTTP, and its files have a suffix."""

    name: str
    suffix: str


_KEPT = (Encoding("br", "br"), Encoding("gzip", "gz"))


def preferred(accepted: str) -> Encoding | None:
    """Return the best encoding of an Accept-Encoding header; None where it takes none of ours."""
    return next((each for each in _KEPT if weight_of(each.name, accepted) > 0), None)


def weight_of(name: str, accepted: str) -> float:
    """Return how much a client wants an encoding; 0 where it does not take it."""
    for each in accepted.lower().split(","):
        told, _, parameter = each.partition(";")
        if told.strip() == name:
            return _weight(parameter)
    return 0.0


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
