"""Text files are read in the encodings that common programs write."""

from pathlib import Path

import pytest

from api.reading import read_text

TEXT = "编码,名称\r\n310113003001,榆树里𠮷\r\n"


@pytest.mark.parametrize(
    ("codec", "told"),
    [("utf-8", ""), ("utf-8-sig", ""), ("utf-16", "UTF-16"), ("gb18030", "GB18030")],
)
def test_an_encoding_is_known_and_told(
    tmp_path: Path, codec: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With or without a byte order mark; also the encoding of Chinese Excel."""
    file = tmp_path / "a.csv"
    file.write_bytes(TEXT.encode(codec))
    assert read_text(file) == TEXT
    assert capsys.readouterr().err == (f"{file} is read as {told}.\n" if told else "")


def test_who_knows_better_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--encoding` overrides the guess; a mark is still no text; unreadable files are refused."""
    file = tmp_path / "a.csv"
    for mark in ("", "\ufeff"):
        file.write_bytes(f"{mark}{TEXT}".encode("utf-16-le"))
        assert read_text(file, "utf-16-le") == TEXT
        assert capsys.readouterr().err == f"{file} is read as utf-16-le.\n"
    for wrong, why in (("utf-8", "is not utf-8"), ("klingon", "no encoding klingon")):
        with pytest.raises(ValueError, match=why):
            read_text(file, wrong)
    file.write_bytes(b"a\xff\n")
    with pytest.raises(ValueError, match="is not UTF-8, nor UTF-16 with a mark, nor GB18030"):
        read_text(file)
