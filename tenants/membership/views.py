"""Expressions over members that the schema shows."""

import sqlalchemy as sa

from tenants.membership.tables import members

has_role = sa.bindparam("argument role", type_=sa.Text()) == sa.any_(members.c.roles)
