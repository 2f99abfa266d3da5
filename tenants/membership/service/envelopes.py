"""A member's envelopes are encrypted in this context."""

from uuid import UUID

from tenants.transaction import Tx


def context(tx: Tx, member_id: UUID, what: str) -> str:
    """Return the context of an envelope: it can only be decrypted for this member and column."""
    return f"{tx.tenant}/{member_id}/{what}"
