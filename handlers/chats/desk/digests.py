"""The page of a digest: what the rooms are told about a day, or about some days, with its charts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from markupsafe import Markup

from bot.charts.svg import for_page
from bot.core.digest import WEEK
from bot.core.queries import Digest
from handlers.chats.desk.door import Visit, no_such_page
from handlers.chats.desk.pages import whole
from handlers.chats.desk.reports import day_of

if TYPE_CHECKING:
    from datetime import date

    from starlette.responses import Response


async def newest(visit: Visit) -> Response:
    """Yesterday's; where the record begins today, when the first one comes."""
    return await _page(visit, visit.today - timedelta(days=1), newest=True)


async def page(visit: Visit) -> Response:
    """That of the day in the address."""
    return await _page(visit, _day(visit))


async def _page(visit: Visit, day: date, *, newest: bool = False) -> Response:
    days = _days(visit)
    message = await visit.engine.read.digest(Digest(day=day, days=days), locale=visit.person.locale)
    after = day + timedelta(days=days)
    context: dict[str, object] = {
        "digest": message,
        # Every word in them was escaped when they were drawn.
        "charts": [Markup(for_page(chart)) for chart in message.charts] if message else [],  # noqa: S704
        "day": day,
        "newest": newest,
        "days": days,
        "before": None if newest and message is None else day - timedelta(days=days),
        "after": after if after <= visit.today else None,
    }
    # Whoever asks for the newest one did not ask for a page that is missing.
    status = 200 if message or newest else 404
    return await whole(visit, "part_digest.html", context, page="digest", status=status)


def _day(visit: Visit) -> date:
    """The day in the address."""
    day = day_of(str(visit.request.path_params["day"]))
    if day is None:
        raise no_such_page()
    return day


def _days(visit: Visit) -> int:
    given = visit.request.query_params.get("days", "")
    return int(given) if given in {str(days) for days in range(2, WEEK + 1)} else 1
