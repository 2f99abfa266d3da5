"""What sign-in brings: tables that no community has; a person's data there is exported and erased there."""

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
        t.attempts,
    ),
)
