"""Owners of property areas: the register of exclusive parts, and the owners' own rules."""
