"""HTTP with a site: requests to its REST interface, and what each answer means in `bot.core.errors`.

After the WordPress REST API Handbook (developer.wordpress.org/rest-api) and its controllers' error codes.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from bot.core.errors import AdapterError, AuthExpired, OutcomeUnknown, Permanent, Transient
from bot.core.fromhtml import one_line, plain
from bot.settings.secrets import variable
from handlers.connection import NOT_SENT, Connection
from handlers.dating import ahead, whole_seconds
from handlers.networks.wordpress.config import Config
from handlers.reaching import address, because, stranger

LIMIT = 40_000_000
"""Bytes of an answer; a hundred comments of the greatest length, raw and rendered, are some 15 million."""
FLOOD = 15.0
"""Seconds that WordPress wants between two comments of whoever is no moderator."""
NOT_TO_SEE = frozenset({"rest_comment_invalid_id", "rest_post_invalid_id", "rest_cannot_read", "rest_cannot_read_post"})
"""About this one comment: it is away, or not public any more."""
NOT_ALLOWED = frozenset(
    {
        "rest_forbidden",
        "rest_forbidden_context",
        "rest_forbidden_param",
        "rest_cannot_edit",
        "rest_comment_login_required",
        "rest_user_cannot_view",
        "rest_not_logged_in",
    }
)
"""About the account's rights. Other refusals of something to be written are about that alone."""
Params = Mapping[str, str]


class NotThere(Permanent):
    """Taken away, or never to be seen by us."""


class Declined(Permanent):
    """Understood and refused; `code` is WordPress's own."""

    def __init__(self, reason: str, code: str) -> None:
        super().__init__(reason)
        self.code = code


class Wire:
    """One account's way to its site."""

    def __init__(self, config: Config, secret: str | None) -> None:
        self._config = config
        self._secret = secret
        self._connection = Connection(self._opened)
        self._pretty = True
        self.ahead: timedelta | None = None
        """How far the site's clock was ahead of ours at the last answer."""

    async def aclose(self) -> None:
        """Close the connections."""
        await self._connection.aclose()

    async def get(self, path: str, params: Params | None = None) -> Any:
        """Read something below `wp/v2`. Raises Transient, AuthExpired, NotThere, Declined or Permanent."""
        return (await self.page(path, params))[0]

    async def page(self, path: str, params: Params | None = None) -> tuple[Any, int | None]:
        """The same, and of how many pages a list consists, where the site tells that."""
        try:
            status, headers, body = await self._asked("GET", path, params or {})
            if status == 404 and self._pretty and not _code(body):
                # A site without pretty permalinks answers there only.
                self._pretty = False
                status, headers, body = await self._asked("GET", path, params or {})
                self._pretty = not _code(body) and status == 404
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise Transient(f"The site did not answer: {because(error, address(self._config.base_url))}.") from error
        if not 200 <= status < 300:
            raise _trouble(status, headers, body, writing=False)
        pages = headers.get("X-WP-TotalPages", "")[:9]
        try:
            return json.loads(body), int(pages) if pages.isascii() and pages.isdecimal() else None
        except (ValueError, RecursionError) as error:
            raise Transient(stranger("WordPress", self._config.base_url, status)) from error

    async def post(self, path: str, payload: dict[str, Any]) -> Any:
        """Write something; the answer, or None where it could not be read.

        Raises Transient when it surely was not done, OutcomeUnknown, AuthExpired, NotThere, Declined or Permanent.
        """
        try:
            status, headers, body = await self._asked("POST", path, {}, payload)
        except NOT_SENT as error:
            raise Transient(f"The site cannot be reached: {because(error, address(self._config.base_url))}.") from error
        except (httpx.HTTPError, Transient, TimeoutError) as error:
            raise OutcomeUnknown(f"The answer was lost: {because(error, address(self._config.base_url))}.") from error
        if status >= 500 or status == 408:
            raise OutcomeUnknown(f"The site answered {status}.")
        if not 200 <= status < 300:
            raise _trouble(status, headers, body, writing=True)
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            return None

    async def _asked(
        self, method: str, path: str, params: Params, payload: dict[str, Any] | None = None
    ) -> tuple[int, httpx.Headers, bytes]:
        url = f"/wp-json/wp/v2/{path}" if self._pretty else "/"
        query = dict(params) if self._pretty else {"rest_route": f"/wp/v2/{path}", **params}
        body = bytearray()
        async with (
            asyncio.timeout(self._config.timeout),
            self._connection.client().stream(method, url, params=query, json=payload) as answer,
        ):
            async for piece in answer.aiter_bytes():
                body += piece
                if len(body) > LIMIT:
                    raise Transient(f"The site's answer is larger than {LIMIT // 1_000_000} MB.")
        self.ahead = ahead(answer.headers.get("date"), datetime.now(UTC))
        return answer.status_code, answer.headers, bytes(body)

    def _opened(self) -> httpx.AsyncClient:
        expected = variable(self._config.id)
        if not self._secret:
            raise AuthExpired(f"{expected} is not set")
        name, colon, password = self._secret.partition(":")
        if not (name and colon and password):
            raise AuthExpired(f"{expected} has to be the user's name, a colon and an application password")
        return httpx.AsyncClient(
            base_url=self._config.base_url,
            auth=httpx.BasicAuth(name, password),
            headers={"User-Agent": "Portavoz", "Accept": "application/json"},
            timeout=self._config.timeout,
            follow_redirects=False,
            # Loading certificates takes a moment, and on this machine there is nothing to verify.
            verify=self._config.base_url.startswith("https:"),
            trust_env=False,
        )


def _trouble(status: int, headers: httpx.Headers, body: bytes, *, writing: bool) -> AdapterError:
    """What an answer means that is no success."""
    code, said = _code(body), _said(status, body)
    if 300 <= status < 400:
        return Permanent(f"The site has moved to {one_line(headers.get('location', '?'))[:200]}: change `base_url`.")
    if code in NOT_TO_SEE:
        return NotThere(said)
    if status == 401 or code in NOT_ALLOWED or (status == 403 and not writing):
        return AuthExpired(said)
    if status == 404:
        return NotThere(f"There is no WordPress REST interface at this address: {said}")
    if status == 429:
        return Transient(said, retry_after=whole_seconds(headers.get("Retry-After", "")))
    if code == "comment_flood":
        return Transient(said, retry_after=FLOOD)
    if status >= 500 or status == 408:
        return Transient(said)
    return Declined(said, code)


def _told(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _code(body: bytes) -> str:
    """WordPress's own name for an error; empty where it was not WordPress's REST interface that answered."""
    code = _told(body).get("code")
    return code if isinstance(code, str) else ""


def _said(status: int, body: bytes) -> str:
    """The site's own words, or else its status."""
    words = _told(body).get("message")
    said = one_line(plain(words[:2000]))[:300] if isinstance(words, str) else ""
    return said or f"The site answered {status}."
