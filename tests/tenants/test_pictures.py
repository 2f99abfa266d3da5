"""Test how an image is converted: its colours, its size, and the bytes that are kept."""

import io
import struct
import time
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from PIL import Image

from tenants.images.jpeg import first_image
from tenants.images.pictures import NotAnImage, Picture, made_harmless
from tests import profiles
from tests.api.hostile_files import MARK, encoded, photo

FORMS = ("JPEG", "PNG", "WEBP")


def made(data: bytes) -> Picture:
    """Convert a file."""
    return made_harmless(io.BytesIO(data))


def shown(data: bytes) -> Image.Image:
    """Return the picture that people see."""
    return Image.open(io.BytesIO(made(data).full))


def refusal(data: bytes) -> str:
    """Return why a file is refused."""
    with pytest.raises(NotAnImage) as refused:
        made(data)
    return str(refused.value)


# Files with more data after the picture.


@pytest.mark.parametrize("mebibytes", [4, 6])
@pytest.mark.parametrize("options", [{}, {"progressive": True}], ids=["one scan", "progressive"])
def test_a_motion_photo_is_its_picture(mebibytes: int, options: dict[str, Any]) -> None:
    picture = encoded(photo((800, 600)), **options)
    film = b"\x00\x00\x00\x18ftypmp42" + Random(mebibytes).randbytes(mebibytes << 20)
    assert film.count(b"\xff\xda") > 50

    assert made(picture + film) == made(picture)


def test_scans_are_counted_in_the_first_picture_alone() -> None:
    small = encoded(photo((160, 120)), progressive=True)
    within = encoded(photo(), exif=b"Exif\x00\x00" + small * 3)
    assert first_image(within).scans == 1
    assert first_image(small).scans == 10
    assert first_image(small + small).scans == 10
    assert first_image(within + small) == first_image(within)


@pytest.mark.parametrize("scans", [49, 50, 51])
def test_a_picture_has_at_most_fifty_scans(scans: int) -> None:
    data = encoded(photo((64, 64)), progressive=True)
    last = data.rindex(b"\xff\xda")
    many = data[:-2] + data[last:-2] * (scans - 10) + data[-2:]
    assert first_image(many).scans == scans

    for file in (many, many + b"ftypmp42"):
        if scans > 50:
            assert "too many scans" in refusal(file)
        else:
            assert made(file).width == 64


@pytest.mark.parametrize("form", FORMS)
def test_what_is_behind_a_picture_is_left_out(form: str) -> None:
    picture = encoded(photo(), form)
    for behind in (
        MARK,
        b"\xff\xd9" * 9,
        encoded(photo(seed=2), form),
        Random(1).randbytes(1 << 20),
    ):
        assert made(picture + behind) == made(picture)


def test_of_several_pictures_in_one_file_the_first_is_taken() -> None:
    several = encoded(photo(), "MPO", save_all=True, append_images=[photo(seed=2)])
    assert first_image(several).data.count(b"\xff\xda") == 1
    assert made(several) == made(encoded(photo(), quality=75))


def test_a_head_without_end_is_not_walked() -> None:
    data = encoded(photo())
    begun = time.perf_counter()
    assert "cannot be read" in refusal(data[:2] + b"\xff\xfe\x00\x02" * 2_000_000 + data[2:])
    assert time.perf_counter() - begun < 2


# Colours.


def pixel(image: Image.Image, at: int) -> tuple[int, ...]:
    """Return the colour of a pixel on the diagonal."""
    found = image.getpixel((at, at))
    assert isinstance(found, tuple)
    return found


def colour(image: Image.Image, form: str, profile: bytes | None) -> tuple[int, ...]:
    """Return the colour that a flat picture with this profile is shown in."""
    found = shown(encoded(image, form, icc_profile=profile))
    assert "icc_profile" not in found.info
    return pixel(found, 20)


def near(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Return whether two colours look the same."""
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= 2


RED = Image.new("RGB", (40, 40), (200, 60, 60))
SWAPPED = (profiles.SRGB[1], profiles.SRGB[0], profiles.SRGB[2])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("profile", "seen"),
    [
        (profiles.rgb(profiles.ADOBE, profiles.gamma(563 / 256)), (231, 57, 57)),
        (profiles.rgb(profiles.ECI, profiles.like_lightness()), (231, 47, 45)),
        (profiles.rgb(SWAPPED, profiles.like_srgb()), (60, 200, 60)),
        (profiles.rgb(profiles.P3, profiles.like_srgb()), (217, 42, 52)),
        (profiles.rgb(profiles.SRGB, profiles.like_srgb()), (200, 60, 60)),
        (None, (200, 60, 60)),
    ],
    ids=["Adobe RGB", "ECI RGB", "red and green swapped", "Display P3", "sRGB", "none"],
)
def test_colours_are_what_the_profile_says(
    form: str, profile: bytes | None, seen: tuple[int, ...]
) -> None:
    assert near(colour(RED, form, profile), seen)


def test_clear_and_indexed_pictures_have_profiles_too() -> None:
    adobe = profiles.rgb(profiles.ADOBE, profiles.gamma(563 / 256))
    assert near(colour(RED.quantize(4), "PNG", adobe), (231, 57, 57))
    half = Image.new("RGBA", (40, 40), (200, 60, 60, 128))
    for form in ("PNG", "WEBP"):
        assert near(colour(half, form, adobe), (243, 156, 156)), "half of it on white"


def test_grey_and_printed_pictures_have_profiles_too() -> None:
    linear = profiles.grey(profiles.gamma(1))
    for image, form in (
        (Image.new("L", (40, 40), 128), "JPEG"),
        (Image.new("L", (40, 40), 128), "PNG"),
        (Image.new("I;16", (40, 40), 128 * 257), "PNG"),
    ):
        assert near(colour(image, form, linear), (188, 188, 188))
        assert near(colour(image, form, None), (128, 128, 128))
    # node 8 of the table is full cyan
    press = profiles.inks({8: (128, 128, 128)})
    cyan, paper = (Image.new("CMYK", (40, 40), (ink, 0, 0, 0)) for ink in (255, 0))
    assert near(colour(cyan, "JPEG", press), (119, 119, 119))
    assert near(colour(cyan, "JPEG", None), (0, 255, 255))
    assert near(colour(paper, "JPEG", press), (255, 255, 255))


def _steps() -> bytes:
    """Return a profile element with 20,000 steps for each colour."""
    step = b"matf" + bytes(4) + struct.pack(">HH", 3, 3) + struct.pack(">12f", *[1, 0, 0] * 4)
    count, head = 20_000, 16 + 8 * 20_000
    index = b"".join(struct.pack(">II", head + at * len(step), len(step)) for at in range(count))
    return b"mpet" + bytes(4) + struct.pack(">HHI", 3, 3, count) + index + step * count


SWAP = profiles.rgb(SWAPPED, profiles.like_srgb())


@pytest.mark.parametrize(
    "profile",
    [
        b"no profile",
        MARK * 10_000,
        SWAP[:300],
        SWAP[:128] + b"\xff\xff\xff\xff" + SWAP[132:],
        SWAP + bytes(5 << 20),
        profiles.rgb(SWAPPED, profiles.like_srgb(), D2B0=_steps(), D2B1=_steps()),
        profiles.grey(profiles.gamma(1)),
        profiles.inks({}, 255, cut=True),
        profiles.profile(b"RGB ", {}),
        profiles.profile(b"RGB ", {"A2B0": b"mft1" + bytes(4) + bytes([3, 3, 255, 0])}),
        profiles.profile(b"RGB ", {}, device=b"link"),
        profiles.profile(b"nope", {}),
    ],
    ids=["a text", "a long text", "half", "tags without end", "huge", "a long program", "grey",
         "a table that is not there", "empty", "a table cut off", "a link", "no space"],
)  # fmt: skip
def test_a_profile_of_no_use_is_left_out(profile: bytes) -> None:
    begun = time.perf_counter()
    assert near(colour(RED, "JPEG", profile), (200, 60, 60))
    assert time.perf_counter() - begun < 2


def test_a_table_that_is_not_there_is_no_press() -> None:
    cyan = Image.new("CMYK", (40, 40), (255, 0, 0, 0))
    begun = time.perf_counter()
    assert near(colour(cyan, "JPEG", profiles.inks({}, 255, cut=True)), (0, 255, 255))
    assert time.perf_counter() - begun < 2


# Sizes.


@pytest.mark.parametrize(
    ("size", "full", "thumbnail"),
    [
        ((1080, 12000), (1080, 12000), (200, 2222)),
        ((5000, 500), (5000, 500), (2000, 200)),
        ((1080, 2400), (1080, 2400), (200, 444)),
        ((1440, 4000), (1080, 3000), (200, 555)),
        ((1440, 20000), (1073, 14907), (200, 2778)),
        ((4000, 3000), (2048, 1536), (400, 300)),
        ((300, 400), (300, 400), (300, 400)),
        ((3, 9000), (3, 9000), (3, 9000)),
        ((5000, 5000), (2048, 2048), (400, 400)),
    ],
)
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_long_picture_stays_legible(
    size: tuple[int, int], full: tuple[int, int], thumbnail: tuple[int, int], form: str
) -> None:
    options = {"compress_level": 1} if form == "PNG" else {}
    picture = made(encoded(Image.new("L", size, 128), form, **options))
    assert (picture.width, picture.height) == full
    assert Image.open(io.BytesIO(picture.full)).size == full
    assert Image.open(io.BytesIO(picture.thumbnail)).size == thumbnail
    assert picture.width * picture.height <= 16_000_000


def test_a_screenshot_of_few_colours_is_made_smaller_smoothly() -> None:
    stripes = Image.new("P", (4096, 4096))
    stripes.putpalette([255, 255, 255, 0, 0, 0])
    stripes.frombytes(b"\x00\x01" * (2048 * 4096))
    found = shown(encoded(stripes, "PNG"))
    assert 100 < pixel(found, 1000)[0] < 155, "black and white side by side are grey"


@pytest.mark.parametrize(
    ("make", "million"),
    [
        (lambda: encoded(Image.new("L", (7000, 7200))), 50),
        (lambda: encoded(Image.new("L", (4000, 4100)), progressive=True), 16),
        (lambda: encoded(Image.new("L", (5700, 5700)), "PNG"), 32),
        (lambda: encoded(Image.new("L", (4000, 4100)), "WEBP", method=0), 16),
    ],
    ids=["JPEG", "progressive", "PNG", "WebP"],
)
def test_a_picture_of_too_many_pixels_is_refused(make: Callable[[], bytes], million: int) -> None:
    assert refusal(make()) == (
        f"图片过大，至多 {million * 100} 万像素。At most {million} million pixels."
    )


# Kinds.

BOXED = b"\x00\x00\x00\x1cftyp%s\x00\x00\x00\x00%s%s" + bytes(99)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (BOXED % (b"heic", b"mif1", b"heic"), "HEIC"),
        (BOXED % (b"mif1", b"mif1", b"heic"), "HEIC"),
        (BOXED % (b"mif1", b"mif1", b"avif"), "AVIF"),
        (encoded(photo((64, 64)), "AVIF"), "AVIF"),
        (BOXED % (b"mp42", b"mp42", b"isom"), "视频 (video)"),
        (BOXED % (b"qt  ", b"qt  ", b"qt  "), "视频 (video)"),
        (b"\x1a\x45\xdf\xa3" + bytes(99), "视频 (video)"),
        (b"RIFF\x00\x00\x00\x00AVI LIST" + bytes(99), "视频 (video)"),
        (encoded(photo((64, 64)), "TIFF"), "TIFF"),
        (b"MM\x00*" + bytes(99), "TIFF"),
        (b"%PDF-1.7\n", "PDF"),
        (encoded(photo((64, 64)), "GIF"), "GIF"),
        (encoded(photo((64, 64)), "BMP"), "BMP"),
        (encoded(photo((64, 64)), "JPEG2000"), "JPEG 2000"),
    ],
)
def test_what_is_not_taken_is_named_with_what_is(data: bytes, kind: str) -> None:
    assert refusal(data) == (
        f"不支持 {kind}，请上传 JPEG、PNG 或 WebP。{kind} is not taken: send JPEG, PNG or WebP."
    )


@pytest.mark.parametrize("data", [b"", b"\xff", b"words", b"xxxxxxxxWEBP", b"RIFFxxxxWAVE"])
def test_what_is_not_known_is_told_what_is_taken(data: bytes) -> None:
    assert refusal(data) == (
        "图片无法读取，请上传 JPEG、PNG 或 WebP。The image cannot be read: send JPEG, PNG or WebP."
    )


# Files without their end.


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_rows": 1}])
@pytest.mark.parametrize("size", [(640, 480), (333, 217), (2100, 1600)])
def test_a_jpeg_that_lacks_its_end_alone_is_taken(
    size: tuple[int, int], options: dict[str, Any]
) -> None:
    data = encoded(photo(size), **options)
    for missing in (1, 2):
        assert made(data[:-missing]) == made(data)


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_rows": 1}])
@pytest.mark.parametrize("missing", [20, 200, 3000])
def test_a_jpeg_that_lacks_rows_is_refused(missing: int, options: dict[str, Any]) -> None:
    data = encoded(photo(), **options)
    assert refusal(data[:-missing]) == (
        "图片不完整，请重新上传。The image is incomplete: send it again."
    )


def test_the_other_kinds_may_lack_what_is_behind_their_pixels() -> None:
    png, webp = encoded(photo(), "PNG"), encoded(photo((641, 480)), "WEBP")
    for missing in (2, 12):
        assert made(png[:-missing]) == made(png)
    # the picture, and behind it a text, half of which is missing
    extended = encoded(photo((641, 480)), "WEBP", xmp=b"<x:xmpmeta/>" * 10)
    assert made(extended[:-50]) == made(webp)
    for data in (png[:-100], png[:-3000], webp[:-100], webp[:-3000]):
        assert "send" in refusal(data)
