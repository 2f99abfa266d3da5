"""Topics and consultations have these procedures: people's steps, and the timers between them.

A step that is skipped is refused with the rule that asks for it. The days are house rules: no law
gives them.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from tenants.catalogue.policy import FILE_UNDER
from tenants.columns import IS_SECRETARY, NOW, TENANT
from tenants.errors import Code
from tenants.policy import Ground
from tenants.procedure import Facts, Procedure, Row
from tenants.scopes import Scope
from tenants.topics.consultations import consultations
from tenants.topics.policy import IS_AUTHOR, NOT_STAFF
from tenants.topics.tables import BODY_LENGTH, RECORD_LENGTH, topic_events, topics
from tenants.topics.words import ConsultationState, TopicState
from tenants.workdays import after_days

# House rules: how many members must support a proposal and within which days, in how many days the
# secretary decides, and how many days residents have to judge what was done.
GOAL, SUPPORT_DAYS, SCREENING_DAYS, EVALUATION_DAYS = 5, 90, 10, 7
# The rules that ask for a step.
_MECHANISM = "上海市居民委员会工作条例第16条"
_CONSULT = "城市居民委员会组织法第32条"
_FOUR = "四议两公开：中国共产党农村基层组织工作条例第19条，居民区参照"


def _derived(topic: Facts) -> Row:
    return {"next_at": TOPICS.next_at(topic)}


TOPICS = Procedure(
    noun="topic",
    table=topics,
    states=TopicState,
    id_field="topicId",
    timeline=(topic_events, "topic_id"),
    derive=_derived,
)
CONSULTATIONS = Procedure(
    noun="consultation", table=consultations, states=ConsultationState, id_field="consultationId"
)
_WORDS = (Code.INVALID, Code.REQUIRED, Code.TOO_LONG, Code.IDEMPOTENCY_MISMATCH)
_NOT_SECRETARY: Ground = (Code.FORBIDDEN, ~IS_SECRETARY, "由书记审核。Only the secretary may.")
_NOT_AUTHOR: Ground = (Code.FORBIDDEN, ~IS_AUTHOR, "只有提议人可以。Only its author may.")
_OWN: Ground = (Code.FORBIDDEN, IS_AUTHOR, "不能审核自己的议题。Not one's own topic.")


def _to_screening(_topic: Facts, at: datetime, _by: UUID) -> Row:
    return {"screening_due_at": after_days(at, SCREENING_DAYS)}


# --- proposed, supported, screened

PROPOSE = TOPICS.step(
    "proposeTopic", Scope.TOPIC_WRITE, (), "PROPOSED",
    at="proposed_at", by="author_id", said="", may_begin=True,
    more=(*_WORDS, Code.QUOTA_EXCEEDED, Code.CONTENT_REJECTED, Code.NOT_FOUND),
)  # fmt: skip
CONVERTED = TOPICS.move("CONVERTED", (), "SCREENING", at="proposed_at", sets=_to_screening)
GOAL_REACHED = TOPICS.move("GOAL_REACHED", "PROPOSED", "SCREENING", sets=_to_screening)
WITHDRAW = TOPICS.step(
    "withdrawTopic", Scope.TOPIC_WRITE, ("PROPOSED", "SCREENING"), "WITHDRAWN", _NOT_AUTHOR, said=""
)
SCREEN = TOPICS.step(
    "screenTopic", Scope.TOPIC_SCREEN, ("PROPOSED", "SCREENING"), ("ON_AGENDA", "RETURNED"),
    _NOT_SECRETARY, _OWN,
    event="SCREENED", at="screened_at", by="screened_by", words="screening_reason", said="reason",
)  # fmt: skip
TO_PETITION = TOPICS.step(
    "convertToPetition", Scope.TOPIC_SCREEN, ("PROPOSED", "SCREENING"), "TO_PETITION",
    _NOT_SECRETARY, _OWN,
    event="TO_PETITION", at="screened_at", by="screened_by", words="screening_reason", said="reason",
    more=(FILE_UNDER,),
)  # fmt: skip
LAPSES = TOPICS.timer(
    "LAPSED", "PROPOSED", "LAPSED",
    due=lambda topic: after_days(topic["proposed_at"], SUPPORT_DAYS),
)  # fmt: skip
# Silence is no veto: what is not decided in time goes to the committee.
FORWARDS = TOPICS.timer(
    "FORWARDED", "SCREENING", "ON_AGENDA", due=lambda topic: topic["screening_due_at"]
)

# --- solicited, consulted on, put off

SOLICIT = TOPICS.step(
    "solicitViews", Scope.TOPIC_MANAGE, "ON_AGENDA", "SOLICITING", NOT_STAFF,
    else_=f"须先审核列入议程（{_MECHANISM}）。It is put on the agenda first.",
    event="SOLICITED", said="", more=(Code.INVALID,),
)  # fmt: skip
SCHEDULE = TOPICS.step(
    "scheduleConsultation", Scope.TOPIC_MANAGE, ("SOLICITING", "CONSULTING"), "CONSULTING",
    NOT_STAFF,
    else_=f"须先征询居民意见（{_MECHANISM}）。Residents are asked for their views first.",
    event="CONSULTED", said="", more=_WORDS,
)  # fmt: skip
SHELVE = TOPICS.step(
    "shelveTopic", Scope.TOPIC_MANAGE, ("ON_AGENDA", "SOLICITING", "CONSULTING", "DECIDING"),
    "SHELVED", NOT_STAFF, words="shelving_reason", said="reason",
)  # fmt: skip
COMES_BACK = TOPICS.timer(
    "CAME_BACK", "SHELVED", "ON_AGENDA", due=lambda topic: topic["shelved_until"],
    sets=lambda _topic, _at, _by: {"shelved_until": None, "shelving_reason": None},
)  # fmt: skip
RECORD_DISCUSSION = TOPICS.step(
    "recordTopicDiscussion", Scope.TOPIC_MANAGE,
    ("ON_AGENDA", "SOLICITING", "CONSULTING", "DECIDING"), (), NOT_STAFF,
    event="DISCUSSED", said="body", most=RECORD_LENGTH, more=(Code.ALREADY_DONE,),
)  # fmt: skip

# --- decided, carried out, evaluated

HELD = sa.exists(
    sa.select(sa.literal_column("1")).where(
        consultations.c.community_id == TENANT,
        consultations.c.topic_id == topics.c.id,
        consultations.c.state == "HELD",
    )
)
NO_CONSULTATION = f"须先召开协商并公布记录（{_CONSULT}）。It is consulted on first, with minutes."
NO_MEETING = f"重大事项由会议表决决定（{_FOUR}）。\nA meeting decides an important matter."
NO_DISCUSSIONS = (
    f"须依次经党组织提议、两委商议、党员审议（{_FOUR}）。\n"
    "The Party organisation, the two committees and the Party members discuss it first, in this order."
)
SUBMIT = TOPICS.step(
    "submitTopicToMeeting", Scope.TOPIC_MANAGE, ("CONSULTING", "DECIDING"), "DECIDING", NOT_STAFF,
    else_=NO_CONSULTATION, then=((Code.WRONG_STATE, ~HELD, NO_CONSULTATION),),
    event="SUBMITTED", said="", more=(Code.INVALID, Code.ALREADY_DONE),
)  # fmt: skip
RESOLVE = TOPICS.step(
    "publishResolution", Scope.TOPIC_MANAGE, ("CONSULTING", "DECIDING"), "RESOLVED", NOT_STAFF,
    else_=NO_CONSULTATION, said="body", most=BODY_LENGTH, more=(Code.INVALID,),
)  # fmt: skip
START = TOPICS.step(
    "startTopic", Scope.TOPIC_MANAGE, "RESOLVED", "EXECUTING", NOT_STAFF,
    else_=f"须先公开决议（{_FOUR}）。The resolution is published first.",
    event="STARTED", said="",
)  # fmt: skip
REPORT = TOPICS.step(
    "reportTopic", Scope.TOPIC_MANAGE, "EXECUTING", "EVALUATING", NOT_STAFF,
    else_="须先开始实施。It is carried out first.",
    event="REPORTED", at="reported_at", words="report", said="report",
    sets=lambda _topic, at, _by: {"evaluated_until": after_days(at, EVALUATION_DAYS)},
)  # fmt: skip
CONCLUDE = TOPICS.step(
    "publishOutcome", Scope.TOPIC_MANAGE, "EVALUATING", "DONE", NOT_STAFF,
    else_=f"须先报告并经居民评议（{_MECHANISM}）。It is reported on and evaluated first.",
    then=(
        (
            Code.WRONG_STATE,
            topics.c.evaluated_until > NOW,
            f"评议期（本系统定为 {EVALUATION_DAYS} 天）未满。The {EVALUATION_DAYS} days of evaluation run.",
        ),
    ),
    event="CONCLUDED", at="concluded_at", words="outcome", said="body",
)  # fmt: skip

# --- a consultation

SCHEDULED = CONSULTATIONS.move(
    "SCHEDULED", (), "SCHEDULED", at="scheduled_at", by="scheduled_by", recorded=False
)
RECORD = CONSULTATIONS.step(
    "recordConsultation", Scope.TOPIC_MANAGE, "SCHEDULED", "HELD", NOT_STAFF,
    (Code.WRONG_STATE, consultations.c.held_at > NOW, "尚未召开。It was not held yet."),
    at="recorded_at", by="recorded_by", words="minutes", said="minutes",
)  # fmt: skip
CANCEL = CONSULTATIONS.step(
    "cancelConsultation", Scope.TOPIC_MANAGE, "SCHEDULED", "CANCELLED", NOT_STAFF,
    words="cancel_reason", said="reason",
)  # fmt: skip
