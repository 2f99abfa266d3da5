"""Ten thousand petitions are due after a stop; two workers run, one is killed; each moves once."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from api.settings import Settings
from tenants.audit.verify import Chain
from tenants.embedded import Cluster
from tenants.petitions.facts import petition_facts
from tenants.petitions.tables import petitions
from tests.clockwork import House, house

MANY = 10_000
COMMUNITIES = 8
BROKEN = 3
SECONDS = 60

# The server's deadline worker without the server: it runs until it is killed.
WORKER = """
import asyncio, sys
from api.settings import Settings
from tenants.db import Database
from tenants.domains import DOMAINS
from tenants.clock import Clock
from tenants.petitions.service.clock import TIMED

async def main():
    settings = Settings.from_environment()
    database = await Database.connect(settings.role_urls(), DOMAINS, size=2, statements=150, ring=settings.ring)
    clock = Clock(database, timed=TIMED)
    print("ready", flush=True)
    while True:
        print(await clock.sweep(), flush=True)
        await asyncio.sleep(0.2)

asyncio.run(main())
"""

# The first community has most of them. All were sent ten days ago and are in one of four states:
# not acknowledged; accepted with a late answer; answered; callback requested about a week ago.
LETTERS = f"""
insert into tenant.petition ({{columns}})
select {{values}}
from (
    select case when n % 5 < 3 then 1 else 2 + n % {COMMUNITIES - 1} end as community,
        n % 4 as way, n from generate_series(1, {MANY}) as n
) as letter
join tenant.community as c on c.community_id = letter.community
"""
LETTER = {
    "community_id": "letter.community",
    "id": "gen_random_uuid()",
    "district_id": "c.district_id",
    "street_id": "c.street_id",
    "source": "'test'",
    "source_id": "letter.n::text",
    "kind": "'HELP'",
    "category_id": "(select id from reference.petition_category order by topic, name limit 1)",
    "urgency": f"case when letter.n % 4 = 0 and letter.n <= {4 * BROKEN} "
    "then 'CRITICAL' else 'NORMAL' end",
    "title": "'漏水'",
    "body": "'楼顶漏水'",
    "secrecy": "'MEMBERS'",
    "is_listed": "true",
    "addressee": "'COMMUNITY'",
    "is_at_community": "true",
    "level": "'COMMUNITY'",
    "desk": "0",
    "desks": "'{}'::int[]",
    "state": "(array['SUBMITTED', 'ACCEPTED', 'ANSWERED', 'CALLBACK'])[way + 1]",
    "is_open": "way < 2",
    "due_at": "now() - interval '9 days'",
    "next_at": "now() - interval '1 day'",
    "submitted_at": "now() - interval '10 days'",
    "ack_due_at": "now() - interval '9 days'",
    "ack_overdue": "false",
    "resolve_due_at": "now() - interval '1 day'",
    "resolve_overdue": "false",
    "rise_hours": "24",
    "answer": "case when way > 1 then '已修好。' end",
    "outcome": "case when way > 1 then 'EXPLAINED' end",
    "answered_at": "case when way > 1 then now() - interval '9 days' end",
    "callback_due_at": "case when way = 2 then now() - interval '1 day' end",
    "callback_until": "case when way = 3 then now() - interval '1 day' end",
    "reopen_count": "0",
    "support_count": "0",
    "household_count": "0",
    "version": "1",
}
# The events that each must have, in this order, and its state afterwards.
HAPPENED = {
    "SUBMITTED": (["ACK_OVERDUE", "ESCALATED", "RESOLVE_OVERDUE"], "ESCALATED"),
    "ACCEPTED": (["RESOLVE_OVERDUE"], "ACCEPTED"),
    "ANSWERED": (["ASKED_BACK"], "CALLBACK"),
    "CALLBACK": (["CLOSED"], "CLOSED"),
}
STEPS = sum(len(steps) for steps, _ in HAPPENED.values()) * MANY // 4 - 3 * BROKEN


@pytest.fixture
async def hall(
    settings: Settings, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[House]:
    """Give a database for this file only."""
    folder = tmp_path_factory.mktemp("stopped")
    async with house(settings, cluster, folder, "stopped", COMMUNITIES) as opened:
        await asyncio.sleep(1.2)  # wait for the first round of the server's own worker
        yield opened


class Worker:
    """It is a process that runs the deadline worker."""

    def __init__(self, hall: House, folder: Path, number: int) -> None:
        self._log = folder / f"worker{number}.log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", WORKER], stdout=log, stderr=log,
                env={**os.environ, "LINLI_DATA": str(folder), "LINLI_DATABASE_URL": hall.owner},
            )  # fmt: skip

    @property
    def log(self) -> str:
        """Return everything that it printed."""
        return self._log.read_text()

    def kill(self) -> None:
        """Kill it without warning."""
        self._process.send_signal(signal.SIGKILL)
        assert self._process.wait(10) == -9


def laid(owner: psycopg.Connection[Any]) -> None:
    """Insert ten thousand due petitions, as after a stop of days."""
    owner.execute(
        LETTERS.format(columns=", ".join(LETTER), values=", ".join(LETTER.values())).encode()
    )
    copied = [c.name for c in petition_facts.c if c.name in petitions.c]
    owner.execute(
        f"insert into tenant.petition_fact ({', '.join(copied)}, is_imported, first_ack_due_at) "
        f"select {', '.join(copied)}, true, ack_due_at from tenant.petition".encode()
    )
    # simulates a bug: these have no time limit for a desk above to acknowledge them
    owner.execute("delete from reference.time_limit where urgency = 'CRITICAL'")
    owner.execute("analyze tenant.petition, tenant.petition_fact")


def left(owner: psycopg.Connection[Any]) -> int:
    """Return how many are still due."""
    due = "select count(*) from tenant.petition where next_at <= now()"
    return owner.execute(due).fetchall()[0][0]


@pytest.mark.once
async def test_ten_thousand_due_move_once_with_two_workers_and_a_kill(
    hall: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seconds = await asyncio.to_thread(caught_up, hall, tmp_path)

    with capsys.disabled():
        sys.stdout.write(f"\n{MANY} due, {STEPS} steps taken in {seconds:.1f} s\n")
    assert seconds < SECONDS
    with psycopg.connect(hall.owner, autocommit=True) as owner:
        each_moved_once(owner)
        all_is_told(owner)


def caught_up(hall: House, tmp_path: Path) -> float:
    """Process all with two workers, one killed and replaced; return the seconds it took."""
    with psycopg.connect(hall.owner, autocommit=True) as owner:
        laid(owner)
        assert left(owner) == MANY
        workers = [Worker(hall, tmp_path, number) for number in (1, 2)]
        began = time.monotonic()
        try:
            until(owner, MANY * 2 // 3)
            workers[0].kill()
            workers.append(Worker(hall, tmp_path, 3))
            until(owner, BROKEN)
            seconds = time.monotonic() - began
        finally:
            for worker in workers[1:]:
                worker.kill()
    # the new worker did some of the work, and the log names the broken ones
    assert sum(int(line) for line in workers[2].log.split() if line.isdigit()) > 0
    assert "was due and was not moved" in "".join(worker.log for worker in workers)
    return seconds


def until(owner: psycopg.Connection[Any], number: int) -> None:
    """Wait until at most this many are due."""
    end = time.monotonic() + 2 * SECONDS
    while left(owner) > number:
        assert time.monotonic() < end, "they are not moved"
        time.sleep(0.02)


def each_moved_once(owner: psycopg.Connection[Any]) -> None:
    """Assert that each petition took each due step once, in order, and the broken ones none."""
    rows = owner.execute(
        "select p.source_id::int, p.urgency, p.state, "
        "coalesce(array_agg(e.action order by e.id) filter (where e.id is not null), '{}') "
        "from tenant.petition p left join tenant.petition_event e "
        "on e.community_id = p.community_id and e.petition_id = p.id group by 1, 2, 3"
    ).fetchall()
    assert len(rows) == MANY
    ways = list(HAPPENED.values())
    broken = [row for row in rows if row[1] == "CRITICAL"]
    assert [(row[2], row[3]) for row in broken] == [("SUBMITTED", [])] * BROKEN
    for number, urgency, state, happened in rows:
        if urgency != "CRITICAL":
            assert (happened, state) == ways[number % 4], number
    same = owner.execute(
        "select count(*) from tenant.petition p join tenant.petition_fact f using (community_id, id)"
        " where (p.state, p.desk, p.ack_overdue, p.resolve_overdue) = "
        "(f.state, f.desk, f.ack_overdue, f.resolve_overdue) "
        "and p.next_at is not distinct from f.next_at"
    ).fetchall()
    assert same == [(MANY,)], "what is known above is what is so"


def all_is_told(owner: psycopg.Connection[Any]) -> None:
    """Assert that events, audit and outbox agree, and that no audit chain is broken."""
    told = [
        owner.execute(query).fetchall()
        for query in (
            "select community_id, petition_id, 'petition.' || lower(action) "
            "from tenant.petition_event order by 1, 2, 3",
            "select community_id, subject_id, action from tenant.audit_entry "
            "where action like 'petition.%' order by 1, 2, 3",
            "select community_id, subject_id, action from tenant.outbox_event "
            "where action like 'petition.%' order by 1, 2, 3",
        )
    ]
    assert told[0] == told[1] == told[2]
    assert len(told[0]) == len(set(told[0])) == STEPS
    unplaced = "select count(*) from tenant.petition_event where seq = 0"
    assert owner.execute(unplaced).fetchall() == [(0,)]
    with owner.cursor(row_factory=dict_row) as cursor:
        for community in range(1, COMMUNITIES + 1):
            chain, here = Chain(), f"where community_id = {community}"
            chain.walk(
                cursor.execute(f"select * from tenant.audit_entry {here} order by seq".encode())
            )
            cursor.execute(f"select seq, hash from tenant.audit_head {here}".encode())
            chain.end(cursor.fetchone())
            assert chain.findings == []
