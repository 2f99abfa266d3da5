"""Committees owe meetings that enough residents or representatives asked for."""

from datetime import datetime

from api.engine import bindings as b
from api.engine.declare import column, object_type, one, page
from api.engine.extend import extend
from api.schema.catalogue import PetitionSupportRule
from api.schema.common import Connection
from api.schema.petitions import Petition
from api.schema.places import Community, District
from api.schema.property_areas import PropertyArea
from tenants.catalogue.tables import support_rules
from tenants.owners.tables import property_areas
from tenants.petitions.owed import owed_days, owed_meetings
from tenants.petitions.tables import petitions
from tenants.places.tables import communities, districts


@object_type
class OwedMeeting:
    """联名已达标的会议应当召集而尚未公告；这里没有诉求的内容。
    A meeting is owed because enough asked for it, and it is not announced; this never says what the
    petition says.
    """

    community: Community | None = one(
        "这个社区应当召集。This community owes it.",
        communities,
        {"community_id": owed_meetings.c.community_id},
    )
    petition: Petition | None = one(
        "这件诉求提请；未到过您的办理台则为空。\n"
        "This petition asks for it; it is null unless it has come to your desk.",
        petitions,
        {"community_id": owed_meetings.c.community_id, "id": owed_meetings.c.petition_id},
    )
    rule: PetitionSupportRule | None = one(
        "依这条规则应当召集。It is owed by this rule.", support_rules, owed_meetings.c.rule_id
    )
    owed_since: datetime = column(
        "自这时起应当召集。It is owed since then.", owed_meetings.c.owed_since
    )
    owed_days: int = column(
        "已有这么多天，达标当天为 0。\n"
        "It is owed for so many days, and 0 on the day on which the goal was reached.",
        owed_days,
    )


@extend(Petition)
class OfPetition:
    """It adds whose owners a petition asks."""

    property_area: PropertyArea | None = one(
        "联名的是这个物业区域的业主；不按业主计数则为空。\n"
        "The owners of this property area are counted; it is null where no owners are.",
        property_areas,
        petitions.c.property_area_id,
    )


@extend(District)
class OfDistrict:
    """It adds what committees under the viewer owe."""

    owed_meetings: Connection[OwedMeeting] | None = page(
        "这里列出您管辖的社区应当召集而尚未公告的会议，最久的在前。\n"
        "This lists the meetings that communities under you owe and have not announced, the "
        "longest first.",
        b.Page(
            table=owed_meetings,
            on={"district_id": districts.c.district_id},
            order=(owed_meetings.c.owed_since, owed_meetings.c.petition_id),
            index="owed_meeting_above",
            descending=False,
        ),
    )
