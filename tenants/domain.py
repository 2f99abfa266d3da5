"""A domain declares in one value what it brings: its tables, rules and background work.

`tenants.domains` lists all domains. Whatever works across them (migrations, erasure, exports,
sweeps, tests) reads that list; no module acts on another by being imported.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, fields
from functools import cached_property
from types import ModuleType
from typing import Any, Protocol

import sqlalchemy as sa

from tenants.columns import METADATA
from tenants.policy import Access, Condition, Narrowing, access_to, complete
from tenants.procedure import Procedure
from tenants.viewer import Principal


@dataclass(frozen=True, eq=False)
class Standing:
    """It says where the own row of a principal kind is, its permission version, and when it is valid.

    `absent` is the version of a viewer who has no row yet: a number, or another standing. `lock`
    reads and locks the row before a change, with its permission version and whether the community
    is suspended; None if this kind changes nothing. `is_shared` says that it locks the row in share
    mode, although a verb of the viewer may change the row.
    """

    table: sa.Table
    version: sa.ColumnElement[int]
    is_own: Condition
    absent: "int | Standing" = -1
    lock: sa.Executable | None = None
    is_shared: bool = False


@dataclass(frozen=True, eq=False)
class Quota:
    """At most `most` rows, counted by `counted` as `count`; `message` is the refusal's text."""

    name: str
    most: int
    counted: sa.Select[int]
    message: str


class Kept(Protocol):
    """It is background work, such as a tenants.sweeps.Sweep."""

    def kept(self) -> AbstractAsyncContextManager[None]:
        """Do the work again and again for the length of the block."""
        ...


# Returns the work for a server, which is a tenants.server.Server.
Start = Callable[[Any], Kept]


@dataclass(frozen=True, eq=False, kw_only=True)
class Export:
    """It says what tables give to the export of a person's data.

    `why` says for each table that names persons why they are given its rows. `withheld` are columns
    that are not given, with the reason, and `named` are ids of other persons that are given because
    the API shows them too. `about_viewer` finds rows about the viewer that do not name them, and
    `when_visible` are tables whose rows are given only if the viewer sees them. `in_office` names the
    columns of what an officer did in rows that are about somebody else, separated by blanks.
    """

    why: Mapping[sa.Table, str] = field(default_factory=dict)
    withheld: Mapping[sa.Column[Any], str] = field(default_factory=dict)
    named: frozenset[sa.Column[Any]] = frozenset()
    about_viewer: Mapping[sa.Table, Condition] = field(default_factory=dict)
    when_visible: frozenset[sa.Table] = frozenset()
    in_office: Mapping[sa.Table, str] = field(default_factory=dict)

    def __or__(self, other: "Export") -> "Export":
        """Return what both give."""
        both = {
            each.name: getattr(self, each.name) | getattr(other, each.name) for each in fields(self)
        }
        return Export(**both)


@dataclass(frozen=True, eq=False, kw_only=True)
class Domain:
    """It is one domain, and all that it brings.

    `policies` are the modules with its rules. `narrows` let viewers see less of tables of lower
    domains. `erases` are the statements that erase what it holds about a member (`v_member_id`),
    who is called `v_display_name` from then on. They run from the highest domain to the lowest, and
    `v_subjects` are the ids that those before returned: of rows whose reasons in the audit go as
    well. `keeps` are the tables that name a person and lose nothing by an erasure, with the reason.
    """

    name: str
    tables: tuple[sa.Table, ...] = ()
    policies: tuple[ModuleType, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    standings: Mapping[Principal, Standing] = field(default_factory=dict)
    narrows: tuple[Narrowing, ...] = ()
    quotas: tuple[Quota, ...] = ()
    sweeps: tuple[Start, ...] = ()
    erases: tuple[sa.Executable, ...] = ()
    keeps: Mapping[sa.Table, str] = field(default_factory=dict)
    export: Export = field(default_factory=Export)


@dataclass(frozen=True, eq=False)
class Domains:
    """It holds all domains, the lowest first. Rows of their tables are visible to nobody before it exists."""

    all: tuple[Domain, ...]

    def __post_init__(self) -> None:
        """Complete what is visible of each table; raise ValueError if two domains bring the same."""
        brought: tuple[list[str], ...] = (
            [domain.name for domain in self.all],
            [table.fullname for domain in self.all for table in domain.tables],
            [str(kind) for domain in self.all for kind in domain.standings],
            [quota.name for domain in self.all for quota in domain.quotas],
        )
        for what in brought:
            twice = {each for each in what if what.count(each) > 1}
            if twice:
                raise ValueError(f"more than one domain brings {', '.join(sorted(twice))}")
        complete(self.tables, [each for domain in self.all for each in domain.narrows])

    def __iter__(self) -> Iterator[Domain]:
        """Return the domains, the lowest first."""
        return iter(self.all)

    @cached_property
    def tables(self) -> tuple[sa.Table, ...]:
        """Return all tables."""
        return tuple(table for domain in self for table in domain.tables)

    @cached_property
    def access(self) -> Mapping[sa.Table, Access]:
        """Return the scopes that rows of each table need, of all tables that anyone sees."""
        return {table: access_to(table) for table in self.tables if "access" in table.info}

    @cached_property
    def standings(self) -> Mapping[Principal, Standing]:
        """Return where the own row of each principal kind is."""
        return {kind: each for domain in self for kind, each in domain.standings.items()}

    @cached_property
    def erases(self) -> tuple[sa.Executable, ...]:
        """Return the statements that erase a member, those of the highest domain first."""
        return tuple(statement for domain in reversed(self.all) for statement in domain.erases)

    @cached_property
    def export(self) -> Export:
        """Return what all tables give to an export."""
        whole = Export()
        for domain in self:
            whole |= domain.export
        return whole

    @property
    def metadata(self) -> sa.MetaData:
        """Return the tables as Alembic compares them with the database."""
        return METADATA

    @property
    def quotas(self) -> dict[str, Quota]:
        """Return all quotas by name."""
        return {quota.name: quota for domain in self for quota in domain.quotas}

    @property
    def policies(self) -> tuple[ModuleType, ...]:
        """Return the modules with the rules of all domains."""
        return tuple(module for domain in self for module in domain.policies)

    @property
    def sweeps(self) -> tuple[Start, ...]:
        """Return all background work."""
        return tuple(start for domain in self for start in domain.sweeps)

    @property
    def procedures(self) -> tuple[Procedure, ...]:
        """Return all procedures."""
        return tuple(procedure for domain in self for procedure in domain.procedures)
