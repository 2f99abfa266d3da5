"""Provide the hamlet's votes: the same rows as the world's, with ids that are known beforehand."""

from typing import TYPE_CHECKING, Any

from api.engine.identifiers import decode_id
from tests.engine.ballots import Ballots
from tests.engine.hamlet_petitions import LIFT
from tests.engine.owners import Owners

if TYPE_CHECKING:
    from tests.engine.hamlet import Hamlet
    from tests.street import Make

MEETING, CANCELLED = "mtg_Meeting--------------A", "mtg_Cancelled------------A"
DECIDED, TALLIED, NOTICED = (
    "vot_Decided--------------A",
    "vot_Tallied--------------A",
    "vot_Noticed--------------A",
)
RUNNING = "vot_Running--------------A"
POLL, OPEN, VOID, SECRET = (
    "vot_Poll-----------------A",
    "vot_Open-----------------A",
    "vot_Void-----------------A",
    "vot_Secret---------------A",
)
AUTHORISED, REVOKED = "aut_Authorised-----------A", "aut_Revoked--------------A"
OBJECTION, UNDECIDED = "obj_Objection------------A", "obj_Undecided------------A"
# The matters that members see, in the order of their ids.
SHOWN = ("Decided", "Final", "Noticed", "Running", "Tallied")
_IDS = {
    "roll": "vot_Roll-----------------A", "meeting": MEETING, "cancelled": CANCELLED,
    "decided": DECIDED, "final": "vot_Final----------------A", "tallied": TALLIED,
    "noticed": NOTICED, "running": RUNNING,
    "draft": "vot_Draft----------------A", "poll": POLL, "open": OPEN, "void": VOID,
    "secret": SECRET,
    "petition": LIFT, "authorised": AUTHORISED, "revoked": REVOKED,
    "RESULT DISMISSED": OBJECTION, "ROLL OPEN": UNDECIDED,
}  # fmt: skip
AREA, PART, OWNER, COMPANY = (
    "pra_Area-----------------A",
    "prp_Part-----------------A",
    "pro_Owner----------------A",
    "pro_Company--------------A",
)
ASSEMBLY, DECISION = "mtg_Assembly-------------A", "vot_Decision-------------A"
ENTRY, AGENT = "vtr_Entry----------------A", "vtr_Agent----------------A"
_OWNERS = {
    "area": AREA, "part": PART, "second part": "prp_Second---------------A", "owner": OWNER,
    "company": COMPANY, "entry": ENTRY, "agent": AGENT, "assembly": ASSEMBLY,
    "decision": DECISION, "owners' roll": "vot_Owners---------------A",
}  # fmt: skip


async def write(made: "Hamlet", make: "Make", hamlet: Any) -> None:
    """Write everything."""
    people = made.people
    ids = {name: decode_id(public, public[:4]) for name, public in _IDS.items()}
    await Ballots(
        make, made.elm, 999999, people["li"], people["chen"],
        [people[name] for name in ("wang", "liu", "li", "chen", "sun")], hamlet.JANUARY,
        "两处都能接电。", {name: row for name, row in ids.items() if row is not None},
    ).write()  # fmt: skip
    await Owners(
        make, made.elm, 999999, people["li"], people["zhou"],
        [people[name] for name in ("wang", "liu")], hamlet.JANUARY, "两处都能接电。",
        {name: row for name, public in _OWNERS.items() if (row := decode_id(public, public[:4]))},
    ).write()  # fmt: skip
