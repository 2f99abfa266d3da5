"""Draft a vote: its row, its options, and where the clock finds it."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from tenants.columns import TENANT
from tenants.places.tables import communities
from tenants.procedure import Move, Row
from tenants.taking import first, note
from tenants.transaction import Tx
from tenants.votes.secret.scrutiny import is_scrutiny
from tenants.votes.service.papers import print_options
from tenants.votes.tables import vote_dues, votes


async def draft(tx: Tx, move: Move, labels: Sequence[str], **given: Any) -> Row:
    """Begin the procedure of a vote with these options; return its row."""
    here = await tx.row(_HERE)
    assert here is not None  # noqa: S101 # a community is never deleted
    place = {"district_id": here["district_id"], "street_id": here["street_id"]}
    vote = first(
        tx, move,
        community_id=tx.tenant, district_id=here["district_id"], options=len(labels), least=1,
        open_objections=0, keys_shown=0, answering=0, alarmed_at=None, **{"seats": 1, "secrecy": "RECORDED", **given},
    )  # fmt: skip
    await tx.insert(votes, **vote)
    await tx.insert(
        vote_dues, id=vote["id"], next_at=vote["next_at"], scrutiny=is_scrutiny(vote), **place
    )
    await print_options(tx, vote["id"], labels)
    await note(tx, move, vote)
    return vote


_HERE = sa.select(communities.c.district_id, communities.c.street_id).where(
    communities.c.community_id == TENANT
)
