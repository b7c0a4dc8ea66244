"""A ticket's clock in words: what is left for the answer, or by how much it is late."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.types import TicketStatus
from bot.core.views import TicketLine
from bot.locale.catalogue import text
from bot.locale.times import span


def clock_words(locale: str, line: TicketLine, now: datetime) -> str:
    """`2 hours left for an answer`, `Overdue by 3 hours`, or how a clock stands that stands still.

    Empty where no answer is owed. What runs is said by the wall clock, what stands still by what is left on it.
    """
    if line.status is TicketStatus.CLOSED:
        return ""
    if line.due_at is not None:
        return _running(locale, line.due_at - now)
    if line.left is None:
        return ""
    if line.left <= timedelta(0):
        return text(locale, "The clock stands still; overdue by {span}", span=span(locale, -line.left))
    return text(locale, "The clock stands still; {span} left", span=span(locale, line.left))


def _running(locale: str, left: timedelta) -> str:
    if left < timedelta(0):
        return text(locale, "Overdue by {span}", span=span(locale, -left))
    return text(locale, "{span} left for an answer", span=span(locale, left))
