"""Test addresses: which spellings are the same household, which are near, and which are different."""

from dataclasses import replace
from typing import Any

import pytest

from api.engine.identifiers import encode_id
from tenants.addresses import address_of, near_of
from tests.conftest import SignIn
from tests.street import SECRETARY, Make, key

ONE = {
    "7号/801": [
        ("7号楼", "801"), ("７号楼", "801"), ("7号楼", "801室"), ("7号楼", "８０１"), ("7幢", "801"),
        ("七号楼", "801"), ("7 号楼", " 801 室"), ("7号楼\u200b", "801"), ("7栋", "0801"), ("7#", "801"),
        ("07号", "八〇一"), ("7", "801号房"), ("⑦号楼", "八百零一"), ("7座", "801房间"),
    ],
    "3号/502": [("3号", "502"), ("3幢", "502"), ("三号楼", "502"), ("3 号楼", "502"), ("3号", "502号")],
    "a号/502": [("a座", "502"), ("A座", "502"), ("Ａ座", "502"), ("A栋", "502"), ("Ａ", "５０２")],
    "88弄3号/502": [("88弄3号", "502室"), ("８８弄 3号", "502"), ("八十八弄三号", "502"), ("88弄3", "502")],
    "1号2单元/301": [("1号楼2单元", "301"), ("一号二单元", "301"), ("1幢 2单元", "301室")],
    "21号/102": [("二十一号", "102"), ("21号", "一百零二"), ("21号楼", "102")],
    "10号/110": [("十号", "一百一十"), ("10号", "110")],
    "桂花苑3号(东)/502": [("桂花苑3号（东）", "502"), ("桂花苑 3 号(东)", "502")],
    "7号/8-01": [("7号楼", "8-01"), ("7号", "8－01"), ("7幢", "8—01室")],
}  # fmt: skip
# All of these are different households.
OTHERS = [
    ("7号楼", "801"), ("17号楼", "801"), ("7号楼", "8-01"), ("7号楼", "80-1"), ("7楼", "801"),
    ("7号楼", "8楼801"), ("1号1单元", "101"), ("11号单元", "101"), ("11号", "101"), ("1号", "1101"),
    ("88弄3号", "502"), ("8弄83号", "502"), ("883号", "502"), ("a座", "801"), ("b座", "801"),
    ("7号楼东", "801"), ("7号楼西", "801"), ("7号楼", "801a"), ("7号楼", "801上"), ("7号甲", "801"),
]  # fmt: skip


@pytest.mark.parametrize(("form", "spellings"), ONE.items())
def test_spellings_of_one_door_are_equal(form: str, spellings: list[tuple[str, str]]) -> None:
    assert {address_of(*each) for each in spellings} == {form}


def test_other_doors_stay_others() -> None:
    assert len({address_of(*each) for each in OTHERS}) == len(OTHERS)


def test_what_may_be_one_door_is_near() -> None:
    """Addresses with the same digits and letters in the same order are near."""
    near = [("7号楼", "801"), ("7号楼", "8-01"), ("7楼", "801"), ("7号楼", "80-1")]
    assert {near_of(address_of(*each)) for each in near} == {"7801"}
    assert near_of(address_of("17号楼", "801")) == "17801"
    assert near_of(address_of("东楼", "上")) == "东楼/上"


DOORS = [
    ("7号楼", "801"),
    ("７号楼", "801"),
    ("7号楼", "801室"),
    ("7号楼", "８０１"),
    ("7号楼", "8-01"),
]


async def test_a_door_is_one_household_however_it_is_written(make: Make, signed_in: SignIn) -> None:
    """Four spellings count once; the staff see near ones; an applicant sees no other household."""
    place = await make.community()
    secretary = signed_in(await make.member(place, *SECRETARY))
    near = """{ record { household { building room near { building room memberCount } } } }"""
    who: dict[str, Any] = {}
    for building, room in DOORS:
        guest = signed_in(await make.absent(place))
        applied = await guest.do(
            "applyForMembership", "member { id " + near[1:], displayName="邻居",
            realName="王小明", phone="13800000000", building=building, room=room, kind="RENTER",
            consentVersion="2026-11", idempotencyKey=key(),
        )  # fmt: skip
        assert applied.refusals == [], applied.body
        who = applied.payload["member"]
        assert who["record"]["household"]["near"] == []
    seen = await secretary.run(
        f"query ($id: ID!) {{ node(id: $id) {{ ... on Member {near} }} }}", id=who["id"]
    )
    assert seen.data["node"]["record"]["household"] == {
        "building": "7号楼", "room": "8-01",
        "near": [
            {"building": "7号楼", "room": "801", "memberCount": 4},
            {"building": "7号楼", "room": "8-01", "memberCount": 1},
        ],
    }  # fmt: skip
    assert await make.value(place, "select count(*)::int from tenant.household") == 2


async def test_four_spellings_of_a_door_sign_as_one_household(
    make: Make, signed_in: SignIn
) -> None:
    """`householdCount` is what the law counts: each household once."""
    place = await make.community()
    secretary = signed_in(await make.member(place, *SECRETARY))
    letter = await make.petition(await make.member(place), secrecy="PUBLIC")
    petition = encode_id(letter, "pet_")
    for building, room in DOORS[:4]:
        guest = await make.absent(place)
        applied = await signed_in(guest).do(
            "applyForMembership", "member { id }", displayName="邻居",
            realName="王小明", phone="13800000000", building=building, room=room, kind="RENTER",
            consentVersion="2026-11", idempotencyKey=key(),
        )  # fmt: skip
        assert applied.refusals == []
        version = await make.value(
            place,
            "update tenant.member set state = 'ACTIVE', permission_version = permission_version + 1 "
            "where id = $1 returning permission_version",
            guest.id,
        )
        resident = signed_in(replace(guest, roles=("RESIDENT",), version=version))
        signed = await resident.do("supportPetition", petitionId=petition)
        assert signed.refusals == [], signed.body
    seen = await secretary.run(
        "query ($id: ID!) { petition(id: $id) { support { count householdCount } } }", id=petition
    )
    assert seen.data["petition"]["support"] == {"count": 4, "householdCount": 1}
