"""Officers may have what names them erased, as members may."""

from alembic import op

from migrations.walls import ABOVE

revision = "0035"
down_revision = "0034"

_STATES = "'ACTIVE', 'SUSPENDED', 'DISMISSED', 'LAPSED'"
_ENDED = "'DISMISSED', 'LAPSED'"


def upgrade() -> None:
    """Know who was erased, and let a name and the reason of an invitation go."""
    _constrain(f"{_STATES}, 'ANONYMISED'", f"{_ENDED}, 'ANONYMISED'")
    op.execute("grant update (display_name, person_id) on district.officer to linli_district")
    # nothing is released: no server that runs takes a reason for given
    op.execute(
        "-- squawk-ignore ban-drop-not-null\n"
        "alter table district.invitation alter column reason drop not null"
    )
    # where an officer looked in, to be unnamed there
    op.execute(
        f"create policy one_district on tenant.inspection for select to linli_district using ({ABOVE})"
    )
    op.execute("grant select on tenant.inspection to linli_district")
    op.execute("grant update (display_name) on tenant.inspection to linli_app")


def downgrade() -> None:
    """Take it back; who was erased has been dismissed, for all that is known then."""
    op.execute("revoke update (display_name) on tenant.inspection from linli_app")
    op.execute("revoke select on tenant.inspection from linli_district")
    op.execute("drop policy one_district on tenant.inspection")
    for table in ("officer", "invitation"):
        op.execute(f"alter table district.{table} no force row level security")
    op.execute("update district.invitation set reason = '-' where reason is null")
    op.execute("-- squawk-ignore adding-not-nullable-field\n"
               "alter table district.invitation alter column reason set not null")  # fmt: skip
    op.execute("revoke update (display_name, person_id) on district.officer from linli_district")
    op.execute("update district.officer set state = 'DISMISSED' where state = 'ANONYMISED'")
    for table in ("officer", "invitation"):
        op.execute(f"alter table district.{table} force row level security")
    _constrain(_STATES, _ENDED)


def _constrain(states: str, ended: str) -> None:
    op.execute(f"""
ALTER TABLE district.officer
    DROP CONSTRAINT state_known,
    ADD CONSTRAINT state_known CHECK (state in ({states})),
    DROP CONSTRAINT ended_at_a_time,
    ADD CONSTRAINT ended_at_a_time CHECK ((state in ({ended})) = (ended_at is not null))""")
