"""Comments in two levels: edited by their author; hidden ones keep their place for the replies."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.conftest import SignIn
from tests.street import Make, cmt, key, pst
from tests.tenants.conftest import Lane, id_of, seen
from tests.test_demo import COUNTERS

THREAD = """query ($id: ID!) { post(id: $id) { commentCount comments { totalCount nodes {
  id body author { id } images { width } state replyCount
  replies { totalCount nodes { body } } } } } }"""
COMMENTS = "select state, body, version from tenant.comment order by id"


async def reply(lane: Lane, post: UUID, parent: str) -> list[tuple[str, list[str]]]:
    """Reply to a comment as a neighbour; return the refusals."""
    done = await lane.neighbour.do(
        "addComment", postId=pst(post), parentId=parent, body="回", idempotencyKey=key()
    )
    return [(error["code"], error["path"]) for error in done.payload["userErrors"]]


async def test_one_replies_to_what_one_sees_under_the_same_post(lane: Lane) -> None:
    post, other = [await lane.make.post(lane.author.person) for _ in range(2)]
    elsewhere = await lane.make.comment(lane.author.person, other)
    first = await lane.make.comment(lane.author.person, post)
    second = await lane.make.comment(lane.author.person, post, parent_id=first)
    path = ["input", "parentId"]

    assert await reply(lane, post, cmt(elsewhere)) == [("NOT_FOUND", path)]
    assert await reply(lane, post, pst(post)) == [("NOT_FOUND", path)]
    assert await reply(lane, post, "") == [("NOT_FOUND", path)]
    assert await reply(lane, post, cmt(second)) == [("INVALID", path)]
    assert await lane.value("select count(*) from tenant.comment") == 3
    assert await reply(lane, post, cmt(first)) == []
    assert await lane.rows("select comment_count from tenant.post order by id") == [(3,), (1,)]
    assert await lane.value("select reply_count from tenant.comment where id = $1", first) == 2


async def test_a_hidden_comment_answers_a_reply_as_one_that_never_was(lane: Lane) -> None:
    post = await lane.make.post(lane.author.person)
    for state in ("HIDDEN", "HELD", "DELETED"):
        unseen = await lane.make.comment(lane.author.person, post, state=state)
        assert await reply(lane, post, cmt(unseen)) == await reply(lane, post, cmt(uuid4())), state
    assert await reply(lane, post, cmt(unseen)) == [("NOT_FOUND", ["input", "parentId"])]
    assert await lane.value("select count(*) from tenant.comment") == 3


@pytest.mark.parametrize("state", ["HIDDEN", "HELD", "DELETED"])
async def test_a_comment_that_is_not_shown_keeps_its_replies_place(
    lane: Lane, make: Make, signed_in: SignIn, state: str
) -> None:
    person = lane.author.person
    post = await make.post(lane.neighbour.person)
    first = await make.comment(person, post, body="骂人的话")
    await make.image(person, "comment", first)
    for body in ("回一", "回二"):
        await make.comment(lane.neighbour.person, post, parent_id=first, body=body)
    if state == "HIDDEN":
        hidden = {"subjectId": cmt(first), "reasonCode": "ABUSE", "reason": "骂人"}
        assert (await lane.secretary.do("hideContent", **hidden)).refusals == []
    elif state == "DELETED":
        assert (await lane.author.do("deleteComment", commentId=cmt(first))).refusals == []
    else:
        # editComment leaves this state if the text needs a review
        async with make.inside(lane.place.key) as connection:
            await connection.execute(
                "update tenant.comment set state = 'HELD' where parent_id is null"
            )
            await connection.execute("update tenant.post set comment_count = 2")
            await connection.execute("update tenant.community_count set comments = 2")
    replies = {"totalCount": 2, "nodes": [{"body": "回一"}, {"body": "回二"}]}
    place: dict[str, Any] = {
        "id": cmt(first), "body": None, "author": None, "images": [], "state": state,
        "replyCount": 2, "replies": replies,
    }  # fmt: skip
    words = {
        **place,
        "body": "骂人的话",
        "author": {"id": person.public_id},
        "images": [{"width": 640}],
    }

    inspector = await make.inspection(lane.place, await make.officer(lane.place.street_id))
    strangers = [lane.neighbour, signed_in(await make.app(lane.place)), signed_in(inspector)]
    readers = [lane.author, lane.staff, lane.secretary]
    for who in strangers + readers:
        thread = (await who.run(THREAD, id=pst(post))).data["post"]
        is_told = who in readers and state != "DELETED"
        assert thread == {
            "commentCount": 2,
            "comments": {"totalCount": 1, "nodes": [words if is_told else place]},
        }
    assert await reply(lane, post, cmt(first)) == [("WRONG_STATE", ["input", "parentId"])]
    react = await lane.neighbour.do("react", subjectId=cmt(first), kind="LIKE")
    assert react.refusals == ["WRONG_STATE"]
    for what, query in COUNTERS.items():
        assert await lane.value(query) == 0, what


async def test_the_author_of_a_held_comment_hears_that_it_waits(lane: Lane) -> None:
    post = await lane.make.post(lane.author.person)
    held = await lane.make.comment(lane.neighbour.person, post, state="HELD")
    assert await reply(lane, post, cmt(held)) == [("WRONG_STATE", ["input", "parentId"])]


async def test_a_comment_is_edited_by_its_author_alone(lane: Lane) -> None:
    comment = await lane.make.comment(
        lane.author.person, await lane.make.post(lane.neighbour.person)
    )
    change: dict[str, Any] = {"commentId": cmt(comment), "body": " 改过了 ", "expectedVersion": 1}

    assert (await lane.neighbour.do("editComment", **change)).refusals == ["FORBIDDEN"]
    assert (await lane.staff.do("editComment", **change)).refusals == ["FORBIDDEN"]
    done = await lane.author.do("editComment", "comment { body version }", **change)
    assert done.payload["comment"] == {"body": "改过了", "version": 2}
    assert (await lane.author.do("editComment", **change)).refusals == ["VERSION_CONFLICT"]
    change |= {"body": "长" * 1001, "expectedVersion": 2}
    long = await lane.author.do("editComment", **change)
    assert long.refusals == ["TOO_LONG"]
    assert await lane.rows(COMMENTS) == [("PUBLISHED", "改过了", 2)]
    assert await lane.trace() == [("comment.edited", id_of(lane.author), comment, None)]


async def test_the_staff_say_why_they_delete_a_comment(lane: Lane) -> None:
    post = await lane.make.post(lane.author.person)
    comment = await lane.make.comment(lane.author.person, post)

    assert (await lane.staff.do("deleteComment", commentId=cmt(comment))).refusals == ["REQUIRED"]
    assert (await lane.neighbour.do("deleteComment", commentId=cmt(comment))).refusals == [
        "FORBIDDEN"
    ]
    assert await lane.rows(COMMENTS) == [("PUBLISHED", "听说下午三点恢复。", 1)]
    done = await lane.staff.do("deleteComment", "deletedId", commentId=cmt(comment), reason="重复")
    assert done.payload["deletedId"] == cmt(comment)
    assert await seen(lane.staff, cmt(comment), "id") is None
    assert await lane.rows("select comment_count from tenant.post") == [(0,)]
    assert await lane.value("select comments from tenant.community_count") == 0
    assert await lane.trace() == [("comment.deleted", id_of(lane.staff), comment, "重复")]


async def test_a_hidden_post_takes_its_comments_out_of_sight_and_brings_them_back(
    lane: Lane,
) -> None:
    post = await lane.make.post(lane.author.person)
    comment = await lane.make.comment(lane.neighbour.person, post)
    await lane.staff.do("hideContent", subjectId=pst(post), reasonCode="SPAM", reason="广告")

    assert await seen(lane.author, cmt(comment), "id") is None
    assert await seen(lane.neighbour, cmt(comment), "id") == {"id": cmt(comment)}  # their own
    added = await lane.author.do("addComment", postId=pst(post), body="？", idempotencyKey=key())
    assert added.refusals == ["WRONG_STATE"]

    await lane.staff.do("restoreContent", subjectId=pst(post), reason="误判")
    assert await seen(lane.author, cmt(comment), "id") == {"id": cmt(comment)}
    assert await lane.value("select count(*) from tenant.comment") == 1


async def test_an_archived_board_takes_no_comments(lane: Lane) -> None:
    post = await lane.make.post(lane.author.person)
    await lane.secretary.do("archiveBoard", boardId=lane.place.board(), reason="合并")
    refused = await lane.author.do("addComment", postId=pst(post), body="好", idempotencyKey=key())
    assert refused.refusals == ["WRONG_STATE"]
    assert await seen(lane.author, pst(post), "title") == {"title": "今天停水吗"}
    assert await lane.value("select count(*) from tenant.comment") == 0
    assert await lane.actions() == ["board.archived"]


async def test_what_may_only_be_read_takes_no_change(lane: Lane) -> None:
    post = await lane.make.post(lane.author.person)
    comment = await lane.make.comment(lane.author.person, post)
    await lane.secretary.do("archiveBoard", boardId=lane.place.board(), reason="合并")

    for person, verb, given in (
        (lane.neighbour, "react", {"subjectId": pst(post), "kind": "LIKE"}),
        (lane.neighbour, "react", {"subjectId": cmt(comment), "kind": "LIKE"}),
        (
            lane.author,
            "editPost",
            {"postId": pst(post), "title": "改", "body": "改", "expectedVersion": 1},
        ),
        (
            lane.author,
            "editComment",
            {"commentId": cmt(comment), "body": "改", "expectedVersion": 1},
        ),
        (lane.staff, "pinPost", {"postId": pst(post)}),
    ):
        assert (await person.do(verb, **given)).refusals == ["WRONG_STATE"], verb
    assert await lane.actions() == ["board.archived"]


async def test_a_comment_under_a_hidden_post_takes_no_change(lane: Lane) -> None:
    post = await lane.make.post(lane.author.person)
    comment = await lane.make.comment(lane.neighbour.person, post)
    await lane.staff.do("hideContent", subjectId=pst(post), reasonCode="ABUSE", reason="骂人")

    change: dict[str, Any] = {"commentId": cmt(comment), "body": "改", "expectedVersion": 1}
    assert (await lane.neighbour.do("editComment", **change)).refusals == ["WRONG_STATE"]
    assert await lane.actions() == ["content.hidden"]
