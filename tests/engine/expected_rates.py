"""Values written by hand: the three rates of a month, an overdue case, and supervision orders."""

from tests.engine import hamlet_petitions as p
from tests.engine import hamlet_rates as r
from tests.engine.expected import NOT_NOW, YES, Change, Reading, no

_JANUARY = "2026-01-05T00:00:00+00:00"
_FEBRUARY = "2026-02-01T12:30:00+00:00"
_MARCH = "2026-03-01T08:00:00.123456+00:00"
_RESPONSE = {"numerator": 11, "denominator": 30, "isTooFew": False}
_RESOLUTION = {"numerator": 27, "denominator": 40, "isTooFew": False}
_SATISFACTION = {"numerator": 14, "denominator": 20, "isTooFew": False}
_TOO_FEW = {"numerator": None, "denominator": None, "isTooFew": True}
_EXCLUSIONS = {"emergency": 5, "otherLegalRoute": 6, "noNewFacts": 7, "withdrawnOrMerged": 8}
_ALL = {
    "response": _RESPONSE,
    "resolution": _RESOLUTION,
    "satisfaction": _SATISFACTION,
    "exclusions": _EXCLUSIONS,
}
_OF_MONTH = 'petitionRates(month: "2026-01")'
_RANKING = 'petitionRanking(month: "2026-01")'
_NOT_LATE = no("WRONG_STATE", "案件没有逾期。The case is not overdue.")
_NOT_ADDRESSED = no("FORBIDDEN", "不是督办您的办理台。It is not addressed to your desk.")


def _case(public_id: str) -> str:
    return f'node(id: "{public_id}") {{ ... on OverduePetition {{ * }} }}'


def _order(public_id: str, inner: str = "*") -> str:
    return f'node(id: "{public_id}") {{ ... on SupervisionOrder {{ {inner} }} }}'


RATES = [
    Reading("Community", "wang", "community { * }", {
        "petitionTrend": {"totalCount": 1, "nodes": [{"month": "2026-01"}]},
        _OF_MONTH: {"nodes": [{"category": {"name": "维修"}}]},
    }),
    Reading("MonthlyPetitionRates", "wang", "community { petitionTrend { nodes { * } } }", {
        "month": "2026-01", **_ALL,
    }),
    Reading("MonthlyPetitionRates", "sun", f"community {{ {_OF_MONTH} {{ nodes {{ * }} }} }}", {
        "category": {"name": "维修"},
        "response": {"numerator": 1, "denominator": 10, "isTooFew": False},
        "resolution": _TOO_FEW, "satisfaction": _TOO_FEW,
        "exclusions": dict.fromkeys(_EXCLUSIONS),
    }),
    Reading("District", "officer", "district { * }", {
        "petitionTrend": [{"month": "2026-01", "communityCount": 1}],
        _RANKING: {"totalCount": 1, "nodes": [{"community": {"name": "榆树里"}}]},
        "overduePetitions": {"totalCount": 1, "nodes": [{"id": r.DARK_CASE}]},
        "supervisionOrders": {"totalCount": 2, "nodes": [{"id": r.TO_HOUSING}, {"id": r.TO_COMMITTEE}]},
    }),
    Reading("DistrictPetitionRates", "officer", "district { petitionTrend { * } }", {
        "month": "2026-01", "communityCount": 1, **_ALL,
    }),
    Reading("RankedCommunity", "officer", f"district {{ {_RANKING} {{ nodes {{ * }} }} }}", {
        "community": {"name": "榆树里"}, **_ALL,
    }),
]  # fmt: skip

SUPERVISION = [
    Reading("OverduePetition", "officer", _case(r.LIFT_CASE), {
        "id": r.LIFT_CASE,
        "community": {"name": "榆树里"},
        "category": {"name": "维修"},
        "kind": "COMPLAINT",
        "urgency": "URGENT",
        "level": "COMMUNITY",
        "state": "CLOSED",
        "submittedAt": _JANUARY,
        "respondedAt": _JANUARY,
        "resolveDueAt": _MARCH,
        "isOverdue": False,
        "petition": {"title": "电梯停了"},
        "viewerCan": {"issueSupervisionOrder": _NOT_LATE},
    }),
    Reading("OverduePetition", "officer", _case(r.DARK_CASE), {
        "state": "RETURNED", "level": "STREET", "isOverdue": True,
        "viewerCan": {"issueSupervisionOrder": no("ALREADY_DONE", "已督办，尚未办结。One of yours is not ended yet.")},
    }),
    Reading("Community", "li", "community { * }", {
        "supervisionOrders": {"totalCount": 1, "nodes": [{"body": "修好电梯"}]},
    }),
    Reading("SupervisionOrder", "officer", _order(r.TO_HOUSING), {
        "id": r.TO_HOUSING,
        "community": {"name": "榆树里"},
        "overduePetition": {"id": r.DARK_CASE},
        "department": {"name": "房管办"},
        "state": "RETURNED",
        "body": "三日内装灯",
        "issuedAt": _JANUARY,
        "dueAt": _FEBRUARY,
        "isOverdue": True,
        "acknowledgedAt": _FEBRUARY,
        "report": "已装一半",
        "reportedAt": _MARCH,
        "returnReason": "装完再报",
        "acceptedAt": None,
        "viewerCan": {"reportSupervisionOrder": _NOT_ADDRESSED},
        "events": {"totalCount": 1, "nodes": [{"state": "ISSUED"}]},
    }),
    Reading("SupervisionOrder", "handler", _order(r.TO_HOUSING), {
        "petition": {"title": "楼道灯"}, "state": "RETURNED",
    }),
    Reading("SupervisionOrder", "li", _order(r.TO_COMMITTEE), {
        "state": "ACCEPTED", "isOverdue": False, "acceptedAt": _MARCH,
        "petition": {"id": p.LIFT},
    }),
    Reading("SupervisionEvent", "li", _order(r.TO_COMMITTEE, "events { nodes { * } }"), {
        "at": _JANUARY, "state": "ISSUED", "body": "修好电梯",
    }),
    Reading("SupervisionOrderPermissions", "handler", _order(r.TO_HOUSING, "viewerCan { * }"), {
        "acknowledgeSupervisionOrder": NOT_NOW,
        "reportSupervisionOrder": YES,
        "acceptSupervisionReport": no("FORBIDDEN", "令牌缺少权限 petition:supervise。The token lacks this scope."),
        "returnSupervisionReport": no("FORBIDDEN", "令牌缺少权限 petition:supervise。The token lacks this scope."),
    }),
    Reading("SupervisionOrderPermissions", "officer", _order(r.TO_COMMITTEE, "viewerCan { * }"), {
        "acknowledgeSupervisionOrder": _NOT_ADDRESSED, "acceptSupervisionReport": NOT_NOW,
        "returnSupervisionReport": NOT_NOW,
    }),
]  # fmt: skip

SUPERVISION_CHANGES = [
    Change("handler", "reportSupervisionOrder",
           {"orderId": r.TO_HOUSING, "report": "装完了"},
           {"order": {"state": "REPORTED", "report": "装完了", "isOverdue": False}}),
    Change("officer", "returnSupervisionReport",
           {"orderId": r.TO_HOUSING, "reason": "附照片"},
           {"order": {"state": "RETURNED", "returnReason": "附照片"}}),
]  # fmt: skip
