"""Show how the Strawberry peer reads: one transaction for a request, one statement for a batch."""

import asyncio
from collections import defaultdict
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
from strawberry.dataloader import DataLoader

from tenants.viewer import Viewer

# The same rules as in tenants/boards/policy.py, for a viewer who is not staff ($2: the viewer).
_POST_SEEN = "(p.state = 'PUBLISHED' or (p.state <> 'DELETED' and p.author_id = $2))"
_COMMENT_SEEN = (
    "((c.state = 'PUBLISHED' and c.post_state = 'PUBLISHED')"
    " or (c.post_state <> 'DELETED' and c.state <> 'DELETED' and c.author_id = $2)"
    " or (c.state = 'DELETED' and c.post_state = 'PUBLISHED' and c.reply_count > 0))"
)
_POST_COLUMNS = "p.id, p.title, p.body, p.pinned, p.created_at, p.comment_count, p.author_id"

_BOARD = "select id from tenant.board where community_id = $1 and slug = $2"
_POST = (
    f"select {_POST_COLUMNS} from tenant.post p"  # noqa: S608 # our own constants
    f" where p.community_id = $1 and p.id = $3 and {_POST_SEEN}"
)
_POSTS = (
    f"select {_POST_COLUMNS} from tenant.post p"  # noqa: S608 # our own constants
    f" where p.community_id = $1 and p.board_id = $3 and {_POST_SEEN}"
    " order by p.id desc limit $4"
)
_MEMBERS = (
    "select id, display_name from tenant.member"
    " where community_id = $1 and id = any($3::uuid[]) and (state = 'ACTIVE' or id = $2)"
)
# One index scan for each post, cut at its limit: a window over all comments would read all of
# them.
_COMMENTS = (
    "select c.* from unnest($3::uuid[]) as asked(id) cross join lateral ("  # noqa: S608 # the same
    "  select c.post_id, c.id, c.created_at,"
    "    case when c.state <> 'DELETED' then c.body end as body,"
    "    case when c.state <> 'DELETED' then c.author_id end as author_id"
    f"  from tenant.comment c where c.community_id = $1 and c.post_id = asked.id"
    f"    and c.parent_id is null and {_COMMENT_SEEN} order by c.id limit $4"
    ") as c"
)


class CommentsOf(NamedTuple):
    """It asks for the first comments of one post and is the key of the loader."""

    post_id: UUID
    first: int


class Reading:
    """It is one request's open transaction and its loaders."""

    def __init__(self, connection: asyncpg.Connection, viewer: Viewer) -> None:
        self._connection = connection
        self._viewer = viewer
        # A connection runs one statement at a time, and the loaders of one level run together.
        self._turn = asyncio.Lock()
        self.members: DataLoader[UUID, Any] = DataLoader(load_fn=self._members)
        self.comments: DataLoader[CommentsOf, list[Any]] = DataLoader(load_fn=self._comments)

    async def board(self, slug: str) -> Any:
        """Return a board."""
        async with self._turn:
            return await self._connection.fetchrow(_BOARD, self._viewer.community_id, slug)

    async def post(self, id: UUID) -> Any:
        """Return a post."""
        return await self._one(_POST, id)

    async def posts(self, board_id: UUID, most: int) -> list[Any]:
        """Return a board's newest posts."""
        return await self._all(_POSTS, board_id, most)

    async def _members(self, ids: list[UUID]) -> list[Any]:
        found = {row["id"]: row for row in await self._all(_MEMBERS, ids)}
        return [found.get(member_id) for member_id in ids]

    async def _comments(self, asked: list[CommentsOf]) -> list[list[Any]]:
        found: dict[CommentsOf, list[Any]] = defaultdict(list)
        for first in {of.first for of in asked}:
            posts = [of.post_id for of in asked if of.first == first]
            for row in await self._all(_COMMENTS, posts, first + 1):
                found[CommentsOf(row["post_id"], first)].append(row)
        return [found[of] for of in asked]

    async def _one(self, statement: str, *arguments: Any) -> Any:
        viewer = self._viewer
        async with self._turn:
            return await self._connection.fetchrow(
                statement, viewer.community_id, viewer.id, *arguments
            )

    async def _all(self, statement: str, *arguments: Any) -> list[Any]:
        viewer = self._viewer
        async with self._turn:
            return await self._connection.fetch(
                statement, viewer.community_id, viewer.id, *arguments
            )
