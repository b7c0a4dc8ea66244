"""The `Reader` that chats ask: snapshots from the read-only connections, off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from bot.core.types import TicketStatus
from bot.store import cards, keep, lights, people, queries

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.core.types import Card, Light, Person, TicketLine
    from bot.engine.parts import Parts
    from bot.store.engine import Database

T = TypeVar("T")


def max_length(parts: Parts) -> Callable[[str], int | None]:
    """The longest reply that an account takes, by its id."""

    def of(account: str) -> int | None:
        network = parts.networks.get(account)
        return network.capabilities().max_length if network else None

    return of


class StoreReader:
    """Reads from one database."""

    def __init__(self, database: Database, parts: Parts) -> None:
        self._database = database
        self._parts = parts
        self._max_length = max_length(parts)

    async def ask(self, query: Callable[[Connection], T]) -> T:
        """Run a query on a snapshot, in a thread."""

        def run() -> T:
            with self._database.read() as conn:
                return query(conn)

        return await asyncio.to_thread(run)

    async def inbox(
        self,
        *,
        statuses: Sequence[TicketStatus] = (TicketStatus.OPEN, TicketStatus.WAITING),
        assignee: str | None = None,
        words: str = "",
        limit: int = 100,
    ) -> list[TicketLine]:
        """See `bot.core.ports.Reader.inbox`."""
        now = self._parts.now()
        return await self.ask(
            lambda conn: queries.inbox(conn, statuses=statuses, assignee=assignee, words=words, limit=limit, now=now)
        )

    async def card(self, ticket: str) -> Card | None:
        """See `bot.core.ports.Reader.card`."""
        now = self._parts.now()
        return await self.ask(lambda conn: cards.card(conn, ticket, now, max_length=self._max_length))

    async def cards(self, tickets: Sequence[str]) -> dict[str, Card]:
        """Cards by their tickets' ids, of one moment; see `bot.store.cards.cards`."""
        now = self._parts.now()
        return await self.ask(lambda conn: cards.cards(conn, tickets, now, max_length=self._max_length))

    async def people(self) -> list[Person]:
        """See `bot.core.ports.Reader.people`."""
        return await self.ask(people.team)

    async def person_for(self, chat: str, native_id: str) -> Person | None:
        """See `bot.core.ports.Reader.person_for`."""
        return await self.ask(lambda conn: people.person_for(conn, chat, native_id))

    async def health(self) -> list[Light]:
        """See `bot.core.ports.Reader.health`."""
        now = self._parts.now()
        return await self.ask(lambda conn: lights.lights(conn, now))

    async def switches(self) -> dict[str, str]:
        """See `bot.core.ports.Reader.switches`."""
        return await self.ask(queries.active_switches)


class StoreKeep:
    """The `Keep` of one adapter; works in the bot's process and in a command line's."""

    def __init__(self, database: Database, owner: str, now: Callable[[], datetime]) -> None:
        self._database = database
        self._owner = owner
        self._now = now

    async def get(self, key: str) -> str | None:
        """See `bot.core.ports.Keep.get`."""

        def read() -> str | None:
            with self._database.read() as conn:
                return keep.get(conn, self._owner, key, self._now())

        return await asyncio.to_thread(read)

    async def put(self, key: str, value: str, *, lifetime: timedelta | None = None) -> None:
        """See `bot.core.ports.Keep.put`."""

        def write() -> None:
            with self._database.begin() as conn:
                keep.put(conn, self._owner, key, value, self._now(), lifetime=lifetime)

        await asyncio.to_thread(write)

    async def take(self, key: str) -> str | None:
        """See `bot.core.ports.Keep.take`."""

        def remove() -> str | None:
            with self._database.begin() as conn:
                return keep.take(conn, self._owner, key, self._now())

        return await asyncio.to_thread(remove)
