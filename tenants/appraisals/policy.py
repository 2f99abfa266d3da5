"""The rules say who sees an appraisal, and which procedure it goes through."""

import sqlalchemy as sa

from tenants.appraisals.tables import AppraisalState, appraisals, appraised
from tenants.columns import IS_STAFF, TENANT, among
from tenants.errors import Code
from tenants.policy import PART, Condition, holds, protect
from tenants.procedure import Procedure
from tenants.scopes import Scope
from tenants.votes.meetings import meetings
from tenants.votes.policy import vote_is
from tenants.votes.tables import votes

_ONE = sa.literal_column("1")
# As its vote: a draft is for the staff, and for the supervision committee, which chairs it.
_IS_SHOWN = vote_is(appraisals.c.vote_id, votes.c.state != "DRAFT") | IS_STAFF
protect(appraisals, Scope.VOTE_READ, community=_IS_SHOWN | holds(Scope.AFFAIRS_CHECK))
# The names are on the ballot; a verdict is there once the result is.
protect(appraised, PART, community=sa.true())


def _its_vote_is(condition: Condition) -> Condition:
    return sa.exists(
        sa.select(_ONE).where(
            votes.c.community_id == TENANT, votes.c.id == appraisals.c.vote_id, condition
        )
    )


APPRAISALS = Procedure(
    noun="appraisal", table=appraisals, states=AppraisalState, id_field="appraisalId"
)
DRAFT_APPRAISAL = APPRAISALS.step(
    "draftAppraisal", Scope.AFFAIRS_CHECK, (), "DRAFTED",
    (Code.WRONG_STATE, meetings.c.state != "DRAFT", "会议已公告。The meeting was announced."),
    on=meetings, at="drafted_at", by="drafted_by", said="",
    more=(Code.INVALID, Code.QUOTA_EXCEEDED, Code.IDEMPOTENCY_MISMATCH),
)  # fmt: skip
_IS_OVER = among(votes.c.state, "FINAL", "VOID", "ANNULLED", "ORDERED_TO_CORRECT", "REVOKED")
PUBLISH_APPRAISAL = APPRAISALS.step(
    "publishAppraisal", Scope.AFFAIRS_CHECK, "DRAFTED", ("PUBLISHED", "FAILED"),
    then=(
        (
            Code.WRONG_STATE,
            ~_its_vote_is(_IS_OVER),
            "表决结果尚未生效。The result of its vote is not final.",
        ),
    ),
    at="ended_at", by="ended_by", said="",
)  # fmt: skip
waits_for_publication = PUBLISH_APPRAISAL.refusal_code().is_(None)
