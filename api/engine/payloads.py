"""Declare the fields of a mutation's payload, which are read from what its service returned."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import strawberry

from api.engine.bindings import outcome, prefix_of
from api.engine.declare import given, one
from api.engine.identifiers import encode_id


@dataclass(frozen=True)
class Answer:
    """It is a field of a payload: its type, and how it is declared under its name in the outcome."""

    type_: Any
    declare: Callable[[str], Any]


_AFTER = "这是修改之后的样子；被拒绝则为空。This is how it stands after the change; it is null if refused."


def link(type_: Any, table: sa.Table, description: str = _AFTER) -> Answer:
    """Answer with the row whose id the service returned; null if the viewer does not see it."""
    return Answer(type_ | None, lambda name: one(description, table, {"id": outcome(name, table)}))


def told(type_: Any, description: str, show: Callable[[Any], Any] = lambda value: value) -> Answer:
    """Answer with what the service returned, as `show` turns it; it gets None if nothing was done."""
    return Answer(type_, lambda name: given(description, lambda env: show(env.outcome.get(name))))


def told_id(table: sa.Table, description: str) -> Answer:
    """Answer with the public id of a row; null if nothing was done."""

    def show(id: UUID | None) -> str | None:
        return None if id is None else encode_id(id, prefix_of(table))

    return told(strawberry.ID | None, description, show)


def told_ids(table: sa.Table, description: str) -> Answer:
    """Answer with the public ids of rows; an empty list if nothing was done."""

    def show(ids: Iterable[UUID] | None) -> list[str]:
        return [encode_id(each, prefix_of(table)) for each in ids or ()]

    return told(list[strawberry.ID], description, show)
