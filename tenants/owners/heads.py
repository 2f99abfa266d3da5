"""Owners as they vote: heads and areas from the register of exclusive parts (专有部分).

SPC interpretation on differentiated ownership (法释〔2009〕7号, 2020), art. 9: one part is one head; all
that one buyer owns is one head; all that the developer has not sold, or has sold and not delivered,
is one head. Art. 8: the area is the register's.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from tenants.owners.words import PartKind


@dataclass(frozen=True)
class Part:
    """It is one exclusive part: its area in 0.01 m² and who owns it, several where they own it together.

    `is_developers` says that the developer holds it: unsold, or sold and not delivered.
    """

    id: Hashable
    building: str
    area: int
    owners: frozenset[Hashable]
    kind: PartKind = PartKind.DWELLING
    is_developers: bool = False


@dataclass(frozen=True)
class Head:
    """It is one head of the electorate: who they are, and the parts they vote for."""

    owners: frozenset[Hashable]
    parts: tuple[Part, ...]

    @property
    def area(self) -> int:
        """Return the area of all their parts, in 0.01 m²."""
        return sum(part.area for part in self.parts)


def heads(
    parts: Iterable[Part],
    *,
    developer: Hashable,
    buildings: frozenset[str] | None = None,
    counts_parking: bool = False,
) -> list[Head]:
    """Return the heads of an electorate, in the order of their first part.

    `buildings` limits it to a vote of some buildings. Who owns one part alone and another together
    with someone else is a head in each.
    """
    of_owners: dict[frozenset[Hashable], list[Part]] = defaultdict(list)
    for part in parts:
        if buildings is not None and part.building not in buildings:
            continue
        if part.kind is PartKind.PARKING and not counts_parking:
            continue
        of_owners[frozenset({developer}) if part.is_developers else part.owners].append(part)
    return [Head(owners, tuple(held)) for owners, held in of_owners.items()]
