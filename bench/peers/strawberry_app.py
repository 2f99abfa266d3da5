"""Provide the Strawberry peer: a schema of the same shape with plain resolvers and DataLoaders.

Starlette and uvicorn serve it through Strawberry's own ASGI view, with cached documents. Tokens
are checked by linli's code, and a mutation calls linli's domain function: only the way an answer
is made is different.
"""

import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import strawberry
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import Route
from starlette.websockets import WebSocket
from strawberry import ID
from strawberry.asgi import GraphQL
from strawberry.extensions import ParserCache, SchemaExtension, ValidationCache

from api.auth import InvalidToken, Tokens
from api.engine.identifiers import decode_id, encode_id
from api.engine.inputs import NO_ROW
from api.keys import Keys
from api.settings import Settings
from bench.peers.reading import CommentsOf, Reading
from tenants import audit
from tenants.boards.service import posts as post_service
from tenants.boards.service.check import Verdict
from tenants.db import Database
from tenants.domains import DOMAINS
from tenants.membership import service as membership_service
from tenants.transaction import Client
from tenants.viewer import Principal, Viewer

assert membership_service  # the import declares how a change checks its viewer
settings = Settings.from_environment()
tokens = Tokens(Keys(settings.data / "keys"), settings.public_url, settings.token_seconds)


@dataclass
class Context:
    """It is what the resolvers of a request share."""

    viewer: Viewer
    database: Database
    response: Any
    reading: Reading | None = None


Info = strawberry.Info[Context, None]


def reading(info: Info) -> Reading:
    """Return the request's open transaction."""
    assert info.context.reading is not None
    return info.context.reading


@strawberry.type
class Member:
    """It is a member as neighbours see them."""

    id: strawberry.ID
    display_name: str

    @staticmethod
    def of(row: Any) -> "Member | None":
        """Return the member in a row, or None."""
        return row and Member(id=ID(encode_id(row["id"], "mem_")), display_name=row["display_name"])


@strawberry.type
class PageInfo:
    """It is the position of a page."""

    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class Comment:
    """It is a comment."""

    id: strawberry.ID
    body: str | None
    created_at: datetime
    author_id: strawberry.Private[Any]

    @strawberry.field
    async def author(self, info: Info) -> Member | None:
        """Return the author."""
        if self.author_id is None:
            return None
        return Member.of(await reading(info).members.load(self.author_id))


@strawberry.type
class CommentConnection:
    """It is a page of comments."""

    nodes: list[Comment]
    page_info: PageInfo


@strawberry.type
class Post:
    """It is a post."""

    id: strawberry.ID
    title: str
    body: str
    pinned: bool
    created_at: datetime
    comment_count: int
    row: strawberry.Private[Any]

    @strawberry.field
    async def author(self, info: Info) -> Member | None:
        """Return the author."""
        return Member.of(await reading(info).members.load(self.row["author_id"]))

    @strawberry.field
    async def comments(self, info: Info, first: int = 20) -> CommentConnection:
        """Return the first comments."""
        rows = await reading(info).comments.load(CommentsOf(self.row["id"], first))
        nodes = [
            Comment(
                id=ID(encode_id(row["id"], "cmt_")),
                body=row["body"],
                created_at=row["created_at"],
                author_id=row["author_id"],
            )
            for row in rows[:first]
        ]
        page = PageInfo(has_next_page=len(rows) > first, end_cursor=nodes[-1].id if nodes else None)
        return CommentConnection(nodes=nodes, page_info=page)

    @staticmethod
    def of(row: Any) -> "Post | None":
        """Return the post in a row, or None."""
        return row and Post(
            id=ID(encode_id(row["id"], "pst_")),
            title=row["title"],
            body=row["body"],
            pinned=row["pinned"],
            created_at=row["created_at"],
            comment_count=row["comment_count"],
            row=row,
        )


@strawberry.type
class PostConnection:
    """It is a page of posts."""

    nodes: list[Post]
    page_info: PageInfo


@strawberry.type
class Board:
    """It is a board."""

    row: strawberry.Private[Any]

    @strawberry.field
    async def posts(self, info: Info, first: int = 20) -> PostConnection:
        """Return the newest posts first."""
        rows = await reading(info).posts(self.row["id"], first + 1)
        nodes = [post for row in rows[:first] if (post := Post.of(row))]
        page = PageInfo(has_next_page=len(rows) > first, end_cursor=nodes[-1].id if nodes else None)
        return PostConnection(nodes=nodes, page_info=page)


@strawberry.type
class Query:
    """It is what the bench reads."""

    @strawberry.field
    async def viewer(self, info: Info) -> Member | None:
        """Return the viewer."""
        return Member.of(await reading(info).members.load(info.context.viewer.id))

    @strawberry.field
    async def board(self, info: Info, slug: str) -> Board | None:
        """Return a board by its slug."""
        row = await reading(info).board(slug)
        return row and Board(row=row)

    @strawberry.field
    async def post(self, info: Info, id: strawberry.ID) -> Post | None:
        """Return a post by its id."""
        post_id = decode_id(id, "pst_")
        return None if post_id is None else Post.of(await reading(info).post(post_id))


@strawberry.input
class CreatePostInput:
    """It is a post to write."""

    board_id: strawberry.ID
    title: str
    body: str
    idempotency_key: str


@strawberry.type
class UserError:
    """It says why a mutation was refused."""

    code: str


@strawberry.type
class PostPayload:
    """It is the result of createPost."""

    post: Post | None
    user_errors: list[UserError]


@strawberry.type
class Mutation:
    """It is what the bench changes."""

    @strawberry.mutation
    async def create_post(self, info: Info, input: CreatePostInput) -> PostPayload:
        """Write a post by linli's domain function, and read it in the same transaction."""
        viewer = info.context.viewer
        client = Client(viewer.client_id, "bench")
        async with info.context.database.write(viewer, client) as tx:
            claim = await audit.once(tx, "create_post", input.idempotency_key, input.title)
            made = claim.done or await post_service.create(
                tx,
                board_id=decode_id(input.board_id, "brd_") or NO_ROW,
                title=input.title,
                body=input.body,
                upload_ids=(),
                verdict=Verdict.PASS,
            )
            if claim.done is None:
                await audit.keep(tx, claim, made)
            return PostPayload(
                post=Post.of(await Reading(tx.connection, viewer).post(made)), user_errors=[]
            )


class Transaction(SchemaExtension):
    """It is one read-only transaction for each query; its first statement sets the tenant."""

    async def on_execute(self) -> AsyncGenerator[None]:
        """Begin before the first resolver, commit after the last."""
        if self.execution_context.operation_type.value != "query":
            yield
            return
        context: Context = self.execution_context.context
        async with context.database.pools[Principal.COMMUNITY].acquire() as connection:
            await connection.execute("; ".join(["begin read only", *context.viewer.enter]))
            context.reading = Reading(connection, context.viewer)
            try:
                yield
            finally:
                await connection.execute("commit")


class View(GraphQL[Context, None]):
    """It is Strawberry's view, with our token check and orjson."""

    database: Database

    async def get_context(self, request: Request | WebSocket, response: Any) -> Context:
        """Verify the token; verified tokens are cached."""
        _, _, token = request.headers.get("authorization", "").partition(" ")
        try:
            viewer = tokens.verify(token, time.time())
        except InvalidToken as error:
            raise HTTPException(401) from error
        return Context(viewer, self.database, response)

    def encode_json(self, data: object) -> bytes:
        """Encode JSON with orjson."""
        return orjson.dumps(data)


schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    extensions=[
        lambda: ParserCache(maxsize=100),
        lambda: ValidationCache(maxsize=100),
        Transaction,
    ],
)
view: View = View(schema, graphql_ide=None)


@asynccontextmanager
async def lifespan(_: Starlette) -> AsyncGenerator[None]:
    """Open the same pools as linli."""
    view.database = await Database.connect(
        settings.role_urls(), DOMAINS, size=settings.pool_size, statements=150
    )
    yield
    await view.database.close()


app = Starlette(routes=[Route("/graphql", view)], lifespan=lifespan)
