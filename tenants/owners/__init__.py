"""Owners of property areas have a register of exclusive parts, and their own rules."""
