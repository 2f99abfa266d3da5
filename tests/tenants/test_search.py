"""Search: a post is found by every word in it, by those who may see it, and by no others."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.terms import Query, terms_of
from tests.street import SignedIn, key, pst
from tests.tenants.conftest import Lane, id_of

SEARCH = """query ($q: String!, $first: Int = 20, $after: Cursor) {
  search(query: $q, first: $first, after: $after) {
    totalCount nodes { id } pageInfo { hasNextPage endCursor } } }"""
TERMS = "select count(*) from tenant.post_term where post_id = $1"


async def found(asker: SignedIn, query: str) -> list[str]:
    """Return the ids of what a person finds."""
    answer = await asker.run(SEARCH, q=query)
    return [node["id"] for node in answer.data["search"]["nodes"]]


async def test_a_post_is_found_from_its_first_moment_to_its_last(lane: Lane) -> None:
    written = await lane.author.do(
        "createPost", "post { id }", boardId=lane.place.board(), title="寻猫",
        body="三花猫走丢了", idempotencyKey=key(),
    )  # fmt: skip
    post = written.payload["post"]["id"]
    assert await found(lane.neighbour, "三花") == [post]

    spam = {"subjectId": post, "reasonCode": "SPAM", "reason": "广告"}
    await lane.staff.do("hideContent", **spam)
    finders = [await found(asker, "三花") for asker in (lane.neighbour, lane.author, lane.staff)]
    assert finders == [[], [post], [post]]
    await lane.staff.do("restoreContent", subjectId=post, reason="误判")
    assert await found(lane.neighbour, "三花") == [post]

    await lane.author.do("deletePost", postId=post)
    assert [await found(asker, "三花") for asker in (lane.author, lane.secretary)] == [[], []]
    assert await lane.rows("select * from tenant.post_term") == []


async def test_a_held_post_is_found_by_its_author_and_the_staff(lane: Lane) -> None:
    post = pst(await lane.make.post(lane.author.person, "hall", state="HELD"))
    askers = (lane.author, lane.neighbour, lane.staff, lane.secretary)
    assert [await found(asker, "停水") for asker in askers] == [[post], [], [post], [post]]


async def test_a_refused_edit_keeps_the_old_words(lane: Lane) -> None:
    post = await lane.make.post(lane.author.person, title="停水", body="停水了")
    before = await lane.value(TERMS, post)
    late: dict[str, Any] = {"postId": pst(post), "title": "停电", "body": "电"}
    assert (await lane.author.do("editPost", **late, expectedVersion=9)).refusals == [
        "VERSION_CONFLICT"
    ]
    assert await found(lane.neighbour, "停水") == [pst(post)]
    assert await found(lane.neighbour, "停电") == []
    assert await lane.value(TERMS, post) == before
    assert await lane.trace() == []


async def test_what_is_said_under_a_post_does_not_find_it(lane: Lane) -> None:
    post = await lane.make.post(lane.author.person)
    await lane.make.comment(lane.author.person, post, body="水表坏了")
    assert await found(lane.neighbour, "水表") == []


async def test_a_query_without_a_word_is_refused_as_such(lane: Lane) -> None:
    for query in ("", " ", "水", "水 电", "。！？", "%", "é"):
        answer = await lane.neighbour.run(SEARCH, q=query)
        assert (answer.status, answer.codes) == (400, ["BAD_USER_INPUT"]), query
        assert "two Chinese characters" in answer.body["errors"][0]["message"]


SAID = {
    "price": "大米 100% 新米，每袋 58 元",
    "thousand": "大米 1000 袋",
    "name": "user_name 是什么",
    "rare": "𠮷野家开业，㐂欢",
    "accents": "CAFÉ Ünal 咖啡，ＷＩＦＩ免费",
    "long": "w" * 60 + "x",
    "quote": 'O\'Brien \\ "引号"',
}
FINDS = {
    "100%": ["price"], "大米 100": ["price", "thousand"], "100": ["price"],
    "user_name": ["name"], "user%name": [], "userXname": [],
    "𠮷野": ["rare"], "㐂欢": ["rare"], "𠮷野 欢": ["rare"],
    "café": ["accents"], "CAFÉ": ["accents"], "咖啡 ünal": ["accents"], "ｗｉｆｉ免费": ["accents"],
    "咖啡 cafe": [], "W" * 60 + "X": ["long"], "W" * 61: [], "w" * 39: [],
    "o'brien": ["quote"], "引号 \\": ["quote"], "'; drop table post; --": [],
}  # fmt: skip


async def test_words_are_taken_as_they_are_written(lane: Lane) -> None:
    posts = {n: await lane.make.post(lane.author.person, title=n, body=b) for n, b in SAID.items()}
    names = {pst(post): name for name, post in posts.items()}
    for query, expected in FINDS.items():
        assert sorted(names[post] for post in await found(lane.neighbour, query)) == expected, query


async def test_finds_are_read_page_by_page_newest_first(lane: Lane) -> None:
    newest_first = [pst(await lane.make.post(lane.author.person)) for _ in range(5)][::-1]
    read: list[str] = []
    page: Any = {"endCursor": None, "hasNextPage": True}
    while page["hasNextPage"]:
        answer = await lane.neighbour.run(SEARCH, q="停水", first=2, after=page["endCursor"])
        assert answer.data["search"]["totalCount"] == 5
        page = answer.data["search"]["pageInfo"]
        read += [node["id"] for node in answer.data["search"]["nodes"]]
    assert read == newest_first


async def test_a_long_post_is_found_by_its_last_words(lane: Lane) -> None:
    body = "".join(chr(0x4E00 + i) for i in range(2498)) + "龙凤"
    written = await lane.author.do(
        "createPost", "post { id }", boardId=lane.place.board(), title="字",
        body=body, idempotencyKey=key(),
    )  # fmt: skip
    assert await found(lane.neighbour, "龙凤") == [written.payload["post"]["id"]]
    assert await lane.value("select count(*) from tenant.post_term") == 2499
    assert (await lane.trace())[0][1] == id_of(lane.author)


async def test_a_query_is_never_cut(lane: Lane) -> None:
    answer = await lane.author.run(SEARCH, q="停水" + " " * 98 + "不存在的词")
    assert answer.codes == ["BAD_USER_INPUT"]


@pytest.mark.parametrize(
    ("text", "terms"),
    [("社区通", ["社区", "区通"]), ("Linli 3", ["linli", "3"]), ("停水停水", ["停水", "水停"]),
     ("水", []), ("a水b", ["a", "b"]), ("停，水", []), ("wifi密码", ["wifi", "密码"])],
)  # fmt: skip
def test_terms_are_pairs_of_characters_and_latin_words(text: str, terms: list[str]) -> None:
    assert terms_of(text) == terms


@given(st.text(alphabet="停水电社区aB3 ，𠮷é", max_size=60), st.data())
def test_a_word_of_a_text_has_only_terms_that_the_text_has(text: str, data: st.DataObject) -> None:
    words = text.split() or [""]
    assert set(terms_of(data.draw(st.sampled_from(words)))) <= set(terms_of(text))


# a text, and queries that must find it
ALIKE = [
    ("ＷＩＦＩ密码５６１２３４，Ｂ座", ["wifi", "ＷＩＦＩ", "561234", "５６１２３４", "b座", "wifi密码561234,b座"]),
    ("2单元（东）22：00", ["2单元(东)", "22:00", "２单元（东）２２：００"]),
    ("Cafe\u0301 营业", ["Caf\u00e9 营业", "cafe\u0301 营业", "CAF\u00c9"]),
    ("⼩区⾼空抛物", ["小区高空", "⼩区⾼空", "高空抛物"]),
    ("㈱公司电梯", ["(株)公司", "㈱公司"]),
    ("水 表 坏 了 电梯", ["电梯 水", "电梯 水 坏"]),
]  # fmt: skip


async def test_width_and_composition_make_no_difference(lane: Lane) -> None:
    for body, queries in ALIKE:
        post = pst(await lane.make.post(lane.author.person, title="字", body=body))
        for query in queries:
            assert post in await found(lane.neighbour, query), (body, query)
    assert await found(lane.neighbour, "电梯 火") == []


async def test_words_are_few_and_the_price_counts_them(lane: Lane) -> None:
    query = "query ($q: String!) { rateLimit { cost } search(query: $q, first: 0) { %s } }"
    for select, walks in (("totalCount", 1), ("pageInfo { hasNextPage } nodes { id }", 2)):
        for words in (1, 2, 8):
            text = " ".join(f"电梯{i}" for i in range(words))
            answer = await lane.neighbour.run(query % select, q=text)
            assert answer.data["rateLimit"]["cost"] == 2 + walks * (5 + 5 * words)
    many = await lane.neighbour.run(SEARCH, q=" ".join(f"电梯{i}" for i in range(9)))
    assert (many.status, many.codes) == (400, ["BAD_USER_INPUT"])
    assert many.body["errors"][0]["message"] == "`query` holds 8 words at most."
    same = await lane.neighbour.run(SEARCH, q="电梯 " * 20)
    assert same.data["search"]["totalCount"] == 0


async def test_what_terms_cannot_tell_is_looked_for_in_a_bounded_amount_of_text(lane: Lane) -> None:
    body = "电梯停运" + "。" * 2400  # 7,236 bytes with the title: 69 of them are searched
    posts = [
        pst(await lane.make.post(lane.author.person, title="电梯停运", body=body))
        for _ in range(72)
    ]
    pair = await lane.neighbour.run(SEARCH, q="电梯 停运", first=50)
    assert pair.data["search"]["totalCount"] == 72
    word = await lane.neighbour.run(SEARCH, q="电梯停运", first=50)
    assert word.data["search"]["totalCount"] == 500_000 // len(f"电梯停运{body}".encode())
    # a page continues after the last one, and searches as much text again
    page = word.data["search"]["pageInfo"]
    rest = await lane.neighbour.run(SEARCH, q="电梯停运", first=50, after=page["endCursor"])
    assert [node["id"] for node in rest.data["search"]["nodes"]] == posts[::-1][50:]


@pytest.mark.parametrize(
    ("text", "terms", "patterns"),
    [
        ("停水", ["停水"], []),
        ("停水 停电", ["停水", "停电"], []),
        ("停水了", ["停水", "水了"], ["%停水了%"]),
        ("大米 100", ["大米"], ["%100%"]),
        ("100", ["100"], []),
        ("100%", ["100"], [r"%100\%%"]),
        (r"a_b\c", ["a", "b", "c"], [r"%a\_b\\c%"]),
        ("w" * 41, ["w" * 40], [f"%{'w' * 41}%"]),
        ("ＷＩＦＩ", ["wifi"], []),
        ("水", [], ["%水%"]),
    ],
)
def test_a_query_is_read_into_terms_and_patterns(
    text: str, terms: list[str], patterns: list[str]
) -> None:
    query = Query.of(text)
    assert (query.terms, query.patterns) == (terms, patterns)
