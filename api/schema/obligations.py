"""Communities owe things by law: the statutory calendar, what is overdue, and how open they are."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from api.engine import bindings as b
from api.engine.declare import (
    After,
    First,
    bound,
    column,
    filled,
    given,
    node_over,
    object_type,
    one,
    page,
    public_id,
    published,
    value,
)
from api.engine.extend import extend
from api.engine.inputs import ref, text
from api.engine.payloads import link
from api.engine.verbs import verb
from api.schema.common import Connection, Node
from api.schema.permissions import can, permissions
from api.schema.places import Community, CommunityKind, District
from api.schema.query import Query
from tenants.affairs import views
from tenants.affairs.procedure import COMPLAIN, RECORD_OBLIGATION
from tenants.affairs.statutes import About, Every, Statute, statutes
from tenants.affairs.tables import obligations
from tenants.affairs.words import ObligationState
from tenants.places.tables import communities, districts

node_over(obligations, "obl", "Obligation")

published(About, "ObligationSubject")
published(Every, "ObligationPeriod")
published(ObligationState)


@object_type
class CommunityStatute:
    """法律要求某类社区做这件事，写明多久一次、依据哪一条；任何人都可以核对。
    The law asks this of communities of a kind, so often and by this article; anybody can check it.
    """

    code: str = filled("这是规定的代码，每类社区之内唯一。This is its code, one for each kind.")
    kind: CommunityKind = filled("这类社区须做。It is owed by communities of this kind.")
    about: About = filled("它说明要求做什么。It says what is asked for.")
    name: str = filled("这是事项的名称。This is its name.")
    source: str = filled("规定依据这条法条。It follows this article.")
    every: Every | None = filled(
        "每个这样的期间一次；法律不定期限的为空。\n"
        "It is owed once in such a period; it is null where the law sets none."
    )
    days: int | None = filled(
        "有事发生后须在这么多天之内；不因事而生的为空。\n"
        "It is owed within so many days of an event; it is null where no event makes it due."
    )
    house_rules: list[str] = filled(
        "这里列出由本系统所定、非法定的字段。This lists the fields that this project chose and no law gives."
    )
    effective_from: date = filled("规定自这一天施行。It is in force from this day.")


def _told(statute: Statute) -> dict[str, Any]:
    return {
        "code": statute.code,
        "kind": statute.kind,
        "about": statute.about.value,
        "name": statute.name,
        "source": statute.source,
        "every": None if statute.every is None else statute.every.value,
        "days": statute.days,
        "houseRules": sorted(statute.house_rules),
        "effectiveFrom": statute.begins.isoformat(),
    }


@object_type
class Obligation(Node):
    """这是一项法定义务：公开一个事项、召开会议、民主评议或复核公约；成员和上级管理员都看得到。
    This is an obligation: an item to post, a meeting to hold, an appraisal, or the review of a pact.
    Members and the admins above see it.
    """

    id: strawberry.ID = public_id()
    community: Community | None = one(
        "这个社区须履行。This community owes it.",
        communities,
        {"community_id": obligations.c.community_id},
    )
    code: str = column(
        "这是规定的代码，见 `statutes`。This is its code, as in `statutes`.", obligations.c.code
    )
    about: About = column("它说明要求做什么。It says what is asked for.", obligations.c.about)
    name: str = column("这是义务的名称。This is its name.", obligations.c.name)
    source: str = column("义务依据这条法条。It follows this article.", obligations.c.source)
    is_house_rule: bool = column(
        "它说明期限是否由本系统所定、非法定。It says whether this project chose its time limit.",
        obligations.c.is_house_rule,
    )
    starts_on: date = column(
        "期间自这一天起，或者事情在这一天发生。Its period starts on this day, or its event took place then.",
        obligations.c.begins_on,
    )
    due_at: datetime = column("最迟在这时完成。It is due at this time.", obligations.c.due_at)
    state: ObligationState = column("它说明义务的进展。It says how far it is.", obligations.c.state)
    met_at: datetime | None = column(
        "义务在这时完成。It was met at this time.", obligations.c.met_at
    )
    note: str | None = column(
        "这是登记完成时的说明。This was noted when it was recorded as met.", obligations.c.note
    )
    viewer_can: Any = can(permissions("Obligation", RECORD_OBLIGATION, COMPLAIN[obligations]))


@object_type
class Openness:
    """公开率以两个数表示：近一年到期的公开事项，和其中按时公布的。
    Openness is two numbers: the items that fell due within a year, and those that were posted in time.
    """

    due: int = bound(
        "近一年有这么多公开事项到期，至多 1000。So many items fell due within a year, 1000 at most.",
        b.Count(
            table=obligations,
            on={"community_id": communities.c.community_id},
            most=1000,
            where=views.fell_due,
        ),
    )
    in_time: int = bound(
        "其中这么多按时公布，至多 1000。So many of them were posted in time, 1000 at most.",
        b.Count(
            table=obligations,
            on={"community_id": communities.c.community_id},
            most=1000,
            where=views.was_met_in_time,
        ),
    )


_State = Annotated[
    ObligationState | None,
    strawberry.argument(description="只列出处于此状态的。List only those in this state."),
]


def _listed(first: First = 20, after: After = None, state: _State = None) -> Any: ...


_IN_STATE = (b.Filter(b.text_argument("state"), views.in_state),)


@extend(Community)
class OfCommunity:
    """It adds what a community owes."""

    openness: Openness = value("这是社区的公开率。This says how open the community is.")
    obligations: Connection[Obligation] | None = page(
        "这里列出法定义务，先到期的在前。This lists what it owes by law, soonest due first.",
        b.Page(
            table=obligations,
            on={"community_id": communities.c.community_id},
            order=(obligations.c.due_at, obligations.c.id),
            index="obligation_by_due",
            descending=False,
            filters=_IN_STATE,
        ),
        resolver=_listed,
    )


@extend(District)
class OfDistrict:
    """It adds what the communities under an officer owe."""

    obligations: Connection[Obligation] | None = page(
        "这里列出您管辖的社区的法定义务，先到期的在前。\n"
        "This lists what the communities under you owe by law, soonest due first.",
        b.Page(
            table=obligations,
            on={"district_id": districts.c.district_id},
            order=(obligations.c.due_at, obligations.c.community_id, obligations.c.id),
            index="obligation_of_district",
            descending=False,
            filters=_IN_STATE,
        ),
        resolver=_listed,
    )


@extend(Query)
class OfQuery:
    """It adds the statutes, which are the same everywhere."""

    statutes: list[CommunityStatute] | None = given(
        "这里列出法律要求两类社区做的事。This lists what the law asks of both kinds of community.",
        lambda _: [_told(each) for each in statutes()],
    )


@verb(RECORD_OBLIGATION, {"obligation": link(Obligation, obligations)})
class RecordObligation:
    """登记在本系统之外完成的会议或复核，写明何时、何处；公开事项须公布，不能登记。
    Record a meeting or a review that took place outside Linli; an item is posted, and not recorded.
    """

    obligation_id: UUID = ref(obligations)
    note: str = text("说明", "what was done, when and where")
