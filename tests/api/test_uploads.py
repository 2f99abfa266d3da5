"""Images: uploaded, cleaned, attached to texts, shown to the readers of these, and deleted."""

import io
import re
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import obstore
import pytest
from PIL import Image

from api.app import create_app
from api.engine.identifiers import decode_id, encode_id
from api.settings import Bucket, Settings
from api.uploads import MOST_BYTES
from tenants.db import Database
from tenants.files import Files
from tenants.images.service import MOST_A_DAY, Collector
from tenants.images.signing import Signer
from tenants.scopes import Scope
from tests.api.hostile_files import FILES, MARK, Hostile, encoded, located, photo
from tests.conftest import SignIn
from tests.street import STAFF, Answer, Make, Person, Place, SignedIn, cmt, key, pst

pytestmark = pytest.mark.once

ROWS = "select count(*) from tenant.image"
JPEG = encoded(photo((1200, 900)), exif=located())


class Phone:
    """It is a telephone that uploads images."""

    def __init__(self, client: httpx.AsyncClient, asker: SignedIn) -> None:
        self.client, self.asker = client, asker
        self.do, self.run, self.person = asker.do, asker.run, asker.person

    async def send(
        self,
        data: bytes = JPEG,
        name: str = "photo.jpg",
        kind: str = "image/jpeg",
        part: str = "file",
        beside: dict[str, str] | None = None,
        **headers: str,
    ) -> Answer:
        """Upload as wx.uploadFile does, which may send other fields beside the file."""
        headers = {"authorization": f"Bearer {self.asker.token}", **headers}
        found = await self.client.post(
            "/uploads",
            files={part: (name, data, kind)},
            headers=headers,
            data=beside or {"note": "x"},
        )
        return Answer(found.status_code, found.json(), found.headers)

    async def uploaded(self, data: bytes = JPEG, **beside: str) -> str:
        """Upload an image that must be accepted; return the id of the upload."""
        answer = await self.send(data, beside=beside)
        assert answer.status == 201, answer.body
        return answer.body["uploadId"]

    async def load(self, url: str) -> httpx.Response:
        """Fetch a URL as an <image> does: without an access token."""
        parts = urlsplit(url)
        return await self.client.get(f"{parts.path}?{parts.query}")

    async def post(self, *upload_ids: str, select: str = "", **given: Any) -> Answer:
        """Create a post with these images."""
        place = self.person.place
        assert place is not None
        board = encode_id(place.boards["neighbours"], "brd_")
        words = {"title": "楼下的猫", "body": "谁家的？", "idempotencyKey": key(), **given}
        seen = f"post {{ id images {{ url thumbnailUrl width height }} {select} }}"
        return await self.do("createPost", seen, boardId=board, uploadIds=[*upload_ids], **words)


@pytest.fixture
def phone(client: httpx.AsyncClient, signed_in: SignIn) -> Any:
    """Returns a telephone of a given person."""
    return lambda person, **claims: Phone(client, signed_in(person, **claims))


@pytest.fixture
def folder(app: Any) -> Path:
    """Give the folder of the stored files."""
    return Path(app.state.house.settings.data) / "files"


@pytest.fixture
def collector(app: Any, database: Database) -> Collector:
    """Give the worker that deletes unused files."""
    return Collector(database, files=app.state.house.files)


def found_in(pattern: str, text: str) -> str:
    """Return the group of a pattern that a text must hold."""
    found = re.search(pattern, text)
    assert found is not None
    return found[1]


def files_of(folder: Path, place: Place) -> set[str]:
    """Return which images of a community have files."""
    return {each.parent.name for each in (folder / str(place.key)).glob("*/*.jpg")}


def test_no_other_user_of_the_machine_looks_at_the_files(tmp_path: Path) -> None:
    open_to_all = tmp_path / "files"
    open_to_all.mkdir(mode=0o755)

    Files.at(open_to_all.as_uri())
    Files.at((tmp_path / "new" / "files").as_uri())

    assert {each.stat().st_mode & 0o777 for each in (open_to_all, tmp_path / "new" / "files")} == {
        0o700
    }


async def test_a_photo_goes_with_a_post_and_says_nothing_else(make: Make, phone: Any) -> None:
    wang = phone(await make.member(await make.community()))

    answer = await wang.send()
    assert answer.status == 201
    assert re.fullmatch(r"upl_[\w-]{22}", answer.body.pop("uploadId"))
    size = answer.body.pop("bytes")
    assert answer.body == {"width": 900, "height": 1200}, "it lay on its side"

    done = await wang.post(await wang.uploaded())
    (image,) = done.payload["post"]["images"]
    assert (image["width"], image["height"]) == (900, 1200)
    full, small = await wang.load(image["url"]), await wang.load(image["thumbnailUrl"])
    assert (full.status_code, small.status_code, len(full.content)) == (200, 200, size)
    shown = Image.open(io.BytesIO(full.content))
    assert (shown.format, shown.size) == ("JPEG", (900, 1200))
    assert max(Image.open(io.BytesIO(small.content)).size) == 400
    assert not dict(shown.getexif())
    assert MARK not in full.content + small.content
    assert full.headers["content-type"] == "image/jpeg"
    assert full.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in full.headers["content-security-policy"]
    seconds = int(found_in(r"max-age=(\d+)", full.headers["cache-control"]))
    assert 3500 <= seconds <= 7200


@pytest.mark.parametrize("hostile", FILES, ids=lambda one: one.name)
async def test_a_hostile_file_is_refused_or_made_harmless(
    make: Make, phone: Any, folder: Path, hostile: Hostile
) -> None:
    place = await make.community()
    mallory = phone(await make.member(place))

    data, begun = hostile.make(), time.perf_counter()
    answer = await mallory.send(data, hostile.filename, hostile.kind)

    assert time.perf_counter() - begun < 5
    if hostile.refused:
        assert answer.status in {400, 415}, answer.body
        assert answer.codes == ["BAD_REQUEST"]
        assert await make.value(place, ROWS) == 0
        assert files_of(folder, place) == set()
        return
    assert answer.status == 201, answer.body
    (image,) = (await mallory.post(answer.body["uploadId"])).payload["post"]["images"]
    for url in (image["url"], image["thumbnailUrl"]):
        found = await mallory.load(url)
        shown = Image.open(io.BytesIO(found.content))
        shown.load()
        assert (shown.format, shown.mode, found.headers["content-type"]) == (
            "JPEG",
            "RGB",
            "image/jpeg",
        )
        assert not dict(shown.getexif())
        assert set(shown.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progression",
                                   "progressive"}  # fmt: skip
        assert MARK not in found.content
        assert found.content.endswith(b"\xff\xd9")
        assert found.content.count(b"\xff\xd8\xff") == 1, "no second picture"


def test_there_are_enough_hostile_files() -> None:
    assert len({each.name for each in FILES}) >= 40
    assert sum(each.refused for each in FILES) >= 25


async def test_what_is_no_form_with_one_file_is_refused(
    make: Make, phone: Any, client: httpx.AsyncClient
) -> None:
    place = await make.community()
    wang = phone(await make.member(place))
    bearer = {"authorization": f"Bearer {wang.asker.token}"}

    two = [("file", ("a.jpg", JPEG)), ("file", ("b.jpg", JPEG))]
    forms: list[dict[str, Any]] = [
        {"files": {"picture": ("a.jpg", JPEG)}},
        {"files": two},
        {
            "content": b"--x--",
            "headers": {"content-type": "multipart/form-data; boundary=x; charset=undefined"},
        },
        {"content": b"garbage", "headers": {"content-type": "multipart/form-data; boundary=x"}},
        {"content": b"garbage", "headers": {"content-type": "multipart/form-data"}},
        {"files": {"file": ("a.jpg", JPEG)}, "data": {f"f{n}": "x" for n in range(20)}},
        {"files": {"file": ("a.jpg", JPEG)}, "data": {"long": "x" * 5000}},
    ]
    for sent in forms:
        headers = {**bearer, **sent.pop("headers", {})}
        found = await client.post("/uploads", headers=headers, **sent)
        assert (found.status_code, found.json()["errors"][0]["extensions"]["code"]) == (
            400, "BAD_REQUEST",
        ), sent  # fmt: skip
        assert found.json()["errors"][0]["extensions"]["traceId"] == found.headers["x-trace-id"]
    others: list[dict[str, Any]] = [
        {"data": {"file": "words"}},
        {"json": {"file": "words"}},
        {"content": JPEG},
    ]
    for sent in others:
        found = await client.post("/uploads", headers=bearer, **sent)
        assert found.status_code == 415
    assert (await client.get("/uploads", headers=bearer)).status_code == 405
    large = await wang.send(JPEG + bytes(MOST_BYTES))
    assert (large.status, large.codes) == (413, ["BAD_REQUEST"])

    async def drip() -> AsyncIterator[bytes]:
        head = b'--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n'
        yield head
        for _ in range(MOST_BYTES // 2**20 + 1):
            yield bytes(2**20)

    chunked = {"content-type": "multipart/form-data; boundary=x", **bearer}
    unsaid = await client.post("/uploads", content=drip(), headers=chunked)
    assert unsaid.status_code == 413
    assert await make.value(place, ROWS) == 0


async def test_members_upload_and_nobody_else(
    make: Make, phone: Any, client: httpx.AsyncClient
) -> None:
    place = await make.community()
    member = await make.member(place)
    found = await client.post("/uploads", files={"file": ("a.jpg", JPEG)})
    assert (found.status_code, found.headers["www-authenticate"]) == (401, "Bearer")
    for person, claims in (
        ((await make.applicant(place, "APPLIED")).guest, {}),
        (await make.officer(place.street_id), {"scopes": frozenset({Scope.PETITION_READ})}),
        (await make.app(place), {}),
        (member, {"scopes": frozenset({Scope.BOARD_READ})}),
    ):
        answer = await phone(person, **claims).send()
        assert (answer.status, answer.codes) == (403, ["FORBIDDEN"]), person
    stale = await phone(replace(member, version=7)).send()
    assert (stale.status, stale.codes) == (401, ["UNAUTHENTICATED"])
    assert await make.value(place, ROWS) == 0
    one = await phone(member, scopes=frozenset({Scope.PETITION_WRITE})).send()
    assert one.status == 201


async def test_an_address_opens_one_file_until_its_time(
    make: Make, phone: Any, database: Database
) -> None:
    wang = phone(await make.member(await make.community()))
    (image,) = (await wang.post(await wang.uploaded())).payload["post"]["images"]
    url, other = image["url"], image["thumbnailUrl"]
    signature = urlsplit(url).query.partition("&sig=")[2]

    again = await wang.run(
        "query ($id: ID!) { post(id: $id) { images { url } } }",
        id=(await wang.run("{ viewer { id } board(slug: \"neighbours\") { posts(first: 1) { nodes { id } } } }"))
        .data["board"]["posts"]["nodes"][0]["id"],
    )  # fmt: skip
    assert again.data["post"]["images"] == [{"url": url}], "a client may keep what it loaded"
    for wrong in (
        url.replace(signature, signature[::-1]),
        url.replace(signature, ""),
        url.replace(signature, signature.upper() if signature.upper() != signature else "0" * 32),
        url.partition("?")[0],
        f"{other.partition('?')[0]}?{urlsplit(url).query}",
        re.sub(r"until=\d+", "until=4102444800", url),
        re.sub(r"until=(\d+)", r"until=+\1", url),
        re.sub(r"until=\d+", "until=١٢", url),
        url.replace("full.jpg", "secret.txt"),
    ):
        assert (await wang.load(wrong)).status_code in {403, 404}, wrong

    path = urlsplit(url).path.removeprefix("/files/")
    until = found_in(r"until=(\d+)", url)
    ring = database.ring
    for ahead, good in ((timedelta(), True), (timedelta(hours=2, seconds=1), False)):
        signer = Signer(ring, "", lambda ahead=ahead: datetime.now(UTC) + ahead)
        assert (signer.seconds_left(path, until, signature) is not None) is good
    before = Signer(ring, "", lambda: datetime.now(UTC) - timedelta(days=1))
    assert before.seconds_left(path, until, signature) is None, "no address is that long good"


async def test_each_is_used_once_by_its_owner(make: Make, phone: Any) -> None:
    place = await make.community()
    wang, liu = phone(await make.member(place)), phone(await make.member(place))
    mine, hers = await wang.uploaded(), await liu.uploaded()
    foreign = await phone(await make.member(await make.community())).uploaded()
    taken = await wang.uploaded()
    posted = await wang.post(taken)
    assert len(posted.payload["post"]["images"]) == 1

    def written() -> Any:
        return make.value(place, "select count(*) from tenant.post")

    before = await written()
    for ids, refusal, where in (
        ([mine, hers], "NOT_FOUND", ["input", "uploadIds", "1"]),
        ([foreign], "NOT_FOUND", ["input", "uploadIds", "0"]),
        (["upl_nonsense"], "NOT_FOUND", ["input", "uploadIds", "0"]),
        (
            [posted.payload["post"]["id"]],
            "NOT_FOUND",
            ["input", "uploadIds", "0"],
        ),
        ([mine, taken], "WRONG_STATE", ["input", "uploadIds", "1"]),
        ([mine, mine], "INVALID", ["input", "uploadIds"]),
        ([mine] * 10, "TOO_LONG", ["input", "uploadIds"]),
    ):
        refused = await wang.post(*ids)
        (error,) = refused.payload["userErrors"]
        assert (refused.payload["post"], error["code"], error["path"]) == (None, refusal, where)
    assert await written() == before
    assert len((await wang.post(mine)).payload["post"]["images"]) == 1, "it is free as before"


async def test_a_repeated_call_finds_the_same_post_and_images(make: Make, phone: Any) -> None:
    place = await make.community()
    wang = phone(await make.member(place))
    first, second, third = [await wang.uploaded() for _ in range(3)]
    one = key()

    done = await wang.post(second, first, idempotencyKey=one)
    again = await wang.post(second, first, idempotencyKey=one)
    other = await wang.post(third, idempotencyKey=one)

    assert done.payload["post"] == again.payload["post"]
    order = [decode_id(each, "upl_") for each in (second, first)]
    assert [
        str(each) in image["url"]
        for each, image in zip(order, done.payload["post"]["images"], strict=True)
    ] == [True, True]
    assert other.refusals == ["IDEMPOTENCY_MISMATCH"]
    assert await make.value(place, f"{ROWS} where post_id is not null") == 2


async def test_a_letter_and_its_answer_have_images_for_who_reads_them(
    make: Make, phone: Any
) -> None:
    place = await make.community()
    wang, li = phone(await make.member(place)), phone(await make.member(place, *STAFF))
    liu, officer = phone(await make.member(place)), phone(await make.officer(place.street_id))
    category = (await wang.run("{ community { petitionCategories { id } } }")).data
    sent = await wang.do(
        "submitPetition", "petition { id images { url } }",
        kind="HELP", categoryId=category["community"]["petitionCategories"][0]["id"], title="路灯",
        body="不亮。", idempotencyKey=key(), uploadIds=[await wang.uploaded()],
    )  # fmt: skip
    petition = sent.payload["petition"]["id"]
    assert len(sent.payload["petition"]["images"]) == 1
    seen = """query ($id: ID!) { petition(id: $id) { images { url width } answer { body images { url width } }
      events { nodes { action images { url } } } } }"""

    assert (await liu.run(seen, id=petition)).data["petition"] is None
    assert (await officer.run(seen, id=petition)).data["petition"] is None
    for verb, given in (("acceptPetition", {}), ("answerPetition", {
        "body": "已修好。", "outcome": "SOLVED", "uploadIds": [await li.uploaded(encoded(photo((300, 200))))],
    })):  # fmt: skip
        assert (await li.do(verb, petitionId=petition, **given)).refusals == []
    found = (await wang.run(seen, id=petition)).data["petition"]
    assert [each["width"] for each in found["images"]] == [900]
    assert [each["width"] for each in found["answer"]["images"]] == [300]
    shown = {each["action"]: len(each["images"]) for each in found["events"]["nodes"]}
    assert shown == {"SUBMITTED": 0, "ACCEPTED": 0, "ANSWERED": 1}
    # a URL is signed again for each answer: the first picture keeps the URL of the first answer
    assert (await wang.do("reopenPetition", petitionId=petition, reason="还是不亮")).refusals == []
    for verb, given in (
        ("startPetition", {}),
        ("answerPetition", {"body": "换了灯。", "outcome": "SOLVED"}),
    ):
        await li.do(verb, petitionId=petition, **given)
    found = (await wang.run(seen, id=petition)).data["petition"]
    assert found["answer"] == {"body": "换了灯。", "images": []}
    assert [
        len(each["images"]) for each in found["events"]["nodes"] if each["action"] == "ANSWERED"
    ] == [1, 0]


async def test_those_above_see_the_images_of_what_came_to_them(make: Make, phone: Any) -> None:
    place = await make.community()
    wang, li = phone(await make.member(place)), phone(await make.member(place, *STAFF))
    officer = phone(await make.officer(place.street_id))
    away = 310113102 if place.street_id != 310113102 else 310113003
    elsewhere = phone(await make.officer(away))
    letter = await make.petition(wang.person)
    await make.image(wang.person, "petition", letter)
    petition = encode_id(letter, "pet_")
    seen = "query ($id: ID!) { petition(id: $id) { images { width } } }"

    assert (await officer.run(seen, id=petition)).data["petition"] is None
    assert (await li.do("escalatePetition", petitionId=petition, reason="管不了")).refusals == []
    assert (await officer.run(seen, id=petition)).data["petition"]["images"] == [{"width": 640}]
    assert (await elsewhere.run(seen, id=petition)).data["petition"] is None


async def test_those_above_upload_for_an_answer_of_theirs(
    make: Make, phone: Any, folder: Path
) -> None:
    place = await make.community()
    wang, li = phone(await make.member(place)), phone(await make.member(place, *STAFF))
    street, other = await make.department(place.street_id), await make.department(place.street_id)
    handler = phone(await make.officer(department=street))
    letter = await make.petition(wang.person, desk=-street.number, level="STREET", state="ACCEPTED")
    elsewhere = await make.petition(wang.person, desk=-other.number, level="STREET")
    petition, untouchable = encode_id(letter, "pet_"), encode_id(elsewhere, "pet_")

    for beside, status in (
        ({}, 400),
        ({"petitionId": "pet_nonsense"}, 400),
        ({"petitionId": encode_id(place.boards["neighbours"], "brd_")}, 400),
        ({"petitionId": untouchable}, 403),
        ({"petitionId": encode_id(wang.person.id, "pet_")}, 403),
    ):
        assert (await handler.send(beside=beside)).status == status, beside
    assert (await make.value(place, ROWS), files_of(folder, place)) == (0, set())

    hers, mine = await li.uploaded(), await handler.uploaded(petitionId=petition)
    words = {"body": "已更换。", "outcome": "SOLVED"}
    for who, ids, refusal in ((handler, [hers], "NOT_FOUND"), (handler, [mine, mine], "INVALID")):
        refused = await who.do("answerPetition", petitionId=petition, uploadIds=ids, **words)
        assert refused.refusals == [refusal]
    assert (await wang.post(mine)).refusals == ["NOT_FOUND"], "it is the handler's"
    done = await handler.do("answerPetition", petitionId=petition, uploadIds=[mine], **words)
    assert done.refusals == []

    seen = "query ($id: ID!) { petition(id: $id) { images { id } answer { images { id url } } } }"
    for reader in (wang, handler):
        found = (await reader.run(seen, id=petition)).data["petition"]
        assert (found["images"], found["answer"]["images"][0]["id"]) == ([], mine)
    assert (await wang.load(found["answer"]["images"][0]["url"])).status_code == 200
    late = await handler.send(beside={"petitionId": petition})
    assert late.status == 403, "it was answered: nothing to put it to"


async def test_what_was_asked_for_may_be_a_photo(make: Make, phone: Any) -> None:
    place = await make.community()
    wang, li = phone(await make.member(place)), phone(await make.member(place, *STAFF))
    letter = await make.petition(wang.person)
    first = encode_id(await make.image(wang.person, "petition", letter), "upl_")
    petition = encode_id(letter, "pet_")
    asked = await li.do("requestPetitionInformation", petitionId=petition, question="哪一盏灯？")
    assert asked.refusals == []

    seen = "petition { state images { id } }"
    fresh = [await wang.uploaded() for _ in range(2)]
    for ids, refusal, where in (
        ([fresh[0], "upl_nonsense"], "NOT_FOUND", ["input", "uploadIds", "1"]),
        ([first], "WRONG_STATE", ["input", "uploadIds", "0"]),
        (fresh * 5, "TOO_LONG", ["input", "uploadIds"]),
    ):
        refused = await wang.do(
            "resubmitPetition", seen, petitionId=petition, body="3号楼的。", uploadIds=ids
        )
        (error,) = refused.payload["userErrors"]
        assert (error["code"], error["path"]) == (refusal, where)
    given = await wang.do(
        "resubmitPetition", seen, petitionId=petition, body="3号楼的。", uploadIds=fresh
    )
    assert given.payload["petition"] == {
        "state": "SUBMITTED", "images": [{"id": each} for each in (first, *fresh)],
    }  # fmt: skip


async def test_an_edited_post_has_the_images_that_were_named(
    make: Make, phone: Any, folder: Path, collector: Collector
) -> None:
    place = await make.community()
    wang, liu = phone(await make.member(place)), phone(await make.member(place))
    one, two, three = [await wang.uploaded() for _ in range(3)]
    hers = (await liu.post(await liu.uploaded())).payload["post"]["images"][0]["url"]
    theirs = encode_id(UUID(hers.split("/")[-2]), "upl_")
    post = (await wang.post(one, two)).payload["post"]["id"]

    async def edited(version: int, **given: Any) -> Answer:
        words = {"title": "猫", "body": "找到了。", "expectedVersion": version}
        return await wang.do("editPost", "post { images { id } }", postId=post, **words, **given)

    def shown(answer: Answer) -> list[str]:
        return [each["id"] for each in answer.payload["post"]["images"]]

    assert shown(await edited(1)) == [one, two], "nothing was said of them"
    for ids, refusal in (
        ([two, theirs], "WRONG_STATE"),
        ([one, one], "INVALID"),
        ([one] * 10, "TOO_LONG"),
    ):
        assert (await edited(2, uploadIds=ids)).refusals == [refusal]
    assert shown(await edited(2, uploadIds=[three, one])) == [three, one]
    await collector.sweep()
    assert str(decode_id(two, "upl_")) not in files_of(folder, place)
    assert (await edited(3, uploadIds=[two])).refusals == ["NOT_FOUND"], "it was let go"
    assert shown(await edited(3, uploadIds=[])) == []
    await collector.sweep()
    assert len(files_of(folder, place)) == 1
    assert (await liu.load(hers)).status_code == 200


async def test_what_is_deleted_takes_its_images_along(
    make: Make, phone: Any, folder: Path, collector: Collector
) -> None:
    place = await make.community()
    wang, liu = phone(await make.member(place)), phone(await make.member(place))
    done = await wang.post(await wang.uploaded())
    kept = await wang.post(await wang.uploaded())
    post = done.payload["post"]["id"]
    said = await liu.do(
        "addComment", "comment { id images { url } }",
        postId=post, body="我家的", idempotencyKey=key(), uploadIds=[await liu.uploaded()],
    )  # fmt: skip
    url = said.payload["comment"]["images"][0]["url"]
    assert (await liu.load(url)).status_code == 200

    assert (await wang.do("deletePost", postId=post)).refusals == []
    await collector.sweep()
    assert (await liu.load(url)).status_code == 404
    assert (await wang.load(done.payload["post"]["images"][0]["url"])).status_code == 404
    left = kept.payload["post"]["images"][0]["url"]
    assert (await wang.load(left)).status_code == 200
    assert len(files_of(folder, place)) == await make.value(place, ROWS) == 1
    assert len(list((folder / str(place.key)).iterdir())) == 1, "no empty folder stays"


async def test_what_cannot_be_removed_is_tried_again_and_keeps_nothing_else(
    make: Make, phone: Any, folder: Path, collector: Collector
) -> None:
    place = await make.community()
    wang = phone(await make.member(place))
    stuck, other = await wang.uploaded(), await wang.uploaded()
    post = (await wang.post(stuck, other)).payload["post"]["id"]
    file = folder / str(place.key) / str(decode_id(stuck, "upl_")) / "full.jpg"
    file.unlink()
    (file / "in the way").mkdir(parents=True)

    assert (await wang.do("deletePost", postId=post)).refusals == []
    await collector.sweep()
    left = await make.rows(place, "select id from tenant.image")
    assert [row["id"] for row in left] == [decode_id(stuck, "upl_")]
    assert (await wang.post(stuck)).refusals == ["NOT_FOUND"]
    (file / "in the way").rmdir()
    file.rmdir()
    await collector.sweep()
    assert await make.value(place, ROWS) == 0


async def test_a_storage_that_does_not_answer_is_said_to_be_busy(
    make: Make, phone: Any, folder: Path
) -> None:
    place = await make.community()
    wang = phone(await make.member(place))
    url = (await wang.post(await wang.uploaded())).payload["post"]["images"][0]["url"]
    there = folder / str(place.key)
    there.rename(away := folder / f"{place.key}-away")
    there.write_text("a file where a folder should be")
    try:
        refused = await wang.send()
        assert (refused.status, refused.codes) == (503, ["TIMEOUT"])
        assert (await wang.load(url)).status_code in {404, 503}
    finally:
        there.unlink()
        away.rename(there)
    assert (await wang.load(url)).status_code == 200


async def test_a_storage_that_is_gone_is_said_to_be_busy(
    make: Make, phone: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the bucket is gone, every request gets "not found", even a write."""
    wang = phone(await make.member(await make.community()))

    async def gone(*_: Any) -> None:
        raise FileNotFoundError("NoSuchBucket")

    with monkeypatch.context() as patched:
        patched.setattr(obstore, "put_async", gone)
        refused = await wang.send()
    assert (refused.status, refused.codes) == (503, ["TIMEOUT"])
    assert int(refused.headers["retry-after"]) > 0
    assert (await wang.send()).status == 201


async def test_a_long_picture_is_kept_as_it_is(make: Make, phone: Any) -> None:
    wang = phone(await make.member(await make.community()))
    long = encoded(Image.new("L", (1080, 12000), 128))
    (image,) = (await wang.post(await wang.uploaded(long))).payload["post"]["images"]
    assert (image["width"], image["height"]) == (1080, 12000)
    found = await wang.load(image["url"])
    assert Image.open(io.BytesIO(found.content)).size == (1080, 12000)


async def test_a_kind_that_is_not_taken_is_told_which_are(make: Make, phone: Any) -> None:
    place = await make.community()
    wang = phone(await make.member(place))
    refused = await wang.send(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(99))
    assert (refused.status, refused.codes) == (415, ["BAD_REQUEST"])
    assert refused.body["errors"][0]["message"] == (
        "不支持 HEIC，请上传 JPEG、PNG 或 WebP。HEIC is not taken: send JPEG, PNG or WebP."
    )
    assert await make.value(place, ROWS) == 0


async def test_a_film_behind_a_photo_counts_to_what_may_be_sent(make: Make, phone: Any) -> None:
    wang = phone(await make.member(await make.community()))
    film = b"ftypmp42" + Random(2).randbytes(6 << 20)
    assert film.count(b"\xff\xda") > 50
    assert (await wang.send(JPEG + film)).status == 201
    refused = await wang.send(JPEG + film + film)
    assert (refused.status, refused.codes) == (413, ["BAD_REQUEST"])


async def test_a_deleted_comment_shows_no_image_in_the_empty_place(make: Make, phone: Any) -> None:
    place = await make.community()
    wang = phone(await make.member(place))
    post = await make.post(wang.person)
    comment = await make.comment(wang.person, post)
    await make.image(wang.person, "comment", comment)
    await make.comment(wang.person, post, parent_id=comment)
    seen = "query ($id: ID!) { node(id: $id) { ... on Comment { body images { width } } } }"

    assert (await wang.run(seen, id=cmt(comment))).data["node"]["images"] == [{"width": 640}]
    assert (await wang.do("deleteComment", commentId=cmt(comment))).refusals == []
    assert (await wang.run(seen, id=cmt(comment))).data["node"] == {"body": None, "images": []}


async def test_who_is_erased_is_in_no_picture(
    make: Make, phone: Any, folder: Path, collector: Collector
) -> None:
    place = await make.community()
    wang, liu = phone(await make.member(place)), phone(await make.member(place))
    post = (await wang.post(await wang.uploaded())).payload["post"]
    await wang.uploaded()
    hers = (await liu.post(await liu.uploaded())).payload["post"]

    export = await wang.do("exportMyData", "data", confirm=True)
    assert export.payload["data"].count('"owner_id"') == 2
    assert (await wang.do("eraseMe", "done", confirm=True)).payload["done"] is True
    seen = "query ($id: ID!) { post(id: $id) { title images { url } } }"
    assert (await liu.run(seen, id=post["id"])).data["post"] == {"title": "楼下的猫", "images": []}
    await collector.sweep()
    assert (await liu.load(post["images"][0]["url"])).status_code == 404
    assert (await liu.load(hers["images"][0]["url"])).status_code == 200
    assert len(files_of(folder, place)) == 1


async def test_what_nobody_used_within_a_day_is_collected(
    make: Make, phone: Any, app: Any, collector: Collector
) -> None:
    place = await make.community()
    wang = phone(await make.member(place))
    fresh = await wang.uploaded()
    long_ago = datetime.now(UTC) - timedelta(days=1, minutes=1)
    old = await make.image(wang.person, at=long_ago)
    shown = await make.image(wang.person, "post", await make.post(wang.person), at=long_ago)
    await app.state.house.files.put(place.key, old, b"1", b"2")

    await collector.sweep()
    left = await make.rows(place, "select id from tenant.image")
    assert {row["id"] for row in left} == {decode_id(fresh, "upl_"), shown}
    assert await app.state.house.files.get(f"{place.key}/{old}/full.jpg") is None
    assert (await wang.post(encode_id(old, "upl_"))).refusals == ["NOT_FOUND"]
    assert (await wang.post(fresh)).refusals == []


async def test_a_member_uploads_so_many_a_day(make: Make, phone: Any, folder: Path) -> None:
    place = await make.community()
    wang, liu = phone(await make.member(place)), phone(await make.member(place))
    yesterday = datetime.now(UTC) - timedelta(days=1, minutes=1)
    await make.image(wang.person, at=yesterday)
    for _ in range(MOST_A_DAY - 1):
        await make.image(wang.person)

    assert (await wang.send()).status == 201
    before = files_of(folder, place)
    refused = await wang.send(b"nobody decodes this")
    assert (refused.status, refused.codes) == (429, ["RATE_LIMITED"])
    assert int(refused.headers["retry-after"]) > 0
    assert await make.value(place, ROWS) == MOST_A_DAY + 1
    assert files_of(folder, place) == before
    assert (await liu.send()).status == 201


async def test_a_person_uploads_so_many_at_once(
    make: Make, settings: Settings, database: Database
) -> None:
    assert database
    few = replace(settings.limits, uploads=Bucket(2, 0.001))
    place = await make.community()
    wang, liu = await make.member(place), await make.member(place)
    application = create_app(replace(settings, limits=few))
    async with application.router.lifespan_context(application):
        transport = httpx.ASGITransport(app=application)
        async with httpx.AsyncClient(transport=transport, base_url="http://linli.test") as client:
            sign_in = SignIn(client, application)
            asker, other = Phone(client, sign_in(wang)), Phone(client, sign_in(liu))
            assert [(await asker.send()).status for _ in range(3)] == [201, 201, 429]
            assert (await other.send()).status == 201


async def test_neighbours_see_an_image_with_the_words_it_belongs_to(make: Make, phone: Any) -> None:
    place, next_door = await make.community(), await make.community()
    wang, liu = phone(await make.member(place)), phone(await make.member(place))
    stranger: Person = await make.member(next_door)
    held = await make.post(wang.person, state="HELD")
    await make.image(wang.person, "post", held)
    seen = "query ($id: ID!) { post(id: $id) { images { width } } }"
    found = {
        name: (await asker.run(seen, id=pst(held))).data["post"]
        for name, asker in (("author", wang), ("neighbour", liu), ("stranger", phone(stranger)))
    }
    assert found == {"author": {"images": [{"width": 640}]}, "neighbour": None, "stranger": None}
