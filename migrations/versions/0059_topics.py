"""Topics, consultations and resolutions, and where a row came from."""

from alembic import op

from migrations.walls import ABOVE, wall

revision = "0059"
down_revision = "0058"

TABLES = """
CREATE TABLE tenant.origin_step (
    community_id INTEGER NOT NULL,
    subject_id UUID NOT NULL,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    node_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (community_id, subject_id, position),
    CONSTRAINT kind_known CHECK (kind in ('POST', 'PETITION', 'TOPIC', 'CONSULTATION', 'VOTE', 'RESOLUTION', 'PROJECT')),
    CONSTRAINT counted_from_nought CHECK (position >= 0)
);

CREATE TABLE tenant.topic (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    district_id INTEGER NOT NULL,
    street_id INTEGER NOT NULL,
    author_id UUID NOT NULL,
    post_id UUID,
    petition_id UUID,
    became_petition_id UUID,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    support_count INTEGER NOT NULL,
    goal INTEGER NOT NULL,
    screening_due_at TIMESTAMP WITH TIME ZONE,
    screened_at TIMESTAMP WITH TIME ZONE,
    screened_by UUID,
    screening_reason TEXT,
    is_important BOOLEAN NOT NULL,
    solicited_until TIMESTAMP WITH TIME ZONE,
    vote_id UUID,
    report TEXT,
    reported_at TIMESTAMP WITH TIME ZONE,
    evaluated_until TIMESTAMP WITH TIME ZONE,
    outcome TEXT,
    concluded_at TIMESTAMP WITH TIME ZONE,
    shelved_until TIMESTAMP WITH TIME ZONE,
    shelving_reason TEXT,
    next_at TIMESTAMP WITH TIME ZONE,
    version INTEGER NOT NULL,
    PRIMARY KEY (community_id, id),
    CONSTRAINT topic_author FOREIGN KEY(community_id, author_id) REFERENCES tenant.member (community_id, id),
    CONSTRAINT topic_of_post FOREIGN KEY(community_id, post_id) REFERENCES tenant.post (community_id, id),
    CONSTRAINT topic_of_petition FOREIGN KEY(community_id, petition_id) REFERENCES tenant.petition (community_id, id),
    CONSTRAINT topic_became_petition FOREIGN KEY(community_id, became_petition_id) REFERENCES tenant.petition (community_id, id),
    CONSTRAINT topic_decided_by FOREIGN KEY(community_id, vote_id) REFERENCES tenant.vote (community_id, id),
    CONSTRAINT state_known CHECK (state in ('PROPOSED', 'SCREENING', 'RETURNED', 'TO_PETITION', 'ON_AGENDA', 'SOLICITING', 'CONSULTING', 'DECIDING', 'RESOLVED', 'EXECUTING', 'EVALUATING', 'DONE', 'SHELVED', 'WITHDRAWN', 'LAPSED')),
    CONSTRAINT title_length CHECK (char_length(title) between 1 and 100),
    CONSTRAINT body_length CHECK (char_length(body) between 1 and 10000),
    CONSTRAINT screening_reason_length CHECK (char_length(screening_reason) between 1 and 500),
    CONSTRAINT shelving_reason_length CHECK (char_length(shelving_reason) between 1 and 500),
    CONSTRAINT report_length CHECK (char_length(report) between 1 and 10000),
    CONSTRAINT outcome_length CHECK (char_length(outcome) between 1 and 10000),
    CONSTRAINT never_negative CHECK (support_count >= 0 and goal > 0),
    CONSTRAINT one_source_at_most CHECK (post_id is null or petition_id is null),
    CONSTRAINT screened_for_a_reason CHECK ((state = 'SCREENING') <= (screening_due_at is not null) and num_nonnulls(screened_at, screened_by, screening_reason) in (0, 3) and (state = 'RETURNED') <= (screened_at is not null)),
    CONSTRAINT became_a_petition CHECK ((state = 'TO_PETITION') = (became_petition_id is not null)),
    CONSTRAINT solicited_until_when CHECK ((state = 'SOLICITING') <= (solicited_until is not null)),
    CONSTRAINT decided_by_a_vote CHECK ((state = 'DECIDING') <= (vote_id is not null)),
    CONSTRAINT reported_before_evaluated CHECK (num_nonnulls(report, reported_at, evaluated_until) in (0, 3) and (state in ('EVALUATING', 'DONE')) = (report is not null)),
    CONSTRAINT outcome_when_done CHECK ((state = 'DONE') = (outcome is not null) and (state = 'DONE') = (concluded_at is not null)),
    CONSTRAINT shelved_until_a_date CHECK (num_nonnulls(shelved_until, shelving_reason) in (0, 2) and (state = 'SHELVED') <= (shelved_until is not null))
);
CREATE INDEX topic_due ON tenant.topic (district_id, next_at) WHERE next_at is not null;
CREATE INDEX topic_next ON tenant.topic (community_id, next_at) WHERE next_at is not null;
CREATE INDEX topic_of_author ON tenant.topic (community_id, author_id, state);
CREATE UNIQUE INDEX topic_once_by_vote ON tenant.topic (community_id, vote_id) WHERE vote_id is not null;
CREATE UNIQUE INDEX topic_once_of_petition ON tenant.topic (community_id, petition_id) WHERE petition_id is not null;

CREATE TABLE tenant.topic_event (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    topic_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    action TEXT NOT NULL,
    state TEXT NOT NULL,
    actor_id UUID NOT NULL,
    words TEXT,
    PRIMARY KEY (community_id, id),
    CONSTRAINT event_of_topic FOREIGN KEY(community_id, topic_id) REFERENCES tenant.topic (community_id, id),
    CONSTRAINT action_known CHECK (action in ('PROPOSED', 'CONVERTED', 'GOAL_REACHED', 'SCREENED', 'TO_PETITION', 'FORWARDED', 'WITHDRAWN', 'LAPSED', 'SOLICITED', 'CONSULTED', 'DISCUSSED', 'SUBMITTED', 'RESOLVED', 'STARTED', 'REPORTED', 'CONCLUDED', 'SHELVED', 'CAME_BACK')),
    CONSTRAINT state_known CHECK (state in ('PROPOSED', 'SCREENING', 'RETURNED', 'TO_PETITION', 'ON_AGENDA', 'SOLICITING', 'CONSULTING', 'DECIDING', 'RESOLVED', 'EXECUTING', 'EVALUATING', 'DONE', 'SHELVED', 'WITHDRAWN', 'LAPSED'))
);
CREATE INDEX topic_event_of_topic ON tenant.topic_event (community_id, topic_id, id);

CREATE TABLE tenant.topic_support (
    community_id INTEGER NOT NULL,
    topic_id UUID NOT NULL,
    member_id UUID NOT NULL,
    supported_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (community_id, topic_id, member_id),
    CONSTRAINT support_of_topic FOREIGN KEY(community_id, topic_id) REFERENCES tenant.topic (community_id, id),
    CONSTRAINT topic_support_of_member FOREIGN KEY(community_id, member_id) REFERENCES tenant.member (community_id, id)
);

CREATE TABLE tenant.topic_contribution (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    topic_id UUID NOT NULL,
    author_id UUID NOT NULL,
    stance TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    answer TEXT,
    answered_at TIMESTAMP WITH TIME ZONE,
    answered_by UUID,
    PRIMARY KEY (community_id, id),
    CONSTRAINT contribution_of_topic FOREIGN KEY(community_id, topic_id) REFERENCES tenant.topic (community_id, id),
    CONSTRAINT contribution_author FOREIGN KEY(community_id, author_id) REFERENCES tenant.member (community_id, id),
    CONSTRAINT stance_known CHECK (stance in ('FOR', 'AGAINST', 'QUESTION')),
    CONSTRAINT body_length CHECK (char_length(body) between 1 and 1000),
    CONSTRAINT answer_length CHECK (char_length(answer) between 1 and 1000),
    CONSTRAINT answered_in_words CHECK (num_nonnulls(answer, answered_at, answered_by) in (0, 3))
);
CREATE INDEX topic_contribution_of_topic ON tenant.topic_contribution (community_id, topic_id, id);

CREATE TABLE tenant.topic_discussion (
    community_id INTEGER NOT NULL,
    topic_id UUID NOT NULL,
    kind TEXT NOT NULL,
    held_on DATE NOT NULL,
    record TEXT NOT NULL,
    entered_by UUID NOT NULL,
    entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (community_id, topic_id, kind),
    CONSTRAINT discussion_of_topic FOREIGN KEY(community_id, topic_id) REFERENCES tenant.topic (community_id, id),
    CONSTRAINT kind_known CHECK (kind in ('PARTY_PROPOSAL', 'COMMITTEES', 'PARTY_MEMBERS')),
    CONSTRAINT record_length CHECK (char_length(record) between 1 and 1000)
);

CREATE TABLE tenant.topic_evaluation (
    community_id INTEGER NOT NULL,
    topic_id UUID NOT NULL,
    member_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    satisfaction INTEGER NOT NULL,
    note TEXT,
    PRIMARY KEY (community_id, topic_id, member_id),
    CONSTRAINT evaluation_of_topic FOREIGN KEY(community_id, topic_id) REFERENCES tenant.topic (community_id, id),
    CONSTRAINT topic_evaluation_of_member FOREIGN KEY(community_id, member_id) REFERENCES tenant.member (community_id, id),
    CONSTRAINT satisfaction_scale CHECK (satisfaction between 1 and 5),
    CONSTRAINT note_length CHECK (char_length(note) between 1 and 500)
);

CREATE TABLE tenant.consultation (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    topic_id UUID NOT NULL,
    form TEXT NOT NULL,
    location TEXT NOT NULL,
    held_at TIMESTAMP WITH TIME ZONE NOT NULL,
    state TEXT NOT NULL,
    scheduled_at TIMESTAMP WITH TIME ZONE NOT NULL,
    scheduled_by UUID NOT NULL,
    minutes TEXT,
    agreements TEXT[] NOT NULL,
    follow_up TEXT,
    recorded_at TIMESTAMP WITH TIME ZONE,
    recorded_by UUID,
    cancel_reason TEXT,
    version INTEGER NOT NULL,
    PRIMARY KEY (community_id, id),
    CONSTRAINT consultation_on_topic FOREIGN KEY(community_id, topic_id) REFERENCES tenant.topic (community_id, id),
    CONSTRAINT form_known CHECK (form in ('COUNCIL', 'HEARING', 'TALK', 'COORDINATION', 'EVALUATION', 'JOINT')),
    CONSTRAINT state_known CHECK (state in ('SCHEDULED', 'HELD', 'CANCELLED')),
    CONSTRAINT follow_up_known CHECK (follow_up in ('CARRY_OUT', 'SUPERVISE', 'TO_MEETING', 'NO_AGREEMENT')),
    CONSTRAINT location_length CHECK (char_length(location) between 1 and 100),
    CONSTRAINT minutes_length CHECK (char_length(minutes) between 1 and 10000),
    CONSTRAINT cancel_reason_length CHECK (char_length(cancel_reason) between 1 and 500),
    CONSTRAINT held_with_minutes CHECK (num_nonnulls(minutes, follow_up, recorded_at, recorded_by) = case when state = 'HELD' then 4 else 0 end and recorded_at >= held_at),
    CONSTRAINT agreed_or_not CHECK (state <> 'HELD' or (cardinality(agreements) = 0) = (follow_up = 'NO_AGREEMENT')),
    CONSTRAINT cancelled_for_a_reason CHECK ((state = 'CANCELLED') = (cancel_reason is not null))
);
CREATE INDEX consultation_of_topic ON tenant.consultation (community_id, topic_id, id);

CREATE TABLE tenant.consultation_party (
    community_id INTEGER NOT NULL,
    consultation_id UUID NOT NULL,
    party_id UUID NOT NULL,
    member_id UUID,
    name TEXT,
    is_invited BOOLEAN NOT NULL,
    attended BOOLEAN NOT NULL,
    PRIMARY KEY (community_id, consultation_id, party_id),
    CONSTRAINT party_of_consultation FOREIGN KEY(community_id, consultation_id) REFERENCES tenant.consultation (community_id, id),
    CONSTRAINT party_is_member FOREIGN KEY(community_id, member_id) REFERENCES tenant.member (community_id, id),
    CONSTRAINT name_length CHECK (char_length(name) between 1 and 60),
    CONSTRAINT member_or_named CHECK ((member_id is null) = (name is not null) and member_id = party_id and (is_invited or member_id is not null))
);

CREATE TABLE tenant.resolution (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    topic_id UUID NOT NULL,
    consultation_id UUID,
    vote_id UUID,
    body TEXT NOT NULL,
    execution TEXT NOT NULL,
    due_on DATE NOT NULL,
    published_at TIMESTAMP WITH TIME ZONE NOT NULL,
    published_by UUID NOT NULL,
    PRIMARY KEY (community_id, id),
    CONSTRAINT resolution_once_of_topic UNIQUE (community_id, topic_id),
    CONSTRAINT resolution_on_topic FOREIGN KEY(community_id, topic_id) REFERENCES tenant.topic (community_id, id),
    CONSTRAINT resolution_by_consultation FOREIGN KEY(community_id, consultation_id) REFERENCES tenant.consultation (community_id, id),
    CONSTRAINT resolution_by_vote FOREIGN KEY(community_id, vote_id) REFERENCES tenant.vote (community_id, id),
    CONSTRAINT agreed_or_voted CHECK (num_nonnulls(consultation_id, vote_id) = 1),
    CONSTRAINT execution_known CHECK (execution in ('CARRY_OUT', 'SUPERVISE')),
    CONSTRAINT body_length CHECK (char_length(body) between 1 and 10000)
);
"""
GRANTS = {
    "origin_step": "select, insert",
    "topic": "select, insert, update",
    "topic_event": "select, insert",
    "topic_support": "select, insert, delete",
    "topic_contribution": "select, insert, update",
    "topic_discussion": "select, insert",
    "topic_evaluation": "select, insert",
    "consultation": "select, insert, update",
    "consultation_party": "select, insert, update",
    "resolution": "select, insert",
}
_ACTIONS = (
    "'SUBMITTED', 'INFORMATION_REQUESTED', 'RESUBMITTED', 'ACCEPTED', 'REFUSED', 'MERGED', "
    "'TOOK_IN', 'ASSIGNED', 'DISPUTED', 'STARTED', 'EXTENDED', 'ESCALATED', 'ANSWERED', "
    "'ASKED_BACK', 'RATED', 'CLOSED', 'REOPENED', 'REVIEW_REQUESTED', 'REVIEWED', 'WITHDRAWN', "
    "'NOTED', 'ACK_OVERDUE', 'RESOLVE_OVERDUE', 'GOAL_REACHED', 'MEETING_CALLED', "
    "'MEETING_CANCELLED', 'SUPERVISED', 'IMPORTED'"
)


def upgrade() -> None:
    """Create the tables and their row security policies; a petition may become a topic."""
    op.execute("alter table tenant.petition add column post_id uuid")
    op.execute(
        "alter table tenant.petition add constraint petition_of_post "
        "foreign key (community_id, post_id) references tenant.post (community_id, id)"
    )
    _known(f"{_ACTIONS}, 'CONVERTED'")
    op.execute(TABLES)
    for table, grants in GRANTS.items():
        wall(f"tenant.{table}", app=grants)
    # the clock finds from above where something is due, and reads nothing else of a topic
    op.execute(
        f"create policy one_district on tenant.topic for select to linli_district using ({ABOVE})"
    )
    op.execute(
        "grant select (community_id, district_id, street_id, next_at) on tenant.topic to linli_district"
    )


def downgrade() -> None:
    """Drop the tables; a petition that became a topic was answered."""
    op.execute(f"drop table {', '.join(f'tenant.{table}' for table in reversed(GRANTS))}")
    op.execute("alter table tenant.petition_event no force row level security")
    op.execute("update tenant.petition_event set action = 'ANSWERED' where action = 'CONVERTED'")
    op.execute("alter table tenant.petition_event force row level security")
    _known(_ACTIONS)
    op.execute("alter table tenant.petition drop constraint petition_of_post, drop column post_id")


def _known(actions: str) -> None:
    op.execute("alter table tenant.petition_event drop constraint action_known")
    op.execute(
        f"alter table tenant.petition_event add constraint action_known check (action in ({actions}))"
    )
