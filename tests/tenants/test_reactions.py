"""Reactions and read marks: each member's own, counted once, harmless when repeated."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tenants.scopes import Scope
from tests.conftest import SignIn
from tests.street import cmt, pst
from tests.tenants.conftest import Lane, faults, id_of, seen

REACTIONS = "select subject_id, member_id, kind from tenant.reaction order by created_at, kind"
MARKS = "select post_id, member_id from tenant.read_mark order by post_id, read_at"
COUNTED = "subject { ... on Comment { reactionCount reactions { kind count viewerHasReacted } } }"


async def unread(lane: Lane, slug: str = "notices") -> int | None:
    """Return how many notices the neighbour has not read."""
    answer = await lane.neighbour.run(
        "query ($slug: String!) { board(slug: $slug) { unreadCount } }", slug=slug
    )
    return answer.data["board"]["unreadCount"]


async def test_a_reaction_to_a_comment_is_counted_there_alone(lane: Lane) -> None:
    post = await lane.make.post(lane.author.person)
    comment = await lane.make.comment(lane.author.person, post)

    done = await lane.neighbour.do("react", COUNTED, subjectId=cmt(comment), kind="THANKS")

    thanks = {"kind": "THANKS", "count": 1, "viewerHasReacted": True}
    assert done.payload["subject"] == {"reactionCount": 1, "reactions": [thanks]}
    others = await seen(lane.author, cmt(comment), "reactions { count viewerHasReacted }")
    assert others == {"reactions": [{"count": 1, "viewerHasReacted": False}]}
    assert await seen(lane.author, pst(post), "reactionCount") == {"reactionCount": 0}
    assert await lane.rows(REACTIONS) == [(comment, id_of(lane.neighbour), "THANKS")]
    assert await lane.trace() == [("reaction.added", id_of(lane.neighbour), comment, None)]


async def test_what_is_repeated_leaves_no_second_trace(lane: Lane) -> None:
    post = await lane.make.post(lane.author.person)
    like = {"subjectId": pst(post), "kind": "LIKE"}
    select = "subject { ... on Post { reactionCount } }"
    done = [
        await lane.neighbour.do(verb, select, **like)
        for verb in ("unreact", "react", "react", "unreact", "unreact")
    ]
    assert [answer.payload["subject"]["reactionCount"] for answer in done] == [0, 1, 1, 0, 0]
    assert await lane.rows(REACTIONS) == []
    assert await lane.actions() == ["reaction.added", "reaction.removed"]


async def test_one_takes_back_ones_own_reaction_only(lane: Lane) -> None:
    post = await lane.make.post(lane.author.person)
    await lane.neighbour.do("react", subjectId=pst(post), kind="CARE")
    for asker, kind in ((lane.staff, "CARE"), (lane.neighbour, "LIKE")):
        assert (await asker.do("unreact", subjectId=pst(post), kind=kind)).refusals == []
    assert await lane.rows(REACTIONS) == [(post, id_of(lane.neighbour), "CARE")]
    assert await lane.value("select reaction_count from tenant.post") == 1


@pytest.mark.parametrize("verb", ["react", "unreact"])
async def test_what_is_not_published_takes_no_reactions(lane: Lane, verb: str) -> None:
    post = await lane.make.post(lane.author.person)
    comment = await lane.make.comment(lane.author.person, post, state="HELD")
    for state in ("HELD", "HIDDEN", "DELETED"):
        other = await lane.make.post(lane.author.person, state=state)
        visible = "NOT_FOUND" if state == "DELETED" else "WRONG_STATE"
        for asker, code in ((lane.author, visible), (lane.neighbour, "NOT_FOUND")):
            refused = await asker.do(verb, subjectId=pst(other), kind="LIKE")
            assert faults(refused) == [(code, ["input", "subjectId"])], state
    for subject, code in ((cmt(comment), "WRONG_STATE"), (cmt(uuid4()), "NOT_FOUND"),
                          (lane.place.board(), "NOT_FOUND"), ("", "NOT_FOUND")):  # fmt: skip
        refused = await lane.author.do(verb, subjectId=subject, kind="LIKE")
        assert refused.refusals == [code], subject
    assert await lane.rows(REACTIONS) == []
    assert await lane.trace() == []


async def test_an_empty_place_takes_no_reactions(lane: Lane) -> None:
    post = await lane.make.post(lane.author.person)
    first = await lane.make.comment(lane.author.person, post)
    await lane.make.comment(lane.neighbour.person, post, parent_id=first)
    await lane.author.do("deleteComment", commentId=cmt(first))
    refused = await lane.neighbour.do("react", subjectId=cmt(first), kind="LIKE")
    assert refused.refusals == ["WRONG_STATE"]
    assert await lane.rows(REACTIONS) == []


@pytest.mark.parametrize("verb", ["react", "unreact", "markRead"])
async def test_a_member_who_taps_many_times_at_once_did_it_once(lane: Lane, verb: str) -> None:
    post = await lane.make.post(lane.author.person)
    like = {"subjectId": pst(post), "kind": "LIKE"}
    if verb == "unreact":
        await lane.neighbour.do("react", **like)
    before = len(await lane.trace())
    given: dict[str, Any] = {"postIds": [pst(post)]} if verb == "markRead" else like

    answers = await asyncio.gather(*(lane.neighbour.do(verb, **given) for _ in range(12)))

    assert all(answer.refusals == [] for answer in answers)
    assert len(await lane.trace()) == before + 1
    assert len(await lane.rows(REACTIONS)) == (verb == "react")
    assert await lane.value("select reaction_count from tenant.post") == (verb == "react")
    assert len(await lane.rows(MARKS)) == (verb == "markRead")


async def test_a_hidden_posts_reactions_come_back_with_it(lane: Lane) -> None:
    post = await lane.make.post(lane.author.person)
    await lane.neighbour.do("react", subjectId=pst(post), kind="LIKE")
    await lane.staff.do("hideContent", subjectId=pst(post), reasonCode="SPAM", reason="广告")
    await lane.staff.do("restoreContent", subjectId=pst(post), reason="误判")
    assert await seen(lane.neighbour, pst(post), "reactionCount") == {"reactionCount": 1}


async def test_a_read_mark_is_the_readers_own(lane: Lane) -> None:
    posts = [await lane.make.post(lane.author.person) for _ in range(2)]
    order = [pst(posts[1]), pst(posts[0]), pst(posts[1])]

    done = await lane.neighbour.do("markRead", "readIds", postIds=order)

    assert done.payload == {"readIds": order, "userErrors": []}
    for asker, read in ((lane.neighbour, True), (lane.author, False)):
        assert await seen(asker, order[0], "viewerHasRead") == {"viewerHasRead": read}
    reader = id_of(lane.neighbour)
    assert await lane.rows(MARKS) == [(posts[0], reader), (posts[1], reader)]
    assert set(await lane.trace()) == {("post.read", reader, post, None) for post in posts}


async def test_marks_are_all_set_or_none(lane: Lane) -> None:
    post = await lane.make.post(lane.author.person)
    held = await lane.make.post(lane.author.person, state="HELD")
    for ids, code in (
        ([pst(post), pst(uuid4())], "NOT_FOUND"),
        ([pst(post), pst(held)], "NOT_FOUND"),
        ([pst(post), ""], "NOT_FOUND"),
        ([pst(post)] * 51, "TOO_LONG"),
    ):
        refused = await lane.neighbour.do("markRead", "readIds", postIds=ids)
        assert refused.payload["readIds"] == []
        assert faults(refused) == [(code, ["input", "postIds"])]
    assert await lane.rows(MARKS) == []
    assert await lane.trace() == []
    assert (await lane.neighbour.do("markRead", "readIds", postIds=[])).refusals == []


async def test_a_token_that_may_only_read_marks_but_does_not_react(
    lane: Lane, signed_in: SignIn
) -> None:
    post = pst(await lane.make.post(lane.author.person))
    reader = signed_in(lane.neighbour.person, scopes=frozenset({Scope.BOARD_READ}))
    assert (await reader.do("react", subjectId=post, kind="LIKE")).codes == ["FORBIDDEN"]
    assert (await reader.do("markRead", postIds=[post])).refusals == []
    assert await lane.actions() == ["post.read"]


async def test_unread_is_what_others_published_since_one_joined(lane: Lane) -> None:
    staff, reader = lane.staff.person, lane.neighbour.person
    long_ago = datetime.now(UTC) - timedelta(days=30)
    await lane.make.post(staff, "notices", at=long_ago)
    await lane.make.post(reader, "notices")
    await lane.make.post(staff, "notices", state="HELD")
    await lane.make.post(staff, "hall")
    assert (await unread(lane), await unread(lane, "hall")) == (0, None)

    notice = await lane.make.post(staff, "notices")
    assert await unread(lane) == 1
    await lane.staff.do("deletePost", postId=pst(notice))
    assert await unread(lane) == 0


async def test_unread_is_counted_to_a_hundred(lane: Lane) -> None:
    await lane.make.post(lane.staff.person, "notices")
    async with lane.make.inside(lane.place.key) as connection:
        await connection.execute(
            "insert into tenant.post select community_id, gen_random_uuid(), board_id, author_id,"
            " title, body, false, state, created_at, null, 0, 0, 1"
            " from tenant.post, generate_series(1, 105)"
        )
    assert await unread(lane) == 100
