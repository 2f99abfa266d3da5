"""Owners' assemblies have an area and rules, service of ballots, proxies and papers."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import strawberry

from api.engine import bindings as b
from api.engine.declare import bound, column, filled, input_type, object_type, one, page, published
from api.engine.extend import extend
from api.engine.identifiers import decode_id
from api.engine.inputs import NO_ROW, Retried, field, ref, text
from api.engine.lists import page_of, rows_of
from api.engine.payloads import link, told_ids
from api.engine.verbs import verb
from api.schema.common import Connection
from api.schema.meetings import Meeting
from api.schema.members import Member
from api.schema.property_areas import ELECTRONIC, PARKING, SILENCE, PropertyArea
from api.schema.rolls import RollEntry
from api.schema.vote_results import MARKS
from api.schema.votes import Vote
from tenants.membership.tables import members
from tenants.owners.tables import property_areas
from tenants.owners.words import Silence
from tenants.transaction import Tx
from tenants.votes import entries
from tenants.votes.assemblies import ServiceWay, assemblies
from tenants.votes.meetings import RECORD_LENGTH, meetings, voters
from tenants.votes.proxies import PaperChannel, papers, proxies, proxy_instructions
from tenants.votes.service import entering, paper_entry
from tenants.votes.tables import MOST_MATTERS, votes

published(PaperChannel)


@object_type
class OwnersAssembly:
    """业主大会属于一个物业区域，依投票开始之日施行的议事规则进行。
    An owners' assembly belongs to one property area and follows the owners' own rules of the day
    on which it opens.
    """

    area: PropertyArea | None = one(
        "这是业主大会的物业区域。This is the property area of the assembly.",
        property_areas,
        assemblies.c.area_id,
    )
    silence: Silence = column(SILENCE, assemblies.c.silence)
    is_electronic_admitted: bool = column(ELECTRONIC, assemblies.c.admits_electronic)
    is_parking_counted: bool = column(PARKING, assemblies.c.counts_parking)
    rules_from: date | None = column(
        "所依议事规则自这一天施行；没有议事规则则从严，为空。\n"
        "These rules hold from this day on; it is null for the strict rules, which hold "
        "without any.",
        assemblies.c.rules_from,
    )
    rules_decision: str | None = column(
        "所依议事规则由这次决定通过。These rules were adopted by this decision.",
        assemblies.c.rules_decision,
    )


@object_type
class ProxyInstruction:
    """书面委托对一项议题写明怎样投票；只有本户和受托人看得到。
    A proxy says how to vote on one matter; only the voter and the holder see it.
    """

    vote: Vote | None = one(
        "意见针对这项议题。The instruction is about this matter.",
        votes,
        proxy_instructions.c.vote_id,
    )
    marks: list[int] = column(MARKS, proxy_instructions.c.marks)


@object_type
class VoteProxy:
    """书面委托由受托人照其意见投票；居委、确认结果的人、本户和受托人看得到。
    The holder of a written proxy casts what it says; the staff, whoever certifies, the voter and
    the holder see it.
    """

    entry: RollEntry | None = one(
        "名册上的这一户给出委托。This entry of the roll gave the proxy.",
        voters,
        {"roll_id": proxies.c.roll_id, "voter_id": proxies.c.voter_id},
    )
    holder: Member | None = one(
        "这位成员受托投票；已迁出则为空。"
        "This member holds the proxy; it is null once they are gone.",
        members,
        proxies.c.holder_id,
    )
    document: str = column("委托依据这份文件。The proxy rests on this paper.", proxies.c.document)
    entered_at: datetime = column("这时登记。The proxy was registered then.", proxies.c.entered_at)
    instructions: list[ProxyInstruction] = bound(
        "这里列出对各项议题的意见，只告知本户和受托人。\n"
        "This lists what the proxy says of each matter; only the voter and the holder are "
        "told.",
        rows_of(
            proxy_instructions,
            {"meeting_id": proxies.c.meeting_id, "voter_id": proxies.c.voter_id},
            proxy_instructions.c.vote_id,
            most=MOST_MATTERS,
        ),
    )


@object_type
class VotePaper:
    """这是录入的一张纸质票，不含内容；另一人复核之后才是选票。
    This is a paper that was entered, without its marks; it becomes a ballot once another person
    confirmed it.
    """

    entry: RollEntry | None = one(
        "这张票属于名册上的这一户。The paper is of this entry of the roll.",
        voters,
        {"roll_id": papers.c.roll_id, "voter_id": papers.c.voter_id},
    )
    channel: PaperChannel = column(
        "它说明这张票怎样收到。It says how the ballot came in.", papers.c.channel
    )
    entered_by: Member | None = one(
        "这位成员录入；已迁出则为空。This member entered the paper; it is null once they are gone.",
        members,
        papers.c.entered_by,
    )
    confirmed_by: Member | None = one(
        "这位成员复核；未复核则为空。This member confirmed the paper; it is null before.",
        members,
        papers.c.confirmed_by,
    )
    confirmed_at: datetime | None = column(
        "这张票在这时复核。The paper was confirmed at this time.", papers.c.confirmed_at
    )


@extend(Meeting)
class OfMeeting:
    """It adds what a meeting of owners has besides."""

    assembly: OwnersAssembly | None = one(
        "业主大会有物业区域和规则；其他会议为空。\n"
        "A meeting of owners has an area and rules; this is null of other meetings.",
        assemblies,
        {"meeting_id": meetings.c.id},
    )
    proxies: Connection[VoteProxy] = page(
        "这里列出书面委托。This lists the written proxies.",
        page_of(proxies, {"meeting_id": meetings.c.id}, proxies.c.voter_id, descending=False),
    )


@extend(Vote)
class OfVote:
    """It adds the papers of a matter."""

    papers: Connection[VotePaper] = page(
        "这里列出录入的纸质票；居委、确认结果的人和本户可见。\n"
        "This lists the papers that were entered; the staff, whoever certifies and the voter "
        "see them.",
        page_of(papers, {"vote_id": votes.c.id}, papers.c.voter_id, descending=False),
    )


@input_type
class MatterMarksInput:
    """填写纸质票或委托在一项议题上的选择。Give the marks of a paper or a proxy on one matter."""

    vote_id: strawberry.ID = filled("填写议题的标识。Give the matter's id.")
    marks: list[int] = filled(MARKS)


def _marked(given: Sequence[MatterMarksInput]) -> dict[UUID, list[int]]:
    """Return the marks by the vote's id; a matter that stands twice counts as it stands last."""
    return {decode_id(each.vote_id, b.prefix_of(votes)) or NO_ROW: each.marks for each in given}


_MEETING = {"meeting": link(Meeting, meetings)}
_VOTES = {"vote_ids": told_ids(votes, "这里列出各项议题的标识。This lists the ids of the matters.")}
_ENTRY = "填写名册上这一户的标识。Give the id of the entry of the roll."


class _OnEntry:
    meeting_id: UUID = ref(meetings)
    entry_id: UUID = ref(voters, _ENTRY)


@verb(entries.RECORD_SERVICE, _MEETING, entering.record_service)
class RecordService:
    """登记选票的送达；租户代收不算送达业主，再登记即替换。
    Record that ballots were served: a tenant's receipt does not serve the owner. Entered again, it is \
replaced.
    """

    meeting_id: UUID = ref(meetings)
    entry_ids: list[UUID] = ref(
        voters,
        "填写名册上各户的标识，一次至多 500 户。Give the ids of entries of the roll, 500 at most.",
    )
    way: ServiceWay = field("选择怎样送达。Choose how the ballots were served.")
    served_at: datetime = field("填写送达时间。Give the time at which they were served.")
    note: str | None = text("说明", "a note", RECORD_LENGTH)


@verb(entries.ASSIGN_CASTER, _MEETING, entering.assign_caster)
class AssignCaster(_OnEntry):
    """登记共有人书面推定的投票人，或代开发商投票的人；投票之前可以更改。
    Record whom co-owners named in writing to cast, or who casts for the developer; changed until a ballot \
is cast.
    """

    member_id: UUID = ref(
        members,
        "填写投票人的标识；须是共有人之一。\n"
        "Give the id of the member who casts; it must be one of the co-owners.",
    )
    document: str = text("书面依据", "the paper that it rests on", RECORD_LENGTH)


@verb(entries.REGISTER_PROXY, _MEETING)
class RegisterProxy(_OnEntry, Retried):
    """登记书面委托，连同对每项议题的意见；受托人只能照此投票。
    Register a written proxy with what it says of each matter: the holder casts that and nothing else.
    """

    holder_id: UUID = ref(
        members, "填写受托人的标识。Give the id of the member who holds the proxy."
    )
    document: str = text("书面依据", "the paper that it rests on", RECORD_LENGTH)
    instructions: list[MatterMarksInput] = field(
        "填写对每项议题的意见。Give what the proxy says of each matter."
    )

    async def run(self, tx: Tx) -> UUID:
        """Register the proxy; return the id of the meeting."""
        return await entering.register_proxy(
            tx, meeting_id=self.meeting_id, entry_id=self.entry_id, holder_id=self.holder_id,
            document=self.document, instructions=_marked(self.instructions),
        )  # fmt: skip


@verb(entries.REVOKE_PROXY, _MEETING, entering.revoke_proxy)
class RevokeProxy(_OnEntry):
    """撤销书面委托；已依委托投的票不变，本户可以改投。
    Strike a proxy that was withdrawn; a ballot that was cast by it stays, and the voter may replace it.
    """


class _OnPaper:
    entry_id: UUID = ref(voters, _ENTRY)
    ballots: list[MatterMarksInput] = field(
        f"填写票上各项议题的选择，1–{MOST_MATTERS} 项。\n"
        f"Give the marks on each matter, of 1 to {MOST_MATTERS} matters."
    )


@verb(entries.RECORD_PAPER, _VOTES)
class RecordPaper(_OnPaper):
    """录入一户的纸质票或上门协助的票，照票录入，选多了的计票时作废；须由他人复核。
    Enter a voter's paper, or a ballot taken down at their home, as it is: over-marked it is void when \
counted. Somebody else confirms it.
    """

    channel: PaperChannel = field(
        "选择这张票怎样收到。Choose how the ballot came in.", PaperChannel.PAPER
    )

    async def run(self, tx: Tx) -> list[UUID]:
        """Enter the paper; return the ids of the matters."""
        return await paper_entry.record(
            tx, entry_id=self.entry_id, channel=self.channel, ballots=_marked(self.ballots)
        )


@verb(entries.CONFIRM_PAPER, _VOTES)
class ConfirmPaper(_OnPaper):
    """复核纸质票：再读一遍原票，与录入的一致即成选票；录入人不能复核。
    Confirm a paper by reading it again: if both read the same it is a ballot. Never by who entered it.
    """

    async def run(self, tx: Tx) -> list[UUID]:
        """Confirm the paper; return the ids of the matters."""
        return await paper_entry.confirm(tx, entry_id=self.entry_id, ballots=_marked(self.ballots))
