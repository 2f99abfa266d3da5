"""Find the first image of a JPEG file by its markers (ITU-T T.81, annex B).

A phone appends more data: the video of a motion photo, a second picture, a gain map. All of that is
left out, whatever bytes it contains.
"""

import re
from dataclasses import dataclass

START, END = b"\xff\xd8", b"\xff\xd9"
_SOS, _EOI = 0xDA, 0xD9
# In entropy-coded data, FF is followed by 00 or by a restart marker. FF may be repeated before a
# marker.
_MARKER = re.compile(rb"\xff([^\x00\x01\xd0-\xd7\xff])")
# A profile of 10 MB has 160 segments; Pillow takes some time for each.
_MOST_SEGMENTS = 4000
# Filler for missing bytes, without a marker in it: ones, then varied bytes. The other reading has
# no filler.
_OTHER_BYTES = b"\xff\x00" * 4 + bytes(range(1, 255)) * 32


@dataclass(frozen=True)
class Jpeg:
    """It holds the bytes of one image, its number of scans, and whether its end marker was present."""

    data: bytes
    scans: int
    is_whole: bool

    def readings(self) -> list[bytes]:
        """Return the files to decode: two if the end is missing.

        Both decode to the same pixels exactly when no pixel depends on the missing bytes.
        """
        if self.is_whole:
            return [self.data]
        begun = self.data.rstrip(b"\xff")
        return [begun + END, begun + _OTHER_BYTES + END]


def first_image(data: bytes) -> Jpeg:
    """Read markers up to the first end of image; raise ValueError after too many segments."""
    at, scans = len(START), 0
    for _ in range(_MOST_SEGMENTS):
        found = _MARKER.search(data, at)
        if found is None:
            return Jpeg(data, scans, is_whole=False)
        marker, at = found[1][0], found.end()
        if marker == _EOI:
            return Jpeg(data[:at], scans, is_whole=True)
        scans += marker == _SOS
        # the length includes its own two bytes; a decoder rejects a smaller one
        at += max(2, int.from_bytes(data[at : at + 2], "big"))
    raise ValueError("too many segments")
