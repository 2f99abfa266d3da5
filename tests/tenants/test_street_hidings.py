"""A hiding that no secretary may or did decide goes to the street, which sees only the text."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.engine.bindings import prefix_of
from api.engine.identifiers import decode_id, encode_id
from tenants.boards.tables import BODY_LENGTH, TITLE_LENGTH
from tenants.membership.street_appeals import CONTENT_LENGTH, street_appeals
from tenants.workdays import after_working_days
from tests.conftest import SignIn
from tests.street import SECRETARY, Make, SignedIn, cmt, key, pst
from tests.tenants.above import NODE, SPAM, Above
from tests.tenants.conftest import Lane, id_of

CASE = """query ($id: ID!) { node(id: $id) { ... on ModerationCase { state appealReason appealDueAt
  isAppealOverdue viewerCan { takeAppealToStreet { allowed code } decideAppeal { allowed code } }
  streetAppeal { id state decisionReason } } } }"""
LATE = "update tenant.moderation_case set appeal_due_at = now() - interval '1 second'"


@pytest.fixture
def above(lane: Lane, make: Make, signed_in: SignIn) -> Above:
    """Give the street of the lane, which has one secretary."""
    return Above(lane, make, signed_in)


async def case_of(who: SignedIn, case: str) -> dict[str, Any]:
    """Return what a person sees of a moderation case."""
    return (await who.run(CASE, id=case)).data["node"]


async def take(above: Above, case: str, who: SignedIn | None = None) -> Any:
    """Try to take an appeal to the street."""
    return await (who or above.lane.author).do(
        "takeAppealToStreet", "appeal { id }", caseId=case, idempotencyKey=key()
    )


async def test_with_one_secretary_the_street_decides(above: Above, lane: Lane) -> None:
    admin = await above.admin()
    post, case = await above.appealed()
    told = await case_of(lane.author, case)
    assert told["viewerCan"]["takeAppealToStreet"] == {"allowed": True, "code": None}
    assert (await case_of(lane.secretary, case))["viewerCan"]["decideAppeal"]["code"] == "FORBIDDEN"
    once = {"caseId": case, "idempotencyKey": key()}
    first = await lane.author.do("takeAppealToStreet", "appeal { id state kind }", **once)
    again = await lane.author.do("takeAppealToStreet", "appeal { id }", **once)
    appeal = first.payload["appeal"]["id"]
    assert again.payload["appeal"] == {"id": appeal}

    (listed,) = await above.queue(admin)
    due = after_working_days(datetime.now(UTC), 3) - datetime.fromisoformat(listed.pop("dueAt"))
    assert abs(due) < timedelta(days=4), "a weekend may begin between the two"
    assert listed == {
        "id": appeal, "kind": "HIDDEN_POST", "state": "OPEN", "displayName": None,
        "content": "今天停水吗\n\n请问小区今天停水到几点？", "reason": "广告", "body": "不是广告",
        "isOverdue": False, "decisionReason": None,
        "viewerCan": {"decideStreetAppeal": {"allowed": True, "code": None}},
    }  # fmt: skip
    done = (await above.decide(admin, appeal)).payload["appeal"]
    assert done == {"state": "LIFTED", "decisionReason": "查明", "content": None, "body": None}

    assert await lane.value("select state from tenant.post where id = $1", post) == "PUBLISHED"
    told = await case_of(lane.author, case)
    assert (told["state"], told["appealReason"]) == ("RESTORED", "查明")
    assert told["streetAppeal"] == {"id": appeal, "state": "LIFTED", "decisionReason": "查明"}
    case_id = decode_id(case, "mod_")
    assert await lane.trace() == [
        ("content.hidden", id_of(lane.secretary), post, "广告"),
        ("content.appealed", id_of(lane.author), post, None),
        ("appeal.escalated", id_of(lane.author), case_id, None),
        ("appeal.decided", id_of(admin), case_id, "查明"),
    ]
    kept = "select content, reason, words from tenant.street_appeal"
    assert await lane.rows(kept) == [(None, None, None)]


async def test_a_comment_stays_hidden_for_good(above: Above, lane: Lane) -> None:
    admin = await above.admin(0)
    comment = await lane.make.comment(
        lane.author.person, await lane.make.post(lane.neighbour.person)
    )
    await lane.secretary.do("hideContent", subjectId=cmt(comment), **SPAM)
    appealed = await lane.author.do(
        "appealModeration", "subject { ... on Comment { moderation { id } } }",
        subjectId=cmt(comment), body="不是广告",
    )  # fmt: skip
    case = appealed.payload["subject"]["moderation"]["id"]
    appeal = await above.taken(case)
    (listed,) = await above.queue(admin)
    assert (listed["kind"], listed["content"]) == ("HIDDEN_COMMENT", "听说下午三点恢复。")
    assert (await above.decide(admin, appeal, "UPHOLD")).payload["appeal"]["state"] == "UPHELD"
    assert await lane.value("select state from tenant.comment") == "HIDDEN"
    assert (await case_of(lane.author, case))["state"] == "UPHELD"
    assert (await take(above, case)).refusals == ["ALREADY_DONE"]
    assert await above.refused(above.decide(admin, appeal)) == ["WRONG_STATE"]


async def test_a_secretary_who_may_decide_has_three_working_days(above: Above, lane: Lane) -> None:
    second = await above.second_secretary()
    _, case = await above.appealed()
    told = await case_of(lane.author, case)
    due = datetime.fromisoformat(told["appealDueAt"])
    appealed = await lane.value("select appealed_at from tenant.moderation_case")
    assert due == after_working_days(appealed, 3)
    assert (told["isAppealOverdue"], told["viewerCan"]["takeAppealToStreet"]["code"]) == (
        False,
        "WRONG_STATE",
    )
    assert await above.refused(take(above, case)) == ["WRONG_STATE"]

    await above.set(LATE)
    told = await case_of(lane.author, case)
    assert told["isAppealOverdue"]
    assert told["viewerCan"]["takeAppealToStreet"]["allowed"]
    assert (await case_of(second, case))["viewerCan"]["decideAppeal"]["allowed"], (
        "late, but not too late"
    )
    appeal = await above.taken(case)
    assert await above.refused(take(above, case)) == ["ALREADY_DONE"]
    decide = {"caseId": case, "decision": "OVERTURN", "reason": "放"}
    assert await above.refused(second.do("decideAppeal", **decide)) == ["WRONG_STATE"]
    assert [each["id"] for each in await above.queue(await above.admin())] == [appeal]


@pytest.mark.parametrize("gone", ["suspended", "hid it", "wrote it", "removed"])
async def test_a_secretary_who_may_not_decide_does_not_count(
    above: Above, lane: Lane, gone: str
) -> None:
    writer = lane.author
    if gone == "wrote it":
        # two secretaries: one wrote it, the other hid it
        writer = await above.second_secretary()
    elif gone != "hid it":
        held, state = ("RESIDENT",) if gone == "removed" else SECRETARY, "SUSPENDED"
        other = await lane.make.member(lane.place, *held)
        if gone == "suspended":
            change = "update tenant.member set state = $2 where id = $1"
            await above.set(change, other.id, state)
    post = await lane.make.post(writer.person)
    await lane.secretary.do("hideContent", subjectId=pst(post), **SPAM)
    await writer.do("appealModeration", subjectId=pst(post), body="不是广告")
    case = encode_id(await lane.value("select id from tenant.moderation_case"), "mod_")
    assert (await take(above, case, writer)).refusals == []


async def test_what_is_not_appealed_or_not_ones_own_goes_nowhere(above: Above, lane: Lane) -> None:
    _, case = await above.appealed()
    for who in (lane.secretary, lane.staff):
        assert await above.refused(take(above, case, who)) == ["FORBIDDEN"]
    for asked in (
        lane.neighbour,
        above.signed_in(await lane.make.member(await lane.make.community())),
    ):
        assert await above.refused(take(above, case, asked)) == ["NOT_FOUND"]
    post = await lane.make.post(lane.author.person)
    await lane.secretary.do("hideContent", subjectId=pst(post), **SPAM)
    hidden = await lane.value("select id from tenant.moderation_case where subject_id = $1", post)
    assert await above.refused(take(above, encode_id(hidden, "mod_"))) == ["WRONG_STATE"]


@pytest.mark.parametrize("what", ["the post", "the post above it"])
async def test_what_its_author_deletes_is_nobodys_to_judge(
    above: Above, lane: Lane, what: str
) -> None:
    admin = await above.admin()
    post = await lane.make.post(lane.author.person)
    if what == "the post":
        _, case = await above.appealed(post)
    else:
        comment = await lane.make.comment(lane.author.person, post)
        await lane.secretary.do("hideContent", subjectId=cmt(comment), **SPAM)
        await lane.author.do("appealModeration", subjectId=cmt(comment), body="不是广告")
        case = encode_id(await lane.value("select id from tenant.moderation_case"), "mod_")
    appeal = await above.taken(case)
    assert (await lane.author.do("deletePost", postId=pst(post))).refusals == []
    seen = (await admin.run(NODE, id=appeal)).data["node"]
    assert (seen["state"], seen["content"], seen["body"]) == ("MOOT", None, None)
    assert await above.refused(above.decide(admin, appeal)) == ["WRONG_STATE"]
    can = (await case_of(lane.author, case))["viewerCan"]
    assert can["takeAppealToStreet"]["code"] == "ALREADY_DONE"


async def test_nobody_deletes_what_another_appeals_for(above: Above, lane: Lane) -> None:
    post, case = await above.appealed()
    delete = {"postId": pst(post), "reason": "清理"}
    assert await above.refused(lane.secretary.do("deletePost", **delete)) == ["WRONG_STATE"]
    appeal = await above.taken(case)
    assert await above.refused(lane.staff.do("deletePost", **delete)) == ["WRONG_STATE"]
    await above.decide(await above.admin(), appeal, "UPHOLD")
    assert (await lane.staff.do("deletePost", **delete)).refusals == []


async def test_a_deleted_post_is_not_taken_to_the_street(above: Above, lane: Lane) -> None:
    post, case = await above.appealed()
    await lane.author.do("deletePost", postId=pst(post))
    assert await above.refused(take(above, case)) == ["WRONG_STATE"]


async def test_neither_author_nor_who_hid_it_decides(above: Above, lane: Lane) -> None:
    _, case = await above.appealed()
    appeal = await above.taken(case)
    for party in (lane.author, lane.secretary):
        admin = await above.admin(person_id=await above.person_of(party))
        for decision in ("LIFT", "UPHOLD"):
            assert await above.refused(above.decide(admin, appeal, decision)) == ["FORBIDDEN"]
    assert await above.refused(above.decide(await above.admin(above.away), appeal)) == ["NOT_FOUND"]


async def test_many_at_once_take_and_decide_it_once(above: Above, lane: Lane) -> None:
    post, case = await above.appealed()
    taken = await asyncio.gather(*(take(above, case) for _ in range(6)))
    assert sorted(each.refusals for each in taken) == [[], *[["ALREADY_DONE"]] * 5]
    appeal = encode_id(
        await lane.value("select id from tenant.street_appeal"), prefix_of(street_appeals)
    )
    admins = [await above.admin() for _ in range(4)]
    answers = await asyncio.gather(
        *(above.decide(admin, appeal, word) for admin in admins for word in ("LIFT", "UPHOLD")),
        lane.author.do("deletePost", postId=pst(post)),
    )
    decided = [each.refusals for each in answers[:-1]].count([])
    ended = await lane.value("select state from tenant.street_appeal")
    assert {each.status for each in answers} == {200}
    assert decided == (ended != "MOOT")
    assert (await lane.actions()).count("appeal.decided") == decided
    assert await lane.value("select state from tenant.post") == "DELETED"


async def test_who_is_erased_leaves_no_text_with_the_street(above: Above, lane: Lane) -> None:
    admin = await above.admin()
    appeal = await above.taken((await above.appealed())[1])
    await lane.author.do("eraseMe", confirm=True)
    seen = (await admin.run(NODE, id=appeal)).data["node"]
    assert (seen["state"], seen["content"], seen["body"], seen["reason"]) == ("MOOT", *[None] * 3)
    assert await above.refused(above.decide(admin, appeal)) == ["WRONG_STATE"]


async def test_the_longest_post_goes_to_the_street_whole(above: Above, lane: Lane) -> None:
    post = await lane.make.post(
        lane.author.person, title="长" * TITLE_LENGTH, body="文" * BODY_LENGTH
    )
    await above.taken((await above.appealed(post))[1])
    (listed,) = await above.queue(await above.admin())
    assert len(listed["content"]) == CONTENT_LENGTH
