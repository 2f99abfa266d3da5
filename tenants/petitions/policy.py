"""These rules say who sees a petition, and who may do what to it in which state.

The people of a desk are the staff for a petition at the community, and above it the officers whose
number is in `desk`. One condition covers both, since the desk of a viewer inside a community is 0.
"""

import sqlalchemy as sa

from tenants.audit.policy import is_about_viewer
from tenants.audit.tables import audit_entries
from tenants.boards.tables import posts
from tenants.columns import DESK, DISTRICT, IS_SECRETARY, IS_STAFF, TENANT, VIEWER, below
from tenants.errors import Code
from tenants.membership.policy import is_viewers_person
from tenants.membership.tables import members
from tenants.petitions.desks import answer_templates, populations
from tenants.petitions.facts import petition_facts
from tenants.petitions.owed import owed_meetings
from tenants.petitions.supports import petition_supports
from tenants.petitions.tables import petition_callbacks, petition_events, petition_terms, petitions
from tenants.places.tables import communities, departments
from tenants.policy import Access, Condition, narrow, never_own, protect, rule
from tenants.scopes import Scope
from tenants.viewer import Principal

_ONE, _NOUGHT = sa.literal_column("1"), sa.literal_column("0")

# --- what is seen

is_author = petitions.c.author_id == VIEWER
came_to_viewer = sa.any_(petitions.c.desks) == DESK
is_staffs = IS_STAFF & petitions.c.is_at_community
_IS_LISTED = petitions.c.is_listed & (petitions.c.state != "WITHDRAWN")
_SEEN = {
    "community": is_author
    | is_staffs
    | came_to_viewer
    | (_IS_LISTED & (petitions.c.secrecy != "PRIVATE")),
    "guest": is_author | (_IS_LISTED & (petitions.c.secrecy == "PUBLIC")),
    "district": came_to_viewer,
    "department": came_to_viewer,
}
protect(petitions, Scope.PETITION_READ, **_SEEN)
never_own(petitions, is_viewers_person(petitions.c.author_id))


def _of_petition(table: sa.Table, seen: Condition) -> Condition:
    """Return the condition that a row belongs to a petition for which `seen` is true."""
    # OFFSET keeps this a subquery for one row: planned as a join, with a plan made for communities
    # of a few petitions, it would read all petitions of a community that has thousands
    return sa.exists(
        sa.select(_ONE)
        .where(petitions.c.community_id == TENANT, petitions.c.id == table.c.petition_id, seen)
        .offset(_NOUGHT)
    )


_IS_TOLD = petition_events.c.is_public
# Internal entries are for the desks, and never for whoever wrote the letter.
_IS_DESKS = (is_staffs | came_to_viewer) & petitions.c.author_id.is_distinct_from(VIEWER)
protect(
    petition_events,
    Scope.PETITION_READ,
    community=_of_petition(petition_events, _SEEN["community"] & (_IS_TOLD | _IS_DESKS)),
    guest=_of_petition(petition_events, _SEEN["guest"] & _IS_TOLD),
    district=sa.any_(petition_events.c.desks) == DESK,
    department=sa.any_(petition_events.c.desks) == DESK,
)
_IS_OWN_SUPPORT = petition_supports.c.member_id == VIEWER
protect(petition_supports, Scope.PETITION_READ, community=_IS_OWN_SUPPORT, guest=_IS_OWN_SUPPORT)
protect(petition_terms, Scope.PETITION_READ, community=sa.true(), guest=sa.true())
# A callback is read through its petition, or counted.
_IS_HERE = {table: below(table) for table in (petition_facts, petition_callbacks, owed_meetings)}
protect(
    petition_callbacks,
    Scope.PETITION_READ,
    community=sa.true(),
    guest=sa.true(),
    district=_IS_HERE[petition_callbacks],
)
# a callback names no person, since it is counted above the community
is_callback_to_viewer = _of_petition(petition_callbacks, is_author)
protect(petition_facts, Scope.PETITION_SUPERVISE, district=_IS_HERE[petition_facts])
# The staff who owe it, and the street and district that see to it.
protect(
    owed_meetings,
    Access((Scope.PETITION_READ,), (Scope.PETITION_SUPERVISE,)),
    community=IS_STAFF,
    district=_IS_HERE[owed_meetings],
)
protect(populations, Scope.COMMUNITY_READ, community=sa.true())
# above the communities the tenant is 0
_OF_DESK_ABOVE = (
    (answer_templates.c.community_id == TENANT)
    & (answer_templates.c.district_id == DISTRICT)
    & (answer_templates.c.desk == DESK)
)
protect(
    answer_templates,
    Scope.PETITION_HANDLE,
    community=IS_STAFF,
    district=_OF_DESK_ABOVE,
    department=_OF_DESK_ABOVE,
)

# Other members find no trace of a private petition in the audit, only a gap in the entry numbers.
# The staff do see one whose desk it came to, but not one that bypasses the committee.
_IS_OTHERS_PRIVATE = sa.exists(
    sa.select(_ONE).where(
        petitions.c.community_id == TENANT,
        petitions.c.id == audit_entries.c.subject_id,
        petitions.c.secrecy == "PRIVATE",
        ~is_staffs,
    )
)
# A merger is told in the entry of the petition that was merged; the entry of the target petition
# would betray the private one.
_IS_OTHERS_MERGER = (audit_entries.c.action == "petition.took_in") & ~IS_STAFF
NARROWS = narrow(
    audit_entries,
    is_about_viewer | ~(_IS_OTHERS_PRIVATE | _IS_OTHERS_MERGER),
    Principal.COMMUNITY,
    Principal.INSPECTOR,
)

# --- what is done

goal_is_reached = petitions.c.goal_reached_at.is_not(None)


MERGE_INTO = rule(
    "mergePetition",
    Scope.PETITION_HANDLE,
    petitions,
    (Code.FORBIDDEN, ~is_staffs),
    (Code.WRONG_STATE, ~petitions.c.is_open, "目标诉求已办结。That petition is closed."),
)
ASSIGN_TO_MEMBER = rule(
    "assignPetition",
    Scope.PETITION_HANDLE,
    members,
    (Code.WRONG_STATE, members.c.state != "ACTIVE"),
    (
        Code.INVALID,
        ~(
            (sa.literal("COMMITTEE_MEMBER") == sa.any_(members.c.roles))
            | (sa.literal("PARTY_SECRETARY") == sa.any_(members.c.roles))
        ),
        "须为居委成员或书记。Must be of the committee, or its secretary.",
    ),
)
ASSIGN_TO_DEPARTMENT = rule(
    "assignPetition",
    Scope.PETITION_HANDLE,
    departments,
    (Code.WRONG_STATE, departments.c.state != "ACTIVE", "该部门已撤销。It is closed."),
)
RAISE_POST = rule(
    "submitPetition", Scope.PETITION_WRITE, posts, (Code.WRONG_STATE, posts.c.state != "PUBLISHED")
)
ADDRESS_TO_DEPARTMENT = rule(
    "submitPetition",
    Scope.PETITION_WRITE,
    departments,
    (Code.WRONG_STATE, departments.c.state != "ACTIVE", "该部门已撤销。It is closed."),
)
has_supported = sa.exists(
    sa.select(_ONE).where(
        petition_supports.c.community_id == TENANT,
        petition_supports.c.petition_id == petitions.c.id,
        petition_supports.c.member_id == VIEWER,
        petition_supports.c.withdrawn_at.is_(None),
    )
)
SUPPORT = rule(
    "supportPetition",
    Scope.PETITION_WRITE,
    petitions,
    (Code.FORBIDDEN, petitions.c.secrecy == "PRIVATE", "不公开的诉求不能联名。It is private."),
    (Code.WRONG_STATE, ~petitions.c.is_open),
    (Code.ALREADY_DONE, has_supported),
)
WITHDRAW_SUPPORT = rule(
    "withdrawSupport",
    Scope.PETITION_WRITE,
    petitions,
    (Code.WRONG_STATE, ~has_supported, "您没有联名。You have not signed it."),
    (
        Code.FORBIDDEN,
        sa.func.coalesce(is_author, sa.false()),
        "发起人可撤回诉求。Its author withdraws the petition itself.",
    ),
    (Code.WRONG_STATE, goal_is_reached, "联名已达标。Its goal has been reached."),
)

IMPORT = rule(
    "importPetitions", Scope.PETITION_IMPORT, communities, (Code.FORBIDDEN, ~IS_SECRETARY)
)
RECORD_POPULATION = rule(
    "recordPopulation", Scope.DUTY_MANAGE, communities, (Code.FORBIDDEN, ~IS_SECRETARY)
)
CREATE_TEMPLATE = Scope.PETITION_HANDLE
DELETE_TEMPLATE = rule("deleteAnswerTemplate", Scope.PETITION_HANDLE, answer_templates)
