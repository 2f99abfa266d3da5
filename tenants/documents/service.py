"""Register trusted documents, and keep a copy of them in each worker."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from hashlib import sha256

import psycopg
import sqlalchemy as sa

from tenants.db import Database
from tenants.documents.tables import trusted_documents
from tenants.rounds import again
from tenants.viewer import system

_ADD = """insert into reference.trusted_document (client_id, id, text, registered_at)
  values (%s, %s, %s, now()) on conflict do nothing"""


def id_of(text: str) -> str:
    """Return a document's id: the SHA-256 of its text in UTF-8, 64 hexadecimal digits."""
    return sha256(text.encode()).hexdigest()


def register(admin_url: str, client_id: str, texts: list[str]) -> int:
    """Allow a client to send these documents, all or none; return how many are new."""
    with psycopg.connect(admin_url) as connection, connection.cursor() as cursor:
        cursor.executemany(_ADD, [(client_id, id_of(text), text) for text in texts])
        return cursor.rowcount


def unbind(admin_url: str, client_id: str) -> int:
    """Delete the documents of a client, which may send any text again; return how many there were."""
    with psycopg.connect(admin_url) as connection, connection.cursor() as cursor:
        cursor.execute("delete from reference.trusted_document where client_id = %s", [client_id])
        return cursor.rowcount


class TrustedDocuments:
    """It is a worker's copy of the registered documents, at most `seconds` old.

    A request only reads memory, so an unknown id costs no statement.
    """

    def __init__(self, database: Database, seconds: float) -> None:
        self._database = database
        self._seconds = seconds
        self._texts: Mapping[tuple[str, str], str] = {}
        self._clients: frozenset[str] = frozenset()
        self._version: tuple[object, ...] | None = None

    def kept(self) -> AbstractAsyncContextManager[None]:
        """Repeat the refresh for the length of the block."""
        return again(self.look, seconds=self._seconds, first=self._seconds, what="documents")

    async def look(self) -> None:
        """Load the documents if any were registered since the last refresh."""
        async with self._database.command(system(0)) as tx:
            version = await tx.row(_VERSION)
            if version is None or tuple(version) == self._version:
                return
            rows = await tx.rows(_ALL)
        self._texts = {(row["client_id"], row["id"]): row["text"] for row in rows}
        self._clients = frozenset(row["client_id"] for row in rows)
        self._version = tuple(version)

    def binds(self, client_id: str) -> bool:
        """Return whether a client may send ids only: true once one document is registered for it."""
        return client_id in self._clients

    def text(self, client_id: str, document_id: str) -> str | None:
        """Return the text of a document that the client may send; None if there is none."""
        return self._texts.get((client_id, document_id.removeprefix("sha256:")))


_ALL = sa.select(trusted_documents.c.client_id, trusted_documents.c.id, trusted_documents.c.text)
_VERSION = sa.select(sa.func.count(), sa.func.max(trusted_documents.c.registered_at)).select_from(
    trusted_documents
)
