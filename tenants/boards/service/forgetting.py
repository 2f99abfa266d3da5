"""Erase from moderation what was written about a member's texts, since it may name them.

The reasons, appeals and notes of cases go; the results stay.
"""

import sqlalchemy as sa

from tenants.boards.tables import cases, comments, posts, reports
from tenants.columns import TENANT, bound

_MEMBER = bound(cases.c.author_id, "member_id")
_THEIRS = (cases.c.community_id == TENANT) & (cases.c.author_id == _MEMBER)
_WRITTEN = sa.union_all(
    *(
        sa.select(table.c.id).where(table.c.community_id == TENANT, table.c.author_id == _MEMBER)
        for table in (posts, comments)
    )
)
_FORGET_CASES = (
    sa.update(cases)
    .where(_THEIRS)
    .values(dict.fromkeys(("reason", "appeal", "appeal_reason"), sa.null()))
    .returning(cases.c.id)
)
# notes by others about the member's texts, and the member's notes about texts of others
_FORGET_REPORTS = (
    sa.update(reports)
    .where(
        reports.c.community_id == TENANT,
        (reports.c.reporter_id == _MEMBER)
        | reports.c.case_id.in_(sa.select(cases.c.id).where(_THEIRS)),
    )
    .values(note=sa.null())
)
# the ids of texts and cases, whose reasons in the audit go as well
FORGET = (_WRITTEN, _FORGET_CASES, _FORGET_REPORTS)
