"""Values written by hand: what is owed, posted, asked and complained of."""

from tests.engine import hamlet as h
from tests.engine import hamlet_affairs as a
from tests.engine import hamlet_votes as v
from tests.engine.expected import NOT_NOW, YES, Change, Reading, no

_JANUARY = "2026-01-05T00:00:00+00:00"
_NEXT_SECOND = "2026-01-05T00:00:01+00:00"
_FEBRUARY = "2026-02-04T00:00:00+00:00"
_EVER = "2099-01-01T00:00:00+00:00"
_TEXT = "两处都能接电。"
_NO_PUBLISH = no("FORBIDDEN", "令牌缺少权限 affairs:publish。The token lacks this scope.")
_NO_CHECK = no("FORBIDDEN", "令牌缺少权限 affairs:check。The token lacks this scope.")


def _node(type_: str, id: str, select: str = "*") -> str:
    return f'node(id: "{id}") {{ ... on {type_} {{ {select} }} }}'


AFFAIRS = [
    Reading("Obligation", "wang", _node("Obligation", a.MET), {
        "id": a.MET, "community": {"name": "榆树里"}, "code": "DECISIONS", "about": "OPEN_AFFAIRS",
        "name": "会议决定的事项", "source": "城市法第34条", "isHouseRule": True,
        "startsOn": "2026-01-05", "dueAt": _FEBRUARY, "state": "MET", "metAt": _NEXT_SECOND,
        "note": _TEXT,
        "viewerCan": {
            "recordObligation": _NO_PUBLISH,
            "complainAboutAffair": no("WRONG_STATE", "没有逾期。It is not late."),
        },
    }),
    Reading("ObligationPermissions", "li", _node("Obligation", a.MEETING_OWED, "viewerCan { * }"), {
        "recordObligation": YES,
        "complainAboutAffair": no("INVALID", "不是公开事项。It is no item of open affairs."),
    }),
    Reading("Community", "wang", "community { * }", {
        "openness": {"due": 2, "inTime": 1},
        "obligations(state: OVERDUE)": {"nodes": [{"id": a.LATE}]},
        "openAffairs": {"totalCount": 2},
        "affairComplaints": {"totalCount": 2},
    }),
    Reading("Openness", "wang", "community { openness { * } }", {"due": 2, "inTime": 1}),
    Reading("District", "officer", "district { * }", {
        "obligations(state: MET)": {"nodes": [{"id": a.MET}]},
        "affairComplaints(state: OPEN)": {"nodes": [{"id": a.COMPLAINT}]},
    }),
    Reading("OpenAffair", "wang", _node("OpenAffair", a.WITHDRAWN), {
        "id": a.WITHDRAWN, "code": "DECISIONS", "name": "会议决定的事项", "obligation": {"id": a.MET},
        "title": "道路整修", "body": _TEXT, "state": "WITHDRAWN", "draftedAt": _JANUARY,
        "draftedBy": {"displayName": "李委员"}, "confirmedBy": {"displayName": "陈书记"},
        "postedAt": _JANUARY, "postedUntil": _FEBRUARY, "withdrawnAt": _FEBRUARY,
        "withdrawalReason": _TEXT,
        "viewerCan": {
            "confirmAffair": _NO_PUBLISH, "returnAffair": _NO_PUBLISH, "withdrawAffair": _NO_PUBLISH,
            "askAboutAffair": NOT_NOW, "objectToAffair": _NO_CHECK, "complainAboutAffair": YES,
        },
    }),
    Reading("OpenAffair", "li", _node("OpenAffair", a.RETURNED), {"returnReason": _TEXT}),
    Reading("OpenAffair", "wang", _node("OpenAffair", a.POSTED), {"questions": {"totalCount": 3}}),
    Reading("AffairQuestion", "wang", _node("AffairQuestion", a.ANSWERED), {
        "id": a.ANSWERED, "kind": "QUESTION", "author": {"displayName": "王阿姨"}, "body": _TEXT,
        "askedAt": _JANUARY, "dueAt": _EVER, "state": "ANSWERED", "answer": _TEXT,
        "answeredAt": _JANUARY, "affair": {"id": a.POSTED},
        "viewerCan": {"answerAffairQuestion": _NO_PUBLISH},
    }),
    Reading("AffairComplaint", "officer", _node("AffairComplaint", a.UPHELD), {
        "id": a.UPHELD, "community": {"name": "榆树里"}, "kind": "UNTRUE", "code": "DECISIONS",
        "title": "道路整修", "body": _TEXT, "filedAt": _JANUARY, "dueAt": _EVER, "state": "UPHELD",
        "decidedAt": _NEXT_SECOND, "decisionReason": _TEXT,
        "viewerCan": {"decideAffairComplaint": NOT_NOW},
    }),
    Reading("Pending", "chen", "viewer { pending { * } }", {
        "affairsToConfirm": {"nodes": [{"id": a.DRAFT}]},
        "affairQuestionsToAnswer": {"totalCount": 2},
        "obligationsToMeet": {"totalCount": 3},
    }),
    Reading("Community", "wang", "community { * }", {"appraisals": {"totalCount": 3}}),
    Reading("Appraisal", "wang", _node("Appraisal", a.PUBLISHED), {
        "id": a.PUBLISHED, "year": 2026, "state": "PUBLISHED", "vote": {"state": "FINAL"},
        "draftedAt": _JANUARY, "endedAt": _NEXT_SECOND,
        "members": [{"verdict": "UNFIT"}, {"verdict": "UNFIT"}],
        "viewerCan": {"publishAppraisal": _NO_CHECK},
    }),
    Reading("AppraisedMember", "wang", _node("Appraisal", a.PUBLISHED, "members { * }"), {
        "member": {"displayName": "李委员"}, "name": "李委员", "verdict": "UNFIT", "fit": 1, "unfit": 3,
        "isOfficeEnded": True,
    }),
    Reading("MeetingPermissions", "wang", _node("Meeting", v.MEETING, "viewerCan { * }"), {
        "draftAppraisal": _NO_CHECK,
    }),
    Reading("OfficeTerm", "wang", _node("Member", a.SUPERVISOR, "terms { * }"), {
        "hasDeclaredNoRelatives": True, "role": "SUPERVISOR",
    }),
    Reading("Post", "li", f'post(id: "{h.NOTICE}") {{ * }}', {
        "audience": {"acknowledged": 1},
        "viewerCan": {"acknowledgeNotice": YES},
    }),
    Reading("NoticeAudience", "wang", f'post(id: "{h.NOTICE}") {{ audience {{ * }} }}', {
        "buildings": ["3号楼"], "isAcknowledgementAsked": True, "isForViewer": True,
        "acknowledged": 1, "acknowledgements": {"totalCount": 1},
        "viewerAcknowledgement": {"at": _NEXT_SECOND},
    }),
    Reading("NoticeAudience", "wang", f'post(id: "{h.OLD_NOTICE}") {{ audience {{ * }} }}', {
        "offices": ["PARTY_SECRETARY"], "isForViewer": False,
    }),
    Reading("Acknowledgement", "li",
            f'post(id: "{h.NOTICE}") {{ audience {{ acknowledgements {{ nodes {{ * }} }} }} }}',
            {"member": {"displayName": "王阿姨"}, "at": _NEXT_SECOND}),
    Reading("Pending", "li", "viewer { pending { * } }", {
        "noticesToAcknowledge": {"nodes": [{"id": h.NOTICE}]},
    }),
    Reading("Pending", "guan", "viewer { pending { * } }", {
        "appraisalsToPublish": {"nodes": [{"id": a.TO_PUBLISH}]},
    }),
]  # fmt: skip

AFFAIR_CHANGES = [
    Change("li", "draftAffair",
           {"code": "FUNDS", "title": "捐款", "body": "收支", "idempotencyKey": "k affair"},
           {"affair": {"code": "FUNDS", "state": "DRAFT", "draftedBy": {"displayName": "李委员"}}}),
    Change("wang", "askAboutAffair",
           {"affairId": a.POSTED, "body": "花了多少？", "idempotencyKey": "k ask"},
           {"question": {"body": "花了多少？", "state": "OPEN"}}),
    Change("wang", "complainAboutAffair",
           {"aboutId": a.POSTED, "body": "数目不对", "idempotencyKey": "k complain"},
           {"complaint": {"kind": "UNTRUE", "title": "道路整修", "state": "OPEN"}}),
    Change("guan", "publishAppraisal", {"appraisalId": a.TO_PUBLISH},
           {"appraisal": {"id": a.TO_PUBLISH, "state": "FAILED"}}),
    Change("li", "acknowledgeNotice", {"postId": h.NOTICE},
           {"post": {"id": h.NOTICE, "viewerHasRead": True}}),
    Change("li", "recordObligation", {"obligationId": a.MEETING_OWED, "note": "已于五月召开"},
           {"obligation": {"state": "MET", "note": "已于五月召开"}}),
]  # fmt: skip
