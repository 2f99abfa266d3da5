"""The hamlet has the same pacts as the world, with ids that are known beforehand."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from api.engine.identifiers import decode_id
from tests.engine.hamlet_votes import AREA, DECIDED
from tests.engine.pacts import Pacts

if TYPE_CHECKING:
    from tests.engine.hamlet import Hamlet
    from tests.street import Make

PACT, AMENDMENT = "pct_Pact-----------------A", "pct_Amendment------------A"
FIRST, SECOND, SUBMITTED = (
    "pvr_First----------------A",
    "pvr_Second---------------A",
    "pvr_Submitted------------A",
)
CLAUSE, OTHER = "pcl_Clause---------------A", "pcl_Other----------------A"
SUGGESTION, ANSWERED = "psg_Suggestion-----------A", "psg_Answered-------------A"
REVIEW, FILING = "psb_Review---------------A", "psb_Filing---------------A"
SIGNATURE, PAPER = "psn_Signature------------A", "psn_Paper----------------A"
WITHDRAWN, RETURNED = "psn_Withdrawn------------A", "psb_Answered-------------A"
BUILDING, OWNERS = "pct_Building-------------A", "pct_Owners---------------A"
_IDS = {
    "pact": PACT, "amendment": AMENDMENT, "first": FIRST, "second": SECOND,
    "submitted": SUBMITTED, "clause": CLAUSE, "other clause": OTHER, "suggestion": SUGGESTION,
    "answered": ANSWERED, "review": REVIEW, "filing": FILING, "signature": SIGNATURE,
    "paper": PAPER, "household": "psn_Household------------A", "withdrawn": WITHDRAWN, "returned": RETURNED,
    "building": BUILDING, "owners": OWNERS,
}  # fmt: skip


def id_of(public: str) -> UUID:
    """Return the id of a row by its public one."""
    found = decode_id(public, public[:4])
    assert found is not None
    return found


async def write(made: "Hamlet", make: "Make", hamlet: Any) -> None:
    """Write everything."""
    people = made.people
    await Pacts(
        make, made.elm, made.elm.street_id, people["li"], people["chen"],
        [people[name] for name in ("wang", "liu")], hamlet.JANUARY, "两处都能接电。", id_of(DECIDED), id_of(AREA),
        {name: id_of(public) for name, public in _IDS.items()},
    ).write()  # fmt: skip
