"""The door in front of every page: host, origin, size, session, person and CSRF token, in this order.

A page behind the door gets a `Visit`: somebody who is signed in and on the team, and a form that is really theirs.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from bot import logs
from bot.core.errors import Away, Transient
from bot.core.types import Person
from bot.locale import text
from handlers.chats.desk import security
from handlers.chats.desk.house import Engine, House
from handlers.chats.desk.rendering import look_of, render
from handlers.chats.desk.sessions import COOKIE, SESSION_LIFETIME, Session

log = logs.get(__name__)

MAX_BODY = 1024 * 1024
"""Bytes of a form; a text of 20,000 characters, percent-encoded, stays well below."""
_MAX_FIELDS = 32
_BACK = re.compile(
    r"/desk(/(t|a|settings)/[A-Za-z0-9_-]{1,32}|/search|/failures|/reports|/settings)?(\?[A-Za-z0-9_=&%.+-]{0,300})?"
)
TICKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")


class Refusal(Exception):
    """The door stays shut. `title` and `body` are msgids."""

    def __init__(
        self, status: int, title: str, body: str, headers: dict[str, str] | None = None, **params: object
    ) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.body = body
        self.headers = headers or {}
        self.params = params


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Somebody of the team, at a page."""

    house: House
    engine: Engine
    request: Request
    session: Session
    person: Person
    team: Sequence[Person]
    form: dict[str, str] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The day that it is in the team's time zone."""
        return self.house.clock().astimezone(self.house.tz).date()

    @property
    def wants_json(self) -> bool:
        """Whether a script asks, which puts the answer into the page itself."""
        return _wants_json(self.request)

    def say(self, msgid: str, **params: object) -> str:
        """A sentence in this person's language."""
        return text(self.person.locale, msgid, **params)

    def page(self, template: str, context: dict[str, object], *, status: int = 200) -> HTMLResponse:
        """A rendered template in this person's language."""
        body = render(
            self.house,
            template,
            self.person.locale,
            look=look_of(self.request),
            me=self.person,
            csrf=self.session.csrf,
            **context,
        )
        return HTMLResponse(body, status_code=status)


Page = Callable[[Visit], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]


def door(house: House, page: Page) -> Endpoint:
    """A page for people who are signed in."""

    async def inside(request: Request) -> Response:
        engine = _ready(house)
        team = await engine.read.people()
        session, person = await _who(house, engine, request, team)
        posted = request.method == "POST"
        form = await read_form(request) if posted else {}
        if posted:
            _check_csrf(request, session, form)
        person = in_their_language(house, request, person)
        visit = Visit(house=house, engine=engine, request=request, session=session, person=person, team=team, form=form)
        response = await page(visit)
        if session.stale and "set-cookie" not in response.headers:
            set_cookie(house, response, session)
        return response

    return porch(house, inside)


def porch(house: House, page: Endpoint) -> Endpoint:
    """A page for everybody whose browser was really sent to this desk: sign-in and the files of pages."""

    async def outside(request: Request) -> Response:
        try:
            _check_source(house, request)
            response = await page(request)
        except Refusal as refusal:
            response = shut(house, request, refusal)
        except (Transient, Away) as error:
            response = shut(house, request, _not_now(error))
        except ClientDisconnect:  # nobody is there to answer
            response = Response(status_code=400)
        except Exception:  # a person looks at this: they get a page, and a number that the log has too
            number = secrets.token_hex(4)
            # The route is logged, not the address: that of a sign-in link is a secret.
            log.exception(
                "desk.failed", number=number, route=getattr(request.scope.get("endpoint"), "__qualname__", "")
            )
            response = shut(house, request, _broken(number))
        for name, value in security.HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return outside


def shut(house: House, request: Request, refusal: Refusal) -> Response:
    """The page, or the JSON answer, of a refusal."""
    locale = _browser_locale(request)
    title, body = text(locale, refusal.title), text(locale, refusal.body, **refusal.params)
    if _wants_json(request):
        return JSONResponse({"kind": "refused", "text": f"{title} {body}"}, refusal.status, refusal.headers)
    refresh = refusal.headers.get("Retry-After")
    way_in = refusal.status != 401 or refresh is not None
    page = render(
        house, "door.html", locale, look=look_of(request), title=title, body=body, refresh=refresh, way_in=way_in
    )
    return HTMLResponse(page, refusal.status, refusal.headers)


def set_cookie(house: House, response: Response, session: Session) -> None:
    """Hand the session to the browser, for this desk's pages alone.

    Strict is enough even for the landing after a link: its button posts from our own page.
    """
    response.set_cookie(
        COOKIE,
        session.token,
        max_age=int(SESSION_LIFETIME.total_seconds()),
        path="/desk",
        secure=house.secure,
        httponly=True,
        samesite="strict",
    )


async def read_form(request: Request) -> dict[str, str]:
    """The fields of an urlencoded form. Line ends become what was typed, not what browsers send."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise Refusal(415, "That is no form.", "Send the fields as application/x-www-form-urlencoded.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise Refusal(413, "That is too much.", "A form may hold one megabyte at most. Shorten the text.")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MAX_FIELDS)
    except ValueError:
        raise Refusal(400, "That form cannot be read.", "Its text is not valid UTF-8.") from None
    return {name: value.replace("\r\n", "\n").replace("\r", "\n") for name, value in pairs}


def no_such_page() -> Refusal:
    """For an address that leads nowhere."""
    return Refusal(404, "There is no such page.", "Go back to the inbox: /desk")


def ticket_of(request: Request) -> str:
    """The ticket in the address; what cannot be one is not looked for."""
    ticket = str(request.path_params["ticket"])
    if TICKET.fullmatch(ticket) is None:
        raise no_such_page()
    return ticket.upper()


def peer_of(request: Request) -> str:
    """The address that the request came from."""
    return request.client.host if request.client else "unknown"


def _not_now(error: Transient | Away) -> Refusal:
    """A full disk, for one, or a database that is away: nothing could be read, or what was to be remembered stored."""
    seconds = max(1, round(getattr(error, "retry_after", None) or 1))
    return Refusal(
        503,
        "Nothing can be stored now.",
        "The bot's disk is full, or its database is away; `portavoz health` says more. Try again in a moment.",
        {"Retry-After": str(seconds)},
    )


def _broken(number: str) -> Refusal:
    return Refusal(
        500,
        "Something went wrong here.",
        "Look whether it was done before you repeat it. If this stays, tell whoever runs Portavoz this number, which "
        "stands in the log: {number}",
        number=number,
    )


def _check_source(house: House, request: Request) -> None:
    if not security.host_allowed(request.headers.get("host", ""), house.base_url):
        raise Refusal(
            421, "This desk has another address.", "Open it by the address that it is configured with (base_url)."
        )
    if request.method == "POST" and not security.origin_allowed(request.headers, house.base_url):
        raise Refusal(
            403,
            "That did not come from this desk.",
            "Another site or an old browser sent it. Open /desk and try again.",
        )


def _ready(house: House) -> Engine:
    if house.engine is None:
        raise Refusal(
            503,
            "Portavoz is starting.",
            "This page will try again by itself in a moment.",
            {"Retry-After": "2"},
        )
    return house.engine


async def _who(house: House, engine: Engine, request: Request, people: Sequence[Person]) -> tuple[Session, Person]:
    """The session and its person: by the trusted proxy's word, or by the cookie."""
    team = {person.id: person for person in people if person.active}
    session = await house.sessions.read(request.cookies.get(COOKIE))
    named = await _named_by_proxy(house, engine, request, team)
    if named is not None:
        if session is None or session.person != named.id:
            session = await house.sessions.open(named.id)
        return session, named
    if session is None:
        _come_again_from_here(request)
        raise Refusal(401, "You are not signed in.", _HOW_TO_SIGN_IN)
    if session.person not in team:
        await house.sessions.close(session)
        raise Refusal(401, "You are not on the team any more.", _HOW_TO_SIGN_IN)
    return session, team[session.person]


_HOW_TO_SIGN_IN = (
    "Portavoz prints a sign-in link when it starts. Each link works once, for fifteen minutes. "
    "`portavoz link NAME` prints a new one where Portavoz runs; or ask whoever runs it for yours."
)


async def _named_by_proxy(house: House, engine: Engine, request: Request, team: Mapping[str, Person]) -> Person | None:
    """Whom a listed peer vouches for. The header means nothing from anybody else."""
    name = request.headers.get("x-forwarded-user")
    if name is None or not security.peer_trusted(peer_of(request), house.trusted_proxies):
        return None
    person = team.get(name) or await engine.read.person_for(house.chat, name)
    if person is None or not person.active:
        raise Refusal(403, "You are not on the team.", "Ask whoever runs Portavoz to add you.")
    return person


def _come_again_from_here(request: Request) -> None:
    """A strict cookie does not come along from a link on another site; a reload from our own page brings it."""
    if request.method == "GET" and request.headers.get("sec-fetch-site") == "cross-site":
        raise Refusal(401, "One moment.", "This page opens itself again.", {"Retry-After": "0"})


def _check_csrf(request: Request, session: Session, form: dict[str, str]) -> None:
    given = request.headers.get("x-csrf-token") or form.get("csrf", "")
    if not hmac.compare_digest(given.encode("utf-8", "replace"), session.csrf.encode()):
        raise Refusal(403, "This page is out of date.", "Nothing was changed. Open /desk again and repeat it.")


def _wants_json(request: Request) -> bool:
    return request.headers.get("accept", "").startswith("application/json")


def in_their_language(house: House, request: Request, person: Person) -> Person:
    """The demo team speaks the language of the browser before it: nobody chose one for them.

    Configured people have their own, whatever browser they sit at.
    """
    if not house.demo or not request.headers.get("accept-language", "").strip():
        return person
    return replace(person, locale=_browser_locale(request))


def _browser_locale(request: Request) -> str:
    """Before anybody is known, the browser says which language to speak: the first of its own that we do."""
    wanted = request.headers.get("accept-language", "").lower().split(",")[:20]
    tongues = (re.split("[-;]", part, maxsplit=1)[0].strip() for part in wanted)
    return next((tongue for tongue in tongues if tongue in {"es", "en"}), "en")


def safe_path(path: str) -> str:
    """A page of the desk that a form names to come back to; the inbox for anything else."""
    return path if _BACK.fullmatch(path) else "/desk"


def see_other(path: str) -> RedirectResponse:
    """On to another page of the desk; `path` is never made of what a request brought unchecked."""
    return RedirectResponse(path, status_code=303)
