"""Values written by hand: topics, consultations and resolutions."""

from tests.engine import hamlet as h
from tests.engine import hamlet_petitions as p
from tests.engine import hamlet_topics as t
from tests.engine import hamlet_votes as v
from tests.engine.expected import NOT_NOW, YES, Change, Reading, no

_JANUARY, _LATER = "2026-01-05T00:00:00+00:00", "2026-01-05T00:00:01+00:00"
_TEXT = "两处都能接电。"
_NO_SCOPE = "令牌缺少权限 {}。The token lacks this scope."
_EVER = "2099-01-01T00:00:00+00:00"
_NOT_CONSULTED = no(
    "WRONG_STATE",
    "须先召开协商并公布记录（城市居民委员会组织法第32条）。It is consulted on first, with minutes.",
)
_NOT_SECRETARY = no("FORBIDDEN", _NO_SCOPE.format("topic:screen"))


def _node(type_: str, id: str, select: str = "*") -> str:
    return f'node(id: "{id}") {{ ... on {type_} {{ {select} }} }}'


TOPICS = [
    Reading("Community", "wang", "community { * }", {"topics(first: 1)": {"totalCount": 5}}),
    Reading("Topic", "wang", _node("Topic", t.DONE), {
        "id": t.DONE,
        "title": "楼道里的自行车",
        "body": _TEXT,
        "author": {"displayName": "王阿姨"},
        "state": "DONE",
        "proposedAt": _JANUARY,
        "supportCount": 1,
        "goal": 5,
        "viewerHasSupported": True,
        "screeningDueAt": _LATER,
        "screenedAt": _JANUARY,
        "screeningReason": "涉及全楼",
        "isImportant": True,
        "solicitedUntil": _LATER,
        "report": _TEXT,
        "reportedAt": _JANUARY,
        "evaluatedUntil": _LATER,
        "outcome": "车棚已建成。",
        "concludedAt": "2026-01-05T00:00:02+00:00",
        "post": {"id": h.LIFT},
        "vote": {"id": v.DECIDED},
        "resolution": {"id": t.RESOLUTION},
        "discussions": [{"kind": "PARTY_PROPOSAL"}, {"kind": "COMMITTEES"}, {"kind": "PARTY_MEMBERS"}],
        "evaluations(first: 1)": {"totalCount": 1},
        "consultations(first: 1)": {"totalCount": 2},
        "events(first: 1)": {"totalCount": 2},
        "origin": [
            {"kind": kind}
            for kind in ("POST", "PETITION", "TOPIC", "CONSULTATION", "VOTE", "RESOLUTION")
        ],
        "viewerCan": {"screenTopic": _NOT_SECRETARY},
    }),
    Reading("Topic", "wang", _node("Topic", t.SHELVED), {
        "petition": {"id": p.LIFT},
        "shelvedUntil": _EVER,
        "shelvingReason": "等资金",
    }),
    Reading("Topic", "wang", _node("Topic", t.SINGLE), {"becamePetition": {"id": p.REFUSED}}),
    Reading("Topic", "wang", _node("Topic", t.ASKED), {"contributions(first: 1)": {"totalCount": 2}}),
    Reading("Origin", "wang", _node("Topic", t.DONE, "origin { * }"), {
        "kind": "CONSULTATION", "at": "2026-01-05T00:00:03+00:00", "node": {"id": t.HEARING},
    }, 3),
    Reading("TopicEvent", "wang", _node("Topic", t.DONE, "events { nodes { * } }"), {
        "at": _JANUARY, "action": "SCREENED", "state": "ON_AGENDA", "body": _TEXT,
    }, 1),
    Reading("TopicContribution", "wang", _node("TopicContribution", t.QUESTION), {
        "id": t.QUESTION,
        "author": {"displayName": "小刘"},
        "stance": "QUESTION",
        "body": _TEXT,
        "createdAt": _JANUARY,
        "answer": "可以。",
        "answeredAt": _JANUARY,
        "viewerCan": {"answerContribution": no("FORBIDDEN", _NO_SCOPE.format("topic:manage"))},
    }),
    Reading("TopicContributionPermissions", "li", _node("TopicContribution", t.VIEW, "viewerCan { * }"), {
        "answerContribution": no("WRONG_STATE", "只答复提问。Only a question is answered."),
    }),
    Reading("TopicDiscussion", "wang", _node("Topic", t.DONE, "discussions { * }"), {
        "kind": "COMMITTEES", "heldOn": "2026-01-03", "body": "一致同意",
    }, 1),
    Reading("TopicEvaluation", "wang", _node("Topic", t.DONE, "evaluations { nodes { * } }"), {
        "satisfaction": 4, "note": _TEXT, "at": _JANUARY,
    }, 0),
    Reading("TopicPermissions", "chen", _node("Topic", t.PROPOSED, "viewerCan { * }"), {
        "supportTopic": YES,
        "withdrawTopicSupport": no("WRONG_STATE", "您没有附议。You do not support it."),
        "withdrawTopic": no("FORBIDDEN", "只有提议人可以。Only its author may."),
        "screenTopic": YES,
        "convertToPetition": YES,
        "solicitViews": no(
            "WRONG_STATE",
            "须先审核列入议程（上海市居民委员会工作条例第16条）。It is put on the agenda first.",
        ),
        "contributeToTopic": no("WRONG_STATE", "不在征询期内。Residents are not asked now."),
        "scheduleConsultation": no(
            "WRONG_STATE",
            "须先征询居民意见（上海市居民委员会工作条例第16条）。Residents are asked for their views first.",
        ),
        "recordTopicDiscussion": NOT_NOW,
        "submitTopicToMeeting": _NOT_CONSULTED,
        "publishResolution": _NOT_CONSULTED,
        "startTopic": no(
            "WRONG_STATE",
            "须先公开决议（四议两公开：中国共产党农村基层组织工作条例第19条，居民区参照）。"
            "The resolution is published first.",
        ),
        "reportTopic": no("WRONG_STATE", "须先开始实施。It is carried out first."),
        "evaluateTopic": no("WRONG_STATE", "不在评议期内。It is not evaluated now."),
        "publishOutcome": no(
            "WRONG_STATE",
            "须先报告并经居民评议（上海市居民委员会工作条例第16条）。It is reported on and evaluated first.",
        ),
        "shelveTopic": NOT_NOW,
    }),
    Reading("Consultation", "wang", _node("Consultation", t.HEARING), {
        "id": t.HEARING,
        "topic": {"id": t.DONE},
        "form": "HEARING",
        "location": "活动室",
        "heldAt": _JANUARY,
        "state": "HELD",
        "minutes": _TEXT,
        "agreements": ["建车棚", "清理楼道"],
        "followUp": "TO_MEETING",
        "recordedAt": _LATER,
        "parties(first: 1)": {"totalCount": 2},
        "viewerCan": {"joinConsultation": no("WRONG_STATE", "已召开或已取消。It was held or cancelled.")},
    }),
    Reading("Consultation", "wang", _node("Consultation", t.CALLED_OFF), {"cancellationReason": "改期"}),
    Reading("ConsultationParty", "liu", _node("Consultation", t.HEARING, "parties { nodes { * } }"), {
        "id": "pty_" + h.WANG[4:],
        "member": {"id": h.WANG},
        "isInvited": True,
        "hasAttended": True,
    }, 0),
    Reading("ConsultationParty", "liu", _node("Consultation", t.HEARING, "parties { nodes { * } }"), {
        "name": "物业",
    }, 1),
    Reading("ConsultationPermissions", "li", _node("Consultation", t.HEARING, "viewerCan { * }"), {
        "joinConsultation": no("WRONG_STATE", "已召开或已取消。It was held or cancelled."),
        "recordConsultation": NOT_NOW,
        "cancelConsultation": NOT_NOW,
    }),
    Reading("Resolution", "wang", _node("Resolution", t.RESOLUTION), {
        "id": t.RESOLUTION,
        "topic": {"id": t.DONE},
        "vote": {"id": v.DECIDED},
        "body": _TEXT,
        "execution": "CARRY_OUT",
        "dueOn": "2026-06-01",
        "publishedAt": _JANUARY,
    }),
    Reading("Community", "wang", "community { * }", {"projects(first: 1)": {"totalCount": 3}}),
    Reading("Topic", "wang", _node("Topic", t.DONE), {"projects(first: 1)": {"totalCount": 3}}),
    Reading("Project", "wang", _node("Project", t.BUILT), {
        "id": t.BUILT,
        "topic": {"id": t.DONE},
        "title": "建车棚",
        "body": _TEXT,
        "state": "COMPLETED",
        "budget": 200000,
        "spent": 65000,
        "progressPercent": 50,
        "plannedAt": _JANUARY,
        "startedAt": _JANUARY,
        "report": _TEXT,
        "completedAt": _LATER,
        "evaluatedUntil": _LATER,
        "funds": [{"source": "STREET"}, {"source": "UNIT"}],
        "milestones": [{"title": "划线"}, {"title": "安装"}],
        "spendings(first: 1)": {"totalCount": 2},
        "evaluations(first: 1)": {"totalCount": 1},
        "events(first: 1)": {"totalCount": 2},
        "origin": [{"kind": "TOPIC"}, {"kind": "PROJECT"}],
        "viewerCan": {"cancelProject": no("FORBIDDEN", _NO_SCOPE.format("topic:manage"))},
    }),
    Reading("Project", "wang", _node("Project", t.CALLED_OFF_PROJECT), {"cancellationReason": "停办"}),
    Reading("ProjectFund", "wang", _node("Project", t.BUILT, "funds { * }"), {
        "source": "UNIT", "giver": "物业公司", "amount": 100000,
    }, 1),
    Reading("Milestone", "wang", _node("Milestone", t.MILESTONE), {
        "id": t.MILESTONE,
        "title": "划线",
        "dueOn": "2026-03-01",
        "reachedAt": _JANUARY,
        "note": _TEXT,
        "images": [{"width": 800}],
        "viewerCan": {"recordMilestone": no("FORBIDDEN", _NO_SCOPE.format("topic:manage"))},
    }),
    Reading("MilestonePermissions", "li", _node("Milestone", t.MILESTONE, "viewerCan { * }"), {
        "recordMilestone": no("WRONG_STATE", "项目不在实施中。The project is not under way."),
    }),
    Reading("Spending", "wang", _node("Spending", t.SPENDING), {
        "id": t.SPENDING,
        "source": "STREET",
        "amount": 65000,
        "spentOn": "2026-02-01",
        "purpose": "车架",
        "payee": "五金店",
        "state": "ATTESTED",
        "enteredAt": _JANUARY,
        "enteredBy": {"id": h.LI},
        "firstAttestedBy": {"id": h.WANG},
        "attestedBy": {"id": h.LIU},
        "attestedAt": _LATER,
        "viewerCan": {"voidSpending": no("FORBIDDEN", _NO_SCOPE.format("topic:manage"))},
    }),
    Reading("Spending", "wang", _node("Spending", t.VOID_SPENDING), {"voidReason": "重复"}),
    Reading("SpendingPermissions", "chen", _node("Spending", t.SPENDING, "viewerCan { * }"), {
        "attestSpending": NOT_NOW, "voidSpending": NOT_NOW,
    }),
    Reading("ProjectEvaluation", "wang", _node("Project", t.BUILT, "evaluations { nodes { * } }"), {
        "satisfaction": 4, "note": _TEXT, "at": _JANUARY,
    }, 0),
    Reading("ProjectEvent", "wang", _node("Project", t.BUILT, "events { nodes { * } }"), {
        "at": _JANUARY, "action": "STARTED", "state": "UNDER_WAY", "body": _TEXT,
    }, 1),
    Reading("ProjectPermissions", "chen", _node("Project", t.BUILT, "viewerCan { * }"), {
        "startProject": NOT_NOW,
        "recordSpending": no("WRONG_STATE", "项目不在实施中。The project is not under way."),
        "completeProject": NOT_NOW,
        "cancelProject": NOT_NOW,
        "evaluateProject": no("WRONG_STATE", "不在评议期内。It is not evaluated now."),
    }),
    Reading("Topic", "wang", _node("Topic", t.ASKED), {"resolution": {"consultation": {"id": t.HEARING}}}),
]  # fmt: skip

TOPIC_CHANGES = [
    Change("liu", "supportTopic", {"topicId": t.PROPOSED},
           {"topic": {"id": t.PROPOSED, "supportCount": 2, "viewerHasSupported": True}}),
    Change("liu", "contributeToTopic",
           {"topicId": t.ASKED, "stance": "FOR", "body": "赞成", "idempotencyKey": "k view"},
           {"contribution": {"stance": "FOR", "body": "赞成"}}),
    Change("liu", "joinConsultation", {"consultationId": t.COMING},
           {"consultation": {"id": t.COMING, "form": "TALK"}}),
    Change("chen", "recordMilestone", {"milestoneId": t.NEXT, "note": "已验收"},
           {"milestone": {"id": t.NEXT, "note": "已验收"}}),
    Change("chen", "attestSpending", {"spendingId": t.WAITING}, {"spending": {"id": t.WAITING}}),
    Change("chen", "cancelProject", {"projectId": t.RUNNING, "reason": "停办"},
           {"project": {"id": t.RUNNING, "state": "CANCELLED"}}),
]  # fmt: skip
