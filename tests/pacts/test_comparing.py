"""Two texts of a pact are compared by clause: what was found leads from one to the other."""

from random import Random
from uuid import UUID

import pytest

from tenants.pacts.comparing import Change, Clause, applied, changes, marks, reworded
from tenants.pacts.hashing import hash_of
from tenants.pacts.words import ChangeKind

LETTERS = "居民不得在楼道内停放电动自行车违者由委员会劝导十五日清理，。15ab \n"


def clause(number: int, body: str, heading: str | None = None) -> Clause:
    """Return a clause with this id."""
    return Clause(UUID(int=number), heading, body)


def words(chance: Random, most: int) -> str:
    """Return some text."""
    return "".join(chance.choice(LETTERS) for _ in range(chance.randint(1, most)))


def edited(chance: Random, text: str) -> str:
    """Return a text with some runs taken out, put in or replaced."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(text))
        put = words(chance, 6) if chance.random() < 0.7 else ""
        text = text[:at] + put + text[at + chance.randint(0, 5) :]
    return text or "改"


def amended(chance: Random, before: list[Clause], number: int) -> list[Clause]:
    """Return a later text: some clauses dropped, added, moved, reworded, or split in two."""
    after: list[Clause] = []
    for each in before:
        fate = chance.random()
        if fate < 0.1:
            continue
        if fate < 0.25 and len(each.body) > 1:
            cut = chance.randint(1, len(each.body) - 1)
            number += 1
            after += [each._replace(body=each.body[:cut]), clause(number, each.body[cut:])]
        elif fate < 0.5:
            heading = chance.choice([None, each.heading, words(chance, 8)])
            after.append(each._replace(heading=heading, body=edited(chance, each.body)))
        else:
            after.append(each)
    for _ in range(chance.randint(0, 3)):
        if after:
            after.insert(chance.randint(0, len(after) - 1), after.pop(chance.randrange(len(after))))
    for _ in range(chance.randint(0, 2)):
        number += 1
        after.insert(chance.randint(0, len(after)), clause(number, words(chance, 40)))
    return after


def test_changes_of_500_pairs_lead_from_one_text_to_the_other() -> None:
    chance, kinds = Random(19), set[ChangeKind]()
    for number in range(500):
        before = [
            clause(1000 * number + n, words(chance, 60), chance.choice([None, words(chance, 8)]))
            for n in range(chance.randint(0, 12))
        ]
        after = amended(chance, before, 1000 * number + 500)
        found = changes(before, after)
        kinds |= {each.kind for each in found}
        assert applied(before, found) == after
        assert applied(after, changes(after, before)) == before
        touched = {each.clause_id for each in found}
        kept = [each for each in after if each.id not in touched]
        assert kept == [each for each in before if each.id not in touched], (
            "what stays, stays in order"
        )
        assert changes(after, after) == []
        assert (hash_of("公约", before) == hash_of("公约", after)) == (
            [each[1:] for each in before] == [each[1:] for each in after]
        )
    assert kinds == {*ChangeKind}


def test_one_clause_that_moves_is_one_change() -> None:
    first, second, third = (clause(n, "内容") for n in (1, 2, 3))
    (moved,) = changes([first, second, third], [third, first, second])
    assert (moved.kind, moved.clause_id, moved.from_place, moved.to_place) == (
        ChangeKind.MOVED, third.id, 3, 1,
    )  # fmt: skip


def test_a_clause_that_is_split_is_shortened_and_its_rest_is_new() -> None:
    before = [clause(1, "牵好绳，及时清理。")]
    after = [clause(1, "牵好绳，"), clause(2, "及时清理。")]
    assert changes(before, after) == [
        Change(ChangeKind.REWORDED, UUID(int=1), 1, 1, False, [], ["=牵好绳，", "-及时清理。"]),
        Change(ChangeKind.ADDED, UUID(int=2), None, 2, False, [], ["+及时清理。"]),
    ]


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("15日内清理", "30日内清理", ["-15", "+30", "=日内清理"]),
        ("装WiFi的", "装wifi的", ["=装", "-WiFi", "+wifi", "=的"]),
        ("清理杂物。", "清理杂物。", ["=清理杂物。"]),
        ("", "新的", ["+新的"]),
        ("删去", "", ["-删去"]),
        # one character that happens to be equal is no reason to cut a phrase in pieces
        ("及时清扫", "随时打扫", ["-及时清", "+随时打", "=扫"]),
    ],
)
def test_marks_are_by_character_and_by_word_and_number(
    before: str, after: str, found: list[str]
) -> None:
    assert marks(before, after) == found
    assert reworded(before, found) == after


def test_marks_of_another_text_are_refused() -> None:
    with pytest.raises(ValueError, match="another text"):
        reworded("别的", ["=内容"])


def test_what_repeats_itself_too_often_is_replaced_whole() -> None:
    before, after = "哈呵" * 1000, "呵哈哈" * 660
    assert marks(before, after) == ["-" + before, "+" + after]


def test_a_hash_is_of_the_words_in_their_order() -> None:
    text = [clause(1, "一", "标题"), clause(2, "二")]
    # sha256 of ["公约",[["标题","一"],["","二"]]]
    assert hash_of("公约", text) == (
        "e3ca7e1866eb312dc178382c6951aa7937d42fe26e97b811eac7d2f52278589d"
    )
    assert hash_of("公约", text[::-1]) != hash_of("公约", text)
    renumbered = [clause(7, "一", "标题"), clause(8, "二")]
    assert hash_of("公约", renumbered) == hash_of("公约", text)
