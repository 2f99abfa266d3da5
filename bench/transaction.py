"""Write linli's statements as pgbench scripts: the same texts, with literal parameters."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from api.engine.executor import Engine
from api.engine.preparing import Request
from api.schema.schema import contract
from bench.ground import BOARD, ROOT, Reader
from bench.operations import Body
from tenants.db import Database
from tenants.domains import DOMAINS
from tenants.scopes import Role, scopes_of
from tenants.viewer import Principal, Viewer

# as linli sends it under load: one round trip
_NOW = "\\startpipeline\nbegin read only;\n{enter};\n{text};\ncommit;\n\\endpipeline\n"
# as it was sent at d24b46b: three round trips, one after another
_KEPT = (
    "\\startpipeline\nbegin read only;\nselect tenant.enter({community});\n\\endpipeline\n"
    "{text};\ncommit;\n"
)
_KEPT_FEED = ROOT / "bench" / "statements" / "feed-d24b46b.sql"


def script(reader: Reader, body: Body) -> str:
    """Return the operation's transaction as linli sends it now."""
    viewer = _viewer(reader)
    engine = Engine(contract(), Database({}, DOMAINS), {})
    prepared = engine.prepare(Request(body["query"], None, body.get("variables")), viewer)
    compiled = prepared.plan.query
    assert compiled is not None
    assert compiled.text is not None
    text = _written_in(compiled.text, [bind(prepared.env) for bind in compiled.binders])
    return _NOW.format(enter=";\n".join(viewer.enter), text=text)


def kept_feed(reader: Reader) -> str:
    """Return the feed's transaction as it was at d24b46b, with which later speeds are compared."""
    who = {"community": reader.community_id, "viewer": reader.id, "board": BOARD}
    text = _KEPT_FEED.read_text().strip().format(**who)
    return _KEPT.format(text=text, **who)


def _viewer(reader: Reader) -> Viewer:
    roles = frozenset({Role.RESIDENT})
    return Viewer(
        principal=Principal.COMMUNITY,
        id=reader.id,
        roles=roles,
        scopes=scopes_of(roles),
        version=reader.version,
        client_id="linli-bench",
        token_id="",
        expires_at=datetime.max.replace(tzinfo=UTC),
        community_id=reader.community_id,
    )


def _written_in(text: str, values: list[Any]) -> str:
    """Replace each `$n` by its value; the casts after it stay."""
    literal: Callable[[re.Match[str]], str] = lambda found: _literal(values[int(found[1]) - 1])  # noqa: E731 # typed for re.sub
    return re.sub(r"\$(\d+)(?=::)", literal, text)


def _literal(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool | int):
        return str(value).lower()
    if isinstance(value, list):
        return f"'{{{','.join(map(str, value))}}}'"  # our own words: scopes, states
    quoted = str(value).replace("'", "''")
    return f"'{quoted}'"
