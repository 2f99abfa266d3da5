"""Where what is sealed of a member belongs."""

from uuid import UUID

from tenants.transaction import Tx


def context(tx: Tx, member_id: UUID, what: str) -> str:
    """Name the one place that an envelope belongs to: it opens nowhere else."""
    return f"{tx.tenant}/{member_id}/{what}"
