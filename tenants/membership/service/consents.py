"""The consent ledger says what a member agreed to, in which text, and when they withdrew it."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from tenants import audit
from tenants.columns import NOW, TENANT, VIEWER
from tenants.errors import Code, Refused
from tenants.membership.policy import CONSENT, WITHDRAW
from tenants.membership.service import leaving, personal
from tenants.membership.tables import Purpose, consents, members
from tenants.transaction import Row, Tx


@dataclass(frozen=True)
class ConsentText:
    """It is the text that members agree to now."""

    purpose: Purpose
    version: str
    text: str


@cache
def texts() -> dict[Purpose, ConsentText]:
    """Return the current text of each purpose, from consent_texts.toml."""
    listed = tomllib.loads((Path(__file__).parents[1] / "consent_texts.toml").read_text())
    return {
        purpose: ConsentText(purpose, listed[purpose]["version"], listed[purpose]["text"].strip())
        for purpose in Purpose
    }


async def give(tx: Tx, *, purpose: Purpose, text_version: str) -> UUID:
    """Agree to the current text; agreeing again changes nothing."""
    member = await tx.find(members, tx.viewer.id, permit=CONSENT)
    if await note(tx, purpose, text_version):
        await audit.record(tx, "consent.given", subject=member["id"], reason=purpose)
    return member["id"]


async def withdraw(tx: Tx, *, purpose: Purpose) -> UUID:
    """Withdraw a consent; without IDENTITY the membership ends and the data is erased."""
    member = await tx.find(members, tx.viewer.id, permit=WITHDRAW)
    if await _current(tx, purpose) is None:
        raise Refused(Code.ALREADY_DONE, "没有可撤回的同意。Nothing to withdraw.", "purpose")
    await tx.row(_WITHDRAW, v_purpose=purpose)
    await audit.record(tx, "consent.withdrawn", subject=member["id"], reason=purpose)
    if purpose is Purpose.IDENTITY:
        await personal.unname(tx, member["id"])
        await leaving.end(tx, member)
    return member["id"]


async def note(tx: Tx, purpose: Purpose, text_version: str) -> bool:
    """Insert a consent unless it exists; return whether it was new.

    Reject a text that is not current.
    """
    if text_version != texts()[purpose].version:
        raise Refused(
            Code.INVALID,
            "同意书已更新，请重新阅读。Not the current text: read it and agree again.",
            "textVersion",
        )
    current = await _current(tx, purpose)
    if current is not None and current["text_version"] == text_version:
        return False
    await tx.insert(
        consents,
        id=tx.new_id(),
        member_id=tx.viewer.id,
        purpose=purpose,
        text_version=text_version,
        given_at=tx.now,
        withdrawn_at=None,
    )
    return True


async def _current(tx: Tx, purpose: Purpose) -> Row | None:
    return await tx.row(_CURRENT, v_purpose=purpose)


_OWN = (
    (consents.c.community_id == TENANT)
    & (consents.c.member_id == VIEWER)
    & (consents.c.purpose == sa.bindparam("v_purpose", type_=sa.Text()))
    & consents.c.withdrawn_at.is_(None)
)
_CURRENT = sa.select(consents).where(_OWN).order_by(consents.c.id.desc()).with_for_update()
_WITHDRAW = sa.update(consents).where(_OWN).values(withdrawn_at=NOW)
