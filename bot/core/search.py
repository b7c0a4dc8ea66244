"""The search line: words and filters, in English and Spanish, as people type them; and what a search brings back.

A line is words and filters in any order: `network:wall kind:complaint after:2026-11-01 envío`. Each word must stand
in a text; "words in quotation marks" must stand side by side. Accents and case do not count, ñ is found as n.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Literal

from bot.core import words as w
from bot.core.foreign import Piece
from bot.core.ids import ALPHABET
from bot.core.plaintext import fold
from bot.core.queries import Misunderstood
from bot.core.types import Kind, Severity, TicketStatus
from bot.core.views import TicketLine

__all__ = ["FILTERS", "MAX_SEARCH", "Hit", "Piece", "SearchPage", "SearchQuery", "Where", "parse_search", "words_of"]

MAX_SEARCH = 400
"""Characters of a search line."""
MAX_WORDS = 32
"""Words of a search line."""
LONGEST = 64
"""Characters of a word that count; what comes after does not tell two words apart."""
SHORTEST_BEGINNING = 3
"""A last word of so many characters finds longer ones, too: `pan` finds `panadería`."""

_WORD = re.compile(r"[^\W_]+")
_PART = re.compile(r'([^\W\d_]+):(?:"([^"]*)"?|(\S*))|"([^"]*)"?|(\S+)')
_QUOTES = str.maketrans("\u201c\u201d\u201e\u201f\u00ab\u00bb", '""""""')
_TICKET = re.compile(f"#([{ALPHABET}]{{4,6}})", re.IGNORECASE | re.ASCII)
_NAME = re.compile(r"[a-z0-9_-]{1,32}")
_AGO = re.compile(r"([0-9]{1,4})\s*(\w+)")

Where = Literal["message", "reply", "note", "author", "id"]
"""What was found: words of a customer or of ours, a remark of the team, the customer's name, or the ticket's id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """What is looked for.

    `words` are folded; one that holds spaces is a row of words which must stand side by side. `unfinished` says that
    the last of them may be the beginning of a longer one. `ids` are tickets that were named by `#K7Q2`. `before` is
    the first day that does not count any more, `after` the first that does, both in the team's time zone.
    """

    words: tuple[str, ...] = ()
    unfinished: bool = False
    ids: tuple[str, ...] = ()
    network: str | None = None
    account: str | None = None
    kind: Kind | None = None
    state: TicketStatus | None = None
    severity: Severity | None = None
    author: str | None = None
    before: date | None = None
    after: date | None = None
    tz: tzinfo

    @property
    def since(self) -> datetime | None:
        """The first moment that counts."""
        return (
            None if self.after is None else datetime(self.after.year, self.after.month, self.after.day, tzinfo=self.tz)
        )

    @property
    def until(self) -> datetime | None:
        """The first moment that does not count any more."""
        return _midnight(self.before, self.tz)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A ticket, and the newest of its messages in which everything was found, or else another text of it.

    `at` is when that was said or written. `snippet` is a line of it, harmless to look at, with the found words marked.
    """

    line: TicketLine
    where: Where
    at: datetime
    snippet: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """Tickets, each once, the newest text first. `next` is given back as `after` for more; None when that was all."""

    hits: tuple[Hit, ...] = ()
    next: str | None = None


STATES: dict[str, TicketStatus] = {
    **{state.value: state for state in TicketStatus},
    **dict.fromkeys(("abierto", "abierta", "abiertos"), TicketStatus.OPEN),
    **dict.fromkeys(("esperando", "espera", "pendiente"), TicketStatus.WAITING),
    **dict.fromkeys(("pospuesto", "pospuesta", "aplazado"), TicketStatus.SNOOZED),
    **dict.fromkeys(("cerrado", "cerrada", "cerrados"), TicketStatus.CLOSED),
}
"""The words for where a ticket stands."""


def words_of(text: str, most: int | None = None) -> list[str]:
    """The words of a text as they are compared: folded, without punctuation, `most` at most."""
    found = [word[:LONGEST] for word in _WORD.findall(fold(text))]
    return found if most is None else found[:most]


def parse_search(text: str, *, tz: tzinfo, today: date) -> SearchQuery | Misunderstood:
    """Understand a search line; any line gives an answer, in linear time.

    Args:
        text: as typed.
        tz: the team's time zone, in which days begin.
        today: there, for `yesterday` and `7d`.
    """
    if len(text) > MAX_SEARCH:
        return Misunderstood(reason="text_too_long", params={"length": len(text), "limit": MAX_SEARCH})
    made = SearchQuery(tz=tz)
    given: set[str] = set()
    for name, of_name, of_name_bare, quoted, bare in _PART.findall(text.translate(_QUOTES)):
        value = of_name or of_name_bare or quoted or bare
        known = w.lookup(FILTERS, name)
        if known is None and (meant := w.nearest(name, FILTERS)) is not None:
            params = {"word": name[: w.LONGEST_WORD], "known": KNOWN}
            return Misunderstood(reason="unknown_filter", params=params, suggestion=f"{meant}:{value}")
        if known is None:
            made = _with_words(made, f"{name} {value}", whole=bool(of_name or quoted))
            continue
        if known in given:
            return Misunderstood(reason="filter_twice", params={"filter": name})
        given.add(known)
        read = _READERS[known](value, today)
        if read is None:
            return Misunderstood(reason=_UNREAD[known], params={"filter": name, "word": value[: w.LONGEST_WORD]})
        made = replace(made, **{known: read})
    if made == SearchQuery(tz=tz):
        return Misunderstood(reason="search_empty", params={"filters": KNOWN})
    if (many := sum(len(row.split(" ")) for row in made.words) + len(made.ids)) > MAX_WORDS:
        return Misunderstood(reason="too_many_words", params={"count": many, "limit": MAX_WORDS})
    if made.after is not None and made.before is not None and made.after >= made.before:
        return Misunderstood(reason="nothing_between", params={"after": str(made.after), "before": str(made.before)})
    return made


def _with_words(made: SearchQuery, value: str, *, whole: bool) -> SearchQuery:
    """One word or several side by side more; a word in quotation marks is a whole one."""
    if (named := _TICKET.fullmatch(value.strip())) is not None:
        return replace(made, ids=(*made.ids, named[1].upper()))
    row = words_of(value)
    if not row:
        return made
    unfinished = not whole and len(row[-1]) >= SHORTEST_BEGINNING
    joined = " ".join(row)
    others = tuple(word for word in made.words if word != joined)
    return replace(made, words=(*others, joined), unfinished=unfinished)


# --- filters ----------------------------------------------------------------------------------------------------

FILTERS: dict[str, str] = {
    **dict.fromkeys(("network", "red"), "network"),
    **dict.fromkeys(("account", "cuenta"), "account"),
    **dict.fromkeys(("kind", "type", "tipo"), "kind"),
    **dict.fromkeys(("state", "status", "estado"), "state"),
    **dict.fromkeys(("severity", "gravedad"), "severity"),
    **dict.fromkeys(("author", "autor", "autora"), "author"),
    **dict.fromkeys(("before", "antes"), "before"),
    **dict.fromkeys(("after", "since", "desde", "despues"), "after"),
}
"""What a filter's name stands for: a field of `SearchQuery`."""

KNOWN = ", ".join(f"{name}:" for name, means in FILTERS.items() if name == means)
"""The filters' English names, for people to read."""


def _name(value: str, _today: date) -> str | None:
    folded = w.fold(value)
    return folded if _NAME.fullmatch(folded) else None


def _author(value: str, _today: date) -> str | None:
    return " ".join(words_of(value)) or None


def _day(value: str, today: date) -> date | None:
    """`2026-11-20`, `today`, `ayer`, or how long ago: `7d`, `2 semanas`."""
    folded = w.fold(value)
    if folded in w.TODAY | w.YESTERDAY:
        return today - timedelta(days=folded in w.YESTERDAY)
    try:
        ago = _AGO.fullmatch(folded)
        if ago is None:
            return date.fromisoformat(value)
        minutes = w.MINUTES.get(ago[2], 0) * int(ago[1])
        return today - timedelta(days=minutes // (24 * 60)) if minutes >= 24 * 60 else None
    except (ValueError, OverflowError):
        return None


_READERS: Mapping[str, Callable[[str, date], Any]] = {
    "network": _name,
    "account": _name,
    "kind": lambda value, _today: w.lookup(w.KINDS, value),
    "state": lambda value, _today: w.lookup(STATES, value),
    "severity": lambda value, _today: w.lookup(w.SEVERITIES, value),
    "author": _author,
    "before": _day,
    "after": _day,
}

_UNREAD: Mapping[str, str] = {
    "network": "unknown_network",
    "account": "unknown_network",
    "kind": "unknown_kind",
    "state": "unknown_state",
    "severity": "unknown_severity",
    "author": "author_missing",
    "before": "unknown_date",
    "after": "unknown_date",
}
"""What is said to a value that a filter cannot read."""


def _midnight(day: date | None, tz: tzinfo) -> datetime | None:
    return None if day is None else datetime(day.year, day.month, day.day, tzinfo=tz)
