"""Two workers: their requests are found by trace id in one log, and counted together."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psutil
import psycopg
import pytest

from api.settings import Settings
from demo.wechat import APPID, SECRET
from tests.api.hostile_files import encoded, photo
from tests.api.server import _environment
from tests.conftest import SignIn
from tests.overheard import leaks, unspeakable
from tests.served import Served, served
from tests.street import Make, key

CREATE = """mutation ($input: CreatePostInput!) {
  createPost(input: $input) { post { id } userErrors { code } } }"""
EVENT = re.compile(r'linli_events_total\{event="(\w+)"\} ([0-9.]+)')


@pytest.fixture(scope="module")
def two(
    settings: Settings, app: object, wechat: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """Give a server with two workers on the tests' PostgreSQL."""
    assert app
    environment = _environment(settings)
    url = environment.pop("LINLI_DATABASE_URL")
    environment |= {
        "LINLI_WECHAT_URL": wechat, "LINLI_WECHAT_APPID": APPID, "LINLI_WECHAT_SECRET": SECRET,
        "LINLI_POOL_SIZE": "2",
    }  # fmt: skip
    data = Path(environment.pop("LINLI_DATA"))
    folder = tmp_path_factory.mktemp("two")
    with served(data, folder, url, workers=2, **environment) as running:
        yield running


def events(two: Served) -> Counter[str]:
    """Return the counts of events so far, of all workers."""
    told = httpx.get(f"{two.url}/metrics").text
    return Counter({name: int(float(number)) for name, number in EVENT.findall(told)})


@pytest.mark.once
async def test_every_request_is_found_by_its_trace_and_counted(
    two: Served, make: Make, signed_in: SignIn
) -> None:
    elm = await make.community()
    word = unspeakable(f"悄悄话{uuid4().hex[:12]}")
    asker = signed_in(await make.member(elm, name=word))
    bearer = {"authorization": f"Bearer {asker.token}"}
    post = {"boardId": elm.board(), "title": word, "body": word, "idempotencyKey": key()}
    before = events(two)
    expected: dict[str, tuple[str, int, str | None]] = {}

    def ask(kind: str, status: int, event: str | None, path: str, **sent: Any) -> httpx.Response:
        answer = httpx.request(
            str(sent.pop("method", "POST")), f"{two.url}{path}", timeout=30, **sent
        )
        assert answer.status_code == status, answer.text
        assert answer.headers["x-trace-id"] not in expected
        expected[answer.headers["x-trace-id"]] = (kind, status, event)
        return answer

    # a new connection each time, so that both workers get some
    for _ in range(30):
        ask("query", 200, None, "/graphql", headers=bearer, json={"query": "{ viewer { id } }"})
    ask("mutation", 200, None, "/graphql", headers=bearer,
        json={"query": CREATE, "variables": {"input": post}})  # fmt: skip
    ask("none", 401, None, "/graphql", json={"query": word})
    picture = {"file": ("p.jpg", encoded(photo((30, 30))), "image/jpeg")}
    ask("upload", 201, None, "/uploads", headers=bearer, files=picture)
    ask("upload", 415, "upload_refused", "/uploads", headers=bearer,
        files={"file": (f"{word}.jpg", word.encode(), "image/jpeg")})  # fmt: skip
    ask("/files/", 403, None, f"/files/1/{word}/full.jpg", method="GET")
    ask("none", 404, None, f"/{word}", method="GET")

    code = unspeakable(f"wx-{uuid4().hex}-{uuid4().hex}")
    ask("/auth/wechat", 400, "sign_in_failed", "/auth/wechat", json={"code": f"bad {code}"})
    first = ask("/auth/wechat", 200, None, "/auth/wechat", json={"code": code}).json()
    token = unspeakable(first["refresh_token"])
    guess = {"refresh_token": token, "join_code": f"{elm.key}-{'a' * 20}"}
    for _ in range(5):
        ask("/auth/join", 400, "sign_in_failed", "/auth/join", json=guess)
    ask("/auth/join", 429, "locked_out", "/auth/join", json=guess)
    client = {"grant_type": "client_credentials", "client_id": f"app-1-{uuid4().hex}",
              "client_secret": word}  # fmt: skip
    ask("/auth/token", 401, "client_refused", "/auth/token", data=client)
    held = "select 1 from tenant.member where community_id = %s and id = %s for update"
    with psycopg.connect(make.cluster.url()) as owner:
        owner.execute(held, (elm.key, asker.person.id))
        ask("mutation", 503, "unavailable", "/graphql", headers=bearer,
            json={"query": CREATE, "variables": {"input": {**post, "idempotencyKey": key()}}})  # fmt: skip

    lines = [line for line in two.lines() if line["message"] == "request"]
    found = [
        (line["trace"], (line["kind"], line["status"], line.get("event")))
        for line in lines
        if line["trace"] in expected
    ]
    assert len(found) == len(expected)
    assert dict(found) == expected
    assert {line["process"] for line in lines} == set(two.workers())
    (late,) = [line for line in lines if line.get("event") == "unavailable"]
    assert late["reason"] == "55P03"
    counted = Counter(event for _, _, event in expected.values() if event)
    assert events(two) - before == counted
    assert leaks([two.printed()], {word, code, token, asker.token, "Traceback"}) == []


@pytest.mark.once
def test_a_dead_worker_is_followed_by_another_and_leaves_no_gauges(two: Served) -> None:
    pool = re.compile(r'^linli_pool_connections\{state="idle"\} (\S+)', re.MULTILINE)
    before = two.workers()
    for _ in range(20):
        httpx.get(f"{two.url}/metrics")
    psutil.Process(before[0]).kill()
    while len(set(two.workers()) - set(before)) < 1 or not two.is_ready():
        assert two.is_running()

    told = ""
    for _ in range(20):
        told = httpx.get(f"{two.url}/metrics").text

    (idle,) = pool.findall(told)
    assert float(idle) <= 4  # at most two for each living worker
    assert two.is_running()
