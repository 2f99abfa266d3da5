"""Where the viewer stands: the row of theirs that every change asks for first, and locks."""

import sqlalchemy as sa

from tenants.errors import Code, Refused, StaleViewer
from tenants.transaction import Tx
from tenants.viewer import Principal

# The viewer's own row: its state and permission version, and whether its community is at work.
_STANDING: dict[Principal, sa.Executable] = {}
_SELF: dict[Principal, sa.Table] = {}


def standing(
    principal: Principal, statement: sa.Executable, *, shares: sa.Table | None = None
) -> None:
    """Say how a principal's standing is read and locked (the membership domain knows the tables).

    `shares` is the table whose row of the viewer the statement locks in share mode, if a verb of
    theirs may change that row.
    """
    _STANDING[principal] = statement
    if shares is not None:
        _SELF[principal] = shares


async def stand(tx: Tx, *, holds_self: bool) -> None:
    """Lock the viewer's own row and check it; raises StaleViewer if the token no longer tells the truth.

    `holds_self` locks it for a change from the start. WRONG_STATE is raised in a suspended community.
    """
    if holds_self and tx.principal in _SELF:
        await tx.hold(_SELF[tx.principal], tx.viewer.id)
    row = await tx.row(_STANDING[tx.viewer.principal])
    if row is None or row["permission_version"] != tx.viewer.version:
        raise StaleViewer
    tx.set_person(row.get("person_id"))
    if row["suspended"]:
        raise Refused(
            Code.WRONG_STATE,
            "社区已停用，暂时只能浏览。The community is suspended: reading only.",
            current_state="SUSPENDED",
        )
