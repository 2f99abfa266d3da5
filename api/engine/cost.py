"""The cost of an operation is counted in points: object 1, connection 2 + first × item, mutation 10.

Scalars are free while the longest possible answer stays below 5,000 bytes a point. Beyond that,
the operation costs a point for every 5,000 bytes of its longest answer. So MAX_COST also limits
the size of the answer, however often a text is selected under other names.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from api.engine.values import Environment

MUTATION = 10
MAX_COST = 1000
BYTES_A_POINT = 5000
SCALAR_BYTES = 50  # an id, a timestamp, a state, a number
_BYTES_A_CHARACTER = 4


def longest(expression: sa.ClauseElement) -> int:
    """Return how many bytes of text an expression may hold, from the lengths of its columns."""
    characters = sum(
        column.info.get("most", 0)
        for column in visitors.iterate(expression)
        if isinstance(column, sa.Column)
    )
    return _BYTES_A_CHARACTER * characters


@dataclass
class Cost:
    """It is the cost of a selection, which is calculated for each request.

    It has a constant; pages, each with a size known on the request and the cost of one item; and
    choices between types, of which the most expensive counts.
    """

    points: int = 0
    size: int = 0
    pages: list[tuple[Callable[[Environment], int], "Cost"]] = field(default_factory=list)
    choices: list[list["Cost"]] = field(default_factory=list)

    def add(self, points: int) -> None:
        """Add points that do not depend on the request."""
        self.points += points

    def weigh(self, size: int) -> None:
        """Add bytes to the longest answer."""
        self.size += size

    def multiply(self, size: Callable[[Environment], int], item: "Cost") -> None:
        """Add a page of `size` items."""
        self.pages.append((size, item))

    def of(self, env: Environment) -> int:
        """Calculate the points of one request."""
        points, size = self._sums(env)
        return max(points, size // BYTES_A_POINT)

    def _sums(self, env: Environment) -> tuple[int, int]:
        points, size = self.points, self.size
        for times, item in self.pages:
            rows, each = times(env), item._sums(env)
            points, size = points + rows * each[0], size + rows * each[1]
        for kinds in self.choices:
            sums = [cost._sums(env) for cost in kinds]
            points += max((each[0] for each in sums), default=0)
            size += max((each[1] for each in sums), default=0)
        return points, size
