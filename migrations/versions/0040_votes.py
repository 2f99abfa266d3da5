"""Votes and meetings: rolls, ballots, results and objections."""

from alembic import op

from migrations.walls import ABOVE, wall

revision = "0040"
down_revision = "0039"

TABLES = """
CREATE TABLE tenant.vote_roll (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    units TEXT[] NOT NULL,
    voters INTEGER NOT NULL,
    frozen_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (community_id, id),
    CONSTRAINT roll_of_voters CHECK (voters >= 0 and cardinality(units) > 0),
    CONSTRAINT units_known CHECK (units <@ array['PERSONS', 'HOUSEHOLDS', 'REPRESENTATIVES', 'MEMBERS', 'HEADS', 'AREA'])
);

CREATE TABLE tenant.vote_voter (
    community_id INTEGER NOT NULL,
    roll_id UUID NOT NULL,
    voter_id UUID NOT NULL,
    PRIMARY KEY (community_id, roll_id, voter_id),
    CONSTRAINT voter_of_roll FOREIGN KEY(community_id, roll_id) REFERENCES tenant.vote_roll (community_id, id),
    CONSTRAINT voter_is_member FOREIGN KEY(community_id, voter_id) REFERENCES tenant.member (community_id, id)
);

CREATE TABLE tenant.meeting (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    rule_code TEXT NOT NULL,
    rule_from DATE NOT NULL,
    title TEXT NOT NULL,
    agenda TEXT,
    place TEXT NOT NULL,
    held_at TIMESTAMP WITH TIME ZONE NOT NULL,
    opens_at TIMESTAMP WITH TIME ZONE NOT NULL,
    closes_at TIMESTAMP WITH TIME ZONE NOT NULL,
    roll_id UUID NOT NULL,
    party_discussed_on DATE,
    party_record TEXT,
    state TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID NOT NULL,
    noticed_at TIMESTAMP WITH TIME ZONE,
    noticed_by UUID,
    cancel_reason TEXT,
    version INTEGER NOT NULL,
    PRIMARY KEY (community_id, id),
    CONSTRAINT meeting_of_roll FOREIGN KEY(community_id, roll_id) REFERENCES tenant.vote_roll (community_id, id),
    CONSTRAINT state_known CHECK (state in ('DRAFT', 'NOTICED', 'CANCELLED')),
    CONSTRAINT title_length CHECK (char_length(title) between 1 and 100),
    CONSTRAINT agenda_length CHECK (char_length(agenda) between 1 and 5000),
    CONSTRAINT place_length CHECK (char_length(place) between 1 and 100),
    CONSTRAINT party_record_length CHECK (char_length(party_record) between 1 and 500),
    CONSTRAINT cancel_reason_length CHECK (char_length(cancel_reason) between 1 and 500),
    CONSTRAINT held_while_open CHECK (opens_at < closes_at and held_at between opens_at and closes_at),
    CONSTRAINT party_record_with_its_day CHECK ((party_discussed_on is null) = (party_record is null)),
    CONSTRAINT noticed_or_cancelled CHECK ((state <> 'NOTICED' or noticed_at is not null) and (state = 'CANCELLED') = (cancel_reason is not null))
);

CREATE TABLE tenant.meeting_attendance (
    community_id INTEGER NOT NULL,
    meeting_id UUID NOT NULL,
    roll_id UUID NOT NULL,
    voter_id UUID NOT NULL,
    entered_by UUID NOT NULL,
    entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (community_id, meeting_id, voter_id),
    CONSTRAINT attendance_of_meeting FOREIGN KEY(community_id, meeting_id) REFERENCES tenant.meeting (community_id, id),
    CONSTRAINT attendance_of_voter FOREIGN KEY(community_id, roll_id, voter_id) REFERENCES tenant.vote_voter (community_id, roll_id, voter_id)
);

CREATE TABLE tenant.vote (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    district_id INTEGER NOT NULL,
    track TEXT NOT NULL,
    board_id UUID,
    meeting_id UUID,
    matter TEXT,
    roll_id UUID NOT NULL,
    author_id UUID NOT NULL,
    question TEXT NOT NULL,
    details TEXT,
    method TEXT NOT NULL,
    options INTEGER NOT NULL,
    least INTEGER NOT NULL,
    most INTEGER NOT NULL,
    seats INTEGER NOT NULL,
    none_of_these INTEGER,
    state TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    opens_at TIMESTAMP WITH TIME ZONE NOT NULL,
    closes_at TIMESTAMP WITH TIME ZONE NOT NULL,
    next_at TIMESTAMP WITH TIME ZONE,
    tallied_at TIMESTAMP WITH TIME ZONE,
    tallied_by UUID,
    published_at TIMESTAMP WITH TIME ZONE,
    certified_by UUID,
    objections_until TIMESTAMP WITH TIME ZONE,
    open_objections INTEGER NOT NULL,
    overturned_why TEXT,
    void_reason TEXT,
    voided_by UUID,
    version INTEGER NOT NULL,
    PRIMARY KEY (community_id, id),
    CONSTRAINT vote_on_board FOREIGN KEY(community_id, board_id) REFERENCES tenant.board (community_id, id),
    CONSTRAINT vote_of_meeting FOREIGN KEY(community_id, meeting_id) REFERENCES tenant.meeting (community_id, id),
    CONSTRAINT vote_of_roll FOREIGN KEY(community_id, roll_id) REFERENCES tenant.vote_roll (community_id, id),
    CONSTRAINT vote_author FOREIGN KEY(community_id, author_id) REFERENCES tenant.member (community_id, id),
    CONSTRAINT track_known CHECK (track in ('POLL', 'DECISION')),
    CONSTRAINT method_known CHECK (method in ('PROPOSAL', 'SINGLE', 'MULTIPLE', 'CANDIDATES', 'RANKED')),
    CONSTRAINT state_known CHECK (state in ('DRAFT', 'NOTICED', 'OPEN', 'CLOSED', 'TALLIED', 'PUBLISHED', 'FINAL', 'VOID', 'ANNULLED', 'ORDERED_TO_CORRECT', 'REVOKED')),
    CONSTRAINT question_length CHECK (char_length(question) between 1 and 200),
    CONSTRAINT details_length CHECK (char_length(details) between 1 and 5000),
    CONSTRAINT void_reason_length CHECK (char_length(void_reason) between 1 and 500),
    CONSTRAINT marks_and_seats CHECK (options between 2 and 20 and 1 <= least and least <= most and most <= options and seats between 1 and options),
    CONSTRAINT opens_then_closes CHECK (created_at <= opens_at and opens_at < closes_at),
    CONSTRAINT poll_on_board_decision_of_meeting CHECK ((track = 'POLL') = (board_id is not null) and (track = 'DECISION') = (meeting_id is not null and matter is not null)),
    CONSTRAINT poll_is_short CHECK (track = 'DECISION' or state in ('DRAFT', 'OPEN', 'CLOSED', 'VOID')),
    CONSTRAINT void_for_a_reason CHECK ((state = 'VOID') = (void_reason is not null) and (state = 'VOID') = (voided_by is not null)),
    CONSTRAINT published_when CHECK ((published_at is not null) = (state in ('PUBLISHED', 'FINAL', 'ANNULLED', 'ORDERED_TO_CORRECT', 'REVOKED') or (track = 'POLL' and state = 'CLOSED') or (state = 'VOID' and certified_by is not null))),
    CONSTRAINT certified_by_another CHECK (certified_by <> tallied_by and (certified_by is null) = (objections_until is null)),
    CONSTRAINT never_negative CHECK (open_objections >= 0)
)
 WITH (fillfactor = 50);
CREATE INDEX vote_next ON tenant.vote (community_id, next_at) WHERE next_at is not null;
CREATE INDEX vote_of_author ON tenant.vote (community_id, author_id, state);
CREATE INDEX vote_of_board ON tenant.vote (community_id, board_id, id);
CREATE INDEX vote_of_meeting ON tenant.vote (community_id, meeting_id, id);

CREATE TABLE tenant.vote_due (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    district_id INTEGER NOT NULL,
    street_id INTEGER NOT NULL,
    next_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (community_id, id),
    CONSTRAINT due_of_vote FOREIGN KEY(community_id, id) REFERENCES tenant.vote (community_id, id)
)
 WITH (fillfactor = 70);
CREATE INDEX vote_due_next ON tenant.vote_due (district_id, next_at) WHERE next_at is not null;

CREATE TABLE tenant.vote_option (
    community_id INTEGER NOT NULL,
    vote_id UUID NOT NULL,
    place INTEGER NOT NULL,
    label TEXT NOT NULL,
    PRIMARY KEY (community_id, vote_id, place),
    CONSTRAINT option_of_vote FOREIGN KEY(community_id, vote_id) REFERENCES tenant.vote (community_id, id),
    CONSTRAINT label_length CHECK (char_length(label) between 1 and 100)
);

CREATE TABLE tenant.vote_ballot (
    community_id INTEGER NOT NULL,
    vote_id UUID NOT NULL,
    roll_id UUID NOT NULL,
    voter_id UUID NOT NULL,
    marks INTEGER[] NOT NULL,
    first_at TIMESTAMP WITH TIME ZONE NOT NULL,
    cast_at TIMESTAMP WITH TIME ZONE NOT NULL,
    channel TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (community_id, vote_id, voter_id),
    CONSTRAINT ballot_of_vote FOREIGN KEY(community_id, vote_id) REFERENCES tenant.vote (community_id, id),
    CONSTRAINT ballot_of_voter FOREIGN KEY(community_id, roll_id, voter_id) REFERENCES tenant.vote_voter (community_id, roll_id, voter_id),
    CONSTRAINT channel_known CHECK (channel in ('ONLINE', 'PAPER')),
    CONSTRAINT marks_of_options CHECK (cardinality(marks) between 2 and 20)
)
 WITH (fillfactor = 60);

CREATE TABLE tenant.vote_tally (
    community_id INTEGER NOT NULL,
    vote_id UUID NOT NULL,
    unit TEXT NOT NULL,
    eligible INTEGER NOT NULL,
    attending INTEGER,
    on_site INTEGER,
    participating INTEGER NOT NULL,
    votes INTEGER[] NOT NULL,
    against INTEGER[] NOT NULL,
    abstained INTEGER NOT NULL,
    void INTEGER NOT NULL,
    PRIMARY KEY (community_id, vote_id, unit),
    CONSTRAINT tally_of_vote FOREIGN KEY(community_id, vote_id) REFERENCES tenant.vote (community_id, id),
    CONSTRAINT unit_known CHECK (unit in ('PERSONS', 'HOUSEHOLDS', 'REPRESENTATIVES', 'MEMBERS', 'HEADS', 'AREA'))
);

CREATE TABLE tenant.vote_result (
    community_id INTEGER NOT NULL,
    vote_id UUID NOT NULL,
    outcome TEXT NOT NULL,
    winners INTEGER[] NOT NULL,
    ballots INTEGER NOT NULL,
    invalid INTEGER NOT NULL,
    rounds INTEGER[] NOT NULL,
    counted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (community_id, vote_id),
    CONSTRAINT result_of_vote FOREIGN KEY(community_id, vote_id) REFERENCES tenant.vote (community_id, id),
    CONSTRAINT outcome_known CHECK (outcome in ('PASSED', 'FAILED_VOTES', 'FAILED_QUORUM', 'CHOSEN', 'TIE'))
);

CREATE TABLE tenant.vote_comparison (
    community_id INTEGER NOT NULL,
    vote_id UUID NOT NULL,
    place INTEGER NOT NULL,
    unit TEXT NOT NULL,
    option INTEGER,
    part INTEGER NOT NULL,
    whole INTEGER NOT NULL,
    base TEXT NOT NULL,
    threshold TEXT NOT NULL,
    is_met BOOLEAN NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (community_id, vote_id, place),
    CONSTRAINT comparison_of_vote FOREIGN KEY(community_id, vote_id) REFERENCES tenant.vote (community_id, id),
    CONSTRAINT unit_known CHECK (unit in ('PERSONS', 'HOUSEHOLDS', 'REPRESENTATIVES', 'MEMBERS', 'HEADS', 'AREA')),
    CONSTRAINT base_known CHECK (base in ('ELIGIBLE', 'ATTENDING', 'PARTICIPATING')),
    CONSTRAINT threshold_length CHECK (char_length(threshold) between 1 and 20),
    CONSTRAINT words_length CHECK (char_length(words) between 1 and 500)
);

CREATE TABLE tenant.vote_objection (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    meeting_id UUID NOT NULL,
    vote_id UUID,
    author_id UUID NOT NULL,
    words TEXT NOT NULL,
    state TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE,
    decided_by UUID,
    decision_reason TEXT,
    version INTEGER NOT NULL,
    PRIMARY KEY (community_id, id),
    CONSTRAINT objection_of_meeting FOREIGN KEY(community_id, meeting_id) REFERENCES tenant.meeting (community_id, id),
    CONSTRAINT objection_of_vote FOREIGN KEY(community_id, vote_id) REFERENCES tenant.vote (community_id, id),
    CONSTRAINT kind_known CHECK (kind in ('ROLL', 'RESULT')),
    CONSTRAINT state_known CHECK (state in ('OPEN', 'UPHELD', 'DISMISSED')),
    CONSTRAINT words_length CHECK (char_length(words) between 1 and 500),
    CONSTRAINT decision_reason_length CHECK (char_length(decision_reason) between 1 and 500),
    CONSTRAINT against_a_result CHECK ((kind = 'RESULT') = (vote_id is not null)),
    CONSTRAINT decided_by_another CHECK ((state = 'OPEN') = (decided_at is null) and (state = 'OPEN') = (decision_reason is null) and decided_by <> author_id)
);
CREATE INDEX vote_objection_of_meeting ON tenant.vote_objection (community_id, meeting_id, id);
CREATE INDEX vote_objection_of_vote ON tenant.vote_objection (community_id, vote_id, id);
CREATE UNIQUE INDEX vote_objection_open ON tenant.vote_objection (community_id, meeting_id, kind, author_id, vote_id) NULLS NOT DISTINCT WHERE state = 'OPEN';

CREATE TABLE tenant.vote_event (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    vote_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    action TEXT NOT NULL,
    actor_id UUID NOT NULL,
    words TEXT,
    PRIMARY KEY (community_id, id),
    CONSTRAINT event_of_vote FOREIGN KEY(community_id, vote_id) REFERENCES tenant.vote (community_id, id),
    CONSTRAINT action_known CHECK (action in ('STARTED', 'MATTER_ADDED', 'NOTICED', 'OPENED', 'CLOSED', 'TALLIED', 'PUBLISHED', 'FINALISED', 'VOIDED', 'OVERTURNED'))
);
CREATE INDEX vote_event_of_vote ON tenant.vote_event (community_id, vote_id, id);
"""


def upgrade() -> None:
    """Create the tables and their row security policies."""
    op.execute(TABLES)
    wall("tenant.vote_roll", app="select, insert, update")
    # voters are struck off until the opening, and attendance until the first count
    wall("tenant.vote_voter", app="select, insert, delete")
    wall("tenant.meeting", app="select, insert, update")
    wall("tenant.meeting_attendance", app="select, insert, delete")
    wall("tenant.vote", app="select, insert, update")
    wall("tenant.vote_due", app="select, insert, update")
    op.execute(
        f"create policy one_district on tenant.vote_due for select to linli_district using ({ABOVE})"
    )
    op.execute("grant select on tenant.vote_due to linli_district")
    wall("tenant.vote_option", app="select, insert")
    # a ballot is never deleted, and a count is never changed
    wall("tenant.vote_ballot", app="select, insert, update")
    wall("tenant.vote_tally", app="select, insert")
    wall("tenant.vote_result", app="select, insert")
    wall("tenant.vote_comparison", app="select, insert")
    wall("tenant.vote_objection", app="select, insert, update")
    wall("tenant.vote_event", app="select, insert")


def downgrade() -> None:
    """Drop the tables."""
    op.execute(
        "drop table tenant.vote_event, tenant.vote_objection, tenant.vote_comparison, tenant.vote_result, tenant.vote_tally, tenant.vote_ballot, tenant.vote_option, tenant.vote_due, tenant.vote, tenant.meeting_attendance, tenant.meeting, tenant.vote_voter, tenant.vote_roll"
    )
