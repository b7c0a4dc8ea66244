"""A part of `check`: whether the team's calendar can be read, which else the next digest would be the first to tell."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.core.digest import agenda_light

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from bot.core.digest import Agenda, Calendar
    from bot.core.types import Light


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

    return [agenda_light(asyncio.run(look()))]
