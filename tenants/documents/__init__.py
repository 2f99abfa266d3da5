"""Trusted documents are the only operations that a released client may send, by id."""
