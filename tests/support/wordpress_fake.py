"""A WordPress site on 127.0.0.1, in the shapes that developer.wordpress.org/rest-api documents for comments and users.

Pages, `include`, `parent`, `author`, states and contexts, what may be seen by whom, duplicates, closed posts, held
comments, and troubles on demand.
"""

from __future__ import annotations

import asyncio
import html
import re
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

SHOP, CHIEF = 2, 1
SECRET = "tienda:abcd EFGH 1234 ijkl MNOP 5678"
LONGEST = 65_525
RIGHTS = {
    "administrator": ("edit_posts", "moderate_comments", "list_users"),
    "editor": ("edit_posts", "moderate_comments"),
    "author": ("edit_posts",),
    "subscriber": (),
}


@dataclass
class Kept:
    """One comment as the site stores it."""

    id: int
    author: int
    name: str
    raw: str
    date: datetime
    parent: int = 0
    status: str = "approved"
    url: str = ""


class Refusal(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, code: str, message: str = "Sorry.", **headers: str) -> None:
        super().__init__(code)
        self.status, self.body, self.headers = status, {"code": code, "message": message, "data": {}}, headers


@dataclass
class WordPressFake:
    """One site with one post, an account of ours (`tienda`) and whoever writes."""

    role: str = "editor"
    pretty: bool = True
    base: str = ""
    open: bool = True
    dedupes: bool = True
    comments: dict[int, Kept] = field(default_factory=dict)
    users: dict[str, int] = field(default_factory=lambda: {"chief": CHIEF, "tienda": SHOP})
    requests: list[tuple[str, str]] = field(default_factory=list)
    troubles: list[tuple[str, str, str, float]] = field(default_factory=list)
    clock: timedelta = timedelta()
    counts: bool = True
    private: set[int] = field(default_factory=set)
    junk: list[Any] = field(default_factory=list)
    _last: int = 0
    _runner: web.AppRunner | None = None

    # --- the server -------------------------------------------------------------------------------------------

    async def start(self) -> None:
        app = web.Application(middlewares=[self._door])
        app.router.add_get("/hello-world/", self._page)
        app.router.add_route("*", "/{path:.*}", self._rest)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    @web.middleware
    async def _door(self, request: web.Request, handler: Any) -> web.StreamResponse:
        try:
            answer: web.StreamResponse = await handler(request)
        except Refusal as refusal:
            answer = web.json_response(refusal.body, status=refusal.status, headers=refusal.headers)
        answer.headers["Date"] = (datetime.now(UTC) + self.clock).strftime("%a, %d %b %Y %H:%M:%S GMT")
        return answer

    async def _rest(self, request: web.Request) -> web.Response:
        prefix, route = "/wp-json", request.query.get("rest_route", request.path)
        if request.path.startswith(prefix) and self.pretty:
            route = request.path.removeprefix(prefix)
        elif "rest_route" not in request.query:
            return web.Response(status=404, text="<h1>Not found</h1>", content_type="text/html")
        self.requests.append((request.method, route))
        trouble, seconds = self._trouble(request.method, route)
        if trouble == "dead_token" or request.headers.get("Authorization") != _basic(SECRET):
            raise Refusal(401, "incorrect_password", "The provided password is an invalid application password.")
        if trouble == "moved":
            raise Refusal(301, "", Location="https://elsewhere.example/wp-json/")
        if trouble == "flood":
            raise Refusal(400, "comment_flood", "You are posting comments too quickly. Slow down.")
        if trouble == "forbidden":
            raise Refusal(403, "rest_forbidden", "Sorry, you are not allowed to do that.")
        if trouble in {"error_before", "rate_limited"}:
            late = {"Retry-After": str(int(seconds))} if trouble == "rate_limited" else {}
            raise Refusal(429 if late else 503, "too_many" if late else "db_away", **late)
        answer = await self._answered(request, route, trouble)
        if trouble == "late":
            await asyncio.sleep(seconds)
        if trouble == "error_after":
            raise Refusal(503, "db_away")
        return answer

    async def _answered(self, request: web.Request, route: str, trouble: str) -> web.Response:
        name = route.removeprefix("/wp/v2/")
        if name == "users/me":
            rights = dict.fromkeys(RIGHTS[self.role], True)
            return web.json_response({"id": SHOP, "name": "La Tienda", "link": self.base, "capabilities": rights})
        if name == "users":
            return web.json_response([{"id": CHIEF}, {"id": SHOP}])
        if name == "posts":
            return web.json_response([{"comment_status": "open" if self.open else "closed"}])
        if name == "comments" and request.method == "POST":
            return self._create(await request.json(), trouble)
        if name == "comments":
            return self._list(request)
        if found := re.fullmatch(r"comments/(\d+)", name):
            return web.json_response(self._shown(self._one(int(found.group(1))), request))
        raise Refusal(404, "rest_no_route")

    def spoil(self, method: str, route: str, trouble: str, seconds: float = 1.0) -> None:
        """Let the next request of this kind fail; `route` is a pattern."""
        self.troubles.append((method, route, trouble, seconds))

    def _trouble(self, method: str, route: str) -> tuple[str, float]:
        for entry in self.troubles:
            if entry[0] == method and re.fullmatch(entry[1], route):
                self.troubles.remove(entry)
                return entry[2], entry[3]
        return "", 0.0

    # --- the shapes -------------------------------------------------------------------------------------------

    @property
    def moderates(self) -> bool:
        return "moderate_comments" in RIGHTS[self.role]

    def _one(self, native: int) -> Kept:
        found = self.comments.get(native)
        if found is None:
            raise Refusal(404, "rest_comment_invalid_id", "Invalid comment ID.")
        if found.status != "approved" and found.author != SHOP and not self.moderates:
            raise Refusal(403, "rest_cannot_read", "Sorry, you are not allowed to read this comment.")
        return found

    def _list(self, request: web.Request) -> web.Response:
        asked = request.query
        edit, status = asked.get("context") == "edit", asked.get("status", "approve")
        if edit and not self.moderates:
            raise Refusal(403, "rest_forbidden_context", "Sorry, you are not allowed to edit comments.")
        if not RIGHTS[self.role] and (status != "approve" or "author" in asked):
            raise Refusal(403, "rest_forbidden_param", "Query parameter not permitted: status")
        states = {"approve": {"approved"}, "all": {"approved", "hold"}, "hold": {"hold"}}[status]
        found = [one for one in self.comments.values() if one.status in states]
        for name in ("parent", "author", "id"):
            given = asked.get("include" if name == "id" else name)
            if given is not None:
                found = [one for one in found if str(getattr(one, name)) in given.split(",")]
        found.sort(key=lambda one: one.id, reverse=asked.get("order", "desc") == "desc")
        size, page = int(asked.get("per_page", "10")), int(asked.get("page", "1"))
        seen = [
            one
            for one in found[size * (page - 1) : size * page]
            if self.moderates or (one.status == "approved" and one.id not in self.private) or one.author == SHOP
        ]
        pages = {"X-WP-Total": str(len(found)), "X-WP-TotalPages": str(-(-len(found) // size))} if self.counts else {}
        return web.json_response([self._shown(one, request) for one in seen] + self.junk, headers=pages)

    def _shown(self, one: Kept, request: web.Request) -> dict[str, Any]:
        smart = re.sub(r"'", "\N{RIGHT SINGLE QUOTATION MARK}", one.raw).replace("...", "&#8230;").replace(":)", "🙂")
        content = {"rendered": "<p>" + smart.replace("\n", "<br />\n") + "</p>\n"}
        if request.query.get("context") == "edit" or (request.method == "POST" and self.moderates):
            content["raw"] = one.raw
        shown = {
            "id": one.id,
            "post": 1,
            "parent": one.parent,
            "author": one.author,
            "author_name": one.name,
            "author_url": one.url,
            "date_gmt": one.date.strftime("%Y-%m-%dT%H:%M:%S"),
            "content": content,
            "link": f"{self.base}/hello-world/#comment-{one.id}",
            "status": one.status,
            "type": "comment",
        }
        fields = request.query.get("_fields", ",".join(shown)).split(",")
        return {name: value for name, value in shown.items() if name in fields}

    def _create(self, body: dict[str, Any], trouble: str) -> web.Response:
        text, parent = str(body["content"]).strip(" \t\n\r\0\x0b"), int(body.get("parent", 0))
        if not self.open or trouble == "rejected":
            raise Refusal(403, "rest_comment_closed", "Sorry, comments are closed for this item.")
        if not text:
            raise Refusal(400, "rest_comment_content_invalid", "Invalid comment content.")
        if len(text.encode()) > LONGEST:
            raise Refusal(400, "comment_content_column_length", "Comment field exceeds maximum length allowed.")
        same = (one for one in self.comments.values() if one.author == SHOP and one.parent == parent)
        if self.dedupes and any(one.raw == text for one in same):
            raise Refusal(409, "comment_duplicate", "Duplicate comment detected.")
        made = self._add(SHOP, "La Tienda", text, parent, at=datetime.now(UTC))
        made.status = "hold" if trouble == "pending" else "approved"
        return web.json_response(self._shown(made, _Edit(self.moderates)), status=201)  # type: ignore[arg-type]

    def _add(self, author: int, name: str, raw: str, parent: int, *, at: datetime | None = None) -> Kept:
        self._last += 1
        when = (at or datetime.now(UTC) - timedelta(seconds=30)).replace(microsecond=0)
        made = self.comments[self._last] = Kept(self._last, author, html.escape(name, quote=False), raw, when, parent)
        return made

    async def _page(self, request: web.Request) -> web.Response:
        shown = "".join(f"<li>{one.raw}</li>" for one in self.comments.values() if one.status == "approved")
        return web.Response(text=f"<html><ol>{shown}</ol></html>", content_type="text/html")

    # --- what people do ---------------------------------------------------------------------------------------

    def write(self, text: str, name: str, login: str | None, parent: str | None = None) -> str:
        """Somebody comments, with a user on the site or as a visitor; the comment's id."""
        user = 0 if login is None else self.users.setdefault(login, len(self.users) + 1)
        raw = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text).strip()
        return str(self._add(user, " ".join(name.split()), raw, int(parent or 0)).id)

    def edit(self, native: str, text: str) -> None:
        self.comments[int(native)].raw = text

    def set_status(self, native: str, status: str) -> None:
        """A moderator decides."""
        self.comments[int(native)].status = {"approve": "approved"}.get(status, status)

    def raw(self, native: str) -> str:
        """A comment as it is stored."""
        return self.comments[int(native)].raw

    def replies(self, native: str) -> list[str]:
        """The shop's comments below one that everybody can read, as they are stored, oldest first."""
        below = [one for one in self.comments.values() if one.parent == int(native) and one.author == SHOP]
        return [one.raw for one in below if one.status == "approved"]

    def answer_by_hand(self, native: str, text: str) -> str:
        """A colleague answers in the site's own pages, as the shop."""
        return str(self._add(SHOP, "La Tienda", text, int(native), at=datetime.now(UTC)).id)


@dataclass(frozen=True)
class _Edit:
    """How a created comment is shown: to moderators with what is stored."""

    moderates: bool

    @property
    def method(self) -> str:
        return "POST"

    @property
    def query(self) -> dict[str, str]:
        return {}


def _basic(secret: str) -> str:
    return "Basic " + b64encode(secret.encode()).decode()
