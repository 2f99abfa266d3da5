"""Petitions stand in lists, and a feed tells what happens to them."""

from typing import Annotated, Any

import strawberry

from api.engine import bindings as b
from api.engine.declare import After, First, one, page, published, search_arguments
from api.engine.extend import extend
from api.engine.lists import page_of
from api.engine.searching import searched
from api.schema.common import Connection
from api.schema.permissions import Permission, permission
from api.schema.petitions import Petition, PetitionEvent
from api.schema.places import Community, CommunityPermissions, District
from api.schema.query import Query, by_id
from api.schema.viewer import Viewer
from tenants.catalogue.tables import petition_categories
from tenants.columns import DESK, DISTRICT, VIEWER
from tenants.petitions import views
from tenants.petitions.policy import IMPORT
from tenants.petitions.tables import petition_events, petition_terms, petitions
from tenants.petitions.words import PetitionKind, PetitionState
from tenants.places.tables import communities, districts
from tenants.scopes import Scope
from tenants.words import Words, word


class AssignedTo(Words):
    """办理台按经办人筛选诉求。A desk selects petitions by who handles them."""

    ME = word("派给我的", "It is assigned to you")
    NOBODY = word("尚未派人的", "It is assigned to nobody")


published(AssignedTo, "PetitionAssignedTo")


_State = Annotated[
    PetitionState | None,
    strawberry.argument(description="只列出这种状态的。List only those in this state."),
]
_Kind = Annotated[
    PetitionKind | None,
    strawberry.argument(description="只列出这种类别的。List only those of this kind."),
]
_Category = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="只列出这个分类的。List only those in this category."),
]
_Overdue = Annotated[
    bool | None,
    strawberry.argument(
        description="只列出逾期的，或未逾期的。List only those that are overdue, or are not."
    ),
]
_IsOpen = Annotated[
    bool,
    strawberry.argument(
        description="只列出未办结的，或已办结的。List only those that are open, or have ended."
    ),
]


def _listed(
    first: First = 20,
    after: After = None,
    state: _State = None,
    kind: _Kind = None,
    category_id: _Category = None,
) -> Any: ...


def _inbox(
    first: First = 20,
    after: After = None,
    is_open: _IsOpen = True,
    assigned: Annotated[
        AssignedTo | None,
        strawberry.argument(
            description="只列出派给我的，或未派人的。List only yours, or those assigned to nobody."
        ),
    ] = None,
    overdue: _Overdue = None,
    state: _State = None,
    kind: _Kind = None,
    category_id: _Category = None,
) -> Any: ...


def _queue(
    first: First = 20,
    after: After = None,
    is_open: _IsOpen = True,
    overdue: _Overdue = None,
    state: _State = None,
    kind: _Kind = None,
    category_id: _Category = None,
) -> Any: ...


_CATEGORY_FILTER = b.Filter(b.id_argument("categoryId", petition_categories), views.in_category)
_STATE_FILTER = b.Filter(b.text_argument("state"), views.in_state)
_KIND_FILTER = b.Filter(b.text_argument("kind"), views.of_kind)
_OVERDUE_FILTER = b.Filter(
    b.Argument("overdue", petitions.c.ack_overdue.type), views.overdue_or_not
)
_FILTERS = (_STATE_FILTER, _KIND_FILTER, _CATEGORY_FILTER)
_OPEN = b.Argument("isOpen", petitions.c.is_open.type)


@extend(CommunityPermissions)
class OfCommunityPermissions:
    """It says whether the viewer may import petitions of another system."""

    import_petitions: Permission = permission(IMPORT)


@extend(Community)
class OfCommunity:
    """It adds the petitions that neighbours may read."""

    petitions: Connection[Petition] | None = page(
        "这里列出公开和成员可见的诉求，新的在前。\n"
        "This lists the petitions that neighbours may read, newest first.",
        page_of(
            petitions, communities.c.community_id, where=views.is_listed_to_all, filters=_FILTERS
        ),
        resolver=_listed,
    )


@extend(Viewer)
class OfViewer:
    """It adds the viewer's own petitions."""

    petitions: Connection[Petition] | None = page(
        "这里列出您的诉求，新的在前。This lists your own petitions, newest first.",
        page_of(petitions, {"author_id": VIEWER}, index="petition_of_author", filters=_FILTERS),
        resolver=_listed,
    )


@extend(District)
class OfDistrict:
    """It adds what a street, district or department has at hand."""

    inbox: Connection[Petition] | None = page(
        "这里列出您的办理台上的诉求，最急的在前。\n"
        "This lists what your desk has at hand, the most urgent first.",
        page_of(
            petitions,
            {"district_id": districts.c.district_id, "desk": DESK, "is_open": _OPEN},
            petitions.c.due_at,
            petitions.c.id,
            index="petition_by_desk",
            descending=False,
            filters=(_OVERDUE_FILTER, *_FILTERS),
        ),
        requires=Scope.PETITION_HANDLE,
        resolver=_queue,
    )


@extend(Query)
class OfQuery:
    """It adds what the committee has at hand, a search, and what changed since a cursor."""

    petition: Petition | None = one(
        "按标识取诉求；没有、不属本社区或看不到，都为空。\n"
        "Get a petition by its id; unknown, foreign and not yours to read are all null.",
        petitions,
        b.id_argument("id", petitions),
        resolver=by_id,
    )
    inbox: Connection[Petition] | None = page(
        "这里列出居委手上的诉求，最急的在前。\n"
        "This lists what the committee has at hand, the most urgent first.",
        page_of(
            petitions,
            {"desk": views.COMMUNITY_DESK, "is_open": _OPEN},
            petitions.c.due_at,
            petitions.c.id,
            index="petition_by_urgency",
            descending=False,
            filters=(
                b.Filter(b.text_argument("assigned"), views.assigned_to),
                _OVERDUE_FILTER,
                *_FILTERS,
            ),
        ),
        requires=Scope.PETITION_HANDLE,
        resolver=_inbox,
    )
    search_petitions: Connection[Petition] | None = page(
        "在本社区您看得到的诉求中查找，撤回的除外；社区以上，在本办理台的诉求中查找。"
        "新的在前。\n"
        "Find petitions that hold every word, newest first: those of this community that "
        "were not withdrawn, or above communities those at your desk, open or ended.",
        page_of(
            petitions,
            {},
            index="petition_term_pkey",
            where=views.finding.is_found,
            **searched(
                views.finding,
                petition_terms,
                petition_terms.c.petition_id,
                unled={"district_id": DISTRICT, "desk": DESK},
            ),
        ),
        resolver=search_arguments,
    )
    petition_events: Connection[PetitionEvent] | None = page(
        "这里列出诉求上发生的事，按提交次序；从上次的 endCursor 接着取，不漏不重。\n"
        "This lists what happened to petitions that you may read, in the order of commits; "
        "go on from the last `endCursor`, and nothing is missed or told twice.",
        page_of(
            petition_events,
            {},
            petition_events.c.seq,
            petition_events.c.id,
            index="petition_event_by_commit",
            descending=False,
            where=views.is_committed,
        ),
    )
