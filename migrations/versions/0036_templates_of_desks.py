"""Desks above the communities keep answers for use again, as a community's staff do; and keys."""

from alembic import op

revision = "0036"
down_revision = "0035"

_OF_DISTRICT = "district_id = current_setting('app.district_id')::int"
_ADMINISTERED = (
    f"{_OF_DISTRICT} and (current_setting('app.street_id')::int = 0 or "
    "street_id = current_setting('app.street_id')::int) "
    "and current_setting('app.department_id')::int = 0"
)
# A department's desk is its number below nought.
_OF_DESK = (
    f"{_OF_DISTRICT} and desk = case "
    "when current_setting('app.department_id')::int <> 0 then -current_setting('app.department_id')::int "
    "when current_setting('app.street_id')::int <> 0 then current_setting('app.street_id')::int "
    "else current_setting('app.district_id')::int end"
)
KEYS = """
CREATE TABLE district.idempotency_key (
    district_id INTEGER NOT NULL,
    actor_id UUID NOT NULL,
    key TEXT NOT NULL,
    action TEXT NOT NULL,
    input_hash BYTEA NOT NULL,
    outcome TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (district_id, actor_id, key)
);
CREATE INDEX idempotency_key_of_district_by_time ON district.idempotency_key (district_id, created_at);
alter table district.idempotency_key enable row level security;
alter table district.idempotency_key force row level security;
"""


def upgrade() -> None:
    """Say whose a template is; let a handler's acts be written down where only admins read them."""
    op.execute("""
ALTER TABLE tenant.answer_template
    ADD COLUMN district_id INTEGER,
    ADD COLUMN desk INTEGER NOT NULL DEFAULT 0,
    DROP CONSTRAINT answer_template_community_id_name_key,
    ADD UNIQUE (community_id, desk, name),
    ADD CONSTRAINT of_one_desk CHECK ((community_id = 0) = (desk <> 0) and (desk = 0) = (district_id is null))""")
    op.execute("ALTER TABLE tenant.answer_template ALTER COLUMN desk DROP DEFAULT")
    _wall("tenant.answer_template", "one_desk", _OF_DESK)
    op.execute(KEYS)
    # each is found by who used it, a handler too
    _wall("district.idempotency_key", "one_district", _OF_DISTRICT)
    op.execute(f"alter policy one_district on district.audit_entry with check ({_OF_DISTRICT})")


def downgrade() -> None:
    """Keep the communities' templates alone."""
    op.execute(f"alter policy one_district on district.audit_entry with check ({_ADMINISTERED})")
    op.execute("drop table district.idempotency_key")
    op.execute("drop policy one_desk on tenant.answer_template")
    op.execute("revoke all on tenant.answer_template from linli_district")
    op.execute("alter table tenant.answer_template no force row level security")
    op.execute("delete from tenant.answer_template where community_id = 0")
    op.execute("alter table tenant.answer_template force row level security")
    op.execute("""
ALTER TABLE tenant.answer_template
    DROP CONSTRAINT of_one_desk,
    DROP CONSTRAINT answer_template_community_id_desk_name_key,
    ADD UNIQUE (community_id, name),
    DROP COLUMN desk,
    DROP COLUMN district_id""")


def _wall(table: str, policy: str, condition: str) -> None:
    op.execute(
        f"create policy {policy} on {table} to linli_district "
        f"using ({condition}) with check ({condition})"
    )
    op.execute(f"grant select, insert, update, delete on {table} to linli_district")
