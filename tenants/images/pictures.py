"""What somebody uploads, made harmless: decoded by what it is, and written anew from its pixels.

Nothing of the file is kept but colours: no EXIF (where it was taken, by which phone), no profile, no
comment, no second file behind the first.
"""

import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from PIL import Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile

from tenants.images.tables import LONGEST_SIDE

# What a phone's camera makes. A JPEG of one pass is decoded at a fraction of its size, so it may be
# larger; of one that comes in several, all is held until the last.
_MOST_PIXELS, _MOST_PIXELS_JPEG = 16_000_000, 50_000_000
_FORMATS = ("JPEG", "PNG", "WEBP")
_THUMBNAIL_SIDE = 400
_QUALITY = 85
# Cameras write ten scans; each is a pass over all pixels, however few bytes it takes.
_MOST_SCANS = 50
_SCAN = b"\xff\xda"

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


def made_harmless(file: IO[bytes]) -> Picture:
    """Decode an upload and encode it anew; raises NotAnImage. Takes long: call it beside the loop."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a decoder that makes do with what is broken
            return _made(file)
    except NotAnImage:
        raise
    except Exception as error:  # whatever a decoder makes of a stranger's bytes
        raise NotAnImage("图片无法读取。The image cannot be read.") from error


def _made(file: IO[bytes]) -> Picture:
    with Image.open(file, formats=_FORMATS) as found:
        # several JPEGs in one file, as some phones write them (MPO), are the first of them
        is_jpeg = isinstance(found, JpegImageFile)
        is_one_pass = is_jpeg and not found.info.get("progressive")
        _refuse_vast(found, _MOST_PIXELS_JPEG if is_one_pass else _MOST_PIXELS)
        if is_jpeg:
            _refuse_scans(file)
            found.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        found.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        full = _plain(ImageOps.exif_transpose(found))
    small = full.copy()
    small.thumbnail((_THUMBNAIL_SIDE, _THUMBNAIL_SIDE))
    return Picture(_encoded(full), _encoded(small), *full.size)


def _refuse_vast(image: Image.Image, most: int) -> None:
    if image.width * image.height > most:
        raise NotAnImage(
            f"图片过大，至多 {most // 10**6} 百万像素。At most {most // 10**6} million pixels."
        )


def _refuse_scans(file: IO[bytes]) -> None:
    at = file.tell()
    file.seek(0)
    # in what is coded, FF is followed by 00: the marker stands for nothing else
    scans = file.read().count(_SCAN)
    file.seek(at)
    if scans > _MOST_SCANS:
        raise NotAnImage("图片无法读取。The image has too many scans.")


def _plain(image: Image.Image) -> Image.Image:
    """Give the pixels alone, in RGB, on white where they are transparent."""
    if image.mode.startswith("I"):  # 16 bits of grey
        image = image.point(lambda value: value / 256).convert("L")
    plain = Image.new("RGB", image.size, "white")
    if "A" in image.getbands() or "transparency" in image.info:
        layers = image.convert("RGBA")
        plain.paste(layers, mask=layers)
    else:
        plain.paste(image.convert("RGB"))
    return plain


def _encoded(image: Image.Image) -> bytes:
    to = BytesIO()
    image.save(to, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return to.getvalue()
