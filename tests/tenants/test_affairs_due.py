"""`linli affairs due`: what the communities under an officer owe, as a table."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tenants.affairs.tables import obligations
from tenants.ids import new_id
from tenants.scopes import Scope
from tests.conftest import Server, SignIn
from tests.linli import Linli
from tests.overheard import unspeakable
from tests.street import Make, Place

pytestmark = pytest.mark.once
DAY = timedelta(days=1)


async def owe(make: Make, place: Place, name: str, due: datetime, state: str) -> None:
    """Have a community owe something."""
    await make.row(
        place, obligations, id=new_id(due), district_id=310113, street_id=place.street_id,
        code="FUNDS", statute_from=date(2026, 1, 1), about="OPEN_AFFAIRS", name=name,
        source="城市法第34条", is_house_rule=True, subject_id=new_id(due), begins_on=date(2026, 1, 1),
        due_at=due, state=state, version=1,
    )  # fmt: skip


async def test_the_street_lists_what_is_late_and_all_that_is_due(
    make: Make, signed_in: SignIn, server: Server, tmp_path: Path
) -> None:
    place, now = await make.community(), datetime.now(UTC)
    await owe(make, place, "捐赠物资", now - DAY, "OVERDUE")
    await owe(make, place, "活动室使用", now + DAY, "DUE")
    token = (await make.officer(place.street_id)).token(
        signed_in.tokens, scopes=frozenset({Scope.DISTRICT_READ})
    )
    linli = Linli(tmp_path, LINLI_TOKEN=unspeakable(token))

    late = linli("affairs", "due", "--url", server.url, code=0).out
    everything = linli("affairs", "due", "--all", "--url", server.url, code=0).out

    assert "捐赠物资" in late and "活动室使用" not in late  # noqa: PT018 # one table
    assert everything.index("捐赠物资") < everything.index("活动室使用")
    assert "城市法第34条" in everything


async def test_who_is_no_officer_is_told_so(
    make: Make, signed_in: SignIn, server: Server, tmp_path: Path
) -> None:
    token = (await make.member(await make.community())).token(signed_in.tokens)
    said = Linli(tmp_path, LINLI_TOKEN=unspeakable(token))("affairs", "due", "--url", server.url)
    assert said.code == 1
