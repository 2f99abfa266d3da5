"""These are the mutations of meetings and their decisions."""

from datetime import date, datetime
from uuid import UUID

from api.engine.declare import published
from api.engine.inputs import Keyed, field, ref, text
from api.engine.payloads import link
from api.engine.verbs import verb
from api.schema.meetings import Meeting, VoteObjection
from api.schema.votes import Vote
from tenants.membership.tables import BUILDING_LENGTH, members
from tenants.owners.tables import property_areas
from tenants.petitions.tables import petitions
from tenants.transaction import Tx
from tenants.votes import entries, procedure
from tenants.votes.ballots import Method
from tenants.votes.meetings import (
    AGENDA_LENGTH,
    PLACE_LENGTH,
    REASON_LENGTH,
    RECORD_LENGTH,
    TITLE_LENGTH,
    meetings,
    voters,
)
from tenants.votes.objections import ObjectionDecision, OverturnedBy, objections
from tenants.votes.service import certifying, decisions, extending, rolls
from tenants.votes.service import meetings as service
from tenants.votes.service import objections as objecting
from tenants.votes.tables import DETAILS_LENGTH, QUESTION_LENGTH, VoteSecrecy, votes

published(ObjectionDecision, "VoteObjectionDecision")
published(OverturnedBy, "DecisionOverturnedBy")

_MEETING = {"meeting": link(Meeting, meetings)}
_VOTE = {"vote": link(Vote, votes)}
_OBJECTION = {"objection": link(VoteObjection, objections)}


@verb(procedure.DRAFT_MEETING, _MEETING, service.draft_meeting)
class DraftMeeting(Keyed):
    """筹备会议，依所选规则；名册和议题随后添加。
    Draft a meeting under a rule set; its roll and its matters are added afterwards.
    """

    rule_code: str = field(
        "填写规则的代码，见 `decisionRules`。Give the rule set's code, as in `decisionRules`."
    )
    title: str = text("名称", "the title", TITLE_LENGTH)
    agenda: str | None = text("议程说明", "the agenda", AGENDA_LENGTH)
    location: str = text("开会地点", "the place where it is held", PLACE_LENGTH)
    held_at: datetime = field("填写开会时间，在投票期间。Give a time while its votes are open.")
    opens_at: datetime = field("填写线上投票的开始时间。Give the time at which its votes open.")
    closes_at: datetime = field("填写线上投票的截止时间。Give the time at which its votes close.")
    extendable_until: datetime | None = field(
        "填写截止之后最多可延期至何时，随公告告知；不填则不可延期。\n"
        "Give the time until which its votes may be extended, as the notice says; they may not be "
        "if this is left out."
    )
    party_discussed_on: date | None = field(
        "填写党组织研究讨论的日期。Give the day on which the Party organisation discussed it."
    )
    party_record: str | None = text(
        "党组织研究讨论的记录", "the record of that discussion", RECORD_LENGTH
    )
    property_area_id: UUID | None = ref(
        property_areas,
        "填写业主大会的物业区域的标识。Give the id of the property area, for a meeting of owners.",
    )
    organiser_id: UUID | None = ref(
        members,
        "填写业主大会会议召集人的标识；业主大会必填。\n"
        "Give the id of the member who calls owners together; a meeting of owners needs it.",
    )
    is_special: bool = field(
        "选择是否为业主大会临时会议；公告前须登记已书面告知居委会和房管机构。\n"
        "Choose whether it is a special meeting of owners; before its notice it is recorded that "
        "the residents' committee and the housing office were told in writing.",
        default=False,
    )
    petition_id: UUID | None = ref(
        petitions,
        "填写联名提请召开会议的诉求的标识；会议公告后，即不再拖欠。\n"
        "Give the id of the petition that asks for it; once the meeting is announced, none is "
        "owed any longer.",
    )


class _OnMeeting:
    meeting_id: UUID = ref(meetings)


class _OnVote:
    vote_id: UUID = ref(votes)


@verb(procedure.ADD_MATTER, _VOTE, service.add_matter)
class AddMatter(_OnMeeting, Keyed):
    """为筹备中的会议列入一项议题；单选时末尾自动加“以上都不选”。
    Put a matter on the agenda of a drafted meeting; a choice of one ends with "none of these".
    """

    matter: str = field(
        "填写事项的代码，见 `decisionMatters`。Give the matter's code, as in `decisionMatters`."
    )
    question: str = text("表决的问题", "the question", QUESTION_LENGTH)
    details: str | None = text("说明", "details", DETAILS_LENGTH)
    method: Method = field("选择表决方式。Choose how ballots are marked.", Method.PROPOSAL)
    options: list[str] | None = field(
        "填写 2–20 个选项或候选人；PROPOSAL 不填。\n"
        "Give 2 to 20 options or candidates, and none for a PROPOSAL."
    )
    most_marks: int = field(
        "填写 CANDIDATES 每票最多同意几人。Give the number of candidates that a ballot may be for.",
        1,
    )
    seats: int = field("填写 CANDIDATES 的名额。Give the number of candidates who can win.", 1)
    secrecy: VoteSecrecy = field(
        "选择是否秘密，须合规则；秘密表决须有三位监票人。\n"
        "Choose whether it is secret, as the rule set allows; a secret one has three "
        "scrutineers.",
        VoteSecrecy.RECORDED,
    )
    buildings: list[str] = field(
        f"填写楼栋，只由这些楼栋的业主表决，各 1–{BUILDING_LENGTH} 字；不填即全体业主。\n"
        f"Give the buildings whose owners alone decide it, each in 1 to {BUILDING_LENGTH} "
        "characters; all owners decide it if this is empty.",
        list,
    )


@verb(procedure.SET_ROLL, _MEETING, rolls.set_roll)
class SetMeetingRoll(_OnMeeting):
    """编制名册，业主名册依产权登记重新编制；公告之后每次改动须说明理由，投票开始即不再更改。
    Enter voters on the roll or take them off; of owners, make it anew from their register. After \
the notice with a reason, after the opening never.
    """

    every_member: bool = field(
        "选择是否列入全部成员；代表会议则为居委委员和全体代表。\n"
        "Choose whether to enter every member; for a meeting of representatives these are "
        "the committee and all representatives.",
        default=False,
    )
    add_ids: list[UUID] = ref(
        members,
        "填写列入的成员，一次至多 500 人。Give the ids of members to enter, 500 at most.",
        list,
    )
    remove_ids: list[UUID] = ref(
        members,
        "填写去掉的成员，一次至多 500 人。Give the ids of members to take off, 500 at most.",
        list,
    )
    reason: str | None = text("理由", "the reason", REASON_LENGTH)


@verb(procedure.NOTICE_MEETING, _MEETING, service.notice)
class NoticeMeeting(_OnMeeting):
    """公告会议、议题和名册；不合规则的，答复写明缺什么、依据哪一条。
    Announce a meeting with its matters and its roll; a refusal names what is missing and the article.
    """


@verb(entries.EXTEND, _MEETING, extending.extend)
class ExtendVoting(_OnMeeting):
    """投票期间延期一次，限公告写明的时间之内；秘密表决另有签名声明。
    Put off the close once, while the votes are open and as the notice said; of a secret vote this is \
a signed statement.
    """

    closes_at: datetime = field("填写新的截止时间。Give the new time at which its votes close.")
    reason: str = text("理由，成员可见", "the reason, which members read", REASON_LENGTH)


@verb(procedure.CANCEL_MEETING, _MEETING, service.cancel)
class CancelMeeting(_OnMeeting):
    """投票开始之前取消会议，议题一并作废。
    Cancel a meeting before its votes open; its matters are void.
    """

    reason: str = text("理由，成员可见", "the reason, which members see")


@verb(entries.RECORD_ATTENDANCE, _MEETING)
class RecordAttendance(_OnMeeting):
    """登记到会的人，计票之后不再更改。
    Enter who came to the sitting; the list is closed once a matter is counted.
    """

    voter_ids: list[UUID] = ref(
        members,
        "填写到会的成员，一次至多 500 人。Give the ids of members who came, 500 at most.",
        list,
    )
    entry_ids: list[UUID] = ref(
        voters,
        "填写到会的各户，业主大会用，一次至多 500 户。"
        "Give the entries of owners who came, 500 at most.",
        list,
    )
    absent_ids: list[UUID] = ref(
        members,
        "填写误登而须去掉的成员，一次至多 500 人。\n"
        "Give the ids of members who were entered wrongly, 500 at most.",
        list,
    )
    absent_entry_ids: list[UUID] = ref(
        voters, "填写误登而须去掉的各户，业主大会用。Give the entries of owners to strike.", list
    )

    async def run(self, tx: Tx) -> UUID:
        """Enter members and entries alike: of a person, both ids are one."""
        return await decisions.record_attendance(
            tx,
            meeting_id=self.meeting_id,
            voter_ids=[*self.voter_ids, *self.entry_ids],
            absent_ids=[*self.absent_ids, *self.absent_entry_ids],
        )


@verb(procedure.OBJECT_TO_ROLL, _OBJECTION, objecting.object_to_roll)
class ObjectToRoll(_OnMeeting, Keyed):
    """公告之后、投票之前，对名册提出异议；答复之前投票不开始。
    Object to the roll between the notice and the opening; the votes wait for the decision.
    """

    body: str = text("内容", "the objection")


@verb(procedure.TALLY, _VOTE, decisions.tally)
class TallyDecision(_OnVote):
    """截止之后依规则计票；结果须由他人确认后公布。
    Count a decision after its close; somebody else certifies the count before it is published.
    """


@verb(procedure.CERTIFY, _VOTE, certifying.certify)
class CertifyResult(_OnVote):
    """在规则所定的席位上确认计票，计票人除外；各席位都确认后即公布结果。
    Certify a count in a seat that the rule set names, and never your own count; with the last seat \
the result is published.
    """


@verb(procedure.VOID_DECISION, _VOTE)
class VoidDecision(_OnVote):
    """结果生效之前作废，须说明理由。Void a decision before it is final, for a reason."""

    reason: str = text("理由，成员可见", "the reason, which members see")


@verb(procedure.OBJECT_TO_RESULT, _OBJECTION, objecting.object_to_result)
class ObjectToResult(_OnVote, Keyed):
    """在异议期内对结果提出异议；答复之前结果不生效。
    Object to a result in its objection period; it is not final before the decision.
    """

    body: str = text("内容", "the objection")


@verb(procedure.DECIDE_OBJECTION, _OBJECTION, objecting.decide_objection)
class DecideObjection:
    """裁定异议，须说明理由；对结果的异议成立，则该表决作废，可重新表决。
    Decide an objection, for a reason; a result that one is sustained against is void.
    """

    objection_id: UUID = ref(objections)
    decision: ObjectionDecision = field("选择裁定。Choose the decision.")
    reason: str = text("理由，成员可见", "the reason, which members see")


@verb(procedure.OVERTURN, _VOTE, decisions.overturn)
class OverturnDecision(_OnVote):
    """登记已生效的结果被法院撤销、被责令改正或被有权的会议撤销。
    Record that a final decision was annulled, ordered to be corrected, or revoked.
    """

    ending: OverturnedBy = field("选择怎样被推翻。Choose how it was overturned.")
    reason: str = text("缘由和文号", "the reason, and the number of the ruling")
