"""Tests the differential test: it finds an error that is planted in the compiler."""

from collections.abc import Callable
from typing import Any

import pytest

import api.engine.pages
from api.engine.pages import Page
from api.engine.printer import Printer
from tests.engine.asking import Asker, Different
from tests.engine.world import World

FEED = """{ community { boards { slug posts(first: 2) {
  nodes { id title state comments(first: 1) { nodes { id } pageInfo { hasNextPage } } }
  pageInfo { hasNextPage endCursor } } } } }"""


def _collect_without_coalesce(self: Any, item: str) -> str:
    name = f'"a-{len(self._collected)}"'
    self._collected.append((name, f"json_agg({item})"))
    return name


# the parts that are broken on purpose
_order: Callable[[Any, Any], str] = Page._order
_end: Callable[..., str] = Page._end

PLANTED: dict[str, tuple[Any, str, Any]] = {
    "rows in the wrong order": (
        Page, "_order", lambda page, row: _order(page, row).replace(" desc", ""),
    ),
    "hidden rows shown": (Printer, "visible", lambda *_: "true"),
    "no next page ever": (Page, "_has_next", lambda _: "false"),
    "pages of any size": (api.engine.pages, "page_size", lambda _: lambda _: 3),
    "null for an empty list": (Page, "collect", _collect_without_coalesce),
    "cursors cut short": (api.engine.pages, "print_cursor", lambda *_: "'x'::text"),
    "the first row's cursor for the last's": (
        Page, "_end", lambda page, **_: _end(page, first=True),
    ),
}  # fmt: skip


async def test_nothing_planted_nothing_found(ask: Asker, world: World) -> None:
    found = await ask.both(world.viewers["neighbour"], FEED)
    assert any(board["posts"]["nodes"] for board in found["community"]["boards"])


@pytest.mark.planted
@pytest.mark.parametrize("what", PLANTED)
async def test_a_planted_error_is_found(
    ask: Asker, world: World, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setattr(*PLANTED[what])

    with pytest.raises(Different):
        await ask.both(world.viewers["neighbour"], FEED)
