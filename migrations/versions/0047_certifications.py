"""A count is certified by the seats that its rule set names, each by another person."""

from alembic import op

from migrations.walls import wall

revision = "0047"
down_revision = "0046"

TABLE = """
CREATE TABLE tenant.vote_certification (
    community_id INTEGER NOT NULL,
    vote_id UUID NOT NULL,
    seat TEXT NOT NULL,
    certified_by UUID NOT NULL,
    certified_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (community_id, vote_id, seat),
    CONSTRAINT certified_once_by_each UNIQUE (community_id, vote_id, certified_by),
    CONSTRAINT certification_of_vote FOREIGN KEY(community_id, vote_id) REFERENCES tenant.vote (community_id, id),
    CONSTRAINT seat_known CHECK (seat in ('PARTY_SECRETARY', 'SUPERVISOR', 'COMMITTEE_MEMBER', 'ORGANISER'))
)
"""
_SEATS = "'PARTY_SECRETARY', 'SUPERVISOR', 'COMMITTEE_MEMBER', 'ORGANISER'"
_CERTIFIED = "(track = 'DECISION') = (certifiers is not null) and cardinality(certifiers) > 0"
_ACTIONS = (
    "STARTED", "MATTER_ADDED", "NOTICED", "KEYS_SHOWN", "OPENED", "CLOSED", "TALLIED", "COUNTED",
    "PUBLISHED", "FINALISED", "LAPSED", "VOIDED", "OVERTURNED",
)  # fmt: skip


def upgrade() -> None:
    """Add them; who certified a count before did so as a supervisor."""
    op.execute(TABLE)
    wall("tenant.vote_certification", app="select, insert")
    op.execute("alter table tenant.vote add column certifiers text[]")
    op.execute(
        "alter table tenant.owners_assembly add column organiser_id uuid not null "
        "default '00000000-0000-0000-0000-000000000000'"
    )
    _unwalled(
        "update tenant.vote set certifiers = array['SUPERVISOR'] where track = 'DECISION'",
        "tenant.vote",
    )
    _unwalled(
        "insert into tenant.vote_certification (community_id, vote_id, seat, certified_by, certified_at) "
        "select community_id, id, 'SUPERVISOR', certified_by, published_at from tenant.vote "
        "where certified_by is not null",
        "tenant.vote",
        "tenant.vote_certification",
    )
    _unwalled(
        "update tenant.owners_assembly a set organiser_id = m.created_by from tenant.meeting m "
        "where m.community_id = a.community_id and m.id = a.meeting_id",
        "tenant.meeting",
        "tenant.owners_assembly",
    )
    op.execute(
        "alter table tenant.owners_assembly alter column organiser_id drop default, "
        "add constraint assembly_organiser foreign key (community_id, organiser_id) "
        "references tenant.member (community_id, id)"
    )
    op.execute(
        f"alter table tenant.vote add constraint decisions_are_certified check ({_CERTIFIED}), "
        f"add constraint certifiers_known check (certifiers <@ array[{_SEATS}])"
    )
    _known((*_ACTIONS[:9], "CERTIFIED", *_ACTIONS[9:]))


def downgrade() -> None:
    """Take them away; who certified last stays."""
    _unwalled("delete from tenant.vote_event where action = 'CERTIFIED'", "tenant.vote_event")
    _known(_ACTIONS)
    op.execute(
        "alter table tenant.vote drop constraint decisions_are_certified, "
        "drop constraint certifiers_known, drop column certifiers"
    )
    op.execute("alter table tenant.owners_assembly drop column organiser_id")
    op.execute("drop table tenant.vote_certification")


def _known(actions: tuple[str, ...]) -> None:
    words = ", ".join(f"'{action}'" for action in actions)
    op.execute(
        "alter table tenant.vote_event drop constraint action_known, "
        f"add constraint action_known check (action in ({words}))"
    )


def _unwalled(change: str, *tables: str) -> None:
    """Change the rows of every community: the owner of the tables is behind the wall too."""
    for table in tables:
        op.execute(f"alter table {table} no force row level security")
    op.execute(change)
    for table in tables:
        op.execute(f"alter table {table} force row level security")
