"""What the sections of a digest are made with: a language, numbers as it writes them, foreign words on one line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from statistics import median
from typing import TYPE_CHECKING

from babel.dates import format_date
from babel.numbers import format_decimal

from bot.core.foreign import safe_url, visible
from bot.core.types import Passage
from bot.locale import best, clock, ntext, percent, text, took
from bot.locale.times import SPACES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.core.digest import Said

FEWEST_WEEKS = 4
"""Weeks that have to be known before anything is called usual."""
LINE = 150
"""Characters of somebody's words in one line."""


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language and one time zone, with the desk's address (empty without one)."""

    locale: str
    tz: tzinfo
    desk: str = ""

    def say(self, msgid: str, /, **params: object) -> str:
        """A sentence; see `bot.locale.text`."""
        return text(self.locale, msgid, **params)

    def count(self, one: str, many: str, n: int, /, **params: object) -> str:
        """A sentence about so many; it shows the number as `{number}`."""
        return ntext(self.locale, one, many, n, number=self.number(n), **params)

    def number(self, value: float) -> str:
        """`12,300`, `12.300`, `31.5`."""
        return format_decimal(round(value, 1), format="#,##0.#", locale=best(self.locale)).translate(SPACES)

    def percent(self, share: float) -> str:
        """`80%`, `80 %`, of a share from 0 to 1; never rounded up to all of it."""
        return percent(self.locale, share)

    def clock(self, at: datetime, now: datetime | None = None) -> str:
        """A moment; on the day of `now`, its time alone."""
        return clock(self.locale, at, self.tz, now=now)

    def minutes(self, minutes: float) -> str:
        """`23 minutes`, `2 hours`."""
        return took(self.locale, minutes)

    def day(self, day: date) -> str:
        """`Friday, November 20, 2026`, `viernes, 20 de noviembre de 2026`."""
        return format_date(day, "full", locale=best(self.locale)).translate(SPACES)

    def ticket(self, ticket: str) -> str | None:
        """Where a ticket stands at the desk."""
        return safe_url(f"{self.desk}/t/{ticket}") if self.desk else None

    def quoted(self, words: str) -> str:
        """Between the quotation marks of the language."""
        return f"«{words}»" if best(self.locale) == "es" else f"“{words}”"

    def quote(self, said: Said, head: str = "") -> Passage:
        """A comment on one line, with who wrote it; it leads to the network, or else to the desk."""
        who = short(said.author, 40)
        words = head + self.quoted(short(said.text)) + (f" — {who}" if who else "")
        return Passage(text=words, url=safe_url(said.url) or self.ticket(said.ticket), ticket=said.ticket, quoted=True)


def short(words: str, limit: int = LINE) -> str:
    """Foreign words on one line, harmless to look at."""
    line = " ".join(words[: limit * 4].split())
    whole = len(line) <= limit and len(words) <= limit * 4
    return visible(line if whole else f"{line[: limit - 1].rstrip()}…")


def usual(earlier: Sequence[int]) -> float | None:
    """What the weeks before were like: their median; None where too few of them are known."""
    return median(earlier) if len(earlier) >= FEWEST_WEEKS else None


def lines(*words: str) -> tuple[Passage, ...]:
    """Those that say something, as passages that lead nowhere."""
    return tuple(Passage(text=one) for one in words if one)


def joined(parts: Iterable[str], between: str = " · ") -> str:
    """Those that say something, on one line."""
    return between.join(part for part in parts if part)
