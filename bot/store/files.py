"""New files and folders that appear whole or not at all, never over something that is there."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SIDE_FILES = ("", "-journal", "-wal", "-shm")
"""What SQLite may keep beside a database: the suffixes of its files."""
_PART = ".part"


@contextmanager
def new_file(target: Path) -> Iterator[Path]:
    """A private (0600) temporary file beside the target; it takes the target's name when the block ends well.

    Raises:
        FileExistsError: something stands there, be it a symbolic link that leads nowhere.
        OSError: the folder is not there or not writable, no room left.
    """
    final = _free(target)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=_PART, dir=final.parent)
    try:
        _hold(handle)
        yield Path(name)
        sync(Path(name))
        _put_in_place(Path(name), final)
        sync(final.parent)
    finally:
        os.close(handle)
        for side in SIDE_FILES:
            with suppress(FileNotFoundError):
                os.unlink(name + side)  # noqa: PTH108 -- the suffix belongs to the name


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """A private (0700) temporary folder of plain files beside the target, which takes its name in the end.

    Raises:
        FileExistsError: something stands there.
        OSError: as `new_file`.
    """
    final = _free(target)
    name = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=_PART, dir=final.parent))
    handle = os.open(name, os.O_RDONLY | os.O_CLOEXEC)
    try:
        _hold(handle)
        yield name
        for path in name.iterdir():
            sync(path)
        sync(name)
        try:
            # A folder takes the place of nothing but an empty folder.
            name.rename(final)
        except OSError as error:
            if error.errno in {errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR}:
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(final)) from error
            raise
        sync(final.parent)
    finally:
        os.close(handle)
        shutil.rmtree(name, ignore_errors=True)


def sweep(folder: Path, prefixes: tuple[str, ...]) -> list[Path]:
    """Remove what a process that was killed left half made there, and nothing that somebody is still at work on."""
    swept = []
    for path in folder.glob(f".*{_PART}"):
        if path.name[1:].startswith(prefixes) and not path.is_symlink() and _is_left(path):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
            swept.append(path)
    return swept


def sync(path: Path) -> None:
    """See to it that a file's contents, or a folder's names, are on the disk."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _free(target: Path) -> Path:
    final = target.parent.resolve(strict=True) / target.name
    if os.path.lexists(final):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(final))
    return final


def _hold(handle: int) -> None:
    """The lock falls with the process, however that ends; some network file systems know no locks."""
    with suppress(OSError):
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _is_left(path: Path) -> bool:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    else:
        return True
    finally:
        os.close(handle)


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
