"""Who is on call: people take turns of a day or a week, which change at one time of day on the local clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo

from bot.core.types import Person, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """Turns of `days` days each; the first one's begins on `start` at the time `at`. They went that way before, too."""

    people: tuple[str, ...] = ()
    days: int = 7
    start: date = date(2026, 1, 5)
    at: time = time(9)
    tz: tzinfo = UTC

    def on_call(self, now: datetime) -> str | None:
        """Whose turn it is; None where nobody takes turns."""
        if not self.people:
            return None
        local = now.astimezone(self.tz)
        gone = (local.date() - self.start).days - (local.time() < self.at)
        return self.people[gone // self.days % len(self.people)]


def called(rotation: Rotation, people: Iterable[Person], now: datetime) -> tuple[Person, ...]:
    """Who is called now: whose turn it is; the leads where nobody takes turns, or who should has left."""
    team = [person for person in people if person.active]
    turn = rotation.on_call(now)
    mine = tuple(person for person in team if person.id == turn)
    return mine or tuple(person for person in team if person.role is Role.LEAD)
