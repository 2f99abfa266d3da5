"""Some things wait for the viewer: votes, counts, objections, and what the community owes and is asked."""

from api.engine import bindings as b
from api.engine.declare import object_type, page, value
from api.engine.extend import extend
from api.engine.lists import page_of
from api.schema.appraisals import Appraisal
from api.schema.common import Connection
from api.schema.meetings import VoteObjection
from api.schema.obligations import Obligation
from api.schema.open_affairs import AffairQuestion, OpenAffair
from api.schema.owed_meetings import OwedMeeting
from api.schema.posts import Post
from api.schema.viewer import Viewer
from api.schema.votes import Vote
from tenants.affairs import views as affairs
from tenants.affairs.tables import affair_questions, obligations, open_affairs
from tenants.appraisals.policy import waits_for_publication
from tenants.appraisals.tables import appraisals
from tenants.boards.notices import waits_for_acknowledgement
from tenants.boards.tables import posts
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
        page_of(votes, {}, descending=False, where=views.waits_for_viewers_ballot),
    )
    results_to_certify: Connection[Vote] | None = page(
        "这里列出待您确认的计票，自己计的除外。\n"
        "This lists the counts that wait for you to certify them, without your own.",
        page_of(votes, {}, descending=False, where=views.waits_for_certification),
    )
    meetings_to_call: Connection[OwedMeeting] | None = page(
        "这里列出应当召集而尚未公告的会议，限居委，最久的在前。\n"
        "For the staff, this lists the meetings that are owed and not announced, the longest first.",
        page_of(
            owed_meetings,
            {},
            owed_meetings.c.owed_since,
            owed_meetings.c.petition_id,
            index="owed_meeting_by_time",
            descending=False,
        ),
    )
    objections_to_decide: Connection[VoteObjection] | None = page(
        "这里列出待您裁定的异议，自己提的除外。\n"
        "This lists the objections that wait for a decision, without your own.",
        page_of(objections, {}, descending=False, where=views.waits_for_decision),
    )
    appraisals_to_publish: Connection[Appraisal] | None = page(
        "这里列出待监督委员公布结果的民主评议。\n"
        "This lists the appraisals that the supervision committee may publish.",
        b.Page(
            table=appraisals,
            on={},
            order=(appraisals.c.id,),
            index="appraisal_pkey",
            descending=False,
            where=waits_for_publication,
        ),
    )
    notices_to_acknowledge: Connection[Post] | None = page(
        "这里列出请您签收而还没签收的公告，先发的在前。\n"
        "This lists the notices that you are asked to acknowledge and have not, oldest first.",
        b.Page(
            table=posts,
            on={},
            order=(posts.c.id,),
            index="post_pkey",
            descending=False,
            where=waits_for_acknowledgement,
        ),
    )
    obligations_to_meet: Connection[Obligation] | None = page(
        "这里列出社区未完成的法定义务，先到期的在前；只有居委和书记可见。\n"
        "This lists what the community owes, soonest due first; only its staff see it.",
        b.Page(
            table=obligations,
            on={},
            order=(obligations.c.due_at, obligations.c.id),
            index="obligation_by_due",
            descending=False,
            where=affairs.waits_for_staff,
        ),
    )
    affairs_to_confirm: Connection[OpenAffair] | None = page(
        "这里列出待您核实的公开事项，自己录入的除外。\n"
        "This lists the items that wait for you to confirm them, without your own.",
        b.Page(
            table=open_affairs,
            on={},
            order=(open_affairs.c.id,),
            index="open_affair_pkey",
            descending=False,
            where=affairs.waits_for_confirmation,
        ),
    )
    affair_questions_to_answer: Connection[AffairQuestion] | None = page(
        "这里列出待居委答复的查询和异议，先提的在前。\n"
        "This lists the questions that wait for the staff, oldest first.",
        b.Page(
            table=affair_questions,
            on={},
            order=(affair_questions.c.id,),
            index="affair_question_pkey",
            descending=False,
            where=affairs.waits_for_answer,
        ),
    )


@extend(Viewer)
class OfViewer:
    """It adds what waits for the viewer."""

    pending: Pending = value("这里列出等您处理的事。This lists what waits for you.")
