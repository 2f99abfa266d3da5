"""A household says who speaks for it when a body votes by households."""

from datetime import datetime
from uuid import UUID

from api.engine import bindings as b
from api.engine.declare import column, object_type, one, page
from api.engine.extend import extend
from api.engine.inputs import ref, text
from api.engine.payloads import link
from api.engine.verbs import verb
from api.schema.common import Connection
from api.schema.members import Member
from api.schema.places import Community
from tenants.membership.tables import members
from tenants.places.tables import communities
from tenants.votes.households import (
    DECIDE,
    NAME,
    household_claims,
    household_rulings,
    is_claim_disputed,
)
from tenants.votes.meetings import REASON_LENGTH
from tenants.votes.service import households


@object_type
class HouseholdRuling:
    """居委裁定由谁代表一户；同户有人另行推定即失效。
    The committee decided who speaks for a household; it holds until somebody of the household says
    something else.
    """

    representative: Member | None = one(
        "由这位成员代表；已迁出则为空。This member speaks for it; it is null once they are gone.",
        members,
        household_rulings.c.representative_id,
    )
    reason: str = column(
        "这是裁定的理由。This is why it was so decided.", household_rulings.c.reason
    )
    decided_at: datetime = column(
        "在这时裁定。It was decided then.", household_rulings.c.decided_at
    )


@object_type
class HouseholdClaim:
    """一位成员推定本户的代表；同户的人和居委可见。
    A member says who speaks for their household; the household and the staff see it.
    """

    named_by: Member | None = one(
        "这位成员推定；已迁出则为空。This member says it; it is null once they are gone.",
        members,
        household_claims.c.named_by,
    )
    representative: Member | None = one(
        "推定的是这位成员；已迁出则为空。This member is named; it is null once they are gone.",
        members,
        household_claims.c.representative_id,
    )
    named_at: datetime = column("在这时推定。It was said then.", household_claims.c.named_at)
    is_disputed: bool = column(
        "同户推定了不同的人，尚待居委裁定。\n"
        "The household names several, and nobody has decided yet.",
        is_claim_disputed,
    )
    ruling: HouseholdRuling | None = one(
        "这是居委的裁定；没有则为空。"
        "This is the committee's decision; it is null where there is none.",
        household_rulings,
        {"household_id": household_claims.c.household_id},
    )


@extend(Community)
class OfCommunity:
    """It adds who speaks for the community's households."""

    household_claims: Connection[HouseholdClaim] | None = page(
        "这里列出各户推定的代表：居委看全部，成员看本户；社区之外看不到。\n"
        "This lists who is named to speak for households: the staff see all, members their own; "
        "it is null from outside.",
        b.Page(
            table=household_claims,
            on={"community_id": communities.c.community_id},
            order=(household_claims.c.household_id, household_claims.c.named_by),
            index="household_claim_of_household",
            descending=False,
        ),
    )


_MEMBER = {"member": link(Member, members)}


@verb(NAME, _MEMBER, households.name)
class NameHouseholdRepresentative:
    """推定本户的代表；不填即收回。同户推定同一人的，由该人代表；推定不同的，由居委裁定。
    Name who speaks for your household, or leave it out to take back whom you named. Whom all of them \
name speaks for it; where they name several the committee decides. The payload has yourself.
    """

    member_id: UUID | None = ref(
        members, "填写同户的人的标识。Give the id of somebody of your household."
    )


@verb(DECIDE, _MEMBER, households.decide)
class DecideHouseholdRepresentative:
    """裁定有争议的一户由谁代表，限居委；同户有人另行推定，裁定即失效。
    Decide who speaks for a household that names several; only the staff may. It holds until somebody \
of the household says something else.
    """

    member_id: UUID = ref(members, "填写由谁代表的标识。Give the id of who speaks for it.")
    reason: str = text("理由，同户可见", "the reason, which the household reads", REASON_LENGTH)
