"""Find who came to a sitting and who voted, and by which way, as a count needs it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa

from tenants.columns import TENANT
from tenants.procedure import Facts
from tenants.transaction import Row, Tx
from tenants.votes.assemblies import ballot_services
from tenants.votes.ballots import Unit
from tenants.votes.counting import Turnout
from tenants.votes.meetings import attendances, meetings, voters
from tenants.votes.results import BallotChannel, vote_ballots
from tenants.votes.secret.tables import envelopes
from tenants.votes.service.rolls import size_of
from tenants.votes.tables import votes


@dataclass(frozen=True)
class Ways:
    """It says who came and how ballots came in, beside those who voted online themselves, in one unit.

    `silent` were served a ballot and returned none. `on_site` came to the sitting, if one was held.
    """

    on_site: int | None = None
    by_proxy: int = 0
    on_paper: int = 0
    assisted: int = 0
    silent: int = 0


class Came(NamedTuple):
    """It counts the entries of a roll that came to the sitting, voted, or were served a ballot."""

    rows: Sequence[Row]

    @property
    def on_site(self) -> list[Row]:
        """Return who came to the sitting."""
        return [row for row in self.rows if row["on_site"]]

    @property
    def attending(self) -> list[Row]:
        """Return who came to the sitting or voted."""
        return [row for row in self.rows if row["on_site"] or row["has_voted"]]

    def ways(self, unit: Unit) -> Ways:
        """Return the ways in which voters came, added up in one unit."""

        def those(are: Callable[[Row], bool]) -> int:
            return _sum(unit, filter(are, self.rows))

        return Ways(
            on_site=_sum(unit, self.on_site),
            by_proxy=those(lambda row: row["channel"] == BallotChannel.PROXY),
            on_paper=those(lambda row: row["channel"] == BallotChannel.PAPER),
            assisted=those(lambda row: row["channel"] == BallotChannel.ASSISTED),
            silent=those(lambda row: row["is_served"] and not row["has_voted"]),
        )


def weight(unit: Unit, area: int | None) -> int:
    """Return what an entry of a roll counts in a unit."""
    return area if unit is Unit.AREA and area is not None else 1


async def who_came(tx: Tx, vote: Facts, meeting: Facts) -> Came:
    """Return who came or voted, of those on the roll of a vote."""
    return Came(
        await tx.rows(
            _CAME, v_id=vote["id"], v_roll_id=vote["roll_id"], v_meeting_id=meeting["id"],
            v_meetings_roll_id=meeting["roll_id"],
        )
    )  # fmt: skip


async def turnout_of(
    tx: Tx, vote: Facts, units: Iterable[Unit], came: Came
) -> tuple[dict[Unit, Turnout], dict[Unit, Ways]]:
    """Return the turnout of a decision by name in each unit, and how ballots came in."""
    size = await size_of(tx, vote["roll_id"])
    ways = {unit: came.ways(unit) for unit in units}
    turnout = {
        unit: Turnout(size.of(unit), _sum(unit, came.attending), silent=each.silent)
        for unit, each in ways.items()
    }
    return turnout, ways


async def ways_of(tx: Tx, vote: Facts, units: Iterable[Unit]) -> dict[Unit, Ways]:
    """Return how ballots of a decision came in, in each unit."""
    meeting = await tx.row(_MEETING, v_id=vote["meeting_id"])
    assert meeting is not None  # noqa: S101 # a decision is of a meeting
    came = await who_came(tx, vote, meeting)
    return {unit: came.ways(unit) for unit in units}


def _sum(unit: Unit, rows: Iterable[Row]) -> int:
    return sum(weight(unit, row["area"]) for row in rows)


_ID = sa.bindparam("v_id", type_=votes.c.id.type)
_MEETING = sa.select(meetings).where(meetings.c.community_id == TENANT, meetings.c.id == _ID)
_ROLL = sa.bindparam("v_roll_id", type_=votes.c.id.type)
_MEETING_ID = sa.bindparam("v_meeting_id", type_=votes.c.id.type)
_MEETINGS_ROLL = sa.bindparam("v_meetings_roll_id", type_=votes.c.id.type)


def _of_entry(
    table: sa.Table, column: str, value: sa.BindParameter[object]
) -> sa.ColumnElement[bool]:
    """Return the condition that a row is of the entry, and of this vote, meeting or roll."""
    return (
        (table.c.community_id == TENANT)
        & (table.c.community_id == voters.c.community_id)
        & (table.c[column] == value)
        & (table.c.voter_id == voters.c.voter_id)
    )


_IS_ON_SITE = attendances.c.voter_id.is_not(None)
_HAS_VOTED = vote_ballots.c.voter_id.is_not(None) | envelopes.c.voter_id.is_not(None)
_IS_SERVED = ballot_services.c.voter_id.is_not(None)
_CAME = (
    sa.select(
        voters.c.area, vote_ballots.c.channel, _IS_ON_SITE.label("on_site"),
        _HAS_VOTED.label("has_voted"), _IS_SERVED.label("is_served"),
    )
    .select_from(voters)
    .outerjoin(attendances, _of_entry(attendances, "meeting_id", _MEETING_ID))
    .outerjoin(vote_ballots, _of_entry(vote_ballots, "vote_id", _ID))
    .outerjoin(envelopes, _of_entry(envelopes, "vote_id", _ID))
    .outerjoin(ballot_services, _of_entry(ballot_services, "roll_id", _MEETINGS_ROLL))
    .where(
        voters.c.community_id == TENANT,
        voters.c.roll_id == _ROLL,
        _IS_ON_SITE | _HAS_VOTED | _IS_SERVED,
    )
)  # fmt: skip
