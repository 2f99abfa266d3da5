"""All tables and statements share these columns and parameters."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP
from sqlalchemy.dialects.postgresql import UUID as PG_UUID

METADATA = sa.MetaData()

UUID: sa.types.TypeEngine[Any] = PG_UUID(as_uuid=True)
TIME: sa.types.TypeEngine[Any] = TIMESTAMP(timezone=True)
TEXTS: sa.types.TypeEngine[Any] = ARRAY(sa.Text())
NUMBERS: sa.types.TypeEngine[Any] = ARRAY(sa.Integer())

# Parameters of the viewer: every statement, read or write, may use them by these names.
TENANT = sa.bindparam("community_id", type_=sa.Integer())
VIEWER = sa.bindparam("viewer_id", type_=UUID)
VIEWER_SCOPES = sa.bindparam("viewer_scopes", type_=TEXTS)
IS_STAFF = sa.bindparam("viewer_is_staff", type_=sa.Boolean())
IS_AUDITOR = sa.bindparam("viewer_is_auditor", type_=sa.Boolean())
IS_SECRETARY = sa.bindparam("viewer_is_secretary", type_=sa.Boolean())
MEMBERS_SEEN = sa.bindparam("viewer_members_seen", type_=TEXTS)
# which person the officer is that acts: known to changes only
VIEWER_PERSON = sa.bindparam("viewer_person", type_=UUID)
DISTRICT = sa.bindparam("district_id", type_=sa.Integer())
STREET = sa.bindparam("street_id", type_=sa.Integer())
DEPARTMENT = sa.bindparam("department_id", type_=sa.Integer())
DESK = sa.bindparam("viewer_desk", type_=sa.Integer())
NOW = sa.bindparam("now", type_=TIME)


def bound(column: sa.ColumnElement[Any], name: str = "") -> sa.BindParameter[Any]:
    """Return the parameter `v_<name>` of a statement, by default named as the column, with its type."""
    return sa.bindparam(f"v_{name or column.key}", type_=column.type)


def below(table: sa.FromClause) -> sa.ColumnElement[bool]:
    """Return the condition that a row lies under the officer: in their district and, if any, their street."""
    is_of_street = (sa.literal_column("0") == STREET) | (table.c.street_id == STREET)
    return (table.c.district_id == DISTRICT) & is_of_street


def tenant_column() -> sa.Column[int]:
    """Return the tenant key column: the first column of every key of a tenant table."""
    return sa.Column("community_id", sa.Integer(), nullable=False)


def belongs(column: str, table: sa.Table, name: str | None = None) -> sa.ForeignKeyConstraint:
    """Return the foreign key of a column to the id of a row of the same community."""
    return sa.ForeignKeyConstraint(
        ["community_id", column], [table.c.community_id, table.c.id], name=name
    )


def member(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    """Return a column that names a member; a member's export finds their rows by these columns."""
    return sa.Column(name, UUID, nullable=nullable, info={"member": True})


def officer(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    """Give a column that names an officer and never a member, found for the officer's export."""
    return sa.Column(name, UUID, nullable=nullable, info={"officer": True})


def text(name: str, most: int, *, nullable: bool = False) -> sa.Column[str]:
    """Return a text column; `most`, in characters, is used to calculate the largest answer."""
    return sa.Column(name, sa.Text(), nullable=nullable, info={"most": most})


def one_of(column: str, values: Iterable[str]) -> sa.CheckConstraint:
    """Return the CHECK that a text column holds one of these values."""
    words = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} in ({words})", name=f"{column}_known")


def length(column: str, most: int) -> sa.CheckConstraint:
    """Return the CHECK that a text column is neither empty nor longer than `most` characters."""
    return sa.CheckConstraint(
        f"char_length({column}) between 1 and {most}", name=f"{column}_length"
    )


def local_day(moment: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Return the day of a moment in Shanghai."""
    return sa.cast(sa.func.timezone(sa.literal_column("'Asia/Shanghai'"), moment), sa.Date())


def among(column: sa.ColumnElement[str], *words: str) -> sa.ColumnElement[bool]:
    """Return the condition that a column is one of these constants, rendered as literals."""
    return column.in_([sa.literal_column(f"'{word}'") for word in words])
