"""Test heads and areas of an electorate of owners: SPC interpretation, art. 9."""

from dataclasses import replace

from tenants.owners.heads import Part, heads
from tenants.owners.words import PartKind

DEVELOPER = "developer"


def part(name: str, *owners: str, building: str = "1", area: int = 8937) -> Part:
    """One dwelling of 89.37 m²; of nobody, it is the developer's."""
    return Part(name, building, area, frozenset(owners), is_developers=not owners)


REGISTER = [
    *(part(name, "P") for name in "ABC"),
    part("D", "Q", "R", area=12341),
    *(part(name, building="2") for name in "EFGHIJ"),
    replace(part("K", "T", building="2"), is_developers=True),  # sold, not delivered
    part("L", "S", building="2"),
    replace(part("M", "S", area=1250), kind=PartKind.PARKING),
]


def test_heads_of_a_register() -> None:
    found = heads(REGISTER, developer=DEVELOPER)
    assert [set(head.owners) for head in found] == [{"P"}, {"Q", "R"}, {DEVELOPER}, {"S"}]
    assert sum(len(head.parts) for head in found) == 12
    assert sum(head.area for head in found) == 11 * 8937 + 12341


def test_parking_counts_where_the_areas_own_rules_say() -> None:
    found = heads(REGISTER, developer=DEVELOPER, counts_parking=True)
    assert len(found) == 4
    assert found[-1].area == 8937 + 1250


def test_a_vote_of_some_buildings_has_their_owners_only() -> None:
    found = heads(REGISTER, developer=DEVELOPER, buildings=frozenset({"2"}))
    assert [set(head.owners) for head in found] == [{DEVELOPER}, {"S"}]
    assert [head.area for head in found] == [7 * 8937, 8937]


def test_who_owns_alone_and_together_is_a_head_in_each() -> None:
    found = heads([part("A", "Q"), part("B", "Q", "R"), part("C", "R", "Q")], developer=DEVELOPER)
    assert [[each.id for each in head.parts] for head in found] == [["A"], ["B", "C"]]


def test_areas_add_up_exactly() -> None:
    parts = [part(f"a{n}", f"o{n}") for n in range(3)]
    parts += [part(f"b{n}", f"p{n}", area=12341) for n in range(7)]
    found = heads(parts, developer=DEVELOPER)
    assert sum(head.area for head in found) == 113_198, (
        "1,131.98 m², where doubles add 1131.9799999999998"
    )
