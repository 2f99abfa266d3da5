"""The bare peer: Starlette answering one small constant JSON, and nothing else."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


async def answer(_: Request) -> JSONResponse:
    """Answer as `{ viewer { id } }` would, without asking anyone."""
    return JSONResponse({"data": {"viewer": {"id": "mem_AaIFwg9dcDmM7ZJ0mDnSxw"}}})


app = Starlette(routes=[Route("/graphql", answer, methods=["POST"])])
