"""Each member gives one reaction of each kind, and marks posts as read."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants import audit
from tenants.boards.policy import MARK_READ, REACT
from tenants.boards.service import counts
from tenants.boards.service.moderation import lock_post_of
from tenants.boards.tables import ReactionKind, comments, posts, reactions, read_marks
from tenants.columns import NOW, TENANT, VIEWER, bound
from tenants.errors import Code, Refused
from tenants.statements import Lock
from tenants.transaction import Tx

MOST_MARKS = 50


async def react(tx: Tx, *, table: sa.Table, subject_id: UUID, kind: ReactionKind) -> UUID:
    """Add the viewer's reaction; repeating it changes nothing."""
    if table is comments:
        await lock_post_of(tx, subject_id)
    subject = await tx.find(table, subject_id, "subjectId", permit=REACT[table])

    added = await tx.row(
        _REACT,
        v_subject_id=subject["id"],
        v_post_id=subject["id"] if table is posts else None,
        v_comment_id=subject["id"] if table is comments else None,
        v_kind=kind.value,
    )
    if added is not None:
        await counts.add(tx, table, "reaction_count", subject["id"], 1)
        await audit.record(tx, "reaction.added", subject=subject["id"])
    return subject["id"]


async def unreact(tx: Tx, *, table: sa.Table, subject_id: UUID, kind: ReactionKind) -> UUID:
    """Remove the viewer's reaction; without one, nothing changes."""
    if table is comments:
        await lock_post_of(tx, subject_id)
    subject = await tx.find(table, subject_id, "subjectId", permit=REACT[table])

    removed = await tx.row(_UNREACT, v_subject_id=subject["id"], v_kind=kind.value)
    if removed is not None:
        await counts.add(tx, table, "reaction_count", subject["id"], -1)
        await audit.record(tx, "reaction.removed", subject=subject["id"])
    return subject["id"]


async def mark_read(tx: Tx, *, post_ids: Sequence[UUID]) -> list[UUID]:
    """Mark these posts as read by the viewer; a mark is never removed."""
    if len(post_ids) > MOST_MARKS:
        raise Refused(
            Code.TOO_LONG, f"一次最多 {MOST_MARKS} 个。At most {MOST_MARKS} at a time.", "postIds"
        )
    found = [
        (await tx.find(posts, post_id, "postIds", permit=MARK_READ, lock=Lock.NONE))["id"]
        for post_id in post_ids
    ]
    for post_id in dict.fromkeys(found):
        marked = await tx.row(_MARK, v_post_id=post_id)
        if marked is not None:
            await audit.record(tx, "post.read", subject=post_id)
    return found


_REACT = (
    insert(reactions)
    .values(
        community_id=TENANT,
        member_id=VIEWER,
        created_at=NOW,
        **{n: bound(reactions.c[n]) for n in ("subject_id", "post_id", "comment_id", "kind")},
    )
    .on_conflict_do_nothing()
    .returning(reactions.c.subject_id)
)
_UNREACT = (
    sa.delete(reactions)
    .where(
        reactions.c.community_id == TENANT,
        reactions.c.subject_id == bound(reactions.c.subject_id),
        reactions.c.kind == bound(reactions.c.kind),
        reactions.c.member_id == VIEWER,
    )
    .returning(reactions.c.subject_id)
)
_MARK = (
    insert(read_marks)
    .values(community_id=TENANT, post_id=bound(reactions.c.post_id), member_id=VIEWER, read_at=NOW)
    .on_conflict_do_nothing()
    .returning(read_marks.c.post_id)
)
