"""The trace of every verb, written in the verb's own transaction."""

from tenants.audit.service import Once, begin, keep, once, record

__all__ = ["Once", "begin", "keep", "once", "record"]
