"""Client tools accept the schema as it is: Relay's compiler and code generation.

Every connection has a Relay fragment, and every document in examples/queries has its types.
"""

import re
from pathlib import Path

import pytest
from graphql import build_schema

from api.engine.documents import Documents
from api.schema.schema import contract, sdl
from tests.clients.conftest import CODEGEN, HERE, RELAY
from tests.clients.relay import listings, write_project
from tests.conftest import SignIn
from tests.npm import Npm
from tests.street import Make

QUERIES = HERE.parents[1] / "examples" / "queries"
LISTINGS = list(listings(build_schema(sdl())))
# The types whose connections Relay cannot refetch by itself, and why.
NOT_REFETCHABLE = {
    "MemberRecord": "a part of a member: its fragment goes by Member's id",
    "NoticeAudience": "a part of a post: its fragment goes by Post's id",
    "Pending": "a part of the viewer: its fragment goes by Viewer",
}


@pytest.fixture(scope="module")
def refetches(npm: Npm, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Give the queries that Relay generates for the next page, by the connection's module."""
    folder = tmp_path_factory.mktemp("relay")
    npm("node", RELAY, write_project(folder, sdl(), LISTINGS))
    return {
        file.name.removesuffix("Query.graphql.ts"): _text(file.read_text(encoding="utf-8"))
        for file in (folder / "generated").glob("*Query.graphql.ts")
    }


def test_relay_takes_every_connection(refetches: dict[str, str]) -> None:
    assert len(LISTINGS) >= 34
    assert set(refetches) == {
        each.module for each in LISTINGS if each.parent.name not in NOT_REFETCHABLE
    }


def test_the_server_takes_every_query_that_relay_writes(refetches: dict[str, str]) -> None:
    documents = Documents(contract().schema)
    for text in refetches.values():
        assert documents.read(text).operations


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  pageInfo: PageInfo!\n", "  page: PageInfo!\n"),
        ("  edges: [PostEdge!]!\n", "  edges: PostEdge!\n"),
        ("  hasNextPage: Boolean!\n", "  hasNextPage: PageInfo!\n"),
    ],
)
def test_relay_refuses_what_is_no_connection(npm: Npm, tmp_path: Path, old: str, new: str) -> None:
    assert old in sdl()

    said = npm(
        "node", RELAY, write_project(tmp_path, sdl().replace(old, new), LISTINGS), code=1
    )  # fmt: skip

    assert "Connection" in said


@pytest.mark.once
async def test_a_board_is_read_to_its_end_as_relay_reads_it(
    refetches: dict[str, str], make: Make, signed_in: SignIn
) -> None:
    place = await make.community()
    resident = await make.member(place)
    posts = [await make.post(resident) for _ in range(5)]
    reader = signed_in(resident)
    boards = await reader.run('{ community { board(slug: "neighbours") { id } } }')
    board = boards.data["community"]["board"]["id"]

    read: list[str] = []
    after: str | None = None
    while True:
        answer = await reader.run(refetches["BoardPostsList"], id=board, first=2, after=after)
        page = answer.data["node"]["posts"]
        read += [edge["node"]["id"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break

    assert len(read) == len(set(read)) == len(posts)


def test_every_example_has_its_types(typed: Path) -> None:
    examples = (typed / "documents.ts").read_text(encoding="utf-8")
    named = {
        name
        for file in QUERIES.glob("*.graphql")
        for name in re.findall(
            r"^(?:query|mutation) (\w+)", file.read_text(encoding="utf-8"), re.MULTILINE
        )
    }
    assert named
    assert set(re.findall(r"^export const (\w+)Document = ", examples, re.MULTILINE)) == named


def test_what_is_wrong_in_an_example_is_noticed(npm: Npm, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.graphql"
    wrong.write_text("query Wrong { community { nobody } }")
    config = tmp_path / "codegen.json"
    config.write_text(
        (HERE / "codegen.json")
        .read_text()
        .replace("../../schema.graphql", str(HERE.parents[1] / "schema.graphql"))
        .replace("../../examples/queries/*.graphql", str(wrong))
        .replace("operations.graphql", str(HERE / "operations.graphql"))
        .replace("build/", f"{tmp_path}/")
    )

    said = npm("node", CODEGEN, "--config", config, code=1)

    assert "nobody" in said


def _text(artifact: str) -> str:
    """Return the operation in an artifact of Relay's compiler."""
    (found,) = re.findall(r'"text": ("(?:[^"\\]|\\.)*")', artifact)
    return found.encode().decode("unicode_escape")[1:-1]
