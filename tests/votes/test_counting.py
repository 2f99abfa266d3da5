"""The count against facts: official notices, court cases, and a second, independent count.

The electorates and figures stand in public notices of owners' votes and in reports of other
programs' users; each test names its source.
"""

from collections import Counter
from fractions import Fraction
from random import Random

import pytest

from tenants.votes.ballots import AGAINST, CHOSEN, Ballot, Method, Paper, Unit
from tenants.votes.counting import (
    Outcome,
    Question,
    Result,
    Rule,
    Silence,
    Turnout,
    Uncountable,
    decide,
    poll,
)
from tenants.votes.thresholds import Base, Operator, Threshold, at_least, more_than

PROPOSAL = Paper(Method.PROPOSAL, 2)
YES, NO, BLANK, OVERMARKED = (CHOSEN, 0), (0, CHOSEN), (0, 0), (CHOSEN, CHOSEN)
HALF_PRESENT = more_than("1/2", Base.ATTENDING)

# 城市居民委员会组织法 27, 29, 28; 民法典 278
RESIDENTS = Rule(
    {Unit.PERSONS: more_than("1/2", Base.ELIGIBLE)}, {Unit.PERSONS: HALF_PRESENT}, Base.ATTENDING
)
REPRESENTATIVES = Rule(
    {Unit.MEMBERS: at_least("2/3", Base.ELIGIBLE)}, {Unit.MEMBERS: HALF_PRESENT}, Base.ATTENDING
)


def owners(share: str, *, special: bool, silence: Silence = Silence.NOTHING) -> Rule:
    """Return the owners' rule: both units, at least 2/3 take part; `share` of those who do."""
    passing = (at_least if special else more_than)(share, Base.PARTICIPATING)
    both = (Unit.HEADS, Unit.AREA)
    return Rule(
        dict.fromkeys(both, at_least("2/3", Base.ELIGIBLE)),
        dict.fromkeys(both, passing),
        silence=silence,
    )


ORDINARY, SPECIAL = owners("1/2", special=False), owners("3/4", special=True)


def of_persons(marks: tuple[int, ...], number: int, unit: Unit = Unit.PERSONS) -> list[Ballot]:
    """Return that many ballots, alike, that weigh 1."""
    return [Ballot(marks, {unit: 1})] * number


def of_owners(marks: tuple[int, ...], heads: int, area: int) -> list[Ballot]:
    """Return ballots of so many owners with so much area together, in 0.01 m²."""
    if not heads:
        return []
    rest = [Ballot(marks, {Unit.HEADS: 1, Unit.AREA: 0})] * (heads - 1)
    return [Ballot(marks, {Unit.HEADS: 1, Unit.AREA: area}), *rest]


def asked(heads: int, area: int, **more: int) -> Question:
    """Return a proposal to an owners' assembly."""
    return Question(
        PROPOSAL,
        {Unit.HEADS: Turnout(heads, **more), Unit.AREA: Turnout(area)},
    )


def meeting(unit: Unit, eligible: int, attending: int) -> Question:
    """Return a proposal to a meeting."""
    return Question(PROPOSAL, {unit: Turnout(eligible, attending)})


# --- words of the law as numbers


@pytest.mark.parametrize(
    ("threshold", "whole", "least"),
    [
        (more_than("1/2", Base.ELIGIBLE), 16, 9),  # hpsfoundation/tac#60: 8 of 16 is no majority
        (at_least("2/3", Base.ELIGIBLE), 30, 20),  # 三分之二以上, 城市法 29
        (more_than("2/3", Base.ELIGIBLE), 30, 21),  # 超过三分之二, 城市法 19
        (at_least("1/10", Base.ELIGIBLE), 923, 93),  # who may ask for a meeting since 2026
        (at_least("1/5", Base.ELIGIBLE), 923, 185),  # and before
    ],
)
def test_words_of_the_law_are_numbers(threshold: Threshold, whole: int, least: int) -> None:
    assert threshold.least(whole) == least
    assert threshold.is_met(least, whole)
    assert not threshold.is_met(least - 1, whole)


def test_of_nothing_no_part_is_enough() -> None:
    assert not at_least("2/3", Base.ELIGIBLE).is_met(0, 0)


def test_the_least_part_is_the_first_that_is_enough() -> None:
    chance = Random(3)
    for _ in range(2000):
        share = Fraction(chance.randint(1, 12), 12)
        threshold = Threshold(chance.choice(list(Operator)), share, Base.ELIGIBLE)
        whole = chance.randint(1, 400)
        enough = [part for part in range(whole + 2) if threshold.is_met(part, whole)]
        assert threshold.least(whole) == enough[0]


@pytest.mark.parametrize("committee", [5, 7, 9])
def test_four_fifths_of_a_representatives_meeting(committee: int) -> None:
    reps = next(n for n in range(99) if at_least("4/5", Base.ELIGIBLE).is_met(n, n + committee))
    assert reps == {5: 20, 7: 28, 9: 36}[committee]  # 城市法 28


# --- meetings


def test_half_of_the_residents_is_no_quorum() -> None:
    ballots = of_persons(YES, 8)
    assert decide(meeting(Unit.PERSONS, 16, 8), RESIDENTS, ballots).outcome is Outcome.FAILED_QUORUM
    assert decide(meeting(Unit.PERSONS, 16, 9), RESIDENTS, ballots).outcome is Outcome.PASSED


@pytest.mark.parametrize(("yes", "outcome"), [(16, Outcome.PASSED), (15, Outcome.FAILED_VOTES)])
def test_the_majority_is_of_those_present(yes: int, outcome: Outcome) -> None:
    question = meeting(Unit.MEMBERS, 45, 30)  # committee of 9 and 36 representatives
    assert decide(question, REPRESENTATIVES, of_persons(YES, yes, Unit.MEMBERS)).outcome is outcome


@pytest.mark.parametrize(
    ("yes", "abstain", "outcome"),  # AxLabs/grantshares#38
    [(3, 2, Outcome.PASSED), (3, 3, Outcome.FAILED_VOTES)],
)
def test_who_abstains_takes_part(yes: int, abstain: int, outcome: Outcome) -> None:
    rule = Rule(
        {Unit.PERSONS: at_least("1/2", Base.ELIGIBLE)},
        {Unit.PERSONS: more_than("1/2", Base.PARTICIPATING)},
    )
    ballots = of_persons(YES, yes) + of_persons(BLANK, abstain)
    question = Question(PROPOSAL, {Unit.PERSONS: Turnout(10)})
    assert decide(question, rule, ballots).outcome is outcome


# --- owners: official notices of Dongguan and Mianyang


@pytest.mark.parametrize(
    ("heads", "area", "quorum", "half", "three_quarters"),
    [
        (16, 308656, (11, 205771), (6, 102886), (9, 154329)),
        (53, 536963, (36, 357976), (19, 178989), (27, 268482)),
        (280, 2483857, (187, 1655905), (94, 827953), (141, 1241929)),
        (395, 2922516, (264, 1948344), (133, 974173), (198, 1461258)),
        (577, 7875637, (385, 5250425), (193, 2625213), (289, 3937819)),
    ],
)
def test_quorums_of_real_electorates(
    heads: int,
    area: int,
    quorum: tuple[int, int],
    half: tuple[int, int],
    three_quarters: tuple[int, int],
) -> None:
    needed = at_least("2/3", Base.ELIGIBLE)
    assert (needed.least(heads), needed.least(area)) == quorum
    for rule, least in ((ORDINARY, half), (SPECIAL, three_quarters)):
        for short in (False, True):
            yes_heads, yes_area = least[0] - short, least[1]
            ballots = of_owners(YES, yes_heads, yes_area)
            ballots += of_owners(NO, quorum[0] - yes_heads, quorum[1] - yes_area)
            found = decide(asked(heads, area), rule, ballots)
            assert found.outcome is (Outcome.FAILED_VOTES if short else Outcome.PASSED)
        missed = of_owners(YES, quorum[0] - 1, area)
        assert decide(asked(heads, area), rule, missed).outcome is Outcome.FAILED_QUORUM
        missed = of_owners(YES, heads, quorum[1] - 1)
        assert decide(asked(heads, area), rule, missed).outcome is Outcome.FAILED_QUORUM


def test_areas_are_not_doubles() -> None:
    assert not 19483.44 * 3 >= 29225.16 * 2
    assert at_least("2/3", Base.ELIGIBLE).is_met(1948344, 2922516)
    assert at_least("2/3", Base.ELIGIBLE).is_met(20048, 30072)


def test_void_papers_take_part() -> None:
    # pmceo.com/wgzd/ggzd/144368: 616 of 950 took part, 7 of them void: too few since 2021
    question = asked(950, 12_737_800)
    ballots = of_owners(YES, 609, 12_000_000) + of_owners(OVERMARKED, 7, 0)
    found = decide(question, ORDINARY, ballots)
    assert found.outcome is Outcome.FAILED_QUORUM
    step = found.trace[0]
    assert (step.unit, step.part, step.missing) == (Unit.HEADS, 616, 18)
    assert step.threshold.least(950) == 634
    assert (found.invalid, found.tallies[Unit.HEADS].void) == (7, 7)
    more = ballots + of_owners(OVERMARKED, 18, 0)
    assert decide(question, ORDINARY, more).outcome is Outcome.PASSED, "void papers make a quorum"


def test_owners_without_areas_decide_nothing() -> None:
    # yycb.life/?id=45: 1,151 of 2,237 households, announced as passed
    question = Question(PROPOSAL, {Unit.HEADS: Turnout(2237)})
    with pytest.raises(Uncountable, match="AREA"):
        decide(question, ORDINARY, of_persons(YES, 1151, Unit.HEADS))


def test_a_vote_that_fails_decides_nothing_else() -> None:
    # bbzoh.cn: 1,428 owners; for 446 of 1,376, against 930
    ballots = of_owners(YES, 446, 4_357_643) + of_owners(NO, 930, 8_447_107)
    found = decide(asked(1428, 13_267_556), ORDINARY, ballots)
    assert found.outcome is Outcome.FAILED_VOTES
    assert found.winners == ()
    assert [step.is_met for step in found.trace] == [True, True, False, False]


@pytest.mark.parametrize(
    ("area", "outcome"), [(5000, Outcome.FAILED_VOTES), (5001, Outcome.PASSED)]
)
def test_both_units_must_pass(area: int, outcome: Outcome) -> None:
    ballots = of_owners(YES, 60, area) + of_owners(NO, 40, 10_000 - area)
    assert decide(asked(100, 10_000), ORDINARY, ballots).outcome is outcome


# --- silence


@pytest.mark.parametrize(
    ("silence", "outcome", "votes"),
    [
        (Silence.NOTHING, Outcome.FAILED_QUORUM, 5),
        (Silence.ABSTENTION, Outcome.FAILED_VOTES, 5),
        (Silence.MAJORITY, Outcome.PASSED, 30),  # (2022)沪02民初16号
    ],
)
def test_silence_counts_as_the_owners_rules_say(
    silence: Silence, outcome: Outcome, votes: int
) -> None:
    question = Question(
        PROPOSAL,
        {Unit.HEADS: Turnout(30, silent=25), Unit.AREA: Turnout(3000, silent=2500)},
    )
    rule = owners("1/2", special=False, silence=silence)
    found = decide(question, rule, of_owners(YES, 5, 500))
    assert found.outcome is outcome
    assert found.tallies[Unit.HEADS].votes[0] == votes
    assert found.tallies[Unit.HEADS].silent == (0 if silence is Silence.NOTHING else 25)


def test_silence_joins_no_majority_of_one_unit_only() -> None:
    question = Question(
        PROPOSAL,
        {Unit.HEADS: Turnout(30, silent=25), Unit.AREA: Turnout(3000, silent=2500)},
    )
    ballots = of_owners(YES, 3, 100) + of_owners(NO, 2, 400)
    rule = owners("1/2", special=False, silence=Silence.MAJORITY)
    found = decide(question, rule, ballots)
    assert found.outcome is Outcome.FAILED_VOTES
    assert [tally.votes for tally in found.tallies.values()] == [(3, 2), (100, 400)]


# --- candidates, several options, equals


def test_each_candidate_passes_alone() -> None:
    paper = Paper(Method.CANDIDATES, 3, most=2)
    question = Question(paper, {Unit.HEADS: Turnout(3), Unit.AREA: Turnout(30000)}, seats=2)
    marks = [(CHOSEN, CHOSEN, AGAINST), (CHOSEN, AGAINST, AGAINST), (CHOSEN, CHOSEN, 0)]
    ballots = [Ballot(each, {Unit.HEADS: 1, Unit.AREA: 10000}) for each in marks]
    found = decide(question, ORDINARY, ballots)
    assert (found.outcome, found.winners) == (Outcome.PASSED, (0, 1))
    assert found.tallies[Unit.HEADS].against == (0, 1, 2)


def test_equals_at_the_last_seat_are_a_tie() -> None:
    paper = Paper(Method.CANDIDATES, 3, most=3)
    question = Question(paper, {Unit.HEADS: Turnout(4), Unit.AREA: Turnout(40000)}, seats=2)
    marks = [(1, 1, 1), (1, 1, 1), (1, 1, 1), (1, 0, 0)]
    ballots = [Ballot(each, {Unit.HEADS: 1, Unit.AREA: 10000}) for each in marks]
    found = decide(question, ORDINARY, ballots)
    assert (found.outcome, found.winners) == (Outcome.TIE, (0,))


def test_none_of_these_wins_nothing() -> None:
    # Minhang 2022: a ballot that offers A, B and abstention gives no way to refuse both
    question = Question(
        Paper(Method.SINGLE, 3),
        {Unit.HEADS: Turnout(10), Unit.AREA: Turnout(1000)},
        none_of_these=2,
    )
    ballots = of_owners((0, 0, CHOSEN), 8, 800) + of_owners((CHOSEN, 0, 0), 2, 200)
    found = decide(question, ORDINARY, ballots)
    assert (found.outcome, found.winners) == (Outcome.FAILED_VOTES, ())


def test_a_ranked_ballot_decides_nothing() -> None:
    question = Question(Paper(Method.RANKED, 2, most=2), {Unit.PERSONS: Turnout(9, 9)})
    with pytest.raises(Uncountable, match="ranked"):
        decide(question, RESIDENTS, of_persons((1, 2), 9))


def test_a_poll_of_equals_is_a_tie_on_every_count() -> None:
    question = Question(Paper(Method.SINGLE, 2), {Unit.PERSONS: Turnout(9)})
    ballots = of_persons((1, 0), 1) + of_persons((0, 1), 1)  # bettervoting#1417
    found = [poll(question, Unit.PERSONS, ballots[:: 1 - 2 * n], lambda _: b"") for n in (0, 1)]
    assert [(each.outcome, each.winners) for each in found] == [(Outcome.TIE, ())] * 2


# --- the same by a second count


def test_a_second_count_agrees_on_1000_votes() -> None:
    outcomes = Counter(compared(number) for number in range(1000))
    assert set(outcomes) == {*Outcome} - {Outcome.CHOSEN}
    assert min(outcomes.values()) >= 5, outcomes


def compared(number: int) -> Outcome:
    """Make a vote up, count it twice, and return what both say."""
    chance = Random(number)
    units = chance.choice([(Unit.PERSONS,), (Unit.HOUSEHOLDS,), (Unit.HEADS, Unit.AREA)])
    method = chance.choice([Method.PROPOSAL, Method.SINGLE, Method.CANDIDATES, Method.CANDIDATES])
    options = 2 if method is Method.PROPOSAL else chance.randint(2, 4)
    paper = Paper(method, options, most=options if method is Method.CANDIDATES else 1)
    ballots = [
        Ballot(
            tuple(chance.choice([0, 0, 1, 2]) for _ in range(options)),
            {unit: chance.randint(1, 9) if unit is Unit.AREA else 1 for unit in units},
        )
        for _ in range(chance.randint(0, 14))
    ]
    counted = chance.choice([Base.ATTENDING, Base.PARTICIPATING])
    question = Question(
        paper,
        {
            unit: Turnout(
                sum(ballot.weights[unit] for ballot in ballots) + chance.randint(0, 8),
                chance.randint(0, 14),
                void=chance.randint(0, 2),
                silent=chance.randint(0, 3),
            )
            for unit in units
        },
        seats=1 if method is not Method.CANDIDATES else chance.randint(1, 3),
        none_of_these=chance.choice([None, options - 1]) if method is Method.SINGLE else None,
    )

    def some_threshold(bases: list[Base]) -> Threshold:
        share = Fraction(chance.choice(["1/2", "2/3", "3/4", "1/3"]))
        return Threshold(chance.choice(list(Operator)), share, chance.choice(bases))

    rule = Rule(
        {unit: some_threshold([Base.ELIGIBLE]) for unit in units},
        {unit: some_threshold(list(Base)) for unit in units},
        counted,
        chance.choice(list(Silence)),
    )
    found = decide(question, rule, ballots)
    assert (found.outcome, found.winners) == second_count(question, rule, ballots), number
    sums_hold(question, rule, found, ballots)
    return found.outcome


def sums_hold(question: Question, rule: Rule, found: Result, ballots: list[Ballot]) -> None:
    """Who took part is the sum of all that was counted, in every unit."""
    for unit, tally in found.tallies.items():
        cast = sum(ballot.weights[unit] for ballot in ballots)
        silent = 0 if rule.silence is Silence.NOTHING else question.turnout[unit].silent
        took_part = cast + question.turnout[unit].void + silent
        assert tally.bases[Base.PARTICIPATING] == took_part
        if question.paper.method is not Method.CANDIDATES:
            voted = sum(tally.votes) + tally.abstained + tally.void
            joined = rule.silence is Silence.MAJORITY and voted == took_part
            assert voted + (0 if joined else silent) == took_part


def second_count(  # noqa: C901 # in one piece, so that it shares nothing with the first
    question: Question, rule: Rule, ballots: list[Ballot]
) -> tuple[Outcome, tuple[int, ...]]:
    """Count by asking every voter about every option, with fractions written out."""
    paper, units = question.paper, list(rule.passing)
    options = range(paper.options)

    def fine(marks: tuple[int, ...]) -> bool:
        if paper.method is Method.CANDIDATES:
            return sum(mark == 1 for mark in marks) <= paper.most
        return 2 not in marks and sum(marks) <= 1

    def weigh(unit: Unit, option: int, mark: int) -> int:
        return sum(b.weights[unit] for b in ballots if fine(b.marks) and b.marks[option] == mark)

    taken = {
        unit: sum(b.weights[unit] for b in ballots)
        + question.turnout[unit].void
        + (question.turnout[unit].silent if rule.silence is not Silence.NOTHING else 0)
        for unit in units
    }
    votes = {unit: [weigh(unit, option, 1) for option in options] for unit in units}
    if rule.silence is Silence.MAJORITY:
        before = {unit: list(each) for unit, each in votes.items()}
        for option in options:
            if paper.method is Method.CANDIDATES:
                joins = all(before[unit][option] > weigh(unit, option, 2) for unit in units)
            else:
                joins = all(
                    all(
                        before[unit][option] > before[unit][other]
                        for other in options
                        if other != option
                    )
                    for unit in units
                )
            for unit in units:
                votes[unit][option] += question.turnout[unit].silent if joins else 0

    def enough(threshold: Threshold, part: int, unit: Unit) -> bool:
        whole = {
            Base.ELIGIBLE: question.turnout[unit].eligible,
            Base.ATTENDING: question.turnout[unit].attending,
            Base.PARTICIPATING: taken[unit],
        }[threshold.base]
        assert whole is not None
        left = part * threshold.share.denominator
        right = whole * threshold.share.numerator
        return whole > 0 and (left > right or (left == right and threshold.operator == "≥"))

    came = {
        unit: question.turnout[unit].attending if rule.counted is Base.ATTENDING else taken[unit]
        for unit in units
    }
    if not all(enough(rule.quorum[unit], came[unit] or 0, unit) for unit in units):
        return Outcome.FAILED_QUORUM, ()
    able = [
        option
        for option in options
        if option != question.none_of_these
        and not (paper.method is Method.PROPOSAL and option)
        and all(enough(rule.passing[unit], votes[unit][option], unit) for unit in units)
    ]
    first = votes[units[0]]
    # a place among those that pass: how many have more votes, and how many as many
    better = {option: sum(first[other] > first[option] for other in able) for option in able}
    as_good = {option: sum(first[other] == first[option] for other in able) for option in able}
    seated = tuple(n for n in able if better[n] + as_good[n] <= question.seats)
    is_tied = any(better[n] < question.seats < better[n] + as_good[n] for n in able)
    if is_tied:
        return Outcome.TIE, seated
    return (Outcome.PASSED if seated else Outcome.FAILED_VOTES), seated
