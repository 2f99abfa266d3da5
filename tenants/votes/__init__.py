"""Votes: what is asked, of whom, how it is counted, and what was decided."""
