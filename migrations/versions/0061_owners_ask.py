"""Owners ask for their assembly: a fifth of those of a property area."""

from alembic import op

revision = "0061"
down_revision = "0060"

_BASES = ("ADULTS", "HOUSEHOLDS", "REPRESENTATIVES")
_BODIES = (
    "RESIDENTS_MEETING", "RESIDENT_REPRESENTATIVES", "VILLAGERS_MEETING", "VILLAGER_REPRESENTATIVES",
)  # fmt: skip


def upgrade() -> None:
    """Add the rule for both kinds of communities, and the area that a petition is about."""
    _known("basis", (*_BASES, "OWNERS"))
    _known("body", (*_BODIES, "OWNERS_ASSEMBLY"))
    for kind in ("RESIDENTIAL", "VILLAGE"):
        op.execute(
            "insert into reference.support_rule (id, community_kind, basis, numerator, denominator, "
            "effect, effective_from, effective_to, source, is_confirmed, body) values "
            f"(gen_random_uuid(), '{kind}', 'OWNERS', 1, 5, '应当召开业主大会临时会议', "
            "'2021-01-01T00:00:00+08', null, '上海市住宅物业管理规定第25条', true, 'OWNERS_ASSEMBLY')"
        )
    op.execute("alter table tenant.petition add column property_area_id uuid")
    op.execute(
        "alter table tenant.petition add constraint petition_of_area "
        "foreign key (community_id, property_area_id) references tenant.property_area (community_id, id), "
        "add constraint owners_by_a_rule check (property_area_id is null or goal_rule_id is not null)"
    )


def downgrade() -> None:
    """Take it away with the petitions' goals by it; nobody owes owners a meeting any longer."""
    ours = "(select id from reference.support_rule where basis = 'OWNERS')"
    for table in ("owed_meeting", "petition"):
        op.execute(f"alter table tenant.{table} no force row level security")
    op.execute(f"delete from tenant.owed_meeting where rule_id in {ours}")
    op.execute(
        "alter table tenant.petition drop constraint owners_by_a_rule, drop column property_area_id"
    )
    op.execute(
        f"update tenant.petition set goal = null, goal_rule_id = null where goal_rule_id in {ours}"
    )
    for table in ("owed_meeting", "petition"):
        op.execute(f"alter table tenant.{table} force row level security")
    op.execute("delete from reference.support_rule where basis = 'OWNERS'")
    _known("body", _BODIES)
    _known("basis", _BASES)


def _known(column: str, words: tuple[str, ...]) -> None:
    known = ", ".join(f"'{word}'" for word in words)
    op.execute(
        f"alter table reference.support_rule drop constraint {column}_known, "
        f"add constraint {column}_known check ({column} in ({known}))"
    )
