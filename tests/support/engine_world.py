"""A world for tests of the engine: a real database, a clock that is moved by hand, a simple triage and a chat."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import Row, event, select

from bot.core.briefs import Brief, Draft
from bot.core.digest import Digests
from bot.core.messages import Approve, Command, Done, Event, ItemArrived, Outcome
from bot.core.ports import EmbeddedDrafter, Intake, Network, Reader
from bot.core.routing import Route
from bot.core.rules import Rules
from bot.core.types import (
    Assessment,
    Author,
    Budget,
    CardRef,
    Item,
    Kind,
    Message,
    Person,
    ReplyState,
    Role,
    Room,
    Sentiment,
    Severity,
    version_of,
)
from bot.core.views import Card
from bot.engine.engine import Engine
from bot.engine.observing import Observer, Unobserved
from bot.engine.parts import Parts
from bot.engine.reader import StoreReader
from bot.engine.team import sync_team
from bot.engine.worker import Worker
from bot.reports.digest import compose
from bot.store import outbox
from bot.store import tables as t
from bot.store.engine import Database
from prompts.knowledge import Knowledge
from tests.support.db import fresh_database

T0 = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
WALL = "wall"
DESK = Room(id="team", chat="desk")
TEAM = (
    Person(id="vera", name="Vera", role=Role.VIEWER),
    Person(id="ada", name="Ada", role=Role.AGENT),
    Person(id="luis", name="Luis", role=Role.APPROVER),
    Person(id="pia", name="Pía", role=Role.APPROVER),
    Person(id="ana", name="Ana", role=Role.LEAD),
)


class Compiled(dict[Any, Any]):
    """SQLAlchemy's compiled statements, shared by all worlds: compiling them anew would take half of the time.

    SQLAlchemy's key is (dialect, statement, ...), and each database has a dialect of its own, always of one kind.
    """

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(key[1:], default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(key[1:], value)


COMPILED = {shared: Compiled() for shared in (False, True)}


class Clock:
    """What time it is; only tests move it. `monotonic` runs along with it."""

    def __init__(self) -> None:
        self.now = T0

    def __call__(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        return (self.now - T0).total_seconds() + 1000.0

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class SimpleClassifier:
    """`danger` is critical, a question mark makes a question, ZZZ is no known language, POISON is too much for it."""

    def assess(self, text: str) -> Assessment:
        if "POISON" in text:
            raise ValueError("this classifier cannot bear it")
        return Assessment(
            language=None if "ZZZ" in text else "en",
            certainty=0.9,
            kind=Kind.QUESTION if "?" in text else Kind.COMPLAINT,
            sentiment=Sentiment.NEGATIVE,
            severity=Severity.CRITICAL if "danger" in text else Severity.NORMAL,
            reasons=("rule:simple",),
        )

    def written_in(self, text: str) -> str | None:
        return self.assess(text).language


class SimpleDrafter:
    """A draft that is different for every ticket and every hint; none for SILENCE; BITTER is too much for it."""

    def draft(self, brief: Brief) -> Draft | None:
        if "BITTER" in brief.comment:
            raise ValueError("this drafter cannot bear it")
        if "SILENCE" in brief.comment:
            return None
        mark = zlib.crc32(f"{brief.comment}|{brief.hint}|{brief.seed}".encode())
        return Draft(
            text=f"Thank you for telling us, we are looking into it. Our number for it is {mark}.", source="simple"
        )


@dataclass
class RecordingChat:
    """A team chat that keeps what it is given. `trouble` is raised by the next calls, `after` once they have worked."""

    budget: ClassVar[Budget] = Budget(rate=100_000.0, burst=100_000)
    can: ClassVar[frozenset[str]] = frozenset()
    cards: dict[str, Card] = field(default_factory=dict)
    posted: list[tuple[str, str]] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    said: list[tuple[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    trouble: list[Exception] = field(default_factory=list)
    after: list[Exception] = field(default_factory=list)
    poison: dict[str, Exception] = field(default_factory=dict)
    gone: dict[str, Exception] = field(default_factory=dict)
    hold: asyncio.Event | None = None

    async def _call(self, ticket: str | None = None) -> None:
        if self.hold is not None:
            await self.hold.wait()
        if ticket in self.poison:
            raise self.poison[ticket]
        if self.trouble:
            raise self.trouble.pop(0)

    async def listen(self, intake: Intake, read: Reader) -> None:
        await asyncio.Event().wait()

    async def post(self, room: Room, card: Card) -> CardRef:
        await self._call(card.line.id)
        native = f"{room.id}/{card.line.id}/{len(self.posted)}"
        self.posted.append((room.id, card.line.id))
        self.cards[native] = card
        if self.after:
            raise self.after.pop(0)
        return CardRef(room=room.id, native=native)

    async def find_card(self, room: Room, card: Card) -> CardRef | None:
        self.asked.append(card.line.id)
        for native in self.cards:
            if native.startswith(f"{room.id}/{card.line.id}/"):
                return CardRef(room=room.id, native=native)
        return None

    async def update(self, ref: CardRef, card: Card) -> None:
        await self._call(card.line.id)
        self._stands(ref)
        assert ref.native in self.cards
        self.updated.append(card.line.id)
        self.cards[ref.native] = card

    async def say(self, where: Room | CardRef, message: Message) -> None:
        await self._call()
        if isinstance(where, CardRef):
            self._stands(where)
        place = where.room if isinstance(where, CardRef) else where.id
        self.said.append((place, message.text))

    async def tell(self, person: Person, where: CardRef, text: str) -> None:
        await self._call()

    def take_away(self, error: Exception) -> None:
        """Every card that stands there now is gone, which `error` says to whoever asks for it."""
        self.gone |= dict.fromkeys(self.cards, error)
        self.cards.clear()

    def _stands(self, ref: CardRef) -> None:
        if ref.native in self.gone:
            raise self.gone[ref.native]

    def shown(self, ticket: str) -> list[Card]:
        """The cards of a ticket as they stand in the chat, in every room."""
        return [card for native, card in self.cards.items() if native.split("/")[1] == ticket]


def comment(native_id: str = "a", text: str = "The soup was cold", **more: Any) -> Item:
    """A customer's comment; `who` is the author's id."""
    who = more.pop("who", "c1")
    values: dict[str, Any] = {
        "account": WALL,
        "native_id": native_id,
        "version": version_of(text),
        "author": Author(id=who, name="Carla"),
        "text": text,
        "created_at": T0,
        "thread_key": "t",
    }
    return Item(**(values | more))


class World:
    """An engine over a database in a file of its own, with whatever surrounds it."""

    def __init__(
        self,
        path: Path,
        networks: Mapping[str, Network],
        *,
        clock: Clock | None = None,
        chat: RecordingChat | None = None,
        rooms: Sequence[Room] = (DESK,),
        routes: Sequence[Route] = (),
        people: Sequence[Person] = TEAM,
        rules: Rules | None = None,
        database: Database | None = None,
        observe: Callable[[Database, Clock], Observer] = lambda _database, _clock: Unobserved(),
        drafter: EmbeddedDrafter | None = None,
        knowledge: Knowledge | None = None,
    ) -> None:
        self.clock = clock or Clock()
        self.chat = chat or RecordingChat()
        self.database = database or fresh_database(path)
        # Nobody pulls the plug here; waiting for the disk would take most of the time.
        if not self.database.shared:
            event.listen(self.database._writer, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
        for engine in (self.database._writer, self.database._reader):
            engine._compiled_cache = COMPILED[self.database.shared]
        self.parts = Parts(
            classifier=SimpleClassifier(),
            drafter=drafter or SimpleDrafter(),
            knowledge=knowledge or Knowledge(),
            rules=rules or Rules(),
            networks=networks,
            network_types=dict.fromkeys(networks, "model"),
            chats={"desk": self.chat},
            rooms=tuple(rooms),
            routes=tuple(routes),
            people=tuple(people),
            now=self.clock,
            digests=Digests(compose=compose),
            observer=observe(self.database, self.clock),
        )
        self.engine = Engine(self.database, self.parts)
        self.reader = StoreReader(self.database, self.parts)
        self.workers: list[Worker] = []

    async def open(self) -> World:
        """Bring the team into the database."""
        await self.engine.work(lambda work: sync_team(work, self.parts))
        return self

    async def close(self) -> None:
        """End the writer's thread and every lane that a test left open."""
        for worker in self.workers:
            for task in list(worker.lanes.busy.values()):
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        await self.engine.writer.close()
        self.database.close()

    # --- facts and wishes -----------------------------------------------------------------------------------------

    async def emit(self, *events: Event, cursor: str | None = None, account: str = WALL) -> None:
        await self.engine.intake_of(account).emit(*events, cursor=cursor)

    async def arrive(self, *items: Item) -> None:
        await self.emit(*(ItemArrived(item=item) for item in items))

    async def wish(self, command: Command) -> Outcome:
        return await self.engine.submit(command)

    async def approve(self, ticket: str, by: str = "luis") -> None:
        outcome = await self.wish(Approve(by=by, via="desk", ticket=ticket))
        assert isinstance(outcome, Done), outcome

    async def ticket_of(self, native_id: str, account: str = WALL) -> str:
        """The ticket that an item belongs to."""
        i = t.items.c
        wanted = select(i.ticket).where(i.native_id == native_id, i.account == account)
        found: str = (await self.rows(wanted))[0].ticket
        return found

    # --- what is on record ----------------------------------------------------------------------------------------

    async def rows(self, query: Any) -> list[Row[Any]]:
        return await self.reader.ask(lambda conn: list(conn.execute(query)))

    async def card(self, ticket: str) -> Card:
        card = await self.reader.card(ticket)
        assert card is not None
        return card

    async def state(self, ticket: str) -> ReplyState | None:
        """Where the ticket's newest reply stands."""
        return (await self.card(ticket)).line.reply_state

    async def draft(self, ticket: str) -> str:
        draft = (await self.card(ticket)).line.draft
        assert draft is not None
        return draft

    async def tickets(self) -> list[str]:
        return [row.id for row in await self.rows(select(t.tickets.c.id).order_by(t.tickets.c.opened_at))]

    async def facts(self, ticket: str) -> list[str]:
        return [line.type for line in (await self.card(ticket)).log]

    async def orders(self, kind: str | None = None) -> list[Row[Any]]:
        """The rows of the outbox."""
        o = t.outbox
        wanted = select(o).order_by(o.c.id)
        return await self.rows(wanted if kind is None else wanted.where(o.c.type == kind))

    async def announced(self, code: str) -> list[dict[str, Any]]:
        """The orders, still in the outbox, to say something."""
        return [row.payload for row in await self.orders("say") if row.payload["code"] == code]

    async def lights(self, about: str) -> list[str]:
        """The states of those lights of `health` that speak of this account, order or problem."""
        return [light.state for light in await self.reader.health() if about in repr(light)]

    # --- the worker -------------------------------------------------------------------------------------------------

    def worker(self) -> Worker:
        """A new worker, as a new process would have it."""
        made = Worker(self.engine, self.reader)
        self.workers.append(made)
        return made

    async def round(self, worker: Worker) -> bool:
        """Carry out what is due now; whether there was anything. A lane that ended in a crash raises it."""
        await worker._claim()
        tasks = list(worker.lanes.busy.values())
        if tasks:
            done, _ = await asyncio.wait(tasks)
            for task in done:
                task.result()
        return bool(tasks)

    async def work_on(
        self, worker: Worker, seconds: float = 3600.0, *, until: Callable[[], bool] = lambda: False
    ) -> None:
        """Carry out whatever becomes due within so many seconds, moving the clock from one order to the next."""
        end = self.clock.now + timedelta(seconds=seconds)
        while not until():
            if await self.round(worker):
                continue
            due = await self._next(worker)
            if due is None or due > end:
                self.clock.now = max(self.clock.now, end)
                return
            self.clock.now = max(due, self.clock.now) + timedelta(milliseconds=1)

    async def _next(self, worker: Worker) -> datetime | None:
        switches = await self.reader.switches()
        due = await self.reader.ask(lambda conn: outbox.next_due(conn, paused="paused" in switches))
        if due is None or due > self.clock.now:
            return due
        # What is due but was not taken waits for its lane.
        waits = [until for until in worker.lanes.blocked.values() if until > self.clock.monotonic()]
        wait = min(waits) - self.clock.monotonic() if waits else 0.0
        return self.clock.now + timedelta(seconds=wait)
