"""What the sections of a digest are made with: a language, numbers as it writes them, foreign words on one line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from statistics import median
from typing import TYPE_CHECKING

from babel.dates import format_date, format_interval

from bot.core.foreign import safe_url, visible
from bot.core.types import Passage
from bot.locale import best, clock, ntext, number, percent, text, took
from bot.locale.times import SPACES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.core.digest import Said

FEWEST_WEEKS = 4
"""Weeks that have to be known before anything is called usual."""
LINE = 150
"""Characters of somebody's words in one line."""
_ENDS = " .,;:…"
"""What does not stand before an ellipsis."""


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
        return number(self.locale, value)

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

    def days(self, first: date, last: date) -> str:
        """`Mon, Nov 16 – Sun, Nov 22, 2026`, `lun, 16 nov – dom, 22 nov 2026`."""
        said = format_interval(first, last, "yMMMEd", locale=best(self.locale))
        return said.replace("\u2009", " ").translate(SPACES)

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
    """Foreign words on one line, harmless to look at; what is too long ends after a word, if one ends near there."""
    line = " ".join(words[: limit * 4].split())
    if len(line) <= limit and len(words) <= limit * 4:
        return visible(line)
    kept = line[: limit - 1]
    before = kept.rpartition(" ")[0]
    if len(kept) < len(line) and line[len(kept)] != " " and len(before) > limit / 2:
        kept = before
    return visible(f"{kept.rstrip(_ENDS)}…")


def usual(earlier: Sequence[int]) -> int | None:
    """What the weeks before were like: their median, of which nobody wants a half; None where too few are known."""
    return int(median(earlier) + 0.5) if len(earlier) >= FEWEST_WEEKS else None


def lines(*words: str) -> tuple[Passage, ...]:
    """Those that say something, as passages that lead nowhere."""
    return tuple(Passage(text=one) for one in words if one)


def joined(parts: Iterable[str], between: str = " · ") -> str:
    """Those that say something, on one line."""
    return between.join(part for part in parts if part)
