"""Values written by hand: meetings, votes, their ballots and results."""

import re
from datetime import UTC, date, datetime

from tenants.workdays import day_of
from tests.engine import hamlet as h
from tests.engine import hamlet_petitions as p
from tests.engine import hamlet_votes as v
from tests.engine.expected import NOT_NOW, YES, Change, Reading, no

_DAYS = (day_of(datetime.now(UTC)) - date(2026, 1, 5)).days
_JANUARY = "2026-01-05T00:00:00+00:00"
_NO_CAST = no("WRONG_STATE", "投票未开始或已截止。It is not open.")
_IS_POLL = no("FORBIDDEN", "是意见征询，请用 voidPoll。It is a poll: voidPoll.")
_NO_SCOPE = "令牌缺少权限 {}。The token lacks this scope."


class File(str):
    """The path of a published file in any community: its number is drawn when the hamlet is settled."""

    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        form = rf"/votes/\d+/{self}\.json"
        return isinstance(other, str) and re.fullmatch(form, other) is not None


def _node(type_: str, id: str, select: str = "*") -> str:
    return f'node(id: "{id}") {{ ... on {type_} {{ {select} }} }}'


_TALLY = {
    "unit": "PERSONS", "eligible": 5, "attending": 4, "onSite": 2, "participating": 3,
    "votes": [2, 1], "against": [0, 0], "abstained": 0, "void": 0,
}  # fmt: skip
_COMPARISON = {
    "unit": "PERSONS", "part": 3, "whole": 5, "base": "ELIGIBLE", "threshold": "> 1/2",
    "isMet": True, "sentence": "到会的人数：4 / 5", "option": 0,
}  # fmt: skip

VOTES = [
    Reading("Viewer", "zhou", "viewer { * }", {
        "pending": {"resultsToCertify": {"totalCount": 1}},
    }),
    Reading("Pending", "zhou", "viewer { pending { * } }", {
        "votesToCast": {"totalCount": 0},
        "resultsToCertify": {"nodes": [{"id": v.TALLIED}]},
        "objectionsToDecide(first: 1)": {"totalCount": 2},
        "meetingsToCall": {"totalCount": 1},
    }),
    Reading("District", "officer", "district { * }", {"owedMeetings": {"totalCount": 1}}),
    Reading("OwedMeeting", "officer", "district { owedMeetings { nodes { * } } }", {
        "community": {"name": "榆树里"}, "rule": {"effect": "应当开会"},
        "owedSince": _JANUARY, "owedDays": _DAYS,
    }),
    Reading("OwedMeeting", "chen", "viewer { pending { meetingsToCall { nodes { * } } } }", {
        "petition": {"id": p.LIFT},
    }),
    Reading("Petition", "wang", f'petition(id: "{p.LIFT}") {{ * }}', {
        "meeting": {"id": v.MEETING}, "propertyArea": {"id": v.AREA},
    }),
    Reading("Pending", "chen", "viewer { pending { * } }", {
        "votesToCast": {"nodes": [{"id": v.OPEN}, {"id": v.RUNNING}]},
    }),
    Reading("Community", "wang", "community { * }", {
        "votes(first: 1)": {"totalCount": 10},
        "meetings(first: 1)": {"totalCount": 3},
        "authorisations(first: 1)": {"totalCount": 2},
        "householdClaims(first: 1)": {"totalCount": 2},
    }),
    Reading("Meeting", "wang", _node("Meeting", v.MEETING), {
        "id": v.MEETING,
        "ruleCode": "RM_PERSON",
        "title": "居民会议",
        "location": "活动室",
        "heldAt": "2026-01-05T00:00:01+00:00",
        "opensAt": _JANUARY,
        "closesAt": "2026-01-05T00:00:02+00:00",
        "partyDiscussedOn": "2025-12-24",
        "partyRecord": "第12次会议",
        "petition": {"id": p.LIFT},
        "extendableUntil": "2099-01-01T00:00:00+00:00",
        "extendedAt": _JANUARY,
        "extensionReason": "两处都能接电。",
        "state": "NOTICED",
        "noticedAt": _JANUARY,
        "viewerIsOnRoll": True,
        "roll": {"totalCount": 5},
        "attendance": {"totalCount": 2},
        "objections(first: 1)": {"totalCount": 4},
        "matters": [{"id": f"vot_{name:-<21}A"} for name in v.SHOWN],
        "viewerCan": {"setMeetingRoll": no("FORBIDDEN", _NO_SCOPE.format("vote:manage"))},
    }),
    Reading("Meeting", "wang", _node("Meeting", v.CANCELLED), {
        "agenda": "两处都能接电。",
        "cancellationReason": "改期",
    }),
    Reading("MeetingPermissions", "li", _node("Meeting", v.MEETING, "viewerCan { * }"), {
        "addMatter": no(
            "WRONG_STATE", "公告之后不得增加议题。Nothing is added to an agenda that was announced."
        ),
        "setMeetingRoll": no("WRONG_STATE", "名册已冻结，不再更改。The roll is frozen and does not change."),
        "noticeMeeting": NOT_NOW,
        "cancelMeeting": no(
            "WRONG_STATE",
            "投票已开始，请逐项作废并说明理由。It has opened: void its matters, each with a reason.",
        ),
        "extendVoting": no("WRONG_STATE", "只在投票期间可延期。Only while its votes are open."),
        "recordAttendance": YES,
        "objectToRoll": no("WRONG_STATE", "只在公告之后、投票之前可提。Only between the notice and the opening."),
    }),
    Reading("RollEntry", "liu", _node("Meeting", v.MEETING, "roll { nodes { * } }"), {
        "voter": {"id": h.WANG},
    }),
    Reading("MeetingAttendance", "liu", _node("Meeting", v.MEETING, "attendance { nodes { * } }"), {
        "voter": {"id": h.WANG},
    }, 0),
    Reading("VoteObjection", "wang", _node("VoteObjection", v.OBJECTION), {
        "id": v.OBJECTION,
        "kind": "RESULT",
        "author": {"displayName": "王阿姨"},
        "body": "两处都能接电。",
        "state": "DISMISSED",
        "createdAt": _JANUARY,
        "decidedAt": _JANUARY,
        "decisionReason": "已核对",
        "viewerCan": {"decideObjection": no("FORBIDDEN", _NO_SCOPE.format("vote:certify"))},
    }),
    Reading(
        "VoteObjectionPermissions", "chen",
        _node("VoteObjection", v.UNDECIDED, "viewerCan { * }"), {"decideObjection": YES},
    ),
    Reading("Authorisation", "wang", _node("Authorisation", v.AUTHORISED), {
        "id": v.AUTHORISED,
        "matters": ["RESIDENT_PACT"],
        "way": "MEETING",
        "document": "两处都能接电。",
        "decidedOn": "2026-01-01",
        "expiresOn": "2099-01-01",
        "state": "GIVEN",
        "isInForce": True,
        "recordedAt": _JANUARY,
        "recordedBy": {"displayName": "陈书记"},
        "viewerCan": {"revokeAuthorisation": no("FORBIDDEN", _NO_SCOPE.format("vote:certify"))},
    }),
    Reading("Authorisation", "wang", _node("Authorisation", v.REVOKED), {
        "vote": {"id": "vot_Final----------------A"},
        "isInForce": False,
        "revokedAt": "2026-01-05T00:00:01+00:00",
        "revocationReason": "两处都能接电。",
    }),
    Reading(
        "AuthorisationPermissions", "chen",
        _node("Authorisation", v.AUTHORISED, "viewerCan { * }"), {"revokeAuthorisation": YES},
    ),
    Reading("ResultCertification", "wang", _node("Vote", v.DECIDED, "certifications { * }"), {
        "seat": "PARTY_SECRETARY", "certifiedBy": {"displayName": "陈书记"},
        "certifiedAt": _JANUARY,
    }),
    Reading("HouseholdClaim", "li", "community { householdClaims { nodes { * } } }", {
        "namedBy": {"displayName": "王阿姨"}, "representative": {"displayName": "王阿姨"},
        "namedAt": _JANUARY, "isDisputed": False, "ruling": {"reason": "两处都能接电。"},
    }),
    Reading("HouseholdRuling", "li", "community { householdClaims { nodes { ruling { * } } } }", {
        "representative": {"displayName": "王阿姨"}, "reason": "两处都能接电。",
        "decidedAt": _JANUARY,
    }),
    Reading("Vote", "wang", _node("Vote", v.NOTICED), {"authorisation": {"id": v.AUTHORISED}}),
    Reading("Vote", "wang", _node("Vote", v.DECIDED), {
        "id": v.DECIDED,
        "track": "DECISION",
        "secrecy": "RECORDED",
        "meeting": {"id": v.MEETING},
        "matter": "RESIDENT_PACT",
        "author": {"displayName": "李委员"},
        "question": "通过居民公约",
        "method": "PROPOSAL",
        "options": [{"label": "同意"}, {"label": "反对"}],
        "mostMarks": 1,
        "seats": 1,
        "state": "ANNULLED",
        "createdAt": _JANUARY,
        "opensAt": _JANUARY,
        "closesAt": "2026-01-05T00:00:01+00:00",
        "publishedAt": "2026-01-05T00:00:01+00:00",
        "objectionsUntil": "2026-01-05T00:00:02+00:00",
        "overturnReason": "法院判决",
        "certifyingSeats": ["PARTY_SECRETARY", "SUPERVISOR"],
        "certifications": [{"seat": "PARTY_SECRETARY"}],
        "eligible": 5,
        "turnoutPercent": 60,
        "viewerIsOnRoll": True,
        "viewerBallot": {"marks": [1, 0]},
        "result": {"outcome": "PASSED"},
        "ballots(first: 1)": {"totalCount": 3},
        "objections(first: 1)": {"totalCount": 2},
        "events(first: 1)": {"totalCount": 2},
        "viewerCan": {"castBallot": _NO_CAST},
    }),
    Reading("Vote", "wang", _node("Vote", v.POLL), {
        "board": {"slug": "neighbours"},
        "details": "两处都能接电。",
        "mostMarks": 3,
    }),
    Reading("Vote", "wang", _node("Vote", v.VOID), {"voidReason": "写错了"}),
    Reading("Vote", "wang", _node("Vote", "vot_Final----------------A"), {"noneOfThese": 2}),
    Reading("Vote", "wang", _node("Vote", v.SECRET), {
        "scrutineers": [{"number": 1}, {"number": 2}, {"number": 3}],
        "notice": {"signature": "00" * 64},
        "viewerEnvelope": {"version": 1},
        "filePath": File(h.uuid(v.SECRET)),
        "alarmedAt": _JANUARY,
    }),
    Reading("VoteScrutineer", "wang", _node("Vote", v.SECRET, "scrutineers { * }"), {
        "number": 3,
        "name": "监票人3",
        "side": "PROGRAM",
        "sealKey": "03" * 32,
        "signKey": "03" * 32,
        "shownAt": _JANUARY,
        "destroyedAt": _JANUARY,
    }, 2),
    Reading("VoteNotice", "wang", _node("Vote", v.SECRET, "notice { * }"), {
        "body": '{"question":"两处都能接电。"}', "signature": "00" * 64,
    }),
    Reading("OwnEnvelope", "liu", _node("Vote", v.SECRET, "viewerEnvelope { * }"), {
        "hash": "02" * 32,
        "firstAt": _JANUARY,
        "castAt": "2026-01-05T00:00:02+00:00",
        "version": 2,
        "receipt": '{"at":"2026"}',
        "signature": "00" * 64,
    }),
    Reading("VoteOption", "wang", _node("Vote", v.POLL, "options { * }"), {
        "position": 1, "label": "西门",
    }, 1),
    Reading("OwnBallot", "liu", _node("Vote", v.OPEN, "viewerBallot { * }"), {
        "marks": [0, 1],
        "firstAt": _JANUARY,
        "castAt": "2026-01-05T00:00:01+00:00",
        "channel": "ONLINE",
        "version": 2,
    }),
    Reading("NamedBallot", "chen", _node("Vote", v.DECIDED, "ballots { nodes { * } }"), {
        "voter": {"displayName": "王阿姨"}, "marks": [1, 0], "channel": "ONLINE",
    }, 0),
    Reading("VoteTally", "wang", _node("Vote", v.DECIDED, "result { tallies { * } }"), _TALLY),
    Reading("VoteComparison", "wang", _node("Vote", v.DECIDED, "result { trace { * } }"), _COMPARISON, 1),
    Reading("VoteResult", "wang", _node("Vote", v.POLL, "result { * }"), {
        "outcome": "CHOSEN",
        "winners": [0],
        "ballots": 3,
        "invalid": 0,
        "rounds": [2, 1, 0],
        "countedAt": _JANUARY,
        "tallies": [{"eligible": 5}],
    }),
    # who may certify a count sees it before it is published, and nobody else
    Reading("VoteResult", "chen", _node("Vote", v.TALLIED, "result { * }"), {
        "trace": [{"isMet": True}, {"isMet": True}],
    }),
    Reading("Vote", "wang", _node("Vote", v.OPEN), {"ballots": {"totalCount": 0}}),
    Reading("VoteEvent", "wang", _node("Vote", v.VOID, "events { nodes { * } }"), {
        "at": _JANUARY, "action": "VOIDED", "reason": "两处都能接电。",
    }, 1),
    Reading("VotePermissions", "chen", _node("Vote", v.OPEN, "viewerCan { * }"), {
        "castBallot": YES,
        "appointScrutineer": no(
            "FORBIDDEN", "只有秘密表决才指定监票人。Only a secret decision has scrutineers to appoint."
        ),
        "acceptScrutiny": no("FORBIDDEN", "您不是这项投票的监票人。You are no scrutineer of it."),
        "voidPoll": YES,
        "voidDecision": _IS_POLL,
        "tallyDecision": no("FORBIDDEN", "征询自动计票。A poll is counted by itself."),
        "certifyResult": no(
            "FORBIDDEN", "只由规则所定的席位确认。Only the seats that the rule set names certify."
        ),
        "objectToResult": no(
            "WRONG_STATE",
            "只在结果公布后的异议期内可提。Only in the objection period after the result.",
        ),
        "overturnDecision": NOT_NOW,
    }),
]  # fmt: skip

VOTE_CHANGES = [
    Change("wang", "castBallot",
           {"voteId": v.OPEN, "marks": [0, 1], "replaces": 1, "idempotencyKey": "k vote"},
           {"vote": {"id": v.OPEN, "viewerBallot": {"marks": [0, 1], "version": 2}}}),
    Change("chen", "draftMeeting",
           {"ruleCode": "RM_PERSON", "title": "居民会议", "location": "活动室",
            "heldAt": "2097-01-02T00:00:00Z", "opensAt": "2097-01-01T00:00:00Z",
            "closesAt": "2097-01-03T00:00:00Z", "idempotencyKey": "k meeting"},
           {"meeting": {"title": "居民会议", "state": "DRAFT"}}),
    Change("chen", "revokeAuthorisation",
           {"authorisationId": v.AUTHORISED, "reason": "居民会议收回"},
           {"authorisation": {"id": v.AUTHORISED, "state": "REVOKED", "isInForce": False}}),
    Change("chen", "decideObjection",
           {"objectionId": v.UNDECIDED, "decision": "DISMISS", "reason": "已核对"},
           {"objection": {"id": v.UNDECIDED, "state": "DISMISSED"}}),
]  # fmt: skip
