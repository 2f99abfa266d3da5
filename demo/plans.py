"""Plans say what becomes of the petitions of a community: how many take each course, and how fast."""

from dataclasses import dataclass

from tenants.petitions.procedure import ACK_OVERDUE, ASK_BACK, CLOSE, RESOLVE_OVERDUE
from tenants.petitions.words import Outcome
from tenants.procedure import Timer

# a factor on the hours of each step, by urgency
PACE = {"CRITICAL": 0.05, "URGENT": 0.1, "NORMAL": 1.0, "COMPLEX": 1.5}
HOURS = {
    "accept": (0.5, 12), "ask": (0.5, 10), "resubmit": (3, 40), "refuse": (0.5, 12),
    "assign": (0.5, 16), "dispute": (1, 8), "start": (2, 24), "note": (2, 16), "tell": (2, 16), "extend": (4, 20),
    "escalate": (2, 16), "answer": (8, 60), "give_up": (8, 60), "withdraw": (3, 40),
    "rate": (3, 140), "complain": (3, 90), "reopen": (2, 60), "request_review": (4, 90),
    "uphold": (30, 160), "rate_plan": (20.5 * 24, 26 * 24),
}  # fmt: skip
AT_PEACE = {"rate", "complain", "reopen", "request_review", "uphold", "rate_plan"}
_DAY = 24.0


@dataclass(frozen=True)
class Plan:
    """It holds the steps of some petitions, and how many hours ago the last step was taken.

    `then` are the timers that ran after it. One of those `for_first` is the first resident's, whom a
    demo token stands for.
    """

    count: int
    steps: str
    ago: tuple[float, float]
    then: tuple[Timer, ...] = ()
    addressee: str = "COMMUNITY"
    outcome: str = ""  # of the letters that it fits; by default all but those with PLANNED
    paced: bool = True
    urgent: bool = True
    for_first: bool = False

    @property
    def is_overdue(self) -> bool:
        """Return whether a deadline of the open petition has passed."""
        return not {ACK_OVERDUE, RESOLVE_OVERDUE}.isdisjoint(self.then)


_OLD = (2 * _DAY, 150 * _DAY)
_ABOVE = "accept escalate accept escalate accept assign"
_CLOSED = (ASK_BACK, CLOSE)
LIVELY = (
    Plan(10, "accept assign start answer rate", _OLD, paced=False),
    Plan(4, "accept start tell answer", (9 * _DAY, 150 * _DAY), _CLOSED, paced=False),
    Plan(2, "accept start answer rate_plan", (1, 90 * _DAY), outcome=Outcome.PLANNED, paced=False),
    Plan(1, "ask resubmit accept start note answer rate", _OLD, paced=False),
    Plan(1, "accept start give_up complain request_review uphold", _OLD, paced=False),
    Plan(1, "accept start answer complain reopen answer rate", _OLD, paced=False),
    Plan(1, f"{_ABOVE} start answer rate", _OLD, paced=False),
    Plan(3, "", (0.1, 16)),
    Plan(1, "", (26, 130), (ACK_OVERDUE,), urgent=False, paced=False),
    Plan(2, "", (0.1, 16), addressee="STREET"),
    Plan(1, "", (0.1, 16), addressee="DEPARTMENT"),
    Plan(2, "ask", (1, 90), for_first=True),
    Plan(3, "accept", (1, 70)),
    Plan(3, "accept assign", (1, 50)),
    Plan(1, _ABOVE, (1, 30), urgent=False),
    Plan(1, "accept assign dispute", (1, 60)),
    Plan(3, "accept assign start note", (2, 50)),
    Plan(1, "accept start extend", (10, 60), urgent=False),
    Plan(1, "accept assign start answer complain reopen", (3, 50)),
    Plan(1, "accept start tell", (12 * _DAY, 25 * _DAY), (RESOLVE_OVERDUE,), paced=False),
    Plan(1, f"{_ABOVE} start", (2, 40), urgent=False),
    Plan(2, "accept escalate", (0.3, 16)),
    Plan(1, "accept start escalate", (0.3, 16)),
    Plan(1, "accept escalate accept escalate", (0.3, 16)),
    Plan(3, "accept assign start answer", (4, 15 * _DAY), outcome=Outcome.PLANNED, paced=False),
    Plan(4, "accept assign start answer", (3, 6 * _DAY), (ASK_BACK,), paced=False, for_first=True),
    Plan(1, "accept start give_up complain request_review", (3, 6 * _DAY), paced=False),
    Plan(2, "withdraw", (3, 90 * _DAY), paced=False),
)
# of the letters that no committee accepts
REFUSED = Plan(2, "refuse", (3, 120 * _DAY), paced=False)
MERGED = 2
# Plans of quiet communities: mostly closed petitions, and nothing that falls due within hours.
QUIET = (
    Plan(5, "accept assign start answer rate", _OLD, paced=False),
    Plan(3, "accept start tell answer", (9 * _DAY, 150 * _DAY), _CLOSED, paced=False),
    Plan(2, "accept start note", (2, 60), urgent=False),
    Plan(1, "accept", (1, 70), urgent=False),
    Plan(1, "", (0.1, 16), urgent=False),
)
