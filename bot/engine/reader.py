"""The `Reader` that chats ask: snapshots from the read-only connections, off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from bot.core.digest import Digest
from bot.core.errors import Transient
from bot.core.inbox import EVERYTHING, Narrow
from bot.core.manning import approvers_light
from bot.core.setup import NetworkView, Setup
from bot.core.types import Light, TicketStatus
from bot.engine import digest_reading, spending
from bot.engine.backoff import AWAY
from bot.engine.made_once import MadeOnce
from bot.store import (
    cards,
    counts,
    digests,
    figures,
    keep,
    letters,
    lights,
    outcomes,
    people,
    press,
    profiles,
    queries,
    reports,
    search,
    setup,
)
from bot.store.disk import disk
from bot.store.errors import DatabaseTrouble, DatabaseUnreachable

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from bot.core.authors import AuthorView
    from bot.core.digest import Span
    from bot.core.figures import DraftOutcome, Figures
    from bot.core.inbox import Counts, Seen
    from bot.core.letters import Letter, Muting
    from bot.core.press import Headline
    from bot.core.queries import Digest as Query
    from bot.core.queries import Misunderstood
    from bot.core.report import Report
    from bot.core.search import SearchPage
    from bot.core.types import Message, Person
    from bot.core.views import Card, TicketLine
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
    """Reads from one database; `data` is the folder whose disk `health` looks at, if any."""

    def __init__(self, database: Database, parts: Parts, data: Path | None = None) -> None:
        self._database = database
        self._data = data
        self._parts = parts
        self._max_length = max_length(parts)
        self._digests = MadeOnce[Digest](parts.now)

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
        narrow: Narrow = EVERYTHING,
        limit: int = 100,
    ) -> list[TicketLine]:
        """See `bot.core.ports.Reader.inbox`."""
        now = self._parts.now()
        return await self.ask(
            lambda conn: queries.inbox(
                conn, statuses=statuses, assignee=assignee, words=words, narrow=narrow, limit=limit, now=now
            )
        )

    async def search(self, text: str, *, after: str | None = None, limit: int = 20) -> SearchPage | Misunderstood:
        """See `bot.core.ports.Reader.search`."""
        parts = self._parts
        now = parts.now()
        return await self.ask(
            lambda conn: search.find(
                conn, text, now=now, tz=parts.tz, networks=parts.network_types, after=after, limit=limit
            )
        )

    async def counts(self, *, person: str, seen: Seen = frozenset()) -> Counts:
        """See `bot.core.ports.Reader.counts`."""
        now = self._parts.now()
        return await self.ask(lambda conn: counts.counts(conn, now, person=person, seen=seen))

    async def card(self, ticket: str) -> Card | None:
        """See `bot.core.ports.Reader.card`."""
        now = self._parts.now()
        return await self.ask(lambda conn: cards.card(conn, ticket, now, max_length=self._max_length))

    async def cards(self, tickets: Sequence[str]) -> dict[str, Card]:
        """Cards by their tickets' ids, of one moment; see `bot.store.cards.cards`."""
        now = self._parts.now()
        return await self.ask(lambda conn: cards.cards(conn, tickets, now, max_length=self._max_length))

    async def author(self, *, number: int | None = None, ticket: str | None = None) -> AuthorView | None:
        """See `bot.core.ports.Reader.author`."""
        now = self._parts.now()

        def look(conn: Connection) -> AuthorView | None:
            wanted = profiles.author_of(conn, ticket) if ticket is not None else number
            return None if wanted is None else profiles.profile(conn, wanted, now)

        return await self.ask(look)

    async def people(self) -> list[Person]:
        """See `bot.core.ports.Reader.people`."""
        return await self.ask(people.team)

    async def person_for(self, chat: str, native_id: str) -> Person | None:
        """See `bot.core.ports.Reader.person_for`."""
        return await self.ask(lambda conn: people.person_for(conn, chat, native_id))

    async def health(self) -> list[Light]:
        """See `bot.core.ports.Reader.health`."""
        now = self._parts.now()
        room = [] if self._data is None else [await asyncio.to_thread(disk, self._data)]
        try:
            return [*await self.ask(lambda conn: self._lights(conn, now)), *room]
        except DatabaseTrouble as error:
            params = {"problem": error.problem, "remedy": error.remedy}
            return [Light(code="database_unusable", state="red", params=params), *room]

    def _lights(self, conn: Connection, now: datetime) -> list[Light]:
        budget = spending.light(conn, self._parts)
        rules = self._parts.rules
        few = approvers_light(people.team(conn), critical=rules.quorum_critical, crisis=rules.quorum_crisis)
        return [*lights.lights(conn, now, self._parts.tz), *(light for light in (few, budget) if light is not None)]

    async def switches(self) -> dict[str, str]:
        """See `bot.core.ports.Reader.switches`."""
        return await self.ask(queries.active_switches)

    async def letters(self, *, ticket: str | None = None, limit: int = 100) -> list[Letter]:
        """See `bot.core.ports.Reader.letters`."""
        return await self.ask(lambda conn: letters.letters(conn, ticket=ticket, limit=limit))

    async def letter(self, name: str) -> Letter | None:
        """See `bot.core.ports.Reader.letter`."""
        return await self.ask(lambda conn: letters.letter(conn, name))

    async def mutes(self) -> list[Muting]:
        """See `bot.core.ports.Reader.mutes`."""
        return await self.ask(letters.mutes)

    async def press(self, *, since: datetime, until: datetime, limit: int = 100) -> list[Headline]:
        """See `bot.core.ports.Reader.press`."""
        return await self.ask(lambda conn: press.headlines(conn, since, until, limit=limit))

    async def figures(self, *, since: datetime, until: datetime) -> Figures:
        """See `bot.core.ports.Reader.figures`."""
        return await self.ask(lambda conn: figures.figures(conn, since, until))

    async def digest(self, query: Query, *, locale: str) -> Message | None:
        """See `bot.core.ports.Reader.digest`."""
        parts = self._parts
        now = parts.now()
        span = digest_reading.span_of(query, now, parts.tz)
        if parts.digests.compose is None or not await self.ask(lambda conn: digest_reading.knows(conn, span, now)):
            return None
        told = await self.digest_of(span)
        return await asyncio.to_thread(parts.digests.compose, told, locale, parts.digests.desk)

    async def digest_of(self, span: Span) -> Digest:
        """The figures of a digest; see `bot.core.digest.Digest`. Nothing on record is missing from them."""
        fact = await self.ask(digests.newest)
        return await self._digests.get((span, fact), lambda: digest_reading.read(self, self._parts, span, fact))

    async def outcomes(self, *, since: datetime, until: datetime) -> tuple[DraftOutcome, ...]:
        """See `bot.core.ports.Reader.outcomes`."""
        return await self.ask(lambda conn: outcomes.outcomes(conn, since, until))

    async def report(self, *, since: datetime, until: datetime, account: str | None = None) -> Report:
        """See `bot.core.ports.Reader.report`."""
        tz = self._parts.tz
        return await self.ask(lambda conn: reports.report(conn, since, until, tz, account=account))

    async def setup(self) -> Setup:
        """See `bot.core.ports.Reader.setup`."""
        states = await self.ask(setup.account_states)
        parts = self._parts
        return Setup(
            about=parts.about,
            networks=tuple(_network(parts, account, states.get(account, {})) for account in parts.networks),
            rooms=parts.rooms,
            routes=parts.routes,
        )

    def measure(self, account: str, text: str) -> int | None:
        """See `bot.core.ports.Reader.measure`."""
        network = self._parts.networks.get(account)
        return network.measure(text) if network else None


def _network(parts: Parts, account: str, known: dict[str, Any]) -> NetworkView:
    can = parts.networks[account].capabilities()
    return NetworkView(
        id=account,
        type=parts.network_types.get(account, account),
        can_reply=can.can_reply,
        max_length=can.max_length,
        ingest=tuple(sorted(can.ingest)),
        **known,
    )


@contextmanager
def _or_later() -> Iterator[None]:
    """What adapters understand: nothing was stored, and it may be tried again."""
    try:
        yield
    except DatabaseUnreachable as error:
        raise Transient(error.problem, retry_after=AWAY) from error


class StoreKeep:
    """The `Keep` of one adapter; works in the bot's process and in a command line's."""

    def __init__(self, database: Database, owner: str, now: Callable[[], datetime]) -> None:
        self._database = database
        self._owner = owner
        self._now = now

    @property
    def shared(self) -> bool:
        """Whether other processes may write here, too."""
        return self._database.shared

    async def get(self, key: str) -> str | None:
        """See `bot.core.ports.Keep.get`."""

        def read() -> str | None:
            with self._database.read() as conn:
                return keep.get(conn, self._owner, key, self._now())

        return await asyncio.to_thread(read)

    async def put(self, key: str, value: str, *, lifetime: timedelta | None = None) -> None:
        """See `bot.core.ports.Keep.put`."""

        def write() -> None:
            with _or_later(), self._database.begin() as conn:
                keep.put(conn, self._owner, key, value, self._now(), lifetime=lifetime)

        await asyncio.to_thread(write)

    async def take(self, key: str) -> str | None:
        """See `bot.core.ports.Keep.take`."""

        def remove() -> str | None:
            with _or_later(), self._database.begin() as conn:
                return keep.take(conn, self._owner, key, self._now())

        return await asyncio.to_thread(remove)
