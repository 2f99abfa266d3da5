"""Test what is kept of documents: within a bound that is true, and no trace of what comes only once."""

import gc
import random
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from api.engine import plans
from api.engine.cache import Cache
from api.engine.documents import Document, Documents
from api.engine.errors import RequestError
from api.engine.executor import Engine
from api.engine.introspection import Introspection
from api.engine.preparing import Prepared, Request
from api.engine.sql import _templates
from api.schema.schema import contract
from tenants.connection import _MOST_CHARACTERS
from tenants.db import Database
from tenants.domains import DOMAINS
from tenants.pool import Pool
from tenants.viewer import Principal
from tests.api.measure import secretary
from tests.conftest import SignIn
from tests.street import Make

COSTLIEST = [
    path.read_text() for path in sorted((Path(__file__).parent / "costliest").glob("*.graphql"))
]
MINE = "{ viewer { id } }"
FEED = """query ($n: Int) { board(slug: "neighbours") { posts(first: $n) {
  nodes { id title body author { id displayName } comments(first: 3) { nodes { id body } } }
  pageInfo { hasNextPage endCursor } } } }"""


def engine_of(most_bytes: int) -> Engine:
    """Return an engine that keeps so many bytes of documents."""
    engine = Engine(contract(), Database({}, DOMAINS), {})
    engine.documents = Documents(contract().schema, most_bytes=most_bytes)
    return engine


def ask(engine: Engine, text: str) -> Prepared:
    """Prepare a document as one request does."""
    return engine.prepare(Request(text), secretary())


def new_ones(count: int) -> Iterator[str]:
    """Give so many costly documents that nobody has sent before."""
    return (f"{COSTLIEST[i % len(COSTLIEST)]} # {uuid4()}" for i in range(count))


def test_a_cache_counts_its_bytes_and_keeps_its_bound() -> None:
    chance, cache = random.Random(7), Cache[int, int](1000)
    sizes: dict[int, int] = {}
    for _ in range(5000):
        key = chance.randrange(60)
        if cache.get(key) is None or chance.random() < 0.1:
            sizes[key] = chance.randrange(1, 100)
            cache.put(key, key, sizes[key])
        assert cache.bytes == sum(sizes[kept] for kept in cache)
        assert cache.bytes <= 1000
    assert len(cache) > 10


def test_what_was_used_once_pushes_out_nothing_that_was_used_twice() -> None:
    cache = Cache[str, str](8000)
    for name in ("once", "twice", "three times"):
        cache.put(name, name, 100)
    for name in ("once", "twice", "twice", "three times", "three times", "three times"):
        assert cache.get(name) == name
    for i in range(1000):
        cache.put(f"new {i}", "", 100)
        cache.get(f"new {i}")
    assert [cache.peek(name) for name in ("once", "twice", "three times")] == [
        None, "twice", "three times",
    ]  # fmt: skip
    assert len(cache) == 12, "a thousand new ones had an eighth of the room"


def test_a_value_that_is_larger_than_its_room_is_kept_until_the_next() -> None:
    cache = Cache[str, str](800)
    cache.put("small", "", 50)
    cache.put("large", "", 5000)
    assert (cache.peek("small"), cache.get("large")) == (None, "")
    cache.put("small", "", 50)
    assert (len(cache), cache.bytes) == (1, 50)


def test_each_of_the_costliest_documents_is_within_the_limits() -> None:
    for text in COSTLIEST:
        assert ask(engine_of(1), text).plan.query is not None


def test_a_stranger_who_sends_new_documents_pushes_out_nobodys() -> None:
    engine = engine_of(2_000_000)
    mine = [ask(engine, MINE).plan for _ in "12"]
    for text in new_ones(40):
        ask(engine, text)
        assert engine.documents.bytes <= 2_000_000 // 8 + 50_000
    assert ask(engine, MINE).plan is mine[0] is mine[1]


def test_a_stranger_who_sends_each_twice_fills_the_bound_and_no_more() -> None:
    engine = engine_of(1_000_000)
    for text in new_ones(20):
        for _ in "12":
            ask(engine, text)
        assert engine.documents.bytes <= 1_000_000
    assert engine.documents.bytes > 500_000
    assert 0 < engine.documents.plans == len(engine.documents) < 20


@pytest.mark.parametrize(
    "texts", [COSTLIEST, [MINE], [FEED]], ids=["costly ones", "small ones", "a feed"]
)
def test_documents_and_plans_take_no_more_than_what_is_counted(texts: list[str]) -> None:
    for text in texts:
        ask(engine_of(1), text)  # so that what the schema and the conditions keep is not counted
    engine = engine_of(100_000_000)
    gc.collect()
    tracemalloc.start()
    try:
        for text in texts * (18 // len(texts)):
            ask(engine, f"{text} # {uuid4()}")
        gc.collect()
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 0.5 < held / engine.documents.bytes < 1.1


def test_a_refused_text_is_kept_without_what_it_was_raised_with() -> None:
    documents = Documents(contract().schema)
    for text in ("{ nobody }", "{", "{ viewer { id(a: 1) } }"):
        with pytest.raises(RequestError):
            documents.read(text)
        kept = documents._kept.peek(text)
        assert isinstance(kept, RequestError)
        for _ in range(3):
            with pytest.raises(RequestError) as refused:
                documents.known(text)
            assert refused.value is not kept
            assert refused.value.errors == kept.errors
        assert (kept.__traceback__, kept.__context__, kept.__cause__) == (None, None, None)


def test_a_document_read_twice_at_once_is_counted_once() -> None:
    documents = Documents(contract().schema)
    for each in [documents.examine(MINE) for _ in "12"]:
        documents.keep(MINE, each)

    once = Documents(contract().schema)
    once.read(MINE)
    assert (len(documents), documents.bytes) == (1, once.bytes)


def test_an_operation_keeps_few_plans() -> None:
    engine = engine_of(100_000_000)
    flags = [f"f{i}" for i in range(4)]
    given = ", ".join(f"${name}: Boolean!" for name in flags)
    fields = " ".join(f"{name}: name @include(if: ${name})" for name in flags)
    text = f"query ($id: ID!, {given}) {{ node(id: $id) {{ id }} community {{ {fields} }} }}"
    for i in range(48):
        chosen = {name: bool(i >> n & 1) for n, name in enumerate(flags)}
        some = f"{('pst_', 'cmt_', 'mem_')[i // 16]}AAAAAAAAAAAAAAAAAAAAAA"
        request = Request(text, None, {"id": some, **chosen})
        first = engine.prepare(request, secretary())
        assert engine.prepare(request, secretary()).plan is first.plan
        assert engine.documents.plans <= plans.MAX_VARIANTS
        (document,) = engine.documents._kept
        assert isinstance(document, Document)
        assert engine.documents.bytes == document.bytes
    assert engine.documents.plans == plans.MAX_VARIANTS


def test_new_documents_add_nothing_to_the_texts_of_conditions() -> None:
    texts = [*COSTLIEST, "query ($i: [ID!]!) { nodes(ids: $i) { id ... on Post { title } } }"]
    engine = engine_of(1_000_000)
    before = 0
    for _ in "123":
        for text in texts:
            engine.prepare(Request(f"{text} # {uuid4()}", None, {"i": []}), secretary())
        assert len(_templates) == before or not before
        before = len(_templates)


def test_kept_introspections_are_bounded_by_their_bytes() -> None:
    engine = engine_of(1_000_000)
    engine.introspection = Introspection(contract().schema, most_bytes=100_000)
    for i in range(30):
        ready = ask(engine, f'{{ __type(name: "Post") {{ name fields {{ name }} }} }} # {i}')
        engine.introspection.answer(ready.operation, ready.plan.introspection, ready.env)
        assert ready.env.introspection["__type"]
        assert 0 < engine.introspection.bytes <= 100_000 // 8


async def test_a_new_document_is_read_and_compiled_beside_the_loop(
    make: Make, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = list[int]()
    compiled = plans.compiled

    def watched(*given: Any) -> Any:
        threads.append(threading.get_ident())
        return compiled(*given)

    monkeypatch.setattr(plans, "compiled", watched)
    me = signed_in(await make.member(await make.community()))
    text = f"query ($f: Boolean!) {{ viewer {{ id roles @include(if: $f) }} }} # {uuid4()}"
    for given in (True, True, False, True):
        answer = await me.run(text, f=given)
        assert ("roles" in answer.data["viewer"]) is given
    assert len(threads) == 2, "one plan for each truth"
    assert threading.get_ident() not in threads


async def test_a_refusal_of_new_variables_is_given_to_each_and_kept_for_nobody(
    make: Make, signed_in: SignIn, app: Any
) -> None:
    me = signed_in(await make.member(await make.community()))
    text = f"query ($f: Boolean!) {{ viewer {{ id roles @include(if: $f) }} }} # {uuid4()}"
    for _ in "12":
        assert (await me.run(text, f="yes")).codes == ["BAD_USER_INPUT"]
    assert (await me.run(text, f=True)).status == 200
    assert app.state.house.endpoint.engine.documents.known(text) is not None


async def test_the_prepared_statements_of_a_connection_are_bounded_by_their_length(
    settings: Any, database: object
) -> None:
    assert database
    url = settings.role_urls()[Principal.COMMUNITY]
    pool = await Pool(url, 1, statements=1000, wait_seconds=60).open()
    async with pool.acquire() as connection:
        for i in range(20):
            await connection.fetchval(f"select {i} /* {'x' * (_MOST_CHARACTERS // 10)} */")
            await connection.fetchval("select 'mine'")
        found = await connection.fetch("select statement from pg_prepared_statements")
    await pool.close()
    texts = [row["statement"] for row in found]
    assert sum(map(len, texts)) <= _MOST_CHARACTERS * 1.2, "one more is closed with the next"
    assert len(texts) > 5
    assert "select 'mine'" in texts
