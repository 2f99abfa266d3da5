"""Meetings are owed where enough residents or representatives asked for one by a petition.

tenants.petitions.owed says since when; a meeting names the petition that it is called for.
"""

import sqlalchemy as sa

from tenants.columns import IS_STAFF
from tenants.errors import Code
from tenants.petitions.owed import is_owed
from tenants.petitions.tables import petitions
from tenants.policy import rule
from tenants.scopes import Scope
from tenants.votes.meetings import meetings

CALL_FOR = rule(
    "draftMeeting", Scope.VOTE_MANAGE, petitions,
    (Code.FORBIDDEN, ~IS_STAFF, "限居委和书记。Only the committee's staff may."),
    (
        Code.WRONG_STATE,
        petitions.c.goal_reached_at.is_(None),
        "联名尚未达到人数。Too few have signed it so far.",
    ),
    (
        Code.ALREADY_DONE,
        ~is_owed,
        "所提请的会议已经公告。The meeting that it asks for was announced.",
    ),
)  # fmt: skip

is_live = meetings.c.state != sa.literal_column("'CANCELLED'")
