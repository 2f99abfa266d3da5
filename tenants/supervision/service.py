"""An officer supervises from above, and the change is made inside the community, as of petitions."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from tenants import audit
from tenants.columns import TENANT, bound
from tenants.errors import Code, Refused
from tenants.membership.policy import is_viewers_person
from tenants.petitions.facts import petition_facts
from tenants.petitions.procedure import SUPERVISED
from tenants.petitions.tables import petitions
from tenants.policy import OWN_CASE
from tenants.statements import Lock
from tenants.supervision.policy import FIND, ISSUE
from tenants.supervision.tables import WORDS_LENGTH
from tenants.taking import begin, note
from tenants.text import written
from tenants.transaction import Tx, unless_taken


async def issue(
    tx: Tx, *, overdue_petition_id: UUID, body: str, due_at: datetime, key: str
) -> UUID:
    """Demand of the desk that has an overdue petition that it deal with it by a day, and report."""
    body = written(body, WORDS_LENGTH, "body")
    seen = await tx.find(
        petition_facts, overdue_petition_id, "overduePetitionId", permit=FIND, lock=Lock.NONE
    )
    async with tx.act_in(seen["community_id"]) as inside:
        claim = await audit.once(
            inside, "supervision.issued", key, tx.viewer.desk, seen["id"], body, due_at
        )
        if claim.done:
            return claim.done
        # the district's own view says whether it may be; whoever moves the petition waits
        petition = await inside.row(_PETITION, v_id=seen["id"])
        assert petition is not None  # noqa: S101 # a fact is of a petition
        await tx.find(
            petition_facts, overdue_petition_id, "overduePetitionId", permit=ISSUE, lock=Lock.NONE
        )
        if petition["is_own"]:
            raise Refused(Code.FORBIDDEN, OWN_CASE)
        if due_at <= inside.now:
            raise Refused(Code.INVALID, "须在将来。It must lie ahead.", "dueAt")
        async with unless_taken(
            inside, "已督办。One of yours is not ended yet.", "overduePetitionId"
        ):
            order = await begin(
                inside, ISSUE, words=body,
                petition_id=petition["id"], district_id=petition["district_id"], due_at=due_at,
                issuing_desk=tx.viewer.desk, addressed_desk=petition["desk"],
                desks=[tx.viewer.desk, *([petition["desk"]] if petition["desk"] else [])],
            )  # fmt: skip
        await audit.keep(inside, claim, order["id"])
        # told to whoever sees the petition, its author first: that, and not what is demanded
        await note(inside, SUPERVISED, petition)
    return order["id"]


_ID = bound(petitions.c.id)
_PETITION = (
    sa.select(petitions, is_viewers_person(petitions.c.author_id).label("is_own"))
    .where(petitions.c.community_id == TENANT, petitions.c.id == _ID)
    .with_for_update(key_share=True)
)
