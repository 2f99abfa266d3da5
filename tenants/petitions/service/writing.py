"""An author submits a petition, gives what was asked for, and withdraws it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenants.boards.service.check import Verdict
from tenants.boards.tables import posts
from tenants.catalogue.policy import FILE_UNDER
from tenants.catalogue.tables import SupportBasis, petition_categories, support_rules
from tenants.columns import NOW, TENANT, VIEWER, among, bound
from tenants.domain import Quota
from tenants.duty.service import on_duty
from tenants.errors import Code, NotFound, Refused
from tenants.membership.policy import IS_REPRESENTATIVE
from tenants.membership.tables import members
from tenants.owners.service.reading import heads_of
from tenants.owners.tables import property_areas
from tenants.petitions.changes import at_committee, at_department, at_street, received, resubmitted
from tenants.petitions.desks import populations
from tenants.petitions.facts import petition_facts
from tenants.petitions.following import facts_of
from tenants.petitions.policy import ADDRESS_TO_DEPARTMENT, RAISE_POST
from tenants.petitions.procedure import SUBMITTED
from tenants.petitions.service.limits import limit_of
from tenants.petitions.service.moving import invalid, show
from tenants.petitions.service.search import TERMS
from tenants.petitions.service.supporting import sign
from tenants.petitions.steps import RESUBMIT, WITHDRAW
from tenants.petitions.tables import BODY_LENGTH, LOCATION_LENGTH, TITLE_LENGTH, petitions
from tenants.petitions.words import OPEN, Addressee, PetitionKind, Secrecy
from tenants.places.tables import communities, departments
from tenants.quotas import spare
from tenants.statements import Lock
from tenants.taking import first, note, said, take
from tenants.text import written
from tenants.transaction import Row, Tx

MOST_OPEN = 20


async def submit(
    tx: Tx,
    *,
    kind: PetitionKind,
    category_id: UUID,
    title: str,
    body: str,
    location: str | None,
    secrecy: Secrecy,
    addressee: Addressee,
    department_id: UUID | None,
    goal_rule_id: UUID | None,
    upload_ids: Sequence[UUID],
    verdict: Verdict,
    post_id: UUID | None = None,
    property_area_id: UUID | None = None,
) -> UUID:
    """Send a petition to the committee, or past it to the street or a department."""
    category = await tx.find(
        petition_categories, category_id, "categoryId", permit=FILE_UNDER, lock=Lock.NONE
    )
    title, body = written(title, TITLE_LENGTH, "title"), written(body, BODY_LENGTH, "body")
    location = written(location, LOCATION_LENGTH, "location") if location else None

    if post_id is not None:
        await tx.find(posts, post_id, "postId", permit=RAISE_POST, lock=Lock.NONE)

    here = await tx.row(_HERE)
    assert here is not None  # noqa: S101 # a community is never deleted
    await spare(tx, OPEN_PETITIONS, tx.viewer.id)
    goal = await _goal(tx, here["kind"], goal_rule_id, property_area_id, secrecy)
    limit = await limit_of(tx, category["urgency"], tx.now)
    petition = first(
        tx, SUBMITTED,
        **received(here, category, limit, tx.now), **goal,
        **await _addressed(tx, here, addressee, department_id),
        community_id=tx.tenant, kind=kind.value, title=title, body=body, location=location,
        post_id=post_id,
        secrecy=secrecy.value, is_listed=_is_listed(verdict, secrecy), addressee=addressee.value,
    )  # fmt: skip
    await write_down(tx, petition)
    await show(tx, petition, upload_ids)
    await note(tx, SUBMITTED, petition)
    if secrecy != Secrecy.PRIVATE:
        await sign(tx, petition, tx.viewer.id)
    return petition["id"]


async def submit_for(tx: Tx, *, author_id: UUID, category_id: UUID, title: str, body: str) -> UUID:
    """Make a private petition, at the committee's desk, of what a member wrote elsewhere."""
    category = await tx.find(
        petition_categories, category_id, "categoryId", permit=FILE_UNDER, lock=Lock.NONE
    )
    here = await tx.row(_HERE)
    assert here is not None  # noqa: S101 # a community is never deleted
    limit = await limit_of(tx, category["urgency"], tx.now)
    petition = first(
        tx, SUBMITTED, **received(here, category, limit, tx.now), **at_committee(),
        community_id=tx.tenant, author_id=author_id, kind=PetitionKind.HELP.value, title=title,
        body=body, secrecy=Secrecy.PRIVATE.value, is_listed=True,
        addressee=Addressee.COMMUNITY.value,
    )  # fmt: skip
    await write_down(tx, petition)
    await note(tx, SUBMITTED, petition, actor_kind="DESK")
    return petition["id"]


async def resubmit(
    tx: Tx,
    *,
    petition_id: UUID,
    body: str,
    note: str | None,
    upload_ids: Sequence[UUID],
    verdict: Verdict,
) -> UUID:
    """Give the information that was asked for; the clocks go on where they stood.

    Images are added to the letter's: what its desk has seen stays.
    """
    petition = await tx.find(petitions, petition_id, "petitionId", permit=RESUBMIT)
    body = written(body, BODY_LENGTH, "body")
    limit = await limit_of(tx, petition["urgency"], tx.now)
    await take(
        tx,
        RESUBMIT,
        petition,
        words=said(RESUBMIT, note),
        body=body,
        is_listed=petition["is_listed"] and _is_listed(verdict, petition["secrecy"]),
        **resubmitted(petition, limit, tx.now),
    )
    await show(tx, petition, upload_ids)
    await TERMS.replace(tx, petition["id"], f"{petition['title']}\n{body}")
    return petition["id"]


async def withdraw(tx: Tx, *, petition_id: UUID, reason: str | None) -> UUID:
    """Take a petition back while it is open; neighbours no longer see it, and no search finds it."""
    petition = await tx.find(petitions, petition_id, "petitionId", permit=WITHDRAW)
    await take(tx, WITHDRAW, petition, words=said(WITHDRAW, reason), paused_at=None)
    # however many letters are sent and taken back, no search has to look through them
    await TERMS.forget(tx, petition["id"])
    return petition["id"]


async def write_down(tx: Tx, petition: dict[str, Any]) -> bool:
    """Insert a petition with its clocks, its terms, and what may be known of it above.

    False where its source's letter is here already.
    """
    if not await tx.insert_new(petitions, **petition):
        return False
    await tx.insert(petition_facts, **facts_of(petition))
    await TERMS.add(tx, petition["id"], f"{petition['title']}\n{petition['body']}")
    return True


def _is_listed(verdict: Verdict, secrecy: str) -> bool:
    """Say whether neighbours see it at once; a private letter is read by nobody but its desk."""
    if secrecy == Secrecy.PRIVATE:
        return True
    if verdict is Verdict.RISKY:
        raise Refused(
            Code.CONTENT_REJECTED, "内容未通过检查。The text was rejected.", labels=("RISKY",)
        )
    return verdict is Verdict.PASS


async def _addressed(
    tx: Tx, here: Row, addressee: Addressee, department_id: UUID | None
) -> dict[str, Any]:
    if addressee == Addressee.DEPARTMENT:
        department = await tx.find(
            departments, department_id, "departmentId", permit=ADDRESS_TO_DEPARTMENT, lock=Lock.NONE
        )
        return at_department(department)
    if department_id is not None:
        raise invalid("仅用于致部门的诉求。For a department only.", "departmentId")
    if addressee == Addressee.STREET:
        return at_street(here)
    # who is on duty answers first (轮班在线), and nobody a letter of their own
    first = await on_duty(tx)
    return {**at_committee(), "handler_id": first if first != tx.viewer.id else None}


async def _goal(
    tx: Tx, kind: str, rule_id: UUID | None, area_id: UUID | None, secrecy: str
) -> dict[str, Any]:
    """Compute how many must support it, by a rule in force today and the population as recorded."""
    if area_id is not None and await tx.row(_AREA, v_id=area_id) is None:
        raise NotFound("propertyAreaId")
    if rule_id is None:
        return _no_area(area_id)
    rule = await tx.row(_GOAL_RULE, v_id=rule_id)
    if rule is None or rule["community_kind"] != kind:
        raise invalid("本社区没有这条联名规则。No such rule is in force here.", "goalRuleId")
    if secrecy == Secrecy.PRIVATE:
        raise invalid("不公开的诉求不能联名。A private petition cannot be signed.", "secrecy")
    if rule["basis"] == SupportBasis.OWNERS:
        if area_id is None:
            raise Refused(
                Code.REQUIRED, "请写明物业区域。Name the property area.", "propertyAreaId"
            )
        whole = len(await heads_of(tx, area_id, tx.now))
    else:
        _no_area(area_id)
        known = await tx.row(_KNOWN)
        assert known is not None  # noqa: S101 # a count is a row
        whole = known[rule["basis"].lower()]
    if not whole:
        raise Refused(
            Code.WRONG_STATE,
            "居委尚未登记人口和户数、业主，或还没有代表。\n"
            "The committee has recorded no population or no owners, or there is no representative yet.",
            "goalRuleId",
        )
    # 以上 includes the number (Civil Code 1259)
    return {
        "goal_rule_id": rule["id"],
        "goal": -(-whole * rule["numerator"] // rule["denominator"]),
        "property_area_id": area_id,
    }


def _no_area(area_id: UUID | None) -> dict[str, Any]:
    """Return no goal; raise INVALID for an area that no rule of owners is about."""
    if area_id is not None:
        raise invalid("只有业主联名才写物业区域。Only owners name an area.", "propertyAreaId")
    return {}


_ID = bound(support_rules.c.id)
_AREA = sa.select(property_areas.c.id).where(
    property_areas.c.community_id == TENANT, property_areas.c.id == _ID
)
_HERE = sa.select(communities).where(communities.c.community_id == TENANT)
_POPULATION = sa.select(populations).where(populations.c.community_id == TENANT).subquery()
_KNOWN = sa.select(
    sa.select(_POPULATION.c.adults).scalar_subquery().label("adults"),
    sa.select(_POPULATION.c.households).scalar_subquery().label("households"),
    sa.select(sa.func.count())
    .select_from(members)
    .where(members.c.community_id == TENANT, IS_REPRESENTATIVE)
    .scalar_subquery()
    .label("representatives"),
)
_GOAL_RULE = sa.select(support_rules).where(
    support_rules.c.id == _ID,
    support_rules.c.effective_from <= NOW,
    support_rules.c.effective_to.is_(None) | (support_rules.c.effective_to > NOW),
)
OPEN_PETITIONS = Quota(
    "petition.open",
    MOST_OPEN,
    sa.select(sa.func.count().label("count")).where(
        petitions.c.community_id == TENANT,
        petitions.c.author_id == VIEWER,
        among(petitions.c.state, *OPEN),
    ),
    f"未办结的诉求最多 {MOST_OPEN} 件。At most {MOST_OPEN} open petitions at a time.",
)
