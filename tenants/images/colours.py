"""Convert colours to sRGB by the picture's ICC profile, since the result has no profile."""

from io import BytesIO

from PIL import Image, ImageCms

_SRGB = ImageCms.createProfile("sRGB")
# Printers' profiles have tables of two or three megabytes; the colour spaces of cameras have 500
# bytes.
_MOST_BYTES = 4 * 1024 * 1024
# ICC.1:2022, 7.2: the device classes that a picture's profile may have; colour spaces by Pillow
# mode.
_DEVICES = {b"scnr", b"mntr", b"prtr", b"spac"}
_SPACES = {"L": b"GRAY", "RGB": b"RGB ", "CMYK": b"CMYK"}
_HEAD_BYTES, _TAG_BYTES, _MOST_TAGS = 128, 12, 100
# Tags with programs of any number of steps (9.2.29-32, D2B0 to D2B3), each run for 36,000 colours.
_PROGRAM = b"D2B"


def in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert a picture (L, RGB or CMYK) to sRGB; ignore a profile that cannot be used."""
    if profile and _is_usable(profile, image.mode):
        try:
            by = ImageCms.ImageCmsProfile(BytesIO(profile))
            made = ImageCms.profileToProfile(image, by, _SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            return image.convert("RGB")
        if made is not None:
            return made
    return image.convert("RGB")


def _is_usable(profile: bytes, mode: str) -> bool:
    """Return whether the profile is for such pictures, and its work is bounded."""
    if not _HEAD_BYTES + 4 <= len(profile) <= _MOST_BYTES:
        return False
    if profile[12:16] not in _DEVICES or profile[16:20] != _SPACES.get(mode):
        return False
    first = _HEAD_BYTES + 4
    count = int.from_bytes(profile[_HEAD_BYTES:first], "big")
    if count > _MOST_TAGS:
        return False
    tags = range(first, first + count * _TAG_BYTES, _TAG_BYTES)
    return all(profile[at : at + len(_PROGRAM)] != _PROGRAM for at in tags)
