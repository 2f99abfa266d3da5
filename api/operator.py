"""What whoever runs the server does to it: import the tree of places, mint tokens."""

import csv
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from tenants.boards.service.founding import import_communities
from tenants.db import Database
from tenants.scopes import Role
from tenants.viewer import Principal, Viewer

COLUMNS = ("code", "name", "kind", "street_code", "street_name", "district_code", "district_name")
_BATCH = 25


def read_communities(path: Path) -> list[dict[str, str]]:
    """Read a CSV of communities; ValueError says which line is wrong and how."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or [])]
        if missing:
            raise ValueError(f"{path} has no column {', '.join(missing)}.")
        rows = list(reader)
    for number, row in enumerate(rows, start=2):
        _check(row, number)
    return rows


async def bring_in(
    database: Database, rows: list[dict[str, str]], advance: Callable[[int], None]
) -> Counter[str]:
    """Bring the places to what the rows say; gives how many were CREATED, CHANGED, UNCHANGED."""
    outcomes: Counter[str] = Counter()
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        async with database.command(system(int(batch[0]["district_code"]))) as tx:
            await import_communities(tx, batch, lambda what: outcomes.update([what]))
        advance(len(batch))
    return outcomes


def system(district_id: int) -> Viewer:
    """Give the viewer that commands act as: nobody, in a district; audited as SYSTEM."""
    return Viewer(
        principal=Principal.DISTRICT,
        id=UUID(int=0),
        roles=frozenset({Role.DISTRICT_ADMIN}),
        scopes=frozenset(),
        version=0,
        client_id="linli-command",
        token_id="",
        expires_at=datetime.max.replace(tzinfo=UTC),
        district_id=district_id,
    )


def _check(row: dict[str, str], number: int) -> None:
    code, street, district = row["code"], row["street_code"], row["district_code"]
    if not (code.isdigit() and len(code) == 12 and street.isdigit() and district.isdigit()):
        raise ValueError(f"line {number}: codes are digits, twelve for a community.")
    if not (code.startswith(street) and street.startswith(district)):
        raise ValueError(f"line {number}: {code} is not below {street} and {district}.")
    if row["kind"] not in {"RESIDENTIAL", "VILLAGE"}:
        raise ValueError(f"line {number}: kind must be RESIDENTIAL or VILLAGE.")
    if not 1 <= len(row["name"]) <= 60:
        raise ValueError(f"line {number}: a name has 1 to 60 characters.")
