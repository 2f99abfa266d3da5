"""Trusted documents: what a released client may send by id, and nothing else."""
