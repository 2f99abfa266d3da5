"""A person is signed in by a key and the six digits of an authenticator (RFC 6238).

The key is 99 bits of chance, shown once and kept as a blind index, like every login. The secret of
the authenticator is sealed. Each time step is good for one sign-in.
"""

import hmac
import secrets
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from pyotp import random_base32
from pyotp.totp import TOTP

from tenants.identity import lockout, persons
from tenants.identity.store import Store, inserted
from tenants.identity.tables import authenticators

PROVIDER = "KEY"
_STEP_SECONDS = 30
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no characters that look like others
_CHANCE, _GROUP = 20, 5


class WrongCode(Exception):
    """The key or the digits are wrong, or the digits were used."""


@dataclass(frozen=True)
class Enrolment:
    """The key and the secret are nobody's yet."""

    key: str
    secret: str

    def uri(self) -> str:
        """Return the address that an authenticator app reads as a QR code."""
        name = self.key.partition("-")[0]
        return TOTP(self.secret).provisioning_uri(name=name, issuer_name="Linli")


def new() -> Enrolment:
    """Return a new key and a new secret."""
    chance = "".join(secrets.choice(_ALPHABET) for _ in range(_CHANCE))
    groups = (chance[at : at + _GROUP] for at in range(0, _CHANCE, _GROUP))
    return Enrolment("-".join(groups), random_base32())


async def enrol(store: Store, enrolment: Enrolment, digits: str) -> UUID:
    """Create a person who signs in with this key and secret; return their id.

    Raise WrongCode where the digits are not the secret's, or the key is somebody's already.
    """
    step = _step_of(enrolment.secret, digits, store)
    if step is None:
        raise WrongCode
    person = await persons.signed_in(store, PROVIDER, plain(enrolment.key))
    if await store.row(_OF, person_id=person) is not None:
        raise WrongCode
    await store.run(
        inserted(authenticators),
        person_id=person,
        secret=store.ring.seal(enrolment.secret, context=context(person)),
        used_step=step,
        created_at=store.now,
    )
    return person


async def prove(store: Store, key: str, digits: str) -> UUID | None:
    """Return the person of a key whose digits are right and new; None otherwise.

    The attempt is counted: raise lockout.LockedOut after five failures. Commit either way.
    """
    await lockout.tried(store, _attempt(key))
    person = await persons.known(store, PROVIDER, plain(key))
    found = await store.row(_OF, person_id=person) if person is not None else None
    if person is None or found is None:
        return None
    secret = store.ring.open(found["secret"], context=context(person))
    step = _step_of(secret, digits, store)
    if step is None or await store.row(_USE, person_id=person, used_step=step) is None:
        return None
    await lockout.succeeded(store, _attempt(key))
    return person


async def reseal(store: Store) -> int:
    """Seal again what an older key of the ring sealed; return how many secrets."""
    done = 0
    for row in await store.rows(_ALL):
        if not store.ring.is_current(row["secret"]):
            here = context(row["person_id"])
            sealed = store.ring.seal(store.ring.open(row["secret"], context=here), context=here)
            await store.run(_RESEAL, person_id=row["person_id"], secret=sealed)
            done += 1
    return done


def plain(key: str) -> str:
    """Return a typed key without blanks, hyphens and capitals."""
    return "".join(each for each in key.lower() if each.isalnum())


def context(person_id: UUID) -> str:
    """Return the context in which a person's secret is sealed."""
    return f"authenticator/{person_id}"


def _attempt(key: str) -> str:
    return f"key {plain(key)}"


def _step_of(secret: str, digits: str, store: Store) -> int | None:
    """Return the time step that the digits belong to: the present one, or one beside it."""
    now = int(store.now.timestamp()) // _STEP_SECONDS
    typed = "".join(digits.split()).encode()
    for step in (now, now - 1, now + 1):
        if hmac.compare_digest(TOTP(secret).generate_otp(step).encode(), typed):
            return step
    return None


_PERSON = authenticators.c.person_id == sa.bindparam(
    "person_id", type_=authenticators.c.person_id.type
)
_OF = sa.select(authenticators).where(_PERSON)
_ALL = sa.select(authenticators).with_for_update()
_STEP = sa.bindparam("used_step", type_=authenticators.c.used_step.type)
_USE = (
    sa.update(authenticators)
    .where(_PERSON, authenticators.c.used_step < _STEP)
    .values(used_step=_STEP)
    .returning(authenticators.c.person_id)
)
_RESEAL = (
    sa.update(authenticators)
    .where(_PERSON)
    .values(secret=sa.bindparam("secret", type_=authenticators.c.secret.type))
)
