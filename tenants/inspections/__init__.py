"""Inspections: an officer reads one community, for a reason and for a limited time."""
