"""The columns and parameters that every table and statement shares."""

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


def tenant_column() -> sa.Column[int]:
    """Give the tenant key: first column of every key of a tenant table."""
    return sa.Column("community_id", sa.Integer(), nullable=False)


def member(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    """Give a column that names a member: what mentions a person is found by it, for their export."""
    return sa.Column(name, UUID, nullable=nullable, info={"member": True})


def text(name: str, most: int, *, nullable: bool = False) -> sa.Column[str]:
    """Give a column of text; `most`, in characters, is what the longest answer is reckoned from."""
    return sa.Column(name, sa.Text(), nullable=nullable, info={"most": most})


def one_of(column: str, values: Iterable[str]) -> sa.CheckConstraint:
    """State that a text column holds one of these words."""
    words = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} in ({words})", name=f"{column}_known")


def length(column: str, most: int) -> sa.CheckConstraint:
    """State that a text column is neither empty nor longer than `most` characters."""
    return sa.CheckConstraint(
        f"char_length({column}) between 1 and {most}", name=f"{column}_length"
    )


def among(column: sa.ColumnElement[str], *words: str) -> sa.ColumnElement[bool]:
    """State that a column holds one of these words of ours, written out and not as parameters."""
    return column.in_([sa.literal_column(f"'{word}'") for word in words])
