"""A part of `check`: whether the team's calendar can be read, which else the next digest would be the first to tell."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.core.types import Light

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from bot.core.digest import Agenda, Calendar

_TROUBLES = {
    "unreachable": Light(code="calendar_unreachable", state="red"),
    "refused": Light(code="calendar_refused", state="red"),
    "too_large": Light(code="calendar_too_large", state="red"),
    "missing": Light(code="calendar_missing", state="red"),
}
_UNREADABLE = Light(code="calendar_unreadable", state="red")


def calendar_lights(calendar: Calendar | None, now: datetime, tz: tzinfo) -> list[Light]:
    """One light about the day of `now`, or none where no calendar is configured."""
    if calendar is None:
        return []

    async def look() -> Agenda:
        try:
            return await calendar.on(now.astimezone(tz).date(), tz)
        finally:
            # Its connections belong to this loop.
            if hasattr(calendar, "aclose"):
                await calendar.aclose()

    agenda = asyncio.run(look())
    if agenda.trouble:
        return [_TROUBLES.get(agenda.trouble, _UNREADABLE)]
    return [Light(code="calendar_ok", state="ok", params={"count": len(agenda.entries)})]
