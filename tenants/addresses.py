"""One address, one household: the form in which different spellings of a door are equal.

`7号楼/801`, `７号楼/８０１` and `7幢/801室` are one door. What is kept to be shown is what was written.
Nothing is guessed that could make two doors one: `8-01` is not `801`, `7楼` is not `7号楼`; such are
near, and whoever reviews an application sees what is near.
"""

import re

from tenants.text import folded

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0}
_PLACES = {"十": 10, "百": 100}
_NUMERAL = re.compile("[〇零一二三四五六七八九十百]+")
_BLANK = re.compile(r"[\s,，、.。·/\\]+")
# one building, however it is called; where no word follows a number at the end, it is a building's
_BUILDING = re.compile(r"(?<=[0-9a-z])(?:号楼|号|幢|栋|座|#)|(?<=[0-9a-z])$")
_ROOM = re.compile(r"(?<=[0-9a-z])(?:号房间|号房|号室|房间|室|房|号)$")
_ZEROS = re.compile(r"(?<![0-9-])0+(?=[0-9])")
_DASH = re.compile("[‐-―－−—]")


def address_of(building: str, room: str) -> str:
    """Give the normal form of a door: equal for one household's spellings, and for no other's."""
    return f"{_BUILDING.sub('号', _plain(building))}/{_ROOM.sub('', _plain(room))}"


def near_of(address: str) -> str:
    """Give what is equal for addresses that may be one door: their figures and letters, in order."""
    return "".join(re.findall("[0-9a-z]+", address)) or address


def _plain(text: str) -> str:
    text = _BLANK.sub("", _DASH.sub("-", folded(text)))
    return _ZEROS.sub("", _NUMERAL.sub(lambda found: _number(found[0]), text))


def _number(numeral: str) -> str:
    """Write 三, 二十一, 一百零二 and 八〇一 in figures; 十 and 百 alone as what they are."""
    if not _PLACES.keys() & set(numeral):
        return "".join(str(_DIGITS[digit]) for digit in numeral)
    total, digit = 0, None
    for char in numeral:
        if char in _PLACES:
            total += (1 if digit is None else digit) * _PLACES[char]
            digit = None
        else:
            digit = _DIGITS[char] or None
    return str(total + (digit or 0))
