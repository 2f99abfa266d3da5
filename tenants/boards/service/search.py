"""Posts are found by these search terms."""

from tenants.boards.tables import post_terms
from tenants.terms import TermIndex

TERMS = TermIndex(post_terms, post_terms.c.post_id)
