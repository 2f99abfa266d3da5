"""Signing in without WeChat: OpenID Connect, or a key and an authenticator. The ring is known again."""

from alembic import op

revision = "0052"
down_revision = "0051"

TABLES = """
CREATE TABLE identity.authenticator (
    person_id UUID NOT NULL,
    secret TEXT NOT NULL,
    used_step BIGINT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (person_id),
    CONSTRAINT authenticator_of_person FOREIGN KEY(person_id) REFERENCES identity.person (id)
);
CREATE TABLE identity.ring_mark (
    kid TEXT NOT NULL,
    mark BYTEA NOT NULL,
    PRIMARY KEY (kid)
);
"""
NAMES = "identity.authenticator, identity.ring_mark"


def upgrade() -> None:
    """Create the tables, which only the role of sign-in can see."""
    op.execute(TABLES)
    op.execute(f"grant select, insert, update, delete on {NAMES} to linli_identity")
    _providers("'WECHAT', 'DEMO', 'OIDC', 'KEY'")


def downgrade() -> None:
    """Drop the tables and forget who signed in that way."""
    op.execute("delete from identity.login where provider in ('OIDC', 'KEY')")
    _providers("'WECHAT', 'DEMO'")
    op.execute(f"drop table {NAMES}")


def _providers(known: str) -> None:
    op.execute("alter table identity.login drop constraint provider_known")
    op.execute(
        f"alter table identity.login add constraint provider_known check (provider in ({known}))"
    )
