"""This is what the audit brings to the whole."""

from tenants.audit import policy, service
from tenants.audit import tables as t
from tenants.audit.checkpoints import Checkpoints
from tenants.domain import Domain, Export

_ID_ONLY = "an id, a key and a time, for 7 days"

DOMAIN = Domain(
    name="audit",
    tables=(
        t.audit_entries,
        t.audit_heads,
        t.audit_checkpoints,
        t.outbox_events,
        t.idempotency_keys,
        t.district_entries,
        t.district_heads,
        t.district_keys,
    ),
    policies=(policy,),
    sweeps=(Checkpoints.of,),
    erases=(service.FORGET,),
    keeps={
        t.district_entries: "who did what stays; reasons go by audit.forget_reasons_above",
        t.idempotency_keys: _ID_ONLY,
        t.district_keys: _ID_ONLY,
    },
    export=Export(
        why={
            t.audit_entries: "done by them or to them",
            t.idempotency_keys: "asked by them",
        },
        withheld={
            table.c.key: "a client's own key, good for nothing else"
            for table in (t.idempotency_keys, t.district_keys)
        },
    ),
)
