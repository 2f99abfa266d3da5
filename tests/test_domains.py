"""What domains declare: all of it is listed, and none of what names a person is forgotten."""

import importlib
import pkgutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa

import tenants
from tenants.clock import Clock
from tenants.columns import METADATA, member
from tenants.domain import Domain, Domains, Quota
from tenants.domains import DOMAINS
from tenants.files import Files
from tenants.identity.persons import FORGET_PERSON
from tenants.officers.service import own
from tenants.policy import Narrowing, Rule, narrow, protect, visible
from tenants.procedure import Procedure
from tenants.scopes import Scope
from tenants.server import Server
from tenants.sweeps import Sweep
from tenants.viewer import Principal
from tests.test_permissions import rules

FOLDER = Path(tenants.__file__).parent
MODULES = [
    importlib.import_module(found.name)
    for found in pkgutil.walk_packages([str(FOLDER)], "tenants.")
]
T = TypeVar("T")


def declared(kind: type[T]) -> set[T]:
    """Return every object of a kind that some module of the domain's code names."""
    found: set[T] = set()
    for module in MODULES:
        for value in vars(module).values():
            held: Iterable[Any] = value.values() if isinstance(value, dict) else [value]
            found |= {each for each in held if isinstance(each, kind)}
    return found


def names_persons(table: sa.Table) -> bool:
    """Return whether a table holds ids of persons, members or officers."""
    marked = any(column.info.get("member") or column.info.get("officer") for column in table.c)
    return marked or table.schema == "identity"


def unclaimed(domains: Domains, *more: sa.Executable) -> set[str]:
    """Return the tables that name a person of which no domain says what an erasure does to them.

    `more` are statements that erase, besides those of a member's erasure.
    """
    erased = {getattr(statement, "table", None) for statement in (*domains.erases, *more)}
    kept = {table for domain in domains for table in domain.keeps}
    return {
        str(table.fullname)
        for table in domains.tables
        if names_persons(table) and (table in erased) == (table in kept)
    }


def test_every_table_is_brought_by_a_domain() -> None:
    assert {table.fullname for table in DOMAINS.tables} == {*METADATA.tables}
    assert DOMAINS.metadata is METADATA


def test_every_folder_with_tables_or_rules_is_a_domain_and_so_are_some_modules() -> None:
    folders = {
        path.parent.name for name in ("tables.py", "policy.py") for path in FOLDER.glob(f"*/{name}")
    }
    modules = {
        module.__name__.removeprefix("tenants.")
        for module in MODULES
        if isinstance(vars(module).get("DOMAIN"), Domain) and module.__name__.count(".") == 1
    }
    assert {domain.name for domain in DOMAINS} == folders | modules
    assert declared(Domain) == {*DOMAINS}


def test_nothing_that_is_declared_is_left_out() -> None:
    assert declared(Rule) == {*rules()}
    assert declared(Procedure) == {*DOMAINS.procedures}
    assert declared(Quota) == {*DOMAINS.quotas.values()}
    assert declared(Narrowing) == {each for domain in DOMAINS for each in domain.narrows}
    assert set(Principal) - DOMAINS.standings.keys() == {Principal.IDENTITY}


def test_the_sweeps_of_a_server_are_those_of_the_domains(tmp_path: Path) -> None:
    server = Server(
        database=None,  # type: ignore[arg-type] # nothing is swept
        files=Files.at(tmp_path.as_uri()),
        checkpoints=tmp_path,
        signing=lambda: pytest.fail("nothing is signed"),
        checkpoint_seconds=1,
        clock_seconds=2,
        rates_seconds=3,
        retention_days=4,
    )
    started = [start(server) for start in DOMAINS.sweeps]

    clocks = [each.timed.procedure for each in started if isinstance(each, Clock)]
    assert clocks == [each for each in DOMAINS.procedures if [*each.timers]]
    sweeps = [type(each) for each in started if isinstance(each, Sweep)]
    assert len(sweeps) == len(started) - 1, "all but the checkpoints"
    assert {*sweeps} == {*Sweep.__subclasses__()}


def test_of_every_table_that_names_a_person_is_known_what_an_erasure_does() -> None:
    assert unclaimed(DOMAINS, *own.ERASES, *FORGET_PERSON) == set()
    for domain in DOMAINS:
        assert domain.keeps.keys() <= {*domain.tables}, domain.name
        assert domain.export.why.keys() <= {*domain.tables}, domain.name
        for table, words in domain.export.in_office.items():
            assert {*words.split()} <= {column.name for column in table.c}, table


def test_a_table_that_nobody_claims_is_found() -> None:
    table = sa.Table("ballot", sa.MetaData(), member("member_id"))
    erase = sa.update(table).values(member_id=sa.null())

    assert unclaimed(Domains((Domain(name="votes", tables=(table,)),))) == {"ballot"}
    kept = Domain(name="votes", tables=(table,), keeps={table: "it is secret"})
    assert unclaimed(Domains((kept,))) == set()
    erased = Domain(name="votes", tables=(table,), erases=(erase,))
    assert unclaimed(Domains((erased,))) == set()
    both = Domain(name="votes", tables=(table,), erases=(erase,), keeps={table: "it is secret"})
    assert unclaimed(Domains((both,))) == {"ballot"}


def test_rows_are_visible_only_after_the_domains_are_listed_and_as_all_of_them_say() -> None:
    table = sa.Table("ballot", sa.MetaData(), member("member_id"), sa.Column("hidden", sa.Boolean))
    protect(table, Scope.BOARD_READ, community=sa.true())
    with pytest.raises(KeyError):
        visible(table, Principal.COMMUNITY)

    votes = Domain(name="votes", tables=(table,))
    Domains((votes,))
    assert str(visible(table, Principal.COMMUNITY)) == "true"
    assert visible(table, Principal.GUEST) is None

    hides = narrow(table, ~table.c.hidden, Principal.COMMUNITY)
    for _ in "12":
        Domains((votes, Domain(name="pacts", narrows=(hides,))))
        assert str(visible(table, Principal.COMMUNITY)) == "true AND NOT ballot.hidden"


def test_two_domains_do_not_bring_the_same() -> None:
    table = sa.Table("ballot", sa.MetaData(), schema="tenant")
    one = Domain(name="votes", tables=(table,))
    with pytest.raises(ValueError, match=r"more than one domain brings tenant\.ballot"):
        Domains((one, Domain(name="pacts", tables=(table,))))
    with pytest.raises(ValueError, match="more than one domain brings votes"):
        Domains((one, Domain(name="votes")))
