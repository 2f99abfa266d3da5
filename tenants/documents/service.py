"""Keeping the trusted documents, and a copy of them in each worker."""

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
    """Give a document's id: the SHA-256 of its text in UTF-8, 64 hexadecimal digits."""
    return sha256(text.encode()).hexdigest()


def register(admin_url: str, client_id: str, texts: list[str]) -> int:
    """Let a client send these, all or none; gives how many it could not send before."""
    with psycopg.connect(admin_url) as connection, connection.cursor() as cursor:
        cursor.executemany(_ADD, [(client_id, id_of(text), text) for text in texts])
        return cursor.rowcount


class TrustedDocuments:
    """A worker's copy of what is registered, at most `seconds` behind it.

    A request asks memory alone, so an id that nobody knows costs no statement.
    """

    def __init__(self, database: Database, seconds: float) -> None:
        self._database = database
        self._seconds = seconds
        self._texts: Mapping[tuple[str, str], str] = {}
        self._clients: frozenset[str] = frozenset()
        self._version: tuple[object, ...] | None = None

    def kept(self) -> AbstractAsyncContextManager[None]:
        """Look again and again for the length of the block."""
        return again(self.look, seconds=self._seconds, first=self._seconds, what="documents")

    async def look(self) -> None:
        """Take over what was registered since the last look."""
        async with self._database.command(system(0)) as tx:
            version = await tx.row(_VERSION)
            if version is None or tuple(version) == self._version:
                return
            rows = await tx.rows(_ALL)
        self._texts = {(row["client_id"], row["id"]): row["text"] for row in rows}
        self._clients = frozenset(row["client_id"] for row in rows)
        self._version = tuple(version)

    def binds(self, client_id: str) -> bool:
        """Say whether a client sends ids only: it does as soon as one document is registered for it."""
        return client_id in self._clients

    def text(self, client_id: str, document_id: str) -> str | None:
        """Give the text of a document that the client may send; None if there is none."""
        return self._texts.get((client_id, document_id.removeprefix("sha256:")))


_ALL = sa.select(trusted_documents.c.client_id, trusted_documents.c.id, trusted_documents.c.text)
_VERSION = sa.select(sa.func.count(), sa.func.max(trusted_documents.c.registered_at)).select_from(
    trusted_documents
)
