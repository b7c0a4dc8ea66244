"""A million items: the queue, tickets, searches and figures, the start and the memory, on both databases.

`python -m tests.bench.million [--items N] [--on sqlite|postgresql] [--burst N]`. A million takes some minutes to
write and some 10 GB of disk; everything is removed at the end.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, func, select

from bot.core.digest import Objective, Span
from bot.core.ids import ticket_id
from bot.core.search import SearchPage
from bot.core.types import TicketStatus
from bot.store import cards, tables
from bot.store.digest import digest
from bot.store.digest_texts import topics
from bot.store.engine import Database
from bot.store.figures import figures
from bot.store.migrate import migrate
from bot.store.queries import inbox
from bot.store.reports import report
from bot.store.search import find
from tests.bench.house import scratch
from tests.bench.invented import ACCOUNTS, fill
from tests.bench.show import machine, spread, table, under
from tests.e2e.process import Portavoz, until
from tests.support.postgres import SETTINGS, Server, running_server

ITEMS = 1_000_000
TIMES = 40
LIMIT = 50.0
"""Milliseconds of a page that a person waits for."""
BURST = 10_000
"""Comments at once. None, and no process is started."""
Rows = list[tuple[str, str, str]]
SEARCHES = {
    "very common word": "pedido",
    "very common words": "tienda pedido",
    "medium word": '"reembolso"',
    "rare word": "zarzaparrilla",
    "words side by side": '"la tapa venía rota"',
    "a name": "author:begoña",
    "very common, of a kind": "kind:complaint pedido",
    "very common, rare kind": "kind:spam pedido",
    "very common, rare account": "account:fair pedido",
    "very common, open": "state:open pedido",
    "very common, critical": "severity:critical pedido",
    "medium, filtered": "network:shop kind:question reembolso",
    "very common, a day half a year ago": "after:{half} before:{day} pedido",
    "long ago, then never again": "huelga",
    "filters only": "state:snoozed",
    "nothing": "inexistente",
}


def main() -> None:
    """Print a table for each database."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.million")
    parser.add_argument("--items", type=int, default=ITEMS)
    parser.add_argument("--on", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--burst", type=int, default=BURST)
    chosen = parser.parse_args()
    print(machine())
    for name in chosen.on or ("sqlite", "postgresql"):
        with scratch() as folder, _place(name, folder) as address:
            rows = _measure(address, chosen.items)
            table(f"{chosen.items:,} items on {name}", rows)
            if chosen.burst:
                table("The process on them", _process(folder, address if name == "postgresql" else None, chosen.burst))


@contextmanager
def _place(name: str, folder: Path) -> Iterator[str]:
    """The address of an empty database."""
    if name == "sqlite":
        (folder / "data").mkdir()
        yield f"sqlite:///{folder / 'data' / 'portavoz.db'}"
        return
    # As a server is set up by default, which the tests' one is not.
    SETTINGS.update(shared_buffers="128MB", autovacuum="on", max_wal_size="2GB")
    with running_server() as server:
        yield _empty(server)


def _empty(server: Server) -> str:
    return server.empty()


def _measure(address: str, items: int) -> Rows:
    db = Database.open(address)
    migrate(db, backup_dir=None)
    began = time.perf_counter()
    now = datetime.now(UTC)
    fill(db, items, until=now)
    db.tidy()
    wrote = time.perf_counter() - began
    rows: Rows = [("written and indexed", f"{wrote:.0f} s", f"{db.size() / 1e9:.1f} GB on disk")]
    rows += _pages(db, items, now)
    rows += _searches(db, now)
    rows += _numbers(db, now)
    db.close()
    return rows


def _row(db: Database, what: str, ask: Callable[[Connection], object], limit: float = LIMIT) -> tuple[str, str, str]:
    """How long people wait for it, connection and snapshot included."""
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        with db.read() as conn:
            ask(conn)
        took.append(time.perf_counter() - began)
    worst = sorted(took)[int(len(took) * 0.95)] * 1000
    return what, spread(took), f"p95 {under(worst, limit, 'ms')}"


def _pages(db: Database, items: int, now: datetime) -> Rows:
    dice = random.Random(5)
    waiting = (TicketStatus.OPEN, TicketStatus.WAITING)
    with db.read() as conn:
        many = conn.execute(
            select(func.count()).where(tables.tickets.c.status.in_([status.value for status in waiting]))
        ).scalar_one()
    return [
        _row(db, f"inbox, {many:,} open or waiting", lambda conn: inbox(conn, statuses=waiting, now=now, limit=100)),
        _row(db, "inbox, mine", lambda conn: inbox(conn, statuses=waiting, now=now, assignee="ana", limit=100)),
        _row(db, "inbox, by words", lambda conn: inbox(conn, statuses=waiting, now=now, words="pedido", limit=100)),
        _row(
            db,
            "a ticket",
            lambda conn: cards.card(conn, ticket_id(dice.randrange(items)), now, max_length=lambda _account: None),
        ),
    ]


def _searches(db: Database, now: datetime) -> Rows:
    half = (now - timedelta(days=182)).date()
    rows = []
    for what, line in SEARCHES.items():
        said = line.format(half=half, day=half + timedelta(days=1))
        rows.append(_row(db, f"search: {what}", lambda conn, said=said: _found(conn, said, now)))  # type: ignore[misc]
    first = _next(db, "pedido", now)
    rows.append(_row(db, "search: second page", lambda conn: _found(conn, "pedido", now, first)))
    return rows


def _found(conn: Connection, line: str, now: datetime, after: str | None = None) -> SearchPage:
    found = find(conn, line, now=now, tz=UTC, networks=dict.fromkeys(ACCOUNTS, "wall") | {"shop": "shop"}, after=after)
    assert isinstance(found, SearchPage), found
    return found


def _next(db: Database, line: str, now: datetime) -> str | None:
    with db.read() as conn:
        return _found(conn, line, now).next


def _numbers(db: Database, now: datetime) -> Rows:
    spans = {"digest numbers, a day": 1, "stats, a week": 7, "stats, a month": 30}
    found = [
        _row(db, what, lambda conn, days=days: figures(conn, now - timedelta(days=days), now), limit=1_000)  # type: ignore[misc]
        for what, days in spans.items()
    ]
    reported = {
        "reports, a week": (7, None),
        "reports, a month": (30, None),
        "reports, a month of a network": (30, "shop"),
    }
    for what, (days, account) in reported.items():
        asked = partial(report, since=now - timedelta(days=days), until=now, tz=UTC, account=account)
        found.append(_row(db, what, asked, limit=1_000))
    return [*found, *_digests(db, now)]


def _digests(db: Database, now: datetime) -> Rows:
    """Everything that a digest counts, with two objectives; and what they say, which is mostly processor time."""
    wanted = (Objective(share=90, minutes=60), Objective(share=95))
    spans = {days: Span(first=now.date() - timedelta(days=days), days=days, tz=UTC) for days in (1, 7)}
    asked = {
        f"digest, {days} days": partial(digest, span=span, now=now, objectives=wanted, accounts=ACCOUNTS)
        for days, span in spans.items()
    }
    themes = partial(topics, since=spans[1].since, until=spans[1].until)
    rows = [_row(db, what, ask, limit=1_000) for what, ask in asked.items()]
    return [*rows, _row(db, "themes, a day", themes, limit=2_000)]


def _process(folder: Path, address: str | None, burst: int) -> Rows:
    kept = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    bot = Portavoz(folder / "data", environ=kept | ({"DATABASE_URL": address} if address else {}))
    try:
        bot.start()
        bot.stop()
        bot.start()
        time.sleep(5)
        resting = bot.rss()
        took = _burst(bot, burst)
        working = bot.rss()
        bot.stop()
    finally:
        bot.close()
    return [
        ("run: start to ready", f"{bot.took:.2f} s", under(bot.took, 3, "s")),
        ("memory, idle", f"{resting:.0f} MB", under(resting, 150, "MB")),
        (f"memory, after {burst:,} comments in {took:.0f} s", f"{working:.0f} MB", under(working, 300, "MB")),
    ]


def _burst(bot: Portavoz, count: int) -> float:
    """Comments as fast as the wall takes them; the seconds until all of them are tickets."""

    def post(number: int) -> None:
        bot.post(f"Marta {number}", f"Compré una cafetera y llegó rota. Es el pedido {number}.").raise_for_status()

    began = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(post, range(count)))
    last = f'"el pedido {count - 1}"'
    until(lambda: last.strip('"') in bot.cli("search", last, "--json").stdout, within=300, what="the last of the burst")
    return time.monotonic() - began


if __name__ == "__main__":
    main()
