"""Notices with an audience: whom they are for, who acknowledges them, and who knows that."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tenants.ids import new_id
from tenants.membership.tables import households, member_records
from tests.conftest import SignIn
from tests.street import SECRETARY, STAFF, Answer, Make, SignedIn, door, key

READ = """query ($id: ID!) { post(id: $id) { audience { buildings offices isAcknowledgementAsked
  isForViewer acknowledged acknowledgements { nodes { member { displayName } } }
  viewerAcknowledgement { at } } viewerCan { acknowledgeNotice { allowed code } } } }"""
EVERYTHING = """select (select jsonb_agg(to_jsonb(m) order by m.post_id, m.member_id) from tenant.read_mark m)::text,
  (select jsonb_agg(to_jsonb(n) order by n.post_id) from tenant.notice n)::text,
  (select count(*) from tenant.post), (select count(*) from tenant.audit_entry)"""


class Block:
    """Members of building 3, one by their household's address, and one of building 4."""

    def __init__(self, make: Make, signed_in: SignIn) -> None:
        self.make, self.signed_in = make, signed_in

    async def settle(self) -> "Block":
        """Have the people move in."""
        make, signed_in = self.make, self.signed_in
        self.place = await make.community()
        self.third = signed_in(await make.member(self.place))
        addressed = await make.member(self.place)
        other = await make.member(self.place)
        async with make.inside(self.place.key) as connection:
            for who, building in ((addressed, None), (other, "4号楼")):
                await connection.execute(
                    "update tenant.member set building = $2 where id = $1", who.id, building
                )
        now = datetime.now(UTC)
        home = new_id(now)
        await make.row(self.place, households, id=home, **door("３幢", "502室"))
        await make.row(
            self.place, member_records, id=addressed.id, household_id=home, kind="REGISTERED",
            applied_at=now, version=1,
        )  # fmt: skip
        self.addressed, self.other = signed_in(addressed), signed_in(other)
        self.staff = signed_in(await make.member(self.place, *STAFF))
        self.secretary = signed_in(await make.member(self.place, *SECRETARY))
        return self

    async def write(self, board: str = "notices", **given: Any) -> Answer:
        """Have the staff write a notice."""
        return await self.staff.do(
            "createPost", "post { id }", boardId=self.place.board(board), title="停水",
            body="明日八时起停水。", idempotencyKey=key(), **given,
        )  # fmt: skip

    async def sees(self, who: SignedIn, post: str) -> Any:
        """Return what a person sees of a notice."""
        return (await who.run(READ, id=post)).data["post"]


@pytest.fixture
async def block(make: Make, signed_in: SignIn) -> Block:
    """A community for one test."""
    return await Block(make, signed_in).settle()


async def test_a_notice_for_a_building_is_acknowledged_by_those_who_live_there(
    block: Block,
) -> None:
    written = await block.write(audienceBuildings=["3号楼"], asksAcknowledgement=True)
    post = written.payload["post"]["id"]
    waits = "{ viewer { pending { noticesToAcknowledge { nodes { id } } } } }"
    for who, asked in ((block.third, True), (block.addressed, True), (block.other, False)):
        seen = await block.sees(who, post)
        assert seen["audience"]["isForViewer"] is asked, "everybody reads it"
        assert seen["viewerCan"]["acknowledgeNotice"]["allowed"] is asked
        listed = (await who.run(waits)).data["viewer"]["pending"]["noticesToAcknowledge"]["nodes"]
        assert listed == ([{"id": post}] if asked else [])

    for who in (block.third, block.addressed):
        done = await who.do("acknowledgeNotice", "post { id viewerHasRead }", postId=post)
        assert done.payload["post"] == {"id": post, "viewerHasRead": True}

    before = [tuple(row) for row in await block.make.rows(block.place, EVERYTHING)]
    assert (await block.third.do("acknowledgeNotice", postId=post)).refusals == ["ALREADY_DONE"]
    assert (await block.other.do("acknowledgeNotice", postId=post)).refusals == ["FORBIDDEN"]
    assert [tuple(row) for row in await block.make.rows(block.place, EVERYTHING)] == before
    for who, names in ((block.secretary, 2), (block.third, 1), (block.other, 0)):
        audience = (await block.sees(who, post))["audience"]
        assert audience["acknowledged"] == 2
        assert len(audience["acknowledgements"]["nodes"]) == names
        assert (audience["viewerAcknowledgement"] is not None) == (who is block.third)


async def test_a_notice_for_an_office_is_for_its_holders(block: Block) -> None:
    written = await block.write(audienceOffices=["PARTY_SECRETARY"], asksAcknowledgement=True)
    post = written.payload["post"]["id"]
    asked = {
        who.person.id: (await block.sees(who, post))["audience"]["isForViewer"]
        for who in (block.secretary, block.staff, block.third)
    }
    assert [*asked.values()] == [True, False, False]


async def test_who_read_a_notice_before_may_still_acknowledge_it(block: Block) -> None:
    post = (await block.write(asksAcknowledgement=True)).payload["post"]["id"]
    await block.other.do("markRead", postIds=[post])
    assert (await block.sees(block.other, post))["audience"]["acknowledged"] == 0
    assert (await block.other.do("acknowledgeNotice", postId=post)).refusals == []
    assert (await block.sees(block.other, post))["audience"]["acknowledged"] == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"board": "neighbours", "asksAcknowledgement": True}, "INVALID"),
        ({"audienceBuildings": [" "]}, "REQUIRED"),
        ({"audienceBuildings": ["楼" * 21]}, "TOO_LONG"),
        ({"audienceBuildings": [f"{n}号楼" for n in range(51)]}, "TOO_LONG"),
    ],
)
async def test_what_is_no_audience_is_refused_and_nothing_is_posted(
    block: Block, given: dict[str, Any], code: str
) -> None:
    before = [tuple(row) for row in await block.make.rows(block.place, EVERYTHING)]
    assert (await block.write(**given)).refusals == [code]
    assert [tuple(row) for row in await block.make.rows(block.place, EVERYTHING)] == before
