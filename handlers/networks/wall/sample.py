"""A sample day: invented comments, played onto a wall of their own so that a team can try everything on them.

What is to be played stands in the wall's file, and each comment has a key of its play and number: whoever plays on
after a crash writes nothing twice.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from handlers.networks.wall.rows import KeyReused, NotThere, NotYours, TakenBack

if TYPE_CHECKING:
    from handlers.networks.wall.service import Wall

SCRIPT = Path(__file__).with_name("sample_day.toml")
FACT = "play"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the script: a comment, an answer `below` another, or a new wording of the one that it `edits`."""

    at: float
    author: str
    text: str
    name: str | None
    below: str | None
    edits: str | None


@dataclass(frozen=True, slots=True)
class Play:
    """One play of the script: `run` tells it from others, `over` is how long it takes."""

    run: str
    began: datetime
    over: timedelta

    def dumps(self) -> str:
        """As it stands in the file."""
        return json.dumps({"run": self.run, "began": self.began.isoformat(), "over": self.over.total_seconds()})

    @classmethod
    def loads(cls, text: str) -> Play:
        """What `dumps` wrote."""
        fields = json.loads(text)
        return cls(fields["run"], datetime.fromisoformat(fields["began"]), timedelta(seconds=fields["over"]))


@cache
def script() -> tuple[Line, ...]:
    """The sample day, in order."""
    lines = tomllib.loads(SCRIPT.read_text("utf-8"))["comment"]
    return tuple(
        Line(
            at=float(line["at"]),
            author=line.get("author", ""),
            text=line["text"],
            name=line.get("name"),
            below=line.get("below"),
            edits=line.get("edits"),
        )
        for line in lines
    )


class Player:
    """Writes the comments that are due, whoever began the play: this process, another one, or one that crashed."""

    def __init__(self, wall: Wall) -> None:
        self._wall = wall
        self._run: str | None = None
        self._next = 0
        self._ids: dict[str, tuple[str, str]] = {}

    async def step(self, now: datetime) -> float | None:
        """Write what is due; the seconds until the next one, or None when nothing is being played."""
        written = await self._wall.fact(FACT)
        if written is None:
            self._run = None
            return None
        play = Play.loads(written)
        if play.run != self._run:
            self._run, self._next, self._ids = play.run, 0, {}
        lines = script()
        while self._next < len(lines):
            due = play.began + play.over * (lines[self._next].at / lines[-1].at)
            if due > now:
                return (due - now).total_seconds()
            await self._write(play, self._next)
            self._next += 1
        await self._wall.end_fact(FACT, written)
        return None

    async def _write(self, play: Play, number: int) -> None:
        line = script()[number]
        try:
            if line.edits is not None:
                which, visitor = self._ids[line.edits]
                await self._wall.edit(which, line.text, self._wall.owner(visitor))
                return
            visitor = f"sample:{play.run}:{line.author}"
            comment, _ = await self._wall.add(
                author=line.author,
                text=line.text,
                parent=self._ids[line.below][0] if line.below else None,
                visitor=visitor,
                key=f"sample:{play.run}:{number}",
            )
        except (KeyReused, NotThere, NotYours, TakenBack):
            return  # taken back meanwhile, or written by a version with another script
        if line.name is not None:
            self._ids[line.name] = (comment.id, visitor)
