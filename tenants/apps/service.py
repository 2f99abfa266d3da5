"""Apps: register, rotate the secret, suspend, resume; and authenticate an app.

An officer above the community is authorised in their own view and acts inside it (tenants.acting).
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from hmac import compare_digest
from uuid import UUID

import sqlalchemy as sa

from tenants import audit
from tenants.acting import acting
from tenants.apps.policy import REGISTER_APP, ROTATE_APP_SECRET, SUSPEND_APP
from tenants.apps.tables import (
    CONTACT_LENGTH,
    MOST_APPS,
    MOST_OLD_SECRETS,
    AppState,
    apps,
    old_app_secrets,
)
from tenants.columns import NOW, TENANT, bound
from tenants.db import Database
from tenants.domain import Quota
from tenants.errors import Code, Refused
from tenants.membership.tables import DISPLAY_NAME_LENGTH
from tenants.places.tables import communities
from tenants.quotas import COMMUNITY, spare
from tenants.scopes import APP_SCOPES, Scope
from tenants.statements import Lock
from tenants.taking import begin, on_row, said, take
from tenants.text import written
from tenants.transaction import Client, Tx
from tenants.viewer import system

# How long a replaced secret still works: the app's servers are changed one by one.
OLD_SECRET = timedelta(hours=24)
_NO_HASH = bytes(32)


async def register(
    tx: Tx, *, community_id: UUID, name: str, contact: str, scopes: list[Scope], key: str
) -> tuple[UUID, str | None]:
    """Register an app in a community; return its id and, the first time, its secret."""
    async with acting(
        tx, communities, community_id, "communityId", permit=REGISTER_APP, lock=Lock.NONE
    ) as (inside, place):
        claim = await audit.once(inside, "app.registered", key, name, contact, sorted(scopes))
        if claim.done:
            return claim.done, None
        name = written(name, DISPLAY_NAME_LENGTH, "name")
        contact = written(contact, CONTACT_LENGTH, "contact")
        if not scopes or not APP_SCOPES.issuperset(scopes):
            words = ", ".join(sorted(APP_SCOPES))
            raise Refused(Code.INVALID, f"可选：{words}。One or more of these.", "scopes")
        await spare(inside, APPS, COMMUNITY, "communityId")

        secret = _secret()
        app = await begin(
            inside, REGISTER_APP,
            district_id=place["district_id"], street_id=place["street_id"],
            display_name=name, contact=contact, scopes=sorted(set(scopes)),
            secret_hash=digest(secret), secret_at=inside.now,
            suspended_from_above=False, permission_version=1,
            registered_from_above=_is_above(inside),
        )  # fmt: skip
        await audit.keep(inside, claim, app["id"])
    return app["id"], secret


async def rotate(tx: Tx, *, app_id: UUID, key: str) -> tuple[UUID, str | None]:
    """Replace an app's secret; return the new one once. The old one works for 24 hours more."""
    async with acting(tx, apps, app_id, "appId", permit=ROTATE_APP_SECRET) as (inside, app):
        claim = await audit.once(inside, "app.secret_rotated", key, app["id"])
        if claim.done:
            return claim.done, None
        # the app's row is locked, so parallel rotations are counted one after the other
        await inside.row(_PRUNE, v_id=app["id"])
        if len(await inside.rows(_OLD, v_id=app["id"])) >= MOST_OLD_SECRETS:
            raise Refused(
                Code.QUOTA_EXCEEDED,
                f"一天至多换 {MOST_OLD_SECRETS} 次。At most {MOST_OLD_SECRETS} times a day.",
                "appId",
            )
        secret, until = _secret(), inside.now + OLD_SECRET
        await inside.insert(old_app_secrets, app_id=app["id"], hash=app["secret_hash"], until=until)
        await inside.update(
            apps,
            app["id"],
            secret_hash=digest(secret),
            secret_at=inside.now,
            old_secret_until=until,
        )
        await audit.keep(inside, claim, app["id"])
        await audit.record(inside, "app.secret_rotated", subject=app["id"])
    return app["id"], secret


async def suspend(tx: Tx, *, app_id: UUID, reason: str) -> UUID:
    """Suspend an app from the next request on, with the access tokens it has."""
    async with on_row(tx, SUSPEND_APP, app_id) as (inside, app):
        await take(
            inside, SUSPEND_APP, app, words=said(SUSPEND_APP, reason),
            suspended_from_above=_is_above(inside),
            permission_version=app["permission_version"] + 1, old_secret_until=None,
        )  # fmt: skip
        # a stolen old secret must not work again after a resume
        await inside.row(_FORGET_OLD, v_id=app["id"])
    return app["id"]


@dataclass(frozen=True)
class Known:
    """It is an authenticated app: the contents of its access token."""

    id: UUID
    community_id: int
    community: UUID
    scopes: frozenset[Scope]
    version: int


async def known(database: Database, number: int, app_id: UUID, secret: str) -> Known | None:
    """Return the app of community `number` with this secret; None if unknown, wrong or suspended.

    Comparing a secret takes the same time whether it is right or wrong.
    """
    actor = system(0)
    now = database.clock()
    async with database.act(actor, Client(actor.client_id, ""), now, number) as tx:
        app = await tx.row(_APP, v_id=app_id)
        old = await tx.rows(_OLD, v_id=app_id)
    shown = digest(secret)
    is_right = compare_digest(shown, app["secret_hash"] if app is not None else _NO_HASH)
    for each in old:
        is_right |= compare_digest(shown, each["hash"])
    if app is None or not is_right or app["state"] != AppState.ACTIVE:
        return None
    scopes = frozenset(map(Scope, app["scopes"]))
    return Known(app["id"], number, app["community"], scopes, app["permission_version"])


def digest(secret: str) -> bytes:
    """Return the hash of a secret: 256 random bits need no slower hash."""
    return sha256(secret.encode("utf-8", "surrogateescape")).digest()


def _secret() -> str:
    return secrets.token_urlsafe(32)


def _is_above(inside: Tx) -> bool:
    return inside.viewer.district_id != 0


APPS = Quota(
    "app",
    MOST_APPS,
    sa.select(sa.func.count().label("count")).where(apps.c.community_id == TENANT),
    f"至多 {MOST_APPS} 个应用。At most {MOST_APPS} apps.",
)
_OLD_OF_APP = (old_app_secrets.c.community_id == TENANT) & (
    old_app_secrets.c.app_id == bound(apps.c.id)
)
_OLD = sa.select(old_app_secrets.c.hash).where(_OLD_OF_APP, old_app_secrets.c.until > NOW)
_PRUNE = sa.delete(old_app_secrets).where(_OLD_OF_APP, old_app_secrets.c.until <= NOW)
_FORGET_OLD = sa.delete(old_app_secrets).where(_OLD_OF_APP)
_APP = (
    sa.select(apps, communities.c.id.label("community"))
    .join_from(apps, communities, apps.c.community_id == communities.c.community_id)
    .where(
        apps.c.community_id == TENANT,
        communities.c.community_id == TENANT,
        apps.c.id == bound(apps.c.id),
    )
)
