"""The viewer's own row, which every change reads and locks first: is their token still valid?"""

from tenants.errors import Code, Refused, StaleViewer
from tenants.transaction import Tx


async def stand(tx: Tx, *, holds_self: bool) -> None:
    """Lock the viewer's own row and check it; raise StaleViewer if their token is out of date.

    `holds_self` locks it for a change from the start. Raises WRONG_STATE in a suspended community.
    """
    standing = tx.domains.standings[tx.viewer.principal]
    assert standing.lock is not None  # noqa: S101 # no scope lets such a kind change anything
    if holds_self and standing.is_shared:
        await tx.hold(standing.table, tx.viewer.id)
    row = await tx.row(standing.lock)
    if row is None or row["permission_version"] != tx.viewer.version:
        raise StaleViewer
    tx.set_person(row.get("person_id"))
    if row["suspended"]:
        raise Refused(
            Code.WRONG_STATE,
            "社区已停用，暂时只能浏览。The community is suspended: reading only.",
            current_state="SUSPENDED",
        )
