"""The archive of a meeting is one ZIP file with all that the API tells of it, and the hash of each part.

`gather` yields the requests to send and is sent their answers, like `api.minutes.collect`; `pack` makes
the file, the same bytes of the same facts; `check` opens one, compares every hash, counts every ballot
by name again, and returns what it counted.
"""

import io
import json
import zipfile
from collections.abc import Generator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from api.minutes import Facts, Minutes, Request, collect, page, pages
from api.minutes_queries import BALLOTS, PAPERS, RECORD
from tenants.owners.words import Silence
from tenants.votes.ballots import Ballot, Method, Paper, Unit
from tenants.votes.counting import Question, Turnout, decide
from tenants.votes.rules import RuleSet, in_force, matters, serving
from tenants.workdays import day_of

FORMAT = "linli-meeting-1"
MANIFEST, MEETING, PAGE = "manifest.json", "meeting.json", "minutes.html"
# of every entry, so that the same facts are the same bytes
_TIME = (1980, 1, 1, 0, 0, 0)


class Broken(ValueError):
    """An archive is not what it says; the message says where."""


@dataclass(frozen=True)
class Archive:
    """It says what is kept: the minutes, and of each matter its ballots by name and its papers."""

    minutes: Minutes
    records: Mapping[str, Facts]


def gather(meeting_id: str) -> Generator[Request, Facts, Archive]:
    """Yield requests, each with its variables; return the archive from their answers.

    Raises LookupError if there is no such meeting for whoever asks.
    """
    minutes = yield from collect(meeting_id)
    records: dict[str, Facts] = {}
    for each in minutes.meeting["matters"]:
        record = dict((yield RECORD, {"id": each["id"]})["node"])
        record["ballots"] = yield from pages(BALLOTS, each["id"], "ballots")
        record["papers"] = yield from pages(PAPERS, each["id"], "papers")
        records[each["id"]] = record
    return Archive(minutes, records)


def published_files(archive: Archive) -> dict[str, str]:
    """Return where the published file of each secret matter is, by the matter's id."""
    return {
        vote: record["filePath"]
        for vote, record in archive.records.items()
        if record["filePath"] and record["publishedAt"]
    }


def pack(archive: Archive, published: Mapping[str, bytes], at: datetime) -> bytes:
    """Return the file: the facts, the minutes, and the published file of each secret matter."""
    minutes = archive.minutes
    facts = {
        "meeting": minutes.meeting, "matters": minutes.matters, "roll": minutes.roll,
        "attendance": minutes.attendance, "proxies": minutes.proxies, "records": archive.records,
    }  # fmt: skip
    parts = {MEETING: _printed(facts), PAGE: page(minutes).encode()}
    parts |= {f"{vote}.json": content for vote, content in published.items()}
    rule = _rule_of(minutes.meeting)
    manifest = {
        "format": FORMAT,
        "madeAt": at.isoformat(),
        "keepUntil": _keep_until(minutes.meeting, rule).isoformat(),
        "files": {name: sha256(content).hexdigest() for name, content in sorted(parts.items())},
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in sorted({MANIFEST: _printed(manifest), **parts}.items()):
            packed.writestr(zipfile.ZipInfo(name, _TIME), content)
    return file.getvalue()


def check(file: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the outcome of each matter by name as it is counted again, and the secret matters' files.

    Raises Broken where a part is missing, was changed, or counts to something else.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(file)) as packed:
            parts = {name: packed.read(name) for name in packed.namelist()}
    except zipfile.BadZipFile as error:
        raise Broken("it is no ZIP file") from error
    manifest = json.loads(parts.pop(MANIFEST, b"{}"))
    if manifest.get("format") != FORMAT:
        raise Broken("it is no archive of a meeting")
    found = {name: sha256(content).hexdigest() for name, content in parts.items()}
    for name in sorted({*found, *manifest["files"]}):
        if found.get(name) != manifest["files"].get(name):
            raise Broken(f"{name} is missing, or is not what the manifest says")
    facts = json.loads(parts[MEETING])
    counted = {
        matter["question"]: _counted(facts, matter, facts["records"][listed["id"]])
        for matter, listed in zip(facts["matters"], facts["meeting"]["matters"], strict=True)
        if matter["result"] is not None and not facts["records"][listed["id"]]["filePath"]
    }
    secret = {name: json.loads(parts[name]) for name in parts if name not in (MEETING, PAGE)}
    return counted, secret


def _counted(facts: Facts, matter: Facts, record: Facts) -> dict[str, Any]:
    """Count a matter by name again; raise Broken if it comes to something else than its result."""
    meeting, result = facts["meeting"], matter["result"]
    rule = serving(matters()[matter["matter"]], _rule_of(meeting))
    assert rule is not None  # noqa: S101 # the body decided it
    options = len(matter["options"])
    paper = Paper(Method(record["method"]), options, 1, record["mostMarks"])
    turnout = {
        Unit[each["unit"]]: Turnout(each["eligible"], each["attending"], silent=each["silent"])
        for each in result["tallies"]
    }
    ballots = [
        Ballot(
            tuple(each["marks"]),
            {unit: _weight(unit, each["entry"]["area"]) for unit in turnout},
        )
        for each in record["ballots"]
    ]
    silence = Silence((meeting["assembly"] or {"silence": "NOTHING"})["silence"])
    again = decide(
        Question(paper, turnout, record["seats"], record["noneOfThese"]),
        replace(rule.rule, silence=silence), ballots,
    )  # fmt: skip
    told = {Unit[each["unit"]]: tuple(each["votes"]) for each in result["tallies"]}
    if (again.outcome.name, list(again.winners)) != (result["outcome"], result["winners"]) or any(
        again.tallies[unit].votes != votes for unit, votes in told.items()
    ):
        raise Broken(f"{matter['question']}: the ballots come to another result")
    return {"outcome": result["outcome"], "winners": result["winners"], "ballots": len(ballots)}


def _weight(unit: Unit, area: int | None) -> int:
    return area if unit is Unit.AREA and area is not None else 1


def _rule_of(meeting: Facts) -> RuleSet:
    rule = in_force(meeting["ruleCode"], day_of(datetime.fromisoformat(meeting["opensAt"])))
    assert rule is not None  # noqa: S101 # it was drafted under one of that day
    return rule


def _keep_until(meeting: Facts, rule: RuleSet) -> date:
    """Return the last day on which the papers of a meeting are kept at least."""
    closed = day_of(datetime.fromisoformat(meeting["closesAt"]))
    return date(closed.year + rule.retention_years, closed.month, min(closed.day, 28))


def _printed(facts: Any) -> bytes:
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, indent=1).encode()
