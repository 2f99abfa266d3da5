"""`python -m bench [--quick | --smoke]`: start everyone, compare answers, take turns, report."""

import argparse
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench import casts, inbox, spread
from bench.contenders import Contender, contenders, install_postgraphile, token
from bench.ground import DATA, ROOT, Ground
from bench.operations import UNSEEN
from bench.results import Measured, how, report
from bench.size import QUICK, SMOKE, WHOLE, Size
from bench.turns import Turns, turns_at
from bench.versions import versions

RESULTS = ROOT / "bench" / "RESULTS.md"
_WRITES = {"createPost"}
_READS = {"feed", "post", "viewer", *UNSEEN}


def main() -> None:
    """Measure everything and write RESULTS.md."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="shorter; leaves RESULTS.md alone")
    parser.add_argument(
        "--smoke", action="store_true", help="whether it all runs; the figures mean nothing"
    )
    chosen = parser.parse_args()
    size = SMOKE if chosen.smoke else QUICK if chosen.quick else WHOLE

    # On SIGTERM exit normally, so that the servers are stopped as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    DATA.mkdir(parents=True, exist_ok=True)
    install_postgraphile()
    with ExitStack() as stack:
        ground = stack.enter_context(Ground(_say, size.communities))
        servers = [stack.enter_context(server) for server in contenders(ground)]
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="linli-bench-")))
        measured = _measure_all(folder, ground, servers, size)
        _say(f"{size.posts_a_second} posts a second, each in its time")
        over_many = spread.measure(ground, servers[0], size)
        _say(f"{size.casts_a_second} ballots a second for {size.cast_seconds} s")
        ballots = casts.measure(ground, servers[0], size)
        # Last, because it fills the community whose feed the other measurements read.
        caseload = inbox.measure(folder, ground, servers[0], size, _say)
        megabytes = {s.name: s.process.memory_info().rss / 1e6 for s in servers}
        where = versions(ground.server_version)
    text = report(
        measured, caseload, (over_many, ballots), megabytes, where, how(size.rounds, size.seconds)
    )
    print(text)
    if size is WHOLE:
        RESULTS.write_text(text)


def _measure_all(folder: Path, ground: Ground, servers: list[Contender], size: Size) -> Measured:
    reader = ground.reader()
    turns = turns_at(folder, ground, reader, token(reader), servers)
    _say("the answers are equal")
    measured = Measured()
    _measure(measured, _of(turns, _READS), size)
    before = ground.posts_on_the_quiet_board(reader)
    answered = _measure(measured, _of(turns, _WRITES), size)
    written = ground.posts_on_the_quiet_board(reader) - before
    if written < answered:
        sys.exit(f"createPost: {answered} were answered, and only {written} posts are there")
    return measured


def _measure(measured: Measured, turns: Turns, size: Size) -> int:
    """Warm up every contender, then measure them in turns, reversing the order in each round.

    Returns the number of requests sent.
    """
    order = list(turns)
    warm = order if size.warm_up_seconds else []
    requests = sum(turns[key].run(size.warm_up_seconds).requests for key in warm)
    for number in range(1, size.rounds + 1):
        for key in order:
            sample = turns[key].run(size.seconds)
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
