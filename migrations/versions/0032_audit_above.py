"""Create tamper-evident audit above the communities: a hash chain in each district, and its head."""

import sqlalchemy as sa
from alembic import context, op

from tenants.audit.chain import BEGINNING, chained, sealed

revision = "0032"
down_revision = "0031"

TABLES = """
CREATE TABLE district.audit_head (
    district_id INTEGER NOT NULL,
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (district_id)
);

ALTER TABLE district.audit_entry
    ADD COLUMN seq BIGINT,
    ADD COLUMN reason_salt BYTEA,
    ADD COLUMN reason_hash BYTEA,
    ADD COLUMN prev_hash BYTEA,
    ADD COLUMN entry_hash BYTEA;
"""
# No entry can be written while the table is scanned, however long that takes.
FILLED = """
ALTER TABLE district.audit_entry
    -- squawk-ignore adding-not-nullable-field
    ALTER COLUMN seq SET NOT NULL,
    -- squawk-ignore adding-not-nullable-field
    ALTER COLUMN prev_hash SET NOT NULL,
    -- squawk-ignore adding-not-nullable-field
    ALTER COLUMN entry_hash SET NOT NULL,
    ADD UNIQUE (district_id, seq);
"""
# SQL printed by `--sql` cannot hash: it is for a database without entries above.
ONLY_EMPTY = """
do $$ begin
  if exists (select from district.audit_entry) then
    raise exception 'there are entries: run `linli migrate`, which chains them';
  end if;
end $$;
"""
# One head for all officers of a district, whichever street they belong to.
WALL = """
alter table district.audit_head enable row level security;
alter table district.audit_head force row level security;
create policy one_district on district.audit_head to linli_district
    using (district_id = current_setting('app.district_id')::int)
    with check (district_id = current_setting('app.district_id')::int);
grant select, insert, update on district.audit_head to linli_district;
grant update (reason, reason_salt) on district.audit_entry to linli_district;
"""
HEAD = """
insert into district.audit_head (district_id, seq, hash, changed_at)
values (:district_id, :seq, :entry_hash, clock_timestamp())
"""
PLACE = """
update district.audit_entry
   set seq = :seq, reason_salt = :reason_salt, reason_hash = :reason_hash,
       prev_hash = :prev_hash, entry_hash = :entry_hash
 where district_id = :district_id and id = :id
"""


def upgrade() -> None:
    """Create the heads, chain the existing entries, and allow only reasons to be erased."""
    op.execute(TABLES)
    # row security applies to the owner too, and no policy lets the owner read
    op.execute("alter table district.audit_entry no force row level security")
    if context.is_offline_mode():
        op.execute(ONLY_EMPTY)
    else:
        _chain(op.get_bind())
    op.execute("alter table district.audit_entry force row level security")
    op.execute(FILLED)
    op.execute(WALL)


def downgrade() -> None:
    """Drop the chains and keep the entries."""
    op.execute("drop table district.audit_head")
    op.execute("revoke update (reason, reason_salt) on district.audit_entry from linli_district")
    op.execute("""
ALTER TABLE district.audit_entry
    DROP COLUMN seq,
    DROP COLUMN reason_salt,
    DROP COLUMN reason_hash,
    DROP COLUMN prev_hash,
    DROP COLUMN entry_hash""")


def _chain(connection: sa.Connection) -> None:
    """Chain each district's entries in the order of their ids."""
    query = "select * from district.audit_entry order by district_id, id"
    found = connection.execute(sa.text(query)).mappings().all()
    for district in sorted({row["district_id"] for row in found}):
        own = [{**row, **sealed(row["reason"])} for row in found if row["district_id"] == district]
        linked = chained(own, 0, BEGINNING)
        connection.execute(sa.text(PLACE), linked)
        connection.execute(sa.text(HEAD), linked[-1])
