"""These rules say who sees what on the boards, and who may write, organise and moderate there."""

import sqlalchemy as sa

from tenants.boards.tables import (
    boards,
    cases,
    comments,
    post_terms,
    posts,
    reactions,
    read_marks,
    reports,
)
from tenants.columns import IS_SECRETARY, IS_STAFF, TENANT, VIEWER, among
from tenants.errors import Code
from tenants.membership.policy import has_seat_on
from tenants.policy import Condition, Rule, holds, protect, rule
from tenants.scopes import Scope

# Notices are for everyone who has scanned the community's code.
_IS_NOTICE_BOARD = boards.c.kind == "NOTICE"
protect(
    boards,
    Scope.BOARD_READ,
    community=sa.true(),
    guest=_IS_NOTICE_BOARD,
    app=sa.true(),
    inspector=sa.true(),
)
# The author and the staff see a held or hidden post; nobody sees a deleted one.
_IS_PUBLISHED = posts.c.state == "PUBLISHED"
protect(
    posts,
    Scope.BOARD_READ,
    app=_IS_PUBLISHED,
    inspector=_IS_PUBLISHED,
    community=_IS_PUBLISHED
    | ((posts.c.state != "DELETED") & ((posts.c.author_id == VIEWER) | IS_STAFF)),
    guest=_IS_PUBLISHED
    & sa.exists(
        sa.select(sa.literal_column("1")).where(
            boards.c.community_id == TENANT, boards.c.id == posts.c.board_id, _IS_NOTICE_BOARD
        )
    ),
)
# The author and the staff read a held or hidden comment; nobody reads a deleted one.
says_something = (comments.c.state == "PUBLISHED") | (
    (comments.c.state != "DELETED") & ((comments.c.author_id == VIEWER) | IS_STAFF)
)
# A comment with replies that is no longer shown stays as a placeholder, so that its replies stay.
_IS_SHOWN = (comments.c.post_state == "PUBLISHED") & (
    (comments.c.state == "PUBLISHED") | (comments.c.reply_count > 0)
)
protect(
    comments,
    Scope.BOARD_READ,
    app=_IS_SHOWN,
    inspector=_IS_SHOWN,
    community=_IS_SHOWN
    | (
        (comments.c.post_state != "DELETED")
        & (comments.c.state != "DELETED")
        & ((comments.c.author_id == VIEWER) | IS_STAFF)
    ),
    guest=sa.false(),
)
protect(reactions, Scope.BOARD_READ, community=sa.true())
protect(read_marks, Scope.BOARD_READ, community=sa.true())
protect(
    post_terms,
    Scope.BOARD_READ,
    community=sa.true(),
    guest=sa.true(),
    app=sa.true(),
    inspector=sa.true(),
)
# An author sees a case once their text is held or decided on, not that it was reported. The staff
# need the scope to moderate or to decide appeals.
_MODERATES = IS_STAFF & holds(Scope.CONTENT_MODERATE, Scope.APPEAL_DECIDE)
protect(
    cases,
    Scope.BOARD_READ,
    community=_MODERATES
    | ((cases.c.author_id == VIEWER) & ((cases.c.state != "OPEN") | cases.c.was_held)),
)
# The staff and the reporter know who reported; the reported author never does.
protect(reports, Scope.BOARD_READ, community=IS_STAFF | (reports.c.reporter_id == VIEWER))


def is_author(table: sa.Table) -> Condition:
    """Return the condition that the viewer wrote the row."""
    return table.c.author_id == VIEWER


_may_post = sa.case(
    (boards.c.post_policy == "EVERYONE", sa.true()),
    (boards.c.post_policy == "COMMITTEE", IS_STAFF | has_seat_on(boards.c.id)),
    else_=IS_SECRETARY,
)
_SAME_BOARD = (boards.c.community_id == posts.c.community_id) & (boards.c.id == posts.c.board_id)
is_archived = boards.c.archived_at.is_not(None)
_ARCHIVED = "版块已归档。The board is archived."

CREATE_POST = rule(
    "createPost",
    Scope.POST_WRITE,
    boards,
    (Code.FORBIDDEN, ~_may_post, "您不能在这个版块发帖。You may not post on this board."),
    (Code.WRONG_STATE, is_archived, _ARCHIVED),
)
CREATE_BOARD = Scope.BOARD_MANAGE
GRANT_SEAT = rule(
    "grantRole",
    Scope.MEMBER_MANAGE,
    boards,
    (Code.FORBIDDEN, ~IS_SECRETARY),
    (Code.WRONG_STATE, is_archived, _ARCHIVED),
)
UPDATE_BOARD = rule("updateBoard", Scope.BOARD_MANAGE, boards, (Code.FORBIDDEN, ~IS_SECRETARY))
ARCHIVE_BOARD = rule(
    "archiveBoard",
    Scope.BOARD_MANAGE,
    boards,
    (Code.FORBIDDEN, ~IS_SECRETARY),
    (Code.ALREADY_DONE, is_archived, _ARCHIVED),
)
REOPEN_BOARD = rule(
    "reopenBoard",
    Scope.BOARD_MANAGE,
    boards,
    (Code.FORBIDDEN, ~IS_SECRETARY),
    (Code.WRONG_STATE, ~is_archived, "版块没有归档。The board is not archived."),
)

_on_archived_board = sa.exists(
    sa.select(sa.literal_column("1")).where(
        boards.c.community_id == TENANT,
        boards.c.id == posts.c.board_id,
        boards.c.archived_at.is_not(None),
    )
)
_under_archived_board = sa.exists(
    sa.select(sa.literal_column("1"))
    .select_from(posts.join(boards, _SAME_BOARD))
    .where(
        posts.c.community_id == TENANT,
        posts.c.id == comments.c.post_id,
        boards.c.community_id == TENANT,
        boards.c.archived_at.is_not(None),
    )
)
# An archived board is read-only, and so are the comments of a post that is not shown.
_READING_ONLY: dict[sa.Table, list[tuple[Code, Condition, str]]] = {
    posts: [(Code.WRONG_STATE, _on_archived_board, _ARCHIVED)],
    comments: [
        (
            Code.WRONG_STATE,
            comments.c.post_state != "PUBLISHED",
            "帖子未公开。The post is not shown.",
        ),
        (Code.WRONG_STATE, _under_archived_board, _ARCHIVED),
    ],
}
PIN_POST = rule(
    "pinPost",
    Scope.POST_PIN,
    posts,
    (Code.FORBIDDEN, ~IS_STAFF),
    (Code.WRONG_STATE, posts.c.state != "PUBLISHED"),
    *_READING_ONLY[posts],
    (Code.ALREADY_DONE, posts.c.pinned),
)
UNPIN_POST = rule(
    "unpinPost",
    Scope.POST_PIN,
    posts,
    (Code.FORBIDDEN, ~IS_STAFF),
    (Code.WRONG_STATE, ~posts.c.pinned),
)
ADD_COMMENT = rule(
    "addComment",
    Scope.POST_WRITE,
    posts,
    (Code.WRONG_STATE, posts.c.state != "PUBLISHED"),
    *_READING_ONLY[posts],
)
REPLY = rule(
    "addComment",
    Scope.POST_WRITE,
    comments,
    (
        Code.INVALID,
        comments.c.parent_id.is_not(None),
        "请回复第一层评论。Reply to a comment of the first level.",
    ),
    (
        Code.WRONG_STATE,
        comments.c.state != "PUBLISHED",
        "该评论不能回复。That comment takes no replies.",
    ),
)
MARK_READ = rule("markRead", Scope.BOARD_READ, posts)


def _edit(name: str, table: sa.Table) -> Rule:
    return rule(
        name,
        Scope.POST_WRITE,
        table,
        (Code.FORBIDDEN, ~is_author(table), "只有作者可以修改。Only the author may edit."),
        (Code.WRONG_STATE, ~among(table.c.state, "PUBLISHED", "HELD")),
        *_READING_ONLY[table],
    )


def case_in(table: sa.Table, *states: str) -> Condition:
    """State that a case about a post or comment is in one of these states."""
    return sa.exists(
        sa.select(sa.literal_column("1")).where(
            cases.c.community_id == TENANT,
            cases.c.subject_id == table.c.id,
            among(cases.c.state, *states),
        )
    )


def _delete(name: str, table: sa.Table) -> Rule:
    return rule(
        name,
        Scope.POST_WRITE,
        table,
        (Code.FORBIDDEN, ~(is_author(table) | IS_STAFF)),
        (Code.WRONG_STATE, table.c.state == "DELETED"),
        (
            Code.WRONG_STATE,
            ~is_author(table) & case_in(table, "APPEALED"),
            "已申诉，裁定之前只有作者可以删除。Appealed: until it is decided only the author may.",
        ),
    )


def _react(name: str, table: sa.Table) -> Rule:
    return rule(
        name,
        Scope.POST_WRITE,
        table,
        (Code.WRONG_STATE, table.c.state != "PUBLISHED"),
        *_READING_ONLY[table],
    )


EDIT_POST, EDIT_COMMENT = _edit("editPost", posts), _edit("editComment", comments)
DELETE_POST, DELETE_COMMENT = _delete("deletePost", posts), _delete("deleteComment", comments)

# Verbs on a subject, which is a post or a comment.
REACT = {table: _react("react", table) for table in (posts, comments)}
