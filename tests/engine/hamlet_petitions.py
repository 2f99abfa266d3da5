"""Provide the hamlet's petitions: Mrs Wang's about the lift, which has everything, and others."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

import asyncpg

from api.engine.identifiers import decode_id
from tenants.petitions.desks import answer_templates, populations
from tenants.petitions.supports import petition_supports
from tenants.petitions.tables import petition_callbacks, petition_events

if TYPE_CHECKING:
    from tests.engine.hamlet import Hamlet
    from tests.street import Make, Person

LIFT, DARK, REFUSED, IMPORTED, NEW = (
    "pet_TheLift--------------A",
    "pet_TheDarkStair---------A",
    "pet_Refused--------------A",
    "pet_Imported-------------A",
    "pet_ANewOne--------------A",
)
REPAIRS, OLD_REPAIRS = "cat_Repairs--------------A", "cat_OldRepairs-----------A"
TEMPLATE = "tpl_Template-------------A"
RULE = "gol_AFifth---------------A"


def _uuid(public_id: str) -> UUID:
    found = decode_id(public_id, public_id[:4])
    assert found is not None, public_id
    return found


async def reckon(make: "Make", january: Any) -> None:
    """Create two categories, one of them retired, and an old time limit."""
    owner = await asyncpg.connect(make.cluster.url())
    await owner.execute("delete from reference.petition_category where district_id = 999999")
    for public_id, name, state, version in (
        (REPAIRS, "维修", "ACTIVE", 2), (OLD_REPAIRS, "旧维修", "RETIRED", 1),
    ):  # fmt: skip
        await owner.execute(
            "insert into reference.petition_category (district_id, id, topic, name, urgency, state, "
            "created_at, version) values (999999, $1, '房屋', $2, 'COMPLEX', $3, $4, $5)",
            _uuid(public_id), name, state, january, version,
        )  # fmt: skip
    await owner.execute(
        "insert into reference.support_rule (id, community_kind, basis, numerator, denominator, effect, "
        "effective_from, effective_to, source, is_confirmed, body) values ($1, 'RESIDENTIAL', 'HOUSEHOLDS', "
        "1, 4, '应当开会', '1980-01-01Z', '1990-01-01Z', '旧法', true, 'RESIDENTS_MEETING') "
        "on conflict do nothing",
        _uuid(RULE),
    )
    await owner.execute(
        "insert into reference.time_limit (urgency, effective_from, effective_to, ack_hours, "
        "resolve_days, rise_hours, source, is_confirmed) values ('COMPLEX', '1980-01-01Z', '1990-01-01Z', "
        "12, 30, 48, '旧规', true) on conflict do nothing"
    )
    await owner.execute(
        "insert into reference.rule_confirmation values (999999, 'RC', '2026-01-01', '区民政局', $1, $2, "
        "$3, $2) on conflict do nothing",
        UUID(int=1), january, UUID(int=2),
    )  # fmt: skip
    await owner.close()


async def petition(make: "Make", people: dict[str, "Person"], hamlet: Any) -> None:
    """Write the petitions and their events."""
    wang, liu, li, chen = (people[name] for name in ("wang", "liu", "li", "chen"))
    elm, january, february, march = wang.place, hamlet.JANUARY, hamlet.FEBRUARY, hamlet.MARCH
    assert elm is not None
    common = {"category_id": _uuid(REPAIRS), "street_id": 999999001, "district_id": 999999}
    clocks = {"ack_due_at": february, "resolve_due_at": march, "next_at": None}
    await make.petition(
        wang, id=_uuid(LIFT), at=january, title="电梯停了", body="三号楼的电梯停在五楼。", location="三号楼",
        state="CLOSED", kind="COMPLAINT", urgency="URGENT", secrecy="PUBLIC", handler_id=li.id,
        answer="列入四月维修。", outcome="PLANNED", planned_for=march, answered_at=february,
        answered_by=li.id, responded_at=january, ack_overdue=True, resolve_overdue=True,
        extended_at=february, extension_reason="等配件", review_requested_at=february,
        reviewed_at=march, review_upheld=True, review_reason="属实", reopen_count=1,
        support_count=2, household_count=1, goal_rule_id=_uuid(RULE), goal=2,
        goal_reached_at=february, version=9, **common, **clocks,
    )  # fmt: skip
    housing = -999999001
    await make.petition(
        liu, id=_uuid(DARK), at=february, title="楼道灯", body="楼道没有灯。", state="RETURNED",
        secrecy="PRIVATE", addressee="DEPARTMENT", level="STREET", desk=housing,
        desks=[999999001, housing], dispatched_from=999999001, is_at_community=False,
        question="哪一层？", paused_at=march, responded_at=march, **common, **clocks,
    )  # fmt: skip
    await make.petition(
        wang, id=_uuid(REFUSED), at=february, state="NOT_ACCEPTED", secrecy="PRIVATE",
        refusal_code="OTHER_LEGAL_ROUTE", refusal_reason="已起诉", legal_route="人民法院",
        **common, **clocks,
    )  # fmt: skip
    await make.petition(
        wang, id=_uuid(IMPORTED), at=january, author_id=None, source="市长信箱", source_id="17",
        state="MERGED", merged_into=_uuid(LIFT), **common, **clocks,
    )  # fmt: skip
    await make.petition(
        wang, id=_uuid(NEW), at=march, title="路灯坏了", secrecy="PUBLIC", **common, **clocks
    )
    for member, home in ((wang, _uuid(hamlet.ELM)), (li, None)):
        await make.row(
            elm, petition_supports, petition_id=_uuid(LIFT), member_id=member.id,
            household_id=home, supported_at=january,
        )  # fmt: skip
    await make.row(
        elm, petition_callbacks, id=_uuid(LIFT), petition_id=_uuid(LIFT), district_id=999999,
        street_id=999999001, category_id=_uuid(REPAIRS), level="COMMUNITY", at=march,
        solved="PARTLY", satisfaction=4,
    )  # fmt: skip
    for number, (letter, values) in enumerate((
        (LIFT, {"action": "SUBMITTED", "actor_kind": "AUTHOR", "actor_id": wang.id, "words": None}),
        (LIFT, {"action": "NOTED", "actor_id": li.id, "words": "已联系厂家", "is_public": False}),
        (DARK, {"action": "INFORMATION_REQUESTED", "actor_id": people["handler"].id,
                "words": "哪一层？", "level": "STREET", "desk": housing,
                "desks": [999999001, housing], "state": "RETURNED"}),
        (LIFT, {"action": "ANSWERED", "actor_id": li.id, "words": "列入四月维修。"}),
    )):  # fmt: skip
        row = {
            "actor_kind": "DESK", "is_public": True, "level": "COMMUNITY", "desk": 0, "desks": [],
            "state": "SUBMITTED", **values,
        }  # fmt: skip
        await make.row(
            elm, petition_events, id=UUID(int=_uuid(LIFT).int + number), petition_id=_uuid(letter),
            district_id=999999, seq=700 + number, at=february, **row,
        )  # fmt: skip
    for owner, letter, values in (
        (wang, LIFT, {"width": 1024}),
        (li, LIFT, {"answered_at": february}),
        (liu, DARK, {"desks": [999999001, housing]}),
    ):
        await make.image(
            owner, "petition", _uuid(letter), **{"district_id": 999999, "at": march, **values}
        )
    await make.row(
        elm, populations, adults=900, households=8, source="登记", recorded_at=january,
        recorded_by=chen.id,
    )  # fmt: skip
    await make.row(
        elm, answer_templates, id=_uuid(TEMPLATE), name="停水", words="已通知物业。",
        created_at=january, created_by=li.id, version=1, desk=0,
    )  # fmt: skip


async def write(made: "Hamlet", make: "Make", hamlet: Any) -> None:
    """Write everything."""
    await reckon(make, hamlet.JANUARY)
    await petition(make, made.people, hamlet)
