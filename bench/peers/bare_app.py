"""The bare peer: Starlette that answers a small constant JSON and does nothing else."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


async def answer(_: Request) -> JSONResponse:
    """Return the answer of `{ viewer { id } }` as a constant."""
    return JSONResponse({"data": {"viewer": {"id": "mem_AaIFwg9dcDmM7ZJ0mDnSxw"}}})


app = Starlette(routes=[Route("/graphql", answer, methods=["POST"])])
