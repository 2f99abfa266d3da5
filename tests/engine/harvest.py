"""Takes cursors out of answers, which a client has when it asks for the next page."""

from typing import Any

from tenants.viewer import Viewer
from tests.engine.asking import Asker
from tests.engine.world import World

_EDGES = "edges { cursor }"
_OF_POST = f"comments(first: 50) {{ {_EDGES} nodes {{ replies {{ {_EDGES} }} }} }}"
_DIFFERENCES = f"""query ($id: ID!, $since: ID!) {{ node(id: $id) {{ ... on PactVersion {{
    differences(sinceId: $since) {{ {_EDGES} }} }} }} }}"""
_QUERIES = {
    "secretary": [
        f'{{ board(slug: "neighbours") {{ posts(first: 50) {{ {_EDGES} }} }} }}',
        f'{{ board(slug: "affairs") {{ posts {{ {_EDGES} }} }} }}',
        f"{{ community {{ members(first: 50) {{ {_EDGES} }} }} }}",
        f'{{ search(query: "停水", first: 50) {{ {_EDGES} }} }}',
        f"{{ community {{ apps {{ {_EDGES} }} inspections {{ {_EDGES} }} }} }}",
        f"{{ applications(first: 50) {{ {_EDGES} }} }}",
        f"{{ auditLog(first: 50) {{ {_EDGES} }} }}",
        f"{{ community {{ members(first: 10) {{ nodes {{ record {{ history {{ {_EDGES} }} }} }} }} }} }}",
        f"{{ community {{ petitions(first: 50) {{ {_EDGES} nodes {{ events {{ {_EDGES} }} }} }} }} }}",
        f"{{ inbox(first: 50) {{ {_EDGES} }} }}",
        f'{{ searchPetitions(query: "停水", first: 50) {{ {_EDGES} }} }}',
        f"{{ petitionEvents(first: 50) {{ {_EDGES} }} answerTemplates {{ {_EDGES} }} }}",
        f"{{ community {{ dutyRoster {{ {_EDGES} }} }} }}",
        f"{{ community {{ votes(first: 50) {{ {_EDGES} nodes {{ ballots {{ {_EDGES} }} }} }} }} }}",
        f"{{ community {{ votes {{ nodes {{ steps: events {{ {_EDGES} }} raised: objections {{ {_EDGES} }} }} }} }} }}",
        f"{{ community {{ meetings {{ {_EDGES} nodes {{ roll {{ {_EDGES} }} attendance {{ {_EDGES} }} }} }} }} }}",
        f"{{ community {{ meetings {{ nodes {{ objections {{ {_EDGES} }} }} }} }} }}",
        f"{{ community {{ meetings {{ nodes {{ proxies {{ {_EDGES} }} }} }} }} }}",
        f"{{ community {{ votes {{ nodes {{ papers {{ {_EDGES} }} }} }} }} }}",
        f"{{ community {{ propertyAreas {{ {_EDGES} nodes {{ parts {{ {_EDGES} }} owners {{ {_EDGES} }} }} }} }} }}",
        f"{{ community {{ authorisations {{ {_EDGES} }} householdClaims {{ {_EDGES} }} }} }}",
        f"{{ community {{ pacts {{ {_EDGES} nodes {{ versions {{ {_EDGES} }} }} }} }} }}",
        f"{{ community {{ pacts(first: 5) {{ nodes {{ versions {{ nodes {{ clauses {{ {_EDGES} }} }} }} }} }} }} }}",
        f"{{ community {{ pacts {{ nodes {{ draft {{ {_EDGES} }} suggestions {{ {_EDGES} }} }} }} }} }}",
        f"{{ community {{ pacts {{ nodes {{ acts: events {{ {_EDGES} }} put: matters {{ {_EDGES} }} }} }} }} }}",
        f"{{ community {{ pacts {{ nodes {{ submissions {{ {_EDGES} }} signatures {{ {_EDGES} }} }} }} }} }}",
        f"{{ viewer {{ pending {{ votesToCast {{ {_EDGES} }} resultsToCertify {{ {_EDGES} }} }} }} }}",
        f"{{ viewer {{ pending {{ objectionsToDecide {{ {_EDGES} }} meetingsToCall {{ {_EDGES} }} }} }} }}",
        f'{{ board(slug: "notices") {{ posts {{ nodes {{ audience {{ acknowledgements {{ {_EDGES} }} }} }} }} }} }}',
        f"{{ viewer {{ pending {{ obligationsToMeet {{ {_EDGES} }} affairsToConfirm {{ {_EDGES} }} }} }} }}",
        f"{{ viewer {{ pending {{ affairQuestionsToAnswer {{ {_EDGES} }} }} }} }}",
        f"{{ community {{ obligations {{ {_EDGES} }} openAffairs {{ {_EDGES} }} }} }}",
        f"{{ community {{ openAffairs {{ nodes {{ asked: questions {{ {_EDGES} }} }} }} }} }}",
        f"{{ community {{ topics {{ {_EDGES} nodes {{ topicSteps: events {{ {_EDGES} }} }} }} }} }}",
        f"{{ community {{ topics {{ nodes {{ views: contributions {{ {_EDGES} }} }} }} }} }}",
        f"{{ community {{ topics {{ nodes {{ evaluations {{ {_EDGES} }} }} }} }} }}",
        f"{{ community {{ topics {{ nodes {{ consultations {{ {_EDGES} }} }} }} }} }}",
        "{ community { topics(first: 5) { nodes { consultations { nodes { parties { edges { cursor } } } } } } } }",
        f"{{ community {{ projects {{ {_EDGES} nodes {{ spendings {{ {_EDGES} }} }} }} }} }}",
        f"{{ community {{ projects {{ nodes {{ projectSteps: events {{ {_EDGES} }} }} }} }} }}",
        f"{{ community {{ projects {{ nodes {{ judged: evaluations {{ {_EDGES} }} }} }} }} }}",
        f"{{ community {{ topics {{ nodes {{ ofTopic: projects {{ {_EDGES} }} }} }} }} }}",
        f"{{ community {{ trend: petitionTrend {{ {_EDGES} }} }} }}",
        f'{{ community {{ rates: petitionRates(month: "2026-01") {{ {_EDGES} }} }} }}',
        f"{{ community {{ orders: supervisionOrders(first: 50) {{ {_EDGES} }} }} }}",
        *(
            f"{{ moderationQueue(state: {state}) {{ {_EDGES} }} }}"
            for state in ("OPEN", "HIDDEN", "APPEALED", "KEPT")
        ),
    ],
    "resident": [
        f"{{ community {{ affairComplaints {{ {_EDGES} }} }} }}",
        f"{{ viewer {{ mine: petitions(first: 50) {{ {_EDGES} }} }} }}",
    ],
    "supervisor": [
        f"{{ community {{ appraisals {{ {_EDGES} }} }} }}",
        f"{{ viewer {{ pending {{ appraisalsToPublish {{ {_EDGES} }} }} }} }}",
        f"{{ viewer {{ pending {{ noticesToAcknowledge {{ {_EDGES} }} }} }} }}",
    ],
    "district": [
        f"{{ district {{ queue: inbox(first: 50) {{ {_EDGES} }} }} }}",
        f'{{ district {{ ranking: petitionRanking(month: "2026-01") {{ {_EDGES} }} }} }}',
        f"{{ district {{ overduePetitions(first: 50) {{ {_EDGES} }} }} }}",
        f"{{ district {{ owedMeetings {{ {_EDGES} }} }} }}",
        f"{{ district {{ ordersAbove: supervisionOrders(first: 50) {{ {_EDGES} }} }} }}",
        f"{{ district {{ supervisionOrders {{ nodes {{ orderSteps: events {{ {_EDGES} }} }} }} }} }}",
        f"{{ district {{ handedIn: pactSubmissions {{ {_EDGES} }} }} }}",
        f"{{ district {{ communities(first: 50) {{ {_EDGES} }} }} }}",
        f"{{ district {{ appointments {{ {_EDGES} }} }} }}",
        *(
            f"{{ district {{ appeals(state: {state}) {{ {_EDGES} }} }} }}"
            for state in ("OPEN", "UPHELD", "LIFTED", "MOOT")
        ),
        f"{{ district {{ appsUnder: apps {{ {_EDGES} }} }} }}",
        f"{{ district {{ owed: obligations {{ {_EDGES} }} complained: affairComplaints {{ {_EDGES} }} }} }}",
        f"{{ district {{ departments {{ {_EDGES} }} }} }}",
        f"{{ district {{ officers {{ {_EDGES} }} }} }}",
        f"{{ district {{ invitations {{ {_EDGES} }} }} }}",
    ],
}
_COORDINATES = {
    "members": "Community.members",
    "posts": "Board.posts",
    "comments": "Post.comments",
    "replies": "Comment.replies",
    "search": "Query.search",
    "moderationQueue": "Query.moderationQueue",
    "communities": "District.communities",
    "applications": "Query.applications",
    "auditLog": "Query.auditLog",
    "appointments": "District.appointments",
    "appeals": "District.appeals",
    "departments": "District.departments",
    "officers": "District.officers",
    "invitations": "District.invitations",
    "history": "MemberRecord.history",
    "apps": "Community.apps",
    "appsUnder": "District.apps",
    "inspections": "Community.inspections",
    "petitions": "Community.petitions",
    "events": "Petition.events",
    "inbox": "Query.inbox",
    "searchPetitions": "Query.searchPetitions",
    "petitionEvents": "Query.petitionEvents",
    "answerTemplates": "Query.answerTemplates",
    "dutyRoster": "Community.dutyRoster",
    "mine": "Viewer.petitions",
    "queue": "District.inbox",
    "trend": "Community.petitionTrend",
    "rates": "Community.petitionRates",
    "orders": "Community.supervisionOrders",
    "ranking": "District.petitionRanking",
    "overduePetitions": "District.overduePetitions",
    "owedMeetings": "District.owedMeetings",
    "meetingsToCall": "Pending.meetingsToCall",
    "ordersAbove": "District.supervisionOrders",
    "orderSteps": "SupervisionOrder.events",
    "votesToCast": "Pending.votesToCast",
    "resultsToCertify": "Pending.resultsToCertify",
    "objectionsToDecide": "Pending.objectionsToDecide",
    "appraisals": "Community.appraisals",
    "appraisalsToPublish": "Pending.appraisalsToPublish",
    "noticesToAcknowledge": "Pending.noticesToAcknowledge",
    "acknowledgements": "NoticeAudience.acknowledgements",
    "obligationsToMeet": "Pending.obligationsToMeet",
    "affairsToConfirm": "Pending.affairsToConfirm",
    "affairQuestionsToAnswer": "Pending.affairQuestionsToAnswer",
    "obligations": "Community.obligations",
    "openAffairs": "Community.openAffairs",
    "asked": "OpenAffair.questions",
    "affairComplaints": "Community.affairComplaints",
    "owed": "District.obligations",
    "complained": "District.affairComplaints",
    "votes": "Community.votes",
    "ballots": "Vote.ballots",
    "steps": "Vote.events",
    "raised": "Vote.objections",
    "meetings": "Community.meetings",
    "proxies": "Meeting.proxies",
    "papers": "Vote.papers",
    "propertyAreas": "Community.propertyAreas",
    "parts": "PropertyArea.parts",
    "owners": "PropertyArea.owners",
    "authorisations": "Community.authorisations",
    "householdClaims": "Community.householdClaims",
    "pacts": "Community.pacts",
    "versions": "Pact.versions",
    "clauses": "PactVersion.clauses",
    "differences": "PactVersion.differences",
    "draft": "Pact.draft",
    "suggestions": "Pact.suggestions",
    "acts": "Pact.events",
    "put": "Pact.matters",
    "submissions": "Pact.submissions",
    "signatures": "Pact.signatures",
    "handedIn": "District.pactSubmissions",
    "topics": "Community.topics",
    "topicSteps": "Topic.events",
    "views": "Topic.contributions",
    "evaluations": "Topic.evaluations",
    "consultations": "Topic.consultations",
    "parties": "Consultation.parties",
    "projects": "Community.projects",
    "ofTopic": "Topic.projects",
    "spendings": "Project.spendings",
    "projectSteps": "Project.events",
    "judged": "Project.evaluations",
    "roll": "Meeting.roll",
    "attendance": "Meeting.attendance",
    "objections": "Meeting.objections",
}


async def harvest(ask: Asker, world: World) -> dict[str, list[str]]:
    """Return the cursors of some pages of each connection, by the connection's coordinate."""
    found: dict[str, list[str]] = {}
    for who, queries in _QUERIES.items():
        for query in queries:
            _gather(await ask.data(world.viewers[who], query), "", found)
    compared = await ask.data(world.viewers["secretary"], _DIFFERENCES, _versions(world))
    _gather(compared, "", found)
    for post in dict.fromkeys(world.ids["pst_"][-10:]):
        _gather(await _thread(ask, world.viewers["secretary"], post), "", found)
    return found


def _versions(world: World) -> dict[str, str]:
    first, second, *_ = world.ids["pvr_"]
    return {"since": first, "id": second}


async def _thread(ask: Asker, viewer: Viewer, id: str) -> Any:
    return await ask.data(
        viewer, f"query ($id: ID!) {{ post(id: $id) {{ {_OF_POST} }} }}", {"id": id}
    )


def _gather(value: Any, name: str, found: dict[str, list[str]]) -> None:
    if isinstance(value, list):
        for item in value:
            _gather(item, name, found)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "cursor":
                found.setdefault(_COORDINATES[name], []).append(item)
            else:
                _gather(item, name if key in {"edges", "nodes"} else key, found)
