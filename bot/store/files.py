"""New files that appear whole or not at all, never over something that is there."""

from __future__ import annotations

import errno
import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIDE_FILES = ("", "-journal", "-wal", "-shm")


@contextmanager
def new_file(target: Path) -> Iterator[Path]:
    """A private (0600) temporary file beside the target; it takes the target's name when the block ends well.

    Raises:
        FileExistsError: something stands there, be it a symbolic link that leads nowhere.
        OSError: the folder is not there or not writable, no room left.
    """
    final = target.parent.resolve(strict=True) / target.name
    if os.path.lexists(final):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(final))
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=final.parent)
    os.close(handle)
    try:
        yield Path(name)
        _sync(Path(name))
        _put_in_place(Path(name), final)
        _sync(final.parent)
    finally:
        for side in _SIDE_FILES:
            with suppress(FileNotFoundError):
                os.unlink(name + side)  # noqa: PTH108 -- the suffix belongs to the name


def _put_in_place(name: Path, final: Path) -> None:
    """A hard link fails where something exists; a rename would replace it."""
    try:
        final.hardlink_to(name)
    except OSError as error:
        if error.errno not in {errno.EPERM, errno.ENOTSUP, errno.EMLINK}:
            raise
        # A file system without hard links: take the name first, then replace what we took it with.
        os.close(os.open(final, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
        name.replace(final)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
