"""The operations, in linli's schema and PostGraphile's; the Strawberry peer has four."""

import json
from dataclasses import dataclass
from string import Template
from typing import Any
from uuid import uuid4

from api.engine.identifiers import encode_id
from bench.ground import BOARD, Reader

Body = dict[str, Any]

# Replaced in each request by a fresh text and a fresh uuid.
FRESH_KEY, FRESH_UUID = "FRESH-KEY", "FRESH-UUID"

_FEED = """{ board(slug: "%s") { posts(first: 20) {
  nodes { id title body pinned createdAt commentCount author { id displayName }
    comments(first: 3) { nodes { id body createdAt author { id displayName } } pageInfo { hasNextPage } } }
  pageInfo { hasNextPage endCursor } } } }"""
_POST = "query ($id: ID!) { post(id: $id) { id title body createdAt author { id displayName } } }"
_CREATE = """mutation ($input: CreatePostInput!) {
  createPost(input: $input) { post { id title createdAt } userErrors { code } } }"""

_THEIR_AUTHOR = "author: memberByCommunityIdAndAuthorId { id: rowId displayName }"
_THEIR_FEED = """{ board: boardByCommunityIdAndSlug(communityId: %d, slug: "%s") {
  posts: postsByCommunityIdAndBoardId(first: 20, orderBy: [ROW_ID_DESC],
    condition: {visibleTo: "%s"}) {
  nodes { id: rowId title body pinned createdAt commentCount %s
    comments: commentsByCommunityIdAndPostId(first: 3, orderBy: [ROW_ID_ASC],
      condition: {parentId: null, visibleTo: "%s"}) {
      nodes { id: rowId body createdAt %s } pageInfo { hasNextPage } } }
  pageInfo { hasNextPage endCursor } } } }"""
_THEIR_POST = """query ($id: UUID!) {
  post: postByCommunityIdAndRowId(communityId: %d, rowId: $id) { id: rowId title body createdAt %s } }"""
_THEIR_VIEWER = "{ viewer: memberByCommunityIdAndRowId(communityId: %d, rowId: %s) { id: rowId } }"
_THEIR_CREATE = """mutation ($input: CreatePostInput!) {
  createPost(input: $input) { post { id: rowId title createdAt } } }"""

# Documents that nothing was tuned for, in both schemas.
_OUR_BOARD = 'board(slug: "$board")'
_THEIR_BOARD = 'boardByCommunityIdAndSlug(communityId: $community, slug: "$board")'
_OUR_PAGE, _THEIR_PAGE = (
    "posts(first: %d)",
    "posts: postsByCommunityIdAndBoardId(first: %d, $posts)",
)
_OUR_CARD = "id title author { id displayName }"
_THEIR_CARD = "id: rowId title $author"


def _aliases(board: str, page: str, card: str) -> str:
    boards = (f"a{n}: {board} {{ {page % (n + 2)} {{ nodes {{ {card} }} }} }}" for n in range(5))
    return f"{{ {' '.join(boards)} }}"


_UNSEEN = {
    "wide": (
        """{ board(slug: "$board") { posts(first: 50) { nodes {
  id title body pinned createdAt commentCount author { id displayName } } } } }""",
        """{ board: boardByCommunityIdAndSlug(communityId: $community, slug: "$board") {
  posts: postsByCommunityIdAndBoardId(first: 50, $posts) { nodes {
  id: rowId title body pinned createdAt commentCount $author } } } }""",
    ),
    "deep": (
        """{ board(slug: "$board") { posts(first: 5) { nodes { id title author { id displayName }
  comments(first: 10) { nodes { id body createdAt author { id displayName }
    post { id title author { id displayName } } } } } } } }""",
        """{ board: boardByCommunityIdAndSlug(communityId: $community, slug: "$board") {
  posts: postsByCommunityIdAndBoardId(first: 5, $posts) { nodes { id: rowId title $author
  comments: commentsByCommunityIdAndPostId(first: 10, $comments) { nodes {
    id: rowId body createdAt $author
    post: postByCommunityIdAndPostId { id: rowId title $author } } } } } } }""",
    ),
    "aliases": (
        _aliases(_OUR_BOARD, _OUR_PAGE, _OUR_CARD),
        _aliases(_THEIR_BOARD, _THEIR_PAGE, _THEIR_CARD),
    ),
}
UNSEEN = tuple(_UNSEEN)

_WORDS = {"title": "明天停水通知", "body": "物业说明天上午九点到下午三点停水，请大家提前储水。"}


@dataclass(frozen=True)
class Operation:
    """It is one operation: its name, and its request in both schemas."""

    name: str
    ours: Body
    theirs: Body


def operations(reader: Reader) -> dict[str, Operation]:
    """Return the operations for this reader, by name."""
    listed = (
        Operation("feed", {"query": _FEED % BOARD}, {"query": _their_feed(reader)}),
        Operation(
            "post",
            {"query": _POST, "variables": {"id": encode_id(reader.post, "pst_")}},
            {
                "query": _THEIR_POST % (reader.community_id, _THEIR_AUTHOR),
                "variables": {"id": str(reader.post)},
            },
        ),
        Operation(
            "viewer",
            {"query": "{ viewer { id } }"},
            {"query": _THEIR_VIEWER % (reader.community_id, f'"{reader.id}"')},
        ),
        *(Operation(name, *_unseen(name, reader)) for name in UNSEEN),
        Operation("createPost", _create(reader), _their_create(reader)),
    )
    return {operation.name: operation for operation in listed}


def once(body: Body) -> Body:
    """Return a request that can be sent as it is."""
    text = json.dumps(body).replace(FRESH_KEY, str(uuid4())).replace(FRESH_UUID, str(uuid4()))
    return json.loads(text)


def _unseen(name: str, reader: Reader) -> tuple[Body, Body]:
    seen = f'condition: {{visibleTo: "{reader.id}"}}'
    words = {
        "board": BOARD,
        "community": reader.community_id,
        "author": _THEIR_AUTHOR,
        "posts": f"orderBy: [ROW_ID_DESC], {seen}",
        "comments": f"orderBy: [ROW_ID_ASC], {seen.replace('{', '{parentId: null, ')}",
    }
    ours, theirs = (Template(text).substitute(words) for text in _UNSEEN[name])
    return {"query": ours}, {"query": theirs}


def _their_feed(reader: Reader) -> str:
    return _THEIR_FEED % (
        reader.community_id, BOARD, reader.id, _THEIR_AUTHOR, reader.id, _THEIR_AUTHOR,
    )  # fmt: skip


def _create(reader: Reader) -> Body:
    sent = {**_WORDS, "boardId": encode_id(reader.board, "brd_"), "idempotencyKey": FRESH_KEY}
    return {"query": _CREATE, "variables": {"input": sent}}


def _their_create(reader: Reader) -> Body:
    """Return PostGraphile's mutation: the bare row, without audit, key, terms or counts."""
    post = {
        **_WORDS,
        "communityId": reader.community_id,
        "rowId": FRESH_UUID,
        "boardId": str(reader.board),
        "authorId": str(reader.id),
        "pinned": False,
        "state": "PUBLISHED",
        "createdAt": "2026-01-01T00:00:00Z",
        "commentCount": 0,
        "reactionCount": 0,
        "version": 1,
    }
    return {"query": _THEIR_CREATE, "variables": {"input": {"post": post}}}
