"""The three rates (响应率, 解决率, 满意率) by month, as they were when the month was over.

Definitions (domain.md §3.7), which the descriptions of the API repeat:

* response = cases whose first acknowledgement was due in the month and which were responded to by
  then ÷ those cases;
* resolution = callbacks of the month, "solved" counting 1 and "partly" ½ ÷ callbacks of the month;
  stored in halves: 2·YES + PARTLY over 2·all, so that no number is a fraction;
* satisfaction = callbacks of the month rated 4 or 5 of 5 ÷ callbacks of the month.

Left out of the response rate and listed beside it, by number: cases refused as an emergency,
because another legal route applies, or because there are no new facts; and cases withdrawn or
merged before any response. Imported petitions do not count. A month is one of Asia/Shanghai. A rate
of fewer than 10 cases or callbacks is not shown; a ranking shows no count below 5.

A community's own rates count the petitions that were at the community: one that bypassed the
committee leaves no trace there. No small number can be calculated from what they show.
"""

from typing import Any

import sqlalchemy as sa

from tenants.columns import METADATA, TIME, UUID, tenant_column, text
from tenants.places.tables import communities

MONTH_LENGTH = 7
# P: with fewer cases or callbacks a rate means nothing; a smaller count could identify persons.
FEWEST, LEAST_CELL = 10, 5
# The category id of a month's total.
TOTAL = "00000000-0000-0000-0000-000000000000"
UNRANKED = -1

RESPONSE = ("response_met", "response_due")
EXCLUSIONS = (
    "excluded_emergency",
    "excluded_other_route",
    "excluded_no_new_facts",
    "excluded_withdrawn",
)
CALLBACKS = ("callbacks", "solved", "partly", "satisfied")
COUNTED = (*RESPONSE, *EXCLUSIONS, *CALLBACKS)


def _columns() -> list[sa.Column[Any]]:
    return [
        tenant_column(),
        sa.Column("id", UUID, nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("street_id", sa.Integer(), nullable=False),
        text("month", MONTH_LENGTH),
        sa.Column("category_id", UUID, nullable=False),
        sa.Column("is_total", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTED),
    ]


def _constraints() -> list[sa.Constraint]:
    return [
        sa.PrimaryKeyConstraint("community_id", "id"),
        sa.UniqueConstraint("community_id", "month", "category_id"),
        sa.ForeignKeyConstraint(["community_id"], [communities.c.community_id]),
        sa.CheckConstraint("month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'", name="a_month"),
        sa.CheckConstraint(f"is_total = (category_id = '{TOTAL}')", name="total_of_no_category"),
        sa.CheckConstraint(
            "response_met between 0 and response_due and solved + partly <= callbacks "
            "and satisfied <= callbacks",
            name="parts_of_a_whole",
        ),
    ]


# For those above, who know of every case: one row for each category with a case or callback in the
# month, and one total, even if all its counts are 0. No login of the server may change them.
rate_snapshots = sa.Table(
    "rate_snapshot",
    METADATA,
    *_columns(),
    # permille solved, which orders the ranking; 0 if too few to be shown, -1 if unranked
    sa.Column("ranking", sa.Integer(), nullable=False),
    sa.Column("made_at", TIME, nullable=False),
    *_constraints(),
    # the rows that the district adds up and ranks
    sa.Index("rate_snapshot_ranked", "district_id", "is_total", "month", "ranking", "id"),
    schema="tenant",
)

# For the community: of the petitions that were at the community, only the counts that its members
# may read (suppression.py). Never changed either.
community_rates = sa.Table(
    "community_rate",
    METADATA,
    *_columns(),
    sa.Column("made_at", TIME, nullable=False),
    *_constraints(),
    # the months of a community, and the categories of one month
    sa.Index("community_rate_by_month", "community_id", "is_total", "month", "id"),
    sa.Index(
        "community_rate_by_category", "community_id", "month", "is_total", "category_id", "id"
    ),
    schema="tenant",
)
