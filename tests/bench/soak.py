"""A simulated week in minutes: does memory stay flat? `python -m tests.bench.soak [DAYS] [COMMENTS A DAY] [SEED]`.

Everything is the product's own (triage, drafter, engine, desk, metrics, backups) but the clock, which is moved by
hand, and the network, which forgets what is old. Each day has the same rhythm, so that days can be compared.
"""

from __future__ import annotations

import asyncio
import dataclasses
import gc
import os
import random
import sys
import threading
import time
import tracemalloc
import types
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from sqlalchemy import event

from bot import logs
from bot.core.messages import (
    AddNote,
    Approve,
    Claim,
    Close,
    Command,
    Edit,
    Redraft,
    Refuse,
    Settle,
    Snooze,
)
from bot.core.types import ReplyState, Severity
from bot.core.views import TicketLine
from bot.engine import lanes as lanes_module
from bot.engine.clock import Clock as Ticking
from bot.engine.team import sync_team
from bot.engine.worker import Worker
from bot.places import open_database
from bot.reports.labels import Configured
from bot.reports.metrics import Metrics
from bot.settings import load
from bot.store.audit import verify
from bot.store.backup import backup
from bot.wiring import build_parts, close_all
from tests.bench.house import House, scratch
from tests.bench.show import machine
from tests.bench.street import ACCOUNT, Street

STEP = timedelta(minutes=10)
RHYTHM = (2, 1, 1, 1, 1, 1, 2, 4, 7, 9, 10, 10, 9, 7, 6, 7, 8, 9, 10, 10, 9, 7, 5, 3)
"""How busy each hour of a day is, in proportion."""
BEGAN = datetime(2026, 11, 2, tzinfo=UTC)
ALLOWED_MB = 0.5
"""How much the Python heap may grow a day once it is warm; half a kilobyte for each of 1,000 comments is that."""


class Clock:
    """What time it is in the simulation."""

    def __init__(self) -> None:
        self.now = BEGAN

    def __call__(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        return (self.now - BEGAN).total_seconds() + 1000.0


@dataclass(frozen=True)
class Day:
    """What one day left behind: megabytes of memory after a collection, and what happened."""

    rss: float
    heap: float
    disk: float
    comments: int
    posted: int
    seconds: float
    tasks: int
    threads: int


@dataclass
class Week:
    """The simulation."""

    house: House
    street: Street
    clock: Clock
    metrics: Metrics
    dice: random.Random
    wishes: Counter[str] = field(default_factory=Counter)
    worker: Worker = field(init=False)
    ticking: Ticking = field(init=False)

    def __post_init__(self) -> None:
        # For all days: what these two remember must not grow either.
        self.worker = Worker(self.house.engine, self.house.reader)
        self.ticking = Ticking(self.house.engine, self.house.reader)

    async def day(self, comments: int, hours: int) -> None:
        """One day from midnight to midnight, or the busiest hours of it, and then the night."""
        end, busy = self.clock.now + timedelta(days=1), RHYTHM if hours == len(RHYTHM) else RHYTHM[9 : 9 + hours]
        an_hour = int(timedelta(hours=1) / STEP)
        for step in range(len(busy) * an_hour):
            await self._traffic(comments * busy[step // an_hour] / sum(busy) / an_hour)
            await self._round()
            await self._team()
            self.clock.now += STEP
            await self._round()
            await self.ticking.tick()
            await self.metrics.scrape("")
            if step % an_hour == 0:
                await self._look()
        self.clock.now = end

    async def _traffic(self, mean: float) -> None:
        intake = self.house.engine.intake_of(ACCOUNT)
        many = int(mean) + (self.dice.random() < mean % 1)
        happened = []
        for _ in range(many):
            happened.append(self.street.write())
            if self.dice.random() < 0.1 and (changed := self.street.change()) is not None:
                happened.append(changed)
        if (let := self.street.moderate()) is not None:
            happened.append(let)
        await intake.emit(*happened, cursor=str(self.street.written))

    async def _team(self) -> None:
        """People work on the queue from its head, faster than it fills."""
        for line in await self.house.reader.inbox(limit=20):
            for command in self._decide(line):
                outcome = await self.house.engine.submit(command)
                self.wishes[f"{type(command).__name__.lower()} {type(outcome).__name__.lower()}"] += 1

    def _decide(self, line: TicketLine) -> list[Command]:
        luis: dict[str, Any] = {"by": "luis", "via": "desk", "ticket": line.id}
        throw = self.dice.random()
        if line.reply_state in (ReplyState.UNCERTAIN, ReplyState.HANDED_OFF):
            return [Settle(**luis, posted=True, url="https://street.example/found")]
        if line.reply_state is not ReplyState.PROPOSED:
            return [Close(**luis, reason="nothing to say")] if throw < 0.5 else []
        if throw < 0.05:
            return [Snooze(**luis, span=timedelta(hours=self.dice.randint(1, 30)))]
        if throw < 0.1:
            return [Refuse(**luis, reason="not like this"), Close(**luis)]
        if throw < 0.2:
            return [Claim(**luis), AddNote(**luis, text="a customer of many years"), Redraft(**luis, hint="shorter")]
        yes: list[Command] = [Approve(**luis)]
        if throw < 0.4:
            yes.insert(0, Edit(**luis, text=f"{line.draft} Un saludo, nº {self.dice.randrange(10**9)}."))
        if line.severity is Severity.CRITICAL:
            yes.append(Approve(by="ana", via="desk", ticket=line.id))
        return yes

    async def _round(self) -> None:
        """Carry out what is due, until nothing is."""
        while await self.worker._claim():
            lanes = list(self.worker.lanes.busy.values())
            if lanes:
                await asyncio.wait(lanes)

    async def _look(self) -> None:
        """What people and machines read once an hour."""
        reader = self.house.reader
        lines = await reader.inbox(limit=50)
        await reader.cards([line.id for line in lines[:5]])
        await reader.health()
        await reader.switches()


def rss() -> float:
    """Resident memory of this process in megabytes (proc(5), statm)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def _size(data: Path) -> float:
    return sum(path.stat().st_size for path in data.glob("portavoz.db*")) / 2**20


@asynccontextmanager
async def week(folder: Path, seed: int) -> AsyncIterator[Week]:
    """A house on a street, with a clock moved by hand."""
    clock, dice = Clock(), random.Random(seed)
    settings = load(data=folder / "data", environ={"PORTAVOZ_UNDO_SECONDS": "0"})
    database = open_database(settings, upgrade=True)
    # Nobody pulls the plug here; waiting for the disk would take most of the time.
    event.listen(database._writer, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
    database._writer.dispose()
    street = Street(clock, dice)
    whole = build_parts(settings, database, chats=True, now=clock)
    names = Configured(accounts=frozenset({ACCOUNT}), chats=frozenset(whole.chats), rooms=frozenset({"team"}))
    metrics = Metrics(database, names=names, rules=whole.rules, backups=folder / "backups", now=clock)
    parts = dataclasses.replace(
        whole, networks={ACCOUNT: street}, network_types={ACCOUNT: "street"}, observer=metrics.watch
    )
    house = House(settings, database, parts)
    hands = mock.patch.object(lanes_module, "time", types.SimpleNamespace(monotonic=clock.monotonic))
    hands.start()
    try:
        await house.engine.work(lambda work: sync_team(work, parts))
        made = Week(house, street, clock, metrics, dice)
        yield made
        await made.worker.drain(5)
    finally:
        hands.stop()
        await house.engine.writer.close()
        await close_all(whole)
        database.close()


async def soak(folder: Path, *, days: int, comments: int, seed: int, hours: int = 24, shows: bool = False) -> list[Day]:
    """Simulate so many days; what each left behind. Every night there is a backup, and the record is verified."""
    found = []
    (folder / "backups").mkdir()
    async with week(folder, seed) as simulated:
        house, street = simulated.house, simulated.street
        for number in range(days):
            began, written, posted = time.monotonic(), street.written, street.posts
            await simulated.day(comments, hours)
            copy = folder / "backups" / f"night-{number}"
            await asyncio.to_thread(backup, house.database, copy)
            gc.collect()
            found.append(
                Day(
                    rss=rss(),
                    heap=tracemalloc.get_traced_memory()[0] / 2**20,
                    disk=_size(folder / "data"),
                    comments=street.written - written,
                    posted=street.posts - posted,
                    seconds=time.monotonic() - began,
                    tasks=len(asyncio.all_tasks()),
                    threads=threading.active_count(),
                )
            )
            if shows:
                _show(number, found[-1])
        with house.database.read() as conn:
            assert verify(conn).sound
        if shows:
            print("  what people did:", ", ".join(f"{many} {name}" for name, many in simulated.wishes.most_common(12)))
    return found


def growth(days: list[Day], what: str, *, warm: int = 2) -> float:
    """Megabytes a day after the first `warm` days: the slope of the line of least squares."""
    values = [getattr(day, what) for day in days[warm:]]
    middle, mean = (len(values) - 1) / 2, sum(values) / len(values)
    spread = sum((n - middle) ** 2 for n in range(len(values)))
    return sum((n - middle) * (value - mean) for n, value in enumerate(values)) / spread if spread else 0.0


def _show(number: int, day: Day) -> None:
    print(
        f"  day {number + 1}: {day.comments:5} comments, {day.posted:5} replies, in {day.seconds:5.1f} s;"
        f" resident {day.rss:6.1f} MB, heap {day.heap:5.1f} MB, database {day.disk:6.1f} MB,"
        f" {day.tasks} tasks, {day.threads} threads",
        flush=True,
    )


def main(words: list[str]) -> int:
    """Print the table; 1 when memory grows."""
    days, comments, seed = (int(word) for word in [*words, *("7", "1000", "1")[len(words) :]])
    logs.configure(level="error", format="text", secrets=())
    print(machine())
    print(f"\n{days} simulated days of about {comments} comments (seed {seed})")
    tracemalloc.start(1)
    with scratch() as folder:
        found = asyncio.run(soak(folder, days=days, comments=comments, seed=seed, shows=True))
    heap, resident = growth(found, "heap"), growth(found, "rss")
    flat = heap <= ALLOWED_MB
    print(
        f"  after two days: heap {heap:+.2f} MB a day, resident {resident:+.2f} MB a day: {'OK' if flat else 'grows'}"
    )
    return 0 if flat else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
