"""HTTP with the platform: signed requests, bounded answers, and what each means in `bot.core.errors`."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import httpx

from bot.core.errors import AdapterError, AuthExpired, OutcomeUnknown, Permanent, Transient
from bot.core.fromhtml import one_line
from handlers.connection import NOT_SENT, Connection
from handlers.dating import whole_seconds
from handlers.networks.webhook.config import Config
from handlers.networks.webhook.signing import Keys, NoSecret, new_id
from handlers.reaching import address, because

LIMIT = 2_000_000
"""Bytes of an answer that are read."""
DAY = 24 * 3600.0
_CODE = re.compile(r"[a-z_]+")


def theirs(words: str) -> str:
    """The platform's words in one line; a code in quotation marks: it may be one of ours with another meaning."""
    line = one_line(words)
    return f"“{line}”" if _CODE.fullmatch(line) else line


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and its body, as bytes; empty where it was too large."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def said(self) -> str:
        """The platform's own words, or else its status."""
        try:
            payload = json.loads(self.body)
        except (ValueError, RecursionError):
            payload = None
        words = payload.get("error") if isinstance(payload, dict) else None
        shown = theirs(words)[:300] if isinstance(words, str) else ""
        return shown or f"The platform answered {self.status}."

    @property
    def retry_after(self) -> float | None:
        """Seconds until the platform takes requests again, where it tells them as a number."""
        seconds = whole_seconds(self.headers.get("retry-after", "").strip())
        return None if seconds is None else min(seconds, DAY)


class Wire:
    """The way to one platform. Without a usable secret everything raises AuthExpired."""

    def __init__(self, config: Config, keys: Keys | NoSecret) -> None:
        self._config = config
        self._keys = keys
        self._connection = Connection(self._opened)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._connection.aclose()

    def keys(self) -> Keys:
        """The secrets. Raises AuthExpired."""
        if isinstance(self._keys, NoSecret):
            raise AuthExpired(str(self._keys))
        return self._keys

    async def get(self, url: str, query: Mapping[str, str]) -> Answer:
        """Read something. What is signed in place of a body is the query, as it is sent. Raises Transient."""
        asked = urlencode(query)
        headers = self.keys().headers(new_id(), asked, datetime.now(UTC))
        try:
            return await self._exchange("GET", f"{url}?{asked}", headers)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise Transient(f"The platform did not answer: {because(error, address(url))}.") from error

    async def post(self, url: str, body: dict[str, Any], id: str) -> Answer:
        """Write something. Raises Transient when it surely was not sent, else OutcomeUnknown."""
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        headers = self.keys().headers(id, text, datetime.now(UTC)) | {"Content-Type": "application/json"}
        try:
            return await self._exchange("POST", url, headers, text.encode())
        except NOT_SENT as error:
            raise Transient(f"The platform cannot be reached: {because(error, address(url))}.") from error
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise OutcomeUnknown(f"The answer was lost: {because(error, address(url))}.") from error

    async def _exchange(self, method: str, url: str, headers: dict[str, str], body: bytes | None = None) -> Answer:
        async with (
            asyncio.timeout(self._config.timeout),
            self._connection.client().stream(method, url, headers=headers, content=body) as answer,
        ):
            held = bytearray()
            async for piece in answer.aiter_bytes():
                held += piece
                if len(held) > LIMIT:
                    held.clear()
                    break
            return Answer(answer.status_code, bytes(held), answer.headers)

    def _opened(self) -> httpx.AsyncClient:
        urls = (self._config.reply_url, self._config.item_url)
        return httpx.AsyncClient(
            headers={"User-Agent": "Portavoz", "Accept": "application/json"},
            timeout=self._config.timeout,
            follow_redirects=False,
            # Loading certificates takes a moment, and on this machine there is nothing to verify.
            verify=any(url is not None and url.startswith("https:") for url in urls),
            trust_env=False,
        )


def trouble(answer: Answer) -> AdapterError:
    """What a status means where nothing was changed."""
    if answer.status in {401, 403}:
        return AuthExpired(answer.said)
    if answer.status in {408, 425, 429} or answer.status >= 500:
        return Transient(answer.said, retry_after=answer.retry_after)
    return Permanent(answer.said)
