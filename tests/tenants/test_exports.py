"""The columns of an export, reviewed in tests/exports.txt; a new column needs a review."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tenants.domains import DOMAINS
from tenants.membership.service.exporting import reason_for_own_alone, reason_withheld
from tenants.membership.service.personal import exports
from tenants.officers.service import own as officers
from tests.conftest import SignIn
from tests.street import STAFF, Make, pst

REVIEWED = Path(__file__).parents[1] / "exports.txt"


def printed() -> Iterator[str]:
    """Yield the lines of what is exported of each table."""
    export = DOMAINS.export
    for table in sorted(exports(DOMAINS), key=lambda each: str(each.name)):
        seen = ", only rows that they see" if table in export.when_visible else ""
        yield f"{table.name}: {export.why.get(table, 'NOBODY SAID WHY')}{seen}"
        for column in table.c:
            withheld, own = reason_withheld(column, export), reason_for_own_alone(column, export)
            if withheld:
                yield f"    - {column.name}: {withheld}"
            else:
                yield f"    {column.name}{f': theirs alone; {own}' if own else ''}"
    yield ""
    yield "To an officer, besides what they wrote as members do:"
    for schema in ("district", "tenant"):
        given = officers.exported(schema, DOMAINS)
        for table, columns in sorted(given.items(), key=lambda each: str(each[0].name)):
            if table not in exports(DOMAINS) or table in export.in_office:
                yield f"{schema}.{table.name}"
                yield from (f"    {column.name}" for column in columns)


def test_every_exported_column_was_reviewed(request: pytest.FixtureRequest) -> None:
    text = "\n".join(printed()) + "\n"
    if request.config.getoption("--review"):
        REVIEWED.write_text(text, encoding="utf-8")
    assert text == REVIEWED.read_text(encoding="utf-8"), "review it, then run pytest --review"
    assert "NOBODY SAID WHY" not in text


async def test_an_author_is_not_told_that_somebody_reported(make: Make, signed_in: SignIn) -> None:
    elm = await make.community()
    author, neighbour = [await make.applicant(elm, "ACTIVE") for _ in "12"]
    staff = await make.member(elm, *STAFF)
    post = await make.post(author)
    given = {"subjectId": pst(post), "reasonCode": "SPAM"}
    assert (await signed_in(neighbour).do("reportContent", **given)).refusals == []
    hidden = await signed_in(staff).do("hideContent", **given, reason="广告")
    assert hidden.refusals == []

    async def held(who: object) -> dict[str, list[dict[str, object]]]:
        answer = await signed_in(who).do("exportMyData", "data", confirm=True)  # type: ignore[arg-type] # a person
        return json.loads(answer.payload["data"])["community"]

    (case,) = (await held(author))["moderation_case"]
    assert case["reason"] == "广告"
    assert not {"report_count", "was_held"} & case.keys()
    (member,) = (await held(author))["member"]
    assert "person_id" not in member
    done = [entry for entry in (await held(author))["audit_entry"] if entry["actor_id"]]
    assert {entry["actor_id"] for entry in done} <= {str(author.id)}, "nobody else's id"
    (report,) = (await held(neighbour))["report"]
    assert report["reason_code"] == "SPAM", "who reported reads their own"
