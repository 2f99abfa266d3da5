"""Residents' representatives hold an office, and may ask for a meeting as the laws of 2026 say.

The support goals of 2026 were seeded before the text of the laws was read: an urban community's
were twice as high as they are.
"""

from alembic import op

revision = "0044"
down_revision = "0043"

_BEFORE = ("RESIDENT", "COMMITTEE_MEMBER", "PARTY_SECRETARY", "SUPERVISOR", "SEAT")
_OFFICES = ("COMMITTEE_MEMBER", "SUPERVISOR", "SEAT", "PARTY_SECRETARY")
_ABOVE = ("DISTRICT_ADMIN", "DEPARTMENT_HANDLER", "APP", "INSPECTOR")
_NEW = "REPRESENTATIVE"
_SINCE = "2026-01-01T00:00:00+08"
_URBAN, _RURAL = "城市居民委员会组织法（2025年修订）", "村民委员会组织法（2025年修正）"
_ASKED = (
    ("RESIDENTIAL", 3, "应当召集居民会议", f"{_URBAN}第26条"),
    ("RESIDENTIAL", 5, "应当召集居民代表会议", f"{_URBAN}第28条"),
    ("VILLAGE", 3, "应当召集村民会议", f"{_RURAL}第25条"),
    ("VILLAGE", 5, "应当召集村民代表会议", f"{_RURAL}第29条"),
)
_OPEN_GOALS = f"""
update tenant.petition p
set goal = greatest(1, (case rule.basis when 'ADULTS' then known.adults else known.households end
  + rule.denominator - 1) / rule.denominator)
from reference.support_rule rule, tenant.population known
where rule.id = p.goal_rule_id and rule.community_kind = 'RESIDENTIAL'
  and rule.effective_from = '{_SINCE}' and known.community_id = p.community_id
  and p.goal is not null and p.goal_reached_at is null
"""


def upgrade() -> None:
    """Add the office, correct the goals, and count again those of petitions that collect."""
    _known("tenant.member", "roles", (*_BEFORE, _NEW))
    _known("tenant.office_term", "role", (*_OFFICES, _NEW))
    _known("tenant.audit_entry", "actor_role", ("GUEST", *_BEFORE, _NEW, *_ABOVE))
    op.execute("alter table reference.support_rule drop constraint basis_known")
    op.execute(
        "alter table reference.support_rule add constraint basis_known "
        "check (basis in ('ADULTS', 'HOUSEHOLDS', 'REPRESENTATIVES'))"
    )
    op.execute(
        "alter table reference.support_rule "
        "drop constraint support_rule_community_kind_basis_effective_from_key, "
        "add unique (community_kind, basis, effect, effective_from)"
    )
    op.execute(
        "update reference.support_rule set denominator = 10, is_confirmed = true, source = "
        f"case community_kind when 'VILLAGE' then '{_RURAL}第25条' else '{_URBAN}第26条' end "
        f"where effective_from = '{_SINCE}'"
    )
    for kind, whole, effect, source in _ASKED:
        op.execute(
            "insert into reference.support_rule (id, community_kind, basis, numerator, denominator, "
            "effect, effective_from, effective_to, source, is_confirmed) values (gen_random_uuid(), "
            f"'{kind}', 'REPRESENTATIVES', 1, {whole}, '{effect}', '{_SINCE}', null, '{source}', true)"
        )
    op.execute(_OPEN_GOALS)


def downgrade() -> None:
    """Take the office and its goals away, and say again what was not known."""
    op.execute("delete from reference.support_rule where basis = 'REPRESENTATIVES'")
    op.execute(
        "update reference.support_rule set is_confirmed = false, "
        "denominator = case community_kind when 'VILLAGE' then 10 else 5 end, source = "
        f"case community_kind when 'VILLAGE' then '{_RURAL[:-1]}，条文待核）' "
        "else '城市居民委员会组织法（2025修订）第四章，条文待核' end "
        f"where effective_from = '{_SINCE}'"
    )
    op.execute(_OPEN_GOALS)
    op.execute(
        "alter table reference.support_rule "
        "drop constraint support_rule_community_kind_basis_effect_effective_from_key, "
        "add unique (community_kind, basis, effective_from)"
    )
    op.execute("alter table reference.support_rule drop constraint basis_known")
    op.execute(
        "alter table reference.support_rule add constraint basis_known "
        "check (basis in ('ADULTS', 'HOUSEHOLDS'))"
    )
    _known("tenant.audit_entry", "actor_role", ("GUEST", *_BEFORE, *_ABOVE))
    _known("tenant.office_term", "role", _OFFICES)
    _known("tenant.member", "roles", _BEFORE)


def _known(table: str, column: str, roles: tuple[str, ...]) -> None:
    words = ", ".join(f"'{role}'" for role in roles)
    check = f"{column} in ({words})"
    if column == "roles":
        check = f"cardinality(roles) > 0 and roles <@ array[{words}]"
    op.execute(f"alter table {table} drop constraint {column}_known")
    op.execute(f"alter table {table} add constraint {column}_known check ({check})")
