"""Provide values written by hand: petitions, their deadlines and timelines, and the rules behind these."""

from tests.engine import hamlet_petitions as p
from tests.engine.expected import NOT_NOW, YES, Change, Reading, no

_JANUARY = "2026-01-05T00:00:00+00:00"
_FEBRUARY = "2026-02-01T12:30:00+00:00"
_MARCH = "2026-03-01T08:00:00.123456+00:00"
_NO_DESK = no("FORBIDDEN", "令牌缺少权限 petition:handle。The token lacks this scope.")
_LIMIT = {
    "urgency": "COMPLEX",
    "effectiveFrom": "1980-01-01T00:00:00+00:00",
    "effectiveTo": "1990-01-01T00:00:00+00:00",
    "acknowledgeHours": 12,
    "resolveDays": 30,
    "riseHours": 48,
    "source": "旧规",
    "isConfirmed": True,
}
_CONFIRMED = {
    "ruleCode": "RC", "effectiveFrom": "2026-01-01", "source": "区民政局",
    "proposedAt": _JANUARY, "confirmedAt": _JANUARY,
}  # fmt: skip
_LIMITS = [
    {"urgency": "COMPLEX", "acknowledgeHours": 12},
    {"urgency": "COMPLEX", "acknowledgeHours": None},
    {"urgency": "CRITICAL", "acknowledgeHours": 1},
    {"urgency": "NORMAL", "acknowledgeHours": None},
    {"urgency": "URGENT", "acknowledgeHours": 2},
]


def _of(public_id: str, inner: str = "*") -> str:
    return f'petition(id: "{public_id}") {{ {inner} }}'


PETITIONS = [
    Reading("Petition", "wang", _of(p.LIFT), {
        "id": p.LIFT,
        "community": {"name": "榆树里"},
        "author": {"displayName": "王阿姨"},
        "kind": "COMPLAINT",
        "category": {"name": "维修"},
        "urgency": "URGENT",
        "title": "电梯停了",
        "body": "三号楼的电梯停在五楼。",
        "location": "三号楼",
        "secrecy": "PUBLIC",
        "isListed": True,
        "addressee": "COMMUNITY",
        "level": "COMMUNITY",
        "handler": {"displayName": "李委员"},
        "state": "CLOSED",
        "isOpen": False,
        "submittedAt": _JANUARY,
        "reopenCount": 1,
        "callbacks": [{"solved": "PARTLY"}],
        "support": {"count": 2},
        "answer": {"outcome": "PLANNED"},
        "review": {"isUpheld": True},
        "clocks": {"isPaused": False},
        "version": 9,
        "viewerIsAuthor": True,
        "viewerCan": {"acceptPetition": _NO_DESK},
        "images": [{"width": 1024, "height": 480}],
        "events": {"totalCount": 2, "nodes": [{"action": "SUBMITTED"}, {"action": "ANSWERED"}]},
    }),
    Reading("Petition", "handler", _of(p.DARK), {
        "images": [{"width": 640}],
        "title": "楼道灯", "department": {"name": "房管办"}, "level": "STREET",
        "addressee": "DEPARTMENT", "question": "哪一层？", "viewerIsAuthor": False,
        "events": {"nodes": [{"action": "INFORMATION_REQUESTED", "body": "哪一层？"}]},
    }),
    Reading("Petition", "wang", _of(p.REFUSED), {"refusal": {"code": "OTHER_LEGAL_ROUTE"}}),
    Reading("Petition", "sun", _of(p.IMPORTED), {
        "source": "市长信箱", "sourceId": "17", "state": "MERGED",
        "mergedInto": {"id": p.LIFT}, "viewerIsAuthor": False,
    }),
    Reading("PetitionClocks", "wang", _of(p.LIFT, "clocks { * }"), {
        "acknowledgeDueAt": _FEBRUARY,
        "isAcknowledgementOverdue": True,
        "respondedAt": _JANUARY,
        "resolveDueAt": _MARCH,
        "isResolutionOverdue": True,
        "isPaused": False,
        "pausedAt": None,
        "extendedAt": _FEBRUARY,
        "extensionReason": "等配件",
    }),
    Reading("PetitionClocks", "liu", _of(p.DARK, "clocks { * }"), {
        "isPaused": True, "pausedAt": _MARCH, "extendedAt": None,
    }),
    Reading("PetitionAnswer", "sun", _of(p.LIFT, "answer { * }"), {
        "body": "列入四月维修。",
        "outcome": "PLANNED",
        "plannedFor": _MARCH,
        "answeredAt": _FEBRUARY,
        "images": [{"width": 640}],
    }),
    Reading("PetitionRefusal", "wang", _of(p.REFUSED, "refusal { * }"), {
        "code": "OTHER_LEGAL_ROUTE", "reason": "已起诉", "legalRoute": "人民法院",
    }),
    Reading("PetitionReview", "sun", _of(p.LIFT, "review { * }"), {
        "requestedAt": _FEBRUARY, "decidedAt": _MARCH, "isUpheld": True, "reason": "属实",
    }),
    Reading("PetitionSupport", "wang", _of(p.LIFT, "support { * }"), {
        "count": 2,
        "householdCount": 1,
        "goal": 2,
        "rule": {"effect": "应当开会"},
        "goalReachedAt": _FEBRUARY,
        "meetingOwedSince": "2026-01-05T00:00:00+00:00",
        "viewerHasSupported": True,
    }),
    Reading("PetitionSupport", "sun", _of(p.LIFT, "support { * }"), {"viewerHasSupported": False}),
    Reading("PetitionCallback", "sun", _of(p.LIFT, "callbacks { * }"), {
        "at": _MARCH, "solved": "PARTLY", "satisfaction": 4,
    }),
    Reading("PetitionEvent", "handler", _of(p.DARK, "events { nodes { * } }"), {
        "at": _FEBRUARY,
        "action": "INFORMATION_REQUESTED",
        "actorKind": "DESK",
        "level": "STREET",
        "state": "RETURNED",
        "isPublic": True,
        "body": "哪一层？",
        "petition": {"title": "楼道灯"},
    }),
    Reading("PetitionEvent", "sun", _of(p.LIFT, "events { nodes { * } }"), {
        "actorKind": "AUTHOR", "actor": {"displayName": "王阿姨"}, "body": None,
    }),
    Reading("PetitionEvent", "sun", _of(p.LIFT, "events { nodes { * } }"), {
        "action": "ANSWERED", "images": [{"height": 480}],
    }, nth=1),
    Reading("PetitionPermissions", "wang", _of(p.LIFT, "viewerCan { * }"), {
        "acceptPetition": _NO_DESK,
        "requestPetitionInformation": _NO_DESK,
        "refusePetition": _NO_DESK,
        "mergePetition": _NO_DESK,
        "assignPetition": _NO_DESK,
        "disputeAssignment": _NO_DESK,
        "startPetition": _NO_DESK,
        "extendPetition": _NO_DESK,
        "escalatePetition": _NO_DESK,
        "answerPetition": _NO_DESK,
        "addPetitionNote": _NO_DESK,
        "decidePetitionReview": _NO_DESK,
        "convertToTopic": _NO_DESK,
        "resubmitPetition": NOT_NOW,
        "withdrawPetition": NOT_NOW,
        "recordCallback": NOT_NOW,
        "reopenPetition": no("WRONG_STATE", "已复查。It was reviewed already."),
        "requestPetitionReview": no("ALREADY_DONE", "已经做过了。This was done already."),
        "supportPetition": NOT_NOW,
        "withdrawSupport": no(
            "FORBIDDEN", "发起人可撤回诉求。Its author withdraws the petition itself."
        ),
    }),
    Reading("PetitionPermissions", "li", _of(p.NEW, "viewerCan { * }"), {
        "acceptPetition": YES, "requestPetitionInformation": YES, "refusePetition": YES,
        "mergePetition": YES, "assignPetition": NOT_NOW,
        "startPetition": NOT_NOW, "escalatePetition": YES, "answerPetition": NOT_NOW,
        "addPetitionNote": YES, "supportPetition": YES,
        "extendPetition": no("FORBIDDEN", "由书记或上级延期。The secretary extends it, or an officer above."),
    }),
    Reading("PetitionCategory", "officer", f'node(id: "{p.REPAIRS}") {{ ... on PetitionCategory {{ * }} }}', {
        "id": p.REPAIRS,
        "topic": "房屋",
        "name": "维修",
        "urgency": "COMPLEX",
        "state": "ACTIVE",
        "version": 2,
        "viewerCan": {"updatePetitionCategory": YES},
    }),
    Reading("PetitionSupportRule", "sun", f'node(id: "{p.RULE}") {{ ... on PetitionSupportRule {{ * }} }}', {
        "id": p.RULE,
        "basis": "HOUSEHOLDS",
        "numerator": 1,
        "denominator": 4,
        "effect": "应当开会",
        "effectiveFrom": "1980-01-01T00:00:00+00:00",
        "effectiveTo": "1990-01-01T00:00:00+00:00",
        "source": "旧法",
        "isConfirmed": True,
        "isInForce": False,
    }),
    Reading("AnswerTemplate", "li", f'node(id: "{p.TEMPLATE}") {{ ... on AnswerTemplate {{ * }} }}', {
        "id": p.TEMPLATE, "name": "停水", "body": "已通知物业。", "createdAt": _JANUARY,
        "viewerCan": {"deleteAnswerTemplate": YES},
    }),
    Reading("PetitionTimeLimit", "sun", "community { timeLimits { * } }", _LIMIT),
    Reading("PetitionTimeLimit", "sun", "community { timeLimits { * } }", {
        "urgency": "NORMAL", "acknowledgeDays": 1, "resolveDays": 7, "effectiveTo": None,
        "isConfirmed": False,
    }, nth=3),
    Reading("PetitionTimeLimit", "officer", "district { timeLimits { * } }", {
        "urgency": "CRITICAL", "acknowledgeHours": 1, "resolveHours": 2,
    }, nth=2),
    Reading("DecisionRuleConfirmation", "sun", "community { ruleConfirmations { * } }", _CONFIRMED),
    Reading("DecisionRuleConfirmation", "officer", "district { ruleConfirmations { * } }", _CONFIRMED),
    Reading("Query", "li", "*", {
        f'petition(id: "{p.LIFT}")': {"title": "电梯停了"},
        "inbox": {"nodes": [{"id": p.NEW}]},
        'searchPetitions(query: "电梯")': {"nodes": [{"id": p.LIFT}]},
        "petitionEvents(first: 1)": {"nodes": [{"action": "SUBMITTED"}]},
        "answerTemplates(first: 1)": {"nodes": [{"name": "停水"}]},
    }),
    Reading("CommunityPopulation", "sun", "community { population { * } }", {
        "adults": 900, "households": 8, "source": "登记", "recordedAt": _JANUARY,
    }),
    Reading("Community", "sun", "community { * }", {
        "petitions": {"nodes": [{"id": p.LIFT}, {"id": p.IMPORTED}, {"id": p.NEW}]},
        "petitionCategories": [{"name": "维修"}],
        "timeLimits": _LIMITS,
        "supportRules": [
            {"basis": "ADULTS"}, {"basis": "HOUSEHOLDS"}, {"basis": "OWNERS"},
            {"basis": "REPRESENTATIVES"}, {"basis": "REPRESENTATIVES"},
        ],
        "population": {"adults": 900},
        "ruleConfirmations": [{"ruleCode": "RC"}],
    }),
    Reading("District", "officer", "district { * }", {"ruleConfirmations": [{"ruleCode": "RC"}]}),
    Reading("District", "handler", "district { * }", {
        "inbox": {"nodes": [{"id": p.DARK}]},
        "petitionCategories": [{"name": "旧维修"}, {"name": "维修"}],
        "timeLimits": _LIMITS,
    }),
    Reading("Viewer", "liu", "viewer { * }", {"petitions": {"nodes": [{"id": p.DARK}]}}),
    Reading("Viewer", "sun", "viewer { * }", {"petitions": {"totalCount": 0}}),
]  # fmt: skip

PETITION_CHANGES = [
    Change("zhou", "supportPetition", {"petitionId": p.NEW},
           {"petition": {"id": p.NEW, "support": {"count": 1, "viewerHasSupported": True}}}),
    Change("officer", "createPetitionCategory",
           {"topic": "房屋", "name": "新维修", "urgency": "CRITICAL"},
           {"category": {"topic": "房屋", "name": "新维修", "urgency": "CRITICAL", "version": 1}}),
    Change("li", "createAnswerTemplate",
           {"name": "电梯", "body": "已报修。", "idempotencyKey": "k template"},
           {"template": {"name": "电梯", "body": "已报修。"}}),
]  # fmt: skip
