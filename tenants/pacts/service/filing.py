"""A pact is filed with the street and comes into force."""

from datetime import date, datetime, time
from uuid import UUID

import sqlalchemy as sa

from tenants.columns import TENANT
from tenants.errors import Code, Refused
from tenants.pacts.procedure import COMES_INTO_FORCE, CONCLUDE, FILE, SUPERSEDED
from tenants.pacts.service.deciding import require_decided
from tenants.pacts.service.publishing import require_answered
from tenants.pacts.service.reviewing import hand_in, process_for
from tenants.pacts.service.texts import check_text
from tenants.pacts.signatures import pact_signatures
from tenants.pacts.tables import DOCUMENT_LENGTH, pacts
from tenants.procedure import Facts, Row
from tenants.taking import take
from tenants.text import written
from tenants.transaction import Tx
from tenants.workdays import SHANGHAI, day_of


async def file(
    tx: Tx, *, pact_id: UUID, document: str, in_force_on: date, revision_on: date | None
) -> UUID:
    """File the text that was passed with the street; it is in force from a day on.

    `revision_on` is when somebody should look at it again. Raises INVALID for another text, for a day
    that is past, and for days in the wrong order.
    """
    pact = await tx.find(pacts, pact_id, "pactId", permit=FILE)
    await check_text(tx, pact)
    await require_decided(tx, pact)
    document = written(document, DOCUMENT_LENGTH, "document")
    if in_force_on < day_of(tx.now):
        raise Refused(
            Code.INVALID,
            "施行日期不能早于备案之日。It is in force on the day of its filing at the earliest.",
            "inForceOn",
        )
    if revision_on is not None and revision_on <= in_force_on:
        raise Refused(
            Code.INVALID, "复审日期须在施行之后。After the day it is in force.", "revisionOn"
        )
    await hand_in(tx, pact, purpose="FILING")
    await take(
        tx, FILE, pact, document=document, in_force_at=_start_of(in_force_on),
        revision_due_at=None if revision_on is None else _start_of(revision_on),
        submitted_at=pact["submitted_at"] or tx.now,
    )  # fmt: skip
    return pact["id"]


async def conclude(tx: Tx, *, pact_id: UUID) -> UUID:
    """Bring a building's pact into force, once enough households have signed what was published."""
    pact = await tx.find(pacts, pact_id, "pactId", permit=CONCLUDE)
    await require_answered(tx, pact)
    await check_text(tx, pact)
    process = await process_for(tx, pact)
    signed = await tx.rows(_SIGNED, v_version_id=pact["version_id"])
    if len(signed) < process.least_signatures:
        raise Refused(
            Code.INVALID,
            f"至少须有 {process.least_signatures} 户签署（本系统所定），现有 {len(signed)} 户。\n"
            f"{process.least_signatures} households sign it at least, which is a house rule.",
            "pactId",
        )
    await _supersede(tx, pact)
    await take(tx, CONCLUDE, pact)
    return pact["id"]


async def come_into_force(tx: Tx, pact: Facts) -> Row:
    """Have a pact that was filed come into force, in place of the one before it."""
    await check_text(tx, pact)
    await require_decided(tx, pact)
    await _supersede(tx, pact)
    return await take(tx, COMES_INTO_FORCE, pact)


async def _supersede(tx: Tx, pact: Facts) -> None:
    for before in await tx.rows(_IN_FORCE, v_kind=pact["kind"], v_scope=pact["scope"]):
        await take(tx, SUPERSEDED, before)


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


_SIGNED = sa.select(pact_signatures.c.id).where(
    pact_signatures.c.community_id == TENANT,
    pact_signatures.c.version_id == sa.bindparam("v_version_id", type_=pacts.c.id.type),
    pact_signatures.c.state == sa.literal_column("'VALID'"),
)
_IN_FORCE = (
    sa.select(pacts)
    .where(
        pacts.c.community_id == TENANT,
        pacts.c.kind == sa.bindparam("v_kind", type_=sa.Text()),
        pacts.c.scope == sa.bindparam("v_scope", type_=sa.Text()),
        pacts.c.state == sa.literal_column("'IN_FORCE'"),
    )
    .with_for_update(key_share=True)
)
