"""Petitions and their timeline; categories, time limits and support goals by date."""

import csv
from importlib.resources import files

from alembic import op

from migrations.walls import wall, wall_blind, wall_desks

revision = "0015"
down_revision = "0014"

TABLES = """
CREATE TABLE reference.support_rule (
    id UUID NOT NULL,
    community_kind TEXT NOT NULL,
    basis TEXT NOT NULL,
    numerator INTEGER NOT NULL,
    denominator INTEGER NOT NULL,
    effect TEXT NOT NULL,
    effective_from TIMESTAMP WITH TIME ZONE NOT NULL,
    effective_to TIMESTAMP WITH TIME ZONE,
    source TEXT NOT NULL,
    is_confirmed BOOLEAN NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (community_kind, basis, effective_from),
    CONSTRAINT community_kind_known CHECK (community_kind in ('RESIDENTIAL', 'VILLAGE')),
    CONSTRAINT basis_known CHECK (basis in ('ADULTS', 'HOUSEHOLDS')),
    CONSTRAINT a_share CHECK (numerator > 0 and numerator <= denominator)
);

CREATE TABLE reference.time_limit (
    urgency TEXT NOT NULL,
    effective_from TIMESTAMP WITH TIME ZONE NOT NULL,
    effective_to TIMESTAMP WITH TIME ZONE,
    ack_hours INTEGER,
    ack_days INTEGER,
    resolve_hours INTEGER,
    resolve_days INTEGER,
    rise_hours INTEGER NOT NULL,
    source TEXT NOT NULL,
    is_confirmed BOOLEAN NOT NULL,
    PRIMARY KEY (urgency, effective_from),
    CONSTRAINT urgency_known CHECK (urgency in ('CRITICAL', 'URGENT', 'NORMAL', 'COMPLEX')),
    CONSTRAINT hours_or_days CHECK (num_nonnulls(ack_hours, ack_days) = 1 and num_nonnulls(resolve_hours, resolve_days) = 1)
);

CREATE TABLE tenant.answer_template (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    words TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (community_id, id),
    UNIQUE (community_id, name),
    CONSTRAINT name_length CHECK (char_length(name) between 1 and 100),
    CONSTRAINT words_length CHECK (char_length(words) between 1 and 10000)
);

CREATE TABLE reference.petition_category (
    district_id INTEGER NOT NULL,
    id UUID NOT NULL,
    topic TEXT NOT NULL,
    name TEXT NOT NULL,
    urgency TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (district_id, topic, name),
    CONSTRAINT urgency_known CHECK (urgency in ('CRITICAL', 'URGENT', 'NORMAL', 'COMPLEX')),
    CONSTRAINT state_known CHECK (state in ('ACTIVE', 'RETIRED')),
    CONSTRAINT topic_length CHECK (char_length(topic) between 1 and 30),
    CONSTRAINT name_length CHECK (char_length(name) between 1 and 30),
    FOREIGN KEY(district_id) REFERENCES reference.district (district_id)
);

CREATE TABLE tenant.population (
    community_id INTEGER NOT NULL,
    adults INTEGER NOT NULL,
    households INTEGER NOT NULL,
    source TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by UUID NOT NULL,
    PRIMARY KEY (community_id),
    FOREIGN KEY(community_id) REFERENCES tenant.community (community_id),
    CONSTRAINT somebody_lives_there CHECK (adults > 0 and households > 0)
);

CREATE TABLE tenant.petition (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    district_id INTEGER NOT NULL,
    street_id INTEGER NOT NULL,
    author_id UUID,
    source TEXT,
    source_id TEXT,
    source_author TEXT,
    kind TEXT NOT NULL,
    category_id UUID NOT NULL,
    urgency TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    location TEXT,
    secrecy TEXT NOT NULL,
    is_listed BOOLEAN NOT NULL,
    addressee TEXT NOT NULL,
    is_at_community BOOLEAN NOT NULL,
    level TEXT NOT NULL,
    desk INTEGER NOT NULL,
    desks INTEGER[] NOT NULL,
    dispatched_from INTEGER,
    disputed_desk INTEGER,
    handler_id UUID,
    state TEXT NOT NULL,
    is_open BOOLEAN NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    next_at TIMESTAMP WITH TIME ZONE,
    submitted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    responded_at TIMESTAMP WITH TIME ZONE,
    ack_due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ack_overdue BOOLEAN NOT NULL,
    resolve_due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    resolve_overdue BOOLEAN NOT NULL,
    rise_hours INTEGER NOT NULL,
    paused_at TIMESTAMP WITH TIME ZONE,
    extended_at TIMESTAMP WITH TIME ZONE,
    extension_reason TEXT,
    question TEXT,
    refusal_code TEXT,
    refusal_reason TEXT,
    legal_route TEXT,
    answer TEXT,
    outcome TEXT,
    planned_for TIMESTAMP WITH TIME ZONE,
    answered_at TIMESTAMP WITH TIME ZONE,
    answered_by UUID,
    merged_into UUID,
    callback_due_at TIMESTAMP WITH TIME ZONE,
    callback_until TIMESTAMP WITH TIME ZONE,
    reopen_count INTEGER NOT NULL,
    review_requested_at TIMESTAMP WITH TIME ZONE,
    reviewed_at TIMESTAMP WITH TIME ZONE,
    review_upheld BOOLEAN,
    review_reason TEXT,
    support_count INTEGER NOT NULL,
    household_count INTEGER NOT NULL,
    goal_rule_id UUID,
    goal INTEGER,
    goal_reached_at TIMESTAMP WITH TIME ZONE,
    version INTEGER NOT NULL,
    PRIMARY KEY (community_id, id),
    FOREIGN KEY(community_id) REFERENCES tenant.community (community_id),
    CONSTRAINT petition_author FOREIGN KEY(community_id, author_id) REFERENCES tenant.member (community_id, id),
    CONSTRAINT petition_in_category FOREIGN KEY(category_id) REFERENCES reference.petition_category (id),
    CONSTRAINT petition_with_goal FOREIGN KEY(goal_rule_id) REFERENCES reference.support_rule (id),
    CONSTRAINT petition_merged_into FOREIGN KEY(community_id, merged_into) REFERENCES tenant.petition (community_id, id),
    CONSTRAINT kind_known CHECK (kind in ('CONSULTATION', 'HELP', 'COMPLAINT', 'REPORT', 'SUGGESTION')),
    CONSTRAINT urgency_known CHECK (urgency in ('CRITICAL', 'URGENT', 'NORMAL', 'COMPLEX')),
    CONSTRAINT secrecy_known CHECK (secrecy in ('PUBLIC', 'MEMBERS', 'PRIVATE')),
    CONSTRAINT addressee_known CHECK (addressee in ('COMMUNITY', 'STREET', 'DEPARTMENT')),
    CONSTRAINT level_known CHECK (level in ('COMMUNITY', 'STREET', 'DISTRICT')),
    CONSTRAINT state_known CHECK (state in ('SUBMITTED', 'RETURNED', 'NOT_ACCEPTED', 'MERGED', 'ACCEPTED', 'ASSIGNED', 'DISPUTED', 'IN_PROGRESS', 'ESCALATED', 'ANSWERED', 'CALLBACK', 'CLOSED', 'REVIEW_REQUESTED', 'WITHDRAWN')),
    CONSTRAINT outcome_known CHECK (outcome in ('SOLVED', 'PARTLY', 'EXPLAINED', 'PLANNED', 'REFERRED', 'CANNOT')),
    CONSTRAINT refusal_code_known CHECK (refusal_code in ('EMERGENCY', 'OTHER_LEGAL_ROUTE', 'NO_NEW_FACTS', 'NOT_A_PETITION')),
    CONSTRAINT title_length CHECK (char_length(title) between 1 and 100),
    CONSTRAINT body_length CHECK (char_length(body) between 1 and 10000),
    CONSTRAINT written_or_imported CHECK ((author_id is null) = (source is not null) and (source is null) = (source_id is null)),
    CONSTRAINT open_by_state CHECK (is_open = (state in ('SUBMITTED', 'ESCALATED', 'RETURNED', 'DISPUTED', 'ACCEPTED', 'ASSIGNED', 'IN_PROGRESS', 'REVIEW_REQUESTED'))),
    CONSTRAINT merged_somewhere CHECK ((state = 'MERGED') = (merged_into is not null)),
    CONSTRAINT refused_for_a_reason CHECK ((state = 'NOT_ACCEPTED') <= (refusal_code is not null and refusal_reason is not null)),
    CONSTRAINT answered_in_words CHECK (num_nonnulls(answer, outcome, answered_at) in (0, 3) and (state in ('ANSWERED', 'CALLBACK')) <= (answer is not null)),
    CONSTRAINT planned_for_a_day CHECK ((outcome = 'PLANNED') <= (planned_for is not null)),
    CONSTRAINT paused_by_state CHECK ((paused_at is not null) = (state in ('RETURNED', 'DISPUTED'))),
    CONSTRAINT desk_of_level CHECK ((level = 'COMMUNITY') = (desk = 0)),
    CONSTRAINT seen_at_its_desk CHECK (desk = 0 or desk = any (desks)),
    CONSTRAINT community_at_its_desk CHECK (is_at_community or desk <> 0),
    CONSTRAINT reopened_twice_at_most CHECK (reopen_count between 0 and 2),
    CONSTRAINT never_negative CHECK (support_count >= 0 and household_count >= 0),
    CONSTRAINT goal_by_a_rule CHECK ((goal_rule_id is null) = (goal is null)),
    CONSTRAINT handled_at_the_community CHECK (handler_id is null or desk = 0)
)
 WITH (fillfactor = 80);
CREATE INDEX petition_by_desk ON tenant.petition (district_id, desk, is_open, due_at, id);
CREATE INDEX petition_by_urgency ON tenant.petition (community_id, desk, is_open, due_at, id);
CREATE INDEX petition_due ON tenant.petition (community_id, next_at) WHERE next_at is not null;
CREATE INDEX petition_of_author ON tenant.petition (community_id, author_id, id);
CREATE UNIQUE INDEX petition_of_source ON tenant.petition (community_id, source, source_id) WHERE source is not null;

CREATE TABLE tenant.petition_callback (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    petition_id UUID NOT NULL,
    district_id INTEGER NOT NULL,
    street_id INTEGER NOT NULL,
    category_id UUID NOT NULL,
    level TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    solved TEXT NOT NULL,
    satisfaction INTEGER NOT NULL,
    PRIMARY KEY (community_id, id),
    CONSTRAINT callback_of_petition FOREIGN KEY(community_id, petition_id) REFERENCES tenant.petition (community_id, id),
    CONSTRAINT level_known CHECK (level in ('COMMUNITY', 'STREET', 'DISTRICT')),
    CONSTRAINT solved_known CHECK (solved in ('YES', 'PARTLY', 'NO')),
    CONSTRAINT satisfaction_scale CHECK (satisfaction between 1 and 5)
);
CREATE INDEX petition_callback_by_time ON tenant.petition_callback (community_id, at);
CREATE INDEX petition_callback_of_petition ON tenant.petition_callback (community_id, petition_id, id);

CREATE TABLE tenant.petition_event (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    petition_id UUID NOT NULL,
    district_id INTEGER NOT NULL,
    desks INTEGER[] NOT NULL,
    seq BIGINT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    action TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id UUID NOT NULL,
    level TEXT NOT NULL,
    desk INTEGER NOT NULL,
    state TEXT NOT NULL,
    is_public BOOLEAN NOT NULL,
    words TEXT,
    PRIMARY KEY (community_id, id),
    CONSTRAINT event_of_petition FOREIGN KEY(community_id, petition_id) REFERENCES tenant.petition (community_id, id),
    CONSTRAINT action_known CHECK (action in ('SUBMITTED', 'INFORMATION_REQUESTED', 'RESUBMITTED', 'ACCEPTED', 'REFUSED', 'MERGED', 'TOOK_IN', 'ASSIGNED', 'DISPUTED', 'STARTED', 'EXTENDED', 'ESCALATED', 'ANSWERED', 'ASKED_BACK', 'RATED', 'CLOSED', 'REOPENED', 'REVIEW_REQUESTED', 'REVIEWED', 'WITHDRAWN', 'NOTED', 'ACK_OVERDUE', 'RESOLVE_OVERDUE', 'GOAL_REACHED', 'SUPERVISED', 'IMPORTED')),
    CONSTRAINT actor_kind_known CHECK (actor_kind in ('AUTHOR', 'DESK', 'SUPPORTER', 'SYSTEM')),
    CONSTRAINT level_known CHECK (level in ('COMMUNITY', 'STREET', 'DISTRICT')),
    CONSTRAINT state_known CHECK (state in ('SUBMITTED', 'RETURNED', 'NOT_ACCEPTED', 'MERGED', 'ACCEPTED', 'ASSIGNED', 'DISPUTED', 'IN_PROGRESS', 'ESCALATED', 'ANSWERED', 'CALLBACK', 'CLOSED', 'REVIEW_REQUESTED', 'WITHDRAWN'))
);
CREATE INDEX petition_event_by_commit ON tenant.petition_event (community_id, seq, id);
CREATE INDEX petition_event_of_petition ON tenant.petition_event (community_id, petition_id, id);

CREATE TABLE tenant.petition_fact (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    district_id INTEGER NOT NULL,
    street_id INTEGER NOT NULL,
    category_id UUID NOT NULL,
    kind TEXT NOT NULL,
    urgency TEXT NOT NULL,
    level TEXT NOT NULL,
    desk INTEGER NOT NULL,
    state TEXT NOT NULL,
    is_open BOOLEAN NOT NULL,
    is_imported BOOLEAN NOT NULL,
    submitted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    first_ack_due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    responded_at TIMESTAMP WITH TIME ZONE,
    resolve_due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ack_overdue BOOLEAN NOT NULL,
    resolve_overdue BOOLEAN NOT NULL,
    refusal_code TEXT,
    next_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (community_id, id),
    CONSTRAINT fact_of_petition FOREIGN KEY(community_id, id) REFERENCES tenant.petition (community_id, id),
    CONSTRAINT kind_known CHECK (kind in ('CONSULTATION', 'HELP', 'COMPLAINT', 'REPORT', 'SUGGESTION')),
    CONSTRAINT urgency_known CHECK (urgency in ('CRITICAL', 'URGENT', 'NORMAL', 'COMPLEX')),
    CONSTRAINT level_known CHECK (level in ('COMMUNITY', 'STREET', 'DISTRICT')),
    CONSTRAINT state_known CHECK (state in ('SUBMITTED', 'RETURNED', 'NOT_ACCEPTED', 'MERGED', 'ACCEPTED', 'ASSIGNED', 'DISPUTED', 'IN_PROGRESS', 'ESCALATED', 'ANSWERED', 'CALLBACK', 'CLOSED', 'REVIEW_REQUESTED', 'WITHDRAWN')),
    CONSTRAINT refusal_code_known CHECK (refusal_code in ('EMERGENCY', 'OTHER_LEGAL_ROUTE', 'NO_NEW_FACTS', 'NOT_A_PETITION'))
)
 WITH (fillfactor = 70);
CREATE INDEX petition_fact_by_ack ON tenant.petition_fact (community_id, first_ack_due_at);
CREATE INDEX petition_fact_due ON tenant.petition_fact (district_id, next_at) WHERE next_at is not null;
CREATE INDEX petition_fact_overdue ON tenant.petition_fact (district_id, is_open, resolve_overdue, resolve_due_at, id);

CREATE TABLE tenant.petition_support (
    community_id INTEGER NOT NULL,
    petition_id UUID NOT NULL,
    member_id UUID NOT NULL,
    household_id UUID,
    supported_at TIMESTAMP WITH TIME ZONE NOT NULL,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (community_id, petition_id, member_id),
    CONSTRAINT support_of_petition FOREIGN KEY(community_id, petition_id) REFERENCES tenant.petition (community_id, id),
    CONSTRAINT support_of_member FOREIGN KEY(community_id, member_id) REFERENCES tenant.member (community_id, id),
    CONSTRAINT support_of_household FOREIGN KEY(community_id, household_id) REFERENCES tenant.household (community_id, id)
);

CREATE TABLE tenant.petition_term (
    community_id INTEGER NOT NULL,
    term TEXT COLLATE "C" NOT NULL,
    petition_id UUID NOT NULL,
    PRIMARY KEY (community_id, term, petition_id),
    CONSTRAINT term_of_petition FOREIGN KEY(community_id, petition_id) REFERENCES tenant.petition (community_id, id)
);
CREATE INDEX petition_term_of_petition ON tenant.petition_term (community_id, petition_id);
"""
# Beijing's four tiers; no law of Shanghai says otherwise. The text of the standard itself was not
# obtained, so they are shown as unconfirmed. Days are working days.
_TIERS = "北京市接诉即办分级响应：2小时、24小时、7天、15天（中国城市报 2020-11-16）；派单时限 DB11 2023-01-01（北京日报 2022-11-16）"
LIMITS = f"""
insert into reference.time_limit (urgency, effective_from, ack_hours, ack_days, resolve_hours, resolve_days, rise_hours, source, is_confirmed) values
('CRITICAL', '2000-01-01T00:00:00+08', 1, null, 2, null, 24, '{_TIERS}', false),
('URGENT', '2000-01-01T00:00:00+08', 2, null, 24, null, 24, '{_TIERS}', false),
('NORMAL', '2000-01-01T00:00:00+08', null, 1, null, 7, 24, '{_TIERS}', false),
('COMPLEX', '2000-01-01T00:00:00+08', null, 1, null, 15, 24, '{_TIERS}', false)
"""
# The laws of residents' and villagers' committees as we read them. Both are revised since 2026,
# and the articles on who may call a meeting were not obtained.
RULES = """
insert into reference.support_rule (id, community_kind, basis, numerator, denominator, effect, effective_from, effective_to, source, is_confirmed) values
(gen_random_uuid(), 'RESIDENTIAL', 'ADULTS', 1, 5, '应当召集居民会议', '1990-01-01T00:00:00+08', '2026-01-01T00:00:00+08', '城市居民委员会组织法（2018）第十条', true),
(gen_random_uuid(), 'RESIDENTIAL', 'HOUSEHOLDS', 1, 5, '应当召集居民会议', '1990-01-01T00:00:00+08', '2026-01-01T00:00:00+08', '城市居民委员会组织法（2018）第十条', true),
(gen_random_uuid(), 'RESIDENTIAL', 'ADULTS', 1, 5, '应当召集居民会议', '2026-01-01T00:00:00+08', null, '城市居民委员会组织法（2025修订）第四章，条文待核', false),
(gen_random_uuid(), 'RESIDENTIAL', 'HOUSEHOLDS', 1, 5, '应当召集居民会议', '2026-01-01T00:00:00+08', null, '城市居民委员会组织法（2025修订）第四章，条文待核', false),
(gen_random_uuid(), 'VILLAGE', 'ADULTS', 1, 10, '应当召集村民会议', '2010-10-28T00:00:00+08', '2026-01-01T00:00:00+08', '村民委员会组织法（2018）第二十一条', true),
(gen_random_uuid(), 'VILLAGE', 'ADULTS', 1, 10, '应当召集村民会议', '2026-01-01T00:00:00+08', null, '村民委员会组织法（2025修正），条文待核', false)
"""


def upgrade() -> None:
    """Create the tables, their row security policies, and the first limits and rules."""
    op.execute(TABLES)
    op.execute(LIMITS)
    op.execute(RULES)
    op.execute(_categories())
    op.execute(
        "grant select on reference.petition_category, reference.time_limit, reference.support_rule "
        "to linli_app, linli_district"
    )
    op.execute(
        "grant insert, update (urgency, state, version) "
        "on reference.petition_category to linli_district"
    )
    wall_desks("tenant.petition", app="select, insert, update")
    # events cannot be changed, but for the desks that see them and the number of their commit
    wall_desks("tenant.petition_event", app="select, insert, update (desks, seq)")
    wall_blind("tenant.petition_support", app="select, insert, update, delete")
    wall_blind("tenant.petition_term", app="select, insert, delete")
    wall("tenant.petition_fact", app="select, insert, update", district=True)
    wall("tenant.petition_callback", app="select, insert", district=True)
    wall("tenant.population", app="select, insert, update")
    wall("tenant.answer_template", app="select, insert, update, delete")
    # what is read above a community is for administrators of the place, not for department
    # handlers
    for table in ("petition_fact", "petition_callback", "street_appeal", "appointment", "app"):
        op.execute(
            f"alter policy one_district on tenant.{table} using (district_id = "
            "current_setting('app.district_id')::int and (current_setting('app.street_id')::int = 0 "
            "or street_id = current_setting('app.street_id')::int) "
            "and current_setting('app.department_id')::int = 0)"
        )


def downgrade() -> None:
    """Drop the tables and restore the policies."""
    for table in ("street_appeal", "appointment", "app"):
        op.execute(
            f"alter policy one_district on tenant.{table} using (district_id = "
            "current_setting('app.district_id')::int and (current_setting('app.street_id')::int = 0 "
            "or street_id = current_setting('app.street_id')::int))"
        )
    op.execute(
        "drop table tenant.answer_template, tenant.population, tenant.petition_callback, "
        "tenant.petition_fact, tenant.petition_term, tenant.petition_support, "
        "tenant.petition_event, tenant.petition, reference.support_rule, reference.time_limit, "
        "reference.petition_category"
    )


def _categories() -> str:
    """Return SQL that gives each existing district the default categories."""
    text = (files("tenants.catalogue") / "default_categories.csv").read_text(encoding="utf-8")
    listed = [
        f"('{row['topic']}', '{row['name']}', '{row['urgency']}')"
        for row in csv.DictReader(text.splitlines())
    ]
    return (
        "insert into reference.petition_category (district_id, id, topic, name, urgency, state, "
        "created_at, version) select district_id, gen_random_uuid(), c.topic, c.name, c.urgency, "
        f"'ACTIVE', now(), 1 from reference.district, (values {', '.join(listed)}) as c (topic, name, urgency)"
    )
