"""Several server processes and their parent: uvicorn's, which notices at once when one of them dies."""

from typing import Any

import uvicorn
from uvicorn.supervisors import multiprocess

# a worker on a slow machine takes longer to start than uvicorn's 5 s, and is not hung
_PATIENCE_SECONDS = 30


class Worker(multiprocess.Process):
    """A worker whose end of the line to its parent is its own: the line breaks when it dies.

    As uvicorn has it, the parent keeps that end open too, and waits for the answer of one that died
    while it was asked whether it lives; no other worker is looked after meanwhile.
    """

    def start(self) -> None:
        """Start it."""
        super().start()
        self.child_conn.close()


def run(app: str, workers: int, **options: Any) -> None:
    """Serve with so many workers until told to stop; one that dies is followed by another."""
    multiprocess.Process = Worker
    uvicorn.run(app, workers=workers, timeout_worker_healthcheck=_PATIENCE_SECONDS, **options)
