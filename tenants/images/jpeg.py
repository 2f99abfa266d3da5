"""The first image of a JPEG file, found by its own markers (ITU-T T.81, annex B).

A phone writes more behind it: the film of a motion photo, a second picture, a map of brightness.
All of that is left out, whatever bytes it holds.
"""

import re
from dataclasses import dataclass

START, END = b"\xff\xd8", b"\xff\xd9"
_SOS, _EOI = 0xDA, 0xD9
# In what is coded, FF is followed by 00 or by a restart marker. FF may be repeated before a marker.
_MARKER = re.compile(rb"\xff([^\x00\x01\xd0-\xd7\xff])")
# A profile of 10 MB has 160 segments; Pillow takes a while for each.
_MOST_SEGMENTS = 4000
# What stands in for missing bytes: once nothing, once ones and then whatever, with no marker in it.
_OTHER_BYTES = b"\xff\x00" * 4 + bytes(range(1, 255)) * 32


@dataclass(frozen=True)
class Jpeg:
    """The bytes of one image, how many scans it comes in, and whether its end was there."""

    data: bytes
    scans: int
    is_whole: bool

    def readings(self) -> list[bytes]:
        """Give what a decoder is to read: two files where the end is missing.

        They say the same exactly where no pixel depends on what is missing.
        """
        if self.is_whole:
            return [self.data]
        begun = self.data.rstrip(b"\xff")
        return [begun + END, begun + _OTHER_BYTES + END]


def first_image(data: bytes) -> Jpeg:
    """Walk from marker to marker up to the first end of image; raises ValueError if that is endless."""
    at, scans = len(START), 0
    for _ in range(_MOST_SEGMENTS):
        found = _MARKER.search(data, at)
        if found is None:
            return Jpeg(data, scans, is_whole=False)
        marker, at = found[1][0], found.end()
        if marker == _EOI:
            return Jpeg(data[:at], scans, is_whole=True)
        scans += marker == _SOS
        # the length counts its own two bytes; a decoder refuses one that is less
        at += max(2, int.from_bytes(data[at : at + 2], "big"))
    raise ValueError("too many segments")
