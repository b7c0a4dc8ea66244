"""What people may ask without changing anything, and what is answered to a line that is neither wish nor question."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from bot.core.messages import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """The queue: everybody's open tickets, with `mine` one's own, with `all` the closed ones too."""

    mine: bool = False
    all: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """The ticket that should be answered first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """One ticket with everything."""

    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorPage:
    """Who wrote a ticket, with their other tickets."""

    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Tickets by words and filters, as they were typed; see `bot.core.search`."""

    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """Figures of the last `days` days; with `drafts`, what became of the drafts, by where they came from."""

    days: int = 7
    drafts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What happened on `day`, or `days_ago` (0 is today, in the team's time zone); neither: yesterday.

    `days` are so many from that day on.
    """

    day: date | None = None
    days_ago: int | None = None
    days: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """One light for each part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    """What was given up or is of unknown fate: all of it, or one (`E17`, a ticket's or a reply's id)."""

    about: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutes:
    """What is folded away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """What lies in the open rolls (see `bot.core.folding`), of one account or, with none, of all."""

    account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What the press wrote in the last `days` days."""

    days: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """How to say it: all verbs, or one (`topic` is a verb's English name)."""

    topic: str | None = None


Query = Inbox | Next | Show | AuthorPage | Search | Stats | Digest | Health | Failures | Mutes | Noise | Press | Help


@dataclass(frozen=True, slots=True, kw_only=True)
class Misunderstood:
    """No command. `reason` is a code, `params` fill its sentence, `suggestion` is something to type instead."""

    reason: str
    params: dict[str, object] = field(default_factory=dict)
    suggestion: str | None = None


Answer = Command | Query | Misunderstood
