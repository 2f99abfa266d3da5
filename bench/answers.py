"""Check that the peers give the same answers before anything is timed."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx

from api.engine.identifiers import PREFIX_LENGTH, decode_uuid


class Different(Exception):
    """Two peers answer differently, so their speeds cannot be compared."""


def ask(url: str, token: str, body: dict[str, Any]) -> httpx.Response:
    """Send one request to a server and return the response."""
    headers = {"authorization": f"Bearer {token}"}
    response = httpx.post(url, json=body, headers=headers, timeout=30)
    response.raise_for_status()
    return response


def data(name: str, response: httpx.Response) -> Any:
    """Return an answer's data, normalised to compare; raises Different if it has errors."""
    answer = response.json()
    if answer.get("errors") or not answer.get("data"):
        raise Different(f"{name} answers with errors: {response.text[:500]}")
    return _shared(answer["data"])


def same(name: str, answer: Any, other: str, theirs: Any) -> None:
    """Compare two normalised answers; raises Different with the first place that differs."""
    if (place := _parting(answer, theirs, "data")) is not None:
        raise Different(f"{name} and {other} differ at {place}")


def whole_feed(feed: Any) -> None:
    """Check that the feed is as large as stated: 20 posts, with 3 comments on most of them.

    Raises Different if it is smaller.
    """
    posts = feed["board"]["posts"]
    nodes = posts["nodes"]
    full = sum(len(post["comments"]["nodes"]) == 3 for post in nodes)
    if len(nodes) != 20 or not posts["pageInfo"]["hasNextPage"] or full < 10:
        raise Different(
            f"the feed has {len(nodes)} posts, {full} of them with 3 comments: too small to measure"
        )


def _shared(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _shared(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_shared(item, key) for item in value]
    if key == "id" and isinstance(value, str):
        # ours: a prefix and base64url; theirs: the uuid as text
        return decode_uuid(value[PREFIX_LENGTH:]) or UUID(value)
    if key == "createdAt":
        return datetime.fromisoformat(value).astimezone(UTC)
    if key == "endCursor":
        return value is not None  # opaque, and different in each peer
    return value


def _parting(one: Any, two: Any, path: str) -> str | None:
    if isinstance(one, dict) and isinstance(two, dict) and one.keys() == two.keys():
        return next((p for k in one if (p := _parting(one[k], two[k], f"{path}.{k}"))), None)
    if isinstance(one, list) and isinstance(two, list) and len(one) == len(two):
        pairs = enumerate(zip(one, two, strict=True))
        return next((p for i, (a, b) in pairs if (p := _parting(a, b, f"{path}[{i}]"))), None)
    return None if one == two else f"{path}: {one!r} / {two!r}"[:400]
