"""Votes of a meeting are extended once, and only as its notice said."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

import pytest

from api.settings import Settings
from tenants.embedded import Cluster
from tests.assembly import CLOSES, DAY, HOUR, OPENS, YES, Assembly
from tests.clockwork import House, house
from tests.street import key

pytestmark = pytest.mark.once
UNTIL = CLOSES + 2 * DAY
SEEN = """query ($id: ID!) { node(id: $id) { ... on Meeting { closesAt extendableUntil extensionReason
  matters { state closesAt } } } }"""


@pytest.fixture(scope="module")
async def hall(
    settings: Settings, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[House]:
    """A server for this file only, whose clock the tests set."""
    folder = tmp_path_factory.mktemp("extended")
    async with house(settings, cluster, folder, "extended", 60) as opened:
        yield opened


@pytest.fixture
async def assembly(hall: House) -> Assembly:
    """A community that no other test uses."""
    return await Assembly(hall).settle()


async def announced(assembly: Assembly, **given: Any) -> tuple[str, str]:
    """Announce a meeting with one matter."""
    meeting = (await assembly.draft(**given)).payload["meeting"]["id"]
    vote = (await assembly.add(meeting)).payload["vote"]["id"]
    await assembly.does(assembly.staff, "setMeetingRoll", meetingId=meeting, everyMember=True)
    await assembly.does(assembly.staff, "noticeMeeting", meetingId=meeting)
    return meeting, vote


def extend(assembly: Assembly, meeting: str, by: timedelta, **given: Any) -> Any:
    """Put off the close by so much."""
    return assembly.staff.do(
        "extendVoting", meetingId=meeting,
        **{"closesAt": (CLOSES + by).isoformat(), "reason": "到会人数不足", **given},
    )  # fmt: skip


async def test_votes_are_extended_once_as_the_notice_said(assembly: Assembly) -> None:
    early = assembly.draft(extendableUntil=CLOSES.isoformat())
    assert (await assembly.refused(early)).startswith("INVALID 须晚于截止时间")
    meeting, vote = await announced(assembly, extendableUntil=UNTIL.isoformat())
    assert (await assembly.refused(extend(assembly, meeting, DAY))).startswith("WRONG_STATE")
    await assembly.at(OPENS)
    for by in (timedelta(0), 2 * DAY + HOUR):
        assert (await assembly.refused(extend(assembly, meeting, by))).startswith("INVALID 须晚于")
    resident = assembly.residents[0].do(
        "extendVoting", meetingId=meeting, closesAt=UNTIL.isoformat(), reason="不够"
    )
    assert await assembly.refused(resident) == "FORBIDDEN"
    assert (await extend(assembly, meeting, DAY)).refusals == []
    assert (await assembly.refused(extend(assembly, meeting, 2 * DAY))).startswith("ALREADY_DONE")
    seen = (await assembly.residents[0].run(SEEN, id=meeting)).data["node"]
    new = (CLOSES + DAY).isoformat()
    assert seen == {
        "closesAt": new, "extendableUntil": UNTIL.isoformat(), "extensionReason": "到会人数不足",
        "matters": [{"state": "OPEN", "closesAt": new}],
    }  # fmt: skip
    await assembly.at(CLOSES)
    await assembly.votes(vote, YES)
    await assembly.at(CLOSES + DAY)
    seen = await assembly.sees(assembly.residents[0], vote)
    assert seen["state"] == "CLOSED"
    assert {"action": "EXTENDED", "reason": "到会人数不足"} in seen["events"]["nodes"]
    late = assembly.residents[1].do("castBallot", voteId=vote, marks=[1, 0], idempotencyKey=key())
    assert (await assembly.refused(late)).startswith("WRONG_STATE")
    assert (await assembly.refused(extend(assembly, meeting, 2 * DAY))).startswith("WRONG_STATE")


async def test_without_a_word_in_the_notice_nothing_is_extended(assembly: Assembly) -> None:
    meeting, _ = await announced(assembly)
    await assembly.at(OPENS)
    told = await assembly.refused(extend(assembly, meeting, DAY))
    assert told.startswith(
        "INVALID 公告没有写明可以延期，城市居民委员会组织法（2025年修订）第26、27条"
    )
