"""The service of officers brings invitations."""

from tenants.domain import Domain, Export
from tenants.officers import policy
from tenants.officers.tables import invitations

DOMAIN = Domain(
    name="officers",
    tables=(invitations,),
    policies=(policy,),
    procedures=(policy.INVITATIONS, policy.DEPARTMENTS),
    export=Export(
        withheld={invitations.c.idempotency_key: "a client's own key, good for nothing else"}
    ),
)
