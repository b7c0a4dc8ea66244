"""The JSON interface: write, read, edit and take back comments; and, for tests, make the wall misbehave."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from handlers.networks.wall.body import BadRequest, optional_string, read_json, string
from handlers.networks.wall.config import Config
from handlers.networks.wall.faults import Fault, Faults
from handlers.networks.wall.rows import Comment, KeyReused, NoRoom, NotThere, NotYours, Reply, TakenBack
from handlers.networks.wall.rules import Unacceptable
from handlers.networks.wall.service import Wall
from handlers.networks.wall.visitors import owner_of, visitor_of
from handlers.throttle import Throttle, peer_of

Handler = Callable[[Request], Awaitable[Response]]

PAGE_LIMIT = 200
EXPECTED = (BadRequest, Unacceptable, NotThere, TakenBack, NotYours, KeyReused, NoRoom, ValidationError)

_KEY = re.compile(r"[\x21-\x7e]{1,200}")


class Api:
    """The handlers; errors are answered as `{"error", "detail"}`."""

    def __init__(self, wall: Wall, throttle: Throttle, faults: Faults, config: Config, *, base_url: str) -> None:
        self._wall = wall
        self._throttle = throttle
        self._faults = faults
        self._base = base_url
        self._brand = config.name
        self._home = config.path

    def routes(self, *, faults: bool) -> list[BaseRoute]:
        """Full paths. The two that make the wall misbehave exist only when asked for."""
        home = self._home
        routes: list[BaseRoute] = [
            Route(f"{home}/comments", self._answering(self.add, writes=True), methods=["POST"]),
            Route(f"{home}/comments", self._answering(self.listed), methods=["GET"]),
            Route(f"{home}/comments/{{id}}", self._answering(self.one), methods=["GET"]),
            Route(f"{home}/comments/{{id}}", self._answering(self.edit, writes=True), methods=["PATCH"]),
            Route(f"{home}/comments/{{id}}/withdraw", self._answering(self.withdraw, writes=True), methods=["POST"]),
        ]
        if faults:
            routes += [
                Route(f"{home}/faults", self._answering(self.arm), methods=["POST"]),
                Route(f"{home}/faults/moderation", self._answering(self.moderate), methods=["POST"]),
            ]
        return routes

    async def add(self, request: Request) -> Response:
        """201 `{"id", "url", "edit_token"}`; a repeat with the same `Idempotency-Key` lacks the token."""
        key = _client_key(request)
        fields = await read_json(request)
        comment, token = await self._wall.add(
            author=string(fields, "author"),
            text=string(fields, "text"),
            parent=optional_string(fields, "parent"),
            visitor=visitor_of(request),
            key=key,
        )
        answer = {"id": comment.id, "url": f"{self._base}{self._home}/c/{comment.id}"}
        return JSONResponse(answer if token is None else {**answer, "edit_token": token}, status_code=201)

    async def listed(self, request: Request) -> Response:
        """`{"comments": [...], "next"}`, oldest first; `next` is the next `after`, null on the last page."""
        limit = _limit(request.query_params.get("limit"))
        try:
            found = await self._wall.comments(request.query_params.get("after"), limit + 1)
        except NotThere as error:
            raise BadRequest(400, "bad_after", "There is no comment with the id given as after.") from error
        page = found[:limit]
        more = page[-1].id if len(found) > limit else None
        return JSONResponse({"comments": [shown(comment, self._brand) for comment in page], "next": more})

    async def one(self, request: Request) -> Response:
        """One comment with its replies."""
        return JSONResponse(shown(await self._wall.comment(request.path_params["id"]), self._brand))

    async def edit(self, request: Request) -> Response:
        """Change a comment of one's own: `{"text"}`; 200 with the comment."""
        text = string(await read_json(request), "text")
        comment = await self._wall.edit(request.path_params["id"], text, owner_of(request))
        return JSONResponse(shown(comment, self._brand))

    async def withdraw(self, request: Request) -> Response:
        """Take a comment of one's own back; 200 with what is left of it."""
        comment = await self._wall.withdraw(request.path_params["id"], owner_of(request))
        return JSONResponse(shown(comment, self._brand))

    async def arm(self, request: Request) -> Response:
        """Arm a fault (see `faults.Fault`), or with `{"clear": true}` forget all; answers what is waiting."""
        fields = await read_json(request)
        if fields == {"clear": True}:
            self._faults.clear()
        else:
            self._faults.add(Fault.model_validate(fields))
        return JSONResponse({"waiting": [fault.model_dump() for fault in self._faults.waiting()]})

    async def moderate(self, request: Request) -> Response:
        """Decide about a pending reply: `{"id", "refused_because"?}`."""
        fields = await read_json(request)
        because = optional_string(fields, "refused_because")
        reply = await self._wall.moderate(string(fields, "id"), refused_because=because)
        return JSONResponse({"id": reply.id, "state": reply.state})

    def _answering(self, handler: Handler, *, writes: bool = False) -> Handler:
        """The handler with its errors turned into answers, and with the throttle where it writes."""

        async def answered(request: Request) -> Response:
            if writes and (wait := self._throttle.wait(peer_of(request))):
                detail = f"Too many writes from this address. Try again in {wait} s."
                return _error(429, "too_many", detail, {"Retry-After": str(wait)})
            try:
                response = await handler(request)
            except EXPECTED as error:
                return _explained(error)
            response.headers["X-Content-Type-Options"] = "nosniff"
            response.headers["Cache-Control"] = "no-store"
            return response

        return answered


def shown(comment: Comment, brand: str) -> dict[str, Any]:
    """A comment as JSON; `edited_at` and `removed` are there only when they say something."""
    answer: dict[str, Any] = {
        "id": comment.id,
        "author": comment.author,
        "text": comment.text,
        "parent": comment.parent,
        "created_at": _moment(comment.created_at),
        "replies": [_shown_reply(reply, brand) for reply in comment.replies],
    }
    if comment.edited_at is not None:
        answer["edited_at"] = _moment(comment.edited_at)
    if comment.withdrawn_at is not None:
        answer["removed"] = True
    return answer


def _shown_reply(reply: Reply, brand: str) -> dict[str, Any]:
    return {"id": reply.id, "author": brand, "text": reply.text, "created_at": _moment(reply.created_at)}


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _limit(given: str | None) -> int:
    if given is None:
        return 50
    if not (given.isascii() and given.isdigit() and len(given) < 6 and 1 <= int(given) <= PAGE_LIMIT):
        raise BadRequest(400, "bad_limit", f"The limit must be a number from 1 to {PAGE_LIMIT}.")
    return int(given)


def _client_key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise BadRequest(400, "bad_key", "An Idempotency-Key has 1 to 200 printable ASCII characters.")
    return f"api:{key}"


def _explained(error: Exception) -> Response:
    """The answer to an error that a client can make."""
    match error:
        case BadRequest():
            return _error(error.status, error.code, error.detail)
        case Unacceptable():
            return _error(400, error.code, error.detail)
        case NotThere():
            return _error(404, "not_found", "There is no such comment.")
        case TakenBack():
            return _error(410, "removed", "The author took this comment back.")
        case NotYours():
            return _error(403, "not_yours", "Only its author may change a comment: send its Edit-Token.")
        case NoRoom():
            detail = f"There is no room left; nothing was stored. Try again in {NoRoom.SECONDS} s."
            return _error(507, "no_room", detail, {"Retry-After": str(NoRoom.SECONDS)})
        case KeyReused():
            return _error(409, "key_reused", "This Idempotency-Key came before with another comment.")
        case ValidationError():
            return _error(400, "bad_fault", "; ".join(problem["msg"] for problem in error.errors()))
    raise error


def _error(status: int, code: str, detail: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": code, "detail": detail}, status_code=status, headers=headers)
