"""Tamper with a community's audit in every possible way."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from tenants.audit.chain import BEGINNING, chained, hash_of_reason
from tenants.audit.tables import ActorKind
from tenants.scopes import Role

Entry = dict[str, Any]
SAID = ["id", "at", "actor_kind", "actor_id", "client_id", "trace_id", "action", "subject_id",
        "reason", "reason_hash", "actor_role", "actor_desk"]  # fmt: skip
PLACED = ["seq", "reason_salt", "prev_hash", "entry_hash"]


@dataclass
class Trail:
    """It holds the entries of a community in their order, and its head."""

    entries: list[Entry]
    head: Entry

    def copy(self) -> "Trail":
        """Return a copy to tamper with."""
        return Trail([dict(entry) for entry in self.entries], dict(self.head))


def tampered(trail: Trail, chance: random.Random, *, by_owner: bool) -> tuple[str, Trail]:
    """Tamper once; an owner of the database then recalculates every hash and the head."""
    changed = trail.copy()
    ways: list[Callable[[Trail, random.Random, bool], str]] = [
        *[_change] * 5, _delete, _swap, _truncate, _insert
    ]  # fmt: skip
    what = chance.choice(ways)(changed, chance, by_owner)
    if by_owner:
        changed.entries = chained(changed.entries, 0, BEGINNING)
        last = changed.entries[-1]
        changed.head |= {"seq": last["seq"], "hash": last["entry_hash"]}
    else:
        changed.entries.sort(key=lambda entry: entry["seq"])
    return what, changed


def _change(trail: Trail, chance: random.Random, by_owner: bool) -> str:
    said = [column for column in SAID if column in trail.entries[0]]
    column = chance.choice(said if by_owner else said + PLACED)
    with_reason = [entry for entry in trail.entries if entry["reason"]]
    entry = chance.choice(with_reason if column.startswith("reason") else trail.entries)
    entry[column] = _another(column, entry[column], chance)
    if by_owner and column.startswith("reason"):
        entry["reason_hash"] = hash_of_reason(entry["reason_salt"], f"{entry['reason']}!")
        entry["reason"] = f"{entry['reason']}!"
    return f"{column} changed"


def _another(column: str, value: Any, chance: random.Random) -> Any:
    match value:
        case UUID():
            return UUID(int=chance.getrandbits(128))
        case bytes():
            spot = chance.randrange(len(value))
            return (
                value[:spot] + bytes([value[spot] ^ 1 << chance.randrange(8)]) + value[spot + 1 :]
            )
        case int():
            return value + 1000 if chance.random() < 0.5 else -value
        case None:
            return 310113 if column == "actor_desk" else Role.RESIDENT.value
        case str() if column == "actor_role":
            return chance.choice([role.value for role in Role if role != value])
        case str() if column == "actor_kind":
            return chance.choice([kind for kind in ActorKind if kind != value])
        case str():
            return f"{value}{chance.choice('改x ')}"
        case _:
            return value + timedelta(microseconds=chance.choice([-1, 1, 10**9]))


def _delete(trail: Trail, chance: random.Random, _: bool) -> str:
    trail.entries.pop(chance.randrange(len(trail.entries)))
    return "an entry deleted"


def _swap(trail: Trail, chance: random.Random, _: bool) -> str:
    first, second = chance.sample(trail.entries, 2)
    for column in first.keys() & {*SAID, "reason_salt"}:
        first[column], second[column] = second[column], first[column]
    return "two entries swapped"


def _truncate(trail: Trail, chance: random.Random, _: bool) -> str:
    del trail.entries[-chance.randint(1, len(trail.entries) - 1) :]
    return "the tail cut off"


def _insert(trail: Trail, chance: random.Random, by_owner: bool) -> str:
    forged = dict(chance.choice(trail.entries)) | {"id": UUID(int=chance.getrandbits(128))}
    # at the end, with correct hashes, it would be a valid entry after the last checkpoint
    place = chance.randrange(len(trail.entries) + (not by_owner))
    for entry in trail.entries[place:]:
        entry["seq"] += 1
    trail.entries.insert(place, forged | {"seq": place + 1})
    return "an entry inserted"
