"""The supervision committee puts appraisals on the agenda of a meeting, and publishes them."""

from uuid import UUID

import sqlalchemy as sa

from tenants import audit
from tenants.affairs.service.owing import meet_period
from tenants.affairs.statutes import About
from tenants.appraisals.judging import ends_office, verdict_of
from tenants.appraisals.policy import DRAFT_APPRAISAL, PUBLISH_APPRAISAL
from tenants.appraisals.tables import appraisals, appraised
from tenants.columns import TENANT
from tenants.errors import Code, Refused
from tenants.membership.offices import Office
from tenants.membership.service import terms
from tenants.membership.tables import members
from tenants.procedure import Facts
from tenants.quotas import COMMUNITY, spare
from tenants.statements import Lock
from tenants.taking import begin, take
from tenants.transaction import Row, Tx
from tenants.votes.ballots import Method
from tenants.votes.counting import Outcome
from tenants.votes.meetings import meetings
from tenants.votes.procedure import ADD_MATTER
from tenants.votes.results import vote_results, vote_tallies
from tenants.votes.rules import matters
from tenants.votes.service.authorising import authority, rule_for
from tenants.votes.service.drafting import draft as draft_vote
from tenants.votes.service.meetings import MATTERS
from tenants.votes.service.rolls import rule_of
from tenants.votes.service.secret.appointing import check_secrecy
from tenants.votes.tables import MOST_OPTIONS, VoteSecrecy, VoteState, votes
from tenants.workdays import day_of

MATTER = "APPRAISAL"
_QUESTION = "民主评议居（村）委会成员：同意即称职，反对即不称职"
_ENDED = (
    "连续两次被评议不称职，职务终止（城市居民委员会组织法第37条、村民委员会组织法第38条）。"
    "Found unfit twice in a row: the office ends."
)


async def draft(tx: Tx, *, meeting_id: UUID, secrecy: VoteSecrecy) -> UUID:
    """Put the appraisal of all members of the committee on the agenda of a drafted meeting.

    Raises INVALID, with the article, for a body that the law does not let appraise, and where the
    committee has fewer than two members to judge.
    """
    meeting = await tx.find(
        meetings, meeting_id, "meetingId", permit=DRAFT_APPRAISAL, lock=Lock.SHARE
    )
    serving = await tx.rows(_SERVING)
    if not 2 <= len(serving) <= MOST_OPTIONS:
        raise Refused(
            Code.INVALID,
            f"居（村）委会成员须有 2–{MOST_OPTIONS} 人。The committee has too few members, or too many.",
            "meetingId",
        )
    vote = await _put_on_agenda(tx, meeting, [row["display_name"] for row in serving], secrecy)
    appraisal = await begin(
        tx, DRAFT_APPRAISAL, vote_id=vote["id"], year=day_of(meeting["held_at"]).year
    )
    for place, row in enumerate(serving):
        await tx.insert(
            appraised, appraisal_id=appraisal["id"], place=place, member_id=row["id"],
            name=row["display_name"], verdict=None, fit=None, unfit=None, is_ended=False,
        )  # fmt: skip
    return appraisal["id"]


async def _put_on_agenda(tx: Tx, meeting: Row, names: list[str], secrecy: VoteSecrecy) -> Facts:
    """Draft the vote; raise INVALID, with the article, for a body that does not appraise."""
    rule = rule_for(matters()[MATTER], rule_of(meeting))
    authorisation_id = await authority(tx, matters()[MATTER], meeting)
    check_secrecy(secrecy, rule)
    await spare(tx, MATTERS, COMMUNITY, v_id=meeting["id"])
    return await draft_vote(
        tx, ADD_MATTER, names,
        track="DECISION", meeting_id=meeting["id"], matter=MATTER, buildings=None,
        roll_id=meeting["roll_id"], question=_QUESTION, details=None,
        method=Method.CANDIDATES.value, most=len(names), seats=len(names), none_of_these=None,
        opens_at=meeting["opens_at"], closes_at=meeting["closes_at"], secrecy=secrecy.value,
        authorisation_id=authorisation_id, certifiers=[seat.value for seat in rule.certified_by],
    )  # fmt: skip


async def publish(tx: Tx, *, appraisal_id: UUID) -> UUID:
    """Publish the verdicts once the vote is final; an office ends with the second unfit in a row.

    What the year owes is met. A vote that was void or overturned, or missed its quorum, ends in no
    valid appraisal, and the year still owes one.
    """
    appraisal = await tx.find(appraisals, appraisal_id, "appraisalId", permit=PUBLISH_APPRAISAL)
    vote = await tx.row(_VOTE, v_id=appraisal["vote_id"])
    assert vote is not None  # noqa: S101 # an appraisal is of a vote
    counted = await tx.row(_COUNTED, v_id=vote["id"])
    is_valid = counted is not None and counted["outcome"] != Outcome.FAILED_QUORUM
    if vote["state"] != VoteState.FINAL or counted is None or not is_valid:
        await take(tx, PUBLISH_APPRAISAL, appraisal, to="FAILED")
        return appraisal["id"]
    for row in await tx.rows(_APPRAISED, v_id=appraisal["id"]):
        await _judge(tx, row, counted)
    await take(tx, PUBLISH_APPRAISAL, appraisal, to="PUBLISHED")
    await meet_period(tx, About.APPRAISAL, day_of(vote["opens_at"]))
    return appraisal["id"]


async def _judge(tx: Tx, row: Row, counted: Row) -> None:
    """Write down the verdict on one member, and end their office if it is the second unfit."""
    fit, unfit = counted["votes"][row["place"]], counted["against"][row["place"]]
    verdict = verdict_of(fit, unfit, counted["attending"] or 0)
    before = [each["verdict"] for each in await tx.rows(_BEFORE, v_member_id=row["member_id"])]
    member = await tx.row(_MEMBER, v_id=row["member_id"])
    is_ended = (
        ends_office(verdict, before)
        and member is not None
        and Office.COMMITTEE_MEMBER.value in member["roles"]
    )
    await tx.row(
        _WRITE, v_id=row["appraisal_id"], v_place=row["place"], v_verdict=verdict.value,
        v_fit=fit, v_unfit=unfit, v_is_ended=is_ended,
    )  # fmt: skip
    if is_ended and member is not None:
        await terms.end(tx, member, Office.COMMITTEE_MEMBER, reason=_ENDED)
        await audit.record(tx, "role.revoked", subject=member["id"], reason=_ENDED)


_ID = sa.bindparam("v_id", type_=appraisals.c.id.type)
_SERVING = (
    sa.select(members.c.id, members.c.display_name)
    .where(
        members.c.community_id == TENANT,
        members.c.state == sa.literal_column("'ACTIVE'"),
        sa.literal_column("'COMMITTEE_MEMBER'") == sa.any_(members.c.roles),
    )
    .order_by(members.c.id)
)
_VOTE = sa.select(votes).where(votes.c.community_id == TENANT, votes.c.id == _ID)
# the first unit in which it was counted: persons, households or members
_COUNTED = (
    sa.select(
        vote_results.c.outcome,
        vote_tallies.c.votes,
        vote_tallies.c.against,
        vote_tallies.c.attending,
    )
    .join(
        vote_tallies,
        (vote_tallies.c.community_id == vote_results.c.community_id)
        & (vote_tallies.c.vote_id == vote_results.c.vote_id),
    )
    .where(
        vote_results.c.community_id == TENANT,
        vote_tallies.c.community_id == TENANT,
        vote_results.c.vote_id == _ID,
    )
    .order_by(vote_tallies.c.unit)
    .limit(1)
)
_APPRAISED = (
    sa.select(appraised)
    .where(appraised.c.community_id == TENANT, appraised.c.appraisal_id == _ID)
    .order_by(appraised.c.place)
)
_BEFORE = (
    sa.select(appraised.c.verdict)
    .where(
        appraised.c.community_id == TENANT,
        appraised.c.member_id == sa.bindparam("v_member_id", type_=appraised.c.member_id.type),
        appraised.c.verdict.is_not(None),
    )
    .order_by(appraised.c.appraisal_id.desc())
    .limit(1)
)
_MEMBER = (
    sa.select(members)
    .where(members.c.community_id == TENANT, members.c.id == _ID)
    .with_for_update(key_share=True)
)
_WRITE = (
    sa.update(appraised)
    .where(
        appraised.c.community_id == TENANT,
        appraised.c.appraisal_id == _ID,
        appraised.c.place == sa.bindparam("v_place", type_=sa.Integer()),
    )
    .values(
        verdict=sa.bindparam("v_verdict", type_=sa.Text()),
        fit=sa.bindparam("v_fit", type_=sa.Integer()),
        unfit=sa.bindparam("v_unfit", type_=sa.Integer()),
        is_ended=sa.bindparam("v_is_ended", type_=sa.Boolean()),
    )
)
