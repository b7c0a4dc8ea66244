"""Who stands behind comments, as far as that helps to answer them: their tickets, our answers, the team's notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.core.types import AuthorFlag
from bot.core.views import NoteView, TicketLine


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorTicket:
    """A ticket of theirs, and what we published last in it: the text (None where nothing was) with its link and day."""

    line: TicketLine
    answer: str | None = None
    answer_url: str | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorView:
    """Somebody outside whom their network knows by an id of its own. A typed name is nobody.

    `number` is ours and lasts, even when all else was `erased`. Name, handle, address and reach are those of their
    newest message; `reach` is how many people follow them, where the network says so. `history` holds the newest
    tickets first, at most `HISTORY`; `tickets` counts all of them, `open` those that are not closed.
    """

    number: int
    account: str
    name: str
    handle: str | None = None
    url: str | None = None
    flag: AuthorFlag | None = None
    reach: int | None = None
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    messages: int = 0
    tickets: int = 0
    open: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[NoteView, ...] = ()
    history: tuple[AuthorTicket, ...] = ()
    erased: bool = False


HISTORY = 50
"""Tickets that an author's page shows."""
