"""Owners: when their committee changes its term, and who was told of a special meeting."""

from alembic import op

from migrations.walls import wall

revision = "0048"
down_revision = "0047"

TABLE = """
CREATE TABLE tenant.owners_election (
    community_id INTEGER NOT NULL,
    area_id UUID NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE,
    document TEXT NOT NULL,
    entered_by UUID NOT NULL,
    entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (community_id, area_id, starts_on),
    CONSTRAINT election_of_area FOREIGN KEY(community_id, area_id) REFERENCES tenant.property_area (community_id, id),
    CONSTRAINT document_length CHECK (char_length(document) between 1 and 200),
    CONSTRAINT ends_afterwards CHECK (starts_on <= ends_on)
)
"""


def upgrade() -> None:
    """Add them; the meetings that there are were not special ones."""
    op.execute(TABLE)
    wall("tenant.owners_election", app="select, insert, update")
    op.execute(
        "alter table tenant.owners_assembly add column is_special boolean not null default false, "
        "add column told_on date, add column told_by text"
    )
    op.execute("alter table tenant.owners_assembly alter column is_special drop default")
    op.execute(
        "alter table tenant.owners_assembly "
        "add constraint told_by_a_letter check ((told_on is null) = (told_by is null)), "
        "add constraint told_by_length check (char_length(told_by) between 1 and 500)"
    )


def downgrade() -> None:
    """Take them away."""
    op.execute(
        "alter table tenant.owners_assembly drop constraint told_by_a_letter, drop column told_by, "
        "drop column told_on, drop column is_special"
    )
    op.execute("drop table tenant.owners_election")
