"""These tables keep the apps registered in a community."""

import sqlalchemy as sa

from tenants.columns import (
    METADATA,
    TEXTS,
    TIME,
    UUID,
    belongs,
    length,
    member,
    one_of,
    tenant_column,
    text,
)
from tenants.membership.tables import DISPLAY_NAME_LENGTH, NOTE_LENGTH
from tenants.places.tables import communities
from tenants.scopes import APP_SCOPES
from tenants.words import Words, word

CONTACT_LENGTH = 120
MOST_APPS = 50
MOST_OLD_SECRETS = 20


class AppState(Words):
    """应用停用后不能登录。An app that is suspended cannot sign in."""

    ACTIVE = word("可用", "It may sign in and read")
    SUSPENDED = word("暂停，不能登录", "It is suspended and may not sign in")


_SCOPES = ", ".join(f"'{scope}'" for scope in sorted(APP_SCOPES))

# `registered_by` is a secretary of the community or an officer above it. A secret is stored as its
# hash; `old_secret_until` is when the last of the older secrets stops working.
apps = sa.Table(
    "app",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("district_id", sa.Integer(), nullable=False),
    sa.Column("street_id", sa.Integer(), nullable=False),
    text("display_name", DISPLAY_NAME_LENGTH),
    text("contact", CONTACT_LENGTH),
    sa.Column("scopes", TEXTS, nullable=False),
    sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
    sa.Column("secret_at", TIME, nullable=False),
    sa.Column("old_secret_until", TIME),
    sa.Column("state", sa.Text(), nullable=False),
    text("suspended_reason", NOTE_LENGTH, nullable=True),
    sa.Column("suspended_from_above", sa.Boolean(), nullable=False),
    sa.Column("permission_version", sa.Integer(), nullable=False),
    member("registered_by"),
    sa.Column("registered_from_above", sa.Boolean(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.ForeignKeyConstraint(
        ["community_id"], [communities.c.community_id], name="app_of_community"
    ),
    one_of("state", AppState),
    length("display_name", DISPLAY_NAME_LENGTH),
    length("contact", CONTACT_LENGTH),
    sa.CheckConstraint(
        f"cardinality(scopes) > 0 and scopes <@ array[{_SCOPES}]", name="scopes_of_an_app"
    ),
    sa.CheckConstraint(
        "(state = 'SUSPENDED') = (suspended_reason is not null) "
        "and (state = 'SUSPENDED' or not suspended_from_above)",
        name="suspended_for_a_reason",
    ),
    # an officer's list
    sa.Index("app_by_district", "district_id", "id"),
    schema="tenant",
)

# Each works until its own end: an operator who rotates again after a lost answer locks nobody out.
old_app_secrets = sa.Table(
    "old_app_secret",
    METADATA,
    tenant_column(),
    sa.Column("app_id", UUID, nullable=False),
    sa.Column("hash", sa.LargeBinary(), nullable=False),
    sa.Column("until", TIME, nullable=False),
    sa.PrimaryKeyConstraint("community_id", "app_id", "hash"),
    belongs("app_id", apps, "old_secret_of_app"),
    schema="tenant",
)
