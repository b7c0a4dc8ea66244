"""The test build: the real command line, which ends by SIGKILL at a named point. The product knows nothing of it.

`PORTAVOZ_TEST_KILL_AT=publish.after_call:2` ends the process at the second passing of that point. `@FILE` instead
of a point reads it from a file at every passing, so that a running process can be armed: write the file whole
(rename it into place); what is in it counts from then on.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path

from bot.cli import main
from bot.core import publishing
from bot.engine import lanes, points
from tests.crash.hasty import shorten

KILL_AT = "PORTAVOZ_TEST_KILL_AT"
SHARED = "PORTAVOZ_TEST_SHARED"
"""Set for processes that share a database: their leases are short."""
SOON = timedelta(seconds=0.5)
"""When a network is looked at again after a lost answer: who is killed here has no call on its way any more.

And when a token that was refused is tried again: nobody throttles whoever does so here.
"""


class Killer:
    """Sees every point that is passed, from whatever thread."""

    def __init__(self, given: str) -> None:
        self._file = Path(given[1:]) if given.startswith("@") else None
        self._armed = "" if self._file else given
        self._passed: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __call__(self, point: str) -> None:
        with self._lock:
            self._look()
            name, _, nth = self._armed.partition(":")
            if point != name:
                return
            self._passed[point] += 1
            if self._passed[point] >= int(nth or 1):
                os.kill(os.getpid(), signal.SIGKILL)

    def _look(self) -> None:
        if self._file is None:
            return
        armed = self._file.read_text() if self._file.exists() else ""
        if armed != self._armed:
            self._armed = armed
            self._passed.clear()


if __name__ == "__main__":
    if os.environ.get(KILL_AT):
        points.visit_with(Killer(os.environ[KILL_AT]))
    publishing.LOOK_AGAIN = lanes.TOKEN_AGAIN = SOON
    if os.environ.get(SHARED):
        shorten()
    main()
