"""Provide values written by hand: a register of owners, and their assembly."""

from tests.engine import hamlet as h
from tests.engine import hamlet_votes as v
from tests.engine.expected import YES, Change, Reading, no

_JANUARY = "2026-01-05T00:00:00+00:00"
_TEXT = "两处都能接电。"
_NO_SCOPE = no("FORBIDDEN", "令牌缺少权限 vote:manage。The token lacks this scope.")


def _node(type_: str, id: str, select: str = "*") -> str:
    return f'node(id: "{id}") {{ ... on {type_} {{ {select} }} }}'


OWNERS = [
    Reading("Community", "wang", "community { * }", {
        "propertyAreas": {"nodes": [{"id": v.AREA}]},
    }),
    Reading("PropertyArea", "li", _node("PropertyArea", v.AREA), {
        "id": v.AREA,
        "name": "幸福小区",
        "rulesOfProcedure": [{
            "effectiveFrom": "2026-01-01", "isInForce": True, "silence": "MAJORITY",
            "isElectronicAdmitted": True, "isParkingCounted": True, "decision": _TEXT,
        }],
        "parts(first: 1)": {"totalCount": 2},
        "owners(first: 1)": {"totalCount": 2},
        "viewerCan": {"setOwnersRules": YES, "setOwnersElection": YES, "importOwners": YES},
        "elections": [{"endsOn": "2026-01-03"}],
    }),
    # an owner sees what is their own: the part that the developer holds is not
    Reading("PropertyArea", "wang", _node("PropertyArea", v.AREA), {
        "parts": {"nodes": [{"id": v.PART}]},
        "owners": {"nodes": [{"id": v.OWNER}]},
    }),
    Reading("PropertyPart", "li", _node("PropertyPart", v.PART), {
        "id": v.PART, "building": "1号楼", "room": "101", "kind": "DWELLING", "area": 8937,
        "areaSource": "REGISTER", "isDevelopers": False,
        "owners": [
            {"share": "1/2", "owner": {"id": v.COMPANY}}, {"share": "1/2", "owner": {"id": v.OWNER}},
        ],
        "viewerCan": {"deletePropertyPart": YES},
    }),
    Reading("PropertyOwner", "wang", _node("PropertyOwner", v.OWNER), {
        "id": v.OWNER, "number": "1", "kind": "PERSON", "name": "王**", "member": {"id": h.WANG},
        "viewerCan": {"setOwnerMember": _NO_SCOPE},
    }),
    Reading("OwnersElection", "liu", _node("PropertyArea", v.AREA, "elections { * }"), {
        "startsOn": "2026-01-01", "endsOn": "2026-01-03", "document": _TEXT,
    }),
    Reading("Meeting", "liu", _node("Meeting", v.ASSEMBLY), {
        "assembly": {
            "area": {"id": v.AREA}, "organiser": {"id": h.WANG}, "isSpecial": True,
            "toldOn": "2026-01-02", "toldDocument": _TEXT,
            "silence": "MAJORITY", "isElectronicAdmitted": True,
            "isParkingCounted": True, "rulesFrom": "2026-01-01", "rulesDecision": _TEXT,
        },
        "viewerEntries": [{"id": v.AGENT}, {"id": v.ENTRY}],
        "proxies": {"totalCount": 1},
        "viewerCan": {
            "recordAuthoritiesTold": _NO_SCOPE, "recordService": _NO_SCOPE, "assignCaster": _NO_SCOPE,
            "registerProxy": _NO_SCOPE, "revokeProxy": _NO_SCOPE,
        },
    }),
    Reading("MeetingPermissions", "li", _node("Meeting", v.ASSEMBLY, "viewerCan { * }"), {
        "recordAuthoritiesTold": no("WRONG_STATE", "须在公告之前登记。Before the notice only."),
        "recordService": YES, "assignCaster": YES, "registerProxy": YES, "revokeProxy": YES,
    }),
    Reading("RollEntry", "wang", _node("Meeting", v.ASSEMBLY, "viewerEntries { * }"), {
        "id": v.ENTRY, "voter": {"id": h.WANG}, "document": _TEXT, "area": 8937,
        "owners": [{"name": "王**"}, {"name": "王**"}],
        "parts": [{"building": "1号楼", "room": "101", "area": 8937}],
        "service": {
            "way": "IN_PERSON", "servedAt": _JANUARY, "note": _TEXT,
            "enteredBy": {"displayName": "李委员"},
        },
    }),
    Reading("MeetingAttendance", "wang", _node("Meeting", v.ASSEMBLY, "attendance { nodes { * } }"), {
        "entry": {"id": v.ENTRY},
    }),
    Reading("VoteProxy", "liu", _node("Meeting", v.ASSEMBLY, "proxies { nodes { * } }"), {
        "entry": {"id": v.ENTRY}, "holder": {"id": h.LIU}, "document": _TEXT, "enteredAt": _JANUARY,
        "instructions": [{"marks": [1, 0], "vote": {"id": v.DECISION}}],
    }),
    Reading("Vote", "wang", _node("Vote", v.DECISION), {
        "buildings": ["1号楼"], "eligible": 2, "eligibleArea": 17874,
        "viewerBallots": [{"entryId": v.ENTRY, "marks": [1, 0], "channel": "PROXY"}],
        "papers": {"totalCount": 0},
        "viewerCan": {"recordPaper": _NO_SCOPE, "confirmPaper": _NO_SCOPE},
    }),
    Reading("VotePaper", "li", _node("Vote", v.DECISION, "papers { nodes { * } }"), {
        "entry": {"id": v.AGENT}, "channel": "PAPER", "enteredBy": {"displayName": "李委员"},
        "confirmedBy": {"displayName": "周书记"}, "confirmedAt": "2026-01-05T00:00:01+00:00",
    }),
    Reading("NamedBallot", "wang", _node("Vote", v.DECIDED, "ballots { nodes { * } }"), {
        "castBy": {"displayName": "王阿姨"}, "entry": {"voter": {"displayName": "王阿姨"}},
    }),
    Reading("VoteTally", "wang", _node("Vote", v.DECIDED, "result { tallies { * } }"), {
        "byProxy": 0, "onPaper": 1, "assisted": 0, "silent": 0,
    }),
]  # fmt: skip

OWNER_CHANGES = [
    Change("li", "setOwnersRules",
           {"areaId": v.AREA, "effectiveFrom": "2026-02-01", "silence": "NOTHING",
            "document": "第2号决定"},
           {"area": {"rulesOfProcedure": [
               {"effectiveFrom": "2026-01-01"}, {"effectiveFrom": "2026-02-01"}]}}),
    Change("li", "setOwnerMember", {"ownerId": v.COMPANY, "memberId": h.LI},
           {"owner": {"id": v.COMPANY, "member": {"id": h.LI}}}),
]  # fmt: skip
