"""The hamlet's rates of January, and its district's supervision orders on late petitions."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from api.engine.identifiers import decode_id
from tenants.rates.tables import TOTAL, community_rates, rate_snapshots
from tenants.supervision.tables import supervision_orders, supervision_steps
from tests.engine.hamlet_petitions import DARK, LIFT, REPAIRS

if TYPE_CHECKING:
    from tests.engine.hamlet import Hamlet
    from tests.street import Make

# The district knows the dark stair only as a case; the lift has also come to its desk.
DARK_CASE, LIFT_CASE = DARK.replace("pet_", "odc_"), LIFT.replace("pet_", "odc_")
TO_HOUSING, TO_COMMITTEE = "sup_ToHousing------------A", "sup_ToCommittee----------A"
_DISTRICT, _STREET = 999999, 999999001
_HOUSING = -999999001


def _uuid(public_id: str) -> UUID:
    found = decode_id(public_id, public_id[:4])
    assert found is not None, public_id
    return found


async def write(made: "Hamlet", make: "Make", hamlet: Any) -> None:
    """Write everything."""
    await _rates(made, make, hamlet)
    await _supervision(made, make, hamlet)


async def _rates(made: "Hamlet", make: "Make", hamlet: Any) -> None:
    total = {
        "response_met": 11, "response_due": 30, "excluded_emergency": 5,
        "excluded_other_route": 6, "excluded_no_new_facts": 7, "excluded_withdrawn": 8,
        "callbacks": 20, "solved": 12, "partly": 3, "satisfied": 14, "ranking": 675,
    }  # fmt: skip
    of_repairs = {**dict.fromkeys(total, 1), "response_due": 10, "partly": 0, "ranking": -1}
    for category, values in ((UUID(TOTAL), total), (_uuid(REPAIRS), of_repairs)):
        await make.row(
            made.elm, rate_snapshots, id=_uuid(REPAIRS) if category.int else _uuid(LIFT),
            district_id=_DISTRICT, street_id=_STREET, month="2026-01", category_id=category,
            is_total=not category.int, made_at=hamlet.FEBRUARY, **values,
        )  # fmt: skip
        own = {name: number for name, number in values.items() if name != "ranking"}
        await make.row(
            made.elm, community_rates, id=_uuid(REPAIRS) if category.int else _uuid(LIFT),
            district_id=_DISTRICT, street_id=_STREET, month="2026-01", category_id=category,
            is_total=not category.int, made_at=hamlet.FEBRUARY, **own,
        )  # fmt: skip


async def _supervision(made: "Hamlet", make: "Make", hamlet: Any) -> None:
    january, february, march = hamlet.JANUARY, hamlet.FEBRUARY, hamlet.MARCH
    async with make.inside(made.elm.key) as connection:
        for table in ("petition", "petition_fact"):
            late = f"update tenant.{table} set resolve_overdue = true where id = $1"
            await connection.execute(late, _uuid(DARK))
        shown = "update tenant.petition set desks = array[999999] where id = $1"
        await connection.execute(shown, _uuid(LIFT))
    common = {
        "district_id": _DISTRICT, "issuing_desk": _DISTRICT, "issued_at": january,
        "issued_by": made.people["officer"].id, "due_at": february, "acked_at": february,
        "reported_at": march, "version": 3,
    }  # fmt: skip
    for public_id, letter, desk, values in (
        (TO_HOUSING, DARK, _HOUSING, {
            "words": "三日内装灯", "state": "RETURNED", "report": "已装一半", "return_reason": "装完再报",
            "returned_at": march,
        }),
        (TO_COMMITTEE, LIFT, 0, {
            "words": "修好电梯", "state": "ACCEPTED", "report": "已修好", "accepted_at": march,
        }),
    ):  # fmt: skip
        desks = [_DISTRICT, *([desk] if desk else [])]
        await make.row(
            made.elm, supervision_orders, id=_uuid(public_id), petition_id=_uuid(letter),
            addressed_desk=desk, desks=desks, **common, **values,
        )  # fmt: skip
        await make.row(
            made.elm, supervision_steps, id=_uuid(public_id), order_id=_uuid(public_id),
            district_id=_DISTRICT, desks=desks, at=january, state="ISSUED",
            actor_id=made.people["officer"].id, words=values["words"],
        )  # fmt: skip
