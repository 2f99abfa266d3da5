"""ICC profiles made from numbers only (ICC.1:2022), for pictures in tests."""

import struct

# Colorants relative to D50: red, green and blue, each X, Y, Z.
Colorants = tuple[tuple[float, float, float], ...]
SRGB: Colorants = (
    (0.43607, 0.22249, 0.01392),
    (0.38515, 0.71687, 0.09708),
    (0.14307, 0.06061, 0.71410),
)
ADOBE: Colorants = (
    (0.60974, 0.31111, 0.01947),
    (0.20528, 0.62567, 0.06087),
    (0.14919, 0.06322, 0.74457),
)
P3: Colorants = (
    (0.51512, 0.24120, -0.00105),
    (0.29198, 0.69225, 0.04189),
    (0.15710, 0.06657, 0.78407),
)
# from its primaries (0.67, 0.33), (0.21, 0.71), (0.14, 0.08) and its white, D50
ECI: Colorants = ((0.65027, 0.32028, 0.0), (0.17807, 0.60204, 0.06784), (0.13587, 0.07764, 0.75710))  # fmt: skip


def gamma(value: float) -> bytes:
    """Return a power curve."""
    return _sized(b"curv" + bytes(4) + struct.pack(">IH", 1, round(value * 256)))


def like_srgb() -> bytes:
    """Return the curve of IEC 61966-2-1."""
    numbers = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
    return (
        b"para" + bytes(4) + struct.pack(">HH", 3, 0) + b"".join(_fixed(each) for each in numbers)
    )


def like_lightness() -> bytes:
    """Return the curve of ECI-RGB v2: L* of CIE 1976."""
    steps = [each / 255 * 100 for each in range(256)]
    linear = [((each + 16) / 116) ** 3 if each > 8 else each * 27 / 24389 for each in steps]
    table = b"".join(struct.pack(">H", round(each * 65535)) for each in linear)
    return _sized(b"curv" + bytes(4) + struct.pack(">I", 256) + table)


def rgb(colorants: Colorants, curve: bytes, **more: bytes) -> bytes:
    """Return the profile of a display with these primaries and this curve."""
    tags = {f"{name}XYZ": _xyz(*each) for name, each in zip("rgb", colorants, strict=True)}
    return profile(b"RGB ", {**tags, **{f"{name}TRC": curve for name in "rgb"}, **more})


def grey(curve: bytes) -> bytes:
    """Return the profile of a grey display."""
    return profile(b"GRAY", {"kTRC": curve})


def inks(lab_of: dict[int, tuple[int, int, int]], points: int = 2, *, cut: bool = False) -> bytes:
    """Return the profile of a press by its table: `lab_of` maps nodes to colours (Lab of 8 bits).

    Nodes that are not in `lab_of` are white.
    """
    nodes = 16 if cut else points**4
    table = b"".join(bytes(lab_of.get(each, (255, 128, 128))) for each in range(nodes))
    head = b"mft1" + bytes(4) + bytes([4, 3, points, 0])
    unit = b"".join(_fixed(each) for each in (1, 0, 0, 0, 1, 0, 0, 0, 1))
    lut = head + unit + bytes(range(256)) * 4 + table + bytes(range(256)) * 3
    return profile(b"CMYK", {"A2B0": lut}, device=b"prtr", connection=b"Lab ")


def profile(
    space: bytes, tags: dict[str, bytes], device: bytes = b"mntr", connection: bytes = b"XYZ "
) -> bytes:
    """Return a version 2 profile with these tags and D50 white, which all have."""
    tags = {"wtpt": _xyz(0.9642, 1, 0.8249), **tags}
    at, index, data = 132 + 12 * len(tags), b"", b""
    for name, value in tags.items():
        padded = value + bytes(-len(value) % 4)
        index += struct.pack(">4sII", name.encode(), at + len(data), len(value))
        data += padded
    date = struct.pack(">6H", 2026, 1, 1, 0, 0, 0)
    head = struct.pack(">I4sI", at + len(data), b"lcms", 0x02400000) + device + space + connection
    head += date + b"acsp" + bytes(28) + _xyz(0.9642, 1, 0.8249)[8:]
    return head.ljust(128, b"\x00") + struct.pack(">I", len(tags)) + index + data


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def _xyz(x: float, y: float, z: float) -> bytes:
    return b"XYZ " + bytes(4) + _fixed(x) + _fixed(y) + _fixed(z)


def _sized(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
