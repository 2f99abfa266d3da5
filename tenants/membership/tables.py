"""Persons, their membership in a community, and the officers of a district or street."""

import sqlalchemy as sa

from tenants.columns import METADATA, TEXTS, TIME, UUID, length, one_of, tenant_column, text
from tenants.places.tables import communities

STATES = ("ACTIVE", "SUSPENDED", "MOVED_OUT")
ROLES = ("RESIDENT", "COMMITTEE_MEMBER", "PARTY_SECRETARY")
DISPLAY_NAME_LENGTH = 30

# A human being, who may belong to several communities. Nothing personal is kept here yet.
persons = sa.Table(
    "person",
    METADATA,
    sa.Column("id", UUID, primary_key=True),
    sa.Column("created_at", TIME, nullable=False),
    schema="identity",
)

members = sa.Table(
    "member",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("person_id", UUID, nullable=False),
    text("display_name", DISPLAY_NAME_LENGTH),
    sa.Column("building", sa.Text()),
    sa.Column("roles", TEXTS, nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    # Raised by every change of roles or state: a token that carries an older one is refused.
    sa.Column("permission_version", sa.Integer(), nullable=False),
    sa.Column("joined_at", TIME, nullable=False),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.UniqueConstraint("community_id", "person_id"),
    sa.ForeignKeyConstraint(["community_id"], [communities.c.community_id]),
    one_of("state", STATES),
    length("display_name", DISPLAY_NAME_LENGTH),
    sa.CheckConstraint(
        "cardinality(roles) > 0 and roles <@ array[{}]".format(
            ", ".join(f"'{role}'" for role in ROLES)
        ),
        name="roles_known",
    ),
    schema="tenant",
)

# Who administers a district (street_id 0) or one of its streets.
officers = sa.Table(
    "officer",
    METADATA,
    sa.Column("district_id", sa.Integer(), nullable=False),
    sa.Column("id", UUID, nullable=False),
    sa.Column("street_id", sa.Integer(), nullable=False),
    sa.Column("person_id", UUID, nullable=False),
    text("display_name", DISPLAY_NAME_LENGTH),
    sa.Column("roles", TEXTS, nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("permission_version", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("district_id", "id"),
    one_of("state", STATES),
    length("display_name", DISPLAY_NAME_LENGTH),
    sa.CheckConstraint("roles = array['DISTRICT_ADMIN']", name="roles_known"),
    schema="district",
)
