"""Operations for the person who runs the server: import the tree of places, mint tokens."""

import csv
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from uuid import UUID

from api.auth import Identity, Tokens
from api.engine.bindings import prefix_of
from api.engine.identifiers import encode_id
from api.keys import Keys
from api.reading import read_text
from api.settings import Settings
from demo.people import DemoPerson
from tenants.boards.service.founding import import_communities
from tenants.db import Database
from tenants.errors import Refused
from tenants.places.tables import NAME_LENGTH, communities, departments, districts, streets
from tenants.scopes import Role, Scope
from tenants.text import written
from tenants.viewer import Principal, system

COLUMNS = ("code", "name", "kind", "street_code", "street_name", "district_code", "district_name")
_BATCH = 25
_DEMO_CLIENT = "linli-demo"


def read_communities(path: Path, encoding: str | None = None) -> list[dict[str, str]]:
    """Return the rows of a CSV of communities; raises ValueError that names the wrong line."""
    text = read_text(path, encoding)
    try:
        reader = csv.reader(StringIO(text, newline=""), strict=True)
        names = next(reader, [])
        lines = [(reader.line_num, line) for line in reader if line]
    except csv.Error as error:
        raise ValueError(f"{path} is not a CSV: {error}.") from error
    missing = [column for column in COLUMNS if column not in names]
    if missing:
        raise ValueError(f"{path} has no column {', '.join(missing)}.")
    line_of: dict[str, int] = {}
    rows: list[dict[str, str]] = []
    for number, line in lines:
        if len(line) != len(names):
            raise ValueError(f"line {number}: it has {len(line)} of {len(names)} columns.")
        row = dict(zip(names, line, strict=True))
        _check(row, number)
        if (first := line_of.setdefault(row["code"], number)) != number:
            raise ValueError(f"line {number}: {row['code']} stands on line {first} already.")
        rows.append(row)
    return rows


async def bring_in(
    database: Database, rows: list[dict[str, str]], advance: Callable[[int], None]
) -> Counter[str]:
    """Import the places in the rows; return how many were CREATED, CHANGED and UNCHANGED."""
    outcomes: Counter[str] = Counter()
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        async with database.command(system(int(batch[0]["district_code"]))) as tx:
            await import_communities(tx, batch, lambda what: outcomes.update([what]))
        advance(len(batch))
    return outcomes


def mint(
    settings: Settings,
    person: DemoPerson,
    payer: UUID,
    scopes: frozenset[Scope] | None = None,
) -> str:
    """Return an access token of a demo person; `payer` pays for its requests.

    If `scopes` are given, the token has no others.
    """
    if person.community_id:
        principal, table, place = Principal.COMMUNITY, communities, person.community_id
    elif person.department_id:
        principal, table, place = Principal.DEPARTMENT, departments, person.department_id
    else:
        principal, place = Principal.DISTRICT, person.street_id or person.district_id
        table = streets if person.street_id else districts
    identity = Identity(
        principal=principal,
        id=person.id,
        org=encode_id(person.place_id, prefix_of(table)),
        place=place,
        roles=frozenset(Role(role) for role in person.roles),
        version=person.version,
        payer=payer,
    )
    tokens = Tokens(Keys(settings.data / "keys"), settings.public_url, settings.token_seconds)
    return tokens.mint(identity, client_id=_DEMO_CLIENT, now=datetime.now(UTC), scopes=scopes)


def _check(row: dict[str, str], number: int) -> None:
    code, street, district = row["code"], row["street_code"], row["district_code"]
    lengths = (len(district), len(street), len(code))
    if lengths != (6, 9, 12) or not (code.isascii() and code.isdigit()):
        raise ValueError(
            f"line {number}: codes are digits, six of a district, nine of a street, "
            "twelve of a community."
        )
    if not (code.startswith(street) and street.startswith(district)):
        raise ValueError(f"line {number}: {code} is not below {street} and {district}.")
    if row["kind"] not in {"RESIDENTIAL", "VILLAGE"}:
        raise ValueError(f"line {number}: kind must be RESIDENTIAL or VILLAGE.")
    for column in ("name", "street_name", "district_name"):
        try:
            row[column] = written(row[column], NAME_LENGTH, "name")
        except Refused as refused:
            raise ValueError(f"line {number}: {column}: {refused.message}") from refused
