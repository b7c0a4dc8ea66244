"""The real command line, which ends by SIGKILL at its nth step that touches a folder. The product knows nothing of it.

A step is what Python's audit hooks tell of files and databases (PEP 578). `PORTAVOZ_TEST_KILL_STEP=7`,
`PORTAVOZ_TEST_KILL_IN=/the/folder`.
"""

from __future__ import annotations

import os
import signal
import sys

from bot.cli import main

STEP, IN = "PORTAVOZ_TEST_KILL_STEP", "PORTAVOZ_TEST_KILL_IN"
_COUNTED = {"open", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "sqlite3.connect", "tempfile.mkstemp"}


def kill_at(step: int, folder: str) -> None:
    """Let the process end there."""
    left = [step]

    def hook(event: str, args: tuple[object, ...]) -> None:
        if event in _COUNTED and any(isinstance(arg, str) and arg.startswith(folder) for arg in map(_path, args)):
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def _path(value: object) -> object:
    if isinstance(value, os.PathLike):
        value = os.fspath(value)
    return os.fsdecode(value) if isinstance(value, bytes) else value


if __name__ == "__main__":
    kill_at(int(os.environ[STEP]), os.environ[IN])
    main()
