"""`linli votes minutes`: the page of a meeting, with what whoever asks may see."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tenants.scopes import Scope
from tests.conftest import Server, SignIn
from tests.linli import Linli
from tests.overheard import unspeakable
from tests.street import STAFF, Make, Person, key

pytestmark = pytest.mark.once
READS = frozenset({Scope.VOTE_READ, Scope.MEMBER_READ})


def minutes(server: Server, signed_in: SignIn, who: Person, meeting: str, file: Path) -> int:
    """Run the command as somebody; return its exit code."""
    token = unspeakable(who.token(signed_in.tokens, scopes=READS))
    linli = Linli(file.parent, LINLI_TOKEN=token)
    return linli("votes", "minutes", meeting, file, "--url", server.url).code


async def test_the_page_of_a_meeting_is_written_to_who_may_see_it(
    make: Make, signed_in: SignIn, server: Server, tmp_path: Path
) -> None:
    place = await make.residents_community()
    staff, resident = await make.member(place, *STAFF), await make.member(place)
    now = datetime.now(UTC)
    drafted = await signed_in(staff).do(
        "draftMeeting", "meeting { id }", ruleCode="RM_PERSON", title="居民<会议>", location="活动室",
        heldAt=(now + timedelta(days=12)).isoformat(), idempotencyKey=key(),
        opensAt=(now + timedelta(days=11)).isoformat(),
        closesAt=(now + timedelta(days=13)).isoformat(),
    )  # fmt: skip
    meeting = drafted.payload["meeting"]["id"]
    await signed_in(staff).do(
        "addMatter", meetingId=meeting, matter="RESIDENT_PACT", question="通过居民公约",
        idempotencyKey=key(),
    )  # fmt: skip

    hidden, page = tmp_path / "hidden.html", tmp_path / "minutes.html"
    assert minutes(server, signed_in, resident, meeting, hidden) == 1, "a draft is the staff's"
    assert not hidden.exists()
    assert minutes(server, signed_in, staff, meeting, page) == 0
    html = page.read_text(encoding="utf-8")
    for said in (
        "居民&lt;会议&gt;会议记录",
        "居民会议（年满十八周岁居民）",
        "通过居民公约",
        "没有异议",
    ):
        assert said in html, said
    assert "<会议>" not in html
    file = tmp_path / "meeting.zip"
    token = unspeakable(staff.token(signed_in.tokens, scopes=READS))
    linli = Linli(tmp_path, LINLI_TOKEN=token)
    assert linli("votes", "archive", meeting, file, "--url", server.url).code == 0
    assert linli("votes", "verify", file).code == 0
    file.write_bytes(file.read_bytes().replace(b"manifest.json", b"manifest.jsom"))
    assert linli("votes", "verify", file).code == 1
