"""Boards are created, changed, ordered and archived by the secretary only."""

import asyncio
from typing import Any
from uuid import uuid4

from api.engine.identifiers import encode_id
from tests.street import key, pst
from tests.tenants.conftest import Lane, faults, id_of, seen

BOARDS = "select slug, title, position, version from tenant.board order by position, slug"


def pets(**given: str) -> dict[str, str]:
    """Return the input for a board for pets; the given values replace the defaults."""
    usual = {"slug": "pets", "title": "宠物", "kind": "FORUM", "postPolicy": "EVERYONE"}
    return {**usual, "moderation": "POST", "idempotencyKey": key(), **given}


async def test_a_board_is_opened_at_the_end_of_the_row(lane: Lane) -> None:
    select = "board { id slug title kind position postPolicy moderation isArchived version }"

    made = await lane.secretary.do("createBoard", select, **pets(title=" 宠物\n", moderation="PRE"))

    board_id = await lane.value("select id from tenant.board where slug = 'pets'")
    assert made.payload == {
        "board": {
            "id": encode_id(board_id, "brd_"), "slug": "pets", "title": "宠物", "kind": "FORUM",
            "position": len(lane.place.boards), "postPolicy": "EVERYONE", "moderation": "PRE",
            "isArchived": False, "version": 1,
        },
        "userErrors": [],
    }  # fmt: skip
    assert await lane.trace() == [("board.created", id_of(lane.secretary), board_id, None)]


async def test_only_the_secretary_shapes_the_boards(lane: Lane) -> None:
    before = await lane.rows(BOARDS)
    board = lane.place.board()
    verbs: dict[str, dict[str, Any]] = {
        "createBoard": pets(),
        "updateBoard": {"boardId": board, "expectedVersion": 1, "title": "改"},
        "reorderBoards": {"boardIds": [board]},
        "archiveBoard": {"boardId": board, "reason": "合并"},
        "reopenBoard": {"boardId": board},
    }
    for asker in (lane.author, lane.staff):
        for verb, given in verbs.items():
            assert (await asker.do(verb, **given)).codes == ["FORBIDDEN"], verb
    assert await lane.rows(BOARDS) == before
    assert await lane.trace() == []


async def test_a_board_without_a_proper_name_is_not_opened(lane: Lane) -> None:
    before = await lane.rows(BOARDS)
    for field, value, code in (
        *(("slug", slug, "INVALID") for slug in ("", "Pets", "2pets", "pets\n", "p" * 41)),
        ("slug", "notices", "ALREADY_DONE"),
        ("title", " ", "REQUIRED"),
        ("title", "长" * 31, "TOO_LONG"),
        ("idempotencyKey", "", "INVALID"),
    ):
        refused = await lane.secretary.do("createBoard", **pets(**{field: value}))
        assert faults(refused) == [(code, ["input", field])], value
    assert await lane.rows(BOARDS) == before
    assert await lane.trace() == []
    assert await lane.value("select count(*) from tenant.idempotency_key") == 0


async def test_one_key_opens_one_board(lane: Lane) -> None:
    given = pets()
    answers = await asyncio.gather(
        *(lane.secretary.do("createBoard", "board { id }", **given) for _ in range(6))
    )
    assert len({answer.payload["board"]["id"] for answer in answers}) == 1
    other = await lane.secretary.do("createBoard", **{**given, "title": "猫狗"})
    assert other.refusals == ["IDEMPOTENCY_MISMATCH"]
    assert await lane.actions() == ["board.created"]


async def test_one_of_those_who_want_a_slug_at_once_has_it(lane: Lane) -> None:
    answers = await asyncio.gather(*(lane.secretary.do("createBoard", **pets()) for _ in range(6)))
    assert sorted(answer.refusals for answer in answers) == [[], *[["ALREADY_DONE"]] * 5]
    assert await lane.actions() == ["board.created"]


async def test_boards_opened_at_once_stand_one_after_another(lane: Lane) -> None:
    await asyncio.gather(
        *(lane.secretary.do("createBoard", **pets(slug=f"pets-{i}")) for i in range(6))
    )
    positions = [row[2] for row in await lane.rows(BOARDS)]
    assert positions == list(range(len(lane.place.boards) + 6))


async def test_a_community_has_at_most_fifty_boards_even_if_opened_at_once(lane: Lane) -> None:
    async with lane.make.inside(lane.place.key) as connection:
        await connection.execute(
            "insert into tenant.board select community_id, gen_random_uuid(), 'n' || i, title,"
            " kind, 5 + i, post_policy, moderation, null, created_at, 1"
            " from tenant.board, generate_series(1, $1) i where slug = 'hall'",
            49 - len(lane.place.boards),
        )
    answers = await asyncio.gather(
        *(lane.secretary.do("createBoard", **pets(slug=f"pets-{i}")) for i in range(3))
    )
    assert sorted(answer.refusals for answer in answers) == [[], *[["QUOTA_EXCEEDED"]] * 2]
    assert await lane.value("select count(*) from tenant.board") == 50
    assert await lane.actions() == ["board.created"]


async def test_what_an_update_does_not_name_stays(lane: Lane) -> None:
    board = lane.place.board()
    select = "board { title postPolicy moderation version }"

    done = await lane.secretary.do(
        "updateBoard", select, boardId=board, expectedVersion=1, postPolicy="SECRETARY"
    )

    assert done.payload["board"] == {
        "title": "左邻右舍", "postPolicy": "SECRETARY", "moderation": "POST", "version": 2
    }  # fmt: skip
    say = {"boardId": board, "title": "题", "body": "文"}
    assert (await lane.staff.do("createPost", **say, idempotencyKey=key())).refusals == [
        "FORBIDDEN"
    ]
    assert await lane.trace() == [
        ("board.updated", id_of(lane.secretary), lane.place.boards["neighbours"], None)
    ]


async def test_an_update_that_says_nothing_or_comes_late_changes_nothing(lane: Lane) -> None:
    before = await lane.rows(BOARDS)
    refusals: tuple[tuple[dict[str, Any], str], ...] = (
        ({"expectedVersion": 2, "title": "改"}, "VERSION_CONFLICT"),
        ({"expectedVersion": 1}, "REQUIRED"),
        ({"expectedVersion": 1, "title": None}, "REQUIRED"),
        ({"expectedVersion": 1, "title": " "}, "REQUIRED"),
        ({"expectedVersion": 1, "title": "长" * 31, "moderation": "PRE"}, "TOO_LONG"),
    )
    for given, code in refusals:
        refused = await lane.secretary.do("updateBoard", boardId=lane.place.board(), **given)
        assert refused.refusals == [code], given
    assert await lane.rows(BOARDS) == before
    assert await lane.trace() == []


async def test_an_order_names_every_board_once(lane: Lane) -> None:
    before = await lane.rows(BOARDS)
    all_ = [lane.place.board(slug) for slug in lane.place.boards]
    for order, code in (
        ([], "INVALID"),
        (all_[1:], "INVALID"),
        ([*all_[1:], all_[1]], "INVALID"),
        ([*all_[1:], encode_id(uuid4(), "brd_")], "NOT_FOUND"),
        ([*all_, "左邻右舍"], "NOT_FOUND"),
    ):
        refused = await lane.secretary.do("reorderBoards", boardIds=order)
        assert faults(refused) == [(code, ["input", "boardIds"])], order
    assert await lane.rows(BOARDS) == before

    done = await lane.secretary.do("reorderBoards", "board { id }", boardIds=all_[::-1])
    assert done.payload["board"] == {"id": all_[-1]}
    assert [row[0] for row in await lane.rows(BOARDS)] == list(lane.place.boards)[::-1]
    last = lane.place.boards[list(lane.place.boards)[-1]]
    assert await lane.trace() == [("board.reordered", id_of(lane.secretary), last, None)]


async def test_an_archived_board_is_read_until_it_is_reopened(lane: Lane) -> None:
    board, post = lane.place.board("plaza"), await lane.make.post(lane.author.person, "plaza")
    for reason, code in (("", "REQUIRED"), (" ", "REQUIRED"), ("长" * 501, "TOO_LONG")):
        refused = await lane.secretary.do("archiveBoard", boardId=board, reason=reason)
        assert refused.refusals == [code]
    assert (await lane.secretary.do("reopenBoard", boardId=board)).refusals == ["WRONG_STATE"]
    assert await lane.trace() == []

    select = "board { isArchived viewerCan { createPost { allowed code } } }"
    done = await lane.secretary.do("archiveBoard", select, boardId=board, reason=" 没人用 ")
    closed = {
        "isArchived": True,
        "viewerCan": {"createPost": {"allowed": False, "code": "WRONG_STATE"}},
    }
    assert done.payload["board"] == closed
    again = await lane.secretary.do("archiveBoard", boardId=board, reason="没人用")
    assert again.refusals == ["ALREADY_DONE"]
    assert await seen(lane.neighbour, pst(post), "title") == {"title": "今天停水吗"}

    reopened = await lane.secretary.do("reopenBoard", select, boardId=board)
    assert reopened.payload["board"]["isArchived"] is False
    who, which = id_of(lane.secretary), lane.place.boards["plaza"]
    assert await lane.trace() == [
        ("board.archived", who, which, "没人用"), ("board.reopened", who, which, None)
    ]  # fmt: skip
