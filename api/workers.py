"""Run several server processes under uvicorn's parent, which notices at once when one dies."""

from typing import Any

import uvicorn
from uvicorn.supervisors import multiprocess

from api.serving import listeners

# a worker on a slow machine may take longer to start than uvicorn's 5 s without being hung
_PATIENCE_SECONDS = 30


class Worker(multiprocess.Process):
    """It is a worker that alone holds its end of the pipe to its parent; the pipe breaks when it dies.

    In uvicorn the parent keeps that end open too. If a worker dies during a health check, the
    parent then waits for its answer and checks no other worker meanwhile.
    """

    def start(self) -> None:
        """Start the process and close the parent's copy of its end of the pipe."""
        super().start()
        self.child_conn.close()


def run(app: str, workers: int, **options: Any) -> None:
    """Serve with this many workers until told to stop; a worker that dies is replaced."""
    config = uvicorn.Config(
        app, workers=workers, timeout_worker_healthcheck=_PATIENCE_SECONDS, **options
    )
    multiprocess.Process = Worker
    multiprocess.Multiprocess(config, listeners(config)).run()
