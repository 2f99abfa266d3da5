"""Inspections: an officer's look into one community, for a reason and for a while."""
