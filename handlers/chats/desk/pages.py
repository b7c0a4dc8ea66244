"""The pages of the desk: the inbox, a thread, and their fragments for pages that are open already."""

from __future__ import annotations

from sse_starlette.sse import EventSourceResponse
from starlette.responses import Response

from bot.core.types import TicketStatus
from handlers.chats.desk.board import Answer
from handlers.chats.desk.door import Visit, ticket_of
from handlers.chats.desk.view import Thread, is_late, thread

_LIMIT = 100
_VIEWS: dict[str, tuple[TicketStatus, ...]] = {
    "open": (TicketStatus.OPEN, TicketStatus.WAITING),
    "mine": (TicketStatus.OPEN, TicketStatus.WAITING, TicketStatus.SNOOZED),
    "snoozed": (TicketStatus.SNOOZED,),
    "closed": (TicketStatus.CLOSED,),
}
"""What each of `words.TABS` shows; a search looks into all of them."""


async def inbox_page(visit: Visit) -> Response:
    """The list of threads, with a word of welcome beside it."""
    return await _whole(visit, None)


async def thread_page(visit: Visit) -> Response:
    """The list, and one thread beside it."""
    return await _whole(visit, ticket_of(visit.request))


async def list_part(visit: Visit) -> Response:
    """The list alone."""
    return visit.page("part_list.html", await _list(visit, visit.request.query_params.get("at", "")))


async def thread_part(visit: Visit) -> Response:
    """The thread alone."""
    ticket = ticket_of(visit.request)
    context = await _thread(visit, ticket)
    return visit.page("part_thread.html", {**context, "answer": None}, status=200 if context["thread"] else 404)


async def banners_part(visit: Visit) -> Response:
    """What is switched on, alone."""
    return visit.page("part_banners.html", await _switches(visit))


async def events(visit: Visit) -> Response:
    """News for an open page, until it goes away."""
    last = visit.request.headers.get("last-event-id") or visit.request.query_params.get("since")
    return EventSourceResponse(visit.house.hub.stream(visit.person.id, last, locale=visit.person.locale), ping=20)


async def _whole(visit: Visit, ticket: str | None) -> Response:
    since = visit.house.hub.position()  # before anything is read, so that what comes meanwhile is news
    found = await _thread(visit, ticket)
    missing = ticket is not None and found["thread"] is None
    looking = visit.request.method == "GET"  # a HEAD request shows nobody anything
    answer = await visit.house.board.pick_up(visit.session.mark) if looking else None
    if missing and answer is None:
        answer = Answer(kind="refused", text=visit.say("There is no ticket {id}.", id=ticket))
    context = {
        "since": since,
        "answer": answer,
        "told": await visit.house.board.told(visit.person.id) if looking else [],
        "people": await visit.engine.read.people(),
        "demo": visit.house.demo,
        **found,
        **await _list(visit, ticket or ""),
        **await _switches(visit),
    }
    return visit.page("desk.html", context, status=404 if missing else 200)


async def _list(visit: Visit, at: str) -> dict[str, object]:
    """What the list shows: one of the tabs, or what a search finds in all of them."""
    query = visit.request.query_params
    words = query.get("q", "").strip()[:200]
    view = query.get("view", "open") if query.get("view") in _VIEWS else "open"
    lines = await visit.engine.read.inbox(
        statuses=tuple(TicketStatus) if words else _VIEWS[view],
        assignee=visit.person.id if view == "mine" and not words else None,
        words=words,
        limit=_LIMIT,
    )
    names = {person.id: person.name for person in await visit.engine.read.people()}
    return {
        "lines": lines,
        "at": at,
        "view": view,
        "words": words,
        "more": len(lines) == _LIMIT,
        "names": names,
    }


async def _thread(visit: Visit, ticket: str | None) -> dict[str, object]:
    """What the thread shows; `thread` is None without a ticket, or where there is no such one."""
    card = await visit.engine.read.card(ticket) if ticket is not None else None
    shown: Thread | None = None
    if card is not None:
        shown = thread(card, visit.person, await visit.engine.read.people(), visit.house.clock())
    said = [saying for saying in await visit.house.board.said() if ticket in (None, saying.ticket)]
    late = shown is not None and is_late(shown.line, visit.house.clock())
    return {
        "thread": shown,
        "late": late,
        "said": [saying for saying in said if ticket is None or saying.ticket == ticket],
    }


async def _switches(visit: Visit) -> dict[str, object]:
    return {"switches": await visit.engine.read.switches()}
