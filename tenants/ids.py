"""Row ids are UUIDs of version 7 (RFC 9562), so that the order of ids is the order of time."""

import secrets
from collections.abc import Callable
from datetime import datetime
from uuid import UUID


def new_id(at: datetime, random_bits: Callable[[int], int] = secrets.randbits) -> UUID:
    """Return a new id for a row whose business time is `at` (timezone-aware).

    48 bits of milliseconds, 12 bits of the fraction below them (RFC 9562 §6.2 method 3), 62 random
    bits.
    """
    microseconds = int(at.timestamp() * 1_000_000)
    milliseconds, rest = divmod(microseconds, 1000)
    fraction = rest * 4096 // 1000
    value = milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | random_bits(62)
    return UUID(int=value)


def nth(number: int, random: Callable[[int], int] = secrets.randbits) -> Callable[[int], int]:
    """Return the random bits of the `number`-th id of one moment: it sorts after those before it.

    16 bits are the counter, the others stay random (RFC 9562 §6.2 method 1).
    """

    def random_bits(bits: int) -> int:
        return number % 2**16 << bits - 16 | random(bits - 16)

    return random_bits
