"""Find faults of the database and describe them. A grave finding stops the server from starting."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import asyncpg

from tenants.db import ROLE_OF, Database
from tenants.identity import ring_marks
from tenants.identity.store import identity
from tenants.migrate import BACKUP_ROLE, head
from tenants.viewer import Principal

_OLDEST = 150000


@dataclass(frozen=True)
class Finding:
    """It is one thing that must be mended (`grave`) or should be."""

    grave: bool
    text: str


async def examine(database: Database) -> list[Finding]:
    """Check the roles, the row security policies, the schema version and the server's settings."""
    findings: list[Finding] = []
    roles = {pool: ROLE_OF[principal] for principal, pool in database.pools.items()}
    for pool, role in roles.items():
        async with pool.acquire() as connection:
            findings += await _role(connection, role)
    async with database.pools[Principal.COMMUNITY].acquire() as connection:
        checks: list[Callable[[Any], Awaitable[list[Finding]]]] = [_walls, _version, _durability]
        for check in checks:
            findings += await check(connection)
    if database.has_ring and not findings:
        findings += await _ring(database)
    return findings


async def _ring(database: Database) -> list[Finding]:
    """Check that the ring has the keys that this database was sealed with."""
    async with identity(database) as store:
        missing = await ring_marks.missing(store)
    if not missing:
        return []
    text = (
        f"The ring at {database.ring.folder} lacks keys that sealed this database, or has others "
        f"in their place: {', '.join(missing)}. Names, phones and sessions cannot be read with it. "
        "Delete this folder and put back the ring from the backup."
    )
    return [Finding(True, text)]


async def _role(connection: Any, expected: str) -> list[Finding]:
    row = await connection.fetchrow(_ROLE, BACKUP_ROLE)
    name = row["rolname"]
    findings: list[Finding] = []
    if row["rolsuper"]:
        findings.append(_ignores_walls(name, "is a superuser", "nosuperuser"))
    if row["rolbypassrls"]:
        findings.append(_ignores_walls(name, "has BYPASSRLS", "nobypassrls"))
    if row["reads_all"] and not row["rolsuper"]:
        text = f"{name} may become {BACKUP_ROLE}, which reads everything. Run `revoke {BACKUP_ROLE} from {name}`."
        findings.append(Finding(True, text))
    if name != expected:
        text = f"Logged in as {name}, expected {expected}: check LINLI_DATABASE_URL."
        findings.append(Finding(True, text))
    return findings


def _ignores_walls(role: str, what: str, remedy: str) -> Finding:
    text = f"{role} {what}: row security is ignored. Run `alter role {role} {remedy}`."
    return Finding(True, text)


async def _walls(connection: Any) -> list[Finding]:
    rows = await connection.fetch(_WALLS, _FENCE, BACKUP_ROLE)
    if not rows:
        return [Finding(True, "There are no tenant tables: run `linli migrate`.")]
    findings: list[Finding] = []
    for row in rows:
        name = row["name"]
        if not (row["relrowsecurity"] and row["relforcerowsecurity"]):
            text = (
                f"{name} has no forced row security. Run `alter table {name} "
                "enable row level security, force row level security`."
            )
            findings.append(Finding(True, text))
        elif row["policies"] != row["roles"] or not row["permissive"] or not row["fenced"]:
            text = (
                f"{name} must have one permissive policy for each role, bound to the tenant or "
                "the district: make its policies what its file in migrations/versions says."
            )
            findings.append(Finding(True, text))
    return findings


async def _version(connection: Any) -> list[Finding]:
    findings: list[Finding] = []
    number = int(await connection.fetchval("select current_setting('server_version_num')"))
    if number < _OLDEST:
        findings.append(Finding(True, f"PostgreSQL {number // 10000} is too old: 15 or newer."))
    try:
        current = await connection.fetchval("select version_num from public.linli_migration")
    except (asyncpg.UndefinedTableError, asyncpg.InsufficientPrivilegeError):
        current = None
    if current != head():
        remedy = "run `linli migrate`"
        if current is not None and current > head():
            remedy = "it was migrated for a newer linli: run that one"
        findings.append(Finding(True, f"The schema is at {current}, not at {head()}: {remedy}."))
    return findings


async def _durability(connection: Any) -> list[Finding]:
    findings: list[Finding] = []
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        value = await connection.fetchval("select current_setting($1)", setting)
        if value == "off":
            findings.append(
                Finding(
                    True,
                    f"{setting} is off: a crash could lose what was promised. "
                    f"Run `alter system set {setting} = on; select pg_reload_conf()`.",
                )
            )
    if await connection.fetchval("select current_setting('jit')") == "on":
        findings.append(Finding(False, "jit is on: it costs these statements more than it gains."))
    return findings


_ROLE = """
select r.rolname, r.rolsuper, r.rolbypassrls,
       exists (select 1 from pg_catalog.pg_roles b
                where b.rolname = $1 and pg_catalog.pg_has_role(r.oid, b.oid, 'member')) as reads_all
  from pg_catalog.pg_roles r where r.rolname = current_user
"""
# The beginning of every policy, as PostgreSQL prints it; what follows it can only restrict it.
# Officers are bound to a tenant by their inspection of it.
_FENCE = (
    r"^\(+(community|district)_id = \(current_setting\('app\.\1_id'::text\)\)::integer\)( AND |\)*$)"
    r"|^\(EXISTS \( SELECT\s+FROM tenant\.inspection i\s+WHERE "
    r"\(\(i\.community_id = \(current_setting\('app\.community_id'::text\)\)::integer\) AND "
    r"\(i\.district_id = officer\.district_id\) AND \(i\.officer_id = officer\.id\)\)\)\)$"
)
# The policies of the role of backups, which nobody can log in as, are not counted.
_WALLS = """
select n.nspname || '.' || c.relname as name, c.relrowsecurity, c.relforcerowsecurity,
       count(p.oid) as policies,
       (select count(distinct r) from pg_catalog.pg_policy q, unnest(q.polroles) r
         where q.polrelid = c.oid and q.polroles <> array[b.oid]) as roles,
       coalesce(bool_and(p.polpermissive), false) as permissive,
       coalesce(bool_and(pg_catalog.pg_get_expr(p.polqual, p.polrelid) ~ $1
                         and coalesce(pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) ~ $1, true)),
                false) as fenced
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  join pg_catalog.pg_roles b on b.rolname = $2
  left join pg_catalog.pg_policy p on p.polrelid = c.oid and p.polroles <> array[b.oid]
 where n.nspname in ('tenant', 'district') and c.relkind in ('r', 'p')
 group by c.oid, n.nspname, c.relname, b.oid
 order by 1
"""
