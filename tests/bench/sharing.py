"""Two real processes on one PostgreSQL against one, over the same backlog, where every outside call takes 20 ms.

A team comes back from a meeting in which it said yes to replies on its account, or on all of its three; each account
has a room of its own in the chat. Rate budgets are left out of it: a network that takes five replies a second takes
five from however many processes. With one account a process mostly waits for calls, which another one can do beside
it; with three it keeps itself busy, and what two of them gain depends on the processors.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, update

from bot.core.messages import Approve, Done, Edit, ItemArrived
from bot.core.types import Author, Item, version_of
from bot.engine.engine import Engine
from bot.engine.reader import StoreReader
from bot.engine.sharing import BEAT, living
from bot.engine.team import sync_team
from bot.engine.worker import Worker
from bot.store import tables as t
from bot.store.engine import Database
from tests.bench.comments import comments
from tests.bench.outside import CALL, CALLS_PER_REPLY, noted
from tests.bench.sharer import ACCOUNTS, parts_of
from tests.bench.show import rate, table
from tests.e2e.process import ROOT, environment, until
from tests.support.postgres import Server, running_server

SEED = 41
REPLIES = 300
"""Approved replies that wait; each of their tickets has a card that waits to be brought up to date, too."""
ROUNDS = 2
TEAMS = (1, 3)
"""How many accounts the teams have."""
WANTED = 1.5
_LATER = timedelta(days=300)
_PATIENCE = 300.0


@dataclass(frozen=True, slots=True)
class Run:
    """One backlog from the moment that it is due until nothing is left to do."""

    seconds: float
    cpu: float
    cards: int
    """Calls that showed a card: news that come together are shown together, so this is not the same every time."""
    doubles: int


async def measure(folder: Path) -> None:
    """Print the figures."""
    await asyncio.to_thread(_measure, folder)


def _measure(folder: Path) -> None:
    with running_server() as server:
        for accounts in TEAMS:
            team = folder / f"team-{accounts}"
            team.mkdir()
            template, orders = asyncio.run(_backlog(server, team, accounts))
            runs: dict[int, list[Run]] = {1: [], 2: []}
            for turn, processes in itertools.product(range(ROUNDS), (1, 2)):
                place = folder / f"{accounts}-{turn}-{processes}"
                runs[processes].append(_run(server, template, place, accounts, processes))
            _report(runs, orders, accounts)


# --- the backlog ------------------------------------------------------------------------------------------------------


async def _backlog(server: Server, folder: Path, accounts: int) -> tuple[str, int]:
    """A database whose orders are all due in a far future; its name, and how many they are."""
    address = server.fresh()
    with closing(Database.open(address)) as database:
        # The undo window keeps the worker from replies while it shows the cards of what came in.
        parts = parts_of(folder, accounts, _LATER)
        engine = Engine(database, parts)
        await engine.work(lambda work: sync_team(work, parts))
        await engine.emit("", tuple(_arrivals(accounts)), None)
        await _show_all(engine, StoreReader(database, parts))
        with database.read() as conn:
            tickets = list(conn.execute(select(t.tickets.c.id).order_by(t.tickets.c.id)).scalars())
        for number, ticket in enumerate(tickets):
            await _approve(engine, ticket, number)
        far = datetime.now(UTC) + _LATER
        with database.begin() as conn:
            conn.execute(update(t.outbox).values(due_at=far))
            conn.execute(update(t.replies).values(undo_until=datetime.now(UTC)))
            orders = conn.execute(select(func.count()).select_from(t.outbox)).scalar_one()
        await engine.writer.close()
    return address.rpartition("/")[2], orders


def _arrivals(accounts: int) -> Iterator[ItemArrived]:
    for number, (account, said) in enumerate(
        zip(itertools.cycle(ACCOUNTS[:accounts]), comments(SEED, REPLIES), strict=False)
    ):
        name = f"c{number}"
        yield ItemArrived(
            item=Item(
                account=account,
                native_id=name,
                version=version_of(said.text),
                author=Author(id=f"visitor-{name}", name=said.author),
                text=said.text,
                created_at=datetime.now(UTC),
                thread_key=name,
            )
        )


async def _show_all(engine: Engine, reader: StoreReader) -> None:
    """Every ticket has its card before the backlog begins."""
    worker = Worker(engine, reader)
    job = asyncio.create_task(worker.run())
    while await reader.ask(lambda conn: conn.execute(select(t.outbox.c.id).limit(1)).first()):  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    await worker.drain(10)
    job.cancel()
    await asyncio.gather(job, return_exceptions=True)


async def _approve(engine: Engine, ticket: str, number: int) -> None:
    words = f"Gracias por escribir; lo miramos hoy mismo y te contamos. ({number})"
    wishes = (Edit(by="ana", via="bench", ticket=ticket, text=words), Approve(by="luis", via="bench", ticket=ticket))
    for wish in wishes:
        outcome = await engine.submit(wish)
        assert isinstance(outcome, Done), outcome


# --- one run ----------------------------------------------------------------------------------------------------------


def _run(server: Server, template: str, folder: Path, accounts: int, processes: int) -> Run:
    folder.mkdir()
    address = server.copy(template)
    with closing(Database.open(address)) as database, _sharers(address, folder, accounts, processes) as pids:
        # Each must know how many they are, as after a minute of ordinary work.
        until(lambda: _living(database) == processes, what="every process to be known")
        time.sleep(BEAT + 1)
        before = sum(map(_cpu, pids))
        with database.begin() as conn:
            conn.execute(update(t.outbox).values(due_at=datetime.now(UTC)))
        began = time.monotonic()
        until(lambda: _left(database) == 0, within=_PATIENCE, what="the backlog to be done")
        seconds = time.monotonic() - began
        cpu = sum(map(_cpu, pids)) - before
        assert len({line.split()[0] for line in noted(folder / "posts")}) == REPLIES
    posts = Counter(line.split()[0] for line in noted(folder / "posts"))
    calls = noted(folder / "calls")
    doubles = sum(times - 1 for times in posts.values()) + sum(line.startswith("post ") for line in calls)
    return Run(seconds, cpu, len(calls), doubles)


@contextmanager
def _sharers(address: str, folder: Path, accounts: int, processes: int) -> Iterator[list[int]]:
    command = [sys.executable, "-m", "tests.bench.sharer", address, str(folder), str(accounts)]
    started = [subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE) for _ in range(processes)]
    try:
        for one in started:
            assert one.stdout is not None
            assert one.stdout.readline() == b"ready\n"
        yield [one.pid for one in started]
        for one in started:
            one.send_signal(signal.SIGTERM)
            assert one.wait(30) == 0
    finally:
        for one in started:
            if one.poll() is None:
                one.kill()
                one.wait()
            if one.stdout is not None:
                one.stdout.close()


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _living(database: Database) -> int:
    with database.read() as conn:
        return living(conn, datetime.now(UTC))


def _left(database: Database) -> int:
    time.sleep(0.05)
    with database.read() as conn:
        return int(conn.execute(select(func.count()).select_from(t.outbox)).scalar_one())


# --- the figures ------------------------------------------------------------------------------------------------------


def _report(runs: dict[int, list[Run]], orders: int, accounts: int) -> None:
    one, two = (min(run.seconds for run in runs[n]) for n in (1, 2))
    cards = statistics.median(run.cards for run in runs[1])
    rows = [
        _row("one process", runs[1], orders),
        _row("two processes", runs[2], orders),
        ("two against one", f"{one / two:.2f} x", f"at least {WANTED}: {'OK' if one / two >= WANTED else 'short'}"),
        (
            "doubles",
            str(sum(run.doubles for some in runs.values() for run in some)),
            "replies or cards, counted outside",
        ),
    ]
    replies = REPLIES / accounts * CALLS_PER_REPLY * CALL
    shown = cards / accounts * CALL
    for processes in (1, 2):
        floor = max(replies, shown) / processes
        remark = (
            f"calls alone: {replies / processes:.1f} s of replies an account, {shown / processes:.1f} s of cards a room"
        )
        rows.append((f"floor, {processes} at a time in a lane", f"{floor:.1f} s", remark))
    table(
        f"A backlog of {orders} orders on PostgreSQL, calls of {CALL * 1000:.0f} ms: accounts {accounts}, rooms "
        f"{accounts}, replies {REPLIES}, seed {SEED}",
        rows,
    )


def _row(what: str, runs: list[Run], orders: int) -> tuple[str, str, str]:
    seconds = min(run.seconds for run in runs)
    each = ", ".join(f"{run.seconds:.1f}" for run in runs)
    cpu = statistics.median(run.cpu for run in runs)
    return what, f"{seconds:.1f} s", f"best of {each}; {rate(orders, seconds)}; {cpu:.1f} s of processor"
