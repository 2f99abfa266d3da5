"""Erase from a member's petitions where they live; the letters stay, unsigned.

The places that they named go, and the home that stands beside each signature. What was counted stays:
a home that is gone is missed only when signatures are counted anew. The terms of private letters that
went past the committee go: nobody but their author found them.
"""

import sqlalchemy as sa

from tenants.columns import TENANT, bound
from tenants.petitions.supports import petition_supports
from tenants.petitions.tables import petition_terms, petitions

_MEMBER = bound(petition_supports.c.member_id)
_FORGET_TERMS = sa.delete(petition_terms).where(
    petition_terms.c.community_id == TENANT,
    petition_terms.c.petition_id.in_(
        sa.select(petitions.c.id).where(
            petitions.c.community_id == TENANT,
            petitions.c.author_id == _MEMBER,
            petitions.c.secrecy == "PRIVATE",
            ~petitions.c.is_at_community,
        )
    ),
)
_FORGET_PLACES = (
    sa.update(petitions)
    .where(petitions.c.community_id == TENANT, petitions.c.author_id == _MEMBER)
    .values(location=sa.null())
)
_FORGET_HOMES = (
    sa.update(petition_supports)
    .where(petition_supports.c.community_id == TENANT, petition_supports.c.member_id == _MEMBER)
    .values(household_id=sa.null())
)
FORGET = (_FORGET_TERMS, _FORGET_PLACES, _FORGET_HOMES)
