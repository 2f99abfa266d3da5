"""Write the images of a petition."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from tenants.errors import Code, Refused
from tenants.images import service as images
from tenants.images.tables import MOST_ON_PETITION
from tenants.procedure import Facts
from tenants.transaction import Tx


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


def invalid(message: str, *path: str) -> Refused:
    """Refuse an input that no rule over one row can judge."""
    return Refused(Code.INVALID, message, *path)
