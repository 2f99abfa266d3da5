"""Posts and comments on the boards, through the API."""

from tests.conftest import SignIn
from tests.street import Make, key

CREATE_POST = """
mutation ($input: CreatePostInput!) {
  createPost(input: $input) { post { id title state } userErrors { code path message } }
}
"""


async def test_a_resident_posts_and_a_neighbour_reads_it(make: Make, signed_in: SignIn) -> None:
    elm = await make.community()
    author, neighbour = await make.member(elm), await make.member(elm)

    written = await signed_in(author).run(
        CREATE_POST,
        input={
            "boardId": elm.board(),
            "title": " 停水 ",
            "body": "今天停水吗？",
            "idempotencyKey": key(),
        },
    )

    post = written.payload["post"]
    assert (post["title"], post["state"]) == ("停水", "PUBLISHED")
    read = await signed_in(neighbour).run(
        "query ($id: ID!) { post(id: $id) { title author { id } } }", id=post["id"]
    )
    assert read.data == {"post": {"title": "停水", "author": {"id": author.public_id}}}
    for table in ("audit_entry", "outbox_event"):
        assert await make.rows(elm, f"select action from tenant.{table}") == [
            ("post.created",)
        ] or (
            [r["action"] for r in await make.rows(elm, f"select action from tenant.{table}")]
            == ["community.created", "post.created"]
        )


async def test_a_stranger_next_door_finds_nothing(make: Make, signed_in: SignIn) -> None:
    elm, oak = await make.community(), await make.community()
    post_id = await make.post(await make.member(elm))
    stranger = signed_in(await make.member(oak))

    answer = await stranger.run(CREATE_POST, input={
        "boardId": elm.board(), "title": "x", "body": "y", "idempotencyKey": key()})  # fmt: skip

    assert answer.refusals == ["NOT_FOUND"]
    assert await make.value(elm, "select count(*) from tenant.post") == 1
    assert post_id
