"""Meetings that are owed since when, and for which petition a meeting is called."""

from alembic import op

from migrations.walls import ABOVE, wall

revision = "0046"
down_revision = "0045"

TABLE = """
CREATE TABLE tenant.owed_meeting (
    community_id INTEGER NOT NULL,
    petition_id UUID NOT NULL,
    district_id INTEGER NOT NULL,
    street_id INTEGER NOT NULL,
    rule_id UUID NOT NULL,
    owed_since TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (community_id, petition_id),
    CONSTRAINT owed_to_petition FOREIGN KEY(community_id, petition_id) REFERENCES tenant.petition (community_id, id),
    CONSTRAINT owed_by_rule FOREIGN KEY(rule_id) REFERENCES reference.support_rule (id)
)
"""
_EFFECTS = {
    "应当召集居民会议": "RESIDENTS_MEETING",
    "应当召集居民代表会议": "RESIDENT_REPRESENTATIVES",
    "应当召集村民会议": "VILLAGERS_MEETING",
    "应当召集村民代表会议": "VILLAGER_REPRESENTATIVES",
}

_ACTIONS = (
    "SUBMITTED", "INFORMATION_REQUESTED", "RESUBMITTED", "ACCEPTED", "REFUSED", "MERGED", "TOOK_IN",
    "ASSIGNED", "DISPUTED", "STARTED", "EXTENDED", "ESCALATED", "ANSWERED", "ASKED_BACK", "RATED",
    "CLOSED", "REOPENED", "REVIEW_REQUESTED", "REVIEWED", "WITHDRAWN", "NOTED", "ACK_OVERDUE",
    "RESOLVE_OVERDUE", "GOAL_REACHED", "SUPERVISED", "IMPORTED",
)  # fmt: skip
_NEW = ("MEETING_CALLED", "MEETING_CANCELLED")


def upgrade() -> None:
    """Add the columns; a goal that was reached before has a meeting owed since then."""
    op.execute(
        "alter table reference.support_rule "
        "add column body text not null default 'RESIDENTS_MEETING'"
    )
    for effect, body in _EFFECTS.items():
        op.execute(f"update reference.support_rule set body = '{body}' where effect = '{effect}'")
    bodies = ", ".join(f"'{body}'" for body in _EFFECTS.values())
    op.execute(
        "alter table reference.support_rule alter column body drop default, "
        f"add constraint body_known check (body in ({bodies}))"
    )
    op.execute(TABLE)
    wall("tenant.owed_meeting", app="select, insert, delete")
    op.execute(
        f"create policy one_district on tenant.owed_meeting for select to linli_district using ({ABOVE})"
    )
    op.execute("grant select on tenant.owed_meeting to linli_district")
    op.execute(
        "create index owed_meeting_by_time on tenant.owed_meeting (community_id, owed_since, petition_id)"
    )
    op.execute(
        "create index owed_meeting_above on tenant.owed_meeting (district_id, owed_since, petition_id)"
    )
    _unwalled(
        "insert into tenant.owed_meeting (community_id, petition_id, district_id, street_id, rule_id, "
        "owed_since) select community_id, id, district_id, street_id, goal_rule_id, goal_reached_at "
        "from tenant.petition where goal_reached_at is not null",
        "tenant.petition",
        "tenant.owed_meeting",
    )
    _known((*_ACTIONS[:-2], *_NEW, *_ACTIONS[-2:]))
    op.execute("alter table tenant.meeting add column petition_id uuid")
    op.execute(
        "alter table tenant.meeting add constraint meeting_for_petition "
        "foreign key (community_id, petition_id) references tenant.petition (community_id, id)"
    )
    op.execute(
        "create unique index meeting_of_petition on tenant.meeting (community_id, petition_id) "
        "where petition_id is not null and state <> 'CANCELLED'"
    )


def downgrade() -> None:
    """Take them away."""
    op.execute("alter table tenant.meeting drop column petition_id")
    op.execute("drop table tenant.owed_meeting")
    new = ", ".join(f"'{action}'" for action in _NEW)
    _unwalled(f"delete from tenant.petition_event where action in ({new})", "tenant.petition_event")
    _known(_ACTIONS)
    op.execute("alter table reference.support_rule drop column body")


def _known(actions: tuple[str, ...]) -> None:
    words = ", ".join(f"'{action}'" for action in actions)
    op.execute(
        "alter table tenant.petition_event drop constraint action_known, "
        f"add constraint action_known check (action in ({words}))"
    )


def _unwalled(change: str, *tables: str) -> None:
    """Change the rows of every community: the owner of the tables is behind the wall too."""
    for table in tables:
        op.execute(f"alter table {table} no force row level security")
    op.execute(change)
    for table in tables:
        op.execute(f"alter table {table} force row level security")
