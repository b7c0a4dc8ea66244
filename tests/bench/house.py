"""A data folder with everything embedded, opened as the product opens it, for measuring inside this process."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.core.messages import ItemArrived
from bot.core.types import Author, Item, version_of
from bot.engine.engine import Engine
from bot.engine.parts import Parts
from bot.engine.reader import StoreReader
from bot.engine.team import sync_team
from bot.engine.worker import Worker
from bot.places import open_database
from bot.settings import Settings, load
from bot.store.engine import Database
from bot.wiring import build_parts, close_all
from tests.bench.comments import Said

BEGAN = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


@dataclass
class House:
    """Settings, database, adapters and engine; `worker` runs only inside `at_work()`."""

    settings: Settings
    database: Database
    parts: Parts
    engine: Engine = field(init=False)
    reader: StoreReader = field(init=False)

    def __post_init__(self) -> None:
        self.engine = Engine(self.database, self.parts)
        self.reader = StoreReader(self.database, self.parts)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[Worker]:
        """The worker, carrying orders out; the chats listen, too."""
        worker = Worker(self.engine, self.reader)
        jobs = [asyncio.create_task(worker.run())]
        jobs += [
            asyncio.create_task(chat.listen(self.engine.intake_of(name), self.reader))
            for name, chat in self.parts.chats.items()
        ]
        try:
            yield worker
        finally:
            await worker.drain(10)
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder on the disk that temporary files are on; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="portavoz-bench-") as folder:
        yield Path(folder)


@contextmanager
def fresh_database(folder: Path, name: str) -> Iterator[Database]:
    """An empty database of this version, with its triggers: for floors."""
    settings = load(data=folder / name, environ={})
    database = open_database(settings, upgrade=True)
    try:
        yield database
    finally:
        database.close()


@asynccontextmanager
async def house(folder: Path, name: str, *, chats: bool = False) -> AsyncIterator[House]:
    """Everything that `run` opens, with no undo window and nothing configured."""
    settings = load(data=folder / name, environ={"PORTAVOZ_UNDO_SECONDS": "0"})
    database = open_database(settings, upgrade=True)
    parts = build_parts(settings, database, chats=chats)
    made = House(settings, database, parts)
    await made.engine.work(lambda work: sync_team(work, parts))
    made.parts.classifier.assess("Se carga el modelo de idiomas, que no se mide aquí.")
    try:
        yield made
    finally:
        await made.engine.writer.close()
        await close_all(parts)
        database.close()


def arrivals(said: Sequence[Said], prefix: str = "c") -> list[ItemArrived]:
    """Comments as the wall's adapter reports them: each by a visitor of its own, in a thread of its own."""
    return [
        ItemArrived(
            item=Item(
                account="wall",
                native_id=f"{prefix}{n}",
                version=version_of(one.text),
                author=Author(id=f"visitor-{prefix}{n}", name=one.author),
                text=one.text,
                created_at=BEGAN + timedelta(seconds=n),
                thread_key=f"{prefix}{n}",
                url=f"http://127.0.0.1:8600/wall/c/{prefix}{n}",
            )
        )
        for n, one in enumerate(said)
    ]
