"""Cut a WebP file to the length that it declares (RFC 9649, 2.4)."""

_HEAD_BYTES = 8  # "RIFF" and the length of what follows
_MOST_MISSING = 64 * 1024


def readings(data: bytes) -> list[bytes]:
    """Return the files to decode, none longer than declared: two if the end is missing.

    Both decode to the same pixels exactly when no pixel depends on the missing bytes.
    """
    size = _HEAD_BYTES + int.from_bytes(data[4:_HEAD_BYTES], "little")
    missing = size - len(data)
    if not 0 < missing <= _MOST_MISSING:
        return [data[:size]]
    return [data + bytes(missing), data + b"\xff" * missing]
