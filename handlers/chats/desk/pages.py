"""The pages of the desk: the inbox, a thread, a search, and their fragments for pages that are open already."""

from __future__ import annotations

from collections.abc import Sequence

from sse_starlette.sse import EventSourceResponse
from starlette.responses import Response

from bot.core.inbox import Counts
from bot.core.types import Light, Severity
from bot.locale import light
from handlers.chats.desk.board import Answer
from handlers.chats.desk.door import Refusal, Visit, ticket_of
from handlers.chats.desk.found import search
from handlers.chats.desk.queue import LIMIT, choice_of
from handlers.chats.desk.small import company
from handlers.chats.desk.view import Thread, is_late, thread

_TOKENS = frozenset({"account_auth", "account_expiring", "account_expired"})


async def inbox_page(visit: Visit) -> Response:
    """The list of threads, with a word of welcome beside it."""
    return await whole(visit, "part_thread.html", await _thread(visit, None))


async def thread_page(visit: Visit) -> Response:
    """The list, and one thread beside it."""
    ticket = ticket_of(visit.request)
    found = await _thread(visit, ticket)
    if found["thread"] is not None:
        return await whole(visit, "part_thread.html", found, at=ticket)
    answer = Answer(kind="refused", text=visit.say("There is no ticket {id}.", id=ticket))
    return await whole(visit, "part_missing.html", {**found, "missing": ticket}, answer=answer, status=404)


async def search_page(visit: Visit) -> Response:
    """What a search found in place of the list."""
    return await whole(visit, "part_thread.html", await _thread(visit, None), found=await search(visit))


async def list_part(visit: Visit) -> Response:
    """The list alone."""
    at = visit.request.query_params.get("at", "")
    found = await search(visit) if "q" in visit.request.query_params else None
    page = visit.request.query_params.get("page", "")
    shown = await _list(visit, at, found, await visit.engine.read.health())
    return visit.page("part_list.html", {**shown, "page": page})


async def thread_part(visit: Visit) -> Response:
    """The thread alone."""
    ticket = ticket_of(visit.request)
    found = await _thread(visit, ticket)
    if found["thread"] is None:
        return visit.page("part_missing.html", {**found, "missing": ticket}, status=404)
    return visit.page("part_thread.html", {**found, "answer": None})


async def banners_part(visit: Visit) -> Response:
    """What is switched on, alone."""
    return visit.page("part_banners.html", await _banners(visit, await visit.engine.read.health()))


async def _banners(visit: Visit, health: Sequence[Light]) -> dict[str, object]:
    """What is switched on, and which tokens run out or are dead."""
    tokens = [light(visit.person.locale, one) for one in health if one.code in _TOKENS]
    return {"switches": await visit.engine.read.switches(), "tokens": tokens}


async def told_part(visit: Visit) -> Response:
    """What waits for this person, for a page that was cut off for a while."""
    return visit.page("part_told.html", {"told": await visit.house.board.told(visit.person.id)})


async def events(visit: Visit) -> Response:
    """News for an open page, until it goes away."""
    last = visit.request.headers.get("last-event-id") or visit.request.query_params.get("since")
    hub = visit.house.hub
    if hub.full(visit.person.id):
        raise Refusal(429, "Too many pages are open.", "Close some: this one asks for news now and then instead.")
    return EventSourceResponse(hub.stream(visit.person.id, last, locale=visit.person.locale), ping=20)


async def whole(
    visit: Visit,
    main: str,
    context: dict[str, object],
    *,
    at: str = "",
    answer: Answer | None = None,
    found: dict[str, object] | None = None,
    page: str = "",
    status: int = 200,
) -> Response:
    """A page with everything around it. `main` is the template of what stands beside the list.

    `answer` is shown where nothing else was left to be shown, `found` is a search in place of the list, `page` names
    what is no thread.
    """
    since = visit.house.hub.position()  # before anything is read, so that what comes meanwhile is news
    looking = visit.request.method == "GET"  # a HEAD request shows nobody anything
    left = await visit.house.board.pick_up(visit.session.mark) if looking else None
    health = await visit.engine.read.health()
    frame = {
        "main": main,
        "page": page,
        "since": since,
        "answer": left or answer,
        "told": await visit.house.board.told(visit.person.id) if looking else [],
        "people": visit.team,
        "demo": visit.house.demo,
        **await _banners(visit, health),
        "thread": None,
        **await _list(visit, at, found, health),
        **context,
    }
    return visit.page("desk.html", frame, status=status)


async def _list(visit: Visit, at: str, found: dict[str, object] | None, health: Sequence[Light]) -> dict[str, object]:
    """What the list shows: a view of the queue, or what a search found."""
    read = visit.engine.read
    choice = choice_of(visit.request.query_params)
    seen = await visit.house.reading.seen(visit.person.id)
    lines = (
        []
        if found is not None
        else await read.inbox(
            statuses=choice.statuses,
            assignee=visit.person.id if choice.view == "mine" else None,
            narrow=choice.narrow(seen),
            limit=LIMIT,
        )
    )
    counts: Counts = await read.counts(person=visit.person.id, seen=seen)
    return {
        "lines": lines,
        "at": at,
        "choice": choice,
        "counts": counts,
        "severities_open": [one for one in reversed(Severity) if counts.by_severity.get(one)],
        "accounts_open": sorted(counts.by_account),
        "failed": sum(one.state == "red" for one in health),
        "seen": seen,
        "found": found,
        "more": len(lines) == LIMIT,
        "names": {person.id: person.name for person in visit.team},
    }


async def _thread(visit: Visit, ticket: str | None) -> dict[str, object]:
    """What the thread shows; `thread` is None without a ticket, or where there is no such one."""
    card = await visit.engine.read.card(ticket) if ticket is not None else None
    people = visit.team
    shown: Thread | None = None
    if card is not None:
        shown = thread(card, visit.person, people, visit.house.clock())
        if visit.request.method == "GET" and "away" not in visit.request.query_params:
            await visit.house.reading.looked(visit.person.id, card.line.id, card.line.version)
    said = [saying for saying in await visit.house.board.said() if ticket in (None, saying.ticket)]
    team = {person.id: person for person in people}
    here = company(visit, ticket, team, locale=visit.person.locale) if shown and ticket else []
    return {
        "thread": shown,
        "late": shown is not None and is_late(shown.line, visit.house.clock()),
        "said": said,
        "here": [one for one in here if one["who"] != visit.person.id],
    }
