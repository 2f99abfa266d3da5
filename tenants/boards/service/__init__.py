"""The verbs of the boards, one file for each noun."""

from tenants.boards.service import forgetting

__all__ = ["forgetting"]
