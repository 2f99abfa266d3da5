"""Suggestions on a pact: make one, and say what becomes of it."""

from uuid import UUID

import sqlalchemy as sa

from tenants.boards.service.check import Verdict
from tenants.columns import TENANT, VIEWER, among
from tenants.domain import Quota
from tenants.errors import Code, NotFound, Refused
from tenants.pacts.procedure import DECIDE_SUGGESTION, SUGGEST
from tenants.pacts.suggestions import pact_suggestions
from tenants.pacts.tables import pacts
from tenants.pacts.versions import pact_clauses
from tenants.pacts.words import SuggestionDecision
from tenants.quotas import spare
from tenants.statements import Lock
from tenants.taking import begin, said, take
from tenants.transaction import Tx


async def suggest(
    tx: Tx, *, pact_id: UUID, clause_id: UUID | None, body: str, verdict: Verdict
) -> UUID:
    """Suggest something about a clause of the published draft, or about the whole.

    Raises NOT_FOUND for a clause that the published draft does not have, and CONTENT_REJECTED for a
    text that did not pass its check.
    """
    pact = await tx.find(pacts, pact_id, "pactId", permit=SUGGEST, lock=Lock.SHARE)
    words = said(SUGGEST, body)
    if verdict is not Verdict.PASS:
        raise Refused(
            Code.CONTENT_REJECTED, "内容未通过检查。The text was rejected.", labels=(verdict.value,)
        )
    version = pact["version_id"]
    if clause_id is not None and (
        version is None
        or await tx.row(_CLAUSE, v_version_id=version, v_clause_id=clause_id) is None
    ):
        raise NotFound("clauseId")
    await spare(tx, OPEN_SUGGESTIONS, tx.viewer.id)
    made = await begin(
        tx, SUGGEST, words=words, community_id=tx.tenant,
        pact_id=pact["id"], made_on_id=version, version_id=version, clause_id=clause_id,
    )  # fmt: skip
    return made["id"]


async def decide(tx: Tx, *, suggestion_id: UUID, decision: SuggestionDecision, reason: str) -> UUID:
    """Decide whether a suggestion is adopted, declined or carried over, for a reason.

    Raises WRONG_STATE if it is to be adopted or carried over and no draft is being written.
    """
    suggestion = await tx.find(
        pact_suggestions, suggestion_id, "suggestionId", permit=DECIDE_SUGGESTION
    )
    pact = await tx.row(_PACT, v_id=suggestion["pact_id"])
    assert pact is not None  # noqa: S101 # a suggestion is on a pact
    words = said(DECIDE_SUGGESTION, reason)
    if decision is not SuggestionDecision.DECLINE and pact["state"] != "DRAFTING":
        raise Refused(
            Code.WRONG_STATE,
            "采纳和留待再议须在起草时。It is adopted or carried over while a draft is written.",
            "decision",
            current_state=suggestion["state"],
        )
    await take(tx, DECIDE_SUGGESTION, suggestion, to=decision.value, words=words)
    return suggestion["id"]


_U = pacts.c.id.type
_CLAUSE = sa.select(pact_clauses.c.place).where(
    pact_clauses.c.community_id == TENANT,
    pact_clauses.c.version_id == sa.bindparam("v_version_id", type_=_U),
    pact_clauses.c.clause_id == sa.bindparam("v_clause_id", type_=_U),
)
# held: the draft is not published meanwhile
_PACT = (
    sa.select(pacts.c.state)
    .where(pacts.c.community_id == TENANT, pacts.c.id == sa.bindparam("v_id", type_=_U))
    .with_for_update(read=True)
)
OPEN_SUGGESTIONS = Quota(
    "pact_suggestion.open",
    20,
    sa.select(sa.func.count().label("count")).where(
        pact_suggestions.c.community_id == TENANT,
        pact_suggestions.c.author_id == VIEWER,
        among(pact_suggestions.c.state, "OPEN", "CARRIED_OVER"),
    ),
    "您已有 20 条建议待处理。Twenty of your suggestions wait already.",
)
