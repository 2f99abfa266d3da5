"""Normalise addresses: different spellings of one household's address become equal.

`7号楼/801`, `７号楼/８０１` and `7幢/801室` are one address. The spelling that was entered is kept for
display. The normal form never guesses in a way that could make two addresses equal: `8-01` is not
`801`, and `7楼` is not `7号楼`. Such addresses are "near", and the reviewer of an application sees the
near ones.
"""

import re

from tenants.text import folded

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0}
_PLACES = {"十": 10, "百": 100}
_NUMERAL = re.compile("[〇零一二三四五六七八九十百]+")
_BLANK = re.compile(r"[\s,，、.。·/\\]+")
# the words for one building; a number at the end with no word after it is a building's number
_BUILDING = re.compile(r"(?<=[0-9a-z])(?:号楼|号|幢|栋|座|#)|(?<=[0-9a-z])$")
_ROOM = re.compile(r"(?<=[0-9a-z])(?:号房间|号房|号室|房间|室|房|号)$")
_ZEROS = re.compile(r"(?<![0-9-])0+(?=[0-9])")
_DASH = re.compile("[‐-―－−—]")


def address_of(building: str, room: str) -> str:
    """Return the normal form of an address: equal only for spellings of one household."""
    return f"{building_of(building)}/{_ROOM.sub('', _plain(room))}"


def building_of(building: str) -> str:
    """Return the normal form of a building, which is the first part of an address."""
    return _BUILDING.sub("号", _plain(building))


def near_of(address: str) -> str:
    """Return a key that is equal for addresses that may be one: their digits and letters."""
    return "".join(re.findall("[0-9a-z]+", address)) or address


def _plain(text: str) -> str:
    text = _BLANK.sub("", _DASH.sub("-", folded(text)))
    return _ZEROS.sub("", _NUMERAL.sub(lambda found: _number(found[0]), text))


def _number(numeral: str) -> str:
    """Convert 三, 二十一, 一百零二 and 八〇一 to digits; 十 and 百 alone are 10 and 100."""
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
