"""Choose which contender is measured at which operation, once their answers are equal."""

from pathlib import Path
from typing import Any, Protocol

from bench.answers import ask, data, same, whole_feed
from bench.contenders import BARE, POSTGRAPHILE, STRAWBERRY, Contender
from bench.ground import Ground, Reader
from bench.load import Pgbench, Sample, Wrk
from bench.operations import UNSEEN, Operation, once, operations
from bench.results import KEPT, PGBENCH
from bench.transaction import kept_feed, script


class Turn(Protocol):
    """It is one contender at one operation."""

    def run(self, seconds: int) -> Sample:
        """Measure for some seconds."""
        ...


# by operation and contender
Turns = dict[tuple[str, str], Turn]


def turns_at(
    folder: Path, ground: Ground, reader: Reader, token: str, servers: list[Contender]
) -> Turns:
    """Compare the servers' answers and return all turns; raises Different."""
    turns: Turns = {}
    for operation in operations(reader).values():
        sizes = _compared(operation, servers, token)
        for server in servers:
            if (size := sizes.get(server.name)) is not None:
                body = _body(operation, server)
                turn = Wrk(folder, ground, server, token, body, size)
                turns[operation.name, server.name] = turn
        if operation.name in {"feed", "viewer"}:
            now = script(reader, operation.ours)
            turns[operation.name, PGBENCH] = Pgbench(folder, ground, now)
    turns["feed", KEPT] = Pgbench(folder, ground, kept_feed(reader))
    return turns


def _compared(operation: Operation, servers: list[Contender], token: str) -> dict[str, int]:
    """Compare all answers but the bare server's with linli's; return their lengths."""
    sizes: dict[str, int] = {}
    expected: Any = None
    for server in servers:
        if not _takes_part(server, operation):
            continue
        response = ask(server.url, token, once(_body(operation, server)))
        sizes[server.name] = len(response.content)
        if server.name == BARE:
            continue
        found = data(server.name, response)
        if operation.name == "createPost":
            found = found["createPost"]["post"]["title"]  # the rest is different each time
        expected = expected or found
        same(servers[0].name, expected, server.name, found)
    if operation.name == "feed":
        whole_feed(expected)
    return sizes


def _takes_part(server: Contender, operation: Operation) -> bool:
    if server.name == STRAWBERRY:
        return operation.name not in UNSEEN
    return server.name != BARE or operation.name == "viewer"


def _body(operation: Operation, server: Contender) -> dict[str, Any]:
    return operation.theirs if server.name == POSTGRAPHILE else operation.ours
