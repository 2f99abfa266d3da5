"""Write the procedures as a page of Markdown: a Mermaid diagram of each, and a table of its moves."""

from collections.abc import Iterable, Iterator

from tenants.errors import Code
from tenants.procedure import Move, Procedure, Step, Timer

_HEAD = """# Procedures

Every state that a row goes through, and each move between them, as the code declares it. A move
that the clock takes by itself is marked; one that leaves the state as it is stands in the table only.
Printed by `linli procedures`; a test holds this page to the declarations.
"""
_COLUMNS = "| move | from | to | scope | refused with |"


def page(procedures: Iterable[Procedure]) -> str:
    """Return the page."""
    return "\n".join([_HEAD, *(line for one in procedures for line in _section(one))])


def _section(procedure: Procedure) -> Iterator[str]:
    yield f"## {procedure.noun}: `{procedure.table.fullname}`"
    yield from ("", "```mermaid", "stateDiagram-v2")
    # a verb on two kinds of rows is declared of each
    arrows = dict.fromkeys(line for move in procedure.moves for line in _arrows(move))
    yield from (f"    {line}" for line in arrows)
    yield from (f"    {state} --> [*]" for state in procedure.ends)
    yield from ("```", "", _COLUMNS, "| --- " * 5 + "|")
    yield from dict.fromkeys(map(_row, procedure.moves))
    yield ""


def _arrows(move: Move) -> Iterator[str]:
    for start in move.from_ or ("[*]",):
        for end in move.to:
            yield f"{start} --> {end}: {_name(move)}"


def _row(move: Move) -> str:
    scope, codes = "", ""
    if isinstance(move, Step):
        scope = f"`{move.scope}`"
        codes = " ".join(code for code in Code if code in move.codes)
    ends = " ".join(move.to) or "as it is"
    return f"| {_name(move)} | {' '.join(move.from_)} | {ends} | {scope} | {codes} |"


def _name(move: Move) -> str:
    if isinstance(move, Step):
        return move.name
    return f"{move.event} (clock)" if isinstance(move, Timer) else move.event
