"""The hamlet's open affairs: the same rows as the world's, with ids that are known beforehand."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from api.engine.identifiers import decode_id
from tenants.membership.tables import members
from tests.engine.affairs import Affairs
from tests.engine.appraisals import Appraisals
from tests.street import Person, Place

if TYPE_CHECKING:
    from tests.engine.hamlet import Hamlet
    from tests.street import Make

OWED, LATE, MET, MEETING_OWED = (
    "obl_Owed-----------------A",
    "obl_Late-----------------A",
    "obl_Met------------------A",
    "obl_Meeting--------------A",
)
POSTED, DRAFT, RETURNED, WITHDRAWN = (
    "aff_Posted---------------A",
    "aff_Draft----------------A",
    "aff_Returned-------------A",
    "aff_Withdrawn------------A",
)
ASKED, ANSWERED, OBJECTED = (
    "afq_Asked----------------A",
    "afq_Answered-------------A",
    "afq_Objected-------------A",
)
COMPLAINT, UPHELD = "afc_Complaint------------A", "afc_Upheld---------------A"
_IDS = {
    "owed": OWED, "late": LATE, "met": MET, "meeting owed": MEETING_OWED, "posted": POSTED,
    "draft": DRAFT, "returned": RETURNED, "withdrawn": WITHDRAWN, "asked": ASKED,
    "answered": ANSWERED, "objected": OBJECTED, "late complaint": COMPLAINT, "upheld": UPHELD,
}  # fmt: skip


PUBLISHED, TO_PUBLISH, DRAFTED = (
    "apr_Published------------A",
    "apr_Publish--------------A",
    "apr_Drafted--------------A",
)
SUPERVISOR = "mem_Supervisor-----------A"
_APPRAISALS = {"published": PUBLISHED, "to publish": TO_PUBLISH, "drafted": DRAFTED}


async def write(made: "Hamlet", make: "Make", hamlet: Any) -> None:
    """Write everything."""
    people = made.people
    people["guan"] = await _supervisor(make, made.elm, hamlet.FEBRUARY)
    await Affairs(
        make, made.elm, 999999, people["li"], people["chen"], people["wang"], people["guan"],
        hamlet.JANUARY, "两处都能接电。",
        {name: row for name, public in _IDS.items() if (row := decode_id(public, public[:4]))},
    ).write()  # fmt: skip
    judged = Appraisals(
        make, made.elm, people["guan"], [people["li"], people["chen"]], hamlet.JANUARY, "李委员",
        {n: row for n, public in _APPRAISALS.items() if (row := decode_id(public, public[:4]))},
    )  # fmt: skip
    await judged.write()
    await judged.declare()
    await judged.address(hamlet.uuid(hamlet.NOTICE), people["wang"])
    await judged.call(hamlet.uuid(hamlet.OLD_NOTICE), "PARTY_SECRETARY")


async def _supervisor(make: "Make", elm: Place, joined: datetime) -> Person:
    row = decode_id(SUPERVISOR, SUPERVISOR[:4])
    assert row is not None
    roles = ("RESIDENT", "SUPERVISOR")
    await make.row(
        elm, members, id=row, person_id=row, display_name="关监督", building=None, roles=[*roles],
        state="ACTIVE", permission_version=1, joined_at=joined,
    )  # fmt: skip
    return Person(row, roles, elm)
