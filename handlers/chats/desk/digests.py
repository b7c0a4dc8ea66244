"""The page of a digest: what the rooms are told about a day, or about some days, with its picture."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from starlette.responses import Response

from bot.core.digest import WEEK
from bot.core.queries import Digest
from handlers.chats.desk.door import Refusal, Visit
from handlers.chats.desk.pages import whole

if TYPE_CHECKING:
    from bot.core.types import Message


async def newest(visit: Visit) -> Response:
    """Yesterday's."""
    return await _page(visit, _today(visit) - timedelta(days=1))


async def page(visit: Visit) -> Response:
    """That of the day in the address."""
    return await _page(visit, _day(visit))


async def picture(visit: Visit) -> Response:
    """The picture alone."""
    message = await _digest(visit, _day(visit))
    if message is None or not message.pictures:
        raise _missing()
    return Response(message.pictures[0].contents, media_type="image/png", headers={"Cache-Control": "no-store"})


async def _page(visit: Visit, day: date) -> Response:
    message, days = await _digest(visit, day), _days(visit)
    after = day + timedelta(days=days)
    context: dict[str, object] = {
        "digest": message,
        "day": day,
        "days": days,
        "before": day - timedelta(days=days),
        "after": after if after <= _today(visit) else None,
    }
    return await whole(visit, "part_digest.html", context, page="digest", status=200 if message else 404)


async def _digest(visit: Visit, day: date) -> Message | None:
    return await visit.engine.read.digest(Digest(day=day, days=_days(visit)), locale=visit.person.locale)


def _today(visit: Visit) -> date:
    return visit.house.clock().astimezone(visit.house.tz).date()


def _day(visit: Visit) -> date:
    """The day in the address, of a year that calendars can count with."""
    try:
        day = date.fromisoformat(str(visit.request.path_params["day"]))
    except ValueError:
        raise _missing() from None
    if not 1970 <= day.year <= 9000:
        raise _missing()
    return day


def _days(visit: Visit) -> int:
    given = visit.request.query_params.get("days", "")
    return int(given) if given in {str(days) for days in range(2, WEEK + 1)} else 1


def _missing() -> Refusal:
    return Refusal(404, "There is no such page.", "Go back to the inbox: /desk")
