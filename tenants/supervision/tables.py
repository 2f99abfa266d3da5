"""Supervision orders (督办): issued from above on an overdue case, answered by the desk that has it.

Whoever issues one knows how the case stands, and not what the letter says. An order stays with the
desk it was addressed to, wherever the petition goes.
"""

import sqlalchemy as sa

from tenants.columns import (
    METADATA,
    NUMBERS,
    TIME,
    UUID,
    belongs,
    length,
    member,
    officer,
    one_of,
    tenant_column,
    text,
)
from tenants.petitions.tables import petitions
from tenants.words import Words, word

WORDS_LENGTH = 2000


class SupervisionState(Words):
    """督办由办理台签收、报告，上级通过或退回。
    The desk acknowledges an order and reports; the issuer accepts or returns the report.
    """

    ISSUED = word("已发出，待签收", "It was issued and waits to be acknowledged")
    ACKNOWLEDGED = word("已签收，待报告", "It was acknowledged and waits for a report")
    REPORTED = word("已报告，待验收", "It was reported on and waits for who issued it")
    ACCEPTED = word("报告已通过", "The report was accepted")
    RETURNED = word("报告已退回，须重报", "The report was returned and is due again")


# `desks`: those above the community that may read it: the one that issued it, and the one it is
# addressed to. `petition_fact` is the case; `addressed_desk` is 0 for the committee.
supervision_orders = sa.Table(
    "supervision_order",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("petition_id", UUID, nullable=False),
    sa.Column("district_id", sa.Integer(), nullable=False),
    sa.Column("issuing_desk", sa.Integer(), nullable=False),
    sa.Column("addressed_desk", sa.Integer(), nullable=False),
    sa.Column("desks", NUMBERS, nullable=False),
    officer("issued_by"),
    sa.Column("issued_at", TIME, nullable=False),
    text("words", WORDS_LENGTH),
    sa.Column("due_at", TIME, nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("acked_at", TIME),
    text("report", WORDS_LENGTH, nullable=True),
    sa.Column("reported_at", TIME),
    text("return_reason", WORDS_LENGTH, nullable=True),
    sa.Column("returned_at", TIME),
    sa.Column("accepted_at", TIME),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "id"),
    belongs("petition_id", petitions, "order_of_petition"),
    one_of("state", SupervisionState),
    length("words", WORDS_LENGTH),
    sa.CheckConstraint("due_at > issued_at", name="due_after_it_is_issued"),
    sa.CheckConstraint("issuing_desk <> addressed_desk", name="never_to_oneself"),
    sa.CheckConstraint("(state = 'ISSUED') = (acked_at is null)", name="acknowledged_first"),
    sa.CheckConstraint(
        "(state in ('REPORTED', 'ACCEPTED', 'RETURNED')) <= (report is not null)",
        name="reported_in_words",
    ),
    sa.CheckConstraint("(state = 'ACCEPTED') = (accepted_at is not null)", name="accepted_when"),
    sa.CheckConstraint("(state = 'RETURNED') <= (return_reason is not null)", name="returned_why"),
    sa.Index("supervision_order_by_district", "district_id", "id"),
    # one that is not ended, for a case and whoever issues it
    sa.Index(
        "supervision_order_open",
        "community_id",
        "petition_id",
        "issuing_desk",
        unique=True,
        postgresql_where=sa.text("state <> 'ACCEPTED'"),
    ),
    schema="tenant",
    postgresql_with={"fillfactor": 80},
)

# What was done about an order, each step once: added to, never changed.
supervision_steps = sa.Table(
    "supervision_step",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("order_id", UUID, nullable=False),
    sa.Column("district_id", sa.Integer(), nullable=False),
    sa.Column("desks", NUMBERS, nullable=False),
    sa.Column("at", TIME, nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    member("actor_id"),
    text("words", WORDS_LENGTH, nullable=True),
    sa.PrimaryKeyConstraint("community_id", "id"),
    belongs("order_id", supervision_orders, "step_of_order"),
    one_of("state", SupervisionState),
    sa.Index("supervision_step_of_order", "community_id", "order_id", "id"),
    schema="tenant",
)
