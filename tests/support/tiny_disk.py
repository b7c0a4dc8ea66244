"""A disk of a few megabytes: a tmpfs in a mount namespace of its own, as root and as an ordinary user.

Nobody else sees it; it goes with the process that holds it. From outside it is reached through `/proc`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

_HOLD = 'mount -t tmpfs -o "size=$1" tiny "$2" && echo held && exec sleep 600'


class TinyDisk:
    """`folder` is where processes that are started with `prefix` see it, `outside` where we do."""

    def __init__(self, folder: Path, size: str) -> None:
        folder.mkdir()
        self.folder = folder
        unshare = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", _HOLD, "sh", size, str(folder)]
        self._holder = subprocess.Popen(unshare, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self._holder.stdout is not None
        if self._holder.stdout.readline().strip() != "held":
            raise NoNamespaces(self._holder.communicate()[1])
        self.outside = Path(f"/proc/{self._holder.pid}/root{folder}")
        self._filler = self.outside / "filler"

    @property
    def prefix(self) -> list[str]:
        """The words before a command that is to see it."""
        target = ["--target", str(self._holder.pid)]
        return ["nsenter", *target, "--user", "--preserve-credentials", "--mount", f"--wd={os.getcwd()}", "--"]  # noqa: PTH109

    def free(self) -> int:
        """Bytes that are free."""
        return shutil.disk_usage(self.outside).free

    def fill(self, leave: int = 0) -> None:
        """Fill it up, but for so many bytes."""
        with self._filler.open("ab", buffering=0) as file:
            while (room := self.free() - leave) > 0:
                try:
                    file.write(b"x" * min(room, 1 << 20))
                except OSError:
                    break

    def make_room(self) -> None:
        """What filled it goes."""
        self._filler.unlink()

    def close(self) -> None:
        """Everybody who sees it has to be gone."""
        self._holder.terminate()
        self._holder.communicate()
        time.sleep(0)


class NoNamespaces(Exception):
    """This machine lets nobody make a mount namespace."""
