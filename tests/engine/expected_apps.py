"""Provide values written by hand: apps, inspections from above, and what these viewers may see."""

from tests.engine import hamlet as h
from tests.engine.expected import YES, Change, Reading, no


class Ending(str):
    """Equal to any text that ends with this one: a community's number is not known beforehand."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and other.endswith(str(self))

    __hash__ = str.__hash__


_NOT_SUSPENDED = no("WRONG_STATE", "当前状态不允许这样做。Not possible in its present state.")

READERS = [
    Reading("ThirdPartyApp", "officer", f'node(id: "{h.APP}") {{ ... on ThirdPartyApp {{ * }} }}', {
        "id": "app_Screen---------------A",
        "name": "楼道屏",
        "contact": "dev@example.org",
        "scopes": ["BOARD_READ", "COMMUNITY_READ"],
        "state": "ACTIVE",
        "isRegisteredFromAbove": True,
        "createdAt": "2026-01-05T00:00:00+00:00",
        "secretAt": "2026-02-01T12:30:00+00:00",
        "oldSecretUntil": "2026-02-01T12:30:00+00:00",
        "clientId": Ending(f"-{h.uuid(h.APP).hex}"),
        "community": {"name": "榆树里"},
        "viewerCan": {"rotateAppSecret": YES, "suspendApp": YES, "resumeApp": _NOT_SUSPENDED},
    }),
    Reading("ThirdPartyApp", "chen", f'node(id: "{h.STOPPED}") {{ ... on ThirdPartyApp {{ * }} }}', {
        "name": "旧应用",
        "state": "SUSPENDED",
        "suspensionReason": "泄露",
        "viewerCan": {"resumeApp": no(
            "FORBIDDEN",
            "由上级暂停，须由上级恢复。Suspended from above: only they may resume it.",
        )},
    }),
    Reading("ThirdPartyApp", "app", f'node(id: "{h.APP}") {{ ... on ThirdPartyApp {{ * }} }}', {
        "name": "楼道屏",
        "viewerCan": {"suspendApp": no("FORBIDDEN", "令牌缺少权限 app:manage。The token lacks this scope.")},
    }),
    Reading("Inspection", "sun", f'node(id: "{h.LOOKED}") {{ ... on Inspection {{ * }} }}', {
        "id": "ins_Looked---------------A",
        "displayName": "小李",
        "street": {"name": "榆树街道"},
        "reason": "抽查",
        "startedAt": "2026-01-05T00:00:00+00:00",
        "endsAt": "2026-01-05T00:10:00+00:00",
    }),
    Reading("Community", "inspector", "community { * }", {
        "name": "榆树里",
        "apps": {"totalCount": 2},
        "inspections(first: 1)": {"totalCount": 2},
        "viewerCan": {"inspectCommunity": no(
            "FORBIDDEN", "令牌缺少权限 community:inspect。The token lacks this scope."
        )},
    }),
    Reading("District", "officer", "district { * }", {"apps": {"totalCount": 2}}),
    Reading("Viewer", "app", "viewer { * }", {
        "id": "vwr_Screen---------------A",
        "displayName": "楼道屏",
        "roles": ["APP"],
        "scopes": ["BOARD_READ", "COMMUNITY_READ", "MEMBER_READ"],
        "community": {"name": "榆树里"},
    }),
    Reading("Viewer", "inspector", "viewer { * }", {
        "id": "vwr_Look-----------------A",
        "displayName": "小张",
        "roles": ["INSPECTOR"],
        "community": {"name": "榆树里"},
    }),
]  # fmt: skip

READERS_CHANGES = [
    Change("officer", "suspendApp", {"appId": h.APP, "reason": "核查"},
           {"app": {"name": "楼道屏", "state": "SUSPENDED", "suspensionReason": "核查"}}),
    Change("chen", "registerApp",
           {"communityId": h.ELM, "name": "新应用", "contact": "电话", "scopes": ["BOARD_READ"],
            "idempotencyKey": "k"},
           {"app": {"name": "新应用", "scopes": ["BOARD_READ"], "isRegisteredFromAbove": False}}),
]  # fmt: skip
