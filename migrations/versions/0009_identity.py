"""Sign-in: logins, affiliations, sessions, refresh tokens, failed attempts. None has a tenant."""

from alembic import op

revision = "0009"
down_revision = "0008"

TABLES = """
CREATE TABLE identity.login (
    provider TEXT NOT NULL,
    subject_index BYTEA NOT NULL,
    person_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (provider, subject_index),
    CONSTRAINT login_of_person FOREIGN KEY(person_id) REFERENCES identity.person (id),
    CONSTRAINT provider_known CHECK (provider in ('WECHAT', 'DEMO'))
);
CREATE INDEX login_by_person ON identity.login (person_id);

CREATE TABLE identity.affiliation (
    person_id UUID NOT NULL,
    place TEXT NOT NULL,
    number INTEGER NOT NULL,
    place_id UUID NOT NULL,
    subject_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (person_id, place, number),
    CONSTRAINT affiliation_of_person FOREIGN KEY(person_id) REFERENCES identity.person (id),
    CONSTRAINT place_known CHECK (place in ('COMMUNITY', 'DISTRICT')),
    UNIQUE (subject_id)
);

CREATE TABLE identity.session (
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    client_id TEXT NOT NULL,
    subject_id UUID,
    scopes TEXT[],
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    ending TEXT,
    PRIMARY KEY (id),
    CONSTRAINT session_of_person FOREIGN KEY(person_id) REFERENCES identity.person (id),
    CONSTRAINT ending_known CHECK (ending in ('LOGOUT', 'REVOKED', 'REUSED', 'ERASED'))
);
CREATE INDEX session_by_person ON identity.session (person_id, id);

CREATE TABLE identity.refresh_token (
    token_hash BYTEA NOT NULL,
    session_id UUID NOT NULL,
    issued_at TIMESTAMP WITH TIME ZONE NOT NULL,
    rotated_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (token_hash),
    CONSTRAINT token_of_session FOREIGN KEY(session_id) REFERENCES identity.session (id)
);
CREATE INDEX refresh_token_by_session ON identity.refresh_token (session_id);

CREATE TABLE identity.attempt (
    what BYTEA NOT NULL,
    failures INTEGER NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (what)
);
"""
NAMES = "identity.login, identity.affiliation, identity.session, identity.refresh_token, identity.attempt"


def upgrade() -> None:
    """Create the tables; only one role can read them."""
    op.execute(TABLES)
    op.execute(f"grant select, insert, update, delete on {NAMES} to linli_identity")
    op.execute("grant delete on identity.person to linli_identity")


def downgrade() -> None:
    """Drop the tables."""
    op.execute(f"drop table {NAMES}")
