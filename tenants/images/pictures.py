"""What somebody uploads, made harmless: decoded by what it is, and written anew from its pixels.

Nothing of the file is kept but colours, in sRGB: no EXIF (where it was taken, by which phone), no
profile, no comment, no second file behind the first.
"""

import warnings
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from math import sqrt
from typing import IO

from PIL import Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile

from tenants.images import kinds, webp
from tenants.images.colours import in_srgb
from tenants.images.jpeg import first_image
from tenants.images.tables import LONGEST_SIDE, MOST_PIXELS

# What a phone's camera or screen makes. A JPEG of one scan can be decoded at a fraction of its size, so
# it may be larger than what is decoded; of one in several scans, and of a WebP, more is held meanwhile.
_MOST_DECODED = 32_000_000
_MOST_OF_ONE_SCAN = 50_000_000
_MOST_OF_OTHERS = 16_000_000
# Cameras write ten scans; each is a pass over all pixels, however few bytes it takes.
_MOST_SCANS = 50
_QUALITY = 85

_TAKEN = ("JPEG、PNG 或 WebP", "JPEG, PNG or WebP")

# Pillow would warn of sizes by its own measure; ours, below, refuses before a pixel is decoded.
Image.MAX_IMAGE_PIXELS = None


class NotAnImage(Exception):
    """It cannot be shown; the message says why."""


@dataclass(frozen=True)
class Picture:
    """Two JPEGs of the same: as large as a screen, and as a list shows it. Pixels of the larger."""

    full: bytes
    thumbnail: bytes
    width: int
    height: int


@dataclass(frozen=True)
class _Bounds:
    """A picture fits where its long side does. A long one may be longer, up to a number of pixels:
    it stays legible while its short side is kept.
    """

    long: int
    short: int
    pixels: int

    def fit(self, width: int, height: int) -> tuple[int, int]:
        """Give the size at which a picture is shown; never larger than it is."""
        short, long = sorted((width, height))
        legible = min(self.short / short, sqrt(self.pixels / (width * height)))
        scale = min(1, max(self.long / long, legible), _LONGEST_JPEG / long)
        return max(1, int(width * scale + 1e-6)), max(1, int(height * scale + 1e-6))


_LONGEST_JPEG = 65_500  # what libjpeg writes
_FULL = _Bounds(LONGEST_SIDE, 1080, MOST_PIXELS)
_THUMBNAIL = _Bounds(400, 200, 640_000)


def made_harmless(file: IO[bytes]) -> Picture:
    """Decode an upload and encode it anew; raises NotAnImage. Takes long: call it beside the loop."""
    data = file.read()
    kind = kinds.kind_of(data)
    if kind is not None and kind not in kinds.TAKEN:
        raise NotAnImage(
            f"不支持 {kind}，请上传 {_TAKEN[0]}。{kind} is not taken: send {_TAKEN[1]}."
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a decoder that makes do with what is broken
            return _made(data, kind)
    except NotAnImage:
        raise
    except Exception as error:  # whatever a decoder makes of a stranger's bytes
        raise NotAnImage(
            f"图片无法读取，请上传 {_TAKEN[0]}。The image cannot be read: send {_TAKEN[1]}."
        ) from error


def _made(data: bytes, kind: str | None) -> Picture:
    readings, opened, most = [data], partial(Image.open, formats=("PNG",)), _MOST_DECODED
    if kind == kinds.WEBP:
        readings, opened = webp.readings(data), partial(Image.open, formats=("WEBP",))
        most = _MOST_OF_OTHERS
    if kind == kinds.JPEG:
        jpeg = first_image(data)
        if jpeg.scans > _MOST_SCANS:
            raise NotAnImage("图片无法读取。The image has too many scans.")
        # what Pillow makes of several pictures in one file (MPO) is left out
        readings, opened = jpeg.readings(), JpegImageFile
        most = _MOST_OF_ONE_SCAN if jpeg.scans == 1 else _MOST_OF_OTHERS
    pictures = {_picture(opened(BytesIO(each)), most) for each in readings}
    if len(pictures) > 1:
        raise NotAnImage("图片不完整，请重新上传。The image is incomplete: send it again.")
    return pictures.pop()


def _picture(found: Image.Image, most: int) -> Picture:
    with found:
        if found.width * found.height > most:
            raise NotAnImage(
                f"图片过大，至多 {most // 10**4} 万像素。At most {most // 10**6} million pixels."
            )
        size = _FULL.fit(*found.size)
        if isinstance(found, JpegImageFile):
            size = _read_smaller(found, size)
        full = _upright(_plain(_resized(_smooth(found), size)))
    small = _resized(full, _THUMBNAIL.fit(*full.size))
    return Picture(_encoded(full), _encoded(small), *full.size)


def _read_smaller(jpeg: JpegImageFile, size: tuple[int, int]) -> tuple[int, int]:
    """Have it decoded at half, a quarter or an eighth where that is enough, or where it is too large.

    Gives the size that it can be shown at: `size`, or what little is decoded.
    """
    width, height = jpeg.size
    for by in (8, 4, 2):
        is_enough = width >= by * size[0] and height >= by * size[1]
        if is_enough or width * height * 4 // by**2 > _MOST_DECODED:
            jpeg.draft(None, (max(1, width // by), max(1, height // by)))
            break
    return min(size, jpeg.size)


def _smooth(image: Image.Image) -> Image.Image:
    """Give it in a mode in which pixels can be mixed: L, LA, RGB, RGBA or CMYK."""
    if image.mode.startswith("I"):  # 16 bits of grey
        image = image.point(lambda value: value / 256).convert("L")
        image.info.pop("transparency", None)
    is_clear = "A" in image.getbands() or "transparency" in image.info
    is_grey = image.mode in {"1", "L", "LA"}
    if image.mode == "CMYK":
        return image
    mode = ("L" if is_grey else "RGB") + ("A" if is_clear else "")
    return image if image.mode == mode else image.convert(mode)


def _resized(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    if image.size == size:
        return image
    return image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2)


def _plain(image: Image.Image) -> Image.Image:
    """Give the colours alone, on white where they are transparent, and which way up they are."""
    profile = image.info.get("icc_profile")
    if "A" in image.getbands():
        layer = in_srgb(image.convert(image.mode.removesuffix("A")), profile)
        plain = Image.new("RGB", image.size, "white")
        plain.paste(layer, mask=image.getchannel("A"))
    else:
        plain = in_srgb(image, profile)
    plain.info = image.info
    return plain


def _upright(image: Image.Image) -> Image.Image:
    """Turn it the way its EXIF says it was taken; one that cannot be read says nothing."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # noqa: BLE001 # whatever Pillow makes of a stranger's bytes
        return image


def _encoded(image: Image.Image) -> bytes:
    to = BytesIO()
    image.info = {}
    image.save(to, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return to.getvalue()
