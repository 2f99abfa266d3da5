"""How a post is found by what it says."""

from tenants.boards.tables import post_terms
from tenants.terms import TermIndex

TERMS = TermIndex(post_terms, post_terms.c.post_id)
