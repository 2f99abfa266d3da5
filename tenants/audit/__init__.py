"""Every verb writes its audit entry in its own transaction."""

from tenants.audit.above import forget_reasons_above, record_above
from tenants.audit.keys import Once, keep, once
from tenants.audit.service import begin, record

__all__ = [
    "Once",
    "begin",
    "forget_reasons_above",
    "keep",
    "once",
    "record",
    "record_above",
]
