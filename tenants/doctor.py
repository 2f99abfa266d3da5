"""What is wrong with the database, in plain words. The server does not start over a grave finding."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import asyncpg

from tenants.db import ROLE_OF, Database
from tenants.migrate import head
from tenants.viewer import Principal

_OLDEST = 150000


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it must be (`grave`) or should be."""

    grave: bool
    text: str


async def examine(database: Database) -> list[Finding]:
    """Look at the roles, the walls, the schema's version and the server's settings."""
    findings: list[Finding] = []
    for principal, pool in database.pools.items():
        async with pool.acquire() as connection:
            findings += await _role(connection, ROLE_OF[principal])
    async with database.pools[Principal.COMMUNITY].acquire() as connection:
        checks: list[Callable[[Any], Awaitable[list[Finding]]]] = [_walls, _version, _durability]
        for check in checks:
            findings += await check(connection)
    return findings


async def _role(connection: Any, expected: str) -> list[Finding]:
    row = await connection.fetchrow(
        "select rolname, rolsuper, rolbypassrls from pg_catalog.pg_roles where rolname = current_user"
    )
    findings: list[Finding] = []
    if row["rolsuper"]:
        findings.append(Finding(True, f"{row['rolname']} is a superuser: row security is ignored."))
    if row["rolbypassrls"]:
        findings.append(Finding(True, f"{row['rolname']} has BYPASSRLS: row security is ignored."))
    if row["rolname"] != expected:
        findings.append(Finding(True, f"Logged in as {row['rolname']}, expected {expected}."))
    return findings


async def _walls(connection: Any) -> list[Finding]:
    rows = await connection.fetch(_WALLS)
    if not rows:
        return [Finding(True, "There are no tenant tables: run `linli migrate`.")]
    findings: list[Finding] = []
    for row in rows:
        if not (row["relrowsecurity"] and row["relforcerowsecurity"]):
            findings.append(Finding(True, f"{row['name']} has no forced row security."))
        elif row["policies"] != row["roles"] or not row["permissive"]:
            findings.append(Finding(True, f"{row['name']}: one permissive policy for each role."))
    return findings


async def _version(connection: Any) -> list[Finding]:
    findings: list[Finding] = []
    number = int(await connection.fetchval("select current_setting('server_version_num')"))
    if number < _OLDEST:
        findings.append(Finding(True, f"PostgreSQL {number // 10000} is too old: 15 or newer."))
    try:
        current = await connection.fetchval("select version_num from public.linli_migration")
    except asyncpg.PostgresError:
        current = None
    if current != head():
        findings.append(
            Finding(True, f"The schema is at {current}, expected {head()}: run `linli migrate`.")
        )
    return findings


async def _durability(connection: Any) -> list[Finding]:
    findings: list[Finding] = []
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        value = await connection.fetchval("select current_setting($1)", setting)
        if value == "off":
            findings.append(
                Finding(True, f"{setting} is off: a crash could lose what was promised.")
            )
    if await connection.fetchval("select current_setting('jit')") == "on":
        findings.append(Finding(False, "jit is on: it costs these statements more than it gains."))
    return findings


_WALLS = """
select n.nspname || '.' || c.relname as name, c.relrowsecurity, c.relforcerowsecurity,
       (select count(*) from pg_catalog.pg_policy p where p.polrelid = c.oid) as policies,
       (select count(distinct r) from pg_catalog.pg_policy p, unnest(p.polroles) r
         where p.polrelid = c.oid) as roles,
       coalesce((select bool_and(p.polpermissive) from pg_catalog.pg_policy p
                  where p.polrelid = c.oid), false) as permissive
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where n.nspname in ('tenant', 'district') and c.relkind in ('r', 'p')
"""
