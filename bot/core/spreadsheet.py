"""Tables as CSV that spreadsheets open: RFC 4180 with a byte order mark, and no cell that a spreadsheet would run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.core.foreign import visible

Cell = str | int | float | None
"""Numbers stay numbers; None is an empty cell."""
_RUN = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""What a formula begins with (https://owasp.org/www-community/attacks/CSV_Injection)."""
_BLANK = "\t\r\n \u00a0\u3000"


def csv(rows: Iterable[Sequence[Cell]], *, point: str = ".") -> bytes:
    """The rows as UTF-8 with a mark before it, by which spreadsheets know it; lines end as RFC 4180 wants it.

    `point` stands before the tenths. Where that is a comma, spreadsheets expect a semicolon between cells: with commas
    a whole row would stand in its first one.
    """
    between = ";" if point == "," else ","
    lines = (between.join(_cell(cell, point) for cell in row) for row in rows)
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8-sig", "replace")


def _cell(cell: Cell, point: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, int | float):
        return str(cell).replace(".", point)
    said = harmless(cell)
    return f'"{said.replace(chr(34), chr(34) * 2)}"' if any(char in said for char in ',"\r\n\t;') else said


def harmless(text: str) -> str:
    """Words that a spreadsheet shows as they are: on one line, and with an apostrophe before what it would compute."""
    computed = text.startswith(("\t", "\r", "\n")) or text.lstrip(_BLANK).startswith(_RUN)
    line = visible(" ".join(text.split()))
    return f"'{line}" if computed else line
