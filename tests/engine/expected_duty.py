"""Provide values written by hand: a shift of the duty roster, and a gap ahead in it."""

from datetime import UTC, datetime, timedelta

from tests.engine import hamlet as h
from tests.engine.expected import YES, Change, Reading, no

_TOMORROW = datetime.now(UTC) + timedelta(days=1)  # a roster is set for future days
_GAP = {"startsAt": "2099-01-01T00:00:00+00:00", "endsAt": "2099-01-01T08:00:00+00:00"}

DUTY = [
    Reading("DutyShift", "chen", f'node(id: "{h.SHIFT}") {{ ... on DutyShift {{ * }} }}', {
        "id": "sft_Shift----------------A",
        "member": {"displayName": "李委员"},
        "startsAt": "2026-01-05T00:00:00+00:00",
        "endsAt": "2099-01-01T00:00:00+00:00",
        "isRunning": True,
        "viewerCan": {"cancelDuty": YES},
    }),
    Reading("DutyShift", "wang", f'node(id: "{h.SHIFT}") {{ ... on DutyShift {{ * }} }}', {
        "member": {"displayName": "李委员"},
        "isRunning": True,
        "viewerCan": {"cancelDuty": no("FORBIDDEN", "令牌缺少权限 duty:manage。The token lacks this scope.")},
    }),
    Reading("DutyShift", "chen", f'node(id: "{h.OLD_SHIFT}") {{ ... on DutyShift {{ * }} }}', {
        "endsAt": "2026-02-01T12:30:00+00:00",
        "isRunning": False,
        "viewerCan": {"cancelDuty": no("WRONG_STATE", "已经结束。It is over.")},
    }),
    Reading("Community", "wang", "community { * }", {
        "dutyRoster": {"totalCount": 1, "nodes": [{"id": h.SHIFT}]},
        "onDuty": [{"member": {"displayName": "李委员"}}],
    }),
    Reading("Community", "li", "community { * }", {"dutyGaps": [_GAP]}),
    Reading("DutyGap", "li", "community { dutyGaps { * } }", _GAP),
]  # fmt: skip

DUTY_CHANGES = [
    Change("chen", "scheduleDuty",
           {"memberId": h.ZHOU, "startsAt": _TOMORROW.isoformat(),
            "endsAt": (_TOMORROW + timedelta(hours=8)).isoformat(), "idempotencyKey": "k duty"},
           {"shift": {"member": {"displayName": "周书记"}, "isRunning": False}}),
]  # fmt: skip
