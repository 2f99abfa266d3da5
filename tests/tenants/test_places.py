"""Communities are created, renamed, suspended and resumed by the district or their own street."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from api.engine.identifiers import encode_id
from tests.conftest import SignIn
from tests.street import Make, SignedIn, cmt, key, pst
from tests.tenants.conftest import Lane, faults, id_of

COMMUNITY = "select name, state, suspended_reason, version from tenant.community"
STATE = "community { state suspensionReason }"
SUSPENDED = {"code": "WRONG_STATE", "path": ["input"], "currentState": "SUSPENDED"}
STREETS = (310113003, 310113102)
WHY = "why: userErrors { code path ... on StateError { currentState } }"


@pytest.fixture(params=["district", "street"])
async def admin(
    request: pytest.FixtureRequest, lane: Lane, make: Make, signed_in: SignIn
) -> SignedIn:
    """Give an officer above the community."""
    return signed_in(await make.officer(lane.place.street_id if request.param == "street" else 0))


@pytest.fixture
async def stranger(lane: Lane, make: Make, signed_in: SignIn) -> SignedIn:
    """Give an admin of another street."""
    return signed_in(await make.officer(STREETS[lane.place.street_id == STREETS[0]]))


async def street_of(admin: SignedIn) -> str:
    """Return the id of the one street under an admin."""
    answer = await admin.run("{ district { streets { id } } }")
    (street,) = answer.data["district"]["streets"]
    return street["id"]


async def keys_of(make: Make, code: str) -> list[int]:
    """Return the tenant key of a code, if it has one."""
    query = "select community_id from reference.community_key where code = $1"
    owner = await asyncpg.connect(make.cluster.url())
    rows = await owner.fetch(query, code)
    await owner.close()
    return [row["community_id"] for row in rows]


async def test_a_street_admin_founds_in_their_street_once(make: Make, signed_in: SignIn) -> None:
    admin = signed_in(await make.officer(STREETS[1]))
    street, code = await street_of(admin), f"{STREETS[1]}991"
    new = {"streetId": street, "code": code, "name": " 新苑居委会 ", "kind": "RESIDENTIAL"}
    select = "community { id name state street { id } counts { members posts comments } }"

    answers = await asyncio.gather(*(admin.do("createCommunity", select, **new) for _ in range(6)))

    assert sorted(a.refusals for a in answers) == [[], *[["ALREADY_DONE"]] * 5]
    (made,) = [a.payload["community"] for a in answers if not a.refusals]
    (tenant,) = await keys_of(make, code)
    place = await make.place(tenant)
    assert made == {
        "id": place.public_id, "name": "新苑居委会", "state": "ACTIVE", "street": {"id": street},
        "counts": {"members": 0, "posts": 0, "comments": 0},
    }  # fmt: skip
    assert set(place.boards) == {"notices", "party", "hall", "neighbours", "plaza", "affairs"}
    for table in ("audit_entry", "outbox_event"):
        told = await make.rows(place, f"select action, subject_id from tenant.{table}")
        assert [tuple(row) for row in told] == [("community.created", place.id)]


async def test_a_refused_founding_leaves_its_code_free(make: Make, signed_in: SignIn) -> None:
    admin, away = [signed_in(await make.officer(street)) for street in STREETS]
    code, other = f"{STREETS[0]}992", {"streetId": await street_of(away)}
    new = {"streetId": await street_of(admin), "code": code, "name": "新苑", "kind": "VILLAGE"}
    for given, refusal, field in (
        (other, "NOT_FOUND", "streetId"),
        ({"streetId": encode_id(uuid4(), "str_")}, "NOT_FOUND", "streetId"),
        ({"code": f"{STREETS[1]}992"}, "INVALID", "code"),
        ({"code": "31011300399"}, "INVALID", "code"),
        ({"code": "310113003٩٩٢"}, "INVALID", "code"),
        ({"name": " "}, "REQUIRED", "name"),
        ({"name": "长" * 61}, "TOO_LONG", "name"),
    ):
        refused = await admin.do("createCommunity", **{**new, **given})
        assert faults(refused) == [(refusal, ["input", field])], given
    assert await keys_of(make, code) == []
    assert (await admin.do("createCommunity", **new)).refusals == []


async def test_a_community_is_renamed_from_above(lane: Lane, admin: SignedIn) -> None:
    before = await lane.rows(COMMUNITY)
    for name, code in (("", "REQUIRED"), (" \n", "REQUIRED"), ("长" * 61, "TOO_LONG")):
        refused = await admin.do("renameCommunity", communityId=lane.place.public_id, name=name)
        assert faults(refused) == [(code, ["input", "name"])]
    assert await lane.rows(COMMUNITY) == before

    here = {"communityId": lane.place.public_id}
    done = await admin.do("renameCommunity", "community { name }", **here, name=" 新名 ")

    assert done.payload["community"] == {"name": "新名"}
    assert (await lane.author.run("{ community { name } }")).data == {"community": {"name": "新名"}}
    assert await lane.rows(COMMUNITY) == [("新名", "ACTIVE", None, 2)]
    assert await lane.trace() == [("community.renamed", id_of(admin), lane.place.id, None)]


async def asks_for_a_reason(admin: SignedIn, verb: str, here: dict[str, str]) -> None:
    """Assert that a verb is refused without a reason, and with one that is too long."""
    for reason, code in (("", "REQUIRED"), ("  ", "REQUIRED"), ("长" * 501, "TOO_LONG")):
        refused = await admin.do(verb, **here, reason=reason)
        assert faults(refused) == [(code, ["input", "reason"])]


async def test_a_suspension_and_its_end_have_their_reasons(lane: Lane, admin: SignedIn) -> None:
    here = {"communityId": lane.place.public_id}
    assert (await admin.do("resumeCommunity", **here, reason="早")).refusals == ["WRONG_STATE"]
    await asks_for_a_reason(admin, "suspendCommunity", here)
    done = await admin.do("suspendCommunity", STATE, **here, reason=" 撤并 ")
    assert done.payload["community"] == {"state": "SUSPENDED", "suspensionReason": "撤并"}
    again = await admin.do("suspendCommunity", **here, reason="再撤并")
    assert faults(again) == [("WRONG_STATE", ["input", "communityId"])]
    await asks_for_a_reason(admin, "resumeCommunity", here)
    assert (await lane.rows(COMMUNITY))[0][1:] == ("SUSPENDED", "撤并", 2)

    resumed = await admin.do("resumeCommunity", STATE, **here, reason="恢复")

    assert resumed.payload["community"] == {"state": "ACTIVE", "suspensionReason": None}
    assert (await lane.rows(COMMUNITY))[0][1:] == ("ACTIVE", None, 3)
    who, it = id_of(admin), lane.place.id
    assert await lane.trace() == [
        ("community.suspended", who, it, "撤并"), ("community.resumed", who, it, "恢复")
    ]  # fmt: skip


async def test_nobody_else_shapes_a_community(lane: Lane, stranger: SignedIn) -> None:
    before = await lane.rows(COMMUNITY)
    for verb, given in (
        ("renameCommunity", {"name": "改"}),
        ("suspendCommunity", {"reason": "撤并"}),
        ("resumeCommunity", {"reason": "恢复"}),
    ):
        for community in (lane.place.public_id, encode_id(uuid4(), "com_"), ""):
            refused = await stranger.do(verb, "community { id }", communityId=community, **given)
            assert faults(refused) == [("NOT_FOUND", ["input", "communityId"])], verb
        own = await lane.secretary.do(verb, communityId=lane.place.public_id, **given)
        assert own.codes == ["FORBIDDEN"], verb
    assert await lane.rows(COMMUNITY) == before
    assert await lane.trace() == []


def changes(lane: Lane, post: UUID, comment: UUID) -> list[tuple[SignedIn, str, dict[str, Any]]]:
    """Return a change of each kind that a person there could make if the community were active."""
    on, under, board = {"postId": pst(post)}, {"commentId": cmt(comment)}, lane.place.board()
    subject, member = {"subjectId": pst(post)}, {"memberId": lane.neighbour.person.public_id}
    text = {"title": "题", "body": "文"}
    return [
        (lane.author, "createPost", {"boardId": board, **text, "idempotencyKey": key()}),
        (lane.author, "editPost", {**on, **text, "expectedVersion": 1}),
        (lane.author, "deletePost", on),
        (lane.staff, "pinPost", on),
        (lane.neighbour, "markRead", {"postIds": [pst(post)]}),
        (lane.neighbour, "addComment", {**on, "body": "好", "idempotencyKey": key()}),
        (lane.author, "editComment", {**under, "body": "改", "expectedVersion": 1}),
        (lane.author, "deleteComment", under),
        (lane.neighbour, "react", {**subject, "kind": "LIKE"}),
        (lane.neighbour, "unreact", {**subject, "kind": "LIKE"}),
        (lane.neighbour, "reportContent", {**subject, "reasonCode": "SPAM"}),
        (lane.staff, "hideContent", {**subject, "reasonCode": "SPAM", "reason": "广告"}),
        (lane.secretary, "archiveBoard", {"boardId": board, "reason": "合并"}),
        (lane.secretary, "updateBoard", {"boardId": board, "expectedVersion": 1, "title": "改"}),
        (lane.secretary, "grantRole", {**member, "reason": "换届"}),
    ]


async def test_a_suspended_community_refuses_every_change(lane: Lane, signed_in: SignIn) -> None:
    post = await lane.make.post(lane.author.person)
    asked = changes(lane, post, await lane.make.comment(lane.author.person, post))
    admin, here = signed_in(await lane.make.officer()), {"communityId": lane.place.public_id}
    await admin.do("suspendCommunity", **here, reason="撤并")

    for asker, verb, given in asked:
        refused = await asker.do(verb, WHY, **given)
        assert refused.payload["why"] == [SUSPENDED], verb
    assert await lane.actions() == ["community.suspended"]
    assert await lane.value("select version from tenant.post") == 1
    read = await lane.neighbour.run('{ search(query: "停水") { nodes { id title } } }')
    assert read.data["search"]["nodes"] == [{"id": pst(post), "title": "今天停水吗"}]

    renamed = await admin.do("renameCommunity", "community { name state }", **here, name="新名")
    assert renamed.payload["community"] == {"name": "新名", "state": "SUSPENDED"}
    await admin.do("resumeCommunity", **here, reason="恢复")
    for asker, verb, given in changes(lane, post, UUID(int=0))[3:6]:
        assert (await asker.do(verb, **given)).refusals == [], verb


async def test_admins_who_do_the_same_at_once_did_it_once(lane: Lane, admin: SignedIn) -> None:
    given = {"communityId": lane.place.public_id, "reason": "理由"}
    for verb, code in (("suspendCommunity", "WRONG_STATE"), ("resumeCommunity", "WRONG_STATE")):
        answers = await asyncio.gather(*(admin.do(verb, **given) for _ in range(8)))
        told = [fault for answer in answers for fault in faults(answer)]
        assert told == [(code, ["input", "communityId"])] * 7, verb
    assert await lane.actions() == ["community.suspended", "community.resumed"]
