"""The demo's pacts go through the services, at moments of the last months.

A building's pact has two versions and the signatures of some households; a residents' pact is on the vote of
the yearly meeting.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenants.boards.service.check import Verdict
from tenants.columns import TENANT
from tenants.pacts.procedure import CONFIRM_SIGNATURE
from tenants.pacts.service import (
    deciding,
    drafting,
    filing,
    publishing,
    reviewing,
    signing,
    suggesting,
)
from tenants.pacts.service.drafting import DraftClause
from tenants.pacts.service.reviewing import Checked
from tenants.pacts.tables import pacts
from tenants.pacts.versions import draft_clauses
from tenants.pacts.words import (
    PactKind,
    ReviewDecision,
    ReviewItem,
    SigningChannel,
    SuggestionDecision,
)
from tenants.taking import act
from tenants.transaction import Tx

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_BUILDING = "6号楼"
_OF_BUILDING = (
    DraftClause(None, "楼道", "楼道内不停放电动自行车，不堆放杂物。"),
    DraftClause(None, "安静", "晚上十点以后轻声，装修提前告知上下楼。"),
)
_LATER = DraftClause(None, "充电", "电动自行车在东门车棚充电，不从楼上拉线。")
_OF_RESIDENTS = (
    DraftClause(None, "邻里", "邻里之间有事商量，互相照看老人和孩子。"),
    DraftClause(None, "养犬", "遛犬时牵好绳，及时清理。"),
    DraftClause(None, "议事", "大家的事大家议，议定的事一起办。"),
)
_HOUSEHOLDS = ("101", "102", "301", "402")


@dataclass
class CommunityPacts:
    """The pacts of a community are made by its people; `votes` (demo.votes) has them act."""

    votes: Any

    @property
    def clerk(self) -> UUID:
        """Return the one of the staff who drafts."""
        return self.votes.staff[-1]

    async def agree(self) -> None:
        """Make a building's pact, with two versions and signatures."""
        here, clerk, began = self.votes, self.clerk, self.votes.now - 60 * _DAY
        pact = await here.does(
            clerk, began, drafting.start, kind=PactKind.BUILDING_PACT, title="六号楼楼组公约",
            building=_BUILDING, property_area_id=None, amends_id=None,
        )  # fmt: skip
        of = {"pact_id": pact}
        await self._publish(pact, began + _HOUR, *_OF_BUILDING)
        suggestion = await here.does(
            here.people[-1], began + _DAY, suggesting.suggest, **of, clause_id=None,
            body="请写明在哪里充电。", verdict=Verdict.PASS,
        )  # fmt: skip
        await here.does(clerk, began + 9 * _DAY, drafting.take_up, **of)
        await here.does(
            clerk, began + 9 * _DAY, suggesting.decide, suggestion_id=suggestion,
            decision=SuggestionDecision.ADOPT, reason="已加入第三条",
        )  # fmt: skip
        kept = await here.does(clerk, began + 9 * _DAY, _drafted, **of)
        await self._publish(pact, began + 10 * _DAY, *kept, _LATER)
        for number, room in enumerate(_HOUSEHOLDS):
            at = began + (12 + number) * _DAY
            signature = await here.does(
                clerk, at, signing.record, **of, building=_BUILDING, room=room,
                channel=SigningChannel.PAPER,
            )  # fmt: skip
            await here.does(here.staff[0], at + _HOUR, _confirm, signature_id=signature)
        await here.does(clerk, began + 20 * _DAY, filing.conclude, **of)

    async def put(self, vote: UUID, at: datetime) -> None:
        """Make a residents' pact up to its review, and have a matter decide it at a moment."""
        here, clerk, began = self.votes, self.clerk, at - 40 * _DAY
        pact = await here.does(
            clerk, began, drafting.start, kind=PactKind.RESIDENTS_PACT, title="居民公约",
            building=None, property_area_id=None, amends_id=None,
        )  # fmt: skip
        of = {"pact_id": pact}
        await here.does(clerk, began + 10 * _DAY, drafting.take_up, **of)
        await self._publish(pact, began + 10 * _DAY, *_OF_RESIDENTS)
        await here.does(clerk, began + 25 * _DAY, reviewing.submit, **of)
        await here.answers(
            began + 30 * _DAY, reviewing.decide, **of, decision=ReviewDecision.PASS, reason=None,
            checklist=[Checked(item, True, None) for item in ReviewItem],
        )  # fmt: skip
        await here.does(clerk, at, deciding.submit_to_vote, **of, vote_id=vote)

    async def _publish(self, pact: UUID, at: datetime, *clauses: DraftClause) -> None:
        here, clerk = self.votes, self.clerk
        version = await here.does(clerk, at, _version, pact_id=pact)
        await here.does(
            clerk, at, drafting.set_draft, pact_id=pact, expected_version=version, clauses=clauses
        )
        await here.does(clerk, at + _HOUR, publishing.publish, pact_id=pact)


async def _version(tx: Tx, *, pact_id: UUID) -> int:
    (row,) = await tx.rows(_PACT, v_id=pact_id)
    return row["version"]


async def _confirm(tx: Tx, *, signature_id: UUID) -> UUID:
    return await act(tx, CONFIRM_SIGNATURE, signature_id)


async def _drafted(tx: Tx, *, pact_id: UUID) -> list[DraftClause]:
    rows = await tx.rows(_CLAUSES, v_id=pact_id)
    return [DraftClause(row["clause_id"], row["heading"], row["body"]) for row in rows]


_ID = sa.bindparam("v_id", type_=pacts.c.id.type)
_PACT = sa.select(pacts.c.version).where(pacts.c.community_id == TENANT, pacts.c.id == _ID)
_CLAUSES = (
    sa.select(draft_clauses)
    .where(draft_clauses.c.community_id == TENANT, draft_clauses.c.pact_id == _ID)
    .order_by(draft_clauses.c.place)
)
