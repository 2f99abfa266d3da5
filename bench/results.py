"""Write the results as Markdown: medians, ratios, memory, and the machine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from bench.contenders import BARE, LINLI, POSTGRAPHILE, STRAWBERRY
from bench.load import CONNECTIONS, Sample
from bench.operations import UNSEEN
from bench.spread import MOST_P99_MS, Spread

PGBENCH, KEPT = "pgbench", "pgbench, the feed of d24b46b"
Who = str
What = str


@dataclass(frozen=True)
class Target:
    """It is a ratio that the design promises: linli against one peer in one operation."""

    what: What
    who: Who
    at_least: float
    aim: float


TARGETS = (
    Target("feed", POSTGRAPHILE, 3, 3.5),
    Target("feed", STRAWBERRY, 12, 18),
    Target("feed", KEPT, 0.80, 0.90),
    Target("viewer", BARE, 0.40, 0.45),
    *(Target(what, POSTGRAPHILE, 3, 3.5) for what in UNSEEN),
    Target("createPost", POSTGRAPHILE, 0.40, 0.50),
)
MOST_MEGABYTES = 200

_TITLES = {
    "feed": "`board { posts(first: 20) { … author … comments(first: 3) { … author … } } }`",
    "post": "`post(id) { … author … }`",
    "viewer": "`{ viewer { id } }`",
    "createPost": "`createPost`, a fresh idempotency key each",
    "wide": "50 posts, no comments (a document that nothing was tuned to)",
    "deep": "5 posts, 10 comments each, and their post again (the same)",
    "aliases": "The board five times under aliases (the same)",
}
_NOTES = {
    ("feed", PGBENCH): "linli's statement of today as linli sends it under load, without HTTP",
    (
        "feed",
        KEPT,
    ): "the statement and the round trips of commit d24b46b, kept to be measured against",
    ("viewer", PGBENCH): "the same, without HTTP",
    ("viewer", BARE): "a constant JSON: no token, no database",
    ("createPost", STRAWBERRY): "calls the same domain function",
    (
        "createPost",
        "PostGraphile",
    ): "inserts the bare row: no audit, outbox, key, terms, counts or rule",
}


@dataclass
class Measured:
    """It is every sample, by operation and contender, in the order of the rounds."""

    samples: dict[tuple[What, Who], list[Sample]] = field(default_factory=dict)

    def add(self, what: What, who: Who, sample: Sample) -> None:
        """Add a sample."""
        self.samples.setdefault((what, who), []).append(sample)

    def speed(self, what: What, who: Who) -> float:
        """Return the median of requests a second."""
        return median(sample.per_second for sample in self.samples[what, who])

    def ratio(self, what: What, who: Who) -> float:
        """Return the median over the rounds of linli ÷ the peer.

        Both ran in the same round, under the same load of the machine.
        """
        pairs = zip(self.samples[what, LINLI], self.samples[what, who], strict=True)
        return median(ours.per_second / theirs.per_second for ours, theirs in pairs)


def report(
    measured: Measured,
    caseload: Measured,
    paced: tuple[Spread, Spread],
    megabytes: Mapping[Who, float],
    versions: Mapping[str, str],
    how: str,
) -> str:
    """Return the report as Markdown."""
    lines = ["# Results", "", how, ""]
    for what in dict.fromkeys(what for what, _ in measured.samples):
        lines += [f"## {_TITLES[what]}", "", *_table(measured, what), ""]
    for what, spread in zip(("createPost", "castBallot"), paced, strict=True):
        title = f"## `{what}` at a constant rate, over many communities"
        lines += [title, "", _spread(spread), ""]
    lines += ["## A community with 20,000 petitions", "", _OF_A_FEW, "", *inbox_table(caseload), ""]
    lines += ["## Targets", "", *_targets(measured, megabytes[LINLI]), ""]
    lines += ["## Resident memory after the load", "", "| process | MB |", "| --- | ---: |"]
    lines += [f"| {who} | {size:.0f} |" for who, size in megabytes.items()]
    lines += ["", "## Where", "", *(f"- {name}: {text}" for name, text in versions.items()), ""]
    return "\n".join(lines)


def _spread(over_many: Spread) -> str:
    verdict = "met" if over_many.p99 < MOST_P99_MS else "missed"
    return (
        f"{over_many.rate} a second for {over_many.seconds:.0f} s over {over_many.communities} communities,"
        " each sent when it was due, however many were under way, and timed from then:"
        f" p50 {over_many.p50:.1f} ms, p99 {over_many.p99:.1f} ms, longest {over_many.longest:.1f} ms,"
        f" refused {over_many.refused}."
        f" Wanted: p99 < {MOST_P99_MS} ms: {verdict}."
    )


def _table(measured: Measured, what: What) -> list[str]:
    lines = [
        "| | requests/s | lowest–highest | linli ÷ it | p50 ms | p99 ms | server's CPU ms | PostgreSQL's CPU ms |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for (operation, who), samples in measured.samples.items():
        if operation != what:
            continue
        speeds = [sample.per_second for sample in samples]
        cells = [
            f"{measured.speed(what, who):,.0f}",
            f"{min(speeds):,.0f}–{max(speeds):,.0f}",
            "" if who == LINLI else f"**{measured.ratio(what, who):.2f}**",
            *(_middle(samples, name) for name in ("p50", "p99", "server_cpu", "postgresql_cpu")),
        ]
        lines.append(f"| {who} | {' | '.join(cells)} |")
    notes = [f"- {who}: {text}" for (noted, who), text in _NOTES.items() if noted == what]
    return [*lines, "", *notes] if notes else lines


# The inbox and search must stay within a multiple of the feed's time.
_OF_A_FEW = (
    "Four connections; the feed takes its turns with these. A ratio is the median of the rounds' ratios; "
    "the inbox and search are to stay within 3."
)
_WITHIN_THREE = ("inbox", "search")
MOST_TIMES_THE_FEED = 3.0


def inbox_table(measured: Measured) -> list[str]:
    """Return a table of the reads of many petitions, compared with the feed in the same rounds."""
    lines = [
        "| linli | p50 ms | p95 ms | p95 ÷ the feed's | |",
        "| --- | ---: | ---: | ---: | --- |",
    ]
    feed = measured.samples["feed", LINLI]
    for (what, _), samples in measured.samples.items():
        pairs = zip(samples, feed, strict=True)
        ratio = median(ours.p95 / theirs.p95 for ours, theirs in pairs)
        verdict = ""
        if what.startswith(_WITHIN_THREE):
            verdict = "met" if ratio <= MOST_TIMES_THE_FEED else "MISSED"
        cells = [*(_middle(samples, name) for name in ("p50", "p95")), f"**{ratio:.2f}**", verdict]
        lines.append(f"| {what} | {' | '.join(cells)} |")
    return lines


def _targets(measured: Measured, megabytes: float) -> list[str]:
    lines = ["| target | wanted | aim | measured | |", "| --- | ---: | ---: | ---: | --- |"]
    for target in TARGETS:
        ratio = measured.ratio(target.what, target.who)
        verdict = (
            "aim reached"
            if ratio >= target.aim
            else "met"
            if ratio >= target.at_least
            else "MISSED"
        )
        lines.append(
            f"| {target.what} ÷ {target.who} | {target.at_least:g} | {target.aim:g} |"
            f" {ratio:.2f} | {verdict} |"
        )
    verdict = "met" if megabytes < MOST_MEGABYTES else "MISSED"
    lines.append(
        f"| memory of the linli worker, MB | < {MOST_MEGABYTES} | | {megabytes:.0f} | {verdict} |"
    )
    return lines


def _middle(samples: Sequence[Sample], name: str) -> str:
    middle = median(getattr(sample, name) for sample in samples)
    return f"{middle:.2f}" if middle else ""


def how(rounds: int, seconds: int) -> str:
    """Return how the figures were measured."""
    return (
        f"Written by `make bench`. One process each, the same database (row security on), the same token; "
        f"{rounds} rounds of {seconds} s with {CONNECTIONS} connections, contenders taking turns, after "
        "the answers of linli, Strawberry and PostGraphile were compared and found equal. Speeds are medians; a "
        "ratio is the median of the rounds' ratios. The peers are spared linli's check of the viewer's "
        "permission version, its limits and its metrics; wrk, the server and PostgreSQL share the cores. "
        "CPU is for one request."
    )
