"""Runs the handwritten operations: each for all viewers who may ask, with pages to the end."""

from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

from api.engine.arguments import MAX_PAGE
from tests.engine.asking import Asker
from tests.engine.operations import OF_ADMINS, OF_DISTRICT, OF_MEMBERS, OF_READERS, OF_STAFF
from tests.engine.world import World

_KINDS = {"posts with all they have": "pst_", "a thread, page by page": "pst_", "a comment": "cmt_",
          "a case": "mod_", "a petition and what may be done": "pet_",
          "what may be done to a pact": "pct_"}  # fmt: skip
_MORE: dict[str, list[dict[str, Any]]] = {
    "the members, page by page": [{}, {"role": "COMMITTEE_MEMBER"}, {"role": None}],
    "a feed, page by page": [
        {}, {"n": None}, {"n": 5}, {"slug": "affairs"}, {"slug": "hall"}, {"slug": "plaza", "n": 4},
        {"slug": "plaza", "n": 3}, {"slug": "party"}, {"slug": "nowhere"},
    ],
    "what is found": [{}, {"query": "LINLI"}, {"query": "停水 几点"}, {"query": "没有这样的"}],
    "in parts, by name": [{"full": True}, {"full": False}, {"full": True, "none": False}],
    "the queue, page by page": [
        {}, *({"state": s} for s in ("OPEN", "KEPT", "HIDDEN", "APPEALED", "UPHELD", "RESTORED"))
    ],
    "applications, page by page": [{}, *({"state": s} for s in ("APPLIED", "RETURNED", "SUSPENDED"))],
    "appeals, page by page": [{}, *({"state": s} for s in ("LIFTED", "UPHELD", "MOOT"))],
    "petitions, page by page": [{}, {"state": "CLOSED"}, {"state": "MERGED"}, {"kind": "REPORT"}, {"kind": None}],
    "one's own petitions, page by page": [{}, {"state": "RETURNED"}],
    "petitions found": [{}, {"query": "漏水 三号"}],
    "the inbox, page by page": [
        {}, {"open": False}, {"assigned": "ME"}, {"assigned": "NOBODY"}, {"overdue": True},
        {"overdue": False, "state": "ACCEPTED"},
    ],
    "the queue of petitions, page by page": [{}, {"open": False}, {"overdue": True}],
    "rates of categories, page by page": [{}, {"month": "2025-12"}, {"month": "2027-01"}],
    "communities ranked, page by page": [{}, {"month": "2026-02"}, {"month": "2025-12"}],
    "the directory, page by page": [
        {}, {"kind": "VILLAGE"}, {"state": "SUSPENDED"}, {"name": "村"}, {"name": "%", "kind": None},
    ],
}  # fmt: skip


async def run_handwritten(ask: Asker, world: World, *, most: int | None = None) -> None:
    """Compare all of them, or of each the first `most` of its viewers and variables."""
    times = Counter[str]()
    async for label, text, variables in _asked(world):
        times[text] += 1
        if most is None or times[text] <= most:
            await _walk(ask, world, label, text, variables)


async def _asked(world: World) -> AsyncIterator[tuple[str, str, dict[str, Any]]]:  # noqa: C901 # one arm for each kind of viewer
    for name, text in OF_MEMBERS.items():
        for label in ("resident", "committee", "secretary", "neighbour"):
            for variables in _sets(world, name):
                yield label, text, variables
    for name, text in OF_STAFF.items():
        for label in ("committee", "secretary"):
            for variables in _sets(world, name):
                yield label, text, variables
    for text in OF_READERS.values():
        for label in ("app", "inspector", "resident", "secretary"):
            yield label, text, {}
    for name, text in (OF_ADMINS | OF_DISTRICT).items():
        for label in ("district", "street", *(["handler"] if name in OF_DISTRICT else [])):
            for variables in [*_sets(world, name), {"street": world.ids["str_"][0]}]:
                if "$ids" not in text or "ids" in variables:
                    yield label, text, variables


def _sets(world: World, name: str) -> list[dict[str, Any]]:
    if name in _KINDS:
        return [{"id": each} for each in dict.fromkeys(world.ids[_KINDS[name]][-30:])]
    if name == "what changed in a pact":
        versions = world.ids["pvr_"]
        return [{"id": each, "since": other} for each in versions for other in versions]
    if "by their ids" in name:
        ids = [ids[-1] for ids in world.ids.values()]
        foreign = [ids[0] for ids in world.foreign_ids.values()]
        return [
            *({"ids": some} for some in _pages([*ids, "nonsense", ids[0], *foreign])),
            *({"ids": some} for some in _pages(ids[::-1])),
            {"ids": []},
        ]
    return _MORE.get(name, [{}])


def _pages(ids: list[str]) -> list[list[str]]:
    return [ids[at : at + MAX_PAGE] for at in range(0, len(ids), MAX_PAGE)]


async def _walk(ask: Asker, world: World, label: str, text: str, variables: dict[str, Any]) -> None:
    """Ask, then ask for the next page while there is one, five pages at most."""
    for _ in range(5):
        found = await ask.both(world.viewers[label], text, variables)
        info = _page_info(found)
        if (
            "$after" not in text
            or not info
            or not info.get("hasNextPage")
            or "endCursor" not in info
        ):
            return
        variables = {**variables, "after": info["endCursor"]}


def _page_info(value: Any) -> Any:
    """Return the outermost pageInfo of an answer."""
    if not isinstance(value, dict):
        return None
    if "pageInfo" in value:
        return value["pageInfo"]
    return next((info for v in value.values() if (info := _page_info(v))), None)
