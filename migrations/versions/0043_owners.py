"""Owners' assemblies: registers of owners, heads on a roll, service, proxies and papers."""

from alembic import op

from migrations.walls import wall

revision = "0043"
down_revision = "0042"

TABLES = """
CREATE TABLE tenant.property_area (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID NOT NULL,
    PRIMARY KEY (community_id, id),
    UNIQUE (community_id, name),
    FOREIGN KEY(community_id) REFERENCES tenant.community (community_id),
    CONSTRAINT name_length CHECK (char_length(name) between 1 and 60)
);

CREATE TABLE tenant.owners_rules (
    community_id INTEGER NOT NULL,
    area_id UUID NOT NULL,
    effective_from DATE NOT NULL,
    silence TEXT NOT NULL,
    admits_electronic BOOLEAN NOT NULL,
    counts_parking BOOLEAN NOT NULL,
    decision TEXT NOT NULL,
    entered_by UUID NOT NULL,
    entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (community_id, area_id, effective_from),
    CONSTRAINT rules_of_area FOREIGN KEY(community_id, area_id) REFERENCES tenant.property_area (community_id, id),
    CONSTRAINT silence_known CHECK (silence in ('NOTHING', 'ABSTENTION', 'MAJORITY')),
    CONSTRAINT decision_length CHECK (char_length(decision) between 1 and 200)
);

CREATE TABLE tenant.property_part (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    area_id UUID NOT NULL,
    building TEXT NOT NULL,
    room TEXT NOT NULL,
    address TEXT NOT NULL,
    kind TEXT NOT NULL,
    area INTEGER NOT NULL,
    area_source TEXT NOT NULL,
    is_developers BOOLEAN NOT NULL,
    PRIMARY KEY (community_id, id),
    CONSTRAINT property_part_by_address UNIQUE (community_id, area_id, address),
    CONSTRAINT part_of_area FOREIGN KEY(community_id, area_id) REFERENCES tenant.property_area (community_id, id),
    CONSTRAINT kind_known CHECK (kind in ('DWELLING', 'SHOP', 'PARKING', 'OTHER')),
    CONSTRAINT area_source_known CHECK (area_source in ('REGISTER', 'SURVEY', 'CONTRACT')),
    CONSTRAINT building_length CHECK (char_length(building) between 1 and 20),
    CONSTRAINT room_length CHECK (char_length(room) between 1 and 20),
    CONSTRAINT area_is_positive CHECK (area between 1 and 10000000)
);

CREATE TABLE tenant.property_owner (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    area_id UUID NOT NULL,
    number TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    member_id UUID,
    PRIMARY KEY (community_id, id),
    CONSTRAINT property_owner_by_number UNIQUE (community_id, area_id, number),
    CONSTRAINT owner_of_area FOREIGN KEY(community_id, area_id) REFERENCES tenant.property_area (community_id, id),
    CONSTRAINT owner_member FOREIGN KEY(community_id, member_id) REFERENCES tenant.member (community_id, id),
    CONSTRAINT kind_known CHECK (kind in ('PERSON', 'COMPANY')),
    CONSTRAINT number_length CHECK (char_length(number) between 1 and 40),
    CONSTRAINT name_length CHECK (char_length(name) between 1 and 60)
);
CREATE INDEX property_owner_member ON tenant.property_owner (community_id, member_id);

CREATE TABLE tenant.part_owner (
    community_id INTEGER NOT NULL,
    part_id UUID NOT NULL,
    owner_id UUID NOT NULL,
    share_part INTEGER,
    share_whole INTEGER,
    PRIMARY KEY (community_id, part_id, owner_id),
    CONSTRAINT owner_of_part FOREIGN KEY(community_id, part_id) REFERENCES tenant.property_part (community_id, id),
    CONSTRAINT part_of_owner FOREIGN KEY(community_id, owner_id) REFERENCES tenant.property_owner (community_id, id),
    CONSTRAINT a_share_of_the_whole CHECK ((share_part is null) = (share_whole is null) and share_part between 1 and share_whole)
);
CREATE INDEX part_owner_of_owner ON tenant.part_owner (community_id, owner_id);

CREATE TABLE tenant.owners_assembly (
    community_id INTEGER NOT NULL,
    meeting_id UUID NOT NULL,
    area_id UUID NOT NULL,
    silence TEXT NOT NULL,
    admits_electronic BOOLEAN NOT NULL,
    counts_parking BOOLEAN NOT NULL,
    rules_from DATE,
    rules_decision TEXT,
    PRIMARY KEY (community_id, meeting_id),
    CONSTRAINT assembly_of_meeting FOREIGN KEY(community_id, meeting_id) REFERENCES tenant.meeting (community_id, id),
    CONSTRAINT assembly_of_area FOREIGN KEY(community_id, area_id) REFERENCES tenant.property_area (community_id, id),
    CONSTRAINT silence_known CHECK (silence in ('NOTHING', 'ABSTENTION', 'MAJORITY')),
    CONSTRAINT strict_without_rules CHECK ((rules_from is null) = (rules_decision is null) and (rules_from is not null or (silence = 'NOTHING' and not admits_electronic and not counts_parking)))
);

CREATE TABLE tenant.roll_part (
    community_id INTEGER NOT NULL,
    roll_id UUID NOT NULL,
    voter_id UUID NOT NULL,
    part_id UUID NOT NULL,
    building TEXT NOT NULL,
    room TEXT NOT NULL,
    area INTEGER NOT NULL,
    PRIMARY KEY (community_id, roll_id, voter_id, part_id),
    CONSTRAINT part_of_entry FOREIGN KEY(community_id, roll_id, voter_id) REFERENCES tenant.vote_voter (community_id, roll_id, voter_id),
    CONSTRAINT area_is_positive CHECK (area > 0)
);
CREATE UNIQUE INDEX roll_part_once ON tenant.roll_part (community_id, roll_id, part_id);

CREATE TABLE tenant.roll_owner (
    community_id INTEGER NOT NULL,
    roll_id UUID NOT NULL,
    voter_id UUID NOT NULL,
    owner_id UUID NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (community_id, roll_id, voter_id, owner_id),
    CONSTRAINT owner_of_entry FOREIGN KEY(community_id, roll_id, voter_id) REFERENCES tenant.vote_voter (community_id, roll_id, voter_id)
);
CREATE INDEX roll_owner_of_owner ON tenant.roll_owner (community_id, owner_id, roll_id);

CREATE TABLE tenant.ballot_service (
    community_id INTEGER NOT NULL,
    roll_id UUID NOT NULL,
    voter_id UUID NOT NULL,
    way TEXT NOT NULL,
    served_at TIMESTAMP WITH TIME ZONE NOT NULL,
    note TEXT,
    entered_by UUID NOT NULL,
    entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (community_id, roll_id, voter_id),
    CONSTRAINT service_of_entry FOREIGN KEY(community_id, roll_id, voter_id) REFERENCES tenant.vote_voter (community_id, roll_id, voter_id),
    CONSTRAINT way_known CHECK (way in ('IN_PERSON', 'ELECTRONIC', 'POST', 'POSTED_UP')),
    CONSTRAINT note_length CHECK (char_length(note) between 1 and 500),
    CONSTRAINT entered_afterwards CHECK (served_at <= entered_at)
);

CREATE TABLE tenant.vote_proxy (
    community_id INTEGER NOT NULL,
    meeting_id UUID NOT NULL,
    roll_id UUID NOT NULL,
    voter_id UUID NOT NULL,
    holder_id UUID NOT NULL,
    document TEXT NOT NULL,
    entered_by UUID NOT NULL,
    entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (community_id, meeting_id, voter_id),
    CONSTRAINT proxy_of_meeting FOREIGN KEY(community_id, meeting_id) REFERENCES tenant.meeting (community_id, id),
    CONSTRAINT proxy_of_entry FOREIGN KEY(community_id, roll_id, voter_id) REFERENCES tenant.vote_voter (community_id, roll_id, voter_id),
    CONSTRAINT proxy_holder FOREIGN KEY(community_id, holder_id) REFERENCES tenant.member (community_id, id),
    CONSTRAINT document_length CHECK (char_length(document) between 1 and 500)
);
CREATE INDEX vote_proxy_of_holder ON tenant.vote_proxy (community_id, meeting_id, holder_id);

CREATE TABLE tenant.proxy_instruction (
    community_id INTEGER NOT NULL,
    vote_id UUID NOT NULL,
    voter_id UUID NOT NULL,
    meeting_id UUID NOT NULL,
    marks INTEGER[] NOT NULL,
    PRIMARY KEY (community_id, vote_id, voter_id),
    CONSTRAINT instruction_of_proxy FOREIGN KEY(community_id, meeting_id, voter_id) REFERENCES tenant.vote_proxy (community_id, meeting_id, voter_id),
    CONSTRAINT instruction_for_vote FOREIGN KEY(community_id, vote_id) REFERENCES tenant.vote (community_id, id),
    CONSTRAINT marks_of_options CHECK (cardinality(marks) between 2 and 20)
);
CREATE INDEX proxy_instruction_of_proxy ON tenant.proxy_instruction (community_id, meeting_id, voter_id);

CREATE TABLE tenant.vote_paper (
    community_id INTEGER NOT NULL,
    vote_id UUID NOT NULL,
    roll_id UUID NOT NULL,
    voter_id UUID NOT NULL,
    channel TEXT NOT NULL,
    marks INTEGER[] NOT NULL,
    entered_by UUID NOT NULL,
    entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    confirmed_by UUID,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (community_id, vote_id, voter_id),
    CONSTRAINT paper_of_vote FOREIGN KEY(community_id, vote_id) REFERENCES tenant.vote (community_id, id),
    CONSTRAINT paper_of_entry FOREIGN KEY(community_id, roll_id, voter_id) REFERENCES tenant.vote_voter (community_id, roll_id, voter_id),
    CONSTRAINT channel_known CHECK (channel in ('PAPER', 'ASSISTED')),
    CONSTRAINT marks_of_options CHECK (cardinality(marks) between 2 and 20),
    CONSTRAINT confirmed_by_another CHECK ((confirmed_by is null) = (confirmed_at is null) and confirmed_by <> entered_by)
);
"""
CHANNELS = "'ONLINE', 'PROXY', 'PAPER', 'ASSISTED'"
COUNTED = ("by_proxy", "on_paper", "assisted", "silent")
# A voter's own entry is the voter; whose ballot came online, they cast it.
FILLED = {
    "tenant.vote_voter": "member_id = voter_id",
    "tenant.vote_ballot": "cast_by = case when channel = 'ONLINE' then voter_id end",
}


def upgrade() -> None:
    """Create the tables and their row security policies, and widen those of votes."""
    _columns()
    _checks()
    op.execute(TABLES)
    wall("tenant.property_area", app="select, insert, update")
    wall("tenant.owners_rules", app="select, insert, update")
    wall("tenant.property_part", app="select, insert, update, delete")
    wall("tenant.property_owner", app="select, insert, update")
    wall("tenant.part_owner", app="select, insert, delete")
    wall("tenant.owners_assembly", app="select, insert, update")
    # what a head is made of is taken anew until the roll is frozen
    wall("tenant.roll_part", app="select, insert, delete")
    wall("tenant.roll_owner", app="select, insert, delete")
    wall("tenant.ballot_service", app="select, insert, update, delete")
    wall("tenant.vote_proxy", app="select, insert, delete")
    wall("tenant.proxy_instruction", app="select, insert, delete")
    wall("tenant.vote_paper", app="select, insert, update, delete")


def downgrade() -> None:
    """Drop the tables; a head of owners is no voter that the earlier tables know."""
    op.execute(
        "drop table tenant.vote_paper, tenant.proxy_instruction, tenant.vote_proxy, "
        "tenant.ballot_service, tenant.roll_owner, tenant.roll_part, tenant.owners_assembly, "
        "tenant.part_owner, tenant.property_owner, tenant.property_part, tenant.owners_rules, "
        "tenant.property_area"
    )
    op.execute("revoke update on tenant.vote_voter from linli_app")
    op.execute("alter table tenant.vote drop constraint some_buildings, drop column buildings")
    op.execute("alter table tenant.vote_ballot drop constraint cast_or_entered")
    op.execute("alter table tenant.vote_ballot drop column cast_by, drop constraint channel_known")
    _check("vote_ballot", "channel_known", "check (channel in ('ONLINE', 'PAPER'))")
    op.execute("drop index tenant.vote_voter_member")
    op.execute(
        "alter table tenant.vote_voter drop constraint person_or_head, "
        "drop constraint document_length, drop constraint voter_is_member, "
        "drop column document, drop column area, drop column member_id"
    )
    _check(
        "vote_voter",
        "voter_is_member",
        "foreign key (community_id, voter_id) references tenant.member (community_id, id)",
    )
    for column in COUNTED:
        op.execute(f"alter table tenant.vote_tally drop column {column}")
    op.execute("alter table tenant.vote_roll drop column area")


def _columns() -> None:
    """Add the columns, and fill them for the votes that there are."""
    op.execute("alter table tenant.vote_roll add column area integer")
    op.execute(
        "alter table tenant.vote_voter add column member_id uuid, add column area integer, "
        "add column document text"
    )
    op.execute("alter table tenant.vote_ballot add column cast_by uuid")
    op.execute("alter table tenant.vote add column buildings text[]")
    for column in COUNTED:
        op.execute(f"alter table tenant.vote_tally add column {column} integer not null default 0")
        op.execute(f"alter table tenant.vote_tally alter column {column} drop default")
    for table, values in FILLED.items():
        op.execute(f"alter table {table} no force row level security")
        op.execute(f"update {table} set {values}")
        op.execute(f"alter table {table} force row level security")


def _checks() -> None:
    """State what holds of the new columns."""
    op.execute("alter table tenant.vote_voter drop constraint voter_is_member")
    _check(
        "vote_voter",
        "voter_is_member",
        "foreign key (community_id, member_id) references tenant.member (community_id, id)",
    )
    _check(
        "vote_voter",
        "person_or_head",
        "check ((area > 0) or (area is null and member_id = voter_id))",
    )
    _check("vote_voter", "document_length", "check (char_length(document) between 1 and 500)")
    op.execute("alter table tenant.vote_ballot drop constraint channel_known")
    _check("vote_ballot", "channel_known", f"check (channel in ({CHANNELS}))")
    _check(
        "vote_ballot",
        "cast_or_entered",
        "check ((cast_by is not null) = (channel in ('ONLINE', 'PROXY')))",
    )
    _check(
        "vote",
        "some_buildings",
        "check (buildings is null or (track = 'DECISION' and cardinality(buildings) > 0))",
    )
    op.execute(
        "create index vote_voter_member on tenant.vote_voter (community_id, roll_id, member_id)"
    )
    op.execute("grant update on tenant.vote_voter to linli_app")


def _check(table: str, name: str, what: str) -> None:
    """Add a constraint."""
    op.execute(f"alter table tenant.{table} add constraint {name} {what}")
