"""These rules say who sees the catalogue, and who changes a district's categories."""

import sqlalchemy as sa

from tenants.catalogue.tables import CategoryState, petition_categories, support_rules, time_limits
from tenants.columns import DISTRICT, STREET, TENANT
from tenants.errors import Code
from tenants.places.tables import communities
from tenants.policy import OPEN, protect, publish, rule
from tenants.procedure import Facts, Procedure, Row
from tenants.scopes import Scope

_IS_OURS = sa.exists(
    sa.select(sa.literal_column("1")).where(
        communities.c.community_id == TENANT,
        communities.c.district_id == petition_categories.c.district_id,
    )
)
_IS_THEIRS = petition_categories.c.district_id == DISTRICT
protect(
    petition_categories,
    OPEN,
    community=_IS_OURS,
    guest=_IS_OURS,
    district=_IS_THEIRS,
    department=_IS_THEIRS,
)
# Time limits and goals are public, with their source.
publish(time_limits)
publish(support_rules)

_NOT_OF_DISTRICT = (
    Code.FORBIDDEN,
    sa.literal_column("0") != STREET,
    "分类由区里管理。Categories are the district's.",
)
_IS_RETIRED = petition_categories.c.state == "RETIRED"


def _of_district(action: str, row: Facts, _words: str | None) -> Row:
    return {"action": action, "subject": row["id"], "street_id": 0}


CATEGORIES = Procedure(
    noun="category",
    table=petition_categories,
    states=CategoryState,
    id_field="categoryId",
    audited=_of_district,
)
CREATE_CATEGORY = CATEGORIES.move("CREATED", (), "ACTIVE", at="created_at")
CHANGE_CATEGORY = CATEGORIES.step(
    "updatePetitionCategory", Scope.DISTRICT_MANAGE, tuple(CategoryState), tuple(CategoryState),
    _NOT_OF_DISTRICT, event="UPDATED", more=(Code.VERSION_CONFLICT,),
)  # fmt: skip
# Submitting a petition in a category.
FILE_UNDER = rule(
    "submitPetition",
    Scope.PETITION_WRITE,
    petition_categories,
    (Code.WRONG_STATE, _IS_RETIRED, "该分类已停用。The category is no longer used."),
)
