"""The verbs of the boards, one file a noun."""

from tenants.boards.service import forgetting

__all__ = ["forgetting"]
