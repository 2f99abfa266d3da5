"""Signatures: a household agrees to a text. Nothing follows for who does not sign."""

import sqlalchemy as sa

from tenants.columns import METADATA, TIME, UUID, member, one_of, tenant_column
from tenants.membership.tables import households
from tenants.pacts.tables import pacts
from tenants.pacts.versions import pact_versions
from tenants.pacts.words import SignatureState, SigningChannel

# A household is one address in its normal form (tenants.addresses). `member_id` is who signed online;
# what came on paper or with help is entered by one and confirmed by another.
pact_signatures = sa.Table(
    "pact_signature",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("pact_id", UUID, nullable=False),
    sa.Column("version_id", UUID, nullable=False),
    sa.Column("household_id", UUID, nullable=False),
    sa.Column("channel", sa.Text(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("made_at", TIME, nullable=False),
    member("member_id", nullable=True),
    member("entered_by", nullable=True),
    member("confirmed_by", nullable=True),
    sa.Column("confirmed_at", TIME),
    sa.Column("withdrawn_at", TIME),
    member("withdrawn_by", nullable=True),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.ForeignKeyConstraint(
        ["community_id", "pact_id"], [pacts.c.community_id, pacts.c.id], name="signature_on_pact"
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "version_id"],
        [pact_versions.c.community_id, pact_versions.c.id],
        name="signature_on_version",
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "household_id"],
        [households.c.community_id, households.c.id],
        name="signature_of_household",
    ),
    one_of("channel", SigningChannel),
    one_of("state", SignatureState),
    sa.CheckConstraint(
        "(channel = 'ONLINE') = (member_id is not null) and (channel = 'ONLINE') = (entered_by is null)",
        name="signed_or_entered",
    ),
    sa.CheckConstraint(
        "confirmed_by <> entered_by and (confirmed_by is null) = (confirmed_at is null) and "
        "(state <> 'PENDING' or (channel <> 'ONLINE' and confirmed_by is null)) and "
        "(state <> 'VALID' or channel = 'ONLINE' or confirmed_by is not null)",
        name="confirmed_by_another",
    ),
    sa.CheckConstraint("(state = 'WITHDRAWN') = (withdrawn_at is not null)", name="withdrawn_when"),
    # a household once, under each text
    sa.Index(
        "pact_signature_of_household",
        "community_id",
        "version_id",
        "household_id",
        unique=True,
        postgresql_where=sa.text("state <> 'WITHDRAWN'"),
    ),
    sa.Index("pact_signature_of_pact", "community_id", "pact_id", "id"),
    schema="tenant",
)
