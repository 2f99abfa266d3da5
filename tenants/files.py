"""Store the files of images in a folder or a bucket, through one library (obstore)."""

import logging
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname
from uuid import UUID

import obstore
from obstore.exceptions import BaseError
from obstore.store import from_url

from tenants.errors import Busy

log = logging.getLogger("linli.images")
FULL, THUMBNAIL = "full.jpg", "thumbnail.jpg"


@dataclass(frozen=True)
class Files:
    """It keeps the files of all communities: `<community>/<image>/<full.jpg or thumbnail.jpg>`."""

    store: Any

    @classmethod
    def at(cls, url: str) -> "Files":
        """Open `file:///…` (created if missing) or `s3://bucket/prefix` (credentials from AWS_…)."""
        options: dict[str, Any] = {}
        if url.startswith("file:"):
            _keep_to_ourselves(Path(url2pathname(urlsplit(url).path)))
            options = {"mkdir": True, "automatic_cleanup": True}  # leave no empty folders
        return cls(from_url(url, **options))

    async def put(self, community_id: int, image: UUID, full: bytes, thumbnail: bytes) -> None:
        """Write both files of an image; raise Busy if the storage does not answer."""
        folder = f"{community_id}/{image}"
        with _answering():
            await obstore.put_async(self.store, f"{folder}/{FULL}", full)
            await obstore.put_async(self.store, f"{folder}/{THUMBNAIL}", thumbnail)

    async def get(self, path: str) -> bytes | None:
        """Return a file's content or None; raise Busy if the storage does not answer."""
        with _answering():
            try:
                found = await obstore.get_async(self.store, path)
                return bytes(await found.bytes_async())
            except FileNotFoundError:
                return None

    async def remove(self, community_id: int, image: UUID) -> None:
        """Delete both files of an image; a missing file is ignored."""
        for name in (FULL, THUMBNAIL):
            try:
                await obstore.delete_async(self.store, f"{community_id}/{image}/{name}")
            except FileNotFoundError:
                continue


def _keep_to_ourselves(folder: Path) -> None:
    """Create a folder that no other user of the machine can read: private petitions have images."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)


@contextmanager
def _answering() -> Generator[None]:
    try:
        yield
    except (BaseError, OSError) as error:
        log.warning("the storage does not answer: %s", error)
        raise Busy("The storage does not answer.") from error
