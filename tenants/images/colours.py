"""Colours as the picture's ICC profile means them, made sRGB: what is shown where no profile is."""

from io import BytesIO

from PIL import Image, ImageCms

_SRGB = ImageCms.createProfile("sRGB")
# Printers' profiles have tables of two or three megabytes; the colour spaces of cameras have 500 bytes.
_MOST_BYTES = 4 * 1024 * 1024
# ICC.1:2022, 7.2: the kinds of devices whose colours are a picture's; the spaces, by Pillow's modes.
_DEVICES = {b"scnr", b"mntr", b"prtr", b"spac"}
_SPACES = {"L": b"GRAY", "RGB": b"RGB ", "CMYK": b"CMYK"}
_HEAD_BYTES, _TAG_BYTES, _MOST_TAGS = 128, 12, 100
# Programs of any number of steps (9.2.29-32, D2B0 to D2B3), each done for 36,000 colours.
_PROGRAM = b"D2B"


def in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Give the colours of a picture (L, RGB or CMYK) as sRGB; a profile of no use is left out."""
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
    """Say whether it is a profile for such pictures, of which the work is bounded."""
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
