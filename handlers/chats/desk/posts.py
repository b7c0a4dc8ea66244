"""What people send: forms on a ticket's page, lines of the command box, and who they want to be."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from starlette.responses import HTMLResponse, JSONResponse, Response

from bot.core.messages import Done, MarkDone, NotFound
from handlers.chats.desk.actions import VERBS, BadForm, command_from
from handlers.chats.desk.answers import answer_line, answer_outcome
from handlers.chats.desk.board import Answer
from handlers.chats.desk.door import TICKET, Visit, no_such_page, safe_path, see_other, set_cookie, ticket_of
from handlers.chats.desk.rendering import look_of, render
from handlers.chats.desk.sessions import COOKIE
from handlers.chats.desk.view import globals_for
from handlers.chats.desk.words import LACKS


async def act(visit: Visit) -> Response:
    """A form on a ticket's page."""
    ticket, verb = ticket_of(visit.request), str(visit.request.path_params["verb"])
    if verb not in VERBS:
        raise no_such_page()
    unsaved = visit.form.get("text", "")
    try:
        command = command_from(verb, visit.form, by=visit.person.id, via=visit.house.chat, ticket=ticket)
    except BadForm as problem:
        answer = Answer(kind="refused", text=visit.say(LACKS[str(problem)]), verb=verb, unsaved=unsaved)
        return await reply(visit, answer, ticket)
    outcome = await visit.engine.intake.submit(command)
    _spread(visit, isinstance(outcome, Done), ticket)
    return await reply(visit, answer_outcome(visit, outcome, verb=verb, unsaved=unsaved), ticket)


async def command_box(visit: Visit) -> Response:
    """A line of the command grammar, typed on a ticket's page or beside none."""
    here = visit.form.get("ticket", "").upper() or None
    if here is not None and (TICKET.fullmatch(here) is None or await visit.engine.read.card(here) is None):
        return await reply(visit, answer_outcome(visit, NotFound(what="ticket", id=here[:32])), None)
    shown = visit.form.get("revision", "")
    revision = int(shown) if shown.isascii() and shown.isdecimal() and len(shown) < 7 else None
    seen = visit.form.get("seen", "")[:40] or None
    answer = await answer_line(visit, visit.form.get("line", ""), ticket=here, revision=revision, seen=seen)
    _spread(visit, answer.kind == "done", answer.go or here)
    if here is None and answer.go is None and "back" in visit.form:  # a button elsewhere that types for one
        answer = replace(answer, page=safe_path(visit.form["back"]), verb="", unsaved="")
    return await reply(visit, answer, here)


async def done(visit: Visit) -> Response:
    """Somebody took care of what was given up."""
    wish = MarkDone(
        by=visit.person.id,
        via=visit.house.chat,
        about=visit.form.get("about", "")[:32].upper(),
        note=visit.form.get("note", "").strip()[:2000],
    )
    outcome = await visit.engine.intake.submit(wish)
    _spread(visit, isinstance(outcome, Done), None)
    return await reply(visit, replace(answer_outcome(visit, outcome), page="/desk/failures"), None)


async def switch_person(visit: Visit) -> Response:
    """Become somebody else of the demo team; elsewhere there is no such page."""
    wanted = visit.form.get("person", "")
    team = {person.id for person in visit.team if person.active}
    if not visit.house.demo or wanted not in team:
        raise no_such_page()
    await visit.house.sessions.close(visit.session)
    response = see_other("/desk")
    set_cookie(visit.house, response, await visit.house.sessions.open(wanted))
    return response


async def sign_out(visit: Visit) -> Response:
    """End the session."""
    await visit.house.sessions.close(visit.session)
    response = HTMLResponse(
        render(
            visit.house,
            "door.html",
            visit.person.locale,
            look=look_of(visit.request),
            title=visit.say("You are signed out."),
            body=visit.say("To come back, open a new sign-in link."),
            refresh=None,
            way_in=False,
        )
    )
    response.delete_cookie(COOKIE, path="/desk", secure=visit.house.secure, httponly=True, samesite="strict")
    return response


def _spread(visit: Visit, done: bool, ticket: str | None) -> None:  # noqa: FBT001
    """Open pages look again at once, before the engine's own word comes round."""
    if done:
        visit.house.hub.publish("ticket", {"ticket": ticket})


async def reply(visit: Visit, answer: Answer, ticket: str | None) -> Response:
    """The answer: for a script as data, else left for the page that follows."""
    if visit.wants_json:
        shared = globals_for(visit.person.locale, visit.house.clock(), visit.house.tz)
        html = visit.house.templates.get_template("part_answer.html").render(**shared, answer=answer)
        said = {"kind": answer.kind, "reason": answer.reason, "html": html, "next": _next(answer, ticket)}
        return JSONResponse(said)
    await visit.house.board.leave(visit.session.mark, answer)
    return see_other(_next(answer, ticket))


def _next(answer: Answer, ticket: str | None) -> str:
    """Where to go from here: made of checked ids and of words that are quoted, so always within the desk."""
    if answer.words is not None:
        return f"/desk/search?q={quote(answer.words)}"
    if answer.page is not None:
        return answer.page
    go = answer.go or ticket
    return f"/desk/t/{go}" if go is not None and TICKET.fullmatch(go) else "/desk"
