"""What an operation costs in points: scalar 0, object 1, connection 2 + first × item, mutation 10."""

from collections.abc import Callable
from dataclasses import dataclass, field

from api.engine.values import Environment

MUTATION = 10
MAX_COST = 1000


@dataclass
class Cost:
    """A constant; pages, each a size known on the request and the cost of one item; and choices
    between kinds, of which the dearest counts."""

    constant: int = 0
    pages: list[tuple[Callable[[Environment], int], "Cost"]] = field(default_factory=list)
    choices: list[list["Cost"]] = field(default_factory=list)

    def add(self, points: int) -> None:
        """Add points that do not depend on the request."""
        self.constant += points

    def multiply(self, size: Callable[[Environment], int], item: "Cost") -> None:
        """Add a page of so many items."""
        self.pages.append((size, item))

    def of(self, env: Environment) -> int:
        """Reckon the points of one request."""
        points = self.constant
        for size, item in self.pages:
            points += size(env) * item.of(env)
        for kinds in self.choices:
            points += max((cost.of(env) for cost in kinds), default=0)
        return points
