"""What reaches the terminal: plain lines, tables, JSON; foreign text can play no tricks in any of them."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console, RenderableType
    from rich.table import Table

A_SCREENFUL = 100
"""Lines that a list shows to people who did not say how many."""


def prepare() -> None:
    """A character that the terminal's encoding lacks is written as its code instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def say(text: str) -> None:
    """A line on the standard output."""
    typer.echo(text)


def complain(text: str) -> None:
    """A line on the standard error stream."""
    typer.echo(text, err=True)


def as_json(value: Any) -> None:
    """JSON on the standard output, ASCII only: what cannot be seen, or turns a line around, is written out."""
    typer.echo(json.dumps(value, ensure_ascii=True, indent=2, default=plain))


def plain(value: object) -> object:
    """What JSON has no word for. Raises TypeError for what has no place in it."""
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, frozenset | tuple):
        return sorted(value) if isinstance(value, frozenset) else list(value)
    raise TypeError(f"{type(value).__name__} is no JSON")


def confirmed(question: str) -> bool:
    """Whether somebody says yes, in either language; no answer is a no."""
    from bot.core.words import fold

    try:
        answer = typer.prompt(f"{question} [y/s/N]", default="", show_default=False)
    except typer.Abort:
        return False
    return fold(str(answer).strip()) in {"y", "yes", "s", "si"}


def iso(at: datetime | None) -> str | None:
    """`2026-11-21T22:10:12.266404Z`."""
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def clean(text: str) -> str:
    r"""Foreign text, line ends kept: what cannot be seen is written out as `\x1b` or `\u202e`."""
    from bot.logs import neutralise

    return "\n".join(neutralise(line.replace("\t", " ")) for line in text.replace("\r\n", "\n").split("\n"))


def brief(text: str, limit: int = 400) -> str:
    """Its beginning on one line, cleaned."""
    line = " ".join(text[: limit * 2].split())
    return clean(line[:limit].rstrip() + "…" if len(line) > limit or len(text) > limit * 2 else line)


def console(*, err: bool = False) -> Console:
    """A console that takes nothing in a text for markup; colours only where a terminal shows them."""
    from rich.console import Console

    return Console(stderr=err, markup=False, emoji=False, highlight=False, soft_wrap=False)


def table(titles: Sequence[str], rows: Iterable[Sequence[RenderableType]], *, wide: int | None = None) -> Table:
    """A plain table; the column `wide` takes the room that the others leave, on one line.

    Without titles it has no head.
    """
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    made = Table(box=SIMPLE_HEAD, pad_edge=False, expand=wide is not None, show_edge=False, show_header=any(titles))
    for number, title in enumerate(titles):
        fits = number == wide
        made.add_column(Text(title), ratio=1 if fits else None, no_wrap=fits, overflow="ellipsis" if fits else "fold")
    for row in rows:
        made.add_row(*(Text(cell) if isinstance(cell, str) else cell for cell in row))
    return made
