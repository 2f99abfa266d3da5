"""The hamlet's topics: the same rows as the world's, with ids that are known beforehand."""

from typing import TYPE_CHECKING, Any

from api.engine.identifiers import decode_id
from tests.engine import hamlet_petitions, hamlet_votes
from tests.engine.projects import Projects
from tests.engine.topics import Topics

if TYPE_CHECKING:
    from tests.engine.hamlet import Hamlet
    from tests.street import Make

DONE, SHELVED, SINGLE, ASKED, PROPOSED = (
    "top_Done-----------------A",
    "top_Shelved--------------A",
    "top_Single---------------A",
    "top_Asked----------------A",
    "top_Proposed-------------A",
)
VIEW, QUESTION = "ctb_View-----------------A", "ctb_Question-------------A"
HEARING, CALLED_OFF, COMING = (
    "cns_Hearing--------------A",
    "cns_OffCalled------------A",
    "cns_TalkComing-----------A",
)
BUILT, CALLED_OFF_PROJECT = "prj_Built----------------A", "prj_OffCalled------------A"
RUNNING = "prj_Running--------------A"
MILESTONE, NEXT = "mst_Milestone------------A", "mst_NextOne--------------A"
SPENDING, VOID_SPENDING, WAITING = (
    "spd_Spending-------------A",
    "spd_VoidSpending---------A",
    "spd_Waiting--------------A",
)
_PROJECTS = {
    "built": BUILT, "called off": CALLED_OFF_PROJECT, "running": RUNNING, "milestone": MILESTONE,
    "next": NEXT, "waiting": WAITING, "spending": SPENDING,
    "void spending": VOID_SPENDING,
}  # fmt: skip
RESOLUTION = "rsl_Resolution-----------A"
_IDS = {
    "done": DONE, "shelved": SHELVED, "single": SINGLE, "asked": ASKED, "proposed": PROPOSED,
    "view": VIEW, "question": QUESTION, "hearing": HEARING, "called off": CALLED_OFF, "coming": COMING,
    "resolution": RESOLUTION,
}  # fmt: skip


async def write(made: "Hamlet", make: "Make", hamlet: Any) -> None:
    """Write everything."""
    people = made.people
    known = {
        **_IDS,
        "post": hamlet.LIFT, "petition": hamlet_petitions.LIFT,
        "private": hamlet_petitions.REFUSED, "hidden": hamlet_petitions.DARK,
        "vote": hamlet_votes.DECIDED,
    }  # fmt: skip
    ids = {name: decode_id(public, public[:4]) for name, public in known.items()}
    rows = {name: row for name, row in ids.items() if row is not None}
    await Topics(
        make, made.elm, 999999, 999999001, people["li"], [people["wang"], people["liu"]],
        hamlet.JANUARY, "两处都能接电。", rows, rows,
    ).write()  # fmt: skip
    projects = {name: decode_id(public, public[:4]) for name, public in _PROJECTS.items()}
    await Projects(
        make, made.elm, 999999, 999999001, people["li"], [people["wang"], people["liu"]],
        hamlet.JANUARY, "两处都能接电。", rows["done"],
        {name: row for name, row in projects.items() if row is not None},
    ).write()  # fmt: skip
