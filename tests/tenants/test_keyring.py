"""Sealed values open only in their own place, with the ring's keys; what is shown of them."""

import json
import threading
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tenants.db import Database
from tenants.keyring import KeyRing, Unreadable, _Sm4Gcm
from tenants.masks import is_id_number, mask_id_number, mask_name
from tenants.membership.service.resealing import reseal
from tests.conftest import SignIn
from tests.street import STAFF, Make

HERE = "7/member/phone"


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    """Give a ring of one key."""
    return KeyRing(tmp_path / "ring")


def test_what_is_sealed_opens_again_and_never_looks_the_same(ring: KeyRing) -> None:
    sealed = [ring.seal("13800000001", context=HERE) for _ in range(2)]
    assert sealed[0] != sealed[1]
    assert set(json.loads(sealed[0])) == {"alg", "kid", "ct"}
    assert "13800000001" not in sealed[0]
    assert [ring.open(each, context=HERE) for each in sealed] == ["13800000001"] * 2


def test_an_envelope_opens_nowhere_else_and_not_when_meddled_with(
    ring: KeyRing, tmp_path: Path
) -> None:
    sealed = ring.seal("王小明", context=HERE)
    parts = json.loads(sealed)
    other = "A" if parts["ct"][20] != "A" else "B"
    spoilt = [
        json.dumps({**parts, "ct": parts["ct"][:20] + other + parts["ct"][21:]}),
        json.dumps({**parts, "kid": "20200101000000-00000000"}),
        json.dumps({**parts, "alg": "none"}),
        json.dumps({**parts, "alg": "SM4-GCM"}),
        json.dumps({**parts, "ct": ""}),
        json.dumps({**parts, "ct": parts["ct"] + "!"}),
        json.dumps({**parts, "ct": parts["ct"] + "="}),
        json.dumps({**parts, "ct": parts["ct"][:8]}),
        json.dumps({**parts, "ct": [], "kid": []}),
        json.dumps({"kid": parts["kid"]}),
        "[]", "", "王小明",
    ]  # fmt: skip
    for each in spoilt:
        with pytest.raises(Unreadable):
            ring.open(each, context=HERE)
    with pytest.raises(Unreadable):
        ring.open(sealed, context="8/member/phone")
    with pytest.raises(Unreadable):
        KeyRing(tmp_path / "another").open(sealed, context=HERE)


def test_keys_are_their_owners_only_and_made_once(tmp_path: Path) -> None:
    rings: list[KeyRing] = []
    threads = [
        threading.Thread(target=lambda: rings.append(KeyRing(tmp_path / "r"))) for _ in "1234"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({ring.index("x", purpose="p") for ring in rings}) == 1
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "r").glob("*.key")} == {0o600}
    assert (tmp_path / "r").stat().st_mode & 0o777 == 0o700


def test_an_index_is_the_same_for_the_same_and_for_one_purpose(ring: KeyRing) -> None:
    assert ring.index("1", purpose="a") == ring.index("1", purpose="a")
    values = {
        ring.index("1", purpose="a"),
        ring.index("2", purpose="a"),
        ring.index("1", purpose="b"),
    }
    assert len(values | {ring.derive("1", purpose="a")}) == 4


@pytest.mark.parametrize("algorithm", ["A256GCM", "SM4-GCM"])
def test_the_newest_key_seals_and_all_open(ring: KeyRing, algorithm: str) -> None:
    old = ring.seal("王小明", context=HERE)
    kid = ring.rotate(algorithm)
    new = ring.seal("王小明", context=HERE)
    parts = json.loads(new)
    assert (parts["alg"], parts["kid"]) == (algorithm, kid)
    assert [ring.open(each, context=HERE) for each in (old, new)] == ["王小明"] * 2
    spoilt = parts["ct"][:-2] + ("AA" if parts["ct"][-2:] != "AA" else "BA")
    for wrong, place in ((new, "8/member/phone"), (json.dumps({**parts, "ct": spoilt}), HERE)):
        with pytest.raises(Unreadable):
            ring.open(wrong, context=place)


def test_sm4_is_as_rfc_8998_has_it(tmp_path: Path) -> None:
    kid = "20260101000000-00000000"
    (tmp_path / f"{kid}.key").write_bytes(bytes.fromhex("0123456789abcdeffedcba9876543210"))
    nonce, context = bytes.fromhex("00001234567800000000abcd"), "社区"
    cipher = _Sm4Gcm(bytes.fromhex("0123456789abcdeffedcba9876543210"))
    sealed = cipher.encrypt(
        nonce,
        bytes.fromhex("".join(c * 16 for c in "abcdefea")),
        bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
    )
    assert sealed[-16:].hex() == "83de3541e4c2b58177e065a9bf7b62ec"
    ct = urlsafe_b64encode(nonce + cipher.encrypt(nonce, b"1", context.encode())).rstrip(b"=")
    envelope = json.dumps({"alg": "SM4-GCM", "kid": kid, "ct": ct.decode()})
    assert KeyRing(tmp_path).open(envelope, context=context) == "1"


def test_each_rotation_makes_the_newest_even_in_one_second_or_when_the_clock_goes_back(
    ring: KeyRing,
) -> None:
    kids = [ring.rotate() for _ in range(8)]
    assert kids == sorted(kids)
    assert ring.is_current(ring.seal("1", context=HERE))
    assert json.loads(ring.seal("1", context=HERE))["kid"] == kids[-1]


def test_another_process_sees_a_new_key(ring: KeyRing, tmp_path: Path) -> None:
    other = KeyRing(tmp_path / "ring")
    other.rotate("SM4-GCM")
    assert ring.open(other.seal("1", context=HERE), context=HERE) == "1"


async def test_rotation_seals_all_anew_and_then_drops_the_old_key(
    make: Make, database: Database, signed_in: SignIn
) -> None:
    elm = await make.community()
    person = await make.applicant(elm, "ACTIVE")
    before = await make.value(elm, "select phone from tenant.member_record")
    kid = database.ring.rotate()
    assert await reseal(database, elm.key) == 2
    assert await reseal(database, elm.key) == 0
    after = await make.value(elm, "select phone from tenant.member_record")
    assert json.loads(after)["kid"] == kid != json.loads(before)["kid"]
    staff = signed_in(await make.member(elm, *STAFF))
    shown = await staff.do(
        "revealContact", "contact { realName }", memberId=person.public_id, reason="核对"
    )
    sealed = await make.value(elm, "select real_name from tenant.member_record")
    name = make.opened(sealed, f"{elm.key}/{person.id}/real_name")
    assert name.startswith("王小明")
    assert shown.payload["contact"] == {"realName": name}
    assert database.ring.retired() == [], "what sealed a moment ago stays a day"


def test_a_key_goes_a_day_after_its_successor_came(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path)
    (first,) = list(tmp_path.glob("*-*.key"))
    long_ago = datetime.now(UTC) - timedelta(days=3)
    first.rename(tmp_path / f"{long_ago:%Y%m%d%H%M%S}-00000000.key")
    second = datetime.now(UTC) - timedelta(days=2)
    (tmp_path / f"{second:%Y%m%d%H%M%S}-00000001.key").write_bytes(b"k" * 32)
    ring.rotate()
    ring.drop(ring.retired())
    assert len(list(tmp_path.glob("*-*.key"))) == 2


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王小明", "王**"),
        ("王明", "王*"),
        ("欧阳修", "欧阳*"),
        ("欧阳", "欧*"),
        ("王", "王*"),
        ("Li Na", "L****"),
    ],
)
def test_a_name_is_masked(name: str, masked: str) -> None:
    assert mask_name(name) == masked


def test_numbers_are_masked_and_checked() -> None:
    assert mask_id_number("11010519491231002X") == "**************002X"
    assert is_id_number("11010519491231002X")
    wrong = (
        "110105194912310021",
        "11010519491331002X",
        "11010519490229002X",
        "1101051949123100",
        "110105209912310029",  # valid, except for a birthday in the future
        "",
    )
    assert not any(map(is_id_number, wrong))
