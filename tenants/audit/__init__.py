"""The trace of every verb, written in the verb's own transaction."""

from tenants.audit.service import Once, keep, once, record

__all__ = ["Once", "keep", "once", "record"]
