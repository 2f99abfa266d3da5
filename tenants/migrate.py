"""Bring roles, database and schema to the state this version needs. Safe to run again."""

from pathlib import Path
from typing import Literal

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from psycopg import sql
from psycopg.conninfo import make_conninfo
from sqlalchemy.engine import make_url

DATABASE = "linli"
VERSION_TABLE = "linli_migration"
ROLES = ("linli_app", "linli_district", "linli_identity")
OWNER = "linli_owner"
# Reads every row for `linli backup`. Nobody logs in as it: the admin's login becomes it.
BACKUP_ROLE = "linli_backup"

# One migration at a time; fail early rather than queue all reads behind a lock.
MIGRATION_SETTINGS = (
    "set lock_timeout = '4s'",
    "set statement_timeout = '60s'",
    "select pg_advisory_lock(hashtext('linli migrations'))",
    "set role linli_owner",
)

_ROLE_SETTINGS = {
    "jit": "off",
    "timezone": "UTC",
    "search_path": "",
    "lock_timeout": "2s",
    "statement_timeout": "5s",
    "idle_in_transaction_session_timeout": "10s",
}


def migrate(admin_url: str, *, password: str | None = None, to: str = "head") -> None:
    """Create what is missing, then run the migrations up to `to`.

    `admin_url` names a login that may create roles and databases; the server never uses it.
    `password` is set for the three roles that the server logs in with.
    """
    create_roles_and_database(admin_url, password=password)
    command.upgrade(alembic(admin_url), to)
    let_backups_read(admin_url)
    with psycopg.connect(connection_string(admin_url), autocommit=True) as database:
        # the server checks at its start whether the schema has the version it was written for
        database.execute(f"grant select on public.{VERSION_TABLE} to linli_app")


def create_roles_and_database(admin_url: str, *, password: str | None = None) -> None:
    """Create the owner, the three login roles that cannot bypass row security, and the database."""
    name = _name(admin_url)
    with psycopg.connect(_libpq(admin_url, database="postgres"), autocommit=True) as connection:
        for role in (OWNER, BACKUP_ROLE):
            _create_role(connection, role, "nologin")
        for role in ROLES:
            _create_role(connection, role, "login")
            for setting, value in _settings(connection).items():
                connection.execute(
                    sql.SQL("alter role {} set {} = {}").format(
                        sql.Identifier(role), sql.Identifier(setting), sql.Literal(value)
                    )
                )
            if password:
                connection.execute(
                    sql.SQL("alter role {} password {}").format(
                        sql.Identifier(role), sql.Literal(password)
                    )
                )
        connection.execute(f"grant {OWNER}, {BACKUP_ROLE} to current_user")
        found = connection.execute("select from pg_database where datname = %s", [name])
        if found.fetchone() is None:
            connection.execute(
                sql.SQL("create database {} owner linli_owner").format(sql.Identifier(name))
            )
    with psycopg.connect(_libpq(admin_url, database=name), autocommit=True) as connection:
        connection.execute("revoke all on schema public from public")
        connection.execute("grant all on schema public to linli_owner")
        connection.execute("grant usage on schema public to linli_app, linli_district")


def let_backups_read(admin_url: str) -> None:
    """Let the role of backups read every table, through row security too."""
    with psycopg.connect(connection_string(admin_url)) as connection:
        # two that migrate at once do this one after the other
        connection.execute("select pg_advisory_xact_lock(hashtext('linli backups'))")
        connection.execute(f"set role {OWNER}")
        for (schema,) in connection.execute(_SCHEMAS, [OWNER]).fetchall():
            for what in (
                "usage on schema {}",
                "select on all tables in schema {}",
                "select on all sequences in schema {}",
            ):
                grant = sql.SQL(f"grant {what} to {BACKUP_ROLE}")
                connection.execute(grant.format(sql.Identifier(schema)))
        connection.execute(f"grant usage on schema public to {BACKUP_ROLE}")
        connection.execute(f"grant select on public.{VERSION_TABLE} to {BACKUP_ROLE}")
        for schema, table in connection.execute(_UNREADABLE, [BACKUP_ROLE]).fetchall():
            policy = sql.SQL(
                f"create policy {BACKUP_ROLE} on {{}} for select to {BACKUP_ROLE} using (true)"
            )
            connection.execute(policy.format(sql.Identifier(schema, table)))


def connection_string(admin_url: str) -> str:
    """Return the connection string of our database for libpq."""
    return _libpq(admin_url, database=_name(admin_url))


def alembic(admin_url: str) -> Config:
    """Return Alembic's configuration for a database; `migrations` lies beside the packages."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[1] / "migrations"))
    url = make_url(admin_url).set(drivername="postgresql+psycopg")
    text = url.set(database=url.database or DATABASE).render_as_string(hide_password=False)
    config.set_main_option("sqlalchemy.url", text.replace("%", "%%"))
    return config


def head() -> str:
    """Return the number of the newest migration."""
    return ScriptDirectory.from_config(alembic("postgresql:///")).get_current_head() or ""


def _create_role(
    connection: psycopg.Connection, role: str, login: Literal["login", "nologin"]
) -> None:
    found = connection.execute("select from pg_roles where rolname = %s", [role])
    if found.fetchone() is None:
        connection.execute(
            sql.SQL("create role {} nosuperuser nobypassrls nocreaterole nocreatedb {}").format(
                sql.Identifier(role), sql.SQL(login)
            )
        )


def _settings(connection: psycopg.Connection) -> dict[str, str]:
    has_transaction_timeout = connection.info.server_version >= 170000
    return _ROLE_SETTINGS | ({"transaction_timeout": "10s"} if has_transaction_timeout else {})


def _libpq(url: str, *, database: str) -> str:
    # in a rendered URL, a blank in the socket's folder becomes a plus sign, which libpq keeps as a
    # plus
    address = make_url(url).set(database=database)
    given = address.translate_connect_args(username="user", database="dbname")
    return make_conninfo(
        "", **given, **{k: ",".join(v) for k, v in address.normalized_query.items()}
    )


def _name(url: str) -> str:
    return make_url(url).database or DATABASE


_SCHEMAS = """
select nspname from pg_catalog.pg_namespace where nspowner = (
  select oid from pg_catalog.pg_roles where rolname = %s) and nspname <> 'public'
"""
_UNREADABLE = """
select n.nspname, c.relname from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where c.relrowsecurity and not exists (
   select 1 from pg_catalog.pg_policy p where p.polrelid = c.oid and p.polname = %s)
"""
