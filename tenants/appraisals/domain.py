"""Appraisals bring what is in this value."""

import sqlalchemy as sa

from tenants.appraisals import policy
from tenants.appraisals.tables import appraisals, appraised
from tenants.columns import TENANT
from tenants.domain import Domain, Export

# the name as it stood on the ballot
_FORGET = (
    sa.update(appraised)
    .where(
        appraised.c.community_id == TENANT,
        appraised.c.member_id == sa.bindparam("v_member_id", type_=appraised.c.member_id.type),
    )
    .values(name=sa.bindparam("v_display_name", type_=appraised.c.name.type))
)
DOMAIN = Domain(
    name="appraisals",
    tables=(appraisals, appraised),
    policies=(policy,),
    procedures=(policy.APPRAISALS,),
    erases=(_FORGET,),
    keeps={appraisals: "who chaired an appraisal, by id"},
    export=Export(
        why={appraisals: "chaired by them", appraised: "how they were appraised"},
        when_visible=frozenset({appraisals}),
    ),
)
