"""Token buckets limit what a person, a community and a client spend over time."""

from collections import OrderedDict
from collections.abc import Hashable

from api.engine.errors import ErrorCode, RequestError
from api.settings import Bucket

_MOST_BUCKETS = 50_000


class Buckets:
    """It keeps buckets of one size, one for each key. There are at most 50,000; the least recently
    used go first.
    """

    def __init__(self, bucket: Bucket, what: str) -> None:
        self.size = bucket.size
        self.per_second = bucket.per_second
        self._what = what
        self._levels: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def take(self, key: Hashable, points: float, now: float) -> float:
        """Take points out and return what is left.

        Raises RATE_LIMITED and takes nothing if there are too few.
        """
        level = self._level(key, now)
        if level < points:
            wait = max(1, int((points - level) / self.per_second) + 1)
            raise RequestError(
                ErrorCode.RATE_LIMITED,
                f"Too many {self._what}; try again in {wait} s.",
                retryAfter=wait,
                cost=points,
            )
        return self._keep(key, level - points, now)

    def owe(self, key: Hashable, points: float, now: float) -> None:
        """Take points for work that is done already; the level may go below zero, to -size."""
        self._keep(key, max(self._level(key, now) - points, -self.size), now)

    def give_back(self, key: Hashable, points: float) -> None:
        """Put back points that were just taken for something that another bucket refused."""
        level, at = self._levels.get(key, (self.size, 0))
        self._levels[key] = (min(self.size, level + points), at)

    def _level(self, key: Hashable, now: float) -> float:
        level, at = self._levels.get(key, (self.size, now))
        return min(self.size, level + (now - at) * self.per_second)

    def _keep(self, key: Hashable, level: float, now: float) -> float:
        self._levels[key] = (level, now)
        self._levels.move_to_end(key)
        if len(self._levels) > _MOST_BUCKETS:
            self._levels.popitem(last=False)
        return level
