"""An image begins at the upload, is attached to a text, released, and deleted."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self
from uuid import UUID

import sqlalchemy as sa

from tenants.columns import NOW, TENANT, VIEWER, bound
from tenants.domain import Quota
from tenants.errors import Code, Refused
from tenants.files import Files
from tenants.images.policy import USE
from tenants.images.tables import images
from tenants.quotas import spare
from tenants.server import Server
from tenants.sweeps import Sweep
from tenants.transaction import Tx

log = logging.getLogger("linli.images")

MOST_A_DAY = 100
_DAY = timedelta(days=1)
_AT_ONCE = 50


async def ask(tx: Tx) -> None:
    """Raise QUOTA_EXCEEDED if the viewer used up the day's images; call it before decoding one."""
    await spare(tx, IMAGES_A_DAY, tx.viewer.id, v_since=tx.now - _DAY)


async def begin(tx: Tx, *, width: int, height: int, size: int) -> UUID:
    """Insert an image that belongs to no text yet; the caller writes its file after the commit."""
    await ask(tx)
    image_id = tx.new_id()
    await tx.insert(
        images,
        id=image_id,
        owner_id=tx.viewer.id,
        width=width,
        height=height,
        bytes=size,
        created_at=tx.now,
        desks=[],
    )
    return image_id


async def put_to(
    tx: Tx,
    image_ids: Sequence[UUID],
    subject: str,
    id: UUID,
    *,
    most: int,
    has: Sequence[UUID] = (),
    after: int = 0,
    **more: Any,
) -> None:
    """Attach the viewer's images to a text being written, in this order; each is used once.

    `subject` is `post`, `comment`, `petition` or `milestone`; the caller holds its row lock. Images in `has`
    already belong to the text and may be listed again. The positions begin at `after`. `more` are
    further columns of the images.
    """
    if after + len(image_ids) > most:
        raise Refused(Code.TOO_LONG, f"最多 {most} 张图片。At most {most} images.", "uploadIds")
    if len(set(image_ids)) < len(image_ids):
        raise Refused(Code.INVALID, "有重复。The same image twice.", "uploadIds")
    # the order of ids is the lock order, for parallel requests with the same images
    for place, image_id in sorted(enumerate(image_ids), key=lambda pair: str(pair[1])):
        if image_id in has:
            await tx.update(images, image_id, position=after + place)
        else:
            image = await tx.find(images, image_id, "uploadIds", str(place), permit=USE)
            values = {"subject_id": id, f"{subject}_id": id, "position": after + place, **more}
            await tx.update(images, image["id"], **values)


async def of(tx: Tx, subject_id: UUID) -> list[UUID]:
    """Return the images of a text, in order; for a petition, without those of its answers."""
    return [row["id"] for row in await tx.rows(_OF, v_subject_id=subject_id)]


async def replace(tx: Tx, image_ids: Sequence[UUID], subject: str, id: UUID, *, most: int) -> None:
    """Set the images of a text: some that it has already, some new; the others are released."""
    has = await of(tx, id)
    await put_to(tx, image_ids, subject, id, most=most, has=has)
    await tx.row(_DROP, v_ids=[each for each in has if each not in image_ids])


async def release(tx: Tx, subject_ids: Sequence[UUID]) -> None:
    """Release the images of texts that were taken down: no answer shows them from now on.

    A URL that was issued before still works until they are deleted, within the hour.
    """
    await tx.row(_RELEASE, v_ids=list(subject_ids))


@dataclass(frozen=True)
class Collector(Sweep):
    """Delete released images, and those that were not used within a day."""

    what = "collecting images"
    first = 60

    files: Files = field(kw_only=True)

    @classmethod
    def of(cls, server: Server) -> Self:
        """Return the sweep of a server."""
        return cls(server.database, files=server.files)

    async def community(self, number: int) -> int:
        """Delete them in one community; return the number of images deleted."""
        removed = 0
        while found := await self._collect(number):
            removed += found
        return removed

    async def _collect(self, number: int) -> int:
        """Delete some images of a community, files first: a row without a file is found again."""
        # in its own transaction: an image whose file is deleted must never be attached, whatever
        # fails later
        async with self.inside(number) as tx:
            await tx.row(_EXPIRE, v_before=tx.now - _DAY)
        async with self.inside(number) as tx:
            due = [row["id"] for row in await tx.rows(_DUE)]
            tried = await asyncio.gather(
                *(self.files.remove(number, image) for image in due), return_exceptions=True
            )
            failed = [error for error in tried if error is not None]
            if failed:
                log.error("community %d: %d files stay: %r", number, len(failed), failed[0])
            gone = [image for image, error in zip(due, tried, strict=True) if error is None]
            await tx.row(_REMOVE, v_ids=gone)
        return len(gone)


_AMONG = sa.any_(sa.bindparam("v_ids", type_=sa.ARRAY(images.c.id.type)))
IMAGES_A_DAY = Quota(
    "image.day",
    MOST_A_DAY,
    sa.select(sa.func.count().label("count")).where(
        images.c.community_id == TENANT,
        images.c.owner_id == VIEWER,
        images.c.created_at > bound(images.c.created_at, "since"),
    ),
    f"每天最多 {MOST_A_DAY} 张图片。At most {MOST_A_DAY} images a day.",
)
_LET_GO = (
    sa.update(images)
    .where(images.c.community_id == TENANT, images.c.released_at.is_(None))
    .values(released_at=NOW)
)
_DROP = _LET_GO.where(images.c.id == _AMONG)
_RELEASE = _LET_GO.where(images.c.subject_id == _AMONG)
_OF = (
    sa.select(images.c.id)
    .where(
        images.c.community_id == TENANT,
        images.c.subject_id == bound(images.c.subject_id),
        images.c.answered_at.is_(None),
        images.c.released_at.is_(None),
    )
    .order_by(images.c.position)
)
# all that a member uploaded: a picture can identify a person
FORGET = _LET_GO.where(images.c.owner_id == bound(images.c.owner_id, "member_id"))
# a transaction that attaches an image holds its row lock, so this waits; then the image is used
_EXPIRE = _LET_GO.where(
    images.c.subject_id.is_(None),
    images.c.created_at < bound(images.c.created_at, "before"),
)
# rows that another worker is deleting are locked
_DUE = (
    sa.select(images.c.id)
    .where(images.c.community_id == TENANT, images.c.released_at.is_not(None))
    .order_by(images.c.id)
    .limit(_AT_ONCE)
    .with_for_update(skip_locked=True)
)
_REMOVE = sa.delete(images).where(images.c.community_id == TENANT, images.c.id == _AMONG)
