"""A join code is the text of the QR code on the notice board. Issuing a new one ends the old one.

A code is the community's number in hexadecimal, a hyphen and random characters: at most 32
characters, so that it fits a WeChat scene. The number only says where to look; the whole code must
be found there.
"""

import re
import secrets
from uuid import UUID

import sqlalchemy as sa

from tenants import audit
from tenants.columns import NOW, TENANT
from tenants.membership.policy import REISSUE_JOIN_CODE
from tenants.membership.tables import NOTE_LENGTH, join_codes
from tenants.places.tables import communities
from tenants.text import folded, written
from tenants.transaction import Tx

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no characters that look like others
_CHANCE = 20  # characters: 99 bits
CHANCE = rf"[{_ALPHABET}]{{{_CHANCE}}}"
_CODE = re.compile(rf"([0-9a-f]{{1,8}})({CHANCE})")
_PARTING = re.compile(r"[\s\-‐-―−]+")


async def reissue(tx: Tx, *, reason: str) -> UUID:
    """Issue a new code; the old one no longer works."""
    community = await tx.find(communities, await _here(tx), permit=REISSUE_JOIN_CODE)
    reason = written(reason, NOTE_LENGTH, "reason")
    await tx.row(_REVOKE)
    code = await issue(tx)
    await audit.record(tx, "join_code.reissued", subject=community["id"], reason=reason)
    return code


async def issue(tx: Tx) -> UUID:
    """Insert a code for this community."""
    made = tx.new_id()
    await tx.insert(
        join_codes,
        id=made,
        code=f"{tx.tenant:x}-{chance()}",
        issued_at=tx.now,
        issued_by=None if tx.viewer.id.int == 0 else tx.viewer.id,
        revoked_at=None,
    )
    return made


def chance() -> str:
    """Return the random part of a code, in the form `CHANCE`."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_CHANCE))


def plain(typed: str) -> str:
    """Return a typed code without differences of width and case, and without blanks and hyphens."""
    return _PARTING.sub("", folded(typed))


def read(typed: str) -> tuple[int, str] | None:
    """Return the community number in a code and the code as it is stored; None if it is not one."""
    match = _CODE.fullmatch(plain(typed))
    if match is None or int(match[1], 16) >= 2**31:
        return None
    return int(match[1], 16), f"{match[1]}-{match[2]}"


async def admits(tx: Tx, code: str) -> UUID | None:
    """Return the id of the active community that this code admits to, or None."""
    found = await tx.row(_ADMITS, v_code=code)
    return found["id"] if found is not None else None


async def _here(tx: Tx) -> UUID:
    found = await tx.row(_COMMUNITY)
    assert found is not None  # noqa: S101 # the viewer belongs to it
    return found["id"]


_COMMUNITY = sa.select(communities.c.id).where(communities.c.community_id == TENANT)
_GOOD = (join_codes.c.community_id == TENANT) & join_codes.c.revoked_at.is_(None)
_REVOKE = sa.update(join_codes).where(_GOOD).values(revoked_at=NOW)
_ADMITS = (
    sa.select(communities.c.id)
    .join_from(communities, join_codes, communities.c.community_id == join_codes.c.community_id)
    .where(
        communities.c.community_id == TENANT,
        communities.c.state == "ACTIVE",
        _GOOD,
        join_codes.c.code == sa.bindparam("v_code", type_=sa.Text()),
    )
)
