"""A page to print is HTML that needs nothing else, for A4."""

from collections.abc import Iterable
from datetime import datetime
from html import escape

from tenants.workdays import SHANGHAI

STYLE = """@page { size: A4; margin: 18mm 16mm }
body { font: 10.5pt/1.6 "Noto Serif CJK SC", "Songti SC", SimSun, "WenQuanYi Zen Hei", serif; color: #111 }
h1 { font-size: 17pt; text-align: center; margin: 0 0 4mm } h2 { font-size: 12pt; margin: 6mm 0 2mm }
h3 { font-size: 11pt; margin: 4mm 0 1mm } p, ul { margin: 1mm 0 } ul { padding-left: 5mm }
table { border-collapse: collapse; width: 100%; margin: 2mm 0 } thead { display: table-header-group }
th, td { border: 0.5pt solid #666; padding: 0.8mm 1.5mm; text-align: left; vertical-align: top }
tr, .sign { break-inside: avoid } .no { color: #a00 }
.present th:last-child { width: 32mm } .count { font-size: 8.5pt }
.sign { margin-top: 10mm; display: grid; grid-template-columns: 1fr 1fr; gap: 9mm 12mm }
.sign span { border-bottom: 0.5pt solid #111; display: inline-block; min-width: 42mm }"""


def sheet(title: str, parts: Iterable[str]) -> str:
    """Return the page with this title."""
    return (
        f'<!doctype html>\n<html lang="zh-CN"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style>\n" + "\n".join(parts) + "\n</html>\n"
    )


def time(moment: str | None) -> str:
    """Return a moment as people read it in Shanghai; a dash where there is none."""
    if moment is None:
        return "—"
    return f"{datetime.fromisoformat(moment).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def line(name: str, text: str) -> str:
    """Return a line that says something under a name."""
    return f"<p><strong>{name}：</strong>{escape(text)}</p>"


def table(head: Iterable[str], rows: Iterable[Iterable[str]], *, kind: str = "") -> str:
    """Return a table with these heads."""
    columns = "".join(f"<th>{escape(each)}</th>" for each in head)
    lines = "".join(
        "<tr>" + "".join(f"<td>{escape(each)}</td>" for each in row) + "</tr>" for row in rows
    )
    return f'<table class="{kind}"><thead><tr>{columns}</tr></thead>{lines}</table>'
