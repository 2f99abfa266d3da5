"""A report, a hold or a hiding opens a moderation case; every case ends with a reasoned decision.

Row locks are taken in one order everywhere: post, comment, case, counters, community.
"""

from uuid import UUID

import sqlalchemy as sa

from tenants import audit
from tenants.boards.cases import APPEAL, DECIDE_APPEAL, HIDE, OPENED, REPORT, RESTORE
from tenants.boards.service import closing, counts
from tenants.boards.tables import NOTE_LENGTH, ReasonCode, cases, comments, posts, reports
from tenants.columns import TENANT, among, bound
from tenants.places.counts import add_to_community
from tenants.policy import Rule
from tenants.procedure import Facts
from tenants.taking import begin, said, take
from tenants.text import written
from tenants.transaction import Row, Tx

_LIVE = ("OPEN", "HIDDEN", "APPEALED", "UPHELD")


async def report(
    tx: Tx, *, table: sa.Table, subject_id: UUID, reason_code: ReasonCode, note: str | None
) -> UUID:
    """Report a post or comment to the staff; one report for each member and case."""
    subject = await _find(tx, table, subject_id, REPORT[table])
    note = written(note, NOTE_LENGTH, "note") if note else None

    case = await _live_case(tx, subject["id"])
    case = case or await _open(tx, table, subject, was_held=False)
    await tx.insert(
        reports,
        case_id=case["id"],
        reporter_id=tx.viewer.id,
        reason_code=reason_code.value,
        note=note,
        created_at=tx.now,
    )
    await tx.row(_COUNT_REPORT, v_id=case["id"])
    await audit.record(tx, "content.reported", subject=subject["id"], reason=reason_code)
    return subject["id"]


async def hide(
    tx: Tx, *, table: sa.Table, subject_id: UUID, reason_code: ReasonCode, reason: str
) -> UUID:
    """Hide a post or comment; its author sees the reason and may appeal."""
    subject = await _find(tx, table, subject_id, HIDE[table])
    words = said(HIDE[table], reason)

    case = await _live_case(tx, subject["id"])
    case = case or await _open(tx, table, subject, was_held=False)
    await take(tx, HIDE[table], case, words=words, reason_code=reason_code.value)
    await set_state(tx, table, subject, "HIDDEN")
    return subject["id"]


async def restore(tx: Tx, *, table: sa.Table, subject_id: UUID, reason: str) -> UUID:
    """Publish held content, dismiss reports, or show hidden content again."""
    subject = await _find(tx, table, subject_id, RESTORE[table])
    words = said(RESTORE[table], reason)

    case = await _live_case(tx, subject["id"])
    assert case is not None  # noqa: S101 # the rule saw it under the subject's row lock
    after = "KEPT" if case["state"] == "OPEN" else "RESTORED"
    await take(tx, RESTORE[table], case, to=after, words=words, reason_code=None)
    if subject["state"] != "PUBLISHED":
        await set_state(tx, table, subject, "PUBLISHED")
    return subject["id"]


async def appeal(tx: Tx, *, table: sa.Table, subject_id: UUID, body: str) -> UUID:
    """Appeal to a secretary who did not hide it, once for each hiding."""
    subject = await _find(tx, table, subject_id, APPEAL[table])
    words = said(APPEAL[table], body)

    case = await _live_case(tx, subject["id"])
    assert case is not None  # noqa: S101 # the rule saw it under the subject's row lock
    await take(tx, APPEAL[table], case, words=words)
    return subject["id"]


async def decide_appeal(tx: Tx, *, case_id: UUID, upheld: bool, reason: str) -> UUID:
    """Uphold or undo a hiding, finally and with a reason."""
    await lock_post_of_case(tx, case_id)
    case = await tx.find(cases, case_id, "caseId", permit=DECIDE_APPEAL)
    await settle(tx, case, upheld=upheld, reason=written(reason, NOTE_LENGTH, "reason"))
    return case["id"]


async def settle(tx: Tx, case: Row, *, upheld: bool, reason: str) -> None:
    """End an appealed case as the secretary or the street decided; the caller locked its post."""
    after = "UPHELD" if upheld else "RESTORED"
    await take(tx, DECIDE_APPEAL, case, to=after, words=reason)
    if not upheld:
        table = posts if case["post_id"] else comments
        subject = await tx.row(_SUBJECT[table], v_id=case["subject_id"])
        if subject is not None and subject["state"] == "HIDDEN":
            await set_state(tx, table, subject, "PUBLISHED")


async def open_held(tx: Tx, table: sa.Table, subject_id: UUID, *, author_id: UUID) -> None:
    """Open a case for content that waits for a first review, or use the case that is open."""
    case = await _live_case(tx, subject_id)
    if case is None:
        await _open(tx, table, {"id": subject_id, "author_id": author_id}, was_held=True)
    else:
        await tx.row(_HOLD, v_id=case["id"])


async def set_state(tx: Tx, table: sa.Table, subject: Row, state: str) -> None:
    """Change the state of a post or comment, and all counts and copies of it."""
    was, now = subject["state"] == "PUBLISHED", state == "PUBLISHED"
    await tx.update(table, subject["id"], state=state)
    if state == "DELETED":
        await closing.close(tx, subject["id"])
    if table is comments:
        if was != now:
            await count_comment(tx, subject["post_id"], subject["parent_id"], int(now) - int(was))
        return
    await tx.row(_COPY_POST_STATE, v_post_id=subject["id"], v_state=state)
    await add_to_community(tx, "posts", int(now) - int(was))


async def count_comment(tx: Tx, post_id: UUID, parent_id: UUID | None, by: int) -> None:
    """Add `by` to the comment counts of the post, the parent and the community."""
    if parent_id is not None:
        await counts.add(tx, comments, "reply_count", parent_id, by)
    await counts.add(tx, posts, "comment_count", post_id, by)
    await add_to_community(tx, "comments", by)


async def lock_post_of(tx: Tx, comment_id: UUID) -> None:
    """Lock the post of a comment, before the comment itself."""
    await tx.row(_POST_OF_COMMENT, v_id=comment_id)


async def lock_post_of_case(tx: Tx, case_id: UUID) -> None:
    """Lock the post that a case is about, or the post of the comment that it is about."""
    await tx.row(_POST_OF_CASE, v_id=case_id)


async def _find(tx: Tx, table: sa.Table, subject_id: UUID, permit: Rule) -> Row:
    # cases change under the row lock of their post
    if table is comments:
        await lock_post_of(tx, subject_id)
    else:
        await tx.hold(posts, subject_id)
    return await tx.find(table, subject_id, "subjectId", permit=permit)


async def _live_case(tx: Tx, subject_id: UUID) -> Row | None:
    return await tx.row(_LIVE_CASE, v_subject_id=subject_id)


async def _open(tx: Tx, table: sa.Table, subject: Facts, *, was_held: bool) -> Facts:
    return await begin(
        tx, OPENED, subject_id=subject["id"], author_id=subject["author_id"],
        post_id=subject["id"] if table is posts else None,
        comment_id=subject["id"] if table is comments else None,
        was_held=was_held, report_count=0,
    )  # fmt: skip


_THE_CASE = (cases.c.community_id == TENANT) & (cases.c.id == bound(cases.c.id))
_LIVE_CASE = (
    sa.select(cases)
    .where(
        cases.c.community_id == TENANT,
        cases.c.subject_id == bound(cases.c.subject_id),
        among(cases.c.state, *_LIVE),
    )
    .with_for_update(key_share=True)
)
_COUNT_REPORT = (
    sa.update(cases)
    .where(_THE_CASE)
    .values(report_count=cases.c.report_count + sa.literal_column("1"))
)
_HOLD = sa.update(cases).where(_THE_CASE).values(was_held=sa.true())
_COPY_POST_STATE = (
    sa.update(comments)
    .where(comments.c.community_id == TENANT, comments.c.post_id == bound(cases.c.post_id))
    .values(post_state=sa.bindparam("v_state", type_=sa.Text()))
)
_POST_OF_COMMENT = (
    sa.select(posts.c.id)
    .where(
        posts.c.community_id == TENANT,
        posts.c.id
        == sa.select(comments.c.post_id)
        .where(comments.c.community_id == TENANT, comments.c.id == bound(cases.c.id))
        .scalar_subquery(),
    )
    .with_for_update(key_share=True)
)
_POST_OF_CASE = (
    sa.select(posts.c.id)
    .where(
        posts.c.community_id == TENANT,
        posts.c.id
        == sa.select(sa.func.coalesce(cases.c.post_id, comments.c.post_id))
        .select_from(
            cases.outerjoin(
                comments,
                (comments.c.community_id == TENANT) & (comments.c.id == cases.c.comment_id),
            )
        )
        .where(cases.c.community_id == TENANT, cases.c.id == bound(cases.c.id))
        .scalar_subquery(),
    )
    .with_for_update(key_share=True)
)
_SUBJECT = {
    table: sa.select(table)
    .where(table.c.community_id == TENANT, table.c.id == bound(cases.c.id))
    .with_for_update(key_share=True)
    for table in (posts, comments)
}
