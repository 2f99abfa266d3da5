"""Authorisations: record one, revoke it, and find the one by which representatives decide a matter."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from tenants.columns import TENANT
from tenants.errors import Code, NotFound, Refused
from tenants.places.tables import communities
from tenants.procedure import Facts
from tenants.taking import begin
from tenants.text import written
from tenants.transaction import Row, Tx
from tenants.votes.authorisations import (
    MOST_AUTHORISED,
    RECORD,
    AuthorisationWay,
    authorisations,
    holds_on,
)
from tenants.votes.ballots import Method
from tenants.votes.counting import Outcome
from tenants.votes.meetings import RECORD_LENGTH
from tenants.votes.results import vote_results
from tenants.votes.rules import Matter, RuleSet, authorising, rule_sets, serving
from tenants.votes.rules import matters as kinds_of_matters
from tenants.votes.tables import VoteState, votes
from tenants.workdays import day_of


async def record(
    tx: Tx,
    *,
    matters: Sequence[str],
    way: AuthorisationWay,
    vote_id: UUID | None,
    document: str | None,
    decided_on: date | None,
    expires_on: date | None,
) -> UUID:
    """Record what the representatives may decide: by a vote that passed here, or by a paper and its day.

    Raises INVALID, with the article, for a matter that the law does not let the representatives decide,
    and for a way or a vote that authorises nobody.
    """
    here = await tx.row(_HERE)
    assert here is not None  # noqa: S101 # a community is never deleted
    vote = None if vote_id is None else await _vote(tx, vote_id)
    kinds = _authorised(matters, here["kind"])
    if (vote_id is None) != (document is not None and decided_on is not None):
        raise Refused(
            Code.INVALID,
            "须填写本系统中的表决，或者书面决定及其日期，二者择一。\n"
            "Give a vote that was taken here, or a document with its day, and not both.",
            "voteId",
        )
    if way.value not in kinds.ways or (vote_id is not None and way is not AuthorisationWay.MEETING):
        raise Refused(
            Code.INVALID,
            f"不能以这种方式授权（{kinds.source}）。An authorisation is not given in this way.",
            "way",
        )
    if vote is not None:
        _passed(vote, kinds)
        decided_on = day_of(vote["published_at"])
    assert decided_on is not None  # noqa: S101 # either was given
    if decided_on > day_of(tx.now):
        raise Refused(Code.INVALID, "决定的日期还没有到。This day is still to come.", "decidedOn")
    if expires_on is not None and expires_on < decided_on:
        raise Refused(Code.INVALID, "止期早于决定之日。It ends before it begins.", "expiresOn")
    made = await begin(
        tx, RECORD,
        matters=sorted({*matters}), way=way.value, vote_id=vote_id,
        document=written(document, RECORD_LENGTH, "document") if document else None,
        decided_on=decided_on, expires_on=expires_on,
    )  # fmt: skip
    return made["id"]


def known(code: str, field: str = "matter") -> Matter:
    """Return a kind of matter by its code; raise INVALID if there is none."""
    found = kinds_of_matters().get(code)
    if found is None:
        raise Refused(Code.INVALID, "没有这种事项。There is no such matter.", field)
    return found


def rule_for(matter: Matter, rule: RuleSet) -> RuleSet:
    """Return the rule set under which a meeting decides a matter (tenants.votes.rules.serving).

    Raises INVALID, with the article, if the law gives the matter to another body.
    """
    found = serving(matter, rule)
    if found is None:
        raise _refused(matter, f"不由{rule.name}决定。This body does not decide it.")
    return found


async def authority(
    tx: Tx, matter: Matter, meeting: Facts, announced: UUID | None = None
) -> UUID | None:
    """Return the authorisation by which a meeting decides a matter; None where it needs none.

    Raises INVALID, with the article, if none holds on the day of the sitting: of all, or of the
    announced one.
    """
    if meeting["rule_code"] not in matter.if_authorised:
        return None
    day = day_of(meeting["held_at"])
    found = await tx.row(_HOLDS, v_matter=matter.code, v_day=day, v_announced=announced)
    if found is None:
        raise _refused(
            matter,
            "须先经有权的会议授权，授权在开会当天有效。The meeting of all must authorise this one "
            "first, for the day of the sitting.",
        )
    return found["id"]


def _authorised(codes: Sequence[str], kind: str) -> Matter:
    """Return the matter by which representatives are authorised to decide these; raise INVALID."""
    if not 1 <= len({*codes}) <= MOST_AUTHORISED:
        raise Refused(
            Code.INVALID, f"须有 1–{MOST_AUTHORISED} 种事项。Name 1 to {MOST_AUTHORISED} kinds.", "matters"
        )  # fmt: skip
    bodies: set[str] = set()
    for code in codes:
        matter = known(code, "matters")
        if not matter.if_authorised:
            raise _refused(
                matter, "不能授权代表会议决定。Representatives cannot be authorised.", "matters"
            )
        bodies |= matter.if_authorised
    if not any(rule.kind == kind for rule in rule_sets() if {rule.code} == bodies):
        raise Refused(
            Code.INVALID, "不是本类社区的事项。Matters of another kind of community.", "matters"
        )
    return authorising(*bodies)


async def _vote(tx: Tx, vote_id: UUID) -> Row:
    vote = await tx.row(_VOTE, v_id=vote_id)
    if vote is None or vote["state"] == VoteState.DRAFT:
        raise NotFound("voteId")
    return vote


def _passed(vote: Facts, kinds: Matter) -> None:
    """Raise unless a vote authorises, passed and is final."""
    if vote["matter"] != kinds.code or vote["method"] != Method.PROPOSAL:
        raise _refused(kinds, "这项表决不是授权。This vote is of another matter.", "voteId")
    if (vote["state"], vote["outcome"]) != (VoteState.FINAL, Outcome.PASSED):
        raise Refused(
            Code.WRONG_STATE,
            "该表决没有通过，或者结果尚未生效。It did not pass, or is not final yet.",
            "voteId",
        )


def _refused(matter: Matter, why: str, field: str = "matter") -> Refused:
    return Refused(Code.INVALID, f"{matter.name}：{why}（{matter.source}）", field)


_HERE = sa.select(communities.c.kind).where(communities.c.community_id == TENANT)
_ANNOUNCED = sa.bindparam("v_announced", type_=authorisations.c.id.type)
_HOLDS = (
    sa.select(authorisations.c.id)
    .where(
        authorisations.c.community_id == TENANT,
        sa.bindparam("v_matter", type_=sa.Text()) == sa.any_(authorisations.c.matters),
        holds_on(sa.bindparam("v_day", type_=sa.Date())),
        (authorisations.c.id == _ANNOUNCED) | _ANNOUNCED.is_(None),
    )
    .order_by(authorisations.c.id)
    .limit(sa.literal_column("1"))
)
_VOTE = (
    sa.select(votes.c.state, votes.c.matter, votes.c.method, votes.c.published_at, vote_results.c.outcome)
    .outerjoin(
        vote_results,
        (vote_results.c.community_id == TENANT)
        & (vote_results.c.community_id == votes.c.community_id)
        & (vote_results.c.vote_id == votes.c.id),
    )
    .where(
        votes.c.community_id == TENANT,
        votes.c.id == sa.bindparam("v_id", type_=votes.c.id.type),
    )
)  # fmt: skip
