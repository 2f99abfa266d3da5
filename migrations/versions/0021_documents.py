"""Trusted documents: the only ones that a registered client may send."""

from alembic import op

revision = "0021"
down_revision = "0020"

TABLE = """
CREATE TABLE reference.trusted_document (
    client_id TEXT NOT NULL,
    id TEXT NOT NULL,
    text TEXT NOT NULL,
    registered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT trusted_document_pkey PRIMARY KEY (client_id, id),
    CONSTRAINT id_of_text CHECK (id = encode(sha256(convert_to(text, 'UTF8')), 'hex'))
)
"""


def upgrade() -> None:
    """Create the table, which the server's logins can only read."""
    op.execute(TABLE)
    op.execute("grant select on reference.trusted_document to linli_district")


def downgrade() -> None:
    """Drop the table."""
    op.execute("drop table reference.trusted_document")
