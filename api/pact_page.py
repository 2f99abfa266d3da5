"""A pact is printed as one page, from what the API tells whoever asks.

`collect` yields the requests to send and is sent their answers, so that any client can drive it; `page`
prints what it returns.
"""

from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from api.printed import line, sheet, time
from tenants.pacts.words import PactKind, PactState

Facts = Mapping[str, Any]
Request = tuple[str, dict[str, Any]]
_PACT = """query ($id: ID!) { node(id: $id) { ... on Pact {
  kind title state building adoptedAt attending womenAttending filedAt filingDocument inForceOn revisionOn
  signatureCount endingReason community { name } propertyArea { name } latestVersion { id number textHash
  publishedAt } } } }"""
_CLAUSES = """query ($id: ID!, $after: Cursor) { node(id: $id) { ... on PactVersion {
  clauses(first: 50, after: $after) { pageInfo { hasNextPage endCursor } nodes { number heading body } } } } }"""
_IN_FORCE = {PactState.IN_FORCE, PactState.SUPERSEDED, PactState.REPEALED}


@dataclass(frozen=True)
class Printed:
    """It is a pact with the clauses of the version that was published last."""

    pact: Facts
    clauses: list[Facts]


def collect(pact_id: str) -> Generator[Request, Facts, Printed]:
    """Yield requests, each with its variables; return the pact from their answers.

    Raises LookupError if there is no such pact for whoever asks, or no text of it yet.
    """
    pact = (yield _PACT, {"id": pact_id})["node"]
    if not pact or not pact["latestVersion"]:
        raise LookupError(pact_id)
    clauses: list[Facts] = []
    after = None
    while True:
        answer = yield _CLAUSES, {"id": pact["latestVersion"]["id"], "after": after}
        connection = answer["node"]["clauses"]
        clauses += connection["nodes"]
        if not connection["pageInfo"]["hasNextPage"]:
            return Printed(pact, clauses)
        after = connection["pageInfo"]["endCursor"]


def page(printed: Printed) -> str:
    """Return the page: HTML that needs nothing else, for A4."""
    pact, state = printed.pact, PactState(printed.pact["state"])
    parts = [
        f"<h1>{escape(pact['title'])}</h1>",
        *_head(pact, state),
        *(part for each in printed.clauses for part in _clause(each)),
        *_foot(pact),
    ]
    return sheet(pact["title"], parts)


def _head(pact: Facts, state: PactState) -> Iterable[str]:
    area = pact["propertyArea"]
    whose = pact["building"] or (area and area["name"])
    community = (pact["community"] or {}).get("name", "")
    yield line(PactKind(pact["kind"]).chinese, f"{community}{whose or ''}")
    version = pact["latestVersion"]
    said = "" if state in _IN_FORCE else "，尚未施行"
    yield line("文本", f"第 {version['number']} 稿，{time(version['publishedAt'])} 公布{said}")
    yield line("状态", state.chinese)
    if pact["endingReason"]:
        yield line("终止的理由", pact["endingReason"])


def _clause(clause: Facts) -> Iterable[str]:
    heading = f"　{clause['heading']}" if clause["heading"] else ""
    yield f"<h3>第{clause['number']}条{escape(heading)}</h3>"
    yield from (f"<p>{escape(each)}</p>" for each in clause["body"].splitlines())


def _foot(pact: Facts) -> Iterable[str]:
    yield "<h2>通过、备案和签署</h2>"
    if pact["adoptedAt"]:
        women = pact["womenAttending"]
        came = f"，到会 {pact['attending']}，其中妇女 {women}" if women is not None else ""
        yield line("表决通过", f"{time(pact['adoptedAt'])}{came}")
    if pact["filedAt"]:
        yield line("街镇备案", f"{time(pact['filedAt'])}，{pact['filingDocument']}")
    if pact["inForceOn"]:
        yield line("施行", pact["inForceOn"])
    if pact["revisionOn"]:
        yield line("复审", pact["revisionOn"])
    yield line("签署", f"{pact['signatureCount'] or 0} 户；自愿签署，可以撤回，不签没有任何后果")
    yield line("文本的 SHA-256", pact["latestVersion"]["textHash"])
