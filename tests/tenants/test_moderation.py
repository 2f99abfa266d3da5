"""Report, hold, hide, restore, appeal: every case is decided with a reason by another person."""

import asyncio

import pytest

from tests.conftest import SignIn
from tests.street import SECRETARY, cmt, pst
from tests.tenants.conftest import Lane, id_of, seen

CASES = "select state from tenant.moderation_case order by id"
QUEUE = """query ($state: ModerationState!) { moderationQueue(state: $state) { totalCount
  nodes { id reportCount viewerCan { decideAppeal { allowed } } subject { id } } } }"""
SPAM = {"reasonCode": "SPAM", "reason": "广告"}


async def queue(lane: Lane, state: str) -> list[str]:
    """Return the subjects of the cases in this state, as the secretary sees them."""
    answer = await lane.secretary.run(QUEUE, state=state)
    return [
        case["subject"] and case["subject"]["id"]
        for case in answer.data["moderationQueue"]["nodes"]
    ]


async def test_the_author_reads_why_and_never_who_reported(lane: Lane) -> None:
    post = await lane.make.post(lane.author.person)
    await lane.neighbour.do(
        "reportContent", subjectId=pst(post), reasonCode="SPAM", note="卖保健品"
    )
    select = "state moderation { state reason reasonCode reportCount decidedBy { id } }"
    assert await seen(lane.author, pst(post), select) == {"state": "PUBLISHED", "moderation": None}

    hidden = await lane.staff.do("hideContent", subjectId=pst(post), **SPAM)

    assert hidden.refusals == []
    told = await seen(lane.author, pst(post), select)
    assert told == {
        "state": "HIDDEN",
        "moderation": {
            "state": "HIDDEN", "reason": "广告", "reasonCode": "SPAM",
            "reportCount": None, "decidedBy": {"id": lane.staff.person.public_id},
        },
    }  # fmt: skip
    assert await seen(lane.neighbour, pst(post), select) is None
    reporter = id_of(lane.neighbour)
    assert await lane.rows("select reporter_id, reason_code, note from tenant.report") == [
        (reporter, "SPAM", "卖保健品")
    ]
    assert await lane.trace() == [
        ("content.reported", reporter, post, "SPAM"),
        ("content.hidden", id_of(lane.staff), post, "广告"),
    ]


async def test_an_upheld_hiding_is_final(lane: Lane) -> None:
    post = await lane.make.post(lane.author.person)
    await lane.staff.do("hideContent", subjectId=pst(post), **SPAM)
    await lane.author.do("appealModeration", subjectId=pst(post), body="不是广告")
    case = (await lane.secretary.run(QUEUE, state="APPEALED")).data["moderationQueue"]["nodes"][0]
    assert case["viewerCan"]["decideAppeal"] == {"allowed": True}
    decide = {"caseId": case["id"], "decision": "UPHOLD", "reason": "确是广告"}
    assert (await lane.staff.do("decideAppeal", **decide)).codes == ["FORBIDDEN"]

    done = await lane.secretary.do("decideAppeal", "case { state appeal appealReason }", **decide)

    assert done.payload["case"] == {
        "state": "UPHELD",
        "appeal": "不是广告",
        "appealReason": "确是广告",
    }
    before = await lane.trace()
    again = {
        "appealModeration": await lane.author.do(
            "appealModeration", subjectId=pst(post), body="再说"
        ),
        "restoreContent": await lane.staff.do("restoreContent", subjectId=pst(post), reason="放"),
        "decideAppeal": await lane.secretary.do("decideAppeal", **decide),
        "editPost": await lane.author.do(
            "editPost", postId=pst(post), title="改", body="改", expectedVersion=2
        ),
    }
    assert {verb: answer.refusals for verb, answer in again.items()} == {
        "appealModeration": ["ALREADY_DONE"], "restoreContent": ["WRONG_STATE"],
        "decideAppeal": ["WRONG_STATE"], "editPost": ["WRONG_STATE"],
    }  # fmt: skip
    assert await lane.trace() == before
    assert await lane.value("select state from tenant.post") == "HIDDEN"


async def test_nobody_judges_their_own_words_or_their_own_judgement(
    lane: Lane, signed_in: SignIn
) -> None:
    second = signed_in(await lane.make.member(lane.place, *SECRETARY))
    for writer, hider, decider in (
        (lane.secretary, second, lane.secretary),  # the author
        (lane.author, second, second),  # the one who hid it
    ):
        post = await lane.make.post(writer.person)
        if writer is lane.secretary:
            own = await writer.do("hideContent", subjectId=pst(post), **SPAM)
            assert own.refusals == ["FORBIDDEN"]
        await hider.do("hideContent", subjectId=pst(post), **SPAM)
        await writer.do("appealModeration", subjectId=pst(post), body="请再看")
        cases = (await decider.run(QUEUE, state="APPEALED")).data["moderationQueue"]["nodes"]
        case = next(c for c in cases if c["subject"]["id"] == pst(post))
        assert case["viewerCan"]["decideAppeal"] == {"allowed": False}
        done = await decider.do("decideAppeal", caseId=case["id"], decision="OVERTURN", reason="放")
        assert done.refusals == ["FORBIDDEN"]
        assert await lane.value("select state from tenant.post where id = $1", post) == "HIDDEN"
    assert "appeal.decided" not in await lane.actions()


async def test_reports_are_dismissed_and_the_post_stays(lane: Lane) -> None:
    post = await lane.make.post(lane.author.person)
    for reporter in (lane.neighbour, lane.staff):
        await reporter.do("reportContent", subjectId=pst(post), reasonCode="OTHER")
    assert await lane.rows("select state, report_count from tenant.moderation_case") == [
        ("OPEN", 2)
    ]

    assert (
        await lane.staff.do("restoreContent", subjectId=pst(post), reason="正常")
    ).refusals == []

    assert await lane.rows(CASES) == [("KEPT",)]
    assert await lane.value("select state from tenant.post") == "PUBLISHED"
    assert await queue(lane, "OPEN") == []
    anew = await lane.neighbour.do("reportContent", subjectId=pst(post), reasonCode="SPAM")
    assert anew.refusals == []
    assert await lane.rows(CASES) == [("KEPT",), ("OPEN",)]


async def test_a_deleted_comment_is_not_brought_back(lane: Lane) -> None:
    post = await lane.make.post(lane.author.person)
    comment = await lane.make.comment(lane.author.person, post)
    await lane.make.comment(lane.neighbour.person, post, parent_id=comment)
    await lane.staff.do("hideContent", subjectId=cmt(comment), **SPAM)
    await lane.author.do("deleteComment", commentId=cmt(comment))
    before = await lane.trace()

    restored = await lane.staff.do("restoreContent", subjectId=cmt(comment), reason="放")
    appealed = await lane.author.do("appealModeration", subjectId=cmt(comment), body="请再看")

    assert (restored.refusals, appealed.refusals) == (["WRONG_STATE"], ["WRONG_STATE"])
    assert await lane.value("select state from tenant.comment where id = $1", comment) == "DELETED"
    assert await lane.trace() == before


async def test_a_deleted_posts_comments_leave_the_queue(lane: Lane) -> None:
    post = await lane.make.post(lane.author.person)
    comment = await lane.make.comment(lane.author.person, post)
    await lane.neighbour.do("reportContent", subjectId=cmt(comment), reasonCode="SPAM")
    await lane.neighbour.do("reportContent", subjectId=pst(post), reasonCode="SPAM")
    assert sorted(await queue(lane, "OPEN")) == sorted([cmt(comment), pst(post)])

    await lane.author.do("deletePost", postId=pst(post))

    assert await queue(lane, "OPEN") == []
    assert await lane.rows(CASES) == [("KEPT",), ("KEPT",)]


async def test_a_reported_post_held_by_an_edit_tells_its_author(lane: Lane) -> None:
    post = await lane.make.post(lane.author.person, "hall")
    await lane.neighbour.do("reportContent", subjectId=pst(post), reasonCode="SPAM")
    await lane.author.do("editPost", postId=pst(post), title="改", body="改", expectedVersion=1)

    told = await seen(lane.author, pst(post), "state moderation { state reportCount }")

    assert told == {"state": "HELD", "moderation": {"state": "OPEN", "reportCount": None}}


async def test_what_was_never_reported_has_nothing_to_restore(lane: Lane) -> None:
    post = await lane.make.post(lane.author.person)
    refused = await lane.staff.do("restoreContent", subjectId=pst(post), reason="放")
    assert refused.refusals == ["WRONG_STATE"]
    assert await lane.trace() == []
    assert await lane.rows(CASES) == []


@pytest.mark.parametrize("reason", ["", "  ", "长" * 501])
async def test_a_judgement_has_a_reason_of_some_length(lane: Lane, reason: str) -> None:
    post = await lane.make.post(lane.author.person)
    code = ["REQUIRED"] if not reason.strip() else ["TOO_LONG"]
    hidden = await lane.staff.do(
        "hideContent", subjectId=pst(post), reasonCode="SPAM", reason=reason
    )
    assert hidden.refusals == code
    assert hidden.payload["userErrors"][0]["path"] == ["input", "reason"]
    assert await lane.value("select state from tenant.post") == "PUBLISHED"
    await lane.staff.do("hideContent", subjectId=pst(post), **SPAM)
    restored = await lane.staff.do("restoreContent", subjectId=pst(post), reason=reason)
    appealed = await lane.author.do("appealModeration", subjectId=pst(post), body=reason)
    assert (restored.refusals, appealed.refusals) == (code, code)
    assert await lane.rows(CASES) == [("HIDDEN",)]
    assert await lane.actions() == ["content.hidden"]


@pytest.mark.parametrize(
    "verb",
    ["reportContent", "restoreContent", "appealModeration", "hideContent", "deletePost", "pinPost"],
)
async def test_two_who_do_the_same_at_once_are_one_who_did_it(lane: Lane, verb: str) -> None:
    post = await lane.make.post(lane.author.person)
    if verb in {"restoreContent", "appealModeration"}:
        await lane.staff.do("hideContent", subjectId=pst(post), **SPAM)
    asker, given = {
        "reportContent": (lane.neighbour, {"subjectId": pst(post), "reasonCode": "SPAM"}),
        "restoreContent": (lane.staff, {"subjectId": pst(post), "reason": "放"}),
        "appealModeration": (lane.author, {"subjectId": pst(post), "body": "请再看"}),
        "hideContent": (lane.staff, {"subjectId": pst(post), **SPAM}),
        "deletePost": (lane.author, {"postId": pst(post)}),
        "pinPost": (lane.staff, {"postId": pst(post)}),
    }[verb]
    before = len(await lane.trace())

    answers = await asyncio.gather(*(asker.do(verb, **given) for _ in range(12)))

    assert {answer.status for answer in answers} == {200}
    outcomes = sorted(answer.refusals for answer in answers)
    code = {"reportContent": "ALREADY_DONE", "appealModeration": "ALREADY_DONE",
            "pinPost": "ALREADY_DONE", "deletePost": "NOT_FOUND"}.get(verb, "WRONG_STATE")  # fmt: skip
    assert outcomes == [[], *[[code]] * 11]
    assert len(await lane.trace()) == before + 1
