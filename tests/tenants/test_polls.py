"""Polls: from the question to the published result, and what nobody learns before it."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.settings import Settings
from tenants.embedded import Cluster
from tests.clockwork import House, house
from tests.street import STAFF, Answer, SignedIn, key

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
NOON = datetime(2026, 12, 7, 4, tzinfo=UTC)
VOTE = """id track question method mostMarks state opensAt closesAt eligible turnoutPercent
  viewerIsOnRoll options { position label } author { displayName } board { slug } voidReason
  viewerBallot { marks version channel } result { outcome winners ballots invalid rounds
    tallies { unit eligible attending participating votes against abstained void } }
  ballots(first: 50) { totalCount nodes { marks channel voter { displayName } } }
  events(first: 9) { nodes { action reason } }
  viewerCan { castBallot { allowed code } voidPoll { allowed code } }"""
ASKED = f"query ($id: ID!) {{ node(id: $id) {{ ... on Vote {{ {VOTE} }} }} }}"
EVERYTHING = """
select (select jsonb_agg(to_jsonb(v) order by v.id) from tenant.vote v)::text,
       (select jsonb_agg(to_jsonb(b) order by b.vote_id, b.voter_id) from tenant.vote_ballot b)::text,
       (select count(*) from tenant.vote_voter), (select count(*) from tenant.vote_roll),
       (select count(*) from tenant.vote_option), (select count(*) from tenant.vote_event),
       (select count(*) from tenant.audit_entry), (select count(*) from tenant.outbox_event)"""


@pytest.fixture(scope="module")
async def hall(
    settings: Settings, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[House]:
    """Give a server for this file only, whose clock the tests set."""
    async with house(settings, cluster, tmp_path_factory.mktemp("polls"), "polls", 60) as opened:
        yield opened


class Square:
    """It is a community with five neighbours and one of the staff."""

    def __init__(self, hall: House) -> None:
        self.hall = hall

    async def settle(self) -> "Square":
        """Have the people move in."""
        self.hall.watch.now = NOON
        self.place = await self.hall.make.community()
        make, signed_in = self.hall.make, self.hall.signed_in
        self.neighbours = [signed_in(await make.member(self.place)) for _ in range(5)]
        self.staff = signed_in(await make.member(self.place, *STAFF))
        self.author = self.neighbours[0]
        return self

    async def start(self, who: SignedIn | None = None, **given: Any) -> Answer:
        """Start a poll."""
        return await (who or self.author).do(
            "startPoll", f"vote {{ {VOTE} }}",
            **{
                "boardId": self.place.board(), "question": "充电桩装在哪里？",
                "options": ["东门", "西门", "不装"], "closesAt": (NOON + DAY).isoformat(),
                "idempotencyKey": key(), **given,
            },
        )  # fmt: skip

    async def started(self, **given: Any) -> str:
        """Start a poll that must succeed; return its id."""
        answer = await self.start(**given)
        assert answer.refusals == [], answer.body
        return answer.payload["vote"]["id"]

    async def sees(self, who: SignedIn, vote: str) -> dict[str, Any]:
        """Return what a person sees of a vote."""
        return (await who.run(ASKED, id=vote)).data["node"]

    async def refused(self, work: Any) -> list[str]:
        """Assert that something is refused and changes nothing; return the codes."""
        query = EVERYTHING
        before = [tuple(row) for row in await self.hall.make.rows(self.place, query)]
        answer: Answer = await work
        assert answer.codes or answer.refusals, answer.body
        assert [tuple(row) for row in await self.hall.make.rows(self.place, query)] == before
        return answer.codes or answer.refusals


@pytest.fixture
async def square(hall: House) -> Square:
    """Give a community that no other test uses."""
    return await Square(hall).settle()


async def cast(who: SignedIn, vote: str, *marks: int, **given: Any) -> Answer:
    """Cast a ballot."""
    return await who.do(
        "castBallot", f"vote {{ {VOTE} }}",
        **{"voteId": vote, "marks": list(marks), "idempotencyKey": key(), **given},
    )  # fmt: skip


async def test_a_poll_from_the_question_to_the_published_result(square: Square) -> None:
    answer = await square.start(details="两处都能接电。")
    vote = answer.payload["vote"]
    assert vote["state"] == "OPEN"
    assert (vote["track"], vote["eligible"], vote["viewerIsOnRoll"]) == ("POLL", 6, True)
    assert [each["label"] for each in vote["options"]] == ["东门", "西门", "不装"]
    first, second, third, fourth, _ = square.neighbours
    for who, marks in ((first, (1, 0, 0)), (second, (0, 1, 0)), (third, (0, 0, 0))):
        assert (await cast(who, vote["id"], *marks)).refusals == []
    changed = await cast(first, vote["id"], 0, 1, 0, replaces=1)
    assert changed.payload["vote"]["viewerBallot"] == {
        "marks": [0, 1, 0], "version": 2, "channel": "ONLINE",
    }  # fmt: skip

    square.hall.watch.now = NOON + DAY - MINUTE
    seen = await square.sees(fourth, vote["id"])
    assert (seen["result"], seen["ballots"]["totalCount"], seen["turnoutPercent"]) == (None, 0, 50)
    await square.hall.sweep(NOON + DAY - MINUTE)
    await square.hall.sweep(NOON + DAY)
    seen = await square.sees(fourth, vote["id"])
    assert seen["state"] == "CLOSED"
    assert seen["result"] == {
        "outcome": "CHOSEN", "winners": [1], "ballots": 3, "invalid": 0, "rounds": [],
        "tallies": [
            {"unit": "PERSONS", "eligible": 6, "attending": None, "participating": 3,
             "votes": [0, 2, 0], "against": [0, 0, 0], "abstained": 1, "void": 0}
        ],
    }  # fmt: skip
    assert sorted(each["marks"] for each in seen["ballots"]["nodes"]) == [
        [0, 0, 0], [0, 1, 0], [0, 1, 0],
    ]  # fmt: skip
    assert [each["action"] for each in seen["events"]["nodes"]] == ["STARTED", "OPENED", "CLOSED"]
    assert await square.refused(cast(fourth, vote["id"], 1, 0, 0)) == ["WRONG_STATE"]


async def test_before_the_close_nobody_sees_anothers_ballot_or_a_number(square: Square) -> None:
    vote = await square.started()
    for who in square.neighbours[:3]:
        assert (await cast(who, vote, 1, 0, 0)).refusals == []
    for who in (square.author, square.staff, square.neighbours[4]):
        seen = await square.sees(who, vote)
        assert seen["result"] is None
        assert seen["ballots"] == {"totalCount": 0, "nodes": []}
        # of the last full ten minutes
        assert seen["turnoutPercent"] == 0
    # nothing of a cast is written where the staff read
    log = await square.hall.make.rows(square.place, "select action from tenant.audit_entry")
    assert sorted(row["action"] for row in log) == [
        "community.created", "vote.opened", "vote.started",
    ]  # fmt: skip


async def test_a_retry_after_the_close_gets_its_first_answer(square: Square) -> None:
    vote, once = await square.started(), key()
    who = square.neighbours[1]
    first = await cast(who, vote, 1, 0, 0, idempotencyKey=once)
    await square.hall.sweep(NOON + DAY)
    again = await cast(who, vote, 1, 0, 0, idempotencyKey=once)
    assert (first.refusals, again.refusals) == ([], [])
    assert again.payload["vote"]["viewerBallot"]["marks"] == [1, 0, 0]
    assert await square.refused(cast(who, vote, 1, 0, 0)) == ["WRONG_STATE"]


async def test_at_the_closing_moment_a_ballot_is_late(square: Square) -> None:
    vote = await square.started()
    square.hall.watch.now = NOON + DAY
    # the clock has not come by yet
    assert await square.refused(cast(square.author, vote, 1, 0, 0)) == ["WRONG_STATE"]
    square.hall.watch.now = NOON + DAY - timedelta(microseconds=1)
    assert (await cast(square.author, vote, 1, 0, 0)).refusals == []


async def test_one_voter_at_once_two_hundred_times(square: Square) -> None:
    vote, once = await square.started(), key()
    answers = await asyncio.gather(
        *(cast(square.author, vote, 1, 0, 0, idempotencyKey=once) for _ in range(200))
    )
    assert {str(answer.payload["vote"]["viewerBallot"]) for answer in answers} == {
        "{'marks': [1, 0, 0], 'version': 1, 'channel': 'ONLINE'}"
    }
    others = await asyncio.gather(*(cast(square.neighbours[1], vote, 0, 1, 0) for _ in range(50)))
    codes = [answer.refusals for answer in others]
    assert codes.count([]) == 1
    assert codes.count(["VERSION_CONFLICT"]) == 49
    rows = await square.hall.make.rows(square.place, "select version from tenant.vote_ballot")
    assert [row["version"] for row in rows] == [1, 1]


async def test_a_first_ballot_that_comes_late_undoes_no_change(square: Square) -> None:
    vote = await square.started()
    assert (await cast(square.author, vote, 1, 0, 0)).refusals == []
    assert (await cast(square.author, vote, 0, 1, 0, replaces=1)).refusals == []
    assert await square.refused(cast(square.author, vote, 1, 0, 0)) == ["VERSION_CONFLICT"]
    assert await square.refused(cast(square.author, vote, 1, 0, 0, replaces=1)) == [
        "VERSION_CONFLICT"
    ]
    other = square.neighbours[2]
    assert await square.refused(cast(other, vote, 1, 0, 0, replaces=1)) == ["VERSION_CONFLICT"]


@pytest.mark.parametrize(
    ("given", "marks"),
    [
        ({}, (1, 1, 0)), ({}, (1, 0)), ({}, (2, 0, 0)), ({}, (-1, 0, 0)), ({}, (1, 0, 0, 0)),
        ({"method": "MULTIPLE", "mostMarks": 2}, (1, 1, 1)),
        ({"method": "RANKED", "mostMarks": 3}, (1, 1, 2)),
        ({"method": "RANKED", "mostMarks": 3}, (1, 3, 0)),
        ({"method": "CANDIDATES", "mostMarks": 1}, (1, 1, 2)),
        ({"method": "PROPOSAL", "options": None}, (1, 1)),
    ],
)  # fmt: skip
async def test_a_ballot_that_the_method_does_not_allow_is_refused(
    square: Square, given: dict[str, Any], marks: tuple[int, ...]
) -> None:
    vote = await square.started(**given)
    assert await square.refused(cast(square.author, vote, *marks)) == ["INVALID"]


@pytest.mark.parametrize(
    "given",
    [
        {"options": ["东门"]}, {"options": []}, {"options": ["东门", "东门"]},
        {"options": [f"{n}号楼" for n in range(21)]}, {"options": ["东门", " "]},
        {"options": ["东门", "长" * 101]}, {"question": " "}, {"question": "长" * 201},
        {"method": "PROPOSAL"}, {"method": "MULTIPLE", "mostMarks": 4},
        {"method": "MULTIPLE", "mostMarks": 0},
        {"closesAt": NOON.isoformat()}, {"closesAt": (NOON + 61 * DAY).isoformat()},
        {"opensAt": (NOON + 61 * DAY).isoformat(), "closesAt": (NOON + 62 * DAY).isoformat()},
        {"opensAt": (NOON + 2 * DAY).isoformat()},
    ],
)  # fmt: skip
async def test_what_makes_no_poll_is_refused(square: Square, given: dict[str, Any]) -> None:
    codes = await square.refused(square.start(**given))
    assert codes[0] in {"INVALID", "REQUIRED", "TOO_LONG"}


async def test_a_poll_opens_at_its_time_for_the_members_of_then(square: Square) -> None:
    vote = await square.started(opensAt=(NOON + MINUTE).isoformat())
    seen = await square.sees(square.author, vote)
    assert (seen["state"], seen["eligible"], seen["viewerIsOnRoll"]) == ("DRAFT", None, False)
    assert await square.sees(square.neighbours[1], vote) is None
    assert await square.refused(cast(square.author, vote, 1, 0, 0)) == ["WRONG_STATE"]
    make, signed_in = square.hall.make, square.hall.signed_in
    newcomer = signed_in(await make.member(square.place))
    await square.hall.sweep(NOON + MINUTE)
    latecomer = signed_in(await make.member(square.place))
    assert (await cast(newcomer, vote, 1, 0, 0)).refusals == []
    assert await square.refused(cast(latecomer, vote, 1, 0, 0)) == ["FORBIDDEN"]
    assert (await square.sees(latecomer, vote))["eligible"] == 7


async def test_a_poll_that_slept_through_its_whole_time_is_opened_and_closed(
    square: Square,
) -> None:
    vote = await square.started(opensAt=(NOON + MINUTE).isoformat())
    await square.hall.sweep(NOON + 3 * DAY)
    seen = await square.sees(square.author, vote)
    assert seen["state"] == "CLOSED"
    assert (seen["result"]["outcome"], seen["result"]["winners"]) == ("TIE", [])
    assert [each["action"] for each in seen["events"]["nodes"]] == ["STARTED", "OPENED", "CLOSED"]


async def test_its_author_and_the_staff_void_it_and_nothing_is_published(square: Square) -> None:
    vote = await square.started()
    other = square.neighbours[1]
    assert (await cast(other, vote, 1, 0, 0)).refusals == []
    refused = other.do("voidPoll", voteId=vote, reason="不想要")
    assert await square.refused(refused) == ["FORBIDDEN"]
    assert await square.refused(square.author.do("voidPoll", voteId=vote, reason=" ")) == [
        "REQUIRED"
    ]
    answer = await square.staff.do(
        "voidPoll", "vote { state voidReason }", voteId=vote, reason="选项写错了"
    )
    assert answer.payload["vote"] == {"state": "VOID", "voidReason": "选项写错了"}
    await square.hall.sweep(NOON + 2 * DAY)
    seen = await square.sees(other, vote)
    assert (seen["state"], seen["result"], seen["ballots"]["totalCount"]) == ("VOID", None, 0)
    assert await square.refused(cast(other, vote, 1, 0, 0)) == ["WRONG_STATE"]


async def test_three_open_polls_each_and_no_more(square: Square) -> None:
    for _ in range(3):
        await square.started()
    assert await square.refused(square.start()) == ["QUOTA_EXCEEDED"]
    await square.hall.sweep(NOON + DAY)
    square.hall.watch.now = NOON + DAY
    await square.started(closesAt=(NOON + 2 * DAY).isoformat())


async def test_a_ranked_poll_has_its_rounds(square: Square) -> None:
    vote = await square.started(method="RANKED", mostMarks=3)
    ranked = [(1, 2, 3), (1, 2, 3), (3, 1, 2), (3, 1, 2), (2, 3, 1)]
    for who, marks in zip(square.neighbours, ranked, strict=True):
        assert (await cast(who, vote, *marks)).refusals == []
    await square.hall.sweep(NOON + DAY)
    result = (await square.sees(square.author, vote))["result"]
    assert result["rounds"] == [2, 2, 1, 3, 2, 0]
    assert result["winners"] == [0]


async def test_the_list_of_a_community_is_filtered_by_state(square: Square) -> None:
    closed = await square.started()
    await square.hall.sweep(NOON + DAY)
    opened = await square.started(closesAt=(NOON + 2 * DAY).isoformat())
    query = """query ($state: VoteState) {
      community { votes(state: $state) { totalCount nodes { id } } } }"""
    for state, ids in ((None, [opened, closed]), ("OPEN", [opened]), ("CLOSED", [closed])):
        found = (await square.author.run(query, state=state)).data["community"]["votes"]
        assert [each["id"] for each in found["nodes"]] == ids


async def test_ballots_of_the_closing_second_are_all_counted_or_all_refused(
    square: Square,
) -> None:
    vote = await square.started()
    square.hall.watch.now = NOON + DAY - timedelta(seconds=1)
    answers: list[tuple[str, Answer]] = []

    async def casts(who: SignedIn) -> None:
        answers.append((who.person.public_id, await cast(who, vote, 1, 0, 0)))

    async def close() -> None:
        await asyncio.sleep(0.05)
        await square.hall.sweep(NOON + DAY)

    await asyncio.gather(close(), *(casts(who) for who in square.neighbours for _ in range(5)))
    await square.hall.sweep(NOON + DAY)
    in_time = [who for who, answer in answers if not answer.refusals]
    assert len(in_time) == len({*in_time})
    said = {code for _, answer in answers for code in answer.refusals}
    assert said <= {"VERSION_CONFLICT", "WRONG_STATE"}
    seen = await square.sees(square.staff, vote)
    assert seen["result"]["ballots"] == seen["ballots"]["totalCount"] == len(in_time)
    assert sum(seen["result"]["tallies"][0]["votes"]) == len(in_time)
