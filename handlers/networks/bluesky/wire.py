"""XRPC over HTTP: requests in the account's session, and what each answer means in `bot.core.errors`.

XRPC is plain JSON over HTTP with errors as `{"error", "message"}` (atproto.com/specs/xrpc), so httpx is all it takes.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import httpx

from bot.core.errors import AdapterError, AuthExpired, OutcomeUnknown, Permanent, Transient
from bot.core.fromhtml import one_line
from bot.core.ports import Keep
from handlers.connection import NOT_SENT, Connection
from handlers.dating import whole_seconds
from handlers.networks.bluesky.config import Config
from handlers.networks.bluesky.session import Session, Sessions
from handlers.reaching import address, because, stranger

_MISSING = frozenset({"NotFound", "RecordNotFound", "HandleNotFound", "RepoNotFound"})
_WORN = frozenset({"ExpiredToken", "InvalidToken"})
_CLOSED = frozenset({"AccountTakedown", "AccountDeactivated", "AccountSuspended", "AuthFactorTokenRequired"})
Params = Sequence[tuple[str, str]]


class NotThere(Permanent):
    """Taken away, or never there."""


class Occupied(Permanent):
    """InvalidSwap: something stands under this record key already."""


class Declined(Permanent):
    """Understood and refused."""


class _Worn(Exception):
    """The session's token is not taken any more; nothing was done."""


class Wire:
    """One account's way to its server, which passes on what others have to answer."""

    def __init__(self, config: Config, password: str | None, keep: Keep | None) -> None:
        self._config = config
        self._connection = Connection(self._opened)
        self.sessions = Sessions(config, password, keep, self._sign_in)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._connection.aclose()

    async def get(self, method: str, *params: tuple[str, str]) -> Any:
        """Ask something. Raises Transient, AuthExpired, NotThere or Permanent."""
        return _json(await self.answer(method, *params))

    async def answer(self, method: str, *params: tuple[str, str]) -> httpx.Response:
        """The same with all that came with it."""
        return await self._in_session(lambda session: self._get(session, method, params))

    async def post(self, method: str, body: dict[str, Any]) -> None:
        """Do something.

        Raises Transient when it surely was not done, OutcomeUnknown, AuthExpired, NotThere, Occupied or Declined.
        """
        await self._in_session(lambda session: self._post(session, method, body))

    async def _in_session(self, attempt: Any) -> httpx.Response:
        """Once more with a new session where the old one was not taken."""
        session = await self.sessions.current()
        try:
            answer: httpx.Response = await attempt(session)
        except _Worn:
            session = await self.sessions.renew(session)
            try:
                answer = await attempt(session)
            except _Worn as again:
                raise AuthExpired("The server does not take its own new session.") from again
        return answer

    async def _get(self, session: Session, method: str, params: Params) -> httpx.Response:
        headers = {"Authorization": f"Bearer {session.access}"}
        url = f"{session.pds}/xrpc/{method}"
        try:
            async with asyncio.timeout(self._config.timeout):
                answer = await self._connection.client().get(url, params=list(params), headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise Transient(f"The server did not answer: {because(error, address(url))}.") from error
        return _checked(answer)

    async def _post(self, session: Session, method: str, body: dict[str, Any]) -> httpx.Response:
        headers = {"Authorization": f"Bearer {session.access}"}
        url = f"{session.pds}/xrpc/{method}"
        try:
            async with asyncio.timeout(self._config.timeout):
                answer = await self._connection.client().post(url, json=body, headers=headers)
        except NOT_SENT as error:
            raise Transient(f"The server cannot be reached: {because(error, address(url))}.") from error
        except (httpx.HTTPError, TimeoutError) as error:
            raise OutcomeUnknown(f"The answer was lost: {because(error, address(url))}.") from error
        if answer.status_code >= 500 or answer.status_code == 408:
            raise OutcomeUnknown(f"The server answered {answer.status_code}.")
        return _checked(answer)

    async def _sign_in(self, method: str, token: str | None, body: dict[str, str] | None) -> Any:
        """Signing in and renewing are asked where the settings say, never where a document says."""
        url = f"{self._config.base_url}/xrpc/com.atproto.server.{method}"
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            async with asyncio.timeout(self._config.timeout):
                answer = await self._connection.client().post(url, json=body, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise Transient(f"The server did not answer: {because(error, address(url))}.") from error
        try:
            return _json(_checked(answer))
        except _Worn as error:
            raise AuthExpired("The session has ended.") from error

    def _opened(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            headers={"User-Agent": "Portavoz"},
            timeout=self._config.timeout,
            follow_redirects=False,
            # Loading certificates takes a moment, and on this machine there is nothing to verify.
            verify=self._config.base_url.startswith("https:"),
            trust_env=False,
        )


def _json(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except (ValueError, RecursionError) as error:
        raise Transient(stranger("Bluesky", answer.url, answer.status_code)) from error


def _checked(answer: httpx.Response) -> httpx.Response:
    """The answer if it is a success; else what it means is raised."""
    if answer.is_success:
        return answer
    code, said = _told(answer)
    if code in _WORN:
        raise _Worn
    raise _trouble(answer, code, said)


def _trouble(answer: httpx.Response, code: str, said: str) -> AdapterError:
    status = answer.status_code
    if status in {401, 403} or code in _CLOSED:
        return AuthExpired(said)
    if status == 429:
        return Transient(said, retry_after=retry_after(answer.headers, datetime.now(UTC)))
    if status >= 500 or status == 408:
        return Transient(said)
    if status in {404, 410} or code in _MISSING:
        return NotThere(said)
    if code == "InvalidSwap":
        return Occupied(said)
    return Declined(said)


def _told(answer: httpx.Response) -> tuple[str, str]:
    """The error's name, and the server's own words or else its status."""
    try:
        payload = answer.json()
    except (ValueError, RecursionError):
        payload = None
    told = payload if isinstance(payload, dict) else {}
    words = told.get("message")
    if isinstance(words, str) and words.strip():
        said = one_line(words)[:300]
    elif payload is None and answer.status_code < 500:
        said = stranger("Bluesky", answer.url, answer.status_code)
    else:
        said = f"The server answered {answer.status_code}."
    return str(told.get("error")), said


def retry_after(headers: httpx.Headers, now: datetime) -> float | None:
    """Seconds until the server takes requests again: `Retry-After`, or `RateLimit-Reset` (seconds since 1970)."""
    reset, seconds = headers.get("RateLimit-Reset", ""), whole_seconds(headers.get("Retry-After", ""))
    if seconds is not None:
        return seconds
    usable = reset.isascii() and reset.isdigit() and len(reset) <= 12
    return float(max(0, math.ceil(int(reset) - now.timestamp()))) if usable else None
