"""Jobs that somebody else was faster than are run again; nobody else has to suffer for it."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from bot.engine import writer
from bot.engine.writer import Writer
from bot.store.engine import Conflict
from bot.store.tables import counters
from tests.support.db import fresh_database


def overtaken(times: int, name: str, seen: list[str]) -> object:
    """A job that finds its state changed so many times, and then adds a row."""

    def job(conn: Connection) -> str:
        conn.execute(counters.insert().values(name=name, next=1))
        seen.append(name)
        if seen.count(name) <= times:
            raise Conflict(name)
        return name

    return job


async def run(path: Path, *jobs: object) -> tuple[list[object], list[str]]:
    """What became of jobs that came together, and the names of the rows that are there now."""
    database = fresh_database(path / "portavoz.db")
    made = Writer(database)
    results = await asyncio.gather(*(made.run(job) for job in jobs), return_exceptions=True)  # type: ignore[arg-type]
    await made.close()
    with database.read() as conn:
        names = list(conn.execute(select(counters.c.name).order_by(counters.c.name)).scalars())
    database.close()
    return list(results), names


async def test_a_job_that_was_overtaken_is_run_again_from_the_new_state(tmp_path: Path) -> None:
    results, names = await run(tmp_path, overtaken(3, "a", []))
    assert results == names == ["a"]


async def test_the_others_of_its_group_are_not_run_again(tmp_path: Path) -> None:
    seen: list[str] = []
    jobs = [overtaken(0, "a", seen), overtaken(2, "b", seen), overtaken(0, "c", seen), overtaken(1, "d", seen)]
    results, names = await run(tmp_path, *jobs)
    assert results == names == ["a", "b", "c", "d"]
    assert sorted(seen) == ["a", "b", "b", "b", "c", "d", "d"]


async def test_a_job_that_is_always_overtaken_is_given_up_and_leaves_nothing(tmp_path: Path) -> None:
    seen: list[str] = []
    results, names = await run(tmp_path, overtaken(0, "a", seen), overtaken(99, "b", seen))
    assert names == ["a"]
    assert isinstance(results[1], Conflict)
    assert seen.count("b") == writer.TRIES


async def test_a_job_that_fails_for_another_reason_is_not_run_again(tmp_path: Path) -> None:
    times = 0

    def fail(conn: Connection) -> None:
        nonlocal times
        times += 1
        raise ZeroDivisionError

    results, names = await run(tmp_path, fail, overtaken(1, "b", []))
    assert isinstance(results[0], ZeroDivisionError)
    assert (times, names) == (1, ["b"])


@pytest.mark.parametrize("size", [1, 3])
async def test_what_nobody_was_in_the_way_of_takes_one_transaction(tmp_path: Path, size: int) -> None:
    seen: list[str] = []
    results, _ = await run(tmp_path, *(overtaken(0, str(n), seen) for n in range(size)))
    assert results == sorted(seen)


async def test_what_goes_along_is_in_the_next_transaction_and_sees_what_it_wrote(tmp_path: Path) -> None:
    database = fresh_database(tmp_path / "portavoz.db")
    made = Writer(database)
    with made.along(lambda conn: list(conn.execute(select(counters.c.name)).scalars())) as found:
        await made.run(overtaken(0, "a", []))  # type: ignore[arg-type]
        assert await found == ["a"]
    with made.along(lambda _: "never") as nobody_came:
        pass
    assert nobody_came.cancelled()
    await made.run(overtaken(0, "b", []))  # type: ignore[arg-type]
    await made.close()
    database.close()


async def test_what_goes_along_and_fails_takes_nobody_with_it(tmp_path: Path) -> None:
    database = fresh_database(tmp_path / "portavoz.db")
    made = Writer(database)
    with made.along(lambda conn: conn.execute(counters.insert().values(name=None))) as fails:
        assert await made.run(overtaken(0, "a", [])) == "a"  # type: ignore[arg-type]
    with pytest.raises(IntegrityError):
        await fails
    with database.read() as conn:
        assert list(conn.execute(select(counters.c.name)).scalars()) == ["a"]
    await made.close()
    database.close()
