"""HTTP with an instance: requests, the stream, and what each answer means in `bot.core.errors`."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from httpx_sse import ServerSentEvent, SSEError, aconnect_sse

from bot.core.errors import AdapterError, AuthExpired, OutcomeUnknown, Permanent, Transient
from bot.core.fromhtml import one_line
from bot.settings.secrets import variable
from handlers.connection import NOT_SENT, Connection
from handlers.dating import ahead, whole_seconds
from handlers.networks.mastodon.config import Config
from handlers.reaching import address, because, stranger

SILENCE = 60.0
"""Seconds without a byte after which a stream is dead; Mastodon sends a comment every 15."""
NOT_ALLOWED = "not allowed"
"""In a 403 that is about this one action; the others are about the token's scopes or a closed login."""
Params = Sequence[tuple[str, str]]


class NotThere(Permanent):
    """404 or 410: taken away, or never to be seen by us."""


class Declined(Permanent):
    """422: understood and refused."""


class Wire:
    """One account's way to its instance. `ahead` is how far the instance's clock was ahead of ours at the last read."""

    def __init__(self, config: Config, token: str | None) -> None:
        self._config = config
        self._token = token
        self._connection = Connection(self._opened)
        self.ahead: timedelta | None = None

    async def aclose(self) -> None:
        """Close the connections."""
        await self._connection.aclose()

    async def get(self, path: str, params: Params = ()) -> Any:
        """Read something. Raises Transient, AuthExpired, NotThere or Permanent."""
        try:
            async with asyncio.timeout(self._config.timeout):
                answer = await self._connection.client().get(path, params=list(params))
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise Transient(f"The instance did not answer: {because(error, self._where)}.") from error
        self.ahead = ahead(answer.headers.get("date"), datetime.now(UTC))
        _raise_for(answer)
        try:
            return answer.json()
        except (ValueError, RecursionError) as error:
            raise Transient(stranger("Mastodon", answer.url, answer.status_code)) from error

    async def post(self, path: str, body: dict[str, Any], key: str) -> Any:
        """Write something under an Idempotency-Key; the answer, or None where it could not be read.

        Raises Transient when it surely was not done, OutcomeUnknown, AuthExpired, NotThere, Declined or Permanent.
        """
        try:
            async with asyncio.timeout(self._config.timeout):
                answer = await self._connection.client().post(path, json=body, headers={"Idempotency-Key": key})
        except NOT_SENT as error:
            raise Transient(f"The instance cannot be reached: {because(error, self._where)}.") from error
        except (httpx.HTTPError, TimeoutError) as error:
            raise OutcomeUnknown(f"The answer was lost: {because(error, self._where)}.") from error
        if answer.status_code >= 500 or answer.status_code == 408:
            raise OutcomeUnknown(f"The instance answered {answer.status_code}.")
        _raise_for(answer)
        try:
            return answer.json()
        except (ValueError, RecursionError):
            return None

    async def events(self, origin: str) -> AsyncIterator[ServerSentEvent | None]:
        """What happens on the account's user stream; None first, once it is open.

        Raises AdapterError when it ends, cannot be opened or falls silent.
        """
        timeout = httpx.Timeout(self._config.timeout, read=SILENCE)
        url = f"{origin}/api/v1/streaming/user"
        try:
            async with aconnect_sse(self._connection.client(), "GET", url, timeout=timeout) as source:
                _raise_for(source.response)
                yield None
                async for event in source.aiter_sse():
                    yield event
        except (httpx.HTTPError, SSEError) as error:
            raise Transient(f"The stream broke: {because(error, self._where)}.") from error
        raise Transient("The stream ended.")

    @property
    def _where(self) -> str:
        return address(self._config.base_url)

    def _opened(self) -> httpx.AsyncClient:
        if not self._token:
            raise AuthExpired(f"{variable(self._config.id)} is not set")
        # Loading certificates takes a moment, and on this machine there is nothing to verify.
        return httpx.AsyncClient(
            base_url=self._config.base_url,
            headers={"Authorization": f"Bearer {self._token}", "User-Agent": "Portavoz"},
            timeout=self._config.timeout,
            follow_redirects=False,
            verify=self._config.base_url.startswith("https:"),
            trust_env=False,
        )


def _raise_for(answer: httpx.Response) -> None:
    """Raise what a status means; nothing for a success."""
    if not answer.is_success:
        raise _trouble(answer)


def _trouble(answer: httpx.Response) -> AdapterError:
    code, said = answer.status_code, _said(answer)
    if code == 401 or (code == 403 and NOT_ALLOWED not in said.lower()):
        return AuthExpired(said)
    if code in {404, 410}:
        return NotThere(said)
    if code == 422:
        return Declined(said)
    if code == 429:
        return Transient(said, retry_after=retry_after(answer.headers, datetime.now(UTC)))
    if code >= 500 or code == 408:
        return Transient(said)
    return Permanent(said)


def _said(answer: httpx.Response) -> str:
    """The instance's own words, or else its status."""
    try:
        payload = answer.json()
    except (ValueError, RecursionError, httpx.ResponseNotRead):
        payload = None
    words = payload.get("error") if isinstance(payload, dict) else None
    if isinstance(words, str) and words.strip():
        return one_line(words)[:300]
    if payload is None and answer.status_code < 500:
        return stranger("Mastodon", answer.url, answer.status_code)
    return f"The instance answered {answer.status_code}."


def retry_after(headers: httpx.Headers, now: datetime) -> float | None:
    """Seconds until the instance takes requests again: `X-RateLimit-Reset` (a time), or `Retry-After`."""
    reset = headers.get("X-RateLimit-Reset", "")
    try:
        at = datetime.fromtimestamp(int(reset), UTC) if reset.isdecimal() else datetime.fromisoformat(reset)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return max(0.0, float(math.ceil((at - now).total_seconds())))
    except (ValueError, OverflowError, OSError):
        return whole_seconds(headers.get("Retry-After", ""))
