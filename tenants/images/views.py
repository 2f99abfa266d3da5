"""The engine prints the URLs of an image from these expressions."""

from typing import Any

import sqlalchemy as sa

from tenants.files import FULL, THUMBNAIL
from tenants.images.signing import SIGNATURE_BYTES
from tenants.images.tables import images

# bound by the engine to the result of Signer.values
_BASE = sa.bindparam("signed base", type_=sa.Text())
_UNTIL = sa.bindparam("signed until", type_=sa.BigInteger())
_INNER = sa.bindparam("signed inner", type_=sa.LargeBinary())
_OUTER = sa.bindparam("signed outer", type_=sa.LargeBinary())


def _text(words: str) -> sa.ColumnElement[str]:
    return sa.literal_column(f"'{words}'", sa.Text())


def _address(name: str) -> sa.ColumnElement[str]:
    """Return the URL of one file: its path, its expiry time, and the HMAC of the path."""
    path = sa.func.concat(images.c.community_id, _text("/"), images.c.id, _text(f"/{name}"))
    bytes_: Any = sa.func.convert_to(path, _text("UTF8"))
    mac = sa.func.sha256(_joined(_OUTER, sa.func.sha256(_joined(_INNER, bytes_))))
    short = sa.func.substr(mac, sa.literal_column("1"), sa.literal_column(str(SIGNATURE_BYTES)))
    signature = sa.func.encode(short, _text("hex"))
    return sa.func.concat(
        _BASE, path, _text("?until="), _UNTIL, _text("&sig="), signature, type_=sa.Text()
    )


def _joined(one: Any, other: Any) -> sa.ColumnElement[bytes]:
    return one.op("||")(other)


image_url = _address(FULL)
thumbnail_url = _address(THUMBNAIL)
