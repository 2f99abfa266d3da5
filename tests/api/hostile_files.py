"""Hostile files that a user might upload; each is made here from bytes and Pillow only."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

MARK = b"LINLI-HOSTILE"  # everything that must be removed from an image follows this mark
SCRIPT = b"<script>alert('" + MARK + b"')</script>"


@dataclass(frozen=True)
class Hostile:
    """It is one file, its name and media type, and whether it is refused or made harmless."""

    name: str
    make: Callable[[], bytes]
    refused: bool
    filename: str = "photo.jpg"
    kind: str = "image/jpeg"


def photo(size: tuple[int, int] = (640, 480), mode: str = "RGB", seed: int = 1) -> Image.Image:
    """Return a picture of noise, which no encoder can compress to nothing."""
    noise = Random(seed).randbytes(32 * 24)
    return Image.frombytes("L", (32, 24), noise).resize(size).convert(mode)


def encoded(image: Image.Image, form: str = "JPEG", **options: Any) -> bytes:
    """Return the bytes of a picture in this format."""
    to = io.BytesIO()
    image.save(to, form, **options)
    return to.getvalue()


def located() -> Image.Exif:
    """Return EXIF data as a phone writes it: location, rotation and device."""
    exif = Image.Exif()
    exif[0x0112] = 6  # Orientation: a quarter turn
    exif[0x010F] = MARK.decode()  # Make
    gps = exif.get_ifd(0x8825)
    gps.update({1: "N", 2: (31.0, 24.0, 0.0), 3: "E", 4: (121.0, 29.0, 0.0), 29: MARK.decode()})
    return exif


def _chunk(kind: bytes, data: bytes, *, checked: bool = True) -> bytes:
    check = zlib.crc32(kind + data) if checked else 0
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)


def _png(width: int, height: int, data: bytes = b"", *more: bytes, depth: int = 8) -> bytes:
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0))
    body = _chunk(b"IDAT", data or zlib.compress(b"\x00" * 1000))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + body + _chunk(b"IEND", b"")


def _zip() -> bytes:
    to = io.BytesIO()
    with zipfile.ZipFile(to, "w") as archive:
        archive.writestr("Evil.class", MARK)
    return to.getvalue()


def _after_start(jpeg: bytes, marker: int, data: bytes) -> bytes:
    return jpeg[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data + jpeg[2:]


def _many_scans() -> bytes:
    jpeg = encoded(photo((64, 64)), progressive=True)
    last = jpeg.rindex(b"\xff\xda")
    return jpeg[:last] + jpeg[last:-2] * 20_000 + jpeg[-2:]


def _claims(jpeg: bytes, width: int, height: int) -> bytes:
    at = jpeg.index(b"\xff\xc0") + 5
    return jpeg[:at] + struct.pack(">HH", height, width) + jpeg[at + 4 :]


def _vast_webp() -> bytes:
    bits = struct.pack("<I", 16382 | (16382 << 14))
    data = b"VP8L" + struct.pack("<I", 16) + b"\x2f" + bits + bytes(11)
    return b"RIFF" + struct.pack("<I", len(data) + 4) + b"WEBP" + data


def _frames(form: str, **options: Any) -> bytes:
    rest = [photo((200, 200), seed=seed) for seed in range(2, 30)]
    return encoded(photo((200, 200)), form, save_all=True, append_images=rest, **options)


def _text_png() -> bytes:
    words = PngInfo()
    words.add_text("Comment", SCRIPT.decode())
    words.add_itxt("XML:com.adobe.xmp", SCRIPT.decode())
    return encoded(photo(), "PNG", pnginfo=words)


def _profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + MARK


def _bomb(kind: bytes, before: bytes) -> bytes:
    packed = zlib.compress(b"\x00" * 300_000_000, 9)
    return _png(1, 1, zlib.compress(b"\x00\x00"), _chunk(kind, before + packed))


GIF = b"GIF89a" + struct.pack("<HH", 1, 1) + b"\x80\x00\x00" + b"\x00" * 6
FILES = [
    # no pictures, whatever their name or media type
    Hostile("nothing", lambda: b"", True),
    Hostile("noise", lambda: Random(7).randbytes(5000), True),
    Hostile("a web page", lambda: b"<!doctype html>" + SCRIPT, True),
    Hostile("a web page that says it is one", lambda: SCRIPT, True, "a.html", "text/html"),
    Hostile("a drawing with a script", lambda: b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT
            + b"</svg>", True, "a.svg", "image/svg+xml"),
    Hostile("a document", lambda: b"%PDF-1.7\n" + MARK, True, "a.pdf", "application/pdf"),
    Hostile("PostScript, which some readers run", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n"
            b"%%BoundingBox: 0 0 9 9\n(" + MARK + b") run\n", True),
    Hostile("a program", lambda: b"MZ\x90\x00" + MARK, True),
    Hostile("an archive", _zip, True),
    Hostile("a GIF that is a script too", lambda: GIF + b"/*" + SCRIPT + b"*/;", True),
    # picture formats that are not supported
    Hostile("a BMP", lambda: encoded(photo(), "BMP"), True),
    Hostile("a TIFF", lambda: encoded(photo(), "TIFF"), True),
    Hostile("an icon", lambda: encoded(photo((64, 64)), "ICO"), True),
    Hostile("a HEIC's head", lambda: b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00" + bytes(200), True),
    # bombs
    Hostile("a PNG of 10,000 × 10,000", lambda: encoded(Image.new("L", (10_000, 10_000)), "PNG"), True),
    Hostile("a JPEG of 10,000 × 10,000", lambda: encoded(Image.new("L", (10_000, 10_000))), True),
    Hostile("a PNG that says 65,000 × 65,000", lambda: _png(65_000, 65_000), True),
    Hostile("a PNG that says 2³¹ − 1", lambda: _png(2**31 - 1, 2**31 - 1), True),
    Hostile("a PNG of a single row of 2²⁸", lambda: _png(2**28, 1), True),
    Hostile("a PNG of no width", lambda: _png(0, 9), True),
    Hostile("a JPEG that says 65,500 × 65,500", lambda: _claims(encoded(photo()), 65_500, 65_500), True),
    Hostile("a JPEG of 20,000 scans", _many_scans, True),
    Hostile("a JPEG of 2 million comments", lambda: encoded(photo())[:2] + b"\xff\xfe\x00\x02" * 2_000_000
            + encoded(photo())[2:], True),
    Hostile("a progressive JPEG of 20 million pixels", lambda: encoded(
        Image.new("L", (5000, 4000)), progressive=True), True),
    Hostile("a WebP that says 16,383 × 16,383", _vast_webp, True),
    Hostile("a PNG with 300 MB of packed text", lambda: _bomb(b"zTXt", b"Comment\x00\x00"), True),
    Hostile("a PNG with a packed profile of 300 MB", lambda: _bomb(b"iCCP", b"sRGB\x00\x00"), True),
    # damaged files
    Hostile("half a JPEG", lambda: encoded(photo())[:9000], True),
    Hostile("a JPEG with its tables overwritten", lambda: encoded(photo()).replace(
        b"\xff\xc4", b"\xff\xfe", 4), False),
    Hostile("half a WebP", lambda: encoded(photo(), "WEBP")[:3000], True),
    Hostile("a PNG whose checks are wrong", lambda: b"\x89PNG\r\n\x1a\n" + _chunk(
        b"IHDR", struct.pack(">IIBBBBB", 9, 9, 8, 0, 0, 0, 0), checked=False), True),
    Hostile("a PNG with a chunk without end", lambda: b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffIHDR", True),
    # two things in one file: the picture is kept, the other part is removed
    Hostile("a JPEG with an archive behind it", lambda: encoded(photo()) + _zip(), False),
    Hostile("a PNG with an archive behind it", lambda: encoded(photo(), "PNG") + _zip(), False),
    Hostile("a JPEG with a script in its comment", lambda: encoded(photo(), comment=SCRIPT), False),
    Hostile("a JPEG with PHP in its head", lambda: _after_start(
        encoded(photo()), 0xE1, b"Exif\x00\x00<?php " + MARK), False),
    Hostile("a JPEG with a page for XMP", lambda: _after_start(
        encoded(photo()), 0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + SCRIPT), False),
    Hostile("a PNG with a script in its texts", _text_png, False),
    Hostile("two JPEGs in one", lambda: encoded(
        photo(), "MPO", save_all=True, append_images=[photo(seed=2)]) + MARK, False),
    Hostile("a photo with a film behind it", lambda: encoded(photo()) + b"ftypmp42"
            + Random(9).randbytes(5 << 20) + MARK, False),
    # metadata about the owner
    Hostile("a JPEG that knows where it was", lambda: encoded(photo(), exif=located()), False),
    Hostile("a PNG that knows where it was", lambda: encoded(photo(), "PNG", exif=located()), False),
    Hostile("a WebP that knows where it was", lambda: encoded(photo(), "WEBP", exif=located()), False),
    Hostile("a JPEG with EXIF that ends nowhere", lambda: _after_start(
        encoded(photo()), 0xE1, b"Exif\x00\x00MM\x00\x2a\xff\xff\xff\xff" + MARK), False),
    Hostile("a JPEG with a profile of its own", lambda: encoded(photo(), icc_profile=_profile()), False),
    # unusual, but accepted
    Hostile("a picture that says it is a page", lambda: encoded(photo(), "PNG"), False, "a.html", "text/html"),
    Hostile("a name that climbs", lambda: encoded(photo()), False, "../../../etc/passwd"),
    Hostile("a name with a line in it", lambda: encoded(photo()), False, "a\r\nX-Evil: 1.jpg"),
    Hostile("a moving WebP", lambda: _frames("WEBP", exif=located()), False),
    Hostile("a moving PNG", lambda: _frames("PNG"), False),
    Hostile("a JPEG for a printer", lambda: encoded(photo(mode="CMYK")), False),
    Hostile("a PNG of 16 bits", lambda: encoded(photo(mode="I;16"), "PNG"), False),
    Hostile("a PNG of few colours, one of them clear", lambda: encoded(
        photo(mode="P"), "PNG", transparency=3), False),
    Hostile("a WebP that is clear", lambda: encoded(photo(mode="RGBA"), "WEBP", lossless=True), False),
]  # fmt: skip
