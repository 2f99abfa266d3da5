"""Before owners vote, authorities are told of a special meeting, and an election blocks matters."""

from datetime import date
from uuid import UUID

from api.engine import bindings as b
from api.engine.declare import bound, column, object_type, one
from api.engine.extend import extend
from api.engine.inputs import field, ref, text
from api.engine.payloads import link
from api.engine.verbs import verb
from api.schema.assemblies import OwnersAssembly
from api.schema.meetings import Meeting
from api.schema.members import Member
from api.schema.property_areas import PropertyArea
from tenants.membership.tables import members
from tenants.owners import policy
from tenants.owners.service import areas
from tenants.owners.tables import DECISION_LENGTH, elections, property_areas
from tenants.votes import entries
from tenants.votes.assemblies import assemblies
from tenants.votes.meetings import RECORD_LENGTH, meetings
from tenants.votes.service import guards


@object_type
class OwnersElection:
    """业主委员会在这段时间换届改选，其间有些事项不得提交表决。
    The owners' committee is elected anew in this time, and some matters are put to no vote.
    """

    starts_on: date = column("自这一天开始。It starts on this day.", elections.c.starts_on)
    ends_on: date | None = column(
        "到这一天结束；尚未结束则为空。It ends on this day; it is null until it is over.",
        elections.c.ends_on,
    )
    document: str = column("依据是这份文件。It rests on this document.", elections.c.document)


@extend(PropertyArea)
class OfArea:
    """It adds when the area's committee was elected."""

    elections: list[OwnersElection] = bound(
        "这里列出业主委员会换届改选的期间，早的在前。\n"
        "This lists when the owners' committee was elected anew, the earliest first.",
        b.Rows(
            table=elections,
            on={"area_id": property_areas.c.id},
            order=(elections.c.starts_on,),
            most=50,
        ),
    )


@extend(OwnersAssembly)
class OfAssembly:
    """It adds who calls the owners together, and who was told of it."""

    organiser: Member | None = one(
        "这位成员召集会议；已迁出则为空。"
        "This member calls the meeting; it is null once they are gone.",
        members,
        assemblies.c.organiser_id,
    )
    is_special: bool = column("这是临时会议。It is a special meeting.", assemblies.c.is_special)
    told_on: date | None = column(
        "这一天书面告知居委会和房管机构。\n"
        "The residents' committee and the housing office were told in writing on this day.",
        assemblies.c.told_on,
    )
    told_document: str | None = column(
        "以这份文件书面告知。They were told by this letter.", assemblies.c.told_by
    )


_AREA = {"area": link(PropertyArea, property_areas)}
_MEETING = {"meeting": link(Meeting, meetings)}


@verb(policy.SET_ELECTION, _AREA, areas.set_election)
class SetOwnersElection:
    """登记业主委员会换届改选的期间；同一起日再登记即替换。
    Enter when the owners' committee is elected anew; what starts on the same day is replaced.
    """

    area_id: UUID = ref(property_areas)
    starts_on: date = field("填写起日。Give the day on which it starts.")
    ends_on: date | None = field(
        "填写止日；尚未结束则不填。Give the day on which it ends; leave it out until it is over."
    )
    document: str = text("依据的文件", "the document that it rests on", DECISION_LENGTH)


@verb(entries.TELL_AUTHORITIES, _MEETING, guards.record_told)
class RecordAuthoritiesTold:
    """登记已将业主大会会议的时间、地点和议题书面告知居委会和房管机构，限公告之前。
    Record, before the notice, by which letter the residents' committee and the housing office were \
told of a meeting of owners.
    """

    meeting_id: UUID = ref(meetings)
    told_on: date = field("填写告知的日期。Give the day on which they were told.")
    document: str = text("书面告知的名称和文号", "the letter", RECORD_LENGTH)
