"""The accounts of a project are entered by one person and attested by two others, in fen."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa

from tenants.columns import TENANT, among
from tenants.errors import Code, Refused
from tenants.projects.procedure import ATTEST, SPEND
from tenants.projects.service.planning import check_money
from tenants.projects.tables import (
    PAYEE_LENGTH,
    PURPOSE_LENGTH,
    project_funds,
    projects,
    spendings,
)
from tenants.projects.words import FundSource
from tenants.taking import begin, take
from tenants.text import written
from tenants.transaction import Tx
from tenants.workdays import day_of


async def spend(
    tx: Tx, *, project_id: UUID, source: FundSource, amount: int, spent_on: date, purpose: str,
    payee: str,
) -> UUID:  # fmt: skip
    """Enter a spending; what is entered of a source never exceeds the funds of that source.

    Raises INVALID for an amount that is none or exceeds them, and for a day that has not come.
    """
    project = await tx.find(projects, project_id, "projectId", permit=SPEND)
    check_money(amount, "amount")
    purpose = written(purpose, PURPOSE_LENGTH, "purpose")
    payee = written(payee, PAYEE_LENGTH, "payee")
    if spent_on > day_of(tx.now):
        raise Refused(Code.INVALID, "不晚于今天。Not after today.", "spentOn")
    # entries of one project wait for each other at its row
    known = await tx.row(_LEFT, v_id=project["id"], v_source=source.value)
    assert known is not None  # noqa: S101 # a sum is a row
    if amount > known["funds"] - known["entered"]:
        raise Refused(
            Code.INVALID,
            f"超出该来源的余额（{known['funds'] - known['entered']} 分）。More than is left of that source.",
            "amount",
        )
    made = await begin(
        tx, SPEND, project_id=project["id"], source=source.value, amount=amount, spent_on=spent_on,
        purpose=purpose, payee=payee,
    )  # fmt: skip
    return made["id"]


async def attest(tx: Tx, *, spending_id: UUID) -> UUID:
    """Attest a spending that another entered; with the second person it counts as spent."""
    spending = await tx.find(spendings, spending_id, "spendingId", permit=ATTEST)
    if spending["first_attested_by"] is None:
        await take(
            tx, ATTEST, spending, to="ENTERED", first_attested_at=tx.now,
            first_attested_by=tx.viewer.id,
        )  # fmt: skip
        return spending["id"]
    await take(tx, ATTEST, spending, to="ATTESTED", attested_at=tx.now, attested_by=tx.viewer.id)
    await tx.row(_ADD, v_id=spending["project_id"], v_amount=spending["amount"])
    return spending["id"]


_ID = sa.bindparam("v_id", type_=projects.c.id.type)
_SOURCE = sa.bindparam("v_source", type_=sa.Text())


def _sum(table: sa.Table, *conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    total = sa.func.coalesce(sa.func.sum(table.c.amount), sa.literal_column("0"))
    return (
        sa.select(sa.cast(total, sa.BigInteger()))
        .where(
            table.c.community_id == TENANT,
            table.c.project_id == _ID,
            table.c.source == _SOURCE,
            *conditions,
        )
        .scalar_subquery()
    )


_LEFT = sa.select(
    _sum(project_funds).label("funds"),
    _sum(spendings, ~among(spendings.c.state, "VOIDED")).label("entered"),
)
_ADD = (
    sa.update(projects)
    .where(projects.c.community_id == TENANT, projects.c.id == _ID)
    .values(
        spent=projects.c.spent + sa.bindparam("v_amount", type_=sa.Integer()),
        version=projects.c.version + sa.literal_column("1"),
    )
)
