"""The trace of every verb, written in the verb's own transaction."""

from tenants.audit.service import (
    Once,
    begin,
    forget_reasons,
    forget_reasons_about,
    keep,
    once,
    record,
    record_above,
)

__all__ = [
    "Once",
    "begin",
    "forget_reasons",
    "forget_reasons_about",
    "keep",
    "once",
    "record",
    "record_above",
]
