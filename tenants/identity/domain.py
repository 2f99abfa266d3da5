"""Sign-in brings tables that no community has. It erases a person itself (persons.py)."""

from tenants.domain import Domain
from tenants.identity import tables as t

DOMAIN = Domain(
    name="identity",
    tables=(
        t.persons,
        t.logins,
        t.affiliations,
        t.sessions,
        t.refresh_tokens,
        t.authenticators,
        t.ring_marks,
        t.attempts,
    ),
    keeps={
        t.attempts: "a blind index of what was tried, for as long as it counts",
        t.ring_marks: "it names a key of the ring, and no person",
    },
)
