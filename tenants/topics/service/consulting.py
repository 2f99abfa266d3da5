"""Topics are consulted on: residents' views, answers, consultations with who is concerned."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from tenants import audit
from tenants.affairs.service.owing import owe
from tenants.boards.service.check import Verdict
from tenants.columns import TENANT, among
from tenants.errors import Code, NotFound, Refused
from tenants.membership.tables import members
from tenants.origins import OriginKind, Step, lead_to
from tenants.procedure import Facts
from tenants.statements import Lock
from tenants.taking import begin, said, take
from tenants.text import written
from tenants.topics.consultations import (
    AGREEMENT_LENGTH,
    LOCATION_LENGTH,
    MOST_AGREEMENTS,
    MOST_INVITED,
    NAME_LENGTH,
    consultation_parties,
    consultations,
)
from tenants.topics.policy import ANSWER_CONTRIBUTION, CONTRIBUTE, JOIN_CONSULTATION
from tenants.topics.procedure import RECORD, SCHEDULE, SCHEDULED, SOLICIT
from tenants.topics.service.proposing import require_pass
from tenants.topics.tables import (
    ANSWER_LENGTH,
    CONTRIBUTION_LENGTH,
    topic_contributions,
    topics,
)
from tenants.topics.words import ConsultationForm, FollowUp, Stance
from tenants.transaction import Tx, unless_taken

# House rule: for how long residents may be asked.
MOST_DAYS = 60


async def solicit(tx: Tx, *, topic_id: UUID, closes_at: datetime, is_important: bool) -> UUID:
    """Ask residents what they think of a topic until a time; say whether it is important."""
    topic = await tx.find(topics, topic_id, "topicId", permit=SOLICIT)
    if not timedelta() < closes_at - tx.now <= timedelta(days=MOST_DAYS):
        raise Refused(
            Code.INVALID,
            f"须在今后 {MOST_DAYS} 天之内截止。It closes within {MOST_DAYS} days from now.",
            "closesAt",
        )
    await take(tx, SOLICIT, topic, solicited_until=closes_at, is_important=is_important)
    return topic["id"]


async def contribute(
    tx: Tx, *, topic_id: UUID, stance: Stance, body: str, verdict: Verdict
) -> UUID:
    """Say what one thinks of a topic, or ask; raises CONTENT_REJECTED as a proposal does."""
    topic = await tx.find(topics, topic_id, "topicId", permit=CONTRIBUTE, lock=Lock.SHARE)
    body = written(body, CONTRIBUTION_LENGTH, "body")
    require_pass(verdict)
    made = tx.new_id()
    await tx.insert(
        topic_contributions, id=made, topic_id=topic["id"], author_id=tx.viewer.id,
        stance=stance.value, body=body, created_at=tx.now,
    )  # fmt: skip
    await audit.record(tx, "topic.contributed", subject=topic["id"])
    return made


async def answer(tx: Tx, *, contribution_id: UUID, answer: str) -> UUID:
    """Answer a question, once."""
    asked = await tx.find(
        topic_contributions, contribution_id, "contributionId", permit=ANSWER_CONTRIBUTION
    )
    words = written(answer, ANSWER_LENGTH, "answer")
    await tx.update(
        topic_contributions, asked["id"], answer=words, answered_at=tx.now, answered_by=tx.viewer.id
    )
    await audit.record(tx, "topic.answered", subject=asked["topic_id"])
    return asked["id"]


async def schedule(
    tx: Tx,
    *,
    topic_id: UUID,
    form: ConsultationForm,
    location: str,
    held_at: datetime,
    invited_ids: Sequence[UUID],
    invited_names: Sequence[str],
) -> UUID:
    """Schedule a consultation on a topic with the parties concerned: members by id, others by name.

    Raises INVALID for a time in the past or before residents were asked, REQUIRED if nobody is invited.
    """
    topic = await tx.find(topics, topic_id, "topicId", permit=SCHEDULE)
    location = written(location, LOCATION_LENGTH, "location")
    is_early = topic["state"] == "SOLICITING" and held_at < topic["solicited_until"]
    if held_at <= tx.now or is_early:
        raise Refused(
            Code.INVALID,
            "须在将来，且在征询截止之后。It lies ahead, and after residents were asked.",
            "heldAt",
        )
    parties = await _invited(tx, invited_ids, invited_names)
    await take(tx, SCHEDULE, topic)
    made = await begin(
        tx, SCHEDULED, topic_id=topic["id"], form=form.value, location=location, held_at=held_at,
        agreements=[],
    )  # fmt: skip
    for party in parties:
        await tx.insert(
            consultation_parties, consultation_id=made["id"], is_invited=True, attended=False,
            **party,
        )  # fmt: skip
    return made["id"]


async def join(tx: Tx, *, consultation_id: UUID) -> UUID:
    """Say that one comes to a consultation, uninvited."""
    found = await tx.find(
        consultations, consultation_id, "consultationId", permit=JOIN_CONSULTATION, lock=Lock.SHARE
    )
    async with unless_taken(tx, "您已在名单上。You are on its list.", "consultationId"):
        await tx.insert(
            consultation_parties, consultation_id=found["id"], party_id=tx.viewer.id,
            member_id=tx.viewer.id, name=None, is_invited=False, attended=False,
        )  # fmt: skip
    return found["id"]


async def record(
    tx: Tx,
    *,
    consultation_id: UUID,
    minutes: str,
    agreements: Sequence[str],
    follow_up: FollowUp,
    attended_ids: Sequence[UUID],
) -> UUID:
    """Publish the minutes of a consultation: who came, what was agreed, and what follows from it.

    Raises INVALID for agreements without a follow-up or the other way round, and REQUIRED if nobody came.
    """
    found = await tx.find(consultations, consultation_id, "consultationId", permit=RECORD)
    words = said(RECORD, minutes)
    await _note_attendance(tx, found, attended_ids)
    await take(
        tx, RECORD, found, words=words, agreements=_agreed(agreements, follow_up),
        follow_up=follow_up.value,
    )  # fmt: skip
    held = Step(OriginKind.CONSULTATION, found["id"], found["held_at"])
    await tx.hold(topics, found["topic_id"])
    await lead_to(tx, found["topic_id"], held)
    if agreements:
        await owe(tx, "CONSULTATIONS", subject=found["id"])
    return found["id"]


async def _invited(
    tx: Tx, ids: Sequence[UUID], names: Sequence[str]
) -> list[dict[str, UUID | str | None]]:
    if not ids and not names:
        raise Refused(
            Code.REQUIRED,
            "须邀请居民和利益相关方（城市居民委员会组织法第32条）。Those concerned are invited.",
            "invitedIds",
        )
    if len(ids) + len(names) > MOST_INVITED:
        raise Refused(
            Code.TOO_LONG, f"至多 {MOST_INVITED} 方。{MOST_INVITED} at most.", "invitedIds"
        )
    known = {row["id"] for row in await tx.rows(_ACTIVE, v_ids=list(ids))}
    for place, each in enumerate(ids):
        if each not in known:
            raise NotFound("invitedIds", str(place))
    called = [written(each, NAME_LENGTH, "invitedNames", str(n)) for n, each in enumerate(names)]
    return [
        *({"party_id": each, "member_id": each, "name": None} for each in dict.fromkeys(ids)),
        *({"party_id": tx.new_id(), "member_id": None, "name": each} for each in called),
    ]


async def _note_attendance(tx: Tx, consultation: Facts, ids: Sequence[UUID]) -> None:
    if not ids:
        raise Refused(Code.REQUIRED, "须登记到会的各方。Who came is recorded.", "attendedIds")
    came = await tx.rows(_CAME, v_id=consultation["id"], v_ids=list(ids))
    missing = {*ids} - {row["party_id"] for row in came}
    if missing:
        raise NotFound("attendedIds", str(list(ids).index(min(missing))))


def _agreed(agreements: Sequence[str], follow_up: FollowUp) -> list[str]:
    if len(agreements) > MOST_AGREEMENTS:
        raise Refused(
            Code.TOO_LONG, f"至多 {MOST_AGREEMENTS} 条。{MOST_AGREEMENTS} at most.", "agreements"
        )
    if bool(agreements) == (follow_up is FollowUp.NO_AGREEMENT):
        raise Refused(
            Code.INVALID,
            "达成一致的须写明各条，未达成一致的不写。Agreements are listed if there are any.",
            "agreements",
        )
    return [
        written(each, AGREEMENT_LENGTH, "agreements", str(n)) for n, each in enumerate(agreements)
    ]


_AMONG = sa.any_(sa.bindparam("v_ids", type_=sa.ARRAY(members.c.id.type)))
_ACTIVE = sa.select(members.c.id).where(
    members.c.community_id == TENANT, members.c.id == _AMONG, among(members.c.state, "ACTIVE")
)
_CAME = (
    sa.update(consultation_parties)
    .where(
        consultation_parties.c.community_id == TENANT,
        consultation_parties.c.consultation_id
        == sa.bindparam("v_id", type_=consultations.c.id.type),
        consultation_parties.c.party_id == _AMONG,
    )
    .values(attended=sa.true())
    .returning(consultation_parties.c.party_id)
)
