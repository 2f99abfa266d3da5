"""The rules of statements: each finds its fault, and all declared statements follow them."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.selectable import SelectBase

import api
import demo
import tenants
from tenants.embedded import Cluster
from tenants.policy import Rule, asked_of_officers, visible
from tenants.statements import Lock, find, render
from tenants.viewer import Principal
from tests.statement_rules import ABOVE, INSIDE, VOLATILE, Check, asks, faults

# --- each rule finds its fault

PLANTED = {
    "a table without the tenant": (
        INSIDE,
        "select 1 from tenant.post p where p.id = $1",
        "post is not held to one community",
    ),
    "a table with another's tenant alone": (
        INSIDE,
        "select 1 from tenant.post p, tenant.board b where p.community_id = $1"
        " and b.community_id = p.community_id",
        "board is not held to one community",
    ),
    "the same deep inside": (
        INSIDE,
        "select (select count(*) from tenant.comment c where c.post_id = p.id)"
        " from tenant.post p where p.community_id = $1",
        "comment is not held to one community",
    ),
    "the tenant in one of two cases": (
        INSIDE,
        "delete from tenant.post where community_id = $1 or id = $2",
        "post is not held to one community",
    ),
    "a child tied by its id": (
        ABOVE,
        "select (select count(*) from tenant.step s where s.order_id = o.id)"
        ' from (select x.id from tenant."order" x where x.desk = $1) o',
        "step is not tied by community_id",
    ),
    "two tables tied by an id": (
        ABOVE,
        'select 1 from tenant."order" o join tenant.step s on s.order_id = o.id where o.desk = $1',
        "step is not tied by community_id",
    ),
    "locks in many communities": (
        ABOVE,
        "select 1 from tenant.petition p where p.desk = $1 for update",
        "petition is not held to one community",
    ),
    "a random change": (
        INSIDE,
        "update tenant.post set at = clock_timestamp() where community_id = $1",
        "clock_timestamp() is volatile",
    ),
    "a random change of what was there": (
        INSIDE,
        "insert into tenant.post (community_id) values ($1)"
        " on conflict (community_id) do update set at = clock_timestamp()",
        "clock_timestamp() is volatile",
    ),
    "a query among values": (
        INSIDE,
        "insert into tenant.post (community_id, seq) values ($1,"
        " (select max(seq) from tenant.post where community_id = $1))",
        "a value is a query",
    ),
    "rows out of nowhere": (
        INSIDE,
        "insert into tenant.post (community_id, id) select $1, id from unnest($2::uuid[]) id",
        "community_id is not that of a row that is read",
    ),
    "rows with random values": (
        INSIDE,
        "insert into tenant.post (community_id, id) select b.community_id, gen_random_uuid()"
        " from tenant.board b where b.community_id = $1",
        "gen_random_uuid() is volatile",
    ),
    "no columns": (
        INSIDE,
        "select exists(select from tenant.post where community_id = $1)",
        "a SELECT has no column",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_fault_is_found(what: str) -> None:
    rules, text, fault = PLANTED[what]
    assert faults(text, *rules) == [fault]


def test_what_keeps_the_rules_has_no_fault() -> None:
    inside = (
        "with a as (select p.id from tenant.post p where $1::int = p.community_id)"
        " insert into tenant.mark (community_id, id) select b.community_id, a.id from tenant.board b"
        " left join tenant.seat s on s.community_id = $1 and s.board_id = b.id, a"
        " where b.community_id = $1 on conflict do nothing"
    )
    nothing = "select 1 from tenant.comment where id = $1 and false"
    above = (
        "select (select count(*) from tenant.step s where s.community_id = o.community_id)"
        ' from (select x.community_id from tenant."order" x where x.desk = $1 limit 3) o'
        " where exists(select 1 from reference.street)"
    )
    assert faults(inside, *INSIDE) == []
    assert faults(nothing, *INSIDE) == []
    assert faults(above, *ABOVE) == []


@pytest.mark.once
def test_postgresql_says_that_these_functions_are_volatile(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url()) as owner:
        rows = owner.execute("select proname from pg_proc where provolatile = 'v'").fetchall()
    assert {name for (name,) in rows} >= VOLATILE


# --- what is declared


@dataclass(frozen=True)
class Declared:
    """A statement that is a module's constant, or is made from one."""

    name: str
    text: str
    rules: tuple[Check, ...]


def _constants(*kinds: type[Any]) -> Iterator[tuple[str, Any]]:
    for package in (tenants, api, demo):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for name, value in vars(importlib.import_module(found.name)).items():
                if isinstance(value, kinds):
                    yield f"{found.name}.{name}", value


def _statements() -> Iterator[Declared]:
    for name, value in _constants(SelectBase, UpdateBase):
        kept = render(value)
        yield Declared(name, kept.text, INSIDE if "community_id" in kept.names else ABOVE)
    for name, value in _constants(str):
        if re.match(r"\s*(select|insert|update|delete|with)\s", value):
            text = value.replace("%s", "$1")  # psycopg's placeholder
            yield Declared(name, text, INSIDE if "community_id = $" in text else ABOVE)
    for name, rule in _constants(Rule):
        for principal in Principal:
            if visible(rule.table, principal) is not None:
                # above, a tenant's row is only read; it is locked inside (Tx.act_in)
                is_looked_at = principal.is_above and rule.table.schema == "tenant"
                lock = Lock.NONE if is_looked_at else Lock.CHANGE
                rules = ABOVE if principal.is_above else INSIDE
                for_officers = asked_of_officers(rule, acts=not principal.is_above)
                for who, asked in (("", rule), (", an officer", for_officers)):
                    text = render(find(asked, principal, lock)).text
                    yield Declared(f"{name} for {principal}{who}", text, rules)


def test_what_is_declared_keeps_a_tenant_in_one_place() -> None:
    declared = list(_statements())
    assert len(declared) > 300
    assert {d.name: found for d in declared if (found := faults(d.text, *d.rules))} == {}


@pytest.mark.once
def test_policies_ask_no_other_table(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url()) as owner:
        policies = owner.execute(
            """select polrelid::regclass::text || ' ' || polname,
                      coalesce(pg_get_expr(polqual, polrelid), 'true'),
                      coalesce(pg_get_expr(polwithcheck, polrelid), 'true') from pg_policy"""
        ).fetchall()
    assert len(policies) > 50
    asking = {name for name, seen, written in policies if asks(f"select {seen}, {written}")}
    # The exceptions: inside, an officer's row is visible if they have an inspection there; from above,
    # a text of a pact is visible if it was submitted, which a row of the same community tells.
    assert asking == {
        "district.officer looks_into_this_tenant",
        "tenant.pact_version one_district",
        "tenant.pact_clause one_district",
    }
