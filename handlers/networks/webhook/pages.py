"""The page for developers, the JSON schema, and the files that the page needs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from handlers.networks.webhook.config import Config
from handlers.networks.webhook.docs import Language, documentation
from handlers.networks.webhook.payloads import schema

HERE = Path(__file__).parent
LANGUAGES: tuple[Language, ...] = get_args(Language)
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none';"
        " frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
    "Vary": "Accept-Language",
}


class Pages:
    """What a developer needs to connect a platform; no secret is in it."""

    def __init__(self, config: Config, address: str, name: str, variable: str) -> None:
        self._config = config
        self._address = address
        self._name = name
        self._variable = variable
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def routes(self) -> list[BaseRoute]:
        """Full paths."""
        home = self._config.path
        # Of walls and platforms the first one has the short address, too.
        return [
            Route("/docs", self._docs, methods=["GET"]),
            Route(f"{home}/docs", self._docs, methods=["GET"]),
            Route(f"{home}/schema.json", self._schema, methods=["GET"]),
            Mount(f"{home}/static", StaticFiles(directory=HERE / "static")),
        ]

    async def _docs(self, request: Request) -> Response:
        language = _language(request)
        page = self._templates.get_template("docs.html").render(
            language=language,
            languages=LANGUAGES,
            home=self._config.path,
            name=self._name,
            schema=self._written_schema(),
            doc=documentation(language, self._config, self._address, self._variable),
        )
        return HTMLResponse(page, headers=HEADERS)

    async def _schema(self, _request: Request) -> Response:
        return Response(self._written_schema(), headers=HEADERS, media_type="application/schema+json")

    def _written_schema(self) -> str:
        return json.dumps(schema(f"{self._address}/schema.json"), indent=2, ensure_ascii=False)


def _language(request: Request) -> Language:
    """What `?lang=` asks for, else the first of ours that the reader's browser names (RFC 9110, section 12.5.4)."""
    asked = request.query_params.get("lang")
    named = [part.strip()[:2].lower() for part in request.headers.get("accept-language", "").split(",")[:20]]
    return next((one for word in [asked, *named] for one in LANGUAGES if one == word), "en")
