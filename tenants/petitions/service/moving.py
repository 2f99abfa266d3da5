"""What else is written of a petition: its images, what may be known of it above, and its pauses."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from tenants.errors import Code, Refused
from tenants.images import service as images
from tenants.images.tables import MOST_ON_PETITION
from tenants.petitions.facts import petition_facts
from tenants.petitions.following import COPIED
from tenants.procedure import Facts
from tenants.transaction import Tx
from tenants.workdays import later_by_pause


async def show(
    tx: Tx,
    petition: Facts,
    upload_ids: Sequence[UUID],
    answered_at: datetime | None = None,
) -> None:
    """Put images to a letter, or to the answer of that moment: seen by whoever sees the petition."""
    if not upload_ids:
        return
    await images.put_to(
        tx,
        upload_ids,
        "petition",
        petition["id"],
        most=MOST_ON_PETITION,
        after=0 if answered_at else len(await images.of(tx, petition["id"])),
        answered_at=answered_at,
        district_id=petition["district_id"],
        desks=petition["desks"],
    )


async def keep_facts(tx: Tx, petition: Facts) -> None:
    """Begin to keep what may be known above of a petition that was just written."""
    await tx.insert(
        petition_facts,
        id=petition["id"],
        **{name: petition[name] for name in COPIED},
        is_imported=petition["source"] is not None,
        first_ack_due_at=petition["ack_due_at"],
    )


def later(tx: Tx, petition: Facts) -> dict[str, Any]:
    """End a pause: what was left of the clock that stood is left still."""
    due = later_by_pause(petition["resolve_due_at"], petition["paused_at"], tx.now)
    return {"paused_at": None, "resolve_due_at": due}


def invalid(message: str, *path: str) -> Refused:
    """Refuse an input that no rule over one row can judge."""
    return Refused(Code.INVALID, message, *path)
