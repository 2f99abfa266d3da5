"""`linli pacts` prints a pact for who may see it, and verifies all texts."""

from pathlib import Path

import pytest

from api.pact_page import Printed, page
from tenants.scopes import Scope
from tests.conftest import Server, SignIn
from tests.linli import Linli
from tests.overheard import unspeakable
from tests.street import STAFF, Make, Person, key

pytestmark = pytest.mark.once
READS = frozenset({Scope.PACT_READ, Scope.COMMUNITY_READ, Scope.VOTE_READ})


def prints(server: Server, signed_in: SignIn, who: Person, pact: str, file: Path) -> int:
    """Run the command as somebody; return its exit code."""
    token = unspeakable(who.token(signed_in.tokens, scopes=READS))
    linli = Linli(file.parent, LINLI_TOKEN=token)
    return linli("pacts", "print", pact, file, "--url", server.url).code


async def test_a_pact_is_printed_for_who_may_see_it(
    make: Make, signed_in: SignIn, server: Server, tmp_path: Path
) -> None:
    place, other = await make.residents_community(), await make.community()
    staff, stranger = await make.member(place, *STAFF), await make.member(other)
    does = signed_in(staff).do
    started = await does(
        "startPact", "pact { id }", kind="BUILDING_PACT", building="3号楼", title="三号楼<公约>",
        idempotencyKey=key(),
    )  # fmt: skip
    pact = started.payload["pact"]["id"]
    file = tmp_path / "pact.html"
    assert prints(server, signed_in, staff, pact, file) == 1, "there is no text yet"
    clauses = [{"heading": "楼道", "body": "不停放<车辆>。"}, {"body": "轻声。"}] * 30
    saved = await does("setPactDraft", pactId=pact, clauses=clauses, expectedVersion=1)
    assert saved.refusals == []
    assert (await does("publishPactDraft", pactId=pact)).refusals == []

    assert prints(server, signed_in, staff, pact, file) == 0
    text = file.read_text()
    for said in (
        "<h1>三号楼&lt;公约&gt;</h1>", "<h3>第1条　楼道</h3>", "<p>不停放&lt;车辆&gt;。</p>",
        "<h3>第60条</h3>", "第 1 稿", "尚未施行", "0 户；自愿签署", "文本的 SHA-256",
    ):  # fmt: skip
        assert said in text, said
    assert prints(server, signed_in, stranger, pact, file) == 1


def test_a_pact_in_force_says_how_it_came_to_be() -> None:
    version = {"id": "", "number": 3, "textHash": "a" * 64, "publishedAt": "2026-09-01T00:00:00Z"}
    pact = {
        "kind": "RESIDENTS_PACT", "title": "居民公约", "state": "IN_FORCE", "building": None,
        "adoptedAt": "2026-10-05T00:00:00Z", "attending": 83, "womenAttending": 45,
        "filedAt": "2026-10-12T02:00:00Z", "filingDocument": "街备1号", "inForceOn": "2026-10-20",
        "revisionOn": "2028-10-20", "signatureCount": 212, "endingReason": None,
        "community": {"name": "幸福里"}, "propertyArea": None, "latestVersion": version,
    }  # fmt: skip
    text = page(Printed(pact, [{"number": 1, "heading": None, "body": "一\n二"}]))
    for said in (
        "<strong>居民公约：</strong>幸福里", "到会 83，其中妇女 45", "2026-10-12 10:00，街备1号",
        "<strong>施行：</strong>2026-10-20", "212 户", "<p>一</p>\n<p>二</p>",
    ):  # fmt: skip
        assert said in text, said
    assert "尚未施行" not in text
