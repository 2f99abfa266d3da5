"""These tables keep pacts: their making, texts, suggestions, reviews, votes and signatures."""

from alembic import op

from migrations.walls import ABOVE, wall, wall_blind

revision = "0057"
down_revision = "0056"

TABLES = """
CREATE TABLE tenant.pact (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    district_id INTEGER NOT NULL,
    street_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    scope TEXT NOT NULL,
    building TEXT,
    area_id UUID,
    title TEXT NOT NULL,
    lineage_id UUID NOT NULL,
    amends_id UUID,
    state TEXT NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    started_by UUID NOT NULL,
    version_id UUID,
    text_hash TEXT,
    versions INTEGER NOT NULL,
    submitted_at TIMESTAMP WITH TIME ZONE,
    review_due_at TIMESTAMP WITH TIME ZONE,
    review_overdue_at TIMESTAMP WITH TIME ZONE,
    adopted_at TIMESTAMP WITH TIME ZONE,
    attending INTEGER,
    women_attending INTEGER,
    filing_due_at TIMESTAMP WITH TIME ZONE,
    filing_overdue_at TIMESTAMP WITH TIME ZONE,
    filed_at TIMESTAMP WITH TIME ZONE,
    filed_by UUID,
    document TEXT,
    in_force_at TIMESTAMP WITH TIME ZONE,
    revision_due_at TIMESTAMP WITH TIME ZONE,
    revision_told_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    ended_by UUID,
    ended_why TEXT,
    next_at TIMESTAMP WITH TIME ZONE,
    version INTEGER NOT NULL,
    PRIMARY KEY (community_id, id),
    FOREIGN KEY(community_id) REFERENCES tenant.community (community_id),
    CONSTRAINT pact_of_area FOREIGN KEY(community_id, area_id) REFERENCES tenant.property_area (community_id, id),
    CONSTRAINT pact_amends FOREIGN KEY(community_id, amends_id) REFERENCES tenant.pact (community_id, id),
    CONSTRAINT pact_of_lineage FOREIGN KEY(community_id, lineage_id) REFERENCES tenant.pact (community_id, id),
    CONSTRAINT kind_known CHECK (kind in ('RESIDENTS_PACT', 'VILLAGE_PACT', 'CHARTER', 'MANAGEMENT_PACT', 'BUILDING_PACT')),
    CONSTRAINT state_known CHECK (state in ('SOLICITING', 'DRAFTING', 'PUBLISHED', 'UNDER_REVIEW', 'RETURNED', 'REVIEWED', 'ON_VOTE', 'REJECTED', 'ADOPTED', 'FILED', 'IN_FORCE', 'SUPERSEDED', 'REPEALED', 'ORDERED_TO_CORRECT', 'ANNULLED', 'CANCELLED')),
    CONSTRAINT title_length CHECK (char_length(title) between 1 and 60),
    CONSTRAINT ended_why_length CHECK (char_length(ended_why) between 1 and 500),
    CONSTRAINT document_length CHECK (char_length(document) between 1 and 100),
    CONSTRAINT for_an_area_or_a_building CHECK ((kind = 'MANAGEMENT_PACT') = (area_id is not null) and (kind = 'BUILDING_PACT') = (building is not null)),
    CONSTRAINT text_with_its_hash CHECK ((version_id is null) = (text_hash is null) and (version_id is null) = (versions = 0) and (version_id is not null or state in ('SOLICITING', 'DRAFTING', 'CANCELLED'))),
    CONSTRAINT submitted_when CHECK ((state = 'UNDER_REVIEW') <= (submitted_at is not null and review_due_at is not null)),
    CONSTRAINT adopted_before_it_is_filed CHECK (kind = 'BUILDING_PACT' or state not in ('ADOPTED', 'FILED', 'IN_FORCE', 'SUPERSEDED', 'REPEALED', 'ORDERED_TO_CORRECT') or adopted_at is not null),
    CONSTRAINT filed_before_it_is_in_force CHECK (kind = 'BUILDING_PACT' or state not in ('FILED', 'IN_FORCE', 'SUPERSEDED', 'REPEALED') or (filed_at is not null and document is not null and in_force_at is not null)),
    CONSTRAINT women_of_who_came CHECK (women_attending between 0 and attending),
    CONSTRAINT revised_after_it_is_in_force CHECK (revision_due_at > in_force_at),
    CONSTRAINT ended_for_a_reason CHECK ((state in ('REPEALED', 'ORDERED_TO_CORRECT', 'CANCELLED')) <= (ended_at is not null and ended_why is not null))
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX pact_in_force ON tenant.pact (community_id, kind, scope) WHERE state = 'IN_FORCE';
CREATE UNIQUE INDEX pact_in_the_making ON tenant.pact (community_id, kind, scope) WHERE state in ('SOLICITING', 'DRAFTING', 'PUBLISHED', 'UNDER_REVIEW', 'RETURNED', 'REVIEWED', 'ON_VOTE', 'REJECTED', 'ADOPTED', 'FILED');
CREATE INDEX pact_next ON tenant.pact (community_id, next_at) WHERE next_at is not null;
CREATE INDEX pact_of_lineage ON tenant.pact (community_id, lineage_id, id);

CREATE TABLE tenant.pact_due (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    district_id INTEGER NOT NULL,
    street_id INTEGER NOT NULL,
    next_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (community_id, id),
    CONSTRAINT due_of_pact FOREIGN KEY(community_id, id) REFERENCES tenant.pact (community_id, id)
);
CREATE INDEX pact_due_next ON tenant.pact_due (district_id, next_at) WHERE next_at is not null;

CREATE TABLE tenant.pact_draft_clause (
    community_id INTEGER NOT NULL,
    pact_id UUID NOT NULL,
    place INTEGER NOT NULL,
    clause_id UUID NOT NULL,
    heading TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (community_id, pact_id, place),
    CONSTRAINT draft_has_a_clause_once UNIQUE (community_id, pact_id, clause_id),
    CONSTRAINT draft_of_pact FOREIGN KEY(community_id, pact_id) REFERENCES tenant.pact (community_id, id),
    CONSTRAINT heading_length CHECK (char_length(heading) between 1 and 40),
    CONSTRAINT body_length CHECK (char_length(body) between 1 and 2000),
    CONSTRAINT place_in_the_draft CHECK (place between 1 and 100)
);

CREATE TABLE tenant.pact_version (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    pact_id UUID NOT NULL,
    district_id INTEGER NOT NULL,
    street_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    title TEXT NOT NULL,
    size INTEGER NOT NULL,
    text_hash TEXT NOT NULL,
    published_at TIMESTAMP WITH TIME ZONE NOT NULL,
    published_by UUID NOT NULL,
    PRIMARY KEY (community_id, id),
    CONSTRAINT pact_version_by_number UNIQUE (community_id, pact_id, number),
    CONSTRAINT pact_version_with_size UNIQUE (community_id, id, size),
    CONSTRAINT pact_version_with_text UNIQUE (community_id, pact_id, id, text_hash),
    CONSTRAINT version_of_pact FOREIGN KEY(community_id, pact_id) REFERENCES tenant.pact (community_id, id),
    CONSTRAINT title_length CHECK (char_length(title) between 1 and 60),
    CONSTRAINT numbered_from_one CHECK (number > 0),
    CONSTRAINT has_clauses CHECK (size between 1 and 100),
    CONSTRAINT hash_is_sha256 CHECK (text_hash ~ '^[0-9a-f]{64}$')
);

CREATE TABLE tenant.pact_clause (
    community_id INTEGER NOT NULL,
    version_id UUID NOT NULL,
    size INTEGER NOT NULL,
    district_id INTEGER NOT NULL,
    street_id INTEGER NOT NULL,
    place INTEGER NOT NULL,
    clause_id UUID NOT NULL,
    heading TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (community_id, version_id, place),
    CONSTRAINT version_has_a_clause_once UNIQUE (community_id, version_id, clause_id),
    CONSTRAINT clause_of_version FOREIGN KEY(community_id, version_id, size) REFERENCES tenant.pact_version (community_id, id, size),
    CONSTRAINT heading_length CHECK (char_length(heading) between 1 and 40),
    CONSTRAINT body_length CHECK (char_length(body) between 1 and 2000),
    CONSTRAINT place_in_the_version CHECK (place between 1 and size)
);

CREATE TABLE tenant.pact_change (
    community_id INTEGER NOT NULL,
    to_id UUID NOT NULL,
    from_id UUID NOT NULL,
    place INTEGER NOT NULL,
    kind TEXT NOT NULL,
    clause_id UUID NOT NULL,
    from_place INTEGER,
    to_place INTEGER,
    is_moved BOOLEAN NOT NULL,
    heading TEXT[] NOT NULL,
    body TEXT[] NOT NULL,
    PRIMARY KEY (community_id, to_id, from_id, place),
    CONSTRAINT change_to_version FOREIGN KEY(community_id, to_id) REFERENCES tenant.pact_version (community_id, id),
    CONSTRAINT change_from_version FOREIGN KEY(community_id, from_id) REFERENCES tenant.pact_version (community_id, id),
    CONSTRAINT kind_known CHECK (kind in ('ADDED', 'DROPPED', 'MOVED', 'REWORDED')),
    CONSTRAINT from_a_place_to_a_place CHECK ((kind = 'ADDED') = (from_place is null) and (kind = 'DROPPED') = (to_place is null))
);

CREATE TABLE tenant.pact_event (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    pact_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    action TEXT NOT NULL,
    state TEXT NOT NULL,
    actor_id UUID NOT NULL,
    words TEXT,
    version_id UUID,
    text_hash TEXT,
    PRIMARY KEY (community_id, id),
    CONSTRAINT event_of_pact FOREIGN KEY(community_id, pact_id) REFERENCES tenant.pact (community_id, id),
    CONSTRAINT event_names_text FOREIGN KEY(community_id, pact_id, version_id, text_hash) REFERENCES tenant.pact_version (community_id, pact_id, id, text_hash),
    CONSTRAINT action_known CHECK (action in ('STARTED', 'DRAFTING', 'PUBLISHED', 'SUBMITTED', 'REVIEW_OVERDUE', 'REVIEWED', 'PUT_TO_VOTE', 'VOTE_CONCLUDED', 'FILING_OVERDUE', 'FILED', 'CAME_INTO_FORCE', 'CONCLUDED', 'REVISION_DUE', 'SUPERSEDED', 'REPEALED', 'CORRECTION_ORDERED', 'CANCELLED')),
    CONSTRAINT state_known CHECK (state in ('SOLICITING', 'DRAFTING', 'PUBLISHED', 'UNDER_REVIEW', 'RETURNED', 'REVIEWED', 'ON_VOTE', 'REJECTED', 'ADOPTED', 'FILED', 'IN_FORCE', 'SUPERSEDED', 'REPEALED', 'ORDERED_TO_CORRECT', 'ANNULLED', 'CANCELLED'))
);
CREATE INDEX pact_event_of_pact ON tenant.pact_event (community_id, pact_id, id);

CREATE TABLE tenant.pact_suggestion (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    pact_id UUID NOT NULL,
    made_on_id UUID,
    version_id UUID,
    clause_id UUID,
    author_id UUID NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE,
    decided_by UUID,
    decision_reason TEXT,
    version INTEGER NOT NULL,
    PRIMARY KEY (community_id, id),
    CONSTRAINT suggestion_on_pact FOREIGN KEY(community_id, pact_id) REFERENCES tenant.pact (community_id, id),
    CONSTRAINT suggestion_author FOREIGN KEY(community_id, author_id) REFERENCES tenant.member (community_id, id),
    CONSTRAINT suggestion_made_on_version FOREIGN KEY(community_id, made_on_id) REFERENCES tenant.pact_version (community_id, id),
    CONSTRAINT suggestion_on_version FOREIGN KEY(community_id, version_id) REFERENCES tenant.pact_version (community_id, id),
    CONSTRAINT suggestion_on_clause FOREIGN KEY(community_id, version_id, clause_id) REFERENCES tenant.pact_clause (community_id, version_id, clause_id),
    CONSTRAINT state_known CHECK (state in ('OPEN', 'CARRIED_OVER', 'ADOPTED', 'DECLINED', 'WITHDRAWN')),
    CONSTRAINT body_length CHECK (char_length(body) between 1 and 1000),
    CONSTRAINT decision_reason_length CHECK (char_length(decision_reason) between 1 and 500),
    CONSTRAINT clause_of_a_version CHECK (clause_id is null or version_id is not null),
    CONSTRAINT closed_for_a_reason CHECK ((state in ('ADOPTED', 'DECLINED')) <= (decided_at is not null and decided_by is not null and decision_reason is not null))
);
CREATE INDEX pact_suggestion_of_author ON tenant.pact_suggestion (community_id, author_id, state);
CREATE INDEX pact_suggestion_of_pact ON tenant.pact_suggestion (community_id, pact_id, id);
CREATE INDEX pact_suggestion_open ON tenant.pact_suggestion (community_id, pact_id) WHERE state in ('OPEN', 'CARRIED_OVER');

CREATE TABLE tenant.pact_submission (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    pact_id UUID NOT NULL,
    version_id UUID NOT NULL,
    text_hash TEXT NOT NULL,
    purpose TEXT NOT NULL,
    district_id INTEGER NOT NULL,
    street_id INTEGER NOT NULL,
    submitted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    submitted_by UUID NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE,
    answered_at TIMESTAMP WITH TIME ZONE,
    answered_by UUID,
    outcome TEXT,
    reason TEXT,
    PRIMARY KEY (community_id, id),
    CONSTRAINT submission_of_text FOREIGN KEY(community_id, pact_id, version_id, text_hash) REFERENCES tenant.pact_version (community_id, pact_id, id, text_hash),
    CONSTRAINT purpose_known CHECK (purpose in ('REVIEW', 'FILING')),
    CONSTRAINT outcome_known CHECK (outcome in ('PASSED', 'RETURNED', 'ORDERED_TO_CORRECT')),
    CONSTRAINT reason_length CHECK (char_length(reason) between 1 and 500),
    CONSTRAINT review_is_due CHECK ((purpose = 'REVIEW') = (due_at is not null)),
    CONSTRAINT answered_when CHECK ((outcome is null) = (answered_at is null) and (outcome is null) = (answered_by is null)),
    CONSTRAINT answered_for_its_purpose CHECK (outcome is null or (purpose = 'REVIEW') = (outcome in ('PASSED', 'RETURNED'))),
    CONSTRAINT refused_for_a_reason CHECK (outcome is null or outcome = 'PASSED' or reason is not null)
);
CREATE INDEX pact_submission_by_district ON tenant.pact_submission (district_id, id);
CREATE INDEX pact_submission_of_pact ON tenant.pact_submission (community_id, pact_id, id);
CREATE INDEX pact_submission_of_version ON tenant.pact_submission (community_id, version_id);

CREATE TABLE tenant.pact_review_item (
    community_id INTEGER NOT NULL,
    submission_id UUID NOT NULL,
    item TEXT NOT NULL,
    district_id INTEGER NOT NULL,
    street_id INTEGER NOT NULL,
    is_met BOOLEAN NOT NULL,
    note TEXT,
    PRIMARY KEY (community_id, submission_id, item),
    CONSTRAINT item_of_submission FOREIGN KEY(community_id, submission_id) REFERENCES tenant.pact_submission (community_id, id),
    CONSTRAINT item_known CHECK (item in ('LAW', 'PUBLIC_ORDER', 'PERSONAL_RIGHTS', 'DEMOCRATIC_RIGHTS', 'PROPERTY_RIGHTS', 'WOMENS_RIGHTS', 'FINES')),
    CONSTRAINT note_length CHECK (char_length(note) between 1 and 500),
    CONSTRAINT not_met_for_a_reason CHECK (is_met or note is not null)
);

CREATE TABLE tenant.pact_vote (
    community_id INTEGER NOT NULL,
    vote_id UUID NOT NULL,
    pact_id UUID NOT NULL,
    version_id UUID NOT NULL,
    text_hash TEXT NOT NULL,
    purpose TEXT NOT NULL,
    put_at TIMESTAMP WITH TIME ZONE NOT NULL,
    put_by UUID NOT NULL,
    PRIMARY KEY (community_id, vote_id),
    CONSTRAINT matter_of_vote FOREIGN KEY(community_id, vote_id) REFERENCES tenant.vote (community_id, id),
    CONSTRAINT matter_of_text FOREIGN KEY(community_id, pact_id, version_id, text_hash) REFERENCES tenant.pact_version (community_id, pact_id, id, text_hash),
    CONSTRAINT purpose_known CHECK (purpose in ('ADOPT', 'REPEAL'))
);
CREATE INDEX pact_vote_of_pact ON tenant.pact_vote (community_id, pact_id, put_at, vote_id);

CREATE TABLE tenant.pact_signature (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    pact_id UUID NOT NULL,
    version_id UUID NOT NULL,
    household_id UUID NOT NULL,
    channel TEXT NOT NULL,
    state TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    member_id UUID,
    entered_by UUID,
    confirmed_by UUID,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    withdrawn_by UUID,
    version INTEGER NOT NULL,
    PRIMARY KEY (community_id, id),
    CONSTRAINT signature_on_pact FOREIGN KEY(community_id, pact_id) REFERENCES tenant.pact (community_id, id),
    CONSTRAINT signature_on_version FOREIGN KEY(community_id, version_id) REFERENCES tenant.pact_version (community_id, id),
    CONSTRAINT signature_of_household FOREIGN KEY(community_id, household_id) REFERENCES tenant.household (community_id, id),
    CONSTRAINT channel_known CHECK (channel in ('ONLINE', 'PAPER', 'ASSISTED')),
    CONSTRAINT state_known CHECK (state in ('PENDING', 'VALID', 'WITHDRAWN')),
    CONSTRAINT signed_or_entered CHECK ((channel = 'ONLINE') = (member_id is not null) and (channel = 'ONLINE') = (entered_by is null)),
    CONSTRAINT confirmed_by_another CHECK (confirmed_by <> entered_by and (confirmed_by is null) = (confirmed_at is null) and (state <> 'PENDING' or (channel <> 'ONLINE' and confirmed_by is null)) and (state <> 'VALID' or channel = 'ONLINE' or confirmed_by is not null)),
    CONSTRAINT withdrawn_when CHECK ((state = 'WITHDRAWN') = (withdrawn_at is not null))
);
CREATE UNIQUE INDEX pact_signature_of_household ON tenant.pact_signature (community_id, version_id, household_id) WHERE state <> 'WITHDRAWN';
CREATE INDEX pact_signature_of_pact ON tenant.pact_signature (community_id, pact_id, id);

ALTER TABLE tenant.pact ADD CONSTRAINT pact_has_text FOREIGN KEY(community_id, id, version_id, text_hash)
    REFERENCES tenant.pact_version (community_id, pact_id, id, text_hash);
"""
# What the application may do; a published text and what happened are never changed.
GRANTS = {
    "pact": "select, insert, update",
    "pact_due": "select, insert, update",
    "pact_draft_clause": "select, insert, delete",
    "pact_version": "select, insert",
    "pact_clause": "select, insert",
    "pact_change": "select, insert",
    "pact_event": "select, insert",
    "pact_suggestion": "select, insert, update",
    "pact_submission": "select, insert, update",
    "pact_review_item": "select, insert",
    "pact_vote": "select, insert",
    "pact_signature": "select, insert, update",
}
# What an admin above sees: pacts that were handed in, and of their texts those that were.
_OF_PACT = (
    f"{ABOVE} and "
    "exists (select 1 from tenant.pact_submission s where s.community_id = {0}.community_id and "
    "s.version_id = {0}.{1})"
)
SHOWN = {
    "pact": f"{ABOVE} and submitted_at is not null",
    "pact_due": ABOVE,
    "pact_submission": ABOVE,
    "pact_review_item": ABOVE,
    "pact_version": _OF_PACT.format("pact_version", "id"),
    "pact_clause": _OF_PACT.format("pact_clause", "version_id"),
}


def upgrade() -> None:
    """Create the tables and their row security."""
    op.execute(TABLES)
    for table, grants in GRANTS.items():
        # a street asks for pacts in words that name their signatures
        (wall_blind if table == "pact_signature" else wall)(f"tenant.{table}", app=grants)
    for table, seen in SHOWN.items():
        op.execute(
            f"create policy one_district on tenant.{table} for select to linli_district using ({seen})"
        )
        op.execute(f"grant select on tenant.{table} to linli_district")


def downgrade() -> None:
    """Drop the tables."""
    op.execute("alter table tenant.pact drop constraint pact_has_text")
    op.execute("drop table " + ", ".join(f"tenant.{table}" for table in reversed(GRANTS)))
