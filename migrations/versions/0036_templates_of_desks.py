"""Desks above the communities keep answers for use again, as a community's staff do; and keys."""

from alembic import op

revision = "0036"
down_revision = "0035"

# Above the communities the tenant is 0, and a row is of one desk: a department's below nought.
_OF_DESK = (
    "community_id = 0 and desk = case "
    "when current_setting('app.department_id')::int <> 0 then -current_setting('app.department_id')::int "
    "when current_setting('app.street_id')::int <> 0 then current_setting('app.street_id')::int "
    "else current_setting('app.district_id')::int end"
)
_OF_DISTRICT = "district_id = current_setting('app.district_id')::int"
_ADMINISTERED = (
    f"{_OF_DISTRICT} and (current_setting('app.street_id')::int = 0 or "
    "street_id = current_setting('app.street_id')::int) "
    "and current_setting('app.department_id')::int = 0"
)


def upgrade() -> None:
    """Say whose a template is; let a handler's acts be written down where only admins read them."""
    op.execute("""
ALTER TABLE tenant.answer_template
    ADD COLUMN desk INTEGER NOT NULL DEFAULT 0,
    DROP CONSTRAINT answer_template_community_id_name_key,
    ADD UNIQUE (community_id, desk, name),
    ADD CONSTRAINT of_one_desk CHECK ((community_id = 0) = (desk <> 0))""")
    op.execute(
        f"create policy one_desk on tenant.answer_template to linli_district "
        f"using ({_OF_DESK}) with check ({_OF_DESK})"
    )
    op.execute("grant select, insert, update, delete on tenant.answer_template to linli_district")
    # each is found by who used it
    op.execute(
        "create policy keys_above on tenant.idempotency_key to linli_district "
        "using (community_id = 0) with check (community_id = 0)"
    )
    op.execute("grant select, insert, update on tenant.idempotency_key to linli_district")
    op.execute(f"alter policy one_district on district.audit_entry with check ({_OF_DISTRICT})")


def downgrade() -> None:
    """Keep the communities' templates alone."""
    op.execute(f"alter policy one_district on district.audit_entry with check ({_ADMINISTERED})")
    for table, policy in (("idempotency_key", "keys_above"), ("answer_template", "one_desk")):
        op.execute(f"drop policy {policy} on tenant.{table}")
        op.execute(f"revoke all on tenant.{table} from linli_district")
        op.execute(f"alter table tenant.{table} no force row level security")
        op.execute(f"delete from tenant.{table} where community_id = 0")
        op.execute(f"alter table tenant.{table} force row level security")
    op.execute("""
ALTER TABLE tenant.answer_template
    DROP CONSTRAINT of_one_desk,
    DROP CONSTRAINT answer_template_community_id_desk_name_key,
    ADD UNIQUE (community_id, name),
    DROP COLUMN desk""")
