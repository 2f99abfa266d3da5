"""Read a register of owners from a CSV: one line for each owner of each part, every line checked.

Pure: nothing here looks at the database. Lines of one part agree in all but the owner; its address
is compared in the normal form of `tenants.addresses`.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from io import StringIO
from typing import TypeVar

from tenants.addresses import address_of
from tenants.errors import Refused
from tenants.masks import mask_name
from tenants.membership.tables import BUILDING_LENGTH, ROOM_LENGTH
from tenants.owners.tables import MOST_AREA, NAME_LENGTH, NUMBER_LENGTH
from tenants.owners.words import AreaSource, OwnerKind, PartKind
from tenants.text import written
from tenants.words import Words

# English and Chinese names of the columns; all are needed, and may stand in any order.
COLUMNS = {
    "building": "楼号", "room": "室号", "kind": "类型", "area": "面积", "area_source": "面积来源",
    "developer": "开发商持有", "owner_no": "业主编号", "owner_kind": "业主类型", "owner": "业主姓名",
    "share": "份额",
}  # fmt: skip
MOST_SHARES = 10_000
_AREA = re.compile(r"[0-9]{1,7}(?:\.[0-9]{1,2})?")
_SHARE = re.compile(r"([1-9][0-9]{0,4})/([1-9][0-9]{0,4})")
W = TypeVar("W", bound=Words)
_YES, _NO = {"yes", "是"}, {"no", "否", ""}


@dataclass(frozen=True)
class BadRow:
    """It says what is wrong on a line; `column` is empty where the whole line is."""

    line: int
    column: str
    why: str


@dataclass(frozen=True)
class RegisteredOwner:
    """It is an owner under their number; a person's name is masked."""

    number: str
    kind: OwnerKind
    name: str


@dataclass(frozen=True)
class RegisteredPart:
    """It is a part with its owners' numbers, each with a share or None; none where the developer holds it."""

    building: str
    room: str
    address: str
    kind: PartKind
    area: int
    area_source: AreaSource
    is_developers: bool
    owners: Mapping[str, Fraction | None]


@dataclass(frozen=True)
class Register:
    """It holds what a file says: parts by address and owners by number, or the rows that are wrong."""

    parts: Mapping[str, RegisteredPart]
    owners: Mapping[str, RegisteredOwner]
    wrong: tuple[BadRow, ...]


class _Wrong(ValueError):
    def __init__(self, column: str, why: str) -> None:
        super().__init__(why)
        self.column, self.why = column, why


def read_register(text: str) -> Register:
    """Return the register in a CSV, or every row that is wrong; with one wrong, nothing counts."""
    wrong: list[BadRow] = []
    first: dict[str, tuple[int, RegisteredPart]] = {}
    owners: dict[str, RegisteredOwner] = {}
    shares: dict[str, dict[str, Fraction | None]] = defaultdict(dict)
    try:
        for line, row in _rows(text):
            try:
                part, owner, share = _part(row), _owner(row), _share(row["share"])
                line_of, known = first.setdefault(part.address, (line, part))
                _agrees(part, known, line_of)
                _add(shares[part.address], owners, owner, share, part)
            except _Wrong as error:
                wrong.append(BadRow(line, error.column, error.why))
    except (csv.Error, _Wrong) as error:
        why = error.why if isinstance(error, _Wrong) else f"不是 CSV。It is no CSV: {error}."
        return Register({}, {}, (*wrong, BadRow(1, "", why)))
    for line, part in first.values():
        given = [share for share in shares[part.address].values() if share is not None]
        if given and (len(given) < len(shares[part.address]) or sum(given) != 1):
            why = (
                "各份额之和须为 1，或都不填（共同共有）。The shares add up to 1, or none is given."
            )
            wrong.append(BadRow(line, "share", why))
    parts = {address: replace(part, owners=shares[address]) for address, (_, part) in first.items()}
    return Register(parts, owners, tuple(sorted(wrong, key=lambda row: row.line)))


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row by its columns, with the number of the line it begins on."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    english = {chinese: name for name, chinese in COLUMNS.items()}
    names = [english.get(name.strip(), name.strip()) for name in next(reader, [])]
    if missing := [f"{name}（{COLUMNS[name]}）" for name in COLUMNS if name not in names]:
        raise _Wrong("", f"缺少列 {'、'.join(missing)}。Columns are missing.")
    line = reader.line_num + 1
    for values in reader:
        if any(value.strip() for value in values):
            values += [""] * (len(names) - len(values))
            yield line, dict(zip(names, (value.strip() for value in values), strict=False))
        line = reader.line_num + 1


def _part(row: Mapping[str, str]) -> RegisteredPart:
    building = _text(row, "building", BUILDING_LENGTH)
    room = _text(row, "room", ROOM_LENGTH)
    held = row["developer"].lower()
    if held not in _YES | _NO:
        raise _Wrong("developer", "须为 是 或 否。It must be yes or no.")
    return RegisteredPart(
        building, room, address_of(building, room), _word(row, "kind", PartKind), _area(row),
        _word(row, "area_source", AreaSource), held in _YES, {},
    )  # fmt: skip


def _area(row: Mapping[str, str]) -> int:
    """Return an area in 0.01 m²."""
    if not _AREA.fullmatch(row["area"]):
        raise _Wrong("area", "须为平方米数，至多两位小数。In square metres, two decimals at most.")
    area = int(Fraction(row["area"]) * 100)
    if not 1 <= area <= MOST_AREA:
        raise _Wrong("area", f"须大于 0，不超过 {MOST_AREA // 100} 平方米。Not a possible area.")
    return area


def _owner(row: Mapping[str, str]) -> RegisteredOwner | None:
    """Return the owner of a line; None where the developer holds the part and nobody bought it."""
    if row["developer"].lower() in _YES and not row["owner_no"]:
        return None
    kind = _word(row, "owner_kind", OwnerKind)
    name = _text(row, "owner", NAME_LENGTH)
    shown = mask_name(name) if kind is OwnerKind.PERSON else name
    return RegisteredOwner(_text(row, "owner_no", NUMBER_LENGTH), kind, shown)


def _share(text: str) -> Fraction | None:
    if not text:
        return None
    found = _SHARE.fullmatch(text)
    if found is None or int(found[2]) > MOST_SHARES or int(found[1]) > int(found[2]):
        raise _Wrong("share", "须为分数，如 1/2。It must be a fraction, such as 1/2.")
    return Fraction(int(found[1]), int(found[2]))


def _add(
    shares: dict[str, Fraction | None],
    owners: dict[str, RegisteredOwner],
    owner: RegisteredOwner | None,
    share: Fraction | None,
    part: RegisteredPart,
) -> None:
    """Add the owner of a line to its part."""
    if owner is None:
        return
    known = owners.setdefault(owner.number, owner)
    if known != owner:
        raise _Wrong(
            "owner", f"编号 {owner.number} 已是另一位业主。This number is another owner's already."
        )
    if owner.number in shares:
        raise _Wrong(
            "owner_no", f"{part.building}{part.room} 已列有此业主。This owner is listed twice."
        )
    shares[owner.number] = share


def _agrees(part: RegisteredPart, known: RegisteredPart, line: int) -> None:
    """Raise if another line of the same part says something else of it."""
    for column, name in (
        ("kind", "kind"),
        ("area", "area"),
        ("area_source", "area_source"),
        ("developer", "is_developers"),
    ):
        if getattr(part, name) != getattr(known, name):
            raise _Wrong(
                column, f"与第 {line} 行同一处的不同。Line {line} of the same part differs."
            )


def _text(row: Mapping[str, str], column: str, most: int) -> str:
    try:
        return written(row[column], most, "name")
    except Refused as refused:
        raise _Wrong(column, refused.message) from None


def _word(row: Mapping[str, str], column: str, words: type[W]) -> W:
    """Return a word by its name or its Chinese."""
    with suppress(StopIteration):
        return next(each for each in words if row[column] in (each.value, each.chinese))
    known = "、".join(each.chinese for each in words)
    raise _Wrong(column, f"须为 {known}。It must be one of {', '.join(words)}.")
