"""Concurrency: one idempotency key makes one post, one version has one winner, counts hold."""

import asyncio
import random

from api.engine.identifiers import encode_id
from tests.conftest import SignIn
from tests.street import STAFF, Make, key
from tests.test_demo import COUNTERS

CREATE = """mutation ($input: CreatePostInput!) {
  createPost(input: $input) { post { id } userErrors { code } } }"""
EDIT = """mutation ($input: EditPostInput!) {
  editPost(input: $input) { post { version } userErrors { code ... on VersionConflictError { currentVersion } } } }"""


async def test_two_hundred_creates_with_one_key_make_one_post(
    make: Make, signed_in: SignIn
) -> None:
    elm = await make.community()
    author = signed_in(await make.member(elm))
    written = {"boardId": elm.board(), "title": "题", "body": "文", "idempotencyKey": key()}

    answers = await asyncio.gather(*(author.run(CREATE, input=written) for _ in range(200)))

    assert {answer.payload["post"]["id"] for answer in answers} == {
        encode_id(await make.value(elm, "select id from tenant.post"), "pst_")
    }
    assert await make.value(elm, "select count(*) from tenant.post") == 1
    assert await make.value(elm, "select posts from tenant.community_count") == 1
    other = await author.run(CREATE, input={**written, "title": "另一题"})
    assert other.refusals == ["IDEMPOTENCY_MISMATCH"]
    assert await make.value(elm, "select count(*) from tenant.post") == 1


async def test_a_hundred_edits_of_one_version_have_one_winner(
    make: Make, signed_in: SignIn
) -> None:
    elm = await make.community()
    person = await make.member(elm)
    post = encode_id(await make.post(person), "pst_")
    author = signed_in(person)

    answers = await asyncio.gather(*(
        author.run(EDIT, input={
            "postId": post, "title": f"第{i}版", "body": "文", "expectedVersion": 1})
        for i in range(100)
    ))  # fmt: skip

    outcomes = [tuple(answer.refusals) for answer in answers]
    assert sorted(outcomes) == [(), *[("VERSION_CONFLICT",)] * 99]
    (winner,) = [a for a in answers if not a.refusals]
    assert winner.payload["post"]["version"] == 2
    assert await make.value(elm, "select version from tenant.post") == 2


async def test_a_refused_call_leaves_its_key_free(make: Make, signed_in: SignIn) -> None:
    elm = await make.community()
    author = signed_in(await make.member(elm))
    written = {"boardId": elm.board(), "title": "", "body": "文", "idempotencyKey": key()}

    assert (await author.run(CREATE, input=written)).refusals == ["REQUIRED"]
    assert await make.value(elm, "select count(*) from tenant.idempotency_key") == 0
    assert (await author.run(CREATE, input={**written, "title": "题"})).refusals == []


async def test_a_replay_after_the_post_was_deleted_answers_null(
    make: Make, signed_in: SignIn
) -> None:
    elm = await make.community()
    author = signed_in(await make.member(elm))
    written = {"boardId": elm.board(), "title": "题", "body": "文", "idempotencyKey": key()}
    first = (await author.run(CREATE, input=written)).payload["post"]["id"]
    await author.run(
        "mutation ($id: ID!) { deletePost(input: { postId: $id }) { deletedId } }", id=first
    )

    assert (await author.run(CREATE, input=written)).payload == {"post": None, "userErrors": []}


async def test_counters_are_right_whatever_happens_at_once(make: Make, signed_in: SignIn) -> None:
    elm = await make.community()
    people = [await make.member(elm) for _ in range(4)] + [await make.member(elm, *STAFF)]
    ids = [await make.post(people[0]) for _ in range(3)]
    talk = [await make.comment(people[1], post) for post in ids for _ in range(4)]
    chance = random.Random(7)
    verbs = [
        ("addComment", lambda: {"postId": encode_id(chance.choice(ids), "pst_"),
                                "body": "好", "idempotencyKey": key()}),
        ("addComment", lambda: {"postId": encode_id(ids[0], "pst_"), "body": "回",
                                "parentId": encode_id(talk[0], "cmt_"), "idempotencyKey": key()}),
        ("react", lambda: {"subjectId": encode_id(chance.choice(ids), "pst_"), "kind": "LIKE"}),
        ("unreact", lambda: {"subjectId": encode_id(chance.choice(ids), "pst_"), "kind": "LIKE"}),
        ("react", lambda: {"subjectId": encode_id(chance.choice(talk), "cmt_"), "kind": "CARE"}),
        ("deleteComment", lambda: {"commentId": encode_id(chance.choice(talk), "cmt_"),
                                   "reason": "重复"}),
        ("hideContent", lambda: {"subjectId": encode_id(chance.choice(talk), "cmt_"),
                                 "reasonCode": "SPAM", "reason": "广告"}),
        ("restoreContent", lambda: {"subjectId": encode_id(chance.choice(talk), "cmt_"),
                                    "reason": "没有问题"}),
        ("hideContent", lambda: {"subjectId": encode_id(ids[2], "pst_"),
                                 "reasonCode": "SPAM", "reason": "广告"}),
        ("restoreContent", lambda: {"subjectId": encode_id(ids[2], "pst_"), "reason": "没有问题"}),
    ]  # fmt: skip
    at_once = asyncio.Semaphore(40)

    async def one() -> None:
        async with at_once:
            await act()

    async def act() -> None:
        verb, made = chance.choice(verbs)
        type_ = verb[0].upper() + verb[1:] + "Input"
        answer = await signed_in(chance.choice(people)).run(
            f"mutation ($input: {type_}!) {{ {verb}(input: $input) {{ userErrors {{ code }} }} }}",
            input=made(),
        )
        assert set(answer.codes) <= {"FORBIDDEN"}, answer.body

    await asyncio.gather(*(one() for _ in range(300)))

    for what, query in COUNTERS.items():
        assert await make.value(elm, query) == 0, what
