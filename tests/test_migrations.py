"""Test the migrations: one line of numbered steps, up and down, that result in the declared tables."""

import io
import re
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import OperationalError

from tenants.domains import DOMAINS
from tenants.embedded import Cluster
from tenants.membership.tables import MemberState
from tenants.migrate import (
    MIGRATION_SETTINGS,
    VERSION_TABLE,
    alembic,
    create_roles_and_database,
    head,
    migrate,
)

SQUAWK = Path(sys.executable).parent / "squawk"
# A squawk rule that does not apply, and why.
EXCLUDED = {
    "prefer-bigint-over-int": "tenant keys and counts are small by design: GraphQL's Int is 32 bits",
    "ban-drop-constraint": "a list of words is widened by dropping its check and adding the longer one",
    "ban-drop-column": "nothing is released: no server that runs reads the column",
    "require-concurrent-index-deletion": "nothing is released: nobody waits for the table",
    "ban-drop-default": "nothing is released: no server that runs writes the table without the column",
    "require-concurrent-index-creation": "nothing is released: nobody waits for the table",
    "prefer-text-field": "the one varchar is the column of Alembic's own table",
}

# What a schema consists of, without column defaults and policies.
CATALOG = {
    "columns": """
        select table_schema, table_name, ordinal_position, column_name, udt_name, is_nullable,
               is_identity, collation_name
          from information_schema.columns where table_schema = any(%s)""",
    "constraints": """
        select conrelid::regclass::text, conname, pg_get_constraintdef(c.oid)
          from pg_constraint c join pg_namespace n on n.oid = connamespace
         where nspname = any(%s)""",
    "indexes": """
        select schemaname, tablename, indexname, indexdef from pg_indexes
         where schemaname = any(%s)""",
    "storage": """
        select nspname, relname, reloptions from pg_class c join pg_namespace n on n.oid = relnamespace
         where relkind = 'r' and nspname = any(%s)""",
}
SCHEMAS = ["reference", "tenant", "district", "identity"]

Fresh = Callable[[str], str]


@pytest.fixture
def fresh(cluster: Cluster) -> Iterator[Fresh]:
    """Returns the URL of a new database, which is dropped when the test ends."""
    names: list[str] = []

    def name(purpose: str) -> str:
        names.append(f"fresh_{purpose}")
        return cluster.url(database=names[-1])

    yield name
    with psycopg.connect(cluster.url(database="postgres"), autocommit=True) as connection:
        for used in names:
            connection.execute(f"drop database if exists {used} with (force)".encode())


def rows(url: str, query: str, *arguments: object) -> list[tuple[object, ...]]:
    """Return what a query finds."""
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode(), arguments or None).fetchall()


def catalog(url: str) -> dict[str, set[tuple[object, ...]]]:
    """Return what the schemas of a database consist of."""
    return {
        part: {tuple(str(value) for value in row) for row in rows(url, query, SCHEMAS)}
        for part, query in CATALOG.items()
    }


def version(url: str) -> list[tuple[object, ...]]:
    """Return the migration that a database is at."""
    return rows(url, f"select version_num from public.{VERSION_TABLE}")


def sql_of_all() -> str:
    """Return the text of all migrations, as `alembic upgrade head --sql` prints it."""
    config = alembic("postgresql:///linli")
    config.output_buffer = io.StringIO()
    command.upgrade(config, "head", sql=True)
    return config.output_buffer.getvalue()


def test_the_steps_are_numbered_in_one_line() -> None:
    steps = list(ScriptDirectory.from_config(alembic("postgresql:///")).walk_revisions())[::-1]

    numbers = [f"{number:04}" for number in range(1, len(steps) + 1)]
    assert [step.revision for step in steps] == numbers
    assert [step.down_revision for step in steps] == [None, *numbers[:-1]]
    assert head() == numbers[-1]
    for step in steps:
        assert re.fullmatch(rf"{step.revision}_[a-z_]+\.py", Path(step.path).name)


def test_they_go_up_and_down_and_up_again(fresh: Fresh) -> None:
    url = fresh("up_and_down")
    migrate(url)
    once = catalog(url)

    command.downgrade(alembic(url), "base")

    schemas = "select nspname from pg_namespace where nspname = any(%s)"
    assert rows(url, schemas, SCHEMAS) == []
    migrate(url)
    assert catalog(url) == once
    assert version(url) == [(head(),)]


def test_each_step_goes_down_and_up_alone(fresh: Fresh) -> None:
    url = fresh("step_by_step")
    migrate(url)
    whole = catalog(url)

    for _ in range(int(head())):
        command.downgrade(alembic(url), "-1")
        before = catalog(url)
        command.upgrade(alembic(url), "+1")
        command.downgrade(alembic(url), "-1")
        assert catalog(url) == before

    migrate(url)
    assert catalog(url) == whole


def test_migrating_twice_changes_nothing(fresh: Fresh) -> None:
    url = fresh("twice")
    migrate(url)
    once = catalog(url)

    migrate(url)

    assert catalog(url) == once


def drift(url: str) -> list[Any]:
    """Return what Alembic finds different between a database and the tables."""
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        options = {"include_schemas": True, "version_table": VERSION_TABLE}
        context = MigrationContext.configure(connection, opts=options)
        found = compare_metadata(context, DOMAINS.metadata)
    engine.dispose()
    return found


def test_alembic_finds_no_difference_from_the_tables(fresh: Fresh) -> None:
    url = fresh("no_difference")
    migrate(url)

    assert drift(url) == []


def test_they_make_to_the_letter_what_the_tables_declare(fresh: Fresh) -> None:
    """Checks, partial indexes, collations and fill factors, which Alembic does not compare."""
    migrated, declared = fresh("migrated"), fresh("declared")
    migrate(migrated)
    create_roles_and_database(declared)
    engine = sa.create_engine(declared.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        for schema in SCHEMAS:
            connection.execute(sa.schema.CreateSchema(schema))
        DOMAINS.metadata.create_all(connection)
    engine.dispose()

    found, wanted = catalog(migrated), catalog(declared)

    for part in CATALOG:
        assert found[part] ^ wanted[part] == set(), part
    assert any("moderation_case_one_live" in row for row in found["indexes"])


def test_the_one_sequence_gives_tenant_keys(fresh: Fresh) -> None:
    url = fresh("sequences")
    migrate(url)

    sequences = "select sequencename from pg_sequences where schemaname = any(%s)"
    assert rows(url, sequences, SCHEMAS) == [("community_key_community_id_seq",)]
    defaults = """select table_name, column_name from information_schema.columns
                   where table_schema = any(%s) and column_default is not null"""
    assert rows(url, defaults, SCHEMAS) == []


def test_all_tables_belong_to_the_owner_who_cannot_log_in(fresh: Fresh) -> None:
    url = fresh("owner")
    migrate(url)

    owners = "select distinct tableowner from pg_tables where schemaname = any(%s)"
    assert rows(url, owners, SCHEMAS) == [("linli_owner",)]
    powers = (
        "select rolcanlogin, rolsuper, rolbypassrls from pg_roles where rolname = 'linli_owner'"
    )
    assert rows(url, powers) == [(False, False, False)]


def test_a_step_that_waits_for_a_lock_gives_up(
    fresh: Fresh, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MIGRATION_SETTINGS[0] == "set lock_timeout = '4s'"
    url = fresh("locked")
    migrate(url)
    hurried = ("set lock_timeout = '100ms'", *MIGRATION_SETTINGS[1:])
    monkeypatch.setattr("tenants.migrate.MIGRATION_SETTINGS", hurried)

    with psycopg.connect(url) as reader:
        # every step changes this table at its end; the lock is held until the transaction ends
        reader.execute("lock table public.linli_migration in share mode")
        with pytest.raises(OperationalError, match="lock timeout"):
            command.downgrade(alembic(url), "-1")

    assert version(url) == [(head(),)]
    assert rows(url, "select count(*) from tenant.audit_entry") == [(0,)]


def test_two_do_not_migrate_at_once(fresh: Fresh, monkeypatch: pytest.MonkeyPatch) -> None:
    url = fresh("at_once")
    create_roles_and_database(url)
    hurried = ("set lock_timeout = '100ms'", *MIGRATION_SETTINGS[1:])
    monkeypatch.setattr("tenants.migrate.MIGRATION_SETTINGS", hurried)

    with psycopg.connect(url) as other:
        other.execute("select pg_advisory_lock(hashtext('linli migrations'))")
        with pytest.raises(OperationalError, match="lock timeout"):
            command.upgrade(alembic(url), "head")

    assert rows(url, "select nspname from pg_namespace where nspname = any(%s)", SCHEMAS) == []


def test_the_printed_sql_does_the_same(fresh: Fresh) -> None:
    migrated, printed = fresh("run"), fresh("printed")
    migrate(migrated)
    create_roles_and_database(printed)

    with psycopg.connect(printed, autocommit=True) as connection:
        connection.execute(sql_of_all().encode())

    assert catalog(printed) == catalog(migrated)
    assert version(printed) == [(head(),)]
    body = "select proname, prosrc from pg_proc where proname = 'enter' order by prosrc"
    assert rows(printed, body) == rows(migrated, body)


def test_whoever_left_before_is_kept_from_then_on(fresh: Fresh) -> None:
    url = fresh("left_before")
    migrate(url, to="0010")
    with psycopg.connect(url) as owner:
        owner.execute(
            "insert into tenant.community values (1, gen_random_uuid(), 310113, 310113003, "
            "'000000000001', '旧', 'VILLAGE', 'ACTIVE', null, now(), 1)"
        )
        for state in MemberState:
            owner.execute(
                "insert into tenant.member values (1, gen_random_uuid(), gen_random_uuid(), '邻居', "
                "null, array['RESIDENT'], %s, 1, '2020-01-01')",
                [state.value],
            )

    migrate(url)

    left = "select state, left_at > now() - interval '1 minute' from tenant.member where left_at is not null"
    assert rows(url, left) == [("MOVED_OUT", True)]
    forced = "select relforcerowsecurity from pg_class where oid = 'tenant.member'::regclass"
    assert rows(url, forced) == [(True,)]


_FILLERS = {
    "uuid": "gen_random_uuid()", "text": "'甲'", "int4": "1", "bool": "false", "timestamptz": "now()",
    "_int4": "'{}'", "_text": "'{}'",
}  # fmt: skip


def put(owner: psycopg.Connection[tuple[object, ...]], table: str, **values: object) -> None:
    """Insert a row; required columns that are not given get any value."""
    needed = owner.execute(
        "select column_name, udt_name from information_schema.columns "
        "where table_schema = 'tenant' and table_name = %s and is_nullable = 'NO'",
        [table],
    )
    filled = {str(name): _FILLERS[str(kind)] for name, kind in needed if name not in values}
    names = ", ".join([*values, *filled])
    marks = ", ".join([*["%s"] * len(values), *filled.values()])
    insert = f"insert into tenant.{table} ({names}) values ({marks})"
    owner.execute(insert.encode(), [*values.values()])


def test_spellings_of_one_door_become_one_household(fresh: Fresh) -> None:
    """Residents and signatures move to the oldest household; petitions are counted again."""
    url = fresh("one_door")
    migrate(url, to="0025")
    doors = [("7号楼", "801"), ("７号楼", "801"), ("7号楼", "801室"), ("7号楼", "802")]
    homes = [uuid.UUID(int=n + 1) for n in range(len(doors))]
    letter, other = uuid.UUID(int=100), uuid.UUID(int=101)
    with psycopg.connect(url) as owner:
        # only what the step reads is invented, so foreign keys and checks are off
        owner.execute("set session_replication_role = replica")
        checks = owner.execute(
            "select conrelid::regclass::text, conname from pg_constraint where contype = 'c' and "
            "conrelid in ('tenant.petition'::regclass, 'tenant.member_record'::regclass)"
        ).fetchall()
        for table, name in checks:
            owner.execute(f"alter table {table} drop constraint {name}".encode())
        for community in (1, 2):
            for home, (building, room) in zip(homes, doors, strict=True):
                put(
                    owner, "household", community_id=community, id=home, building=building, room=room
                )  # fmt: skip
                put(owner, "member_record", community_id=community, household_id=home)
                put(
                    owner, "petition_support",
                    community_id=community, petition_id=letter, household_id=home, withdrawn_at=None,
                )  # fmt: skip
            put(owner, "petition", community_id=community, id=letter, household_count=4)
            put(owner, "petition", community_id=community, id=other, household_count=0)

    migrate(url, to="0026")

    kept = "select community_id, id, room, address from tenant.household order by 1, 2"
    assert rows(url, kept) == [
        row
        for community in (1, 2)
        for row in (
            (community, homes[0], "801", "7号/801"), (community, homes[3], "802", "7号/802"),
        )
    ]  # fmt: skip
    for table in ("member_record", "petition_support"):
        lives = f"select household_id, count(*)::int from tenant.{table} group by 1 order by 1"
        assert rows(url, lives) == [(homes[0], 6), (homes[3], 2)]
    counted = "select id, household_count from tenant.petition order by 1, community_id"
    assert rows(url, counted) == [(letter, 2), (letter, 2), (other, 0), (other, 0)]
    unforced = """select count(*) from pg_class where relnamespace = 'tenant'::regnamespace
                     and relkind = 'r' and not relforcerowsecurity"""
    assert rows(url, unforced) == [(0,)]


def test_squawk_finds_nothing(tmp_path: Path) -> None:
    script = tmp_path / "migrations.sql"
    script.write_text(sql_of_all())

    excluded = [f"--exclude={rule}" for rule in EXCLUDED]
    told = subprocess.run(
        [SQUAWK, "--pg-version=15", *excluded, script], capture_output=True, text=True, check=False
    )

    assert told.returncode == 0, told.stdout
