"""Clean and check the text that people write, in the same way everywhere.

There are two kinds of text. One line is shown beside other things: a name, a title, a room. Many
lines are read by themselves: a petition, an answer, a reason. The name of the input field says
which. A value with its own format (a phone, a code) is neither: its service checks the format.
"""

import re
import unicodedata
from collections.abc import Iterable

from tenants.errors import Code, Refused

ONE_LINE = frozenset(
    {
        "agreements", "audienceBuildings", "author", "building", "buildings", "contact", "displayName",
        "document", "giver", "heading", "idempotencyKey", "invitedNames", "location", "name", "options",
        "payee", "purpose", "realName", "room", "source", "sourceId", "title", "topic",
    }
)  # fmt: skip
MANY_LINES = frozenset(
    {
        "agenda",
        "answer",
        "body",
        "details",
        "duties",
        "legalRoute",
        "minutes",
        "note",
        "partyRecord",
        "question",
        "reason",
        "report",
    }
)
FORMS = frozenset(
    {
        "code",
        "consentVersion",
        "csv",
        "idNumber",
        "matter",
        "matters",
        "phone",
        "ruleCode",
        "sealKey",
        "sealed",
        "signKey",
        "signature",
        "slug",
        "textVersion",
    }
)
# Above the limit of every one-line field: longer text is refused unread.
LONGEST_LINE = 500
# Letters of any script carry three marks at most, Tibetan stacks and Vietnamese included.
MOST_MARKS = 4


def _ranges(chars: Iterable[int]) -> str:
    """Return the character class of a regular expression, with few ranges."""
    runs: list[list[int]] = []
    for char in chars:
        if runs and char == runs[-1][1] + 1:
            runs[-1][1] = char
        else:
            runs.append([char, char])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in runs)


# Characters with the category of a letter or mark that show nothing: fillers, blank Braille,
# joiners.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc\U0001d159")
_SELECTOR = re.compile("[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# controls; embeddings, overrides and isolates, which change the order of what follows
_ACTS = re.compile("[\0-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def _heap(most: int) -> re.Pattern[str]:
    """Return a pattern for too many marks in a row, among the characters below `most`."""
    marks = (c for c in range(0x300, most) if _is_stacked(chr(c)))
    return re.compile(f"[{_ranges(marks)}]{{{MOST_MARKS + 1}}}")


def _is_stacked(char: str) -> bool:
    return unicodedata.category(char) in {"Mn", "Me"} or unicodedata.combining(char) > 0


# most texts have no character of the higher planes, and this pattern is ten times faster
_HEAP, _ANY_HEAP = _heap(0x10000), _heap(0x20000)
_HIGHER = re.compile("[\U00010000-\U0010ffff]")
# how text processors and other systems end a line
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_JOINER = "\u200d"
# Planes of ideographs: Python's tables lack the newest ones.
_IDEOGRAPHS = range(0x20000, 0x3FFFE)
# Offices that a neighbour's name must not claim. `Member.roles` says who holds one.
_OFFICES = re.compile(
    "居委|居委會|村委|书记|書記|街道办|街道辦|办事处|辦事處|镇政府|鎮政府|区政府|區政府|党支部|黨支部|党委|黨委|党总支|"
    "业委会|業委會|物业|物業|派出所|民警|社区工作者|网格员|網格員|管理员|管理員|官方|客服"
)


def written(text: str, most: int, *path: str) -> str:
    """Return a cleaned text of 1 to `most` characters; raise TOO_LONG, or as `cleaned` does."""
    text = cleaned(text, *path)
    if len(text) > most:
        raise Refused(
            Code.TOO_LONG, f"最多 {most} 个字。At most {most} characters, not {len(text)}.", *path
        )
    return text


def cleaned(text: str, *path: str) -> str:
    """Return a text in NFC, without blanks at its ends; many lines are separated by `\\n`.

    `path` names the input field; its last name decides the kind of text. Raise REQUIRED if nothing
    would be visible, and INVALID for characters that act on their surroundings: controls, changes
    of direction, more marks on a letter than any script has, and in one line also line ends and
    invisible characters.
    """
    is_one_line = path[-1] not in MANY_LINES
    if is_one_line and len(text) > LONGEST_LINE:
        raise Refused(Code.TOO_LONG, "太长。Too long.", *path)
    if not any(map(_is_seen, text)):
        raise Refused(Code.REQUIRED, "不能为空。Must not be empty.", *path)
    text = (text if is_one_line else _LINE_END.sub("\n", text)).strip(_MARGIN)
    # before normalising, which takes long for very many marks
    wrong = _ACTS.search(text) or (_ANY_HEAP if _HIGHER.search(text) else _HEAP).search(text)
    unseen = _unseen(text) if is_one_line else None
    if wrong or unseen:
        name = f"U+{ord(wrong[0][0] if wrong else unseen or ''):04X}"
        raise Refused(
            Code.INVALID,
            f"含有不能使用的字符（{name}）。The character {name} cannot stand here.",
            *path,
        )
    return unicodedata.normalize("NFC", text)


def called(name: str, most: int, *path: str) -> str:
    """Do as `written` does for a neighbour's display name; raise INVALID if it claims an office."""
    name = written(name, most, *path)
    if _OFFICES.search("".join(filter(_is_seen, folded(name)))):
        raise Refused(
            Code.INVALID,
            "称呼不能含有职务或机构；职务由系统标明。A name claims no office: the roles beside it tell.",
            *path,
        )
    return name


def folded(text: str) -> str:
    """Return a form without width, case and invisible characters: equal for texts that look alike."""
    wide = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in wide if c.isspace() or _is_seen(c) or _is_mark(c))


def _is_seen(char: str) -> bool:
    """Return whether a character by itself is visible."""
    kind = unicodedata.category(char)
    if kind == "Cn":  # not in Python's tables
        return ord(char) in _IDEOGRAPHS
    return (kind[0] in "LNPS" or kind == "Co") and char not in _BLANK


def _is_mark(char: str) -> bool:
    return unicodedata.category(char)[0] == "M" and char not in _BLANK and not _SELECTOR.match(char)


def _unseen(text: str) -> str | None:
    """Return the first invisible character of a line that does not belong to a visible one."""
    for place, char in enumerate(text):
        is_blank = unicodedata.category(char) == "Zs"
        if not (_is_seen(char) or _is_mark(char) or is_blank or _belongs(text, place)):
            return char
    return None


def _belongs(text: str, place: int) -> bool:
    """Return whether an invisible character selects or joins visible ones.

    Examples are 👨‍👩‍👧, ❤️ and a variant of 葛.
    """
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    if _SELECTOR.match(text[place]):
        return bool(before) and unicodedata.category(before) in {"Lo", "Nd", "Po", "So", "Sm"}
    if text[place] == _JOINER:
        is_after_symbol = unicodedata.category(before or " ") in {"So", "Sk"} or before == "\ufe0f"
        return is_after_symbol and unicodedata.category(after or " ") in {"So", "Sm"}
    return False


def _is_margin(char: str) -> bool:
    """Return whether a character is stripped at an end: blank or invisible, but not refused."""
    if char.isspace():
        return True
    is_apart = not (_is_seen(char) or _is_mark(char) or _SELECTOR.match(char))
    return is_apart and unicodedata.category(char) != "Cn" and not _ACTS.match(char)


_MARGIN = "".join(
    char
    for part in (range(0x3200), range(0xFE00, 0x10000), range(0xE0000, 0xE0100))
    for char in map(chr, part)
    if _is_margin(char)
)
