"""Build the one schema: its parts, its roots, and the contract that the engine reads from it."""

from datetime import date, datetime
from functools import cache

import strawberry
from strawberry.schema.config import StrawberryConfig

from api.engine.contract import Contract
from api.engine.declare import CURSOR, NODE_TABLES, Cursor
from api.engine.extend import join
from api.engine.verbs import mutation_type
from api.schema import (
    affair_complaints,
    answer_templates,
    appeals,
    appraisals,
    apps,
    assemblies,
    audit,
    authorisations,
    boards,
    catalogue,
    certifications,
    comments,
    consents,
    consultation_verbs,
    consultations,
    content,
    decision_rules,
    departments,
    duty,
    household_claims,
    inspections,
    joining,
    meeting_verbs,
    meetings,
    members,
    moderation,
    notices,
    obligations,
    officers,
    offices,
    open_affairs,
    overdue_petitions,
    owed_meetings,
    owners_guards,
    pact_parts,
    pact_processes,
    pact_reviews,
    pact_signing,
    pact_verbs,
    pacts,
    pending,
    personal,
    petition_authors,
    petition_desks,
    petition_import,
    petition_lists,
    places,
    population,
    posts,
    project_verbs,
    projects,
    property_areas,
    rates,
    rule_confirmations,
    secret_votes,
    supervision,
    topic_verbs,
    topics,
    vote_verbs,
    votes,
)
from api.schema.comments import Comment
from api.schema.common import USER_ERRORS, Payload
from api.schema.query import Query
from api.schema.scalars import DATE, DATE_TIME, MONTH, Month

# The files of the schema that declare mutations, or add fields to the types of others, in the order in
# which these are printed.
PARTS = (
    places,
    departments,
    officers,
    offices,
    members,
    joining,
    consents,
    personal,
    appeals,
    apps,
    inspections,
    audit,
    boards,
    posts,
    notices,
    comments,
    content,
    moderation,
    duty,
    catalogue,
    petition_lists,
    petition_authors,
    petition_desks,
    petition_import,
    answer_templates,
    population,
    rates,
    rule_confirmations,
    overdue_petitions,
    supervision,
    property_areas,
    decision_rules,
    obligations,
    open_affairs,
    affair_complaints,
    meetings,
    votes,
    certifications,
    authorisations,
    household_claims,
    secret_votes,
    vote_verbs,
    meeting_verbs,
    assemblies,
    owners_guards,
    owed_meetings,
    appraisals,
    pact_processes,
    pact_parts,
    pacts,
    pact_verbs,
    pact_reviews,
    pact_signing,
    pending,
    topics,
    consultations,
    topic_verbs,
    consultation_verbs,
    projects,
    project_verbs,
)

Mutation = mutation_type(
    PARTS,
    Payload,
    "这里修改数据。每个根字段是一个独立的事务，依次进行；都可能为空。Errors 列出 "
    "userErrors 可能的代码；社区停用时，各项修改都答 WRONG_STATE。\n"
    "Data is changed here. Each root field is a transaction of its own; they run in "
    "order, and each may be null. `Errors` lists the codes that its userErrors may have; "
    "in a suspended community any of them answers WRONG_STATE.",
)


@cache
def contract() -> Contract:
    """Build the schema once; everyone shares it."""
    join(PARTS)
    schema = strawberry.Schema(
        query=Query,
        mutation=Mutation,
        types=[Comment, *USER_ERRORS],
        config=StrawberryConfig(
            scalar_map={Cursor: CURSOR, Month: MONTH, date: DATE, datetime: DATE_TIME}
        ),
    )
    return Contract.of(schema, NODE_TABLES)


def sdl() -> str:
    """Print the published contract."""
    return contract().strawberry.as_str() + "\n"
