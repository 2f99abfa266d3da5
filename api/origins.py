"""CORS decides what pages of other sites may do here: nothing, unless their origin is listed."""

from collections.abc import Iterable

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

# headers that common GraphQL clients send by themselves
_CLIENTS_HEADERS = (
    "accept",
    "apollo-require-preflight",
    "apollographql-client-name",
    "apollographql-client-version",
    "authorization",
    "content-type",
    "graphql-client-name",
    "graphql-client-version",
    "graphql-require-preflight",
    "prefer",
    "traceparent",
    "tracestate",
    "x-apollo-operation-id",
    "x-apollo-operation-name",
    "x-graphql-client-name",
    "x-graphql-client-version",
    "x-requested-with",
)


def cors(origins: Iterable[str]) -> Middleware:
    """Return middleware that lets pages of these origins send requests and read some headers."""
    return Middleware(
        CORSMiddleware,
        allow_origins=list(origins),
        allow_methods=["GET", "POST"],
        allow_headers=_CLIENTS_HEADERS,
        expose_headers=["x-trace-id", "x-cost", "x-ratelimit-remaining", "retry-after"],
    )
