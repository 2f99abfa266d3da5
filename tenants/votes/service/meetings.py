"""Meetings that decide: draft one, put its matters on the agenda, announce or cancel it."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from tenants.columns import TENANT
from tenants.domain import Quota
from tenants.errors import Code, NotFound, Refused
from tenants.owners.tables import property_areas
from tenants.petitions.service.supporting import meeting_called, meeting_cancelled
from tenants.places.tables import communities
from tenants.procedure import Facts
from tenants.quotas import COMMUNITY, spare
from tenants.statements import Lock
from tenants.taking import begin, said, take
from tenants.text import written
from tenants.transaction import Row, Tx, unless_taken
from tenants.votes.ballots import Method, Unit
from tenants.votes.meetings import (
    AGENDA_LENGTH,
    PLACE_LENGTH,
    RECORD_LENGTH,
    TITLE_LENGTH,
    meetings,
)
from tenants.votes.procedure import (
    ADD_MATTER,
    CANCEL_MEETING,
    DRAFT_MEETING,
    DROPPED,
    NOTICE_MEETING,
    NOTICED,
)
from tenants.votes.rules import Matter, RuleSet, in_force
from tenants.votes.service.authorising import authority, known, rule_for
from tenants.votes.service.calling import check_body, owed_to
from tenants.votes.service.confirming import require_confirmed
from tenants.votes.service.drafting import draft
from tenants.votes.service.guards import check_blocks, check_told
from tenants.votes.service.heads import begin_assembly, buildings_of
from tenants.votes.service.papers import labels_of, most_marks_of
from tenants.votes.service.rolls import check_roll, new_roll, renew, rule_of
from tenants.votes.service.secret.appointing import check_scrutineers, check_secrecy
from tenants.votes.tables import DETAILS_LENGTH, MOST_MATTERS, QUESTION_LENGTH, VoteSecrecy, votes
from tenants.workdays import day_of

# A decision is made by these; an order of preference passes nothing.
METHODS = (Method.PROPOSAL, Method.SINGLE, Method.CANDIDATES)


async def draft_meeting(
    tx: Tx,
    *,
    rule_code: str,
    title: str,
    agenda: str | None,
    location: str,
    held_at: datetime,
    opens_at: datetime,
    closes_at: datetime,
    party_discussed_on: date | None,
    party_record: str | None,
    property_area_id: UUID | None = None,
    organiser_id: UUID | None = None,
    is_special: bool = False,
    extendable_until: datetime | None = None,
    petition_id: UUID | None = None,
) -> UUID:
    """Draft a meeting of the body that a rule set names, with an empty roll; of owners, in their area.

    `organiser_id` is the member who calls owners together, and `petition_id` the petition by which
    enough asked for it. Raises INVALID, with the source, for a rule set that is not in force on the day
    it opens or is of another community or body, and for one that needs what is not recorded here.
    """
    here = await tx.row(_HERE)
    assert here is not None  # noqa: S101 # a community is never deleted
    if property_area_id is not None and await tx.row(_AREA, v_id=property_area_id) is None:
        raise NotFound("propertyAreaId")
    petition = None if petition_id is None else await owed_to(tx, petition_id)
    rule = _to_serve(rule_code, opens_at, here["kind"])
    if (property_area_id is not None) != (Unit.AREA in rule.units):
        raise Refused(
            Code.INVALID,
            f"业主大会须写明物业区域，其他会议不写（{rule.source}）。\n"
            "A meeting of owners names its property area, and no other meeting does.",
            "propertyAreaId",
        )
    if petition is not None:
        await check_body(tx, petition, rule, property_area_id)
    if not tx.now < opens_at <= held_at <= closes_at or opens_at == closes_at:
        raise Refused(
            Code.INVALID,
            "须依次为：现在、投票开始、开会、截止。In this order: now, the opening, the sitting, the close.",
            "heldAt",
        )
    if extendable_until is not None and extendable_until <= closes_at:
        raise Refused(
            Code.INVALID, "须晚于截止时间。It must be after the close.", "extendableUntil"
        )
    if (party_discussed_on is None) != (party_record is None):
        raise Refused(
            Code.INVALID,
            "党组织研究讨论的日期和记录须一并填写。The day and the record go together.",
            "partyRecord",
        )
    async with unless_taken(tx, "已有为它筹备的会议。A meeting is drafted for it.", "petitionId"):
        meeting = await begin(
            tx, DRAFT_MEETING,
            rule_code=rule.code, rule_from=rule.begins,
            title=written(title, TITLE_LENGTH, "title"),
            agenda=written(agenda, AGENDA_LENGTH, "agenda") if agenda else None,
            place=written(location, PLACE_LENGTH, "location"),
            held_at=held_at, opens_at=opens_at, closes_at=closes_at, extends_until=extendable_until,
            roll_id=await new_roll(tx, *rule.units), petition_id=petition_id,
            party_discussed_on=party_discussed_on,
            party_record=written(party_record, RECORD_LENGTH, "partyRecord") if party_record else None,
        )  # fmt: skip
    if property_area_id is not None:
        is_special = is_special or petition is not None
        await begin_assembly(tx, meeting, property_area_id, organiser_id, is_special=is_special)
    return meeting["id"]


async def add_matter(
    tx: Tx,
    *,
    meeting_id: UUID,
    matter: str,
    question: str,
    details: str | None,
    method: Method,
    options: Sequence[str] | None,
    most_marks: int,
    seats: int,
    secrecy: VoteSecrecy = VoteSecrecy.RECORDED,
    buildings: Sequence[str] = (),
) -> UUID:
    """Put a matter on the agenda of a drafted meeting; a choice of one has "none of these" at its end.

    Owners decide some matters by the owners of some buildings only, who are a roll of their own.
    Raises INVALID for a matter that the law gives to another body, or that representatives decide only
    if authorised, for a method that decides nothing, and for a secrecy that the rule set does not have.
    """
    meeting = await tx.find(meetings, meeting_id, "meetingId", permit=ADD_MATTER, lock=Lock.SHARE)
    kind = _of_staff(known(matter))
    rule = rule_for(kind, rule_of(meeting))
    authorisation_id = await authority(tx, kind, meeting)
    await check_blocks(tx, kind, meeting, "matter")
    check_secrecy(secrecy, rule)
    _some_buildings(buildings, rule)
    if method not in METHODS:
        raise Refused(
            Code.INVALID,
            "会议表决只用同意/反对、单选或逐个候选人。A decision is a proposal, a choice of one, or candidates.",
            "method",
        )
    question = written(question, QUESTION_LENGTH, "question")
    details = written(details, DETAILS_LENGTH, "details") if details else None
    can_refuse_all = method is Method.SINGLE
    labels = labels_of(method, options, can_refuse_all=can_refuse_all)
    most = most_marks_of(method, most_marks, len(labels))
    if not 1 <= seats <= (len(labels) if method is Method.CANDIDATES else 1):
        raise Refused(Code.INVALID, "名额不对。Not a possible number of seats.", "seats")
    await spare(tx, MATTERS, COMMUNITY, v_id=meeting["id"])
    some = await buildings_of(tx, meeting["id"], buildings) if buildings else None
    vote = await draft(
        tx, ADD_MATTER, labels,
        track="DECISION", meeting_id=meeting["id"], matter=matter, buildings=some,
        authorisation_id=authorisation_id,
        roll_id=meeting["roll_id"] if some is None else await new_roll(tx, *rule.units),
        question=question, details=details, method=method.value, most=most, seats=seats,
        none_of_these=len(labels) - 1 if can_refuse_all else None,
        opens_at=meeting["opens_at"], closes_at=meeting["closes_at"], secrecy=secrecy.value,
        certifiers=[seat.value for seat in rule.certified_by],
    )  # fmt: skip
    return vote["id"]


async def notice(tx: Tx, *, meeting_id: UUID) -> UUID:
    """Announce a meeting with its matters and its roll, in time and as its rule set asks.

    Raises INVALID with what is missing and the article that asks for it.
    """
    meeting = await tx.find(meetings, meeting_id, "meetingId", permit=NOTICE_MEETING)
    rule = rule_of(meeting)
    await require_confirmed(tx, rule, "meetingId")
    drafts = [row for row in await matters_of(tx, meeting) if row["state"] == "DRAFT"]
    authorised: dict[UUID, UUID | None] = {}
    for row in drafts:
        kind = known(row["matter"])
        rule_for(kind, rule)
        authorised[row["id"]] = await authority(tx, kind, meeting)
        await check_blocks(tx, kind, meeting, "meetingId")
    _ready(rule, meeting, drafts, tx.now)
    await check_told(tx, meeting, rule)
    if Unit.AREA in rule.units:
        await renew(tx, meeting)
    await check_roll(tx, meeting)
    for row in drafts:
        await check_scrutineers(tx, row)
    if meeting["petition_id"] is not None:
        await meeting_called(tx, meeting["petition_id"])
    await take(tx, NOTICE_MEETING, meeting)
    for row in drafts:
        await take(tx, NOTICED, row, authorisation_id=authorised[row["id"]])
    return meeting["id"]


async def cancel(tx: Tx, *, meeting_id: UUID, reason: str) -> UUID:
    """Cancel a meeting before its opening; its matters are void."""
    meeting = await tx.find(meetings, meeting_id, "meetingId", permit=CANCEL_MEETING)
    words = said(CANCEL_MEETING, reason)
    for row in await matters_of(tx, meeting):
        if row["state"] in DROPPED.from_:
            await take(tx, DROPPED, row, words=words)
    if meeting["petition_id"] is not None and meeting["noticed_at"] is not None:
        await meeting_cancelled(tx, meeting["petition_id"])
    await take(tx, CANCEL_MEETING, meeting, words=words)
    return meeting["id"]


def _to_serve(code: str, opens_at: datetime, kind: str) -> RuleSet:
    rule = in_force(code, day_of(opens_at))
    if rule is None:
        raise Refused(
            Code.INVALID, f"{code} 在投票当天不生效。It is not in force on that day.", "ruleCode"
        )
    if rule.kind is not None and rule.kind != kind:
        raise Refused(
            Code.INVALID,
            f"{rule.name}不是本类社区的（{rule.source}）。Of another kind of community.",
            "ruleCode",
        )
    return rule


def _some_buildings(buildings: Sequence[str], rule: RuleSet) -> None:
    if buildings and Unit.AREA not in rule.units:
        raise Refused(
            Code.INVALID,
            "只有业主表决可以限于部分楼栋。Only owners decide by buildings.",
            "buildings",
        )


def _of_staff(matter: Matter) -> Matter:
    if matter.verb is not None:
        raise Refused(
            Code.INVALID,
            f"{matter.name}由监督委员会列入议题（{matter.verb}；{matter.source}）。\n"
            "The supervision committee puts it on the agenda.",
            "matter",
        )
    return matter


def _ready(rule: RuleSet, meeting: Facts, drafts: Sequence[Row], now: datetime) -> None:
    if not drafts:
        raise Refused(Code.INVALID, "会议没有议题。It has no matter.", "meetingId")
    if (day_of(meeting["opens_at"]) - day_of(now)).days < rule.notice_days:
        by = "（本系统所定）" if "notice_days" in rule.house_rules else f"（{rule.source}）"
        raise Refused(
            Code.INVALID,
            f"须提前 {rule.notice_days} 天公告{by}。Announced {rule.notice_days} days before.",
            "meetingId",
        )
    if rule.party_first is not None and meeting["party_record"] is None:
        raise Refused(
            Code.INVALID,
            f"重要事项须先经党组织研究讨论，请填写日期和记录（{rule.party_first}）。\n"
            "The Party organisation discusses it first; its day and record are missing.",
            "meetingId",
        )


async def matters_of(tx: Tx, meeting: Facts) -> list[Row]:
    """Return the matters of a meeting, locked."""
    return await tx.rows(_MATTERS, v_id=meeting["id"])


_ID = sa.bindparam("v_id", type_=meetings.c.id.type)
_OF_MEETING = (votes.c.community_id == TENANT) & (votes.c.meeting_id == _ID)
_MATTERS = sa.select(votes).where(_OF_MEETING).order_by(votes.c.id).with_for_update(key_share=True)
_AREA = sa.select(property_areas.c.id).where(
    property_areas.c.community_id == TENANT, property_areas.c.id == _ID
)
_HERE = sa.select(communities.c.kind).where(communities.c.community_id == TENANT)
MATTERS = Quota(
    "matter",
    MOST_MATTERS,
    sa.select(sa.func.count().label("count")).where(_OF_MEETING),
    f"一次会议至多 {MOST_MATTERS} 项议题。At most {MOST_MATTERS} matters.",
)
