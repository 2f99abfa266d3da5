"""Stories of a community's boards: comments, reactions, notices, search, moderation."""

from typing import Any

import pytest

from api.engine.identifiers import encode_id
from tenants.boards.service.check import Verdict
from tests.conftest import SignIn
from tests.street import SECRETARY, STAFF, Make, Person, SignedIn, key


async def do(asker: SignedIn, verb: str, select: str = "", **given: Any) -> Any:
    """Run one mutation; return its answer."""
    type_ = verb[0].upper() + verb[1:] + "Input"
    return await asker.run(
        f"mutation ($input: {type_}!) {{ {verb}(input: $input) "
        f"{{ {select} userErrors {{ code path message }} }} }}",
        input=given,
    )


def pst(post: Any) -> str:
    """Return the public id of a post."""
    return encode_id(post, "pst_")


async def actions(make: Make, person: Person) -> list[str]:
    """Return the actions in a community's audit; assert that the outbox has the same."""
    assert person.place is not None
    told = [
        [
            row["action"]
            for row in await make.rows(person.place, f"select action from tenant.{t} order by id")
        ]
        for t in ("audit_entry", "outbox_event")
    ]
    assert sorted(told[0]) == sorted(told[1])
    return [action for action in told[0] if action != "community.created"]


async def test_comments_have_two_levels(make: Make, signed_in: SignIn) -> None:
    elm = await make.community()
    person = await make.member(elm)
    asker, post = signed_in(person), pst(await make.post(person))
    first = await do(
        asker, "addComment", "comment { id }", postId=post, body="一楼", idempotencyKey=key()
    )
    first_id = first.payload["comment"]["id"]
    reply = await do(asker, "addComment", "comment { id parent { id } }", postId=post,
                     parentId=first_id, body="回一楼", idempotencyKey=key())  # fmt: skip
    assert reply.payload["comment"]["parent"] == {"id": first_id}

    third = await do(asker, "addComment", postId=post, parentId=reply.payload["comment"]["id"],
                     body="再回", idempotencyKey=key())  # fmt: skip

    assert third.refusals == ["INVALID"]
    assert third.payload["userErrors"][0]["path"] == ["input", "parentId"]
    read = await asker.run(
        """query ($id: ID!) { post(id: $id) { commentCount
             comments { nodes { body replyCount replies { nodes { body } } } } } }""",
        id=post,
    )
    assert read.data["post"] == {
        "commentCount": 2,
        "comments": {
            "nodes": [{"body": "一楼", "replyCount": 1, "replies": {"nodes": [{"body": "回一楼"}]}}]
        },
    }
    assert await actions(make, person) == ["comment.added", "comment.added"]


async def test_a_deleted_comment_keeps_its_replies_place(make: Make, signed_in: SignIn) -> None:
    elm = await make.community()
    person = await make.member(elm)
    post = await make.post(person)
    first = await make.comment(person, post)
    await make.comment(person, post, parent_id=first, body="回复还在")

    await do(signed_in(person), "deleteComment", commentId=encode_id(first, "cmt_"))

    read = await signed_in(await make.member(elm)).run(
        """query ($id: ID!) { post(id: $id) { commentCount comments { nodes {
             body state author { id } replies { nodes { body } } } } } }""",
        id=pst(post),
    )
    assert read.data["post"] == {
        "commentCount": 1,
        "comments": {
            "nodes": [
                {"body": None, "state": "DELETED", "author": None,
                 "replies": {"nodes": [{"body": "回复还在"}]}}
            ]
        },
    }  # fmt: skip


async def test_a_member_reacts_once_in_each_way(make: Make, signed_in: SignIn) -> None:
    elm = await make.community()
    person, other = await make.member(elm), await make.member(elm)
    post = pst(await make.post(person))
    select = "subject { ... on Post { reactionCount reactions { kind count viewerHasReacted } } }"
    for who, kind in ((person, "LIKE"), (person, "LIKE"), (person, "CARE"), (other, "LIKE")):
        answer = await do(signed_in(who), "react", select, subjectId=post, kind=kind)
    assert answer.payload["subject"] == {
        "reactionCount": 3,
        "reactions": [
            {"kind": "CARE", "count": 1, "viewerHasReacted": False},
            {"kind": "LIKE", "count": 2, "viewerHasReacted": True},
        ],
    }
    for _ in range(2):
        answer = await do(signed_in(other), "unreact", select, subjectId=post, kind="LIKE")
    assert answer.payload["subject"]["reactionCount"] == 2


async def test_notices_are_unread_until_marked(make: Make, signed_in: SignIn) -> None:
    elm = await make.community()
    staff, reader = await make.member(elm, *STAFF), await make.member(elm)
    notices = [await make.post(staff, "notices") for _ in range(3)]
    count = '{ board(slug: "notices") { unreadCount } other: board(slug: "plaza") { unreadCount } }'

    assert (await signed_in(reader).run(count)).data == {
        "board": {"unreadCount": 3}, "other": {"unreadCount": None}}  # fmt: skip
    for _ in range(2):
        await do(
            signed_in(reader), "markRead", "readIds", postIds=[pst(notices[0]), pst(notices[1])]
        )
    assert (await signed_in(reader).run(count)).data["board"] == {"unreadCount": 1}
    assert (await signed_in(staff).run(count)).data["board"] == {"unreadCount": 0}
    assert await make.value(elm, "select count(*) from tenant.read_mark") == 2


@pytest.mark.parametrize(
    ("query", "found"),
    [("停水", ["a"]), ("水管", ["b"]), ("社区 停水", ["a"]), ("停水 水管", []), ("wifi", ["c"]),
     ("WiFi", ["c"]), ("密码", ["c"]), ("没有这个词", []), ("管道", []), ("今天停", ["a"])],
)  # fmt: skip
async def test_two_characters_find_a_post(
    make: Make, signed_in: SignIn, query: str, found: list[str]
) -> None:
    elm = await make.community()
    person = await make.member(elm)
    written = {
        "a": await make.post(person, title="通知", body="社区今天停水，请储水。"),
        "b": await make.post(person, title="水管漏了", body="找谁修？"),
        "c": await make.post(person, title="活动室 WiFi", body="密码是多少"),
        "hidden": await make.post(person, title="停水", body="管道停水水管", state="DELETED"),
    }
    answer = await signed_in(await make.member(elm)).run(
        "query ($q: String!) { search(query: $q) { nodes { id } } }", q=query
    )
    names = {pst(post): name for name, post in written.items()}
    assert [names[node["id"]] for node in answer.data["search"]["nodes"]] == found


async def test_an_edit_is_found_by_its_new_words_only(make: Make, signed_in: SignIn) -> None:
    elm = await make.community()
    person = await make.member(elm)
    post = pst(await make.post(person, title="停水", body="停水了"))
    await do(
        signed_in(person), "editPost", postId=post, title="停电", body="停电了", expectedVersion=1
    )
    search = "query ($q: String!) { search(query: $q) { totalCount } }"
    counts = [
        (await signed_in(person).run(search, q=q)).data["search"]["totalCount"]
        for q in ("停水", "停电")
    ]
    assert counts == [0, 1]


CASE = (
    "subject { id state ... on Post { moderation { state reason reasonCode decidedBy { id } } } }"
)


async def test_from_a_report_to_a_second_opinion(make: Make, signed_in: SignIn) -> None:
    elm = await make.community()
    author, reporter = await make.member(elm), await make.member(elm)
    hider, second = await make.member(elm, *SECRETARY), await make.member(elm, *SECRETARY)
    post = await make.post(author)

    reported = await do(
        signed_in(reporter), "reportContent", subjectId=pst(post), reasonCode="SPAM"
    )
    again = await do(signed_in(reporter), "reportContent", subjectId=pst(post), reasonCode="SPAM")
    assert (reported.refusals, again.refusals) == ([], ["ALREADY_DONE"])
    unaware = await signed_in(author).run(
        "query ($id: ID!) { post(id: $id) { moderation { id } } }", id=pst(post)
    )
    assert unaware.data == {"post": {"moderation": None}}
    queue = await signed_in(hider).run(
        "{ moderationQueue { nodes { id reportCount subject { id } } } }"
    )
    (case,) = queue.data["moderationQueue"]["nodes"]
    assert (case["reportCount"], case["subject"]["id"]) == (1, pst(post))

    await do(signed_in(hider), "hideContent", subjectId=pst(post), reasonCode="SPAM", reason="广告")
    gone = await signed_in(reporter).run("query ($id: ID!) { post(id: $id) { id } }", id=pst(post))
    assert gone.data == {"post": None}
    appealed = await do(
        signed_in(author), "appealModeration", CASE, subjectId=pst(post), body="不是广告"
    )
    assert appealed.payload["subject"] == {
        "id": pst(post), "state": "HIDDEN",
        "moderation": {"state": "APPEALED", "reason": "广告", "reasonCode": "SPAM",
                       "decidedBy": {"id": hider.public_id}},
    }  # fmt: skip

    decide: dict[str, Any] = {"caseId": case["id"], "decision": "OVERTURN", "reason": "确实不是"}
    assert (await do(signed_in(hider), "decideAppeal", **decide)).refusals == ["FORBIDDEN"]
    assert (await do(signed_in(second), "decideAppeal", **decide)).refusals == []
    assert (await do(signed_in(second), "decideAppeal", **decide)).refusals == ["WRONG_STATE"]
    restored = await signed_in(reporter).run(
        "query ($id: ID!) { post(id: $id) { state } }", id=pst(post)
    )
    assert restored.data == {"post": {"state": "PUBLISHED"}}
    assert await actions(make, author) == [
        "content.reported", "content.hidden", "content.appealed", "appeal.decided"]  # fmt: skip
    reasons = await make.rows(
        elm, "select reason from tenant.audit_entry where action = 'appeal.decided'"
    )
    assert [row["reason"] for row in reasons] == ["确实不是"]


async def test_the_hall_is_checked_before_it_is_shown(make: Make, signed_in: SignIn) -> None:
    elm = await make.community()
    author, neighbour = await make.member(elm), await make.member(elm)
    staff = await make.member(elm, *STAFF)
    written = await do(signed_in(author), "createPost", "post { id state }", boardId=elm.board("hall"),
                       title="加装电梯", body="大家怎么看", idempotencyKey=key())  # fmt: skip
    post = written.payload["post"]
    assert post["state"] == "HELD"
    query = "query ($id: ID!) { post(id: $id) { state } }"
    assert (await signed_in(neighbour).run(query, id=post["id"])).data == {"post": None}

    await do(signed_in(staff), "restoreContent", subjectId=post["id"], reason="可以讨论")

    assert (await signed_in(neighbour).run(query, id=post["id"])).data == {
        "post": {"state": "PUBLISHED"}
    }
    assert await make.value(elm, "select posts from tenant.community_count") == 1


class _Check:
    """It is a text check with a fixed verdict."""

    def __init__(self, verdict: Verdict) -> None:
        self._verdict = verdict

    async def check(self, text: str) -> Verdict:
        """Return the verdict."""
        assert text
        return self._verdict


@pytest.mark.parametrize(
    ("verdict", "refusals", "states"),
    [(Verdict.PASS, [], ["PUBLISHED"]), (Verdict.REVIEW, [], ["HELD"]),
     (Verdict.RISKY, ["CONTENT_REJECTED"], [])],
)  # fmt: skip
async def test_a_text_check_holds_or_rejects_but_never_loses(
    make: Make,
    signed_in: SignIn,
    app: Any,
    verdict: Verdict,
    refusals: list[str],
    states: list[str],
) -> None:
    elm = await make.community()
    author = signed_in(await make.member(elm))
    services = app.state.house.endpoint.engine.services
    usual, services["text_check"] = services["text_check"], _Check(verdict)
    try:
        answer = await do(author, "createPost", boardId=elm.board(), title="题", body="文",
                          idempotencyKey=key())  # fmt: skip
    finally:
        services["text_check"] = usual
    assert answer.refusals == refusals
    assert [row["state"] for row in await make.rows(elm, "select state from tenant.post")] == states
    assert await make.value(elm, "select count(*) from tenant.moderation_case") == states.count(
        "HELD"
    )


async def test_the_staff_deleting_anothers_post_say_why(make: Make, signed_in: SignIn) -> None:
    elm = await make.community()
    staff, post = (
        signed_in(await make.member(elm, *STAFF)),
        pst(await make.post(await make.member(elm))),
    )
    assert (await do(staff, "deletePost", postId=post)).refusals == ["REQUIRED"]
    assert await make.value(elm, "select state from tenant.post") == "PUBLISHED"
    assert (await do(staff, "deletePost", postId=post, reason="重复发布")).refusals == []
    assert await make.value(elm, "select state from tenant.post") == "DELETED"
    assert await make.value(elm, "select posts from tenant.community_count") == 0


async def test_a_secretary_shapes_the_boards(make: Make, signed_in: SignIn) -> None:
    elm = await make.community()
    secretary = signed_in(await make.member(elm, *SECRETARY))
    made = await do(secretary, "createBoard", "board { id position }", slug="pets", title="宠物",
                    kind="FORUM", postPolicy="EVERYONE", moderation="POST", idempotencyKey=key())  # fmt: skip
    board = made.payload["board"]
    assert board["position"] == len(elm.boards)
    taken = await do(secretary, "createBoard", slug="pets", title="又一个", kind="FORUM",
                     postPolicy="EVERYONE", moderation="POST", idempotencyKey=key())  # fmt: skip
    assert taken.refusals == ["ALREADY_DONE"]
    renamed = await do(secretary, "updateBoard", "board { title moderation }", boardId=board["id"],
                       expectedVersion=1, title="猫狗", moderation="PRE")  # fmt: skip
    assert renamed.payload["board"] == {"title": "猫狗", "moderation": "PRE"}
    order = [board["id"], *(elm.board(slug) for slug in elm.boards)]
    await do(secretary, "reorderBoards", boardIds=order)
    read = await secretary.run("{ community { boards { id } } }")
    assert [b["id"] for b in read.data["community"]["boards"]] == order
    assert (await do(secretary, "reorderBoards", boardIds=order[1:])).refusals == ["INVALID"]
    await do(secretary, "archiveBoard", boardId=board["id"], reason="没人用")
    closed = await do(secretary, "createPost", boardId=board["id"], title="题", body="文",
                      idempotencyKey=key())  # fmt: skip
    assert closed.refusals == ["WRONG_STATE"]
    await do(secretary, "reopenBoard", boardId=board["id"])
    assert (await do(secretary, "createPost", boardId=board["id"], title="题", body="文",
                     idempotencyKey=key())).refusals == []  # fmt: skip


async def test_a_suspended_community_can_be_read_but_not_changed(
    make: Make, signed_in: SignIn
) -> None:
    elm = await make.community()
    officer, person = signed_in(await make.officer()), signed_in(await make.member(elm))
    done = await do(
        officer, "suspendCommunity", "community { state }", communityId=elm.public_id, reason="撤并"
    )
    assert done.payload["community"] == {"state": "SUSPENDED"}

    refused = await do(
        person, "createPost", boardId=elm.board(), title="题", body="文", idempotencyKey=key()
    )
    assert refused.refusals == ["WRONG_STATE"]
    assert await make.value(elm, "select count(*) from tenant.post") == 0
    read = await person.run("{ community { state suspensionReason } }")
    assert read.data["community"] == {"state": "SUSPENDED", "suspensionReason": "撤并"}

    await do(officer, "resumeCommunity", communityId=elm.public_id, reason="恢复")
    assert (await do(person, "createPost", boardId=elm.board(), title="题", body="文",
                     idempotencyKey=key())).refusals == []  # fmt: skip
    told = await make.rows(
        elm, "select action from tenant.audit_entry where actor_kind = 'OFFICER' order by id"
    )
    assert [row["action"] for row in told] == ["community.suspended", "community.resumed"]


async def test_an_officer_founds_a_village_with_a_villages_boards(
    make: Make, signed_in: SignIn
) -> None:
    officer = signed_in(await make.officer())
    seen = await officer.run("{ district { streets { id code } } }")
    street = seen.data["district"]["streets"][0]
    given = {
        "streetId": street["id"],
        "code": street["code"] + "998",
        "name": "新村村委会",
        "kind": "VILLAGE",
    }
    made = await do(officer, "createCommunity", "community { name kind code }", **given)
    assert made.payload["community"] == {
        "name": "新村村委会",
        "kind": "VILLAGE",
        "code": street["code"] + "998",
    }
    assert (await do(officer, "createCommunity", **given)).refusals == ["ALREADY_DONE"]
    wrong = await do(officer, "createCommunity", **{**given, "code": "999999999999"})
    assert wrong.refusals == ["INVALID"]


async def test_a_role_given_and_taken_counts_at_once(make: Make, signed_in: SignIn) -> None:
    elm = await make.community()
    secretary = signed_in(await make.member(elm, *SECRETARY))
    person = await make.member(elm)
    old = signed_in(person)

    granted = await do(
        secretary, "grantRole", "member { roles }", memberId=person.public_id, reason="选举"
    )

    assert granted.payload["member"] == {"roles": ["RESIDENT", "COMMITTEE_MEMBER"]}
    stale = await old.run("{ viewer { id } }")
    assert (stale.status, stale.codes) == (401, ["UNAUTHENTICATED"])
    assert (await do(old, "createPost", boardId=elm.board(), title="题", body="文",
                     idempotencyKey=key())).status == 401  # fmt: skip
    assert await make.value(elm, "select count(*) from tenant.post") == 0
