"""What an answer's headers tell of time: how a server's clock stands to ours, and when it wants to be asked again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime


def ahead(date: str | None, now: datetime) -> timedelta | None:
    """By its `Date` (RFC 9110, section 6.6.1), how far the server is ahead of us, in whole seconds.

    Less than zero where it is behind; None where it does not tell.
    """
    try:
        told = parsedate_to_datetime(date or "")
    except (ValueError, TypeError, OverflowError):
        return None
    told = told if told.tzinfo else told.replace(tzinfo=UTC)
    return timedelta(seconds=round((told - now).total_seconds()))


def whole_seconds(told: str) -> float | None:
    """A `Retry-After` that is a number (RFC 9110, section 10.2.3), however long; None for a date and all else."""
    return float(told[:9]) if told.isascii() and told.isdigit() else None
