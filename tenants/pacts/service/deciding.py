"""A meeting decides on a pact: here is said by which matter, and what the vote came to."""

from uuid import UUID

import sqlalchemy as sa

from tenants import audit
from tenants.columns import TENANT
from tenants.errors import Code, NotFound, Refused
from tenants.pacts.kinds import Process
from tenants.pacts.matters import pact_votes
from tenants.pacts.procedure import CONCLUDE_VOTE, REPEAL, SUBMIT_REPEAL, SUBMIT_TO_VOTE
from tenants.pacts.service.publishing import require_answered
from tenants.pacts.service.reviewing import process_for
from tenants.pacts.service.texts import check_text
from tenants.pacts.tables import pacts
from tenants.pacts.words import PactStage, PactVotePurpose
from tenants.procedure import Facts
from tenants.taking import said, take
from tenants.transaction import Row, Tx, unless_taken
from tenants.votes.assemblies import assemblies
from tenants.votes.ballots import Method
from tenants.votes.counting import Outcome
from tenants.votes.results import vote_results, vote_tallies
from tenants.votes.rules import matters
from tenants.votes.tables import votes
from tenants.workdays import after_days

_OVERTURNED = ("ANNULLED", "ORDERED_TO_CORRECT", "REVOKED")


async def submit_to_vote(tx: Tx, *, pact_id: UUID, vote_id: UUID) -> UUID:
    """Say which matter of a meeting that is not announced yet decides the published text.

    Raises INVALID, with the article, for a matter that the law does not let decide it.
    """
    pact = await tx.find(pacts, pact_id, "pactId", permit=SUBMIT_TO_VOTE)
    await require_answered(tx, pact)
    await check_text(tx, pact)
    await _put(tx, pact, vote_id, PactVotePurpose.ADOPT)
    await take(tx, SUBMIT_TO_VOTE, pact)
    return pact["id"]


async def submit_repeal(tx: Tx, *, pact_id: UUID, vote_id: UUID) -> UUID:
    """Say which matter of a meeting that is not announced yet decides whether a pact is repealed."""
    pact = await tx.find(pacts, pact_id, "pactId", permit=SUBMIT_REPEAL)
    await _put(tx, pact, vote_id, PactVotePurpose.REPEAL)
    await audit.record(tx, "pact.repeal_submitted", subject=pact["id"])
    return pact["id"]


async def conclude_vote(tx: Tx, *, pact_id: UUID, women_attending: int | None) -> UUID:
    """Enter what the vote on a pact came to, once it is final, void or overturned.

    Raises WRONG_STATE while it is neither, and REQUIRED without the number of women who came where
    the guidance asks for it.
    """
    pact = await tx.find(pacts, pact_id, "pactId", permit=CONCLUDE_VOTE)
    await check_text(tx, pact)
    vote = await _vote_of(tx, pact, PactVotePurpose.ADOPT)
    if vote is None or vote["text_hash"] != pact["text_hash"]:
        raise _other_text()
    process = await process_for(tx, pact)
    to = _end(pact, vote, process)
    given: dict[str, object] = {}
    if to == "ADOPTED":
        given = await _adopted(tx, process, vote, women_attending)
    await take(tx, CONCLUDE_VOTE, pact, to=to, **given)
    return pact["id"]


async def repeal(tx: Tx, *, pact_id: UUID, reason: str) -> UUID:
    """Repeal a pact, once a meeting has decided so; a building's, for a reason."""
    pact = await tx.find(pacts, pact_id, "pactId", permit=REPEAL)
    process = await process_for(tx, pact)
    words = said(REPEAL, reason)
    if PactStage.VOTE in process.stages:
        vote = await _vote_of(tx, pact, PactVotePurpose.REPEAL)
        if vote is None or not _is_passed(vote):
            raise Refused(
                Code.INVALID,
                f"废止须由有权的会议决定，且结果已生效（{process.source}）。\n"
                "A meeting decides whether it is repealed, and its result is final first.",
                "pactId",
            )
    await take(tx, REPEAL, pact, words=words)
    return pact["id"]


async def require_decided(tx: Tx, pact: Facts) -> None:
    """Raise INVALID unless the text of a pact is the one that a final vote passed."""
    vote = await _vote_of(tx, pact, PactVotePurpose.ADOPT)
    if vote is None or not _is_passed(vote) or vote["text_hash"] != pact["text_hash"]:
        raise _other_text()


def _other_text() -> Refused:
    return Refused(
        Code.INVALID,
        "不是表决通过的文本，或表决结果已被推翻。It is not the text that was passed, or the result fell.",
        "pactId",
    )


async def _put(tx: Tx, pact: Facts, vote_id: UUID, purpose: PactVotePurpose) -> None:
    vote = await tx.row(_VOTE, v_id=vote_id)
    if vote is None:
        raise NotFound("voteId")
    process = await process_for(tx, pact)
    _fits(pact, vote, process)
    if vote["state"] != "DRAFT":
        raise Refused(
            Code.WRONG_STATE,
            "须在会议公告之前：公告时文本已定。Before the notice: the text is announced with it.",
            "voteId",
            current_state=vote["state"],
        )
    async with unless_taken(tx, "该事项已用于一件公约。It decides a pact already.", "voteId"):
        await tx.insert(
            pact_votes,
            vote_id=vote["id"], pact_id=pact["id"], version_id=pact["version_id"],
            text_hash=pact["text_hash"], purpose=purpose.value, put_at=tx.now,
            put_by=tx.viewer.id,
        )  # fmt: skip


def _fits(pact: Facts, vote: Facts, process: Process) -> None:
    """Raise INVALID, with the article, unless this matter can decide this pact."""
    assert process.matter is not None  # noqa: S101 # its rule refused a kind without a vote
    if vote["matter"] != process.matter:
        raise Refused(
            Code.INVALID,
            f"{process.pact.chinese}须作为“{matters()[process.matter].name}”表决（{process.source}）。\n"
            "It is decided as a matter of another kind.",
            "voteId",
        )
    if vote["method"] != Method.PROPOSAL or vote["buildings"] is not None:
        raise Refused(
            Code.INVALID,
            "公约由全体就同意或反对表决。All vote for or against it.",
            "voteId",
        )
    if pact["area_id"] is not None and vote["area_id"] != pact["area_id"]:
        raise Refused(
            Code.INVALID,
            "须由该物业区域的业主大会表决。The owners of its own area decide it.",
            "voteId",
        )


def _is_passed(vote: Facts) -> bool:
    return vote["state"] == "FINAL" and vote["outcome"] == Outcome.PASSED


def _end(pact: Facts, vote: Facts, process: Process) -> str:
    """Return the state that a vote leads to; raise WRONG_STATE if it leads to nothing new."""
    if vote["state"] in _OVERTURNED:
        return "ANNULLED"
    if pact["state"] == "ON_VOTE" and vote["state"] == "FINAL":
        return "ADOPTED" if _is_passed(vote) else "REJECTED"
    if pact["state"] == "ON_VOTE" and vote["state"] == "VOID":
        return "REVIEWED" if PactStage.REVIEW in process.stages else "PUBLISHED"
    raise Refused(
        Code.WRONG_STATE,
        "表决结果尚未生效，或没有新的结果。The result is not final yet, or there is nothing new.",
        "pactId",
        current_state=pact["state"],
    )


async def _adopted(tx: Tx, process: Process, vote: Facts, women: int | None) -> dict[str, object]:
    adopted_at = vote["objections_until"]
    given: dict[str, object] = {
        "adopted_at": adopted_at, "filing_due_at": after_days(adopted_at, process.filing_days),
    }  # fmt: skip
    if not process.counts_women:
        return given
    if women is None:
        raise Refused(
            Code.REQUIRED,
            f"须登记到会的妇女人数（{process.review_source}）。How many women came is recorded.",
            "womenAttending",
        )
    counted = await tx.row(_ATTENDING, v_id=vote["id"])
    attending = counted["attending"] if counted is not None else 0
    if not 0 <= women <= attending:
        raise Refused(
            Code.INVALID,
            f"到会 {attending}，妇女人数须在 0 与此之间。Between none and all who came.",
            "womenAttending",
        )
    return {**given, "attending": attending, "women_attending": women}


async def _vote_of(tx: Tx, pact: Facts, purpose: PactVotePurpose) -> Row | None:
    """Return the vote that was put last for a purpose, with its outcome."""
    return await tx.row(_VOTE_OF, v_id=pact["id"], v_purpose=purpose.value)


_ID = sa.bindparam("v_id", type_=votes.c.id.type)
_VOTE = (
    sa.select(
        votes.c.id, votes.c.state, votes.c.matter, votes.c.method, votes.c.buildings,
        sa.select(assemblies.c.area_id)
        .where(
            assemblies.c.community_id == TENANT, assemblies.c.meeting_id == votes.c.meeting_id
        )
        .scalar_subquery()
        .label("area_id"),
    )
    .where(
        votes.c.community_id == TENANT,
        votes.c.id == _ID,
        votes.c.track == sa.literal_column("'DECISION'"),
    )
    .with_for_update(read=True)
)  # fmt: skip
_VOTE_OF = (
    sa.select(
        votes.c.id, votes.c.state, votes.c.objections_until, pact_votes.c.text_hash,
        sa.select(vote_results.c.outcome)
        .where(vote_results.c.community_id == TENANT, vote_results.c.vote_id == votes.c.id)
        .scalar_subquery()
        .label("outcome"),
    )
    .join(votes, (votes.c.community_id == TENANT) & (votes.c.id == pact_votes.c.vote_id))
    .where(
        pact_votes.c.community_id == TENANT,
        pact_votes.c.pact_id == _ID,
        pact_votes.c.purpose == sa.bindparam("v_purpose", type_=sa.Text()),
    )
    .order_by(pact_votes.c.put_at.desc(), pact_votes.c.vote_id.desc())
    .limit(sa.literal_column("1"))
)  # fmt: skip
_ATTENDING = (
    sa.select(vote_tallies.c.attending)
    .where(vote_tallies.c.community_id == TENANT, vote_tallies.c.vote_id == _ID)
    .limit(sa.literal_column("1"))
)
