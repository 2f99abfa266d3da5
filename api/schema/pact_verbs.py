"""These mutations make a pact: it is drafted, suggested on, put to the vote, filed and ended."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import strawberry

from api.engine import bindings as b
from api.engine.declare import input_type, published
from api.engine.identifiers import decode_id
from api.engine.inputs import NO_ROW, Keyed, field, limited, ref, text
from api.engine.payloads import link
from api.engine.verbs import verb
from api.schema.pact_parts import PactSuggestion
from api.schema.pacts import Pact
from tenants.membership.tables import BUILDING_LENGTH
from tenants.owners.tables import property_areas
from tenants.pacts import procedure
from tenants.pacts.service import deciding, drafting, filing, publishing, suggesting
from tenants.pacts.suggestions import SUGGESTION_LENGTH, pact_suggestions
from tenants.pacts.tables import DOCUMENT_LENGTH, TITLE_LENGTH, pacts
from tenants.pacts.versions import BODY_LENGTH, HEADING_LENGTH, MOST_CLAUSES, pact_clauses
from tenants.pacts.words import PactKind, SuggestionDecision
from tenants.transaction import Tx
from tenants.viewer import Viewer
from tenants.votes.tables import votes

published(SuggestionDecision, "PactSuggestionDecision")

_PACT = {"pact": link(Pact, pacts)}
_SUGGESTION = {"suggestion": link(PactSuggestion, pact_suggestions)}


class _OnPact:
    pact_id: UUID = ref(pacts)


@input_type
class PactClauseInput:
    """这是草案中的一条。This is a clause of the draft."""

    clause_id: strawberry.ID | None = strawberry.field(
        default=None,
        description=(
            "修改或移动已有的一条时填写它的标识；新增的不填。\n"
            "Give its id to change or move it; leave it out if it is new."
        ),
    )
    heading: str | None = strawberry.field(
        default=None, description=limited("标题", "a heading", HEADING_LENGTH, is_optional=True)
    )
    body: str = strawberry.field(description=limited("内容", "what the clause says", BODY_LENGTH))


def _written(given: Sequence[PactClauseInput]) -> list[drafting.DraftClause]:
    prefix = b.prefix_of(pact_clauses)
    return [
        drafting.DraftClause(
            None if each.clause_id is None else decode_id(each.clause_id, prefix) or NO_ROW,
            each.heading,
            each.body,
        )
        for each in given
    ]


@verb(procedure.START, _PACT, drafting.start)
class StartPact(Keyed):
    """启动制定一件公约，或修订施行中的一件；居民公约、村规民约和章程先征集民意，管理规约和楼组公约直接起草。
    Begin to make a pact, or to amend the one in force; residents' and village pacts and charters begin by \
asking residents, the owners' and a building's with the draft.
    """

    kind: PactKind = field("选择种类。Choose the kind.")
    title: str = text("名称", "its title", TITLE_LENGTH)
    building: str | None = text(
        "楼栋，仅楼组公约填写", "the building, of a building's pact only", BUILDING_LENGTH
    )
    property_area_id: UUID | None = ref(
        property_areas, "填写物业区域，仅管理规约。Give the property area, of an owners' pact."
    )
    amends_id: UUID | None = ref(
        pacts,
        "修订时填写施行中的或被责令改正的一件。Give the one in force, or ordered to be corrected, that it amends.",
    )


@verb(procedure.DRAFT, _PACT, drafting.take_up)
class DraftPact(_OnPact):
    """开始起草或汇总建议：草案以最近公布的文本为底，建议随之冻结，直到下一稿公布。
    Take up the draft: it begins with the text published last, and suggestions are frozen until the next \
draft is published.
    """


@verb(procedure.SET_DRAFT, _PACT)
class SetPactDraft(_OnPact):
    """保存整份草案，按所列次序。Save the whole draft, in the order that is given."""

    expected_version: int = field(
        "填写您读到的 `Pact.version`。Give the `Pact.version` that you have read."
    )
    clauses: list[PactClauseInput] = field(
        f"填写条文，1–{MOST_CLAUSES} 条。Give the clauses, 1 to {MOST_CLAUSES}."
    )

    async def run(self, tx: Tx) -> UUID:
        """Save it."""
        return await drafting.set_draft(
            tx,
            pact_id=self.pact_id,
            expected_version=self.expected_version,
            clauses=_written(self.clauses),
        )


@verb(procedure.PUBLISH, _PACT, publishing.publish)
class PublishPactDraft(_OnPact):
    """公布草案为下一个版本，此后不再更改；须已逐条答复建议，留待再议的随之转到新版本。
    Publish the draft as the next version, which nothing changes; every suggestion is answered first, and \
those carried over stand under the new one.
    """


@verb(procedure.CANCEL, _PACT, drafting.cancel)
class CancelPact(_OnPact):
    """终止制定，须说明理由；未答复的建议一并关闭。
    Call off the making of a pact, for a reason; suggestions that wait are closed with it.
    """

    reason: str = text("理由，成员可见", "the reason, which members see")


@verb(procedure.SUGGEST, _SUGGESTION, suggesting.suggest)
class SuggestForPact(_OnPact, Keyed):
    """对公布的草案的某一条或整体提建议；征集民意时对整体提。
    Suggest something about a clause of the published draft, or about the whole.
    """

    clause_id: UUID | None = ref(
        pact_clauses, "填写所针对的条文；针对整体不填。Give the clause; leave it out for the whole."
    )
    body: str = text("内容", "what you suggest", SUGGESTION_LENGTH)

    async def prepare(self, services: dict[str, Any], _: Viewer) -> dict[str, Any]:
        """Have the text checked."""
        return {"verdict": await services["text_check"].check(self.body)}


class _OnSuggestion:
    suggestion_id: UUID = ref(pact_suggestions)


@verb(procedure.DECIDE_SUGGESTION, _SUGGESTION, suggesting.decide)
class DecidePactSuggestion(_OnSuggestion):
    """答复一条建议，须说明理由；起草时才可采纳或留待再议。
    Answer a suggestion, for a reason; it is adopted or carried over only while a draft is written.
    """

    decision: SuggestionDecision = field("选择怎样答复。Choose the answer.")
    reason: str = text("理由，成员可见", "the reason, which members see")


@verb(procedure.WITHDRAW_SUGGESTION, _SUGGESTION)
class WithdrawPactSuggestion(_OnSuggestion):
    """撤回自己尚未答复的建议。Withdraw your suggestion before it is answered."""


class _OnMatter(_OnPact):
    vote_id: UUID = ref(
        votes,
        "填写会议的该项议题，会议须尚未公告。Give the matter of a meeting that is not announced yet.",
    )


@verb(procedure.SUBMIT_TO_VOTE, _PACT, deciding.submit_to_vote)
class SubmitPactToVote(_OnMatter):
    """把公布的文本提请会议表决；事项的种类须合法律，拒绝时写明法条。
    Put the published text to the vote of a meeting; the matter is of the kind that the law names, and a \
refusal quotes the article.
    """


@verb(procedure.CONCLUDE_VOTE, _PACT, deciding.conclude_vote)
class ConcludePactVote(_OnPact):
    """表决结果生效、作废或被推翻后，登记到公约上。
    Enter what the vote came to, once its result is final, void or overturned.
    """

    women_attending: int | None = field(
        "通过时填写到会的妇女人数；管理规约不填。\n"
        "Give how many women came, if it passed; leave it out of an owners' pact."
    )


@verb(procedure.CONCLUDE, _PACT, filing.conclude)
class ConcludePact(_OnPact):
    """楼组公约经足够的户签署后施行。Bring a building's pact into force, once enough households have signed it."""


@verb(procedure.FILE, _PACT, filing.file)
class FilePact(_OnPact):
    """把表决通过的文本报街镇备案，并定施行日期和复审日期。
    File the text that was passed with the street, and set the days of its coming into force and revision.
    """

    document: str = text("备案的文号或回执", "the number of the filing", DOCUMENT_LENGTH)
    in_force_on: date = field(
        "填写施行日期，不早于今天。Give the day it is in force, today at the earliest."
    )
    revision_on: date | None = field("填写复审日期。Give the day to look at it again.")


@verb(procedure.SUBMIT_REPEAL, _PACT, deciding.submit_repeal)
class SubmitPactRepeal(_OnMatter):
    """把废止施行中的公约提请会议表决。Put the repeal of a pact in force to the vote of a meeting."""


@verb(procedure.REPEAL, _PACT, deciding.repeal)
class RepealPact(_OnPact):
    """废止公约；除楼组公约外，须会议已决定废止。
    Repeal a pact; except for a building's, a meeting has decided so before.
    """

    reason: str = text("理由，成员可见", "the reason, which members see")
