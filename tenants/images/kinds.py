"""Recognise the kind of a file by its first bytes: accepted kinds, and others that people try."""

JPEG, PNG, WEBP = "JPEG", "PNG", "WebP"
TAKEN = {JPEG, PNG, WEBP}

_VIDEO = "视频 (video)"
_PHOTO_BRANDS = {
    "HEIC": (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"),
    "AVIF": (b"avif", b"avis"),
}
# (offset, bytes, kind); the first match wins
_SIGNATURES = (
    (0, b"\xff\xd8\xff", JPEG),
    (0, b"\x89PNG\r\n\x1a\n", PNG),
    (8, b"WEBP", WEBP),
    (0, b"GIF8", "GIF"),
    (0, b"BM", "BMP"),
    (0, b"II*\x00", "TIFF"),
    (0, b"MM\x00*", "TIFF"),
    (0, b"II+\x00", "TIFF"),
    (0, b"MM\x00+", "TIFF"),
    (0, b"%PDF", "PDF"),
    (0, b"\xff\x0a", "JPEG XL"),
    (0, b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
    (0, b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (0, b"8BPS", "PSD"),
    (8, b"AVI ", _VIDEO),
    (0, b"\x1a\x45\xdf\xa3", _VIDEO),
    (0, b"\x00\x00\x01\xba", _VIDEO),
    (0, b"FLV\x01", _VIDEO),
    (0, b"0&\xb2u\x8ef\xcf\x11", _VIDEO),
    (0, b"PK\x03\x04", "ZIP"),
)


def kind_of(data: bytes) -> str | None:
    """Return the common name of a file's kind, or None if it is unknown."""
    if data[4:8] == b"ftyp":
        return _boxed(data)
    for at, bytes_, kind in _SIGNATURES:
        if data.startswith(bytes_, at):
            # at an offset: RIFF with other content, or a text that contains these letters, is no
            # match
            return kind if not at or data.startswith(b"RIFF") else None
    return None


def _boxed(data: bytes) -> str:
    """Return the kind of a file of boxes (ISO/IEC 14496-12) by its brand or compatible brands."""
    size = min(int.from_bytes(data[:4], "big"), 256)
    brands = [data[8:12], *(data[at : at + 4] for at in range(16, size, 4))]
    # HEIC and AVIF share the brand "mif1"
    for kind in ("AVIF", "HEIC"):
        if any(brand in _PHOTO_BRANDS[kind] for brand in brands):
            return kind
    return _VIDEO
