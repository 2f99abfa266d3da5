"""A WebP file held to the length that it declares (RFC 9649, 2.4)."""

_HEAD_BYTES = 8  # "RIFF" and the length of what follows
_MOST_MISSING = 64 * 1024


def readings(data: bytes) -> list[bytes]:
    """Give what a decoder is to read: two files where the end is missing, none longer than declared.

    They say the same exactly where no pixel depends on what is missing.
    """
    size = _HEAD_BYTES + int.from_bytes(data[4:_HEAD_BYTES], "little")
    missing = size - len(data)
    if not 0 < missing <= _MOST_MISSING:
        return [data[:size]]
    return [data + bytes(missing), data + b"\xff" * missing]
