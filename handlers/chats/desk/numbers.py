"""Questions about figures in the command box: the answer is the way to the page that has them."""

from __future__ import annotations

from bot.core.queries import Stats
from bot.core.types import Message
from bot.locale import ntext, text
from handlers.chats.desk.board import Answer, digest_page


def stats_answer(locale: str, query: Stats) -> Answer:
    """What `stats` says: it leads to the reports."""
    head = ntext(locale, "The last day", "The last {n} days", query.days)
    place = "#drafts" if query.drafts else ""
    return Answer(kind="info", text=head, page=f"/desk/reports?days={query.days}{place}")


def digest_answer(locale: str, message: Message | None) -> Answer:
    """What `digest` says: it leads to that day's page."""
    if message is None:
        return Answer(kind="info", text=text(locale, "Nothing is on record for that day."))
    return Answer(kind="info", text=message.title, page=digest_page(message.params))
