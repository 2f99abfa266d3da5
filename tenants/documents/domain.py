"""This is what trusted documents bring to the whole."""

from tenants.documents.tables import trusted_documents
from tenants.domain import Domain

DOMAIN = Domain(name="documents", tables=(trusted_documents,))
