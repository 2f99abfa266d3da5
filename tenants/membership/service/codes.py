"""Join codes: what the QR code on the notice board says. Re-issuing one ends the one before.

A code is the community's number in hexadecimal, a hyphen and chance: at most 32 characters, so that
it fits a WeChat scene. The number only says where to look; the whole code must be found there.
"""

import re
import secrets
from uuid import UUID

import sqlalchemy as sa

from tenants import audit
from tenants.columns import TENANT
from tenants.membership.policy import REISSUE_JOIN_CODE
from tenants.membership.tables import NOTE_LENGTH, join_codes
from tenants.places.tables import communities
from tenants.text import folded, written
from tenants.transaction import Tx

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that is misread for something else
_CHANCE = 20  # characters: 99 bits
CHANCE = rf"[{_ALPHABET}]{{{_CHANCE}}}"
_CODE = re.compile(rf"([0-9a-f]{{1,8}})({CHANCE})")
_PARTING = re.compile(r"[\s\-‐-―−]+")


async def reissue(tx: Tx, *, reason: str, key: str) -> UUID:
    """Issue a new code, once for each key; the old one lets nobody in from now on."""
    community = await tx.find(communities, await _here(tx), permit=REISSUE_JOIN_CODE)
    reason = written(reason, NOTE_LENGTH, "reason")
    claim = await audit.once(tx, "joincode.reissued", key, reason)
    if claim.done:
        return claim.done
    await tx.row(_REVOKE)
    code = await issue(tx)
    await audit.keep(tx, claim, code)
    await audit.record(tx, "joincode.reissued", subject=community["id"], reason=reason)
    return code


async def issue(tx: Tx) -> UUID:
    """Write down a code for this community."""
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
    """Draw the part of a code that nobody guesses: of the form `CHANCE`."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_CHANCE))


def plain(typed: str) -> str:
    """Give a code as it was typed from paper without width, case, blanks and hyphens."""
    return _PARTING.sub("", folded(typed))


def read(typed: str) -> tuple[int, str] | None:
    """Say which community a code would be of, and give it as it is kept; None for what is no code."""
    match = _CODE.fullmatch(plain(typed))
    if match is None or int(match[1], 16) >= 2**31:
        return None
    return int(match[1], 16), f"{match[1]}-{match[2]}"


async def admits(tx: Tx, code: str) -> UUID | None:
    """Give the id of the community if it lets in with this code."""
    found = await tx.row(_ADMITS, v_code=code)
    return found["id"] if found is not None else None


async def _here(tx: Tx) -> UUID:
    found = await tx.row(_COMMUNITY)
    assert found is not None  # noqa: S101 # the viewer stands in it
    return found["id"]


_COMMUNITY = sa.select(communities.c.id).where(communities.c.community_id == TENANT)
_GOOD = (join_codes.c.community_id == TENANT) & join_codes.c.revoked_at.is_(None)
_REVOKE = (
    sa.update(join_codes)
    .where(_GOOD)
    .values(revoked_at=sa.bindparam("now", type_=join_codes.c.revoked_at.type))
)
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
