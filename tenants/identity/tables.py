"""These tables keep persons, logins, the places they belong to, sessions and refresh tokens."""

import sqlalchemy as sa

from tenants.columns import METADATA, TEXTS, TIME, UUID, one_of

PLACES = ("COMMUNITY", "DISTRICT", "DEPARTMENT")
PROVIDERS = ("WECHAT", "DEMO", "OIDC", "KEY")
ENDINGS = ("LOGOUT", "REVOKED", "REUSED", "ERASED")

# A human being, who may belong to several communities. No personal data is stored here.
persons = sa.Table(
    "person",
    METADATA,
    sa.Column("id", UUID, primary_key=True),
    sa.Column("created_at", TIME, nullable=False),
    schema="identity",
)

# A provider's identity of a person: a blind index of the provider's name for them, never the name.
logins = sa.Table(
    "login",
    METADATA,
    sa.Column("provider", sa.Text(), nullable=False),
    sa.Column("subject_index", sa.LargeBinary(), nullable=False),
    sa.Column("person_id", UUID, nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    sa.PrimaryKeyConstraint("provider", "subject_index"),
    sa.ForeignKeyConstraint(["person_id"], [persons.c.id], name="login_of_person"),
    sa.Index("login_by_person", "person_id"),
    one_of("provider", PROVIDERS),
    schema="identity",
)

# A place that a person belongs to: `subject_id` is the member (or future member) or officer there.
# `number` is the community's, department's, street's or district's number; `place_id` is its id.
affiliations = sa.Table(
    "affiliation",
    METADATA,
    sa.Column("person_id", UUID, nullable=False),
    sa.Column("place", sa.Text(), nullable=False),
    sa.Column("number", sa.Integer(), nullable=False),
    sa.Column("place_id", UUID, nullable=False),
    sa.Column("subject_id", UUID, nullable=False, unique=True),
    sa.Column("created_at", TIME, nullable=False),
    # when the last access token for this place was issued: without one, none has to be revoked
    sa.Column("minted_at", TIME),
    sa.PrimaryKeyConstraint("person_id", "place", "number"),
    sa.ForeignKeyConstraint(["person_id"], [persons.c.id], name="affiliation_of_person"),
    one_of("place", PLACES),
    schema="identity",
)

# One signed-in device: a family of refresh tokens that follow each other. `subject_id` is the
# subject of its next access token. A script's session is restricted to `scopes` and ends with the
# session it was made from, its `parent_id`.
sessions = sa.Table(
    "session",
    METADATA,
    sa.Column("id", UUID, primary_key=True),
    sa.Column("person_id", UUID, nullable=False),
    sa.Column("client_id", sa.Text(), nullable=False),
    sa.Column("subject_id", UUID),
    sa.Column("scopes", TEXTS),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("used_at", TIME, nullable=False),
    sa.Column("expires_at", TIME, nullable=False),
    sa.Column("ended_at", TIME),
    sa.Column("ending", sa.Text()),
    sa.Column("parent_id", UUID),
    # when the person's access tokens were revoked after the end: if that failed, it is done later
    sa.Column("tokens_ended_at", TIME),
    sa.ForeignKeyConstraint(["person_id"], [persons.c.id], name="session_of_person"),
    sa.Index("session_by_person", "person_id", "id"),
    sa.Index("session_by_end", "ended_at", postgresql_where=sa.text("ended_at is not null")),
    sa.Index("session_by_expiry", "expires_at"),
    one_of("ending", ENDINGS),
    schema="identity",
)

# Hashes only. A rotated token may be used again for a short time (GRACE).
refresh_tokens = sa.Table(
    "refresh_token",
    METADATA,
    sa.Column("token_hash", sa.LargeBinary(), primary_key=True),
    sa.Column("session_id", UUID, nullable=False),
    sa.Column("issued_at", TIME, nullable=False),
    sa.Column("rotated_at", TIME),
    sa.ForeignKeyConstraint(["session_id"], [sessions.c.id], name="token_of_session"),
    sa.Index("refresh_token_by_session", "session_id"),
    sa.Index(
        "refresh_token_by_rotation",
        "rotated_at",
        postgresql_where=sa.text("rotated_at is not null"),
    ),
    schema="identity",
)

# The authenticator of a person who signs in with a key: its sealed secret, and the last time step that
# was used (RFC 6238 §5.2: a code is good once).
authenticators = sa.Table(
    "authenticator",
    METADATA,
    sa.Column("person_id", UUID, primary_key=True),
    sa.Column("secret", sa.Text(), nullable=False),
    sa.Column("used_step", sa.BigInteger(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    sa.ForeignKeyConstraint(["person_id"], [persons.c.id], name="authenticator_of_person"),
    schema="identity",
)

# A mark of each key of the ring that something here was sealed with (ring_marks.py).
ring_marks = sa.Table(
    "ring_mark",
    METADATA,
    sa.Column("kid", sa.Text(), primary_key=True),
    sa.Column("mark", sa.LargeBinary(), nullable=False),
    schema="identity",
)

# Failed proofs, by a blind index of what was tried: an app's name, a person's guesses.
attempts = sa.Table(
    "attempt",
    METADATA,
    sa.Column("what", sa.LargeBinary(), primary_key=True),
    sa.Column("failures", sa.Integer(), nullable=False),
    sa.Column("since", TIME, nullable=False),
    schema="identity",
)
