"""How much room the disk has left, as a light."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from bot.core.types import Light

if TYPE_CHECKING:
    from pathlib import Path

LITTLE = 1 << 30
"""Bytes of free disk below which one should begin to look for room, and a tenth of it to worry."""


def disk(folder: Path) -> Light:
    """Whether there is room for what will come."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return Light(code="disk_unreadable", state="red", params={"folder": str(folder), "reason": error.strerror})
    params: dict[str, object] = {"free": round(free / (1 << 30), 1), "folder": str(folder)}
    if free >= LITTLE:
        return Light(code="disk_ok", state="ok", params=params)
    return Light(code="disk_low", state="warn" if free > LITTLE // 10 else "red", params=params)
