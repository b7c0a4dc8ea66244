"""HTTP with a feed's server: asked politely, and only told again what has changed.

Conditional requests after RFC 9110, section 13; pauses after `Retry-After`, `Cache-Control` and RSS's `ttl`.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

from bot.core.errors import AdapterError, AuthExpired, Transient
from handlers.connection import Connection, tls
from handlers.dating import ahead, whole_seconds
from handlers.following import conditions, password_for
from handlers.networks.feed.config import Config
from handlers.networks.feed.reading import Document, NoFeed, read
from handlers.reaching import address, because

LIMIT = 8_000_000
"""Bytes of a document that are read."""
HOPS = 5
DAY = 24 * 3600.0
GONE = 6 * 3600.0
"""Seconds until somebody is asked again who says that there is no feed any more."""
BROKEN = 900.0
"""The same for a feed that cannot be understood."""
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age=(\d{1,9})(?=$|[\s,;])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """A document, how long it may be used in seconds, and where the feed has moved to for good."""

    document: Document
    fresh_for: float
    moved_to: str | None = None


class Wire:
    """The way to one feed. What was read last is remembered for as long as it has not changed."""

    def __init__(self, config: Config, secret: str | None) -> None:
        self._config = config
        self._secret = secret
        self._connection = Connection(self._opened)
        self.ahead: timedelta | None = None
        self._last: Answer | None = None
        self._conditions: dict[str, str] = {}

    async def aclose(self) -> None:
        """Close the connections."""
        await self._connection.aclose()

    async def read(self) -> Answer:
        """The feed as it stands. Raises Transient or AuthExpired."""
        url, moved = self._config.url, True
        try:
            async with asyncio.timeout(self._config.timeout):
                for _ in range(HOPS + 1):
                    password = password_for(self._secret, self._config.url, url)
                    asked = self._connection.client().stream("GET", url, headers=self._asking(), auth=password)
                    async with asked as answer:
                        if answer.next_request is None:
                            return await self._understood(answer, url if moved and url != self._config.url else None)
                        moved = moved and answer.status_code in {301, 308}
                        url = str(answer.next_request.url)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise Transient(f"The feed did not answer: {because(error, address(url))}.") from error
        raise Transient("The feed's address leads in circles.", retry_after=BROKEN)

    def _asking(self) -> dict[str, str]:
        return self._conditions if self._last is not None else {}

    async def _understood(self, answer: httpx.Response, moved_to: str | None) -> Answer:
        self.ahead = ahead(answer.headers.get("date"), datetime.now(UTC))
        if answer.status_code == 304 and self._last is not None:
            return self._last
        if not answer.is_success:
            raise _trouble(answer)
        body = bytearray()
        async for piece in answer.aiter_bytes():
            body += piece
            if len(body) > LIMIT:
                raise Transient(f"The feed is larger than {LIMIT // 1_000_000} MB.", retry_after=GONE)
        headers = {"content-type": answer.headers.get("content-type", ""), "content-location": str(answer.url)}
        try:
            document = await asyncio.to_thread(
                read, bytes(body), headers, account=self._config.id, now=datetime.now(UTC)
            )
        except NoFeed as error:
            raise Transient(f"The address was answered, but {error}.", retry_after=BROKEN) from error
        self._last = Answer(document, min(max(document.ttl, _max_age(answer.headers)), DAY), moved_to)
        self._conditions = conditions(answer.headers)
        return self._last

    def _opened(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            headers={
                "User-Agent": "Portavoz",
                "Accept": "application/atom+xml, application/rss+xml, application/feed+json, */*;q=0.5",
            },
            timeout=self._config.timeout,
            follow_redirects=False,
            verify=tls(),
            trust_env=False,
        )


def _trouble(answer: httpx.Response) -> AdapterError:
    code = answer.status_code
    if code in {401, 403}:
        return AuthExpired(f"The feed lets nobody in without the right name and password (HTTP {code}).")
    if code in {404, 410}:
        return Transient(f"There is no feed at this address (HTTP {code}).", retry_after=GONE)
    told = _retry_after(answer.headers.get("retry-after", ""), datetime.now(UTC))
    return Transient(f"The feed's server answered {code}.", retry_after=told)


def _retry_after(value: str, now: datetime) -> float | None:
    """Seconds, told as such or as a date (RFC 9110, section 10.2.3)."""
    seconds = whole_seconds(value)
    if seconds is not None:
        return min(seconds, DAY)
    try:
        at = parsedate_to_datetime(value)
        return min(max(0.0, (at - now).total_seconds()), DAY)
    except (ValueError, TypeError, OverflowError):
        return None


def _max_age(headers: httpx.Headers) -> float:
    found = _MAX_AGE.search(headers.get("cache-control", ""))
    return float(found.group(1)) if found else 0.0
