"""Several processes on one database: each place has one holder, who loses it when silent, and budgets are divided."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.core.ports import Capabilities
from bot.core.types import Account, Budget
from bot.engine import sharing
from bot.engine.budget import share
from bot.engine.engine import Engine
from bot.engine.parts import Parts
from bot.engine.reader import StoreReader
from bot.engine.sharing import OtherFolder, Sharing, serves_here
from bot.store.engine_sqlite import SqliteDatabase
from bot.store.errors import DatabaseUnreachable
from tests.support.db import fresh_database


class Shared(SqliteDatabase):
    """A file that counts as shared: what is tried here does not depend on the database."""

    shared = True


@dataclass
class Home:
    """A network whose items stand in a file with this name."""

    file: str
    at_home: bool = True

    async def check(self) -> Account:
        return Account(name="x", native_id=self.file)


@dataclass
class Process:
    """One of several on the same database; `listening` is how many times each place was taken and is held."""

    sharing: Sharing
    engine: Engine
    listening: dict[str, int] = field(default_factory=dict)
    taken: int = 0

    async def listen(self) -> None:
        self.taken += 1
        self.listening["now"] = self.listening.get("now", 0) + 1
        try:
            await asyncio.Event().wait()
        finally:
            self.listening["now"] -= 1

    @property
    def holds(self) -> bool:
        return self.listening.get("now", 0) == 1


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sharing, "BEAT", 0.05)
    monkeypatch.setattr(sharing, "LIFE", timedelta(seconds=0.4))
    return iter(())


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Any]:
    """Makes processes; ends them all."""
    fresh_database(tmp_path / "portavoz.db").close()
    made: list[Process] = []
    tasks: list[asyncio.Task[None]] = []

    def process(networks: Mapping[str, Any] | None = None) -> Process:
        database = Shared(f"sqlite:///{tmp_path / 'portavoz.db'}")
        parts: Any = SimpleNamespace(networks=networks or {}, now=lambda: datetime.now(UTC))
        engine = Engine(database, parts)
        made.append(Process(Sharing(engine, StoreReader(database, parts), parts), engine))
        return made[-1]

    def at_work(one: Process) -> asyncio.Task[None]:
        tasks.append(asyncio.create_task(one.sharing.alone("network:wall", one.listen)))
        return tasks[-1]

    yield SimpleNamespace(process=process, at_work=at_work)
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    for one in made:
        await one.engine.writer.close()
        one.engine.database.close()


async def until(check: Any) -> None:
    async with asyncio.timeout(20):
        while not check():  # noqa: ASYNC110 -- anything may be asked
            await asyncio.sleep(0.01)


async def test_one_listens_and_the_other_takes_over_when_it_leaves(house: Any) -> None:
    first, second = house.process(), house.process()
    task = house.at_work(first)
    await until(lambda: first.holds)
    house.at_work(second)
    await asyncio.sleep(1)  # more than twice a lease's life
    assert (first.taken, second.taken) == (1, 0)
    task.cancel()
    await asyncio.wait([task])
    assert not first.holds
    await first.sharing.leave()
    await until(lambda: second.holds)


async def test_one_that_dies_without_a_word_is_followed_when_its_time_has_run_out(house: Any) -> None:
    first, second = house.process(), house.process()
    task = house.at_work(first)
    await until(lambda: first.holds)
    task.cancel()  # nobody gives the lease back
    house.at_work(second)
    await until(lambda: second.holds)


async def test_one_that_cannot_reach_the_database_stops_listening_before_another_begins(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = house.process(), house.process()
    house.at_work(first)
    await until(lambda: first.holds)

    async def away(_query: object) -> object:
        raise DatabaseUnreachable("gone", "wait")

    monkeypatch.setattr(first.sharing._reader, "ask", away)
    house.at_work(second)
    await until(lambda: not first.holds or second.holds)
    assert not second.holds
    await until(lambda: second.holds)


async def test_a_place_that_was_taken_slowly_is_given_up_in_time_too(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, clock, ended = house.process(), [0.0], list[float]()
    # The lease counts from the beginning of the first call; then the database is silent for nearly two beats a round.
    answers = iter([(0.05, True)])

    async def takes(_place: str) -> bool:
        took, answer = next(answers, (0.0997, False))
        clock[0] += took
        if not answer:
            raise DatabaseUnreachable("gone", "wait")
        return answer

    async def listen() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(clock[0])

    monkeypatch.setattr(sharing, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    monkeypatch.setattr(one.sharing, "_takes", takes)
    monkeypatch.setattr(one, "listen", listen)
    house.at_work(one)
    await until(lambda: ended)
    assert ended[0] <= sharing.LIFE.total_seconds()


async def test_a_listener_that_fails_ends_with_its_error(house: Any) -> None:
    async def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await house.process().sharing.alone("network:wall", fail)


async def test_whoever_is_told_to_end_as_a_place_falls_to_them_ends(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = house.process()
    task = house.at_work(one)

    async def takes(_place: str) -> bool:
        task.cancel()
        return True

    monkeypatch.setattr(one.sharing, "_takes", takes)
    await asyncio.wait([task], timeout=2)
    assert (task.cancelled(), one.holds) == (True, False)


async def test_processes_know_how_many_they_are(house: Any) -> None:
    first, second = house.process(), house.process()
    await first.sharing.join()
    await second.sharing.join()
    await first.sharing._beat()
    assert (first.engine.sharers, second.engine.sharers) == (2, 2)
    await second.sharing.leave()
    await first.sharing._beat()
    assert first.engine.sharers == 1


async def test_the_same_folder_is_shared_and_another_one_is_refused(house: Any) -> None:
    await house.process({"wall": Home("file-1")}).sharing.join()
    await house.process({"wall": Home("file-1")}).sharing.join()
    with pytest.raises(OtherFolder) as caught:
        await house.process({"wall": Home("file-2")}).sharing.join()
    assert caught.value.account == "wall"
    await asyncio.sleep(0.5)  # when nobody works in the first folder any more, the other one may
    await house.process({"wall": Home("file-2")}).sharing.join()


async def test_an_embedded_database_knows_nothing_of_this(tmp_path: Path) -> None:
    database = fresh_database(tmp_path / "portavoz.db")
    parts: Parts = SimpleNamespace(networks={"wall": Home("x")}, now=lambda: datetime.now(UTC))  # type: ignore[assignment]
    engine = Engine(database, parts)
    alone = Sharing(engine, StoreReader(database, parts), parts)
    await alone.join()
    await alone.run()
    await alone.leave()
    assert (alone.on, engine.sharers) == (False, 1)
    await engine.writer.close()
    database.close()


def test_whoever_people_or_networks_come_to_listens_in_every_process() -> None:
    def network(*ingest: str) -> Any:
        return SimpleNamespace(capabilities=lambda: Capabilities(ingest=frozenset(ingest)))  # type: ignore[arg-type]

    assert serves_here(network("webhook", "poll"))
    assert not serves_here(network("poll", "stream"))
    assert serves_here(SimpleNamespace(everywhere=True))
    assert not serves_here(SimpleNamespace())


def test_a_budget_is_divided_among_the_living() -> None:
    whole = Budget(rate=6.0, burst=5)
    assert share(whole, 1) is whole
    assert share(whole, 2) == Budget(rate=3.0, burst=2)
    assert share(whole, 9).burst == 1
