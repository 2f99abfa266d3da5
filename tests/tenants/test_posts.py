"""Posts: who writes where, which checks come first, and what edits, deletions and pins do."""

from collections.abc import Iterator
from typing import Any

import pytest

from api.textcheck import HttpTextCheck
from tenants.boards.service.check import Verdict
from tests.conftest import SignIn
from tests.street import STAFF, Make, cmt, key, pst
from tests.tenants.conftest import Lane, id_of, seen

POSTS = "select state, title, version from tenant.post"


class _Check:
    def __init__(self) -> None:
        self.verdict = Verdict.PASS
        self.texts: list[str] = []

    async def check(self, text: str) -> Verdict:
        self.texts.append(text)
        return self.verdict


@pytest.fixture
def services(app: Any) -> Iterator[dict[str, Any]]:
    """Give the services of the running engine, restored afterwards."""
    held = app.state.house.endpoint.engine.services
    usual = dict(held)
    yield held
    held.update(usual)


async def test_each_kind_of_community_begins_with_its_boards(make: Make) -> None:
    begun = {}
    for kind, key_ in (("RESIDENTIAL", 300), ("VILLAGE", 41)):
        place = await make.place(key_)
        assert await make.value(place, "select kind from tenant.community") == kind
        begun[kind] = [
            tuple(row)
            for row in await make.rows(
                place,
                "select slug, title, kind, post_policy, moderation from tenant.board "
                "where slug in ('notices', 'hall', 'affairs', 'hometown') order by position",
            )
        ]
    hall = ("hall", "议事厅", "HALL", "EVERYONE", "PRE")
    assert begun == {
        "RESIDENTIAL": [
            ("notices", "社区公告", "NOTICE", "COMMITTEE", "POST"), hall,
            ("affairs", "居务公开", "AFFAIRS", "COMMITTEE", "POST"),
        ],
        "VILLAGE": [
            ("notices", "村公告", "NOTICE", "COMMITTEE", "POST"), hall,
            ("affairs", "村务公开", "AFFAIRS", "COMMITTEE", "POST"),
            ("hometown", "乡愁乡音", "CULTURE", "EVERYONE", "POST"),
        ],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"title": " \n"}, "REQUIRED", "title"),
        ({"body": ""}, "REQUIRED", "body"),
        ({"title": "长" * 81}, "TOO_LONG", "title"),
        ({"body": "长" * 2501}, "TOO_LONG", "body"),
        ({"idempotencyKey": ""}, "INVALID", "idempotencyKey"),
        ({"idempotencyKey": "k" * 65}, "INVALID", "idempotencyKey"),
    ],
)
async def test_a_post_of_no_or_endless_words_is_refused(
    lane: Lane, given: dict[str, str], code: str, field: str
) -> None:
    whole = {"boardId": lane.place.board(), "title": "题", "body": "文", "idempotencyKey": key()}

    refused = await lane.author.do("createPost", **{**whole, **given})

    assert [(e["code"], e["path"]) for e in refused.payload["userErrors"]] == [
        (code, ["input", field])
    ]
    assert await lane.rows(POSTS) == []
    assert await lane.trace() == []
    assert await lane.value("select count(*) from tenant.idempotency_key") == 0


async def test_words_of_full_length_are_kept_whole(lane: Lane) -> None:
    title, body = "题" * 80, "𠮷" * 2500
    written = await lane.author.do(
        "createPost", "post { title body version editedAt author { id } board { slug } }",
        boardId=lane.place.board(), title=f"  {title}\n", body=body, idempotencyKey=key(),
    )  # fmt: skip
    assert written.payload["post"] == {
        "title": title, "body": body, "version": 1, "editedAt": None,
        "author": {"id": lane.author.person.public_id}, "board": {"slug": "neighbours"},
    }  # fmt: skip


async def test_only_the_author_edits_and_only_the_version_they_read(lane: Lane) -> None:
    post = await lane.make.post(lane.author.person)
    change: dict[str, Any] = {
        "postId": pst(post),
        "title": "新题",
        "body": "新文",
        "expectedVersion": 1,
    }

    assert (await lane.staff.do("editPost", **change)).refusals == ["FORBIDDEN"]
    assert (await lane.neighbour.do("editPost", **change)).refusals == ["FORBIDDEN"]
    assert await lane.value("select version from tenant.post") == 1
    done = await lane.author.do("editPost", "post { title version editedAt }", **change)
    assert done.payload["post"]["title"] == "新题"
    assert done.payload["post"]["version"] == 2
    assert done.payload["post"]["editedAt"] is not None

    stale = await lane.author.run(
        """mutation ($input: EditPostInput!) { editPost(input: $input) {
             post { id } userErrors { code ... on VersionConflictError { currentVersion } } } }""",
        input={**change, "title": "旧题"},
    )
    assert stale.payload == {
        "post": None,
        "userErrors": [{"code": "VERSION_CONFLICT", "currentVersion": 2}],
    }
    assert await lane.rows(POSTS) == [("PUBLISHED", "新题", 2)]
    assert await lane.trace() == [("post.edited", id_of(lane.author), post, None)]


async def test_a_deleted_post_is_gone_for_everyone_and_stays_in_the_records(lane: Lane) -> None:
    post = await lane.make.post(lane.author.person)
    comment = await lane.make.comment(lane.neighbour.person, post)
    assert (await lane.neighbour.do("deletePost", postId=pst(post))).refusals == ["FORBIDDEN"]

    done = await lane.author.do("deletePost", "deletedId", postId=pst(post))

    assert done.payload == {"deletedId": pst(post), "userErrors": []}
    for asker in (lane.author, lane.neighbour, lane.staff, lane.secretary):
        assert await seen(asker, pst(post), "id") is None
        assert await seen(asker, cmt(comment), "id") is None
    assert await lane.rows(POSTS) == [("DELETED", "今天停水吗", 2)]
    assert await lane.value("select count(*) from tenant.post_term") == 0
    assert (await lane.author.do("deletePost", postId=pst(post))).refusals == ["NOT_FOUND"]
    assert await lane.trace() == [("post.deleted", id_of(lane.author), post, None)]


async def test_the_staff_delete_with_a_reason_that_the_audit_keeps(lane: Lane) -> None:
    post = await lane.make.post(lane.author.person)
    await lane.staff.do("deletePost", postId=pst(post), reason=" 重复发布 ")
    assert await lane.trace() == [("post.deleted", id_of(lane.staff), post, "重复发布")]


async def test_pinned_posts_are_a_list_of_their_own_and_no_page_moves(lane: Lane) -> None:
    old, new = [pst(await lane.make.post(lane.author.person)) for _ in range(2)]
    feed = """query ($after: Cursor) { board(slug: "neighbours") { pinnedPosts { id }
      posts(first: 1, after: $after) { nodes { id pinned } pageInfo { endCursor } } } }"""

    async def read(after: str | None = None) -> tuple[list[str], list[tuple[str, bool]], str]:
        board = (await lane.neighbour.run(feed, after=after)).data["board"]
        page = [(node["id"], node["pinned"]) for node in board["posts"]["nodes"]]
        pinned = [post["id"] for post in board["pinnedPosts"]]
        return pinned, page, board["posts"]["pageInfo"]["endCursor"]

    pinned, page, cursor = await read()
    assert (pinned, page) == ([], [(new, False)])
    assert (await lane.author.do("pinPost", postId=old)).codes == ["FORBIDDEN"]
    await lane.staff.do("pinPost", postId=old)
    # between two pages: no post is missed and none comes twice
    assert (await read(cursor))[:2] == ([old], [(old, True)])
    assert (await read())[:2] == ([old], [(new, False)])
    assert (await lane.staff.do("pinPost", postId=old)).refusals == ["ALREADY_DONE"]
    await lane.secretary.do("unpinPost", postId=old)
    assert (await read(cursor))[:2] == ([], [(old, False)])
    assert (await lane.staff.do("unpinPost", postId=old)).refusals == ["WRONG_STATE"]
    assert await lane.actions() == ["post.pinned", "post.unpinned"]


async def test_an_edit_on_a_board_checked_first_is_held_again(lane: Lane) -> None:
    post = await lane.make.post(lane.author.person, "hall")
    assert await lane.value("select posts from tenant.community_count") == 1

    await lane.author.do("editPost", postId=pst(post), title="改", body="改", expectedVersion=1)

    assert await seen(lane.neighbour, pst(post), "id") is None
    assert await seen(lane.author, pst(post), "state title") == {"state": "HELD", "title": "改"}
    assert await lane.value("select posts from tenant.community_count") == 0
    assert await lane.rows("select state, was_held from tenant.moderation_case") == [("OPEN", True)]
    await lane.staff.do("restoreContent", subjectId=pst(post), reason="可以")
    assert await seen(lane.neighbour, pst(post), "state") == {"state": "PUBLISHED"}
    assert await lane.actions() == ["post.edited", "content.restored"]


async def test_text_is_judged_in_posts_edits_and_comments(
    lane: Lane, services: dict[str, Any]
) -> None:
    check = services["text_check"] = _Check()
    post = await lane.make.post(lane.author.person)
    edit: dict[str, Any] = {
        "postId": pst(post),
        "title": "改题",
        "body": "改文",
        "expectedVersion": 1,
    }
    say = {"postId": pst(post), "body": "好说", "idempotencyKey": key()}

    check.verdict = Verdict.RISKY
    raised = {"title": "题", "body": "文", "idempotencyKey": key()}
    for verb, given in (("editPost", edit), ("addComment", say), ("proposeTopic", raised)):
        refused = await lane.author.do(verb, **given)
        assert refused.refusals == ["CONTENT_REJECTED"]
    assert await lane.value("select count(*) from tenant.topic") == 0
    assert await lane.rows(POSTS) == [("PUBLISHED", "今天停水吗", 1)]
    assert await lane.value("select count(*) from tenant.comment") == 0
    assert await lane.trace() == []

    check.verdict = Verdict.REVIEW
    assert (await lane.author.do("proposeTopic", **raised)).refusals == ["CONTENT_REJECTED"]
    comment = await lane.author.do("addComment", "comment { id state }", **say)
    assert comment.payload["comment"]["state"] == "HELD"
    assert await seen(lane.neighbour, comment.payload["comment"]["id"], "id") is None
    assert await lane.value("select comment_count from tenant.post") == 0
    edited = await lane.author.do("editPost", "post { state }", **edit)
    assert edited.payload["post"] == {"state": "HELD"}
    assert check.texts == ["改题\n改文", "好说", "题\n文", "题\n文", "好说", "改题\n改文"]


async def test_a_check_that_cannot_be_reached_holds_the_post(
    lane: Lane, services: dict[str, Any]
) -> None:
    nobody_there = HttpTextCheck("http://127.0.0.1:9/")
    services["text_check"] = nobody_there
    written = await lane.author.do(
        "createPost", "post { id state }", boardId=lane.place.board(), title="题", body="文",
        idempotencyKey=key(),
    )  # fmt: skip
    await nobody_there.close()
    assert written.payload["post"]["state"] == "HELD"
    assert await seen(lane.neighbour, written.payload["post"]["id"], "id") is None
    assert await lane.rows("select state, was_held from tenant.moderation_case") == [("OPEN", True)]


async def test_what_someone_wrote_stays_when_they_move_away(lane: Lane, signed_in: SignIn) -> None:
    mover = await lane.make.member(lane.place, *STAFF)
    post = await lane.make.post(mover)
    asker = signed_in(mover)
    async with lane.make.inside(lane.place.key) as connection:
        await connection.execute(
            "update tenant.member set state = 'MOVED_OUT', left_at = now() where id = $1", mover.id
        )

    assert await seen(lane.neighbour, pst(post), "title author { id }") == {
        "title": "今天停水吗", "author": None}  # fmt: skip
    gone = await asker.do("editPost", postId=pst(post), title="改", body="改", expectedVersion=1)
    assert (gone.status, gone.codes) == (401, ["UNAUTHENTICATED"])
    assert await lane.value("select version from tenant.post") == 1
