"""A committee works with its duty roster, the population, and answers to use again."""

import random
from datetime import date, datetime, time, timedelta

from demo.here import Here
from demo.history import History
from tenants.duty.gaps import CLOSES, OPENS
from tenants.duty.tables import duty_rosters, duty_shifts
from tenants.petitions.desks import answer_templates, populations
from tenants.workdays import SHANGHAI, is_working_day

ROSTER_DAYS = 14
_TEMPLATES = (
    (
        "已联系物业",
        "来信收到。我们已联系物业到现场查看，三个工作日内告诉您处理办法；如有紧急情况，请直接拨打物业二十四小时电话。",
    ),
    (
        "不属居委职责",
        "您反映的事情不在居委职责之内，我们已记录并转给主管单位。您也可以直接向其反映；有了回音，我们会在这里补充。",
    ),
)


def furnish(history: History, here: Here, chance: random.Random) -> None:
    """Add the rows."""
    secretary, began = here.secretaries[0], here.now - timedelta(days=200)
    households = chance.randint(900, 2600)
    history.add(
        populations, adults=int(households * 2.1), households=households, recorded_at=began,
        recorded_by=secretary, source="居委实有人口台账，2026 年上半年核对",
    )  # fmt: skip
    for number, (name, said) in enumerate(_TEMPLATES):
        at = began + timedelta(minutes=number)
        history.add(
            answer_templates, id=history.id(at), name=name, words=said, created_at=at,
            created_by=secretary, version=1, district_id=None, desk=0,
        )  # fmt: skip
    _roster(history, here)


def _roster(history: History, here: Here) -> None:
    """Put the committee on duty in turns, from nine to five on working days."""
    began = here.now - timedelta(days=1)
    history.add(duty_rosters, begun_at=began, held_at=here.now)
    today = here.now.astimezone(SHANGHAI).date()
    days = [today + timedelta(days=number) for number in range(ROSTER_DAYS)]
    for number, day in enumerate(day for day in days if is_working_day(day)):
        history.add(
            duty_shifts, id=history.id(began), member_id=here.committee[number % len(here.committee)],
            starts_at=_in_shanghai(day, OPENS), ends_at=_in_shanghai(day, CLOSES),
            created_at=began, created_by=here.secretaries[0],
        )  # fmt: skip


def _in_shanghai(day: date, at: time) -> datetime:
    return datetime.combine(day, at, SHANGHAI)
