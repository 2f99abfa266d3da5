"""Create tamper-evident audit: a hash chain in each community, its head, and signed checkpoints."""

from typing import Any

import sqlalchemy as sa
from alembic import context, op

from migrations.walls import wall
from tenants.audit.chain import BEGINNING, chained, sealed

revision = "0007"
down_revision = "0006"

TABLES = """
CREATE TABLE tenant.audit_head (
    community_id INTEGER NOT NULL,
    district_id INTEGER NOT NULL,
    street_id INTEGER NOT NULL,
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (community_id)
)
 WITH (fillfactor = 50);

CREATE TABLE reference.audit_checkpoint (
    number BIGINT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    body TEXT NOT NULL,
    signature TEXT NOT NULL,
    PRIMARY KEY (number)
);

ALTER TABLE tenant.audit_entry
    ADD COLUMN seq BIGINT,
    ADD COLUMN reason_salt BYTEA,
    ADD COLUMN reason_hash BYTEA,
    ADD COLUMN prev_hash BYTEA,
    ADD COLUMN entry_hash BYTEA,
    -- squawk-ignore ban-drop-constraint
    DROP CONSTRAINT actor_kind_known,
    ADD CONSTRAINT actor_kind_known CHECK (actor_kind in ('MEMBER', 'OFFICER', 'SYSTEM', 'APP', 'INSPECTOR'));
"""
# No entry can be written while the table is scanned, however long that takes.
FILLED = """
ALTER TABLE tenant.audit_entry
    -- squawk-ignore adding-not-nullable-field
    ALTER COLUMN seq SET NOT NULL,
    -- squawk-ignore adding-not-nullable-field
    ALTER COLUMN prev_hash SET NOT NULL,
    -- squawk-ignore adding-not-nullable-field
    ALTER COLUMN entry_hash SET NOT NULL,
    ADD UNIQUE (community_id, seq);
"""
# Row security applies to the owner too, and no policy lets the owner read.
READ = ("tenant.community", "tenant.audit_entry")
# SQL printed by `--sql` cannot hash: it is for a database without communities.
ONLY_EMPTY = """
do $$ begin
  if exists (select from tenant.community) then
    raise exception 'there are communities: run `linli migrate`, which chains their entries';
  end if;
end $$;
"""


def upgrade() -> None:
    """Create the tables, chain the existing entries, and allow only reasons to be erased."""
    op.execute(TABLES)
    for table in READ:
        op.execute(f"alter table {table} no force row level security")
    if context.is_offline_mode():
        op.execute(ONLY_EMPTY)
    else:
        _chain_communities(op.get_bind())
    for table in READ:
        op.execute(f"alter table {table} force row level security")
    op.execute(FILLED)
    op.execute("grant update (reason, reason_salt) on tenant.audit_entry to linli_app")
    wall("tenant.audit_head", app="select, insert, update", district=True)
    op.execute("grant select, insert on reference.audit_checkpoint to linli_district")


def downgrade() -> None:
    """Drop the chain and keep the entries."""
    op.execute("drop table reference.audit_checkpoint, tenant.audit_head")
    op.execute("revoke update (reason, reason_salt) on tenant.audit_entry from linli_app")
    op.execute("""
ALTER TABLE tenant.audit_entry
    DROP CONSTRAINT actor_kind_known,
    ADD CONSTRAINT actor_kind_known CHECK (actor_kind in ('MEMBER', 'OFFICER', 'SYSTEM')),
    DROP COLUMN seq,
    DROP COLUMN reason_salt,
    DROP COLUMN reason_hash,
    DROP COLUMN prev_hash,
    DROP COLUMN entry_hash""")


def _chain_communities(connection: sa.Connection) -> None:
    places = "select community_id, district_id, street_id from tenant.community order by 1"
    for place in connection.execute(sa.text(places)).mappings().all():
        end = _chain_entries(connection, place["community_id"])
        connection.execute(sa.text(HEAD), {**place, **end})


def _chain_entries(connection: sa.Connection, community_id: int) -> dict[str, Any]:
    """Chain a community's entries in the order of their ids; return the values of its head."""
    query = "select * from tenant.audit_entry where community_id = :community_id order by id"
    found = connection.execute(sa.text(query), {"community_id": community_id}).mappings()
    entries = [{**row, **sealed(row["reason"])} for row in found]
    linked = chained(entries, 0, BEGINNING)
    if not linked:
        return {"seq": 0, "hash": BEGINNING}
    connection.execute(sa.text(PLACE), linked)
    return {"seq": linked[-1]["seq"], "hash": linked[-1]["entry_hash"]}


HEAD = """
insert into tenant.audit_head (community_id, district_id, street_id, seq, hash, changed_at)
values (:community_id, :district_id, :street_id, :seq, :hash, clock_timestamp())
"""
PLACE = """
update tenant.audit_entry
   set seq = :seq, reason_salt = :reason_salt, reason_hash = :reason_hash,
       prev_hash = :prev_hash, entry_hash = :entry_hash
 where community_id = :community_id and id = :id
"""
