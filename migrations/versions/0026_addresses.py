"""One address is one household, in whatever form it is written."""

from collections import defaultdict

from alembic import context, op
from sqlalchemy import text

from tenants.addresses import address_of, near_of

revision = "0026"
down_revision = "0025"

WALLED = ("household", "member_record", "petition_support", "petition")


def upgrade() -> None:
    """Add the normal form, merge households whose forms are equal, and count again."""
    for name in ("address", "near"):
        op.execute(f"alter table tenant.household add column {name} text not null default ''")
        op.execute(f"alter table tenant.household alter column {name} drop default")
    op.execute(
        "alter table tenant.household drop constraint household_community_id_building_room_key"
    )
    if not context.is_offline_mode():
        for table in WALLED:
            op.execute(f"alter table tenant.{table} no force row level security")
        _merge()
        for table in WALLED:
            op.execute(f"alter table tenant.{table} force row level security")
    op.execute(
        "create unique index household_by_address on tenant.household (community_id, address)"
    )
    op.execute("create index household_by_near on tenant.household (community_id, near, id)")


def downgrade() -> None:
    """Use the written address again; merged households stay merged."""
    op.execute("drop index tenant.household_by_address, tenant.household_by_near")
    for name in ("address", "near"):
        op.execute(f"alter table tenant.household drop column {name}")
    op.execute("alter table tenant.household add unique (community_id, building, room)")


def _merge() -> None:
    """Keep the oldest household of each address, and let references to the others refer to it."""
    connection = op.get_bind()
    rows = connection.execute(
        text("select community_id, id, building, room from tenant.household order by id")
    ).all()
    doors = defaultdict(list)
    for community, id_, building, room in rows:
        doors[community, address_of(building, room)].append(id_)
    for (community, address), (kept, *others) in doors.items():
        given = {"community": community, "kept": kept, "others": others}
        connection.execute(
            text(
                "update tenant.household set address = :address, near = :near "
                "where community_id = :community and id = :kept"
            ),
            given | {"address": address, "near": near_of(address)},
        )
        if not others:
            continue
        for table in ("member_record", "petition_support"):
            connection.execute(
                text(
                    f"update tenant.{table} set household_id = :kept "  # table names of ours
                    "where community_id = :community and household_id = any(:others)"
                ),
                given,
            )
        connection.execute(
            text(
                "delete from tenant.household where community_id = :community and id = any(:others)"
            ),
            given,
        )
        connection.execute(text(RECOUNT), given)


RECOUNT = """
update tenant.petition p set household_count = counted.households
  from (select community_id, petition_id, count(distinct household_id) as households
          from tenant.petition_support
         where community_id = :community and withdrawn_at is null group by 1, 2) as counted
 where p.community_id = counted.community_id and p.id = counted.petition_id
   and p.household_count <> counted.households
"""
