"""The viewer's own row, which every change reads and locks first: is their token still valid?"""

import sqlalchemy as sa

from tenants.errors import Code, Refused, StaleViewer
from tenants.transaction import Tx
from tenants.viewer import Principal

# Reads the viewer's state and permission version, and whether their community is suspended.
_STANDING: dict[Principal, sa.Executable] = {}
_SELF: dict[Principal, sa.Table] = {}


def standing(
    principal: Principal, statement: sa.Executable, *, shares: sa.Table | None = None
) -> None:
    """Declare how a principal kind's own row is read and locked (the membership domain has the tables).

    `shares` is the table of that row, if the statement locks it in share mode and a verb of the
    viewer may change it.
    """
    _STANDING[principal] = statement
    if shares is not None:
        _SELF[principal] = shares


async def stand(tx: Tx, *, holds_self: bool) -> None:
    """Lock the viewer's own row and check it; raise StaleViewer if their token is out of date.

    `holds_self` locks it for a change from the start. Raises WRONG_STATE in a suspended community.
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
