"""Small things that open pages ask and tell: how long a text is, who is where, how the page should look."""

from __future__ import annotations

from functools import partial

from starlette.responses import JSONResponse, Response

from bot.core.types import Person
from bot.locale import text
from handlers.chats.desk.actions import MAX_TEXT
from handlers.chats.desk.door import TICKET, Visit, safe_path, see_other
from handlers.chats.desk.rendering import LOOK, LOOKS

_YEAR = 365 * 24 * 3600


async def measure(visit: Visit) -> Response:
    """How long the account's network thinks a text is; characters where nobody can tell."""
    said = visit.form.get("text", "").strip()[: MAX_TEXT + 1]
    length = visit.engine.read.measure(visit.form.get("account", ""), said)
    return JSONResponse({"length": len(said) if length is None else length})


async def here(visit: Visit) -> Response:
    """A page says which ticket its person has before them, and whether they are writing."""
    ticket, doing = visit.form.get("ticket", ""), visit.form.get("doing", "")
    if TICKET.fullmatch(ticket) and visit.house.presence.note(ticket.upper(), visit.person.id, doing):
        team = {person.id: person for person in visit.team}
        visit.house.hub.publish("presence", partial(_told, visit, ticket.upper(), team))
    return Response(status_code=204)


def company(visit: Visit, ticket: str, people: dict[str, Person], *, locale: str) -> list[dict[str, str]]:
    """Who is at a ticket, in words."""
    return [
        {"who": who, "text": _doing(locale, people[who].name, doing)}
        for who, doing in visit.house.presence.at(ticket).items()
        if who in people
    ]


async def look(visit: Visit) -> Response:
    """Light, dark, or as the computer says; kept by the browser."""
    wanted = visit.form.get("look", "")
    back = visit.form.get("back", "")
    response: Response = Response(status_code=204) if visit.wants_json else see_other(safe_path(back))
    if wanted in LOOKS:
        response.set_cookie(LOOK, wanted, max_age=_YEAR, path="/desk", secure=visit.house.secure, samesite="strict")
    return response


def _told(visit: Visit, ticket: str, people: dict[str, Person], locale: str) -> dict[str, object]:
    return {"ticket": ticket, "people": company(visit, ticket, people, locale=locale)}


def _doing(locale: str, name: str, doing: str) -> str:
    if doing == "editing":
        return text(locale, "{name} is editing", name=name)
    return text(locale, "{name} is here", name=name)
