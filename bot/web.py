"""The one web application: health, and the routes that adapters bring."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse
from starlette.routing import BaseRoute, Route

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


def application(routes: Sequence[BaseRoute], ready: Callable[[], Awaitable[str | None]], *, home: str) -> Starlette:
    """The application with everybody's routes.

    Args:
        routes: what the adapters serve.
        ready: None when the bot can work, else what is missing.
        home: where `/` leads.
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
    return Starlette(routes=[*own, *routes], exception_handlers={404: _not_found})


async def _not_found(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("Not found.\n", status_code=404)
