"""A table for chats that have none: columns in step, in letters of one width."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from bot.core.foreign import visible
from bot.core.splitting import fold


def columns(rows: Sequence[Sequence[str]], limit: int) -> str:
    """The rows in about `limit` characters; how many do not fit is said. Empty for none."""
    shown = [[visible(" ".join(cell.split())) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip_longest(*shown, fillvalue="")]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip() for row in shown]
    head, left = fold("\n".join(lines), limit)
    if not left:
        return head
    head = head.rpartition("\n")[0] or head
    return f"{head}\n… +{len(lines) - head.count(chr(10)) - 1}"
