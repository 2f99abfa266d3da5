"""What is declared of each procedure holds in the database, in the schema and on the page about it."""

import ast
import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from api.schema.schema import contract
from tenants.boards.words import ContentState
from tenants.columns import one_of
from tenants.diagrams import page
from tenants.domains import DOMAINS
from tenants.errors import Code
from tenants.procedure import Move, Procedure, Step, after

PAGE = Path(__file__).parents[1] / "docs/procedures.md"
each_procedure = pytest.mark.parametrize("procedure", DOMAINS.procedures, ids=lambda one: one.noun)
MOVES = [(procedure, move) for procedure in DOMAINS.procedures for move in procedure.moves]
each_move = pytest.mark.parametrize(
    ("procedure", "move"),
    MOVES,
    ids=[
        f"{one.noun}-{getattr(move, 'name', 'system')}-{move.event}"
        f"-{getattr(move, 'table', one.table).name}"
        for one, move in MOVES
    ],
)
NOW, WHO = datetime(2026, 11, 29, tzinfo=UTC), uuid4()


def test_the_page_is_what_is_declared() -> None:
    assert PAGE.read_text() == page(DOMAINS.procedures), (
        "run: linli procedures > docs/procedures.md"
    )


@each_procedure
def test_the_database_knows_these_states_and_no_other(procedure: Procedure) -> None:
    """The migration tests hold the database to the tables."""
    checks = {
        check.name: str(check.sqltext)
        for check in procedure.table.constraints
        if isinstance(check, sa.CheckConstraint)
    }
    assert checks["state_known"] == str(one_of("state", procedure.states).sqltext)


@each_procedure
def test_every_state_is_reached_from_a_beginning(procedure: Procedure) -> None:
    reached: set[str] = set()
    beginnings = [move for move in procedure.moves if not move.from_]
    assert beginnings, "it begins somewhere"
    found = {state for move in beginnings for state in move.to}
    while found - reached:
        reached |= found
        found = {to for move in procedure.moves if reached & {*move.from_} for to in move.to}
    assert reached == {*procedure.states}


def filled(table: sa.Table) -> dict[str, Any]:
    """Return a row of which only the types are right."""
    of_type: dict[type[Any], Any] = {datetime: NOW, int: 1, bool: False, list: []}
    return {column.name: of_type.get(column.type.python_type) for column in table.c}


@each_move
def test_a_move_is_made_from_its_own_states_only(procedure: Procedure, move: Move) -> None:
    kept = {
        name: value
        for name, value in {move.at: NOW, move.by: WHO, move.words: "话"}.items()
        if name
    }
    facts = {name: value for name, value in filled(procedure.table).items() if name not in kept}
    for given_apart in ("state", "words"):
        facts.pop(given_apart, None)
    for state in (None, *procedure.states):
        row = None if state is None else {**facts, "state": state.value}
        given = facts if state is None else {}
        for to in move.to or (None,):
            if state in move.from_ or (state is None and not move.from_):
                now = after(move, row, NOW, WHO, to=to, words="话", **given)
                assert now["state"] == (to or state)
                assert {name: now[name] for name in kept} == kept
                assert row is None or row["state"] == state, "the row that was is left alone"
            else:
                with pytest.raises(AssertionError):
                    after(move, row, NOW, WHO, to=to, words="话", **given)
            if to is not None:
                others = {*procedure.states} - {*move.to}
                with pytest.raises(AssertionError):
                    after(move, row, NOW, WHO, to=min(others, default="NOWHERE"), **given)


@each_move
def test_what_a_move_keeps_has_a_column(procedure: Procedure, move: Move) -> None:
    kept = {move.at, move.by, move.words} - {None}
    assert kept <= {column.name for column in procedure.table.c}


@pytest.mark.parametrize(
    "step",
    # a verb on two kinds of rows is declared of each
    [*{move.name: move for _, move in MOVES if isinstance(move, Step)}.values()],
    ids=lambda step: step.name,
)
def test_the_schema_publishes_the_codes_of_a_step(step: Step) -> None:
    root = contract().schema.mutation_type
    assert root is not None
    described = root.fields[step.name].description or ""
    (line,) = re.findall(r"^Errors: (.*)$", described, re.MULTILINE)
    said = set(re.findall(r"`(\w+)`", line))
    # a key has two of its own
    assert said - {Code.INVALID, Code.IDEMPOTENCY_MISMATCH} <= step.codes <= said


@each_procedure
def test_the_timeline_knows_every_event(procedure: Procedure) -> None:
    table, names_row = procedure.timeline or (None, "")
    if table is None:
        return
    assert names_row in table.c
    if "action" in table.c:
        checks = {
            each.name: str(each.sqltext)
            for each in table.constraints
            if isinstance(each, sa.CheckConstraint)
        }
        known = set(re.findall(r"'(\w+)'", checks["action_known"]))
        assert {move.event for move in procedure.moves} == known


def test_a_state_that_does_not_exist_cannot_be_declared() -> None:
    procedure = DOMAINS.procedures[0]
    (first, *_) = procedure.steps
    with pytest.raises(ValueError, match="FLYING"):
        procedure.step("fly", first.scope, "FLYING", ())
    assert "fly" not in {step.name for step in procedure.steps}


class VoteState(StrEnum):
    """It holds the states of a procedure that only these tests have."""

    NOTICED = "NOTICED"
    OPEN = "OPEN"
    CLOSED = "CLOSED"
    PASSED = "PASSED"
    FAILED = "FAILED"


def votes() -> Procedure:
    """A procedure that opens and closes by itself, is counted with two results, and may be put off."""
    table = sa.Table(
        "vote", sa.MetaData(), sa.Column("id", sa.Integer()), sa.Column("state", sa.Text()),
        sa.Column("opens_at", sa.DateTime()), sa.Column("closes_at", sa.DateTime()),
        sa.Column("next_at", sa.DateTime()), sa.Column("counted_at", sa.DateTime()),
    )  # fmt: skip
    made = Procedure(
        noun="vote", table=table, states=VoteState, id_field="voteId",
        derive=lambda row: {"next_at": made.next_at(row)},
    )  # fmt: skip
    scope = next(DOMAINS.procedures[0].steps).scope
    made.move("NOTICED", (), "NOTICED")
    made.timer("OPENED", "NOTICED", "OPEN", due=lambda row: row["opens_at"])
    made.timer("CLOSED", "OPEN", "CLOSED", due=lambda row: row["closes_at"])
    made.step("countVote", scope, "CLOSED", ("PASSED", "FAILED"), event="COUNTED", at="counted_at")
    made.step("putOffVote", scope, ("NOTICED", "OPEN"), (), event="PUT_OFF")
    return made


def test_a_procedure_moves_by_itself_at_the_times_in_its_row() -> None:
    procedure = votes()
    notice, opened, closed, count, put_off = procedure.moves
    day = timedelta(days=1)
    row = after(notice, None, NOW, WHO, id=1, opens_at=NOW + day, closes_at=NOW + 2 * day)
    assert (row["state"], row["next_at"]) == ("NOTICED", NOW + day)
    assert procedure.ahead(row) == [(NOW + day, opened)]

    later = after(put_off, row, NOW, WHO, opens_at=NOW + 2 * day, closes_at=NOW + 3 * day)
    assert (later["state"], later["next_at"]) == ("NOTICED", NOW + 2 * day)

    row = after(opened, later, NOW + 2 * day, WHO)
    assert (row["state"], procedure.ahead(row)) == ("OPEN", [(NOW + 3 * day, closed)])
    row = after(closed, row, NOW + 3 * day, WHO)
    assert (row["state"], row["next_at"]) == ("CLOSED", None), "it waits for someone"
    for result in ("PASSED", "FAILED"):
        ended = after(count, row, NOW + 4 * day, WHO, to=result)
        assert (ended["state"], ended["counted_at"]) == (result, NOW + 4 * day)
    assert procedure.ends == ["PASSED", "FAILED"]


@pytest.mark.parametrize("files", ["demo/*.py", "bench/*.py", "tests/street.py", "tests/lived.py"])
def test_what_is_made_up_names_no_state_of_a_procedure(files: str) -> None:
    """Rows get their states by moves only; posts have states too, which are no procedure's."""
    states = {state.value for one in DOMAINS.procedures for state in one.states} - {*ContentState}
    paths = [*PAGE.parents[1].glob(files)]
    assert paths
    named = {
        f"{path.name}:{node.lineno} {node.value}"
        for path in paths
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and node.value in states
    }
    assert named == set()
