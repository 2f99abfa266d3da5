"""What people write: trimmed and bounded, everywhere in the same way."""

from tenants.errors import Code, Refused


def written(text: str, most: int, *path: str) -> str:
    """Trim a text and hold it to 1–`most` characters; REQUIRED and TOO_LONG name the input field."""
    trimmed = text.strip()
    if not trimmed:
        raise Refused(Code.REQUIRED, "不能为空。Must not be empty.", *path)
    if len(trimmed) > most:
        raise Refused(
            Code.TOO_LONG,
            f"最多 {most} 个字。At most {most} characters, not {len(trimmed)}.",
            *path,
        )
    return trimmed
