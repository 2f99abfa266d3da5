"""Count ballots to a result under a rule, with every comparison that led to it: pure and exact."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tenants.owners.words import Silence
from tenants.votes.ballots import AGAINST, CHOSEN, Ballot, Method, Paper, Unit
from tenants.votes.ranked import Lot, Runoff, run_off
from tenants.votes.thresholds import Base, Threshold
from tenants.words import Words, word


class Outcome(Words):
    """计票得出这样的结果。A count comes to this outcome."""

    PASSED = word("表决通过", "The matter was passed")
    FAILED_VOTES = word(
        "未形成有效决定：同意数不足",
        "There is no valid decision: too few votes are for it, and nothing else is decided",
    )
    FAILED_QUORUM = word(
        "未形成有效决定：参与数不足",
        "There is no valid decision: too few took part, and nothing is decided",
    )
    CHOSEN = word("意见最多，仅供参考", "Most want it; it is of a poll, which decides nothing")
    TIE = word("票数相同，未分先后", "The votes are equal; a tie is a result and is not broken")


@dataclass(frozen=True)
class Rule:
    """It says what a decision needs in each unit: a quorum of the roll, and votes of a base.

    `quorum` counts those of `counted` (ATTENDING or PARTICIPATING) against ELIGIBLE. A threshold in
    `passing` names its own base. A candidate or option passes only if it passes in every unit.
    """

    quorum: Mapping[Unit, Threshold]
    passing: Mapping[Unit, Threshold]
    counted: Base = Base.PARTICIPATING
    silence: Silence = Silence.NOTHING


@dataclass(frozen=True)
class Turnout:
    """It counts who could vote and who came, in one unit; `silent` were served a ballot and returned none.

    `attending` is None where no meeting was held. Void papers took part and are for nothing.
    """

    eligible: int
    attending: int | None = None
    void: int = 0
    silent: int = 0


@dataclass(frozen=True)
class Tally:
    """It is the count in one unit. `votes` are for each option, `against` of candidates only.

    `silent` took part as the owners' rules say; where silence joins the majority they are counted
    in its votes as well.
    """

    bases: Mapping[Base, int]
    votes: tuple[int, ...]
    against: tuple[int, ...]
    abstained: int
    void: int
    silent: int


@dataclass(frozen=True)
class Comparison:
    """It is one step of the rule: `part` of `whole` in a unit is, or is not, enough.

    `option` is the option whose votes are compared; None where it is the quorum.
    """

    unit: Unit
    threshold: Threshold
    part: int
    whole: int
    option: int | None = None

    @property
    def is_met(self) -> bool:
        """Return whether the part is enough."""
        return self.threshold.is_met(self.part, self.whole)

    @property
    def missing(self) -> int:
        """Return how much more would be enough; 0 where it is met."""
        return max(0, self.threshold.least(self.whole) - self.part)


@dataclass(frozen=True)
class Result:
    """It is an outcome with all that it follows from; `winners` are options, by their place.

    `invalid` is the number of ballots that were not marked as they may be: they took part, and are
    void.
    """

    outcome: Outcome
    winners: tuple[int, ...]
    tallies: Mapping[Unit, Tally]
    invalid: int
    trace: tuple[Comparison, ...] = ()
    runoff: Runoff | None = None


class Uncountable(ValueError):
    """A question cannot be counted under a rule; the message says why."""


@dataclass(frozen=True)
class Question:
    """It says what is counted: the ballot paper, and who could vote and came in each unit.

    `none_of_these` is the option that refuses all others, if there is one: it never wins a decision.
    """

    paper: Paper
    turnout: Mapping[Unit, Turnout]
    seats: int = 1
    none_of_these: int | None = None


def decide(question: Question, rule: Rule, ballots: Sequence[Ballot]) -> Result:
    """Count a decision under a rule.

    Where more options pass than there are seats, those with most votes in the first unit of
    `rule.passing` win, and equals at the last seat are a TIE. Raises Uncountable where the rule needs
    a unit or a base that was not recorded (owners decide by heads and by area), and for a ranked
    ballot, which decides nothing.
    """
    paper = question.paper
    if paper.method is Method.RANKED:
        raise Uncountable("a ranked ballot passes no decision")
    count = _counted(question, [*rule.quorum, *rule.passing], ballots, rule.silence)
    quorum = [
        Comparison(unit, needed, count.base(unit, rule.counted), count.base(unit, needed.base))
        for unit, needed in rule.quorum.items()
    ]
    # what is against a proposal passes nothing by having most votes
    options = range(1 if paper.method is Method.PROPOSAL else paper.options)
    passing = [
        Comparison(
            unit, needed, count.tallies[unit].votes[option], count.base(unit, needed.base), option
        )
        for option in options
        for unit, needed in rule.passing.items()
    ]
    failed = {step.option for step in passing if not step.is_met} | {question.none_of_these}
    winners = [option for option in options if option not in failed]
    is_tied = False
    if not all(step.is_met for step in quorum):
        outcome, winners = Outcome.FAILED_QUORUM, []
    else:
        first = next(iter(rule.passing))
        winners, is_tied = _seated(winners, count.tallies[first].votes, question.seats)
        passed = Outcome.PASSED if winners else Outcome.FAILED_VOTES
        outcome = Outcome.TIE if is_tied else passed
    return Result(outcome, tuple(winners), count.tallies, count.invalid, trace=(*quorum, *passing))


def poll(question: Question, unit: Unit, ballots: Sequence[Ballot], lot: Lot) -> Result:
    """Count a question to neighbours in one unit: what most want is CHOSEN, and nothing passes.

    Equals at the last seat are a TIE. `lot` decides among equals that go out of a run-off, see
    `ranked.run_off`.
    """
    paper = question.paper
    count = _counted(question, [unit], ballots, Silence.NOTHING)
    runoff = None
    if paper.method is Method.RANKED:
        valid = [ballot for ballot in ballots if paper.is_valid(ballot.marks)]
        runoff = run_off(valid, paper.options, unit, lot)
        winners, is_tied = [runoff.winner], runoff.winner is None
    else:
        votes = count.tallies[unit].votes
        winners, is_tied = _seated(range(paper.options), votes, question.seats)
    outcome = Outcome.TIE if is_tied else Outcome.CHOSEN
    chosen = tuple(option for option in winners if option is not None)
    return Result(outcome, chosen, count.tallies, count.invalid, runoff=runoff)


@dataclass(frozen=True)
class _Count:
    tallies: Mapping[Unit, Tally]
    invalid: int

    def base(self, unit: Unit, base: Base) -> int:
        found = self.tallies[unit].bases.get(base)
        if found is None:
            raise Uncountable(f"{base} was not recorded in {unit}")
        return found


def _counted(
    question: Question, units: Iterable[Unit], ballots: Sequence[Ballot], silence: Silence
) -> _Count:
    paper = question.paper
    valid = [ballot for ballot in ballots if paper.is_valid(ballot.marks)]
    invalid = [ballot for ballot in ballots if not paper.is_valid(ballot.marks)]
    tallies: dict[Unit, Tally] = {}
    for unit in units:
        turnout = question.turnout.get(unit)
        if turnout is None:
            raise Uncountable(f"nobody is on the roll in {unit}")
        tallies[unit] = _tally(unit, paper.options, turnout, valid, invalid, silence)
    if silence is Silence.MAJORITY:
        tallies = _joined(tallies, paper)
    return _Count(tallies, len(invalid))


def _tally(
    unit: Unit,
    options: int,
    turnout: Turnout,
    valid: Sequence[Ballot],
    invalid: Sequence[Ballot],
    silence: Silence,
) -> Tally:
    void = turnout.void + sum(ballot.weights[unit] for ballot in invalid)
    silent = 0 if silence is Silence.NOTHING else turnout.silent
    votes, against, abstained, cast = [0] * options, [0] * options, 0, 0
    for ballot in valid:
        weight = ballot.weights[unit]
        cast += weight
        if not any(ballot.marks):
            abstained += weight
        for option, mark in enumerate(ballot.marks):
            if mark == CHOSEN:
                votes[option] += weight
            elif mark == AGAINST:
                against[option] += weight
    bases = {Base.ELIGIBLE: turnout.eligible, Base.PARTICIPATING: cast + void + silent}
    if turnout.attending is not None:
        bases[Base.ATTENDING] = turnout.attending
    return Tally(bases, tuple(votes), tuple(against), abstained, void, silent)


def _joined(tallies: Mapping[Unit, Tally], paper: Paper) -> dict[Unit, Tally]:
    """Count the silent with the majority of those who answered, where it is one in every unit."""
    each = range(paper.options)
    if paper.method is Method.CANDIDATES:
        led = [n for n in each if all(t.votes[n] > t.against[n] for t in tallies.values())]
        lost = [n for n in each if all(t.votes[n] < t.against[n] for t in tallies.values())]
    else:
        led, lost = [n for n in each if all(_leads(t.votes, n) for t in tallies.values())], []
    return {
        unit: replace(
            tally,
            votes=tuple(v + tally.silent * (n in led) for n, v in enumerate(tally.votes)),
            against=tuple(v + tally.silent * (n in lost) for n, v in enumerate(tally.against)),
        )
        for unit, tally in tallies.items()
    }


def _leads(votes: Sequence[int], option: int) -> bool:
    return all(votes[option] > other for n, other in enumerate(votes) if n != option)


def _seated(options: Iterable[int], votes: Sequence[int], seats: int) -> tuple[list[int], bool]:
    """Return the options that have a seat, and whether equals want the last one: then it is free."""
    ordered = sorted(options, key=lambda option: -votes[option])
    if len(ordered) <= seats:
        return sorted(ordered), False
    last, next_ = votes[ordered[seats - 1]], votes[ordered[seats]]
    if last > next_:
        return sorted(ordered[:seats]), False
    return sorted(option for option in ordered if votes[option] > last), True
