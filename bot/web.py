"""The one web application: health, metrics, and the routes that adapters bring."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

if TYPE_CHECKING:
    from starlette.requests import Request

FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
"""Headers that tell that somebody else stands behind the one who calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scraped:
    """`/metrics`, and who may read it.

    `text` gives the metrics and their media type for what a caller accepts. With a `token` whoever bears it may read
    them; without one only this machine may, and not even that where a proxy may stand before us (`proxied`).
    """

    text: Callable[[str], Awaitable[tuple[bytes, str]]]
    token: str | None = None
    proxied: bool = False

    async def answer(self, request: Request) -> Response:
        """The metrics, or why not."""
        if self.token is not None:
            scheme, _, given = request.headers.get("authorization", "").partition(" ")
            known = hmac.compare_digest(given.strip().encode(), self.token.encode())
            if scheme.lower() != "bearer" or not known:
                return PlainTextResponse("A bearer token is needed.\n", 401, {"WWW-Authenticate": "Bearer"})
        elif self.proxied or not _from_here(request):
            return PlainTextResponse(_CLOSED, 403)
        body, media_type = await self.text(request.headers.get("accept", ""))
        return Response(body, headers={"Content-Type": media_type, "Cache-Control": "no-store"})


_CLOSED = (
    "Metrics are for the machine that this runs on. To read them from elsewhere, or through a proxy, "
    "set PORTAVOZ_SECRET_METRICS and send it as a bearer token.\n"
)


def _from_here(request: Request) -> bool:
    """Whether a program on this machine calls us directly, by an address or name of this machine."""
    if request.client is None or any(name in request.headers for name in FORWARDED):
        return False
    return _is_here(request.client.host) and _is_here(request.url.hostname or "")


def _is_here(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def application(
    routes: Sequence[BaseRoute],
    ready: Callable[[], Awaitable[str | None]],
    *,
    home: str,
    scraped: Scraped | None = None,
) -> Starlette:
    """The application with everybody's routes.

    Args:
        routes: what the adapters serve.
        ready: None when the bot can work, else what is missing.
        home: where `/` leads.
        scraped: `/metrics`; without it there is no such page.
    """

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(_request: Request) -> Response:
        problem = await ready()
        if problem is None:
            return JSONResponse({"status": "ready"})
        return JSONResponse({"status": "not ready", "detail": problem}, status_code=503)

    async def front(_request: Request) -> Response:
        return RedirectResponse(home)

    own = [
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/", front),
    ]
    if scraped is not None:
        own.append(Route("/metrics", scraped.answer, methods=["GET"]))
    return Starlette(routes=[*own, *routes], exception_handlers={404: _not_found})


async def _not_found(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("Not found.\n", status_code=404)
