"""Make an upload harmless: decode it by its content, and encode its pixels again.

Only the colours of the file are kept, in sRGB: no EXIF (place, phone model), no profile, no
comment, no second file appended to the first.
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

# Sizes that a phone's camera or screen produces. A JPEG of one scan can be decoded at a fraction of
# its size, so it may be larger than the decoded picture; a JPEG of several scans or a WebP needs
# more memory while it is decoded.
_MOST_DECODED = 32_000_000
_MOST_OF_ONE_SCAN = 50_000_000
_MOST_OF_OTHERS = 16_000_000
# Cameras write ten scans; each is a pass over all pixels, however few bytes it has.
_MOST_SCANS = 50
_QUALITY = 85

_TAKEN = ("JPEG、PNG 或 WebP", "JPEG, PNG or WebP")

# Pillow would warn by its own limit; ours, below, rejects a picture before a pixel is decoded.
Image.MAX_IMAGE_PIXELS = None


class NotAnImage(Exception):
    """The file cannot be shown; the message says why."""


@dataclass(frozen=True)
class Picture:
    """It holds two JPEGs of one picture: screen size and list size. `width` and `height` are the larger's."""

    full: bytes
    thumbnail: bytes
    width: int
    height: int


@dataclass(frozen=True)
class _Bounds:
    """It limits a picture's size: its long side, or a number of pixels.

    A picture with a long format may exceed the long side, up to the number of pixels: it stays
    legible while its short side is kept.
    """

    long: int
    short: int
    pixels: int

    def fit(self, width: int, height: int) -> tuple[int, int]:
        """Return the size at which a picture is shown; never larger than it is."""
        short, long = sorted((width, height))
        legible = min(self.short / short, sqrt(self.pixels / (width * height)))
        scale = min(1, max(self.long / long, legible), _LONGEST_JPEG / long)
        return max(1, int(width * scale + 1e-6)), max(1, int(height * scale + 1e-6))


_LONGEST_JPEG = 65_500  # the most that libjpeg writes
_FULL = _Bounds(LONGEST_SIDE, 1080, MOST_PIXELS)
_THUMBNAIL = _Bounds(400, 200, 640_000)


def made_harmless(file: IO[bytes]) -> Picture:
    """Decode an upload and encode it again; raise NotAnImage.

    It is slow: call it outside the event loop.
    """
    data = file.read()
    kind = kinds.kind_of(data)
    if kind is not None and kind not in kinds.TAKEN:
        raise NotAnImage(
            f"不支持 {kind}，请上传 {_TAKEN[0]}。{kind} is not taken: send {_TAKEN[1]}."
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # from a decoder that tolerates broken input
            return _made(data, kind)
    except NotAnImage:
        raise
    except Exception as error:  # a decoder may raise anything on untrusted bytes
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
        # JpegImageFile, because Image.open would read several pictures in one file (MPO)
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
    """Decode at a half, quarter or eighth if that is large enough, or if the picture is too large.

    Return the size at which it can be shown: `size`, or the smaller decoded size.
    """
    width, height = jpeg.size
    for by in (8, 4, 2):
        is_enough = width >= by * size[0] and height >= by * size[1]
        if is_enough or width * height * 4 // by**2 > _MOST_DECODED:
            jpeg.draft(None, (max(1, width // by), max(1, height // by)))
            break
    return min(size, jpeg.size)


def _smooth(image: Image.Image) -> Image.Image:
    """Convert to a mode in which pixels can be mixed: L, LA, RGB, RGBA or CMYK."""
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
    """Return the colours alone, on white where transparent; keep the EXIF orientation."""
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
    """Rotate the picture as its EXIF says; ignore EXIF that cannot be read."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # noqa: BLE001 # Pillow may raise anything on untrusted bytes
        return image


def _encoded(image: Image.Image) -> bytes:
    to = BytesIO()
    image.info = {}
    image.save(to, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return to.getvalue()
