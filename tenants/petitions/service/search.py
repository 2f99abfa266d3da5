"""A petition is found by what it says."""

from tenants.petitions.tables import petition_terms
from tenants.terms import TermIndex

TERMS = TermIndex(petition_terms, petition_terms.c.petition_id)
