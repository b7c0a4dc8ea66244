"""The wall's page: plain HTML that works without scripts, in the reader's language."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from handlers.networks.wall import visitors
from handlers.networks.wall.body import BadRequest, read_form
from handlers.networks.wall.config import Config
from handlers.networks.wall.docs import documentation
from handlers.networks.wall.feed import MEDIA_TYPE, NEWEST, entries, etag, last_modified
from handlers.networks.wall.rows import Comment, KeyReused, NoRoom, NotThere, NotYours, TakenBack
from handlers.networks.wall.rules import AUTHOR_LIMIT, TEXT_LIMIT, Unacceptable
from handlers.networks.wall.service import Wall, hashed
from handlers.networks.wall.theme import stylesheet
from handlers.networks.wall.views import Filled, Reader, Thread
from handlers.networks.wall.words import LANGUAGES, WORDS, Language, chosen, preferred, say
from handlers.throttle import Throttle, peer_of

HERE = Path(__file__).parent
THREADS = 20  # on one page
HONEYPOT = "website"  # a field that people do not see, and that programs fill in

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
    "Vary": "Accept-Language, Cookie",
}


class Problem(Exception):
    """A form that could not be accepted: the page is shown again, with what was typed and this sentence."""

    def __init__(self, status: int, code: str, **params: object) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.params = params


class Pages:
    """The handlers of the page and its forms."""

    def __init__(self, wall: Wall, throttle: Throttle, config: Config, *, base_url: str) -> None:
        self._wall = wall
        self._throttle = throttle
        self._config = config
        self._base = base_url
        self._brand = config.name
        self._home = config.path
        self._headers = HEADERS | {"Content-Security-Policy": _policy(config.embed_on)}
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def routes(self) -> list[BaseRoute]:
        """Full paths."""
        home = self._home
        # The documentation has a short address too; of several walls the first one has it.
        return [
            Route("/docs", self.docs, methods=["GET"]),
            Route(home, self.wall, methods=["GET"]),
            Route(home, self.write, methods=["POST"]),
            Route(f"{home}/c/{{id}}", self.thread, methods=["GET"]),
            Route(f"{home}/c/{{id}}/edit", self.edit, methods=["POST"]),
            Route(f"{home}/c/{{id}}/withdraw", self.withdraw, methods=["POST"]),
            Route(f"{home}/feed.atom", self.feed, methods=["GET"]),
            Route(f"{home}/docs", self.docs, methods=["GET"]),
            Route(f"{home}/theme.css", self.theme, methods=["GET"]),
            Mount(f"{home}/static", StaticFiles(directory=HERE / "static")),
        ]

    # --- reading ----------------------------------------------------------------------------------------

    async def wall(self, request: Request) -> Response:
        """The newest threads, or those before `?before=`."""
        try:
            return await self._show_wall(request)
        except NotThere:
            return self._missing(request)

    async def thread(self, request: Request) -> Response:
        """One thread, with the comment or reply that the link is about marked."""
        try:
            return await self._show_thread(request, request.path_params["id"])
        except NotThere:
            return self._missing(request)

    async def feed(self, request: Request) -> Response:
        """The newest threads as Atom; 304 for a reader that has them already."""
        found = entries(await self._wall.threads(None, NEWEST), self._brand)
        tag, modified = etag(found), last_modified(found)
        headers = {"ETag": tag, "Cache-Control": "public, max-age=60", "Vary": "Accept-Language"}
        if modified:
            headers["Last-Modified"] = modified
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        moment = found[0].updated if found else datetime.fromtimestamp(0, UTC)
        page = self._templates.get_template("feed.xml").render(
            **self._surroundings(request), entries=found, updated=moment.isoformat(timespec="seconds")
        )
        return Response(page, headers=headers, media_type=MEDIA_TYPE)

    async def docs(self, request: Request) -> Response:
        """How programs use the wall, and how it is shown on another site."""
        return self._html(request, "docs.html", 200, doc=documentation(_language(request), self._config, self._base))

    async def theme(self, _request: Request) -> Response:
        """The page's colour."""
        rules = stylesheet(self._config.accent, self._config.theme)
        return Response(rules, headers={"Cache-Control": "public, max-age=300"}, media_type="text/css")

    async def _show_wall(self, request: Request, filled: Filled | None = None, status: int = 200) -> Response:
        before = request.query_params.get("before")
        threads = await self._wall.threads(before, THREADS + 1)
        shown = self._seen(request, threads[:THREADS])
        older = threads[THREADS - 1][0].id if len(threads) > THREADS else None
        return await self._render(
            request, "wall.html", status, threads=shown, older=older, newer=before is not None, filled=filled
        )

    async def _show_thread(
        self, request: Request, id: str, filled: Filled | None = None, status: int = 200
    ) -> Response:
        comments = await self._wall.thread_of(id)
        shown = self._seen(request, [comments], marked=id)
        return await self._render(request, "thread.html", status, threads=shown, filled=filled)

    def _seen(self, request: Request, threads: list[list[Comment]], marked: str | None = None) -> list[Thread]:
        visitor = visitors.visitor_of(request)
        reader = Reader(
            language=_language(request),
            brand=self._brand,
            visitor=hashed(visitor) if visitor else None,
            marked=marked,
            now=datetime.now(UTC),
        )
        return [reader.thread(comments) for comments in threads]

    def _missing(self, request: Request) -> Response:
        return self._html(request, "missing.html", 404)

    # --- writing ----------------------------------------------------------------------------------------

    async def write(self, request: Request) -> Response:
        """A new comment, or with `parent` an answer in a thread; then to where it stands."""
        filled = Filled(place="new")
        try:
            fields = await self._form(request)
            filled = Filled.from_form(fields)
            self._throttled(request)
            if fields.get(HONEYPOT):
                raise Problem(400, "filled_trap")
            form = visitors.form_of(fields)
            visitor = visitors.visitor_of(request) or visitors.new_visitor(form)
            comment, _ = await self._wall.add(
                author=filled.author,
                text=filled.text,
                parent=filled.parent,
                visitor=visitor,
                key=f"form:{form}" if form else None,
            )
        except EXPECTED as error:
            return await self._show_again(request, filled, error)
        response = self._go(request, comment)
        visitors.remember(response, visitor, path=self._home, secure=self._secure(request))
        return response

    async def edit(self, request: Request) -> Response:
        """New words for a comment of one's own."""
        which = request.path_params["id"]
        filled = Filled(place=f"edit-{which}")
        try:
            filled = Filled(place=filled.place, text=(await self._form(request)).get("text", ""))
            self._throttled(request)
            comment = await self._wall.edit(which, filled.text, visitors.owner_of(request))
        except EXPECTED as error:
            return await self._show_again(request, filled, error, thread=which)
        return self._go(request, comment)

    async def withdraw(self, request: Request) -> Response:
        """A comment of one's own taken back."""
        which = request.path_params["id"]
        try:
            await self._form(request)
            self._throttled(request)
            comment = await self._wall.withdraw(which, visitors.owner_of(request))
        except EXPECTED as error:
            return await self._show_again(request, Filled(place=f"edit-{which}"), error, thread=which)
        return self._go(request, comment)

    async def _form(self, request: Request) -> dict[str, str]:
        """The fields; raises Problem when the form comes from another site, BadRequest when it cannot be read."""
        if visitors.from_elsewhere(request, self._base):
            raise Problem(403, "elsewhere")
        return await read_form(request)

    def _throttled(self, request: Request) -> None:
        """Raises Problem when it is too often; only after reading, so that nobody loses what he typed."""
        if wait := self._throttle.wait(peer_of(request)):
            raise Problem(429, "too_many", seconds=wait)

    async def _show_again(
        self, request: Request, filled: Filled, error: Exception, thread: str | None = None
    ) -> Response:
        """The page that the form was on, with what was typed and a sentence about what is wrong."""
        problem = _problem(error)
        told = filled.told(say(_language(request), problem.code, **problem.params))
        try:
            if (which := thread or filled.parent) is not None:
                response = await self._show_thread(request, which, told, problem.status)
            else:
                response = await self._show_wall(request, told, problem.status)
        except NotThere:
            return self._missing(request)
        if "seconds" in problem.params:
            response.headers["Retry-After"] = str(problem.params["seconds"])
        return response

    def _go(self, request: Request, comment: Comment) -> Response:
        """To the comment: new threads stand on the first page, answers are shown in their thread."""
        home = self._home
        page = home if comment.parent is None and request.url.path == home else f"{home}/c/{comment.id}"
        return RedirectResponse(_link(request, page) + f"#c-{comment.id}", status_code=303)

    def _secure(self, request: Request) -> bool:
        return request.url.scheme == "https" or self._base.startswith("https:")

    # --- rendering --------------------------------------------------------------------------------------

    async def _render(
        self, request: Request, template: str, status: int, *, filled: Filled | None, **context: object
    ) -> Response:
        visitor = visitors.visitor_of(request)
        name = await self._wall.last_name(visitor) if visitor else None
        return self._html(
            request,
            template,
            status,
            filled=filled or Filled(place="new"),
            name=name or "",
            count=await self._wall.count(),
            **context,
        )

    def _html(self, request: Request, template: str, status: int, **context: object) -> Response:
        page = self._templates.get_template(template).render(**self._surroundings(request), **context)
        return HTMLResponse(page, status_code=status, headers=self._headers)

    def _surroundings(self, request: Request) -> dict[str, Any]:
        """What every page knows."""
        language = _language(request)
        return {
            "language": language,
            "languages": LANGUAGES,
            "words": WORDS[language],
            "say": lambda code, **params: say(language, code, **params),
            "link": lambda path, **params: _link(request, path, **params),
            "path": request.url.path if request.method == "GET" else self._home,
            "home": self._home,
            "base": self._base,
            "brand": self._brand,
            "config": self._config,
            "new_form": visitors.new_form,
            "trap": HONEYPOT,
            "author_limit": AUTHOR_LIMIT,
            "text_limit": TEXT_LIMIT,
        }


EXPECTED = (BadRequest, Unacceptable, NotThere, TakenBack, NotYours, KeyReused, NoRoom, Problem)


def _problem(error: Exception) -> Problem:
    """Which sentence an error is told with."""
    match error:
        case Problem():
            return error
        case Unacceptable():
            return Problem(400, error.code, **error.params)
        case BadRequest() if error.status == 413:
            return Problem(413, "too_large")
        case BadRequest():
            return Problem(error.status, "unreadable")
        case TakenBack():
            return Problem(410, "removed")
        case NotYours():
            return Problem(403, "not_yours")
        case NoRoom():
            return Problem(507, "no_room", seconds=NoRoom.SECONDS)
        case KeyReused():
            return Problem(409, "key_reused")
    return Problem(404, "missing")


def _policy(embed_on: tuple[str, ...]) -> str:
    """Nothing but our own files; in a frame only on the sites that were named."""
    ancestors = " ".join(("'self'", *embed_on)) if embed_on else "'none'"
    return (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
        f" frame-ancestors {ancestors}"
    )


def _language(request: Request) -> Language:
    return chosen(request) or preferred(request.headers.get("accept-language", ""))


def _link(request: Request, path: str, **params: str) -> str:
    """A path that keeps the language, where one was chosen."""
    language = chosen(request)
    query = ({"lang": language} if language else {}) | params
    return f"{path}?{urlencode(query)}" if query else path
