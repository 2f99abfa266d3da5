"""Some things wait for the viewer: votes to cast, counts to certify, objections to decide."""

from api.engine import bindings as b
from api.engine.declare import object_type, page, value
from api.engine.extend import extend
from api.schema.common import Connection
from api.schema.meetings import VoteObjection
from api.schema.owed_meetings import OwedMeeting
from api.schema.viewer import Viewer
from api.schema.votes import Vote
from tenants.petitions.owed import owed_meetings
from tenants.votes import views
from tenants.votes.objections import objections
from tenants.votes.tables import votes


@object_type
class Pending:
    """这些事等您处理；没有事则列表为空，不在社区内则为 null。
    These things wait for you; a list is empty when nothing waits, and null outside a community.
    """

    votes_to_cast: Connection[Vote] | None = page(
        "这里列出您可以投而还没投的，先发起的在前。\n"
        "This lists the votes that you may cast and have not, oldest first.",
        b.Page(
            table=votes,
            on={},
            order=(votes.c.id,),
            index="vote_pkey",
            descending=False,
            where=views.waits_for_viewers_ballot,
        ),
    )
    results_to_certify: Connection[Vote] | None = page(
        "这里列出待您确认的计票，自己计的除外。\n"
        "This lists the counts that wait for you to certify them, without your own.",
        b.Page(
            table=votes,
            on={},
            order=(votes.c.id,),
            index="vote_pkey",
            descending=False,
            where=views.waits_for_certification,
        ),
    )
    meetings_to_call: Connection[OwedMeeting] | None = page(
        "这里列出应当召集而尚未公告的会议，限居委，最久的在前。\n"
        "For the staff, this lists the meetings that are owed and not announced, the longest first.",
        b.Page(
            table=owed_meetings,
            on={},
            order=(owed_meetings.c.owed_since, owed_meetings.c.petition_id),
            index="owed_meeting_by_time",
            descending=False,
        ),
    )
    objections_to_decide: Connection[VoteObjection] | None = page(
        "这里列出待您裁定的异议，自己提的除外。\n"
        "This lists the objections that wait for a decision, without your own.",
        b.Page(
            table=objections,
            on={},
            order=(objections.c.id,),
            index="vote_objection_pkey",
            descending=False,
            where=views.waits_for_decision,
        ),
    )


@extend(Viewer)
class OfViewer:
    """It adds what waits for the viewer."""

    pending: Pending = value("这里列出等您处理的事。This lists what waits for you.")
