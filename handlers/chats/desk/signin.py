"""Coming in by a one-time link. Looking at the link uses nothing up; pressing its button does."""

from __future__ import annotations

import math

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.core.types import Person
from handlers.chats.desk.door import (
    Endpoint,
    Refusal,
    in_their_language,
    peer_of,
    porch,
    read_form,
    see_other,
    set_cookie,
)
from handlers.chats.desk.house import House
from handlers.chats.desk.rendering import look_of, render
from handlers.chats.desk.sessions import link_owner, use_link


def link_page(house: House) -> Endpoint:
    """What a link shows: whose it is, and a button. Previews of chats and mail programs stop here."""

    async def page(request: Request) -> Response:
        token = _token(house, request)
        person = await _person(house, request, await link_owner(house.keep, token))
        body = render(
            house,
            "signin.html",
            person.locale,
            look=look_of(request),
            person=person,
            action=f"/desk/in/{token}",
        )
        return HTMLResponse(body)

    return porch(house, page)


def link_button(house: House) -> Endpoint:
    """The button: the link is used up and a session begins."""

    async def page(request: Request) -> Response:
        token = _token(house, request)
        await read_form(request)
        if house.engine is None:
            raise Refusal(
                503,
                "Portavoz is starting.",
                "The link is still good: press the button again in a moment.",
                {"Retry-After": "2"},
            )
        person = await _person(house, request, await use_link(house.keep, token))
        response = see_other("/desk")
        set_cookie(house, response, await house.sessions.open(person.id))
        return response

    return porch(house, page)


def _token(house: House, request: Request) -> str:
    wait = house.attempts.wait(peer_of(request))
    if wait > 0:
        seconds = str(math.ceil(wait))
        raise Refusal(429, "Too many attempts.", "Wait a minute, then open your link again.", {"Retry-After": seconds})
    return str(request.path_params["token"])


async def _person(house: House, request: Request, owner: str | None) -> Person:
    """The owner of a link, if they are on the team."""
    team = await house.engine.read.people() if house.engine else house.people
    for person in team:
        if person.id == owner and person.active:
            return in_their_language(house, request, person)
    house.attempts.failed(peer_of(request))
    raise Refusal(
        410,
        "This link does not work any more.",
        "Each sign-in link works once, for fifteen minutes. Ask whoever runs Portavoz for a new one.",
    )
