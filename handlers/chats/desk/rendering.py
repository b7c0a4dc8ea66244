"""Templates with what all of them use, and how a browser wants its pages to look."""

from __future__ import annotations

from starlette.requests import Request

from handlers.chats.desk.house import SCRIPTS, House, static_version
from handlers.chats.desk.view import globals_for

LOOK, LOOKS = "portavoz_look", frozenset({"auto", "light", "dark"})
"""The cookie that says how pages look. It proves nothing, so it is no session's."""


def render(house: House, template: str, locale: str, *, look: str = "auto", **context: object) -> str:
    """A template with what all of them use."""
    shared = globals_for(locale, house.clock(), house.tz)
    static = f"/desk/static/{static_version()}"
    return house.templates.get_template(template).render(
        **shared, **context, brand=house.brand, static=static, scripts=SCRIPTS, look=look, locale=locale
    )


def look_of(request: Request) -> str:
    """How this browser wants its pages: light, dark, or as the computer says."""
    look = request.cookies.get(LOOK, "auto")
    return look if look in LOOKS else "auto"
