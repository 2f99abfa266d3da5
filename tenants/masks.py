"""Mask names and id numbers for display, and check id numbers."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_ID_NUMBER = re.compile(r"[1-9][0-9]{5}((?:18|19|20)[0-9]{2})([0-9]{2})([0-9]{2})[0-9]{3}[0-9X]")
# GB 11643-1999: weights of the first seventeen digits, and the check character by the remainder
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_COMPOUND = (
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "司徒", "令狐", "夏侯",
    "长孙", "宇文", "轩辕", "端木", "独孤", "南宫",
)  # fmt: skip


def mask_name(name: str) -> str:
    """Keep the family name: `王小明` becomes `王**`."""
    kept = 2 if name.startswith(_COMPOUND) and len(name) > 2 else 1
    return name[:kept] + "*" * max(len(name) - kept, 1)


def mask_id_number(number: str) -> str:
    """Keep the last four characters."""
    return "*" * (len(number) - 4) + number[-4:]


def is_id_number(text: str) -> bool:
    """Return whether this is a citizen's number: 18 characters, a valid birthday and check digit."""
    match = _ID_NUMBER.fullmatch(text) if text.isascii() else None
    if match is None:
        return False
    try:
        born = date(*map(int, match.groups()))
    except ValueError:
        return False
    if born > datetime.now(_SHANGHAI).date():
        return False
    total = sum(w * int(d) for w, d in zip(_WEIGHTS, text, strict=False))
    return _CHECKS[total % 11] == text[17]
