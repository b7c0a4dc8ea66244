"""How a server's clock stands to ours, by the `Date` that it puts on its answers (RFC 9110, section 6.6.1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime


def ahead(date: str | None, now: datetime) -> timedelta | None:
    """How far the server is ahead of us (less than zero: behind), in whole seconds; None where it does not tell."""
    try:
        told = parsedate_to_datetime(date or "")
    except (ValueError, TypeError, OverflowError):
        return None
    told = told if told.tzinfo else told.replace(tzinfo=UTC)
    return timedelta(seconds=round((told - now).total_seconds()))
