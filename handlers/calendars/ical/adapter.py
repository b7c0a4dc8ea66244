"""The team's calendar: an iCalendar file, or an address that gives one out. It is only ever read.

An address is asked politely: again at the earliest after some minutes, and only for what has changed since (conditional
requests after RFC 9110, section 13).
"""

from __future__ import annotations

import asyncio
import time
from datetime import date, tzinfo
from pathlib import Path

import httpx

from bot.core.digest import Agenda
from handlers.calendars.ical.reading import Unreadable, entries
from handlers.connection import Connection, tls
from handlers.following import conditions, password_for

LIMIT = 4_000_000
"""Bytes of a calendar that are read."""
PATIENCE = 10.0
"""Seconds for an answer, redirections included."""
AGAIN = 300.0
"""Seconds in which the address is not asked again."""
HOPS = 5


class Trouble(Exception):
    """It cannot be had; the argument is a code, see `bot.reports.digest_voices`."""


class ICalCalendar:
    """Implements `bot.core.digest.Calendar`."""

    def __init__(self, place: str, *, password: str | None = None) -> None:
        """`place` is a file or an address (`webcal:` is `https:`); `password` (`name:password`) is for the address."""
        self._url = f"https:{place[7:]}" if place.startswith("webcal:") else place
        self._password = password
        self._connection = Connection(_opened)
        self._last: bytes | None = None
        self._asked: float | None = None
        self._conditions: dict[str, str] = {}

    async def on(self, day: date, tz: tzinfo) -> Agenda:
        """See `bot.core.digest.Calendar.on`."""
        try:
            if self._url.startswith(("http://", "https://")):
                content = await self._fetched()
            else:
                content = await asyncio.to_thread(_read, Path(self._url))
            return Agenda(entries=await asyncio.to_thread(entries, content, day, tz))
        except Trouble as trouble:
            return Agenda(trouble=str(trouble))
        except Unreadable:
            return Agenda(trouble="unreadable")

    async def aclose(self) -> None:
        """Close the connections."""
        await self._connection.aclose()

    async def _fetched(self) -> bytes:
        if self._last is not None and self._asked is not None and time.monotonic() - self._asked < AGAIN:
            return self._last
        try:
            async with asyncio.timeout(PATIENCE):
                content = await self._followed()
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise Trouble("unreachable") from error
        self._last, self._asked = content, time.monotonic()
        return content

    async def _followed(self) -> bytes:
        """What stands there, wherever the address leads; the password goes to the configured server alone."""
        url = self._url
        for _ in range(HOPS + 1):
            asking = self._conditions if self._last is not None else {}
            password = password_for(self._password, self._url, url)
            asked = self._connection.client().stream("GET", url, headers=asking, auth=password)
            async with asked as answer:
                if answer.next_request is None:
                    return await self._understood(answer)
                url = str(answer.next_request.url)
        raise Trouble("unreachable")

    async def _understood(self, answer: httpx.Response) -> bytes:
        if answer.status_code == 304 and self._last is not None:
            return self._last
        if answer.status_code in {401, 403}:
            raise Trouble("refused")
        if answer.status_code in {404, 410}:
            raise Trouble("missing")
        if not answer.is_success:
            raise Trouble("unreachable")
        body = bytearray()
        async for piece in answer.aiter_bytes():
            body += piece
            if len(body) > LIMIT:
                raise Trouble("too_large")
        self._conditions = conditions(answer.headers)
        return bytes(body)


def create(place: str, *, password: str | None = None) -> ICalCalendar:
    """A calendar at a file or address. Asks nobody."""
    return ICalCalendar(place, password=password)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(LIMIT + 1)
    except OSError as error:
        raise Trouble("missing") from error
    if len(content) > LIMIT:
        raise Trouble("too_large")
    return content


def _opened() -> httpx.AsyncClient:
    return httpx.AsyncClient(
        headers={"User-Agent": "Portavoz", "Accept": "text/calendar, */*;q=0.5"},
        timeout=PATIENCE,
        follow_redirects=False,
        verify=tls(),
        trust_env=False,
    )
