"""Items of open affairs are entered by one, and confirmed and so posted by another."""

from uuid import UUID

import sqlalchemy as sa

from tenants.affairs.procedure import CONFIRM_AFFAIR, DRAFT_AFFAIR
from tenants.affairs.service.owing import meet, place
from tenants.affairs.statutes import About, statute_of
from tenants.affairs.tables import BODY_LENGTH, TITLE_LENGTH, obligations
from tenants.columns import TENANT
from tenants.errors import Code, NotFound, Refused
from tenants.taking import begin, on_row, take
from tenants.text import written
from tenants.transaction import Tx
from tenants.workdays import day_of


async def draft(tx: Tx, *, code: str, title: str, body: str, obligation_id: UUID | None) -> UUID:
    """Enter an item of a statutory kind, perhaps to meet what is owed; somebody else confirms it.

    Raises INVALID for a code that is no item of this kind of community, and for an obligation of
    another code.
    """
    owed = None
    if obligation_id is not None:
        owed = await tx.row(_OBLIGATION, v_id=obligation_id)
        if owed is None:
            raise NotFound("obligationId")
    here = await place(tx)
    statute = statute_of(here["kind"], code, day_of(tx.now))
    if statute is None or statute.about is not About.OPEN_AFFAIRS:
        raise Refused(
            Code.INVALID,
            "不是本类社区的公开事项。No item of open affairs of this kind of community.",
            "code",
        )
    if owed is not None and owed["code"] != statute.code:
        raise Refused(
            Code.INVALID, "所填义务属于另一事项。It is owed of another item.", "obligationId"
        )
    affair = await begin(
        tx, DRAFT_AFFAIR, code=statute.code, name=statute.name, obligation_id=obligation_id,
        title=written(title, TITLE_LENGTH, "title"), body=written(body, BODY_LENGTH, "body"),
    )  # fmt: skip
    return affair["id"]


async def confirm(tx: Tx, *, affair_id: UUID) -> UUID:
    """Confirm what another entered: it is posted, and what it was entered for is met."""
    async with on_row(tx, CONFIRM_AFFAIR, affair_id) as (inside, affair):
        await take(inside, CONFIRM_AFFAIR, affair)
        if affair["obligation_id"] is not None:
            owed = await inside.row(_OBLIGATION_HELD, v_id=affair["obligation_id"])
            assert owed is not None  # noqa: S101 # an obligation is never deleted
            await meet(inside, owed)
    return affair["id"]


_ID = sa.bindparam("v_id", type_=obligations.c.id.type)
_OBLIGATION = sa.select(obligations).where(
    obligations.c.community_id == TENANT, obligations.c.id == _ID
)
_OBLIGATION_HELD = _OBLIGATION.with_for_update(key_share=True)
