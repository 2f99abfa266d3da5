"""The verbs of petitions, one file a noun."""

from tenants.petitions.service import forgetting

__all__ = ["forgetting"]
