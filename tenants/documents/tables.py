"""The server's operator registered these documents; no login of the server can add one."""

import sqlalchemy as sa

from tenants.columns import METADATA, TIME

# `id` is the SHA-256 of the text in hexadecimal. Rows are never deleted: installed versions of a
# client go on sending what they were built with.
trusted_documents = sa.Table(
    "trusted_document",
    METADATA,
    sa.Column("client_id", sa.Text(), nullable=False),
    sa.Column("id", sa.Text(), nullable=False),
    sa.Column("text", sa.Text(), nullable=False),
    sa.Column("registered_at", TIME, nullable=False),
    sa.PrimaryKeyConstraint("client_id", "id"),
    sa.CheckConstraint("id = encode(sha256(convert_to(text, 'UTF8')), 'hex')", name="id_of_text"),
    schema="reference",
)
