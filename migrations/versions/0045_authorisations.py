"""What residents or villagers authorise their representatives to decide."""

from alembic import op

from migrations.walls import wall

revision = "0045"
down_revision = "0044"

TABLE = """
CREATE TABLE tenant.authorisation (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    matters TEXT[] NOT NULL,
    way TEXT NOT NULL,
    vote_id UUID,
    document TEXT,
    decided_on DATE NOT NULL,
    expires_on DATE,
    state TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by UUID NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    revoked_by UUID,
    revoke_reason TEXT,
    version INTEGER NOT NULL,
    PRIMARY KEY (community_id, id),
    CONSTRAINT authorisation_by_vote FOREIGN KEY(community_id, vote_id) REFERENCES tenant.vote (community_id, id),
    CONSTRAINT way_known CHECK (way in ('MEETING', 'CHARTER', 'CONSULTATION')),
    CONSTRAINT state_known CHECK (state in ('GIVEN', 'REVOKED')),
    CONSTRAINT document_length CHECK (char_length(document) between 1 and 500),
    CONSTRAINT revoke_reason_length CHECK (char_length(revoke_reason) between 1 and 500),
    CONSTRAINT of_some_matters CHECK (cardinality(matters) between 1 and 10),
    CONSTRAINT by_vote_or_document CHECK ((vote_id is null) = (document is not null) and (vote_id is null or way = 'MEETING')),
    CONSTRAINT expires_afterwards CHECK (decided_on <= expires_on),
    CONSTRAINT revoked_for_a_reason CHECK ((state = 'REVOKED') = (revoked_at is not null) and (state = 'REVOKED') = (revoke_reason is not null) and (state = 'REVOKED') = (revoked_by is not null))
)
"""


def upgrade() -> None:
    """Create the table, and name in a vote by which row representatives decide it."""
    op.execute(TABLE)
    wall("tenant.authorisation", app="select, insert, update")
    op.execute("alter table tenant.vote add column authorisation_id uuid")
    op.execute(
        "alter table tenant.vote add constraint vote_authorised "
        "foreign key (community_id, authorisation_id) references tenant.authorisation (community_id, id), "
        "add constraint only_decisions_are_authorised "
        "check (authorisation_id is null or track = 'DECISION')"
    )


def downgrade() -> None:
    """Take them away."""
    op.execute(
        "alter table tenant.vote drop constraint only_decisions_are_authorised, "
        "drop constraint vote_authorised, drop column authorisation_id"
    )
    op.execute("drop table tenant.authorisation")
