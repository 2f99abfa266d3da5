"""Secret ballots: who keeps the keys, envelopes, statements, and the lists that are published."""

from alembic import op

from migrations.walls import wall

revision = "0041"
down_revision = "0040"

TABLES = """
CREATE TABLE tenant.vote_scrutineer (
    community_id INTEGER NOT NULL,
    vote_id UUID NOT NULL,
    place INTEGER NOT NULL,
    member_id UUID,
    name TEXT NOT NULL,
    side TEXT NOT NULL,
    identity BYTEA,
    seal_key BYTEA,
    sign_key BYTEA,
    shown_at TIMESTAMP WITH TIME ZONE,
    destroyed_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (community_id, vote_id, place),
    CONSTRAINT scrutineer_of_vote FOREIGN KEY(community_id, vote_id) REFERENCES tenant.vote (community_id, id),
    CONSTRAINT scrutineer_is_member FOREIGN KEY(community_id, member_id) REFERENCES tenant.member (community_id, id),
    CONSTRAINT name_length CHECK (char_length(name) between 1 and 60),
    CONSTRAINT side_known CHECK (side in ('COMMITTEE', 'SUPERVISORS', 'RESIDENTS', 'STREET', 'LAWYER', 'PROGRAM')),
    CONSTRAINT one_of_three CHECK (place between 1 and 3),
    CONSTRAINT program_or_member CHECK ((side = 'PROGRAM') = (identity is not null) and (side = 'PROGRAM') = (member_id is null)),
    CONSTRAINT keys_shown_together CHECK ((seal_key is null) = (sign_key is null) and (seal_key is null) = (shown_at is null) and (destroyed_at is null or shown_at is not null)),
    CONSTRAINT identity_size CHECK (octet_length(identity) = 32),
    CONSTRAINT seal_key_size CHECK (octet_length(seal_key) = 32),
    CONSTRAINT sign_key_size CHECK (octet_length(sign_key) = 32),
    CONSTRAINT one_place_a_member UNIQUE (community_id, vote_id, member_id),
    CONSTRAINT one_place_a_program UNIQUE (community_id, vote_id, identity),
    CONSTRAINT one_place_a_key UNIQUE (community_id, vote_id, seal_key)
);

CREATE TABLE tenant.vote_statement (
    community_id INTEGER NOT NULL,
    vote_id UUID NOT NULL,
    number INTEGER NOT NULL,
    body TEXT NOT NULL,
    signature BYTEA NOT NULL,
    PRIMARY KEY (community_id, vote_id, number),
    CONSTRAINT statement_of_vote FOREIGN KEY(community_id, vote_id) REFERENCES tenant.vote (community_id, id),
    CONSTRAINT signature_size CHECK (octet_length(signature) = 64),
    CONSTRAINT notice_length CHECK (number > 0 or char_length(body) <= 20000)
);

CREATE TABLE tenant.vote_envelope (
    community_id INTEGER NOT NULL,
    vote_id UUID NOT NULL,
    roll_id UUID NOT NULL,
    voter_id UUID NOT NULL,
    hash BYTEA NOT NULL,
    sealed BYTEA,
    first_at TIMESTAMP WITH TIME ZONE NOT NULL,
    cast_at TIMESTAMP WITH TIME ZONE NOT NULL,
    receipt TEXT NOT NULL,
    signature BYTEA NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (community_id, vote_id, voter_id),
    CONSTRAINT envelope_of_vote FOREIGN KEY(community_id, vote_id) REFERENCES tenant.vote (community_id, id),
    CONSTRAINT envelope_of_voter FOREIGN KEY(community_id, roll_id, voter_id) REFERENCES tenant.vote_voter (community_id, roll_id, voter_id),
    CONSTRAINT envelope_is_nobody_elses UNIQUE (community_id, vote_id, hash),
    CONSTRAINT hash_size CHECK (octet_length(hash) = 32),
    CONSTRAINT sealed_size CHECK (octet_length(sealed) = 480),
    CONSTRAINT signature_size CHECK (octet_length(signature) = 64),
    CONSTRAINT receipt_length CHECK (char_length(receipt) between 1 and 200)
)
 WITH (fillfactor = 60);

CREATE TABLE tenant.vote_opening (
    community_id INTEGER NOT NULL,
    vote_id UUID NOT NULL,
    first INTEGER NOT NULL,
    second INTEGER NOT NULL,
    body TEXT NOT NULL,
    signature BYTEA NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (community_id, vote_id, first, second),
    CONSTRAINT opening_of_vote FOREIGN KEY(community_id, vote_id) REFERENCES tenant.vote (community_id, id),
    CONSTRAINT a_pair CHECK (1 <= "first" and "first" < "second" and "second" <= 3),
    CONSTRAINT signature_size CHECK (octet_length(signature) = 64)
);

CREATE TABLE tenant.vote_list (
    community_id INTEGER NOT NULL,
    vote_id UUID NOT NULL,
    kind TEXT NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (community_id, vote_id, kind),
    CONSTRAINT list_of_vote FOREIGN KEY(community_id, vote_id) REFERENCES tenant.vote (community_id, id),
    CONSTRAINT kind_known CHECK (kind in ('URN', 'BALLOTS', 'INVALID'))
);
"""

VOTES = """
ALTER TABLE tenant.vote ADD COLUMN secrecy TEXT NOT NULL DEFAULT 'RECORDED', ADD COLUMN keys_shown INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tenant.vote ALTER COLUMN secrecy DROP DEFAULT, ALTER COLUMN keys_shown DROP DEFAULT;
ALTER TABLE tenant.vote DROP CONSTRAINT state_known, DROP CONSTRAINT poll_is_short;
ALTER TABLE tenant.vote
    ADD CONSTRAINT state_known CHECK (state in ('DRAFT', 'NOTICED', 'OPEN', 'CLOSED', 'COUNTING', 'TALLIED', 'PUBLISHED', 'FINAL', 'VOID', 'ANNULLED', 'ORDERED_TO_CORRECT', 'REVOKED')),
    ADD CONSTRAINT secrecy_known CHECK (secrecy in ('RECORDED', 'SECRET')),
    ADD CONSTRAINT poll_is_short CHECK (track = 'DECISION' or state in ('DRAFT', 'OPEN', 'COUNTING', 'CLOSED', 'VOID')),
    ADD CONSTRAINT secret_by_three_keys CHECK (keys_shown between 0 and 3 and (secrecy = 'SECRET' or keys_shown = 0 and state <> 'COUNTING') and (secrecy = 'RECORDED' or keys_shown = 3 or state in ('DRAFT', 'NOTICED', 'VOID')));
ALTER TABLE tenant.vote_event DROP CONSTRAINT action_known;
ALTER TABLE tenant.vote_event ADD CONSTRAINT action_known CHECK (action in ('STARTED', 'MATTER_ADDED', 'NOTICED', 'KEYS_SHOWN', 'OPENED', 'CLOSED', 'TALLIED', 'COUNTED', 'PUBLISHED', 'FINALISED', 'LAPSED', 'VOIDED', 'OVERTURNED'));
ALTER TABLE tenant.vote_due ADD COLUMN scrutiny BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE tenant.vote_due ALTER COLUMN scrutiny DROP DEFAULT;
CREATE INDEX vote_due_scrutiny ON tenant.vote_due (district_id) WHERE scrutiny;
"""

_STATES = "'DRAFT', 'NOTICED', 'OPEN', 'CLOSED', 'TALLIED', 'PUBLISHED', 'FINAL', 'VOID', 'ANNULLED', 'ORDERED_TO_CORRECT', 'REVOKED'"
_ACTIONS = "'STARTED', 'MATTER_ADDED', 'NOTICED', 'OPENED', 'CLOSED', 'TALLIED', 'PUBLISHED', 'FINALISED', 'VOIDED', 'OVERTURNED'"


def upgrade() -> None:
    """Create the tables with their row security, and let votes be secret."""
    op.execute(VOTES)
    op.execute(TABLES)
    wall("tenant.vote_scrutineer", app="select, insert, update")
    # what was said and listed never changes, and an envelope is never deleted
    wall("tenant.vote_statement", app="select, insert")
    wall("tenant.vote_envelope", app="select, insert, update")
    wall("tenant.vote_opening", app="select, insert")
    wall("tenant.vote_list", app="select, insert")


def downgrade() -> None:
    """Drop the tables, and take secrecy off votes."""
    op.execute(
        "drop table tenant.vote_list, tenant.vote_opening, tenant.vote_envelope, tenant.vote_statement, tenant.vote_scrutineer"
    )
    op.execute("alter table tenant.vote_due drop column scrutiny")
    op.execute(f"""
ALTER TABLE tenant.vote_event DROP CONSTRAINT action_known;
ALTER TABLE tenant.vote_event ADD CONSTRAINT action_known CHECK (action in ({_ACTIONS}));
ALTER TABLE tenant.vote DROP CONSTRAINT secret_by_three_keys, DROP CONSTRAINT poll_is_short, DROP CONSTRAINT state_known;
ALTER TABLE tenant.vote DROP COLUMN secrecy, DROP COLUMN keys_shown;
ALTER TABLE tenant.vote
    ADD CONSTRAINT state_known CHECK (state in ({_STATES})),
    ADD CONSTRAINT poll_is_short CHECK (track = 'DECISION' or state in ('DRAFT', 'OPEN', 'CLOSED', 'VOID'))""")
