"""`python -m bench [--quick]`: start everyone, compare their answers, take turns, report."""

import argparse
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench import inbox
from bench.contenders import Contender, contenders, install_postgraphile, token
from bench.ground import DATA, ROOT, Ground
from bench.results import Measured, how, report
from bench.turns import Turns, turns_at
from bench.versions import versions

RESULTS = ROOT / "bench" / "RESULTS.md"
_READS, _WRITES = {"feed", "post", "viewer"}, {"createPost"}
_WARM_UP_SECONDS = 2


def main() -> None:
    """Measure everything and write RESULTS.md."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two minutes; leaves RESULTS.md alone")
    quick = parser.parse_args().quick
    rounds, seconds = (3, 1) if quick else (5, 4)

    # ended by SIGTERM, the servers are stopped as well
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    DATA.mkdir(parents=True, exist_ok=True)
    install_postgraphile()
    with ExitStack() as stack:
        ground = stack.enter_context(Ground(_say))
        servers = [stack.enter_context(server) for server in contenders(ground)]
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="linli-bench-")))
        measured = _measure_all(folder, ground, servers, rounds, seconds)
        # last: it fills the community whose feed everyone was asked for
        caseload = inbox.measure(folder, ground, servers[0], rounds, seconds, _say)
        megabytes = {s.name: s.process.memory_info().rss / 1e6 for s in servers}
        where = versions(ground.server_version)
    text = report(measured, caseload, megabytes, where, how(rounds, seconds))
    print(text)
    if not quick:
        RESULTS.write_text(text)


def _measure_all(
    folder: Path, ground: Ground, servers: list[Contender], rounds: int, seconds: int
) -> Measured:
    reader = ground.reader()
    turns = turns_at(folder, ground, reader, token(reader), servers)
    _say("the answers are equal")
    measured = Measured()
    _measure(measured, _of(turns, _READS), rounds, seconds)
    before = ground.posts_on_the_quiet_board(reader)
    answered = _measure(measured, _of(turns, _WRITES), rounds, seconds)
    written = ground.posts_on_the_quiet_board(reader) - before
    if written < answered:
        sys.exit(f"createPost: {answered} were answered, and only {written} posts are there")
    return measured


def _measure(measured: Measured, turns: Turns, rounds: int, seconds: int) -> int:
    """Warm everyone up, then let them take turns, each round in the reverse order of the last."""
    order = list(turns)
    requests = sum(turns[key].run(min(seconds, _WARM_UP_SECONDS)).requests for key in order)
    for number in range(1, rounds + 1):
        for key in order:
            sample = turns[key].run(seconds)
            measured.add(*key, sample)
            requests += sample.requests
            _say(f"round {number}: {key[0]}, {key[1]}: {sample.per_second:,.0f}/s")
        order.reverse()
    return requests


def _of(turns: Turns, operations: set[str]) -> Turns:
    return {key: turn for key, turn in turns.items() if key[0] in operations}


_started = time.monotonic()


def _say(what: str) -> None:
    print(f"[{time.monotonic() - _started:4.0f} s] {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
