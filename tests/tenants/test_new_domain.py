"""A domain that is added to the list is exported and erased with the others, without another edit."""

import json
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import pytest
import sqlalchemy as sa

from tenants import audit
from tenants.columns import TENANT, member, tenant_column, text
from tenants.columns import UUID as ID
from tenants.db import Database
from tenants.domain import Domain, Domains, Export
from tenants.domains import DOMAINS
from tenants.embedded import Cluster
from tenants.ids import new_id
from tenants.membership.service import personal
from tenants.scopes import Role, scopes_of
from tenants.transaction import Client
from tenants.viewer import Principal, Viewer
from tests.street import Make, Person

notes = sa.Table(
    "note",
    sa.MetaData(),
    tenant_column(),
    sa.Column("id", ID, nullable=False),
    member("author_id"),
    text("body", 100, nullable=True),
    text("draft", 100, nullable=True),
    sa.PrimaryKeyConstraint("community_id", "id"),
    schema="tenant",
)
NOTES = Domain(
    name="notes",
    tables=(notes,),
    erases=(
        sa.update(notes)
        .where(
            notes.c.community_id == TENANT,
            notes.c.author_id == sa.bindparam("v_member_id", type_=ID),
        )
        .values(body=sa.null(), draft=sa.null())
        .returning(notes.c.id),
    ),
    export=Export(
        why={notes: "written by them"}, withheld={notes.c.draft: "not yet what they wanted to say"}
    ),
)
CLIENT = Client("tests", "")


@pytest.fixture
async def walled(cluster: Cluster) -> AsyncGenerator[None]:
    """Give the table in the database, dropped at the end."""
    owner = await asyncpg.connect(cluster.url())
    await owner.execute(
        """create table tenant.note (community_id int, id uuid, author_id uuid, body text, draft text,
                                     primary key (community_id, id));
           alter table tenant.note enable row level security, force row level security;
           create policy one_tenant on tenant.note to linli_app
             using (community_id = current_setting('app.community_id')::int)
             with check (community_id = current_setting('app.community_id')::int);
           grant select, insert, update on tenant.note to linli_app"""
    )
    yield
    await owner.execute("drop table tenant.note")
    await owner.close()


def viewer(person: Person) -> Viewer:
    """Return a resident as the viewer of a change."""
    assert person.place is not None
    roles = frozenset({Role.RESIDENT})
    return Viewer(
        Principal.COMMUNITY, person.id, roles, scopes_of(roles), 1, "tests", "",
        datetime.max.replace(tzinfo=UTC), community_id=person.place.key,
    )  # fmt: skip


@pytest.mark.usefixtures("walled")
async def test_what_is_listed_is_exported_and_erased(make: Make, database: Database) -> None:
    elm = await make.community()
    author, neighbour = [await make.applicant(elm, "ACTIVE") for _ in "12"]
    written: dict[UUID, UUID] = {}
    for person in (author, neighbour):
        written[person.id] = new_id(datetime.now(UTC))
        await make.row(
            elm, notes, id=written[person.id], author_id=person.id, body="三楼", draft="四楼"
        )
    whole = Database(database.pools, Domains((*DOMAINS, NOTES)), database.clock, database.ring)
    for person in (author, neighbour):
        async with whole.write(viewer(person), CLIENT) as tx:
            await audit.record(tx, "post.deleted", subject=written[author.id], reason="因三楼")

    async with whole.write(viewer(author), CLIENT) as tx:
        held = await personal.export(tx)
    (mine,) = held["note"]
    assert json.loads(json.dumps(mine)) == {
        "community_id": elm.key, "id": str(written[author.id]), "author_id": str(author.id),
        "body": "三楼",
    }  # fmt: skip
    async with database.write(viewer(author), CLIENT) as tx:
        assert "note" not in await personal.export(tx), "it is not listed there"

    async with whole.write(viewer(author), CLIENT, holds_self=True) as tx:
        await personal.erase(tx, confirmed=True)

    left = await make.rows(elm, "select author_id, body, draft from tenant.note order by id")
    assert [tuple(row) for row in left] == [
        (author.id, None, None),
        (neighbour.id, "三楼", "四楼"),
    ]
    reasons = "select count(*) from tenant.audit_entry where subject_id = $1 and reason is not null"
    assert await make.value(elm, reasons, written[author.id]) == 0, "the neighbour's names it too"
