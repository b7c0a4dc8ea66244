"""What a backup says about itself: `manifest.json`, with the size and the SHA-256 of every file beside it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

NAME = "manifest.json"
STATE = "portavoz.db"
"""The bot's own database in a backup, whatever it is called elsewhere."""
FORMAT = 1
_PLAIN = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_CHUNK = 1 << 20

Progress = Callable[[str, int, int], None]
"""Is told what is being done, and how many bytes, pages or rows of how many are behind us."""


def unseen(_what: str, _done: int, _total: int) -> None:
    """Progress that nobody looks at."""


class BackupTrouble(Exception):
    """A backup cannot be made, or not be used. `remedy` says what to do about it."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One file of a backup. `bytes` is its size, `sha256` in hexadecimal."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`rows` by table of the record, `seal` what the log ends with, `scheduled` whether the bot made it by itself."""

    made_at: datetime
    version: str
    schema: str
    seal: str | None
    rows: dict[str, int]
    files: tuple[Part, ...]
    scheduled: bool = False

    def write(self, folder: Path) -> None:
        """Write it into the folder. Raises OSError."""
        body = {"format": FORMAT, **asdict(self), "made_at": self.made_at.isoformat()}
        (folder / NAME).write_text(json.dumps(body, indent=2) + "\n", encoding="ascii")


def read(folder: Path) -> Manifest:
    """The manifest of a backup. Raises BackupTrouble when it is missing or does not make sense."""
    try:
        body = json.loads((folder / NAME).read_bytes())
    except FileNotFoundError:
        raise BackupTrouble(f"{folder} is no backup: there is no {NAME} in it.", _OTHER) from None
    except (OSError, ValueError) as error:
        raise BackupTrouble(f"{folder / NAME} cannot be read.", _OTHER) from error
    if not isinstance(body, dict) or body.get("format") != FORMAT:
        raise BackupTrouble(
            f"{folder} is a backup of another kind (format {body.get('format') if isinstance(body, dict) else '?'}).",
            "Restore it with the release that made it.",
        )
    try:
        return _made(body)
    except (KeyError, TypeError, ValueError) as error:
        raise BackupTrouble(f"{folder / NAME} does not make sense.", _OTHER) from error


_OTHER = "Name the folder of a backup that is whole; `portavoz backup` puts them into `backups` in the data folder."


def _made(body: dict[str, Any]) -> Manifest:
    files = tuple(Part(name=part["name"], bytes=int(part["bytes"]), sha256=part["sha256"]) for part in body["files"])
    names = [part.name for part in files]
    if STATE not in names or len(set(names)) != len(names):
        raise ValueError("the bot's own database must be there once")
    if not all(_PLAIN.fullmatch(part.name) and _DIGEST.fullmatch(part.sha256) for part in files):
        raise ValueError("names without folders, and digests, are all that may stand there")
    return Manifest(
        made_at=datetime.fromisoformat(body["made_at"]),
        version=str(body["version"]),
        schema=str(body["schema"]),
        seal=body["seal"],
        rows={str(name): int(count) for name, count in body["rows"].items()},
        files=files,
        scheduled=body["scheduled"] is True,
    )


def digest(path: Path, progress: Progress = unseen) -> Part:
    """A file as it is now. Raises OSError."""
    sha, size, total = hashlib.sha256(), 0, path.stat().st_size
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            sha.update(chunk)
            size += len(chunk)
            progress(path.name, size, total)
    return Part(name=path.name, bytes=size, sha256=sha.hexdigest())


def copied(source: Path, target: Path, progress: Progress = unseen) -> Part:
    """Copy a file's contents into another one (mode 0600), and tell what was read on the way. Raises OSError."""
    sha, size, total = hashlib.sha256(), 0, source.stat().st_size
    target.touch(mode=0o600)
    with source.open("rb") as file, target.open("wb") as copy:
        while chunk := file.read(_CHUNK):
            sha.update(chunk)
            copy.write(chunk)
            size += len(chunk)
            progress(source.name, size, total)
    return Part(name=source.name, bytes=size, sha256=sha.hexdigest())
