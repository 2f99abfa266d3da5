"""Provide values written by hand: what each field returns for the rows of the hamlet."""

import re
from dataclasses import dataclass
from typing import Any

from tests.engine import hamlet as h


@dataclass(frozen=True)
class Reading:
    """What `who` reads of the object where `*` stands in the query; keys may include arguments.

    `nth` is the object's index in a list.
    """

    type: str
    who: str
    at: str
    gives: dict[str, Any]
    nth: int = 0


@dataclass(frozen=True)
class Change:
    """It is what the payload of a mutation holds after `who` ran it."""

    who: str
    verb: str
    given: dict[str, Any]
    gives: dict[str, Any]


def no(code: str, message: str) -> dict[str, Any]:
    """Return a Permission that is refused."""
    return {"allowed": False, "code": code, "message": message}


class Address(str):
    """It is a URL of the photo's file with any expiry and signature, since both differ each time."""

    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        form = (
            rf"\S+/files/\d+/{h.uuid(h.PHOTO)}/{re.escape(self)}\?until=\d{{10}}&sig=[0-9a-f]{{32}}"
        )
        return isinstance(other, str) and re.fullmatch(form, other) is not None


YES = {"allowed": True, "code": None, "message": None}
NOT_NOW = no("WRONG_STATE", "当前状态不允许这样做。Not possible in its present state.")
NO_JUDGE = no("FORBIDDEN", "令牌缺少权限 content:moderate。The token lacks this scope.")

PLACES = [
    Reading("District", "officer", "district { * }", {
        "id": "dst_TheDistrict----------A",
        "code": "999999",
        "name": "试验区",
        "streets": [{"code": "999999001"}],
        "communities": {"nodes": [{"code": "999999001001"}, {"code": "999999001201"}]},
        "departments": {"totalCount": 1, "nodes": [{"name": "房管办"}]},
        "officers(first: 1)": {"totalCount": 3},
        "invitations": {"nodes": [{"displayName": "小张"}]},
        "appointments": {"totalCount": 1, "nodes": [{"displayName": "周书记"}]},
        "appeals": {"totalCount": 2, "nodes": [{"displayName": "老孙"}, {"displayName": None}]},
    }),
    Reading("StreetAppeal", "officer", f'node(id: "{h.OF_WANG}") {{ ... on StreetAppeal {{ * }} }}', {
        "id": "apl_OfWang---------------A",
        "kind": "SUSPENSION",
        "state": "UPHELD",
        "community": {"name": "榆树里"},
        "displayName": "王阿姨",
        "suspendedUntil": "2026-03-01T08:00:00.123456+00:00",
        "reason": "刷屏",
        "body": "我没有",
        "createdAt": "2026-01-05T00:00:00+00:00",
        "dueAt": "2026-01-05T00:00:00+00:00",
        "isOverdue": False,
        "decidedAt": "2026-03-01T08:00:00.123456+00:00",
        "decisionReason": "属实",
        "viewerCan": {"decideStreetAppeal": NOT_NOW},
    }),
    Reading("StreetAppeal", "li", f'node(id: "{h.OF_LI}") {{ ... on StreetAppeal {{ * }} }}', {
        "kind": "HIDDEN_POST", "content": "换书", "dueAt": "2026-02-01T12:30:00+00:00",
        "isOverdue": True,
        "viewerCan": {"decideStreetAppeal": no("FORBIDDEN", "令牌缺少权限 appeal:review。The token lacks this scope.")},
    }),
    Reading("Appointment", "officer", f'node(id: "{h.APPOINTMENT}") {{ ... on Appointment {{ * }} }}', {
        "id": "apt_Appointment----------A",
        "community": {"name": "榆树里"},
        "displayName": "周书记",
        "action": "APPOINT",
        "endsAt": "2026-03-01T08:00:00.123456+00:00",
        "reason": "换届",
        "state": "DECLINED",
        "proposedAt": "2026-01-05T00:00:00+00:00",
        "decidedAt": "2026-02-01T12:30:00+00:00",
        "decisionReason": "暂缓",
        "viewerCan": {
            "confirmAppointment": {"allowed": False},
            "declineAppointment": {"allowed": False},
        },
    }),
    Reading("Department", "officer", f'node(id: "{h.HOUSING}") {{ ... on Department {{ * }} }}', {
        "id": "dep_Housing--------------A",
        "name": "房管办",
        "duties": "物业",
        "state": "ACTIVE",
        "street": {"name": "榆树街道"},
        "createdAt": "2026-01-05T00:00:00+00:00",
        "version": 3,
        "viewerCan": {
            "updateDepartment": YES,
            "closeDepartment": no("WRONG_STATE", "尚有经办人，须先免去。It has handlers: dismiss them first."),
        },
    }),
    Reading("Officer", "officer", f'node(id: "{h.FORMER}") {{ ... on Officer {{ * }} }}', {
        "id": "off_Former---------------A",
        "displayName": "老张",
        "roles": ["DEPARTMENT_HANDLER"],
        "state": "LAPSED",
        "street": {"name": "榆树街道"},
        "department": {"name": "房管办"},
        "endsAt": "2026-02-01T12:30:00+00:00",
        "endedAt": "2026-02-01T12:30:00+00:00",
        "viewerCan": {"dismissOfficer": NOT_NOW},
    }),
    Reading("Officer", "handler", f'node(id: "{h.HANDLER}") {{ ... on Officer {{ * }} }}', {
        "displayName": "小张",
        "state": "ACTIVE",
        "endsAt": "2099-01-01T00:00:00+00:00",
        "dismissalRequestedAt": "2026-01-05T00:00:00+00:00",
        "viewerCan": {"dismissOfficer": {"code": "FORBIDDEN"}},
    }),
    Reading("Invitation", "officer", f'node(id: "{h.INVITATION}") {{ ... on Invitation {{ * }} }}', {
        "id": "inv_Invitation-----------A",
        "role": "DEPARTMENT_HANDLER",
        "displayName": "小张",
        "street": {"name": "榆树街道"},
        "department": {"name": "房管办"},
        "endsAt": "2099-01-01T00:00:00+00:00",
        "reason": "增员",
        "state": "ACCEPTED",
        "invitedAt": "2026-01-05T00:00:00+00:00",
        "expiresAt": "2026-02-01T12:30:00+00:00",
        "decidedAt": "2026-02-01T12:30:00+00:00",
        "decisionReason": "无",
        "officer": {"displayName": "小张"},
        "viewerCan": {
            "confirmInvitation": {"allowed": False},
            "declineInvitation": {"allowed": False},
        },
    }),
    Reading("Street", "liu", "community { street { * } }", {
        "id": "str_ElmStreet_-----------g",
        "code": "999999001",
        "name": "榆树街道",
    }),
    Reading("Community", "liu", "community { * }", {
        "id": "com_ElmCommunity---------A",
        "code": "999999001001",
        "name": "榆树里",
        "kind": "RESIDENTIAL",
        "state": "ACTIVE",
        "createdAt": "2026-01-05T00:00:00+00:00",
        "street": {"name": "榆树街道"},
        "counts": {"members": 6},
        "boards": [
            {"slug": "notices", "position": 0}, {"slug": "party", "position": 1},
            {"slug": "hall", "position": 2}, {"slug": "neighbours", "position": 3},
            {"slug": "plaza", "position": 4}, {"slug": "affairs", "position": 5},
        ],
        'board(slug: "hall")': {"title": "议事厅"},
        "departments": [{"name": "房管办", "state": "ACTIVE"}],
        "members(role: PARTY_SECRETARY)": {
            "totalCount": 2, "nodes": [{"displayName": "陈书记"}, {"displayName": "周书记"}],
        },
    }),
    Reading("Community", "officer", f'node(id: "{h.OAK}") {{ ... on Community {{ * }} }}', {
        "suspensionReason": "撤并",
        "state": "SUSPENDED",
    }),
    Reading("CommunityPermissions", "officer", f'node(id: "{h.OAK}") {{ ... on Community {{ viewerCan {{ * }} }} }}', {
        "renameCommunity": YES,
        "suspendCommunity": NOT_NOW,
        "resumeCommunity": YES,
        "proposeAppointment": YES,
        "registerApp": YES,
        "inspectCommunity": YES,
        "recordPopulation": no("FORBIDDEN", "令牌缺少权限 duty:manage。The token lacks this scope."),
    }),
    Reading("CommunityPermissions", "chen", "community { viewerCan { * } }", {
        "renameCommunity": no("FORBIDDEN", "令牌缺少权限 district:manage。The token lacks this scope."),
        "registerApp": YES,
        "reissueJoinCode": YES,
        "recordPopulation": YES,
        "importPetitions": YES,
    }),
    Reading("CommunityCounts", "officer", f'node(id: "{h.ELM}") {{ ... on Community {{ counts {{ * }} }} }}', {
        "members": 6, "posts": 4, "comments": 1,
    }),
]  # fmt: skip

PEOPLE = [
    Reading("Viewer", "li", "viewer { * }", {
        "id": "vwr_MsLi-----------------A",
        "displayName": "李委员",
        "roles": ["COMMITTEE_MEMBER", "RESIDENT"],
        "member": {"id": "mem_MsLi-----------------A"},
        "community": {"name": "榆树里"},
    }),
    Reading("Viewer", "handler", "viewer { * }", {
        "displayName": "小张",
        "department": {"name": "房管办"},
    }),
    Reading("Viewer", "officer", "viewer { * }", {
        "officer": {"id": "off_Officer--------------A"},
        "id": "vwr_Officer--------------A",
        "displayName": "区管理员",
        "roles": ["DISTRICT_ADMIN"],
        "district": {"name": "试验区"},
    }),
    Reading("Member", "li", f'post(id: "{h.LIFT}") {{ author {{ * }} }}', {
        "id": "mem_MrsWang--------------A",
        "displayName": "王阿姨",
        "building": "3号楼",
        "roles": ["RESIDENT"],
        "joinedAt": "2026-02-01T12:30:00+00:00",
        "state": "ACTIVE",
        "record": {"realName": "王**"},
        "terms": [{"seat": "DOCTOR"}],
        "viewerCan": {"approveMember": NOT_NOW},
    }),
    Reading("MemberPermissions", "chen", f'post(id: "{h.LIFT}") {{ author {{ viewerCan {{ * }} }} }}', {
        "confirmIdentity": NOT_NOW,
        "approveMember": NOT_NOW,
        "returnMember": NOT_NOW,
        "suspendMember": YES,
        "resumeMember": NOT_NOW,
        "revealContact": YES,
        "grantRole": YES,
        "revokeRole": NOT_NOW,
        "scheduleDuty": no("INVALID", "须为居委成员或书记。Must be of the committee, or its secretary."),
    }),
    Reading("MemberPermissions", "wang", "viewer { member { viewerCan { * } } }", {
        "approveMember": no("FORBIDDEN", "令牌缺少权限 member:review。The token lacks this scope."),
        "grantRole": no("FORBIDDEN", "令牌缺少权限 member:manage。The token lacks this scope."),
    }),
    Reading("OfficeTerm", "wang", "viewer { member { terms { * } } }", {
        "role": "SEAT",
        "seat": "DOCTOR",
        "startsAt": "2026-01-05T00:00:00+00:00",
        "endsAt": "2026-02-01T12:30:00+00:00",
        "endedAt": "2026-03-01T08:00:00.123456+00:00",
    }),
    Reading("MemberRecord", "wang", "viewer { member { record { * } } }", {
        "kind": "RENTER",
        "household": {"room": "502"},
        "realName": "王**",
        "phone": "*******0001",
        "idNumber": "**************002X",
        "samePhoneCount": 1,
        "identityCheck": "IN_PERSON",
        "identityCheckedAt": "2026-02-01T12:30:00+00:00",
        "appliedAt": "2026-01-05T00:00:00+00:00",
        "submittedAt": "2026-02-01T12:30:00+00:00",
        "reviewDueAt": "2026-03-01T08:00:00.123456+00:00",
        "isReviewOverdue": False,
        "reviewedAt": "2026-02-01T12:30:00+00:00",
        "returnReason": "门牌不符",
        "suspensionReason": "刷屏",
        "suspendedUntil": "2026-03-01T08:00:00.123456+00:00",
        "suspensionAppeal": {"id": "apl_OfWang---------------A"},
        "suspensionAppeals": [{"decisionReason": "属实"}],
        "viewerCan": {"appealSuspension": NOT_NOW},
        "consents": [{"purpose": "IDENTITY"}],
        "history": {"totalCount": 1, "nodes": [{"seq": 900}]},
    }),
    Reading("Household", "wang", "viewer { member { record { household { * } } } }", {
        "building": "3号楼", "room": "502",
    }),
    Reading(
        "Household", "zhou",
        f'node(id: "{h.WANG}") {{ ... on Member {{ record {{ household {{ * }} }} }} }}',
        {"building": "3号楼", "room": "502", "near": [{"room": "502"}]},
    ),
    Reading(
        "NearHousehold", "zhou",
        f'node(id: "{h.WANG}") {{ ... on Member {{ record {{ household {{ near {{ * }} }} }} }} }}',
        {"building": "3号楼", "room": "502", "memberCount": 1},
    ),
    Reading("Consent", "wang", "viewer { member { record { consents { * } } } }", {
        "purpose": "IDENTITY",
        "textVersion": "2026-11",
        "givenAt": "2026-01-05T00:00:00+00:00",
        "withdrawnAt": "2026-03-01T08:00:00.123456+00:00",
    }),
    Reading("AuditEntry", "wang", "viewer { member { record { history { nodes { * } } } } }", {
        "seq": 900,
        "at": "2026-02-01T12:30:00+00:00",
        "action": "MEMBER_IDENTIFIED",
        "actorKind": "MEMBER",
        "actorRole": "COMMITTEE_MEMBER",
        "subjectId": h.WANG,
        "client": "tests",
        "traceId": "abcd",
        "reason": "看过户口簿",
        "isAboutViewer": True,
    }),
    Reading("AuditEntry", "li", "auditLog(first: 3) { nodes { * } }", {
        "seq": 900, "actorRole": "COMMITTEE_MEMBER", "actor": {"displayName": "李委员"},
    }),
    Reading("AuditEntry", "li", "auditLog(first: 3) { nodes { * } }", {
        "action": "COMMUNITY_RENAMED", "actorKind": "OFFICER", "actorRole": "DISTRICT_ADMIN",
        "actorStreet": {"name": "榆树街道"},
        "subjectId": h.ELM,
    }, nth=1),
    Reading("AuditEntry", "li", "auditLog(first: 3) { nodes { * } }", {
        "actorRole": "DEPARTMENT_HANDLER", "actorDepartment": {"name": "房管办"},
    }, nth=2),
    Reading("JoinCode", "li", "joinCode { * }", {
        "code": "1-abcdefghjkmnpqrstuvw", "issuedAt": "2026-01-05T00:00:00+00:00",
    }),
]  # fmt: skip

BOARDS = [
    Reading("Board", "liu", 'board(slug: "notices") { * }', {
        "id": "brd_Notices--------------A",
        "slug": "notices",
        "title": "社区公告",
        "kind": "NOTICE",
        "position": 0,
        "postPolicy": "COMMITTEE",
        "moderation": "POST",
        "isArchived": False,
        "createdAt": "2026-01-05T00:00:00+00:00",
        "version": 1,
        "unreadCount": 1,
        "viewerCan": {"createPost": {"allowed": False}},
        "posts(first: 1)": {
            "totalCount": 2,
            "nodes": [{"title": "检修通知"}],
            "pageInfo": {"hasNextPage": True, "hasPreviousPage": False},
        },
    }),
    Reading("Board", "wang", 'board(slug: "party") { * }', {"position": 1, "isArchived": True}),
    Reading("Board", "li", 'board(slug: "neighbours") { * }', {
        "pinnedPosts": [{"title": "电梯又停了"}],
    }),
    Reading("BoardPermissions", "chen", 'board(slug: "affairs") { viewerCan { * } }', {
        "createPost": YES,
        "startPoll": YES,
        "updateBoard": YES,
        "archiveBoard": YES,
        "reopenBoard": no("WRONG_STATE", "版块没有归档。The board is not archived."),
    }),
    Reading("BoardPermissions", "liu", 'board(slug: "party") { viewerCan { * } }', {
        "createPost": no("FORBIDDEN", "您不能在这个版块发帖。You may not post on this board."),
        "updateBoard": no("FORBIDDEN", "令牌缺少权限 board:manage。The token lacks this scope."),
    }),
]  # fmt: skip

CONTENT = [
    Reading("Post", "li", f'post(id: "{h.LIFT}") {{ * }}', {
        "id": "pst_TheLift_-------------Q",
        "author": {"displayName": "王阿姨"},
        "state": "PUBLISHED",
        "createdAt": "2026-03-01T08:00:00.123456+00:00",
        "board": {"slug": "neighbours"},
        "title": "电梯又停了",
        "body": "三号楼的电梯停在五楼。",
        "images": [{"width": 640}],
        "pinned": True,
        "editedAt": "2026-03-01T09:00:00+00:00",
        "version": 3,
        "commentCount": 1,
        "reactionCount": 3,
        "reactions": [{"kind": "CARE"}, {"kind": "LIKE"}],
        "moderation": {"state": "OPEN"},
        "viewerHasRead": True,
        "viewerCan": {"deletePost": {"allowed": True}},
        "comments": {"totalCount": 1, "nodes": [{"body": "修电梯找我"}]},
    }),
    Reading("Image", "li", f'post(id: "{h.LIFT}") {{ images {{ * }} }}', {
        "id": h.PHOTO,
        "width": 640,
        "height": 480,
        "url": Address("full.jpg"),
        "thumbnailUrl": Address("thumbnail.jpg"),
    }),
    Reading("PostPermissions", "li", f'post(id: "{h.LIFT}") {{ viewerCan {{ * }} }}', {
        "editPost": no("FORBIDDEN", "只有作者可以修改。Only the author may edit."),
        "deletePost": YES,
        "pinPost": no("ALREADY_DONE", "已经做过了。This was done already."),
        "unpinPost": YES,
        "addComment": YES,
        "react": YES,
        "reportContent": no("ALREADY_DONE", "您已举报过。You have reported this already."),
        "hideContent": YES,
        "restoreContent": YES,
        "appealModeration": no("FORBIDDEN", "只有作者可以申诉。Only the author may appeal."),
    }),
    Reading("ReactionCount", "li", f'node(id: "{h.ADVERT}") {{ ... on Comment {{ reactions {{ * }} }} }}', {
        "kind": "THANKS", "count": 1, "viewerHasReacted": False,
    }),
    Reading("Comment", "liu", f'node(id: "{h.ADVERT}") {{ ... on Comment {{ * }} }}', {
        "id": "cmt_Advert---------------A",
        "author": {"displayName": "小刘", "building": None},
        "state": "HIDDEN",
        "createdAt": "2026-03-01T10:00:00.123456+00:00",
        "post": {"title": "电梯又停了"},
        "body": "修电梯找我",
        "images": [{"width": 400}],
        "editedAt": "2026-03-01T11:00:00.123456+00:00",
        "version": 2,
        "replyCount": 1,
        "reactionCount": 1,
        "reactions": [{"kind": "THANKS", "count": 1, "viewerHasReacted": False}],
        "moderation": {"state": "UPHELD"},
        "viewerCan": {"deleteComment": {"allowed": True}},
        "replies": {"totalCount": 1, "nodes": [{"body": "不用了"}]},
    }),
    Reading("Comment", "chen", f'node(id: "{h.REPLY}") {{ ... on Comment {{ * }} }}', {
        "parent": {"id": "cmt_Advert---------------A"},
    }),
    Reading("CommentPermissions", "liu", f'node(id: "{h.ADVERT}") {{ ... on Comment {{ viewerCan {{ * }} }} }}', {
        "editComment": NOT_NOW,
        "deleteComment": YES,
        "react": NOT_NOW,
        "reportContent": no("FORBIDDEN", "不能举报自己。You cannot report yourself."),
        "hideContent": NO_JUDGE,
        "restoreContent": NO_JUDGE,
        "addComment": no("WRONG_STATE", "该评论不能回复。That comment takes no replies."),
        "appealModeration": no("ALREADY_DONE", "已申诉过。Appealed already."),
    }),
    Reading("ModerationCase", "chen", f'node(id: "{h.OF_ADVERT}") {{ ... on ModerationCase {{ * }} }}', {
        "id": "mod_OfTheAdvert----------A",
        "state": "UPHELD",
        "subject": {"__typename": "Comment", "id": "cmt_Advert---------------A"},
        "openedAt": "2026-03-01T13:00:00.123456+00:00",
        "reportCount": 2,
        "reasonCode": "SPAM",
        "reason": "广告",
        "decidedBy": {"displayName": "李委员"},
        "decidedAt": "2026-03-01T14:00:00.123456+00:00",
        "appeal": "不是广告",
        "appealedAt": "2026-03-01T15:00:00.123456+00:00",
        "appealDueAt": "2026-03-04T08:00:00.123456+00:00",
        "isAppealOverdue": False,
        "streetAppeal": {"id": "apl_OfLiu----------------A", "kind": "HIDDEN_COMMENT"},
        "appealReason": "确是广告",
        "appealDecidedAt": "2026-03-01T16:00:00.123456+00:00",
        "viewerCan": {
            "decideAppeal": NOT_NOW,
            "takeAppealToStreet": no("FORBIDDEN", "只有作者可以申诉。Only the author may appeal."),
        },
    }),
]  # fmt: skip

ROOTS = [
    Reading("Query", "li", "*", {
        "viewer": {"displayName": "李委员"},
        "community": {"name": "榆树里"},
        'board(slug: "hall")': {"kind": "HALL", "moderation": "PRE"},
        f'post(id: "{h.SPARE}")': {"id": "pst_Spare----------------A"},
        'search(query: "电梯")': {"nodes": [{"title": "电梯又停了"}]},
        "applications(state: ACTIVE, first: 1)": {"nodes": [{"displayName": "王阿姨"}]},
        "joinCode": {"code": "1-abcdefghjkmnpqrstuvw"},
        "auditLog(first: 1)": {"nodes": [{"seq": 900}]},
        "moderationQueue": {"nodes": [{"id": "mod_OfTheLift------------A", "reportCount": 1}]},
        f'node(id: "{h.WANG}")': {"__typename": "Member", "id": "mem_MrsWang--------------A"},
        f'nodes(ids: ["{h.REPLY}", "{h.STREET}"])': [
            {"__typename": "Comment", "id": "cmt_Reply----------------A"},
            {"__typename": "Street", "id": "str_ElmStreet_-----------g"},
        ],
    }),
    Reading("Query", "officer", "*", {"district": {"name": "试验区"}}),
]  # fmt: skip

CHANGES = [
    Change("officer", "renameCommunity",
           {"communityId": h.OAK, "name": "新橡树村"}, {"community": {"name": "新橡树村"}}),
    Change("officer", "createDepartment", {"name": "城管", "duties": "占道"},
           {"department": {"name": "城管", "state": "ACTIVE"}}),
    Change("officer", "inviteOfficer",
           {"role": "DISTRICT_ADMIN", "displayName": "小李", "reason": "增员", "idempotencyKey": "k"},
           {"invitation": {"displayName": "小李", "state": "PROPOSED"}}),
    Change("officer", "dismissOfficer", {"officerId": h.HANDLER, "reason": "调离"},
           {"officer": {"displayName": "小张", "state": "DISMISSED"}}),
    Change("chen", "grantRole", {"memberId": h.SUN, "reason": "改选"},
           {"member": {"roles": ["RESIDENT", "COMMITTEE_MEMBER"]}}),
    Change("zhou", "reissueJoinCode",
           {"reason": "海报遗失", "idempotencyKey": "k"},
           {"joinCode": {"__typename": "JoinCode"}}),
    Change("officer", "proposeAppointment",
           {"communityId": h.ELM, "memberId": h.LIU, "action": "APPOINT", "reason": "接任"},
           {"appointment": {"displayName": "小刘", "state": "PROPOSED"}}),
    Change("officer", "decideStreetAppeal",
           {"appealId": h.OF_SUN, "decision": "UPHOLD", "reason": "维持"},
           {"appeal": {"displayName": "老孙", "state": "UPHELD", "decisionReason": "维持"}}),
    Change("chen", "updateBoard",
           {"boardId": h.BOARDS["plaza"], "expectedVersion": 1, "title": "新广场"},
           {"board": {"title": "新广场", "version": 2}}),
    Change("li", "pinPost", {"postId": h.SPARE}, {"post": {"pinned": True}}),
    Change("wang", "editComment",
           {"commentId": h.REPLY, "expectedVersion": 1, "body": "真不用了"},
           {"comment": {"body": "真不用了", "version": 2}}),
    Change("liu", "react", {"subjectId": h.SPARE, "kind": "LIKE"},
           {"subject": {"__typename": "Post", "id": "pst_Spare----------------A"}}),
    Change("zhou", "decideAppeal",
           {"caseId": h.OF_JUDGED, "decision": "UPHOLD", "reason": "维持"},
           {"case": {"state": "UPHELD", "appealReason": "维持"}}),
]  # fmt: skip

READINGS = [*PLACES, *PEOPLE, *BOARDS, *CONTENT, *ROOTS]
