"""These values of pacts are written by hand."""

from tenants.pacts.comparing import Clause
from tenants.pacts.hashing import hash_of
from tests.engine import hamlet as h
from tests.engine import hamlet_pacts as p
from tests.engine import hamlet_votes as v
from tests.engine.expected import NOT_NOW, YES, Change, Reading, no
from tests.engine.pacts import TITLE

_JANUARY = "2026-01-05T00:00:00+00:00"
_TEXT = "两处都能接电。"
_EVER = "2099-01-01T00:00:00+00:00"
_MANAGE = no("FORBIDDEN", "令牌缺少权限 pact:manage。The token lacks this scope.")
_REVIEWS = no("FORBIDDEN", "令牌缺少权限 pact:review。The token lacks this scope.")
_BUILDINGS = no(
    "FORBIDDEN",
    "只有楼组公约以签署达成；其他公约须表决。Only a building's pact; others are voted on.",
)


def _node(type_: str, id: str, select: str = "*") -> str:
    return f'node(id: "{id}") {{ ... on {type_} {{ {select} }} }}'


def _hash(body: str) -> str:
    clause_id = p.id_of(p.CLAUSE)
    return hash_of(TITLE, [Clause(clause_id, None if body == "旧" else "楼道", body)])


PACTS = [
    Reading("Community", "wang", "community { * }", {
        "pacts(first: 1)": {"totalCount": 4},
    }),
    Reading("Pact", "wang", _node("Pact", p.PACT), {
        "id": p.PACT, "kind": "RESIDENTS_PACT", "title": TITLE, "state": "IN_FORCE",
        "community": {"id": h.ELM}, "createdAt": _JANUARY,
        "latestVersion": {"id": p.SECOND},
        "versions": {"nodes": [{"id": p.FIRST}, {"id": p.SECOND}]},
        "draft": {"totalCount": 0},
        "suggestions(first: 1)": {"totalCount": 2},
        "reviewDueAt": _JANUARY, "isReviewOverdue": False,
        "matters": {"nodes": [{"vote": {"id": v.DECIDED}}]},
        "adoptedAt": _JANUARY, "attending": 3, "womenAttending": 1,
        "filingDueAt": _JANUARY, "isFilingOverdue": False, "filedAt": _JANUARY,
        "filingDocument": "街备1号", "inForceOn": "2026-01-05", "revisionOn": "2099-01-01",
        "isRevisionDue": False, "signatureCount": 1,
        "viewerSignature": {"id": p.SIGNATURE},
        "signatures": {"nodes": [{"id": p.SIGNATURE}, {"id": p.WITHDRAWN}]},
        "submissions": {"nodes": [{"id": p.RETURNED}, {"id": p.FILING}]},
        "events(first: 1)": {"totalCount": 2},
        "version": 1,
        "viewerCan": {"signPact": YES},
    }),
    Reading("Pact", "li", _node("Pact", p.BUILDING), {
        "building": "9号楼", "endedAt": _JANUARY, "endingReason": _TEXT,
    }),
    Reading("Pact", "li", _node("Pact", p.OWNERS), {"propertyArea": {"id": v.AREA}}),
    Reading("District", "officer", "district { * }", {"pactSubmissions": {"totalCount": 3}}),
    Reading("PactSubmission", "wang", _node("PactSubmission", p.RETURNED), {
        "answeredAt": _JANUARY, "outcome": "RETURNED", "reason": _TEXT,
    }),
    Reading("PactPermissions", "wang", _node("Pact", p.PACT, "viewerCan { * }"), {
        "draftPact": _MANAGE, "publishPactDraft": _MANAGE, "cancelPact": _MANAGE,
        "submitPactForReview": _MANAGE, "decidePactReview": _REVIEWS,
        "submitPactToVote": _MANAGE, "concludePactVote": _MANAGE, "concludePact": _MANAGE,
        "filePact": _MANAGE, "orderPactCorrection": _REVIEWS, "repealPact": _MANAGE,
        "setPactDraft": _MANAGE, "submitPactRepeal": _MANAGE, "recordPactSignature": _MANAGE,
        "suggestForPact": no(
            "WRONG_STATE",
            "只在征集民意和公开征求意见时可提。Only while residents are asked.",
        ),
        "signPact": YES,
    }),
    Reading("PactPermissions", "li", _node("Pact", p.AMENDMENT, "viewerCan { * }"), {
        "cancelPact": YES, "draftPact": NOT_NOW, "concludePact": _BUILDINGS,
    }),
    Reading("PactVersion", "wang", _node("PactVersion", p.SECOND), {
        "id": p.SECOND, "number": 2, "title": TITLE, "textHash": _hash(_TEXT),
        "publishedAt": _JANUARY, "clauses": {"nodes": [{"clauseId": p.CLAUSE}]},
        f'differences(sinceId: "{p.FIRST}")': {"nodes": [{"clauseId": p.CLAUSE}]},
    }),
    Reading("PactClause", "wang", _node("PactVersion", p.FIRST, "clauses { nodes { * } }"), {
        "clauseId": p.CLAUSE, "number": 1, "heading": None, "body": "旧",
    }),
    Reading("PactClause", "wang", _node("PactVersion", p.SECOND, "clauses { nodes { * } }"), {
        "heading": "楼道",
    }),
    Reading("PactDifference", "wang", _node(
        "PactVersion", p.SECOND, f'differences(sinceId: "{p.FIRST}") {{ nodes {{ * }} }}'
    ), {
        "kind": "REWORDED", "clauseId": p.CLAUSE, "fromNumber": 1, "toNumber": 1,
        "isMoved": False, "heading": ["+楼道"], "body": ["-旧", f"+{_TEXT}"],
    }),
    Reading("PactDraftClause", "li", _node("Pact", p.AMENDMENT, "draft { nodes { * } }"), {
        "clauseId": p.OTHER, "number": 1, "heading": "楼道", "body": _TEXT,
    }),
    Reading("PactSuggestion", "liu", _node("PactSuggestion", p.ANSWERED), {
        "id": p.ANSWERED, "originalVersion": {"id": p.FIRST}, "version": {"id": p.FIRST}, "clauseId": None,
        "author": {"id": h.WANG}, "body": _TEXT, "state": "DECLINED", "createdAt": _JANUARY,
        "decidedAt": "2026-01-05T00:00:01+00:00", "decisionReason": _TEXT,
        "viewerCan": {"decidePactSuggestion": _MANAGE},
    }),
    Reading("PactSuggestion", "wang", _node("PactSuggestion", p.SUGGESTION), {
        "clauseId": p.CLAUSE, "version": {"id": p.SECOND}, "originalVersion": {"id": p.FIRST},
        "viewerCan": {"withdrawPactSuggestion": YES},
    }),
    Reading("PactSuggestionPermissions", "wang", _node(
        "PactSuggestion", p.SUGGESTION, "viewerCan { * }"
    ), {"decidePactSuggestion": _MANAGE, "withdrawPactSuggestion": YES}),
    Reading("PactSubmission", "wang", _node("PactSubmission", p.REVIEW), {
        "id": p.REVIEW, "pact": {"id": p.AMENDMENT}, "version": {"id": p.SUBMITTED},
        "textHash": _hash("新"), "purpose": "REVIEW", "submittedAt": _JANUARY, "dueAt": _EVER,
        "isOverdue": False, "answeredAt": None, "outcome": None, "reason": None,
        "findings": [{"item": "FINES"}],
    }),
    Reading("PactReviewFinding", "wang", _node("PactSubmission", p.REVIEW, "findings { * }"), {
        "item": "FINES", "isMet": False, "note": _TEXT,
    }),
    Reading("PactMatter", "wang", _node("Pact", p.PACT, "matters { nodes { * } }"), {
        "pact": {"id": p.PACT}, "vote": {"id": v.DECIDED}, "version": {"id": p.SECOND}, "textHash": _hash(_TEXT),
        "purpose": "ADOPT",
    }),
    Reading("Vote", "wang", _node("Vote", v.DECIDED), {"pactMatter": {"purpose": "ADOPT"}}),
    Reading("PactSignature", "li", _node("PactSignature", p.PAPER), {
        "id": p.PAPER, "building": "9号楼", "room": "909", "version": {"id": p.SECOND},
        "channel": "PAPER", "state": "PENDING", "createdAt": _JANUARY, "withdrawnAt": None,
        "viewerCan": {"withdrawPactSignature": YES},
    }),
    Reading("PactSignature", "wang", _node("PactSignature", p.WITHDRAWN), {
        "withdrawnAt": _JANUARY, "state": "WITHDRAWN",
    }),
    Reading("PactSignaturePermissions", "wang", _node(
        "PactSignature", p.SIGNATURE, "viewerCan { * }"
    ), {"confirmPactSignature": _MANAGE, "withdrawPactSignature": YES}),
    Reading("PactEvent", "wang", _node("Pact", p.PACT, "events(first: 1) { nodes { * } }"), {
        "at": _JANUARY, "action": "STARTED", "state": "SOLICITING", "reason": _TEXT,
    }),
    Reading("PactEvent", "wang", _node("Pact", p.PACT, "events { nodes { * } }"), {
        "action": "FILED", "textHash": _hash(_TEXT),
    }, nth=1),
]  # fmt: skip

PACT_CHANGES = [
    Change("li", "cancelPact", {"pactId": p.AMENDMENT, "reason": "暂缓"},
           {"pact": {"id": p.AMENDMENT, "state": "CANCELLED", "endingReason": "暂缓"}}),
    Change("wang", "withdrawPactSuggestion", {"suggestionId": p.SUGGESTION},
           {"suggestion": {"id": p.SUGGESTION, "state": "WITHDRAWN"}}),
    Change("wang", "withdrawPactSignature", {"signatureId": p.SIGNATURE},
           {"signature": {"id": p.SIGNATURE, "state": "WITHDRAWN"}}),
]  # fmt: skip
