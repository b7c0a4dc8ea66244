"""The page of somebody who writes to us: as far as it helps to answer them, and no further."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import Response

from bot.core import messages as m
from bot.core.authors import AuthorView
from bot.core.types import AuthorFlag
from bot.core.words import BY_NAME
from bot.locale.authoring import author_name
from handlers.chats.desk.actions import MAX_TEXT
from handlers.chats.desk.answers import answer_outcome
from handlers.chats.desk.board import Answer
from handlers.chats.desk.door import Visit, no_such_page
from handlers.chats.desk.pages import whole
from handlers.chats.desk.posts import reply
from handlers.chats.desk.words import LACKS

_DIGITS = 18
"""No number of ours is longer."""


async def page(visit: Visit) -> Response:
    """Flag, notes, and all of their tickets with our answers."""
    view = await _author(visit)
    role = visit.person.role
    context: dict[str, object] = {
        "author": view,
        "author_name": author_name(visit.person.locale, view),
        "may_write": bool(view.history) and not view.erased and role.covers(BY_NAME["about"].role),
        "flags": tuple(AuthorFlag),
    }
    return await whole(visit, "part_author.html", context, page="author")


async def wish(visit: Visit) -> Response:
    """Flag them, or note something about them."""
    view = await _author(visit)
    if not view.history:
        raise no_such_page()
    verb, text = str(visit.request.path_params["verb"]), visit.form.get("text", "").strip()
    about = {"by": visit.person.id, "via": visit.house.chat, "ticket": view.history[0].line.id}
    command: m.FlagAuthor | m.NoteAuthor | None = None
    if verb == "flag" and visit.form.get("flag", "") in {"", *AuthorFlag}:
        given = visit.form.get("flag", "")
        command = m.FlagAuthor(**about, flag=AuthorFlag(given) if given else None)
    elif verb == "about" and 0 < len(text) <= MAX_TEXT:
        command = m.NoteAuthor(**about, text=text)
    elif verb != "about":
        raise no_such_page()
    if command is None:
        lacks = LACKS["too_long" if text else "no_text"]
        answer = Answer(kind="refused", text=visit.say(lacks), verb=verb, unsaved=text)
    else:
        outcome = await visit.engine.intake.submit(command)
        if isinstance(outcome, m.Done):
            visit.house.hub.publish("ticket", {"ticket": outcome.ticket})
        answer = answer_outcome(visit, outcome, verb=verb, unsaved=text)
    return await reply(visit, replace(answer, go=None, page=f"/desk/a/{view.number}"), None)


async def _author(visit: Visit) -> AuthorView:
    given = str(visit.request.path_params["number"])
    plain = given.isascii() and given.isdecimal() and len(given) <= _DIGITS
    found = await visit.engine.read.author(number=int(given)) if plain else None
    if found is None:
        raise no_such_page()
    return found
