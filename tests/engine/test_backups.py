"""Backups that the bot makes by itself: when they are due, which are kept, and what `health` says of them."""

import asyncio
import shutil
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from bot.engine import backups
from bot.engine.backups import Backups, Plan, due, prune
from bot.store import backup as making
from bot.store import backup_state, lights
from bot.store import tables as t
from bot.store.errors import DiskFull
from bot.store.manifest import read
from tests.engine.model_network import ModelNetwork
from tests.support.engine_world import WALL, Clock, World, comment
from tests.support.lights import worded

DAY = timedelta(days=1)
MADRID = ZoneInfo("Europe/Madrid")


def plan(folder: Path, *, every: timedelta = DAY, at: time | None = None, keep: int = 3, **files: Path) -> Plan:
    others: Mapping[str, Path] = {f"{name}.db": path for name, path in files.items()}
    return Plan(every=every, at=at, tz=MADRID, keep=keep, folder=folder, others=others)


@pytest.fixture
async def world(tmp_path: Path, network: ModelNetwork, clock: Clock) -> World:
    """On the embedded database alone."""
    return await World(tmp_path / "portavoz.db", {WALL: network}, clock=clock).open()


@pytest.fixture(autouse=True)
async def _closed(world: World) -> object:
    yield
    await world.close()


async def shown(world: World) -> list[str]:
    found = await world.reader.ask(lambda conn: lights.lights(conn, world.clock.now))
    mine = [light for light in found if light.code.startswith("backup_")]
    for light in mine:
        worded(light)
    return [f"{light.code} {light.state}" for light in mine]


def made(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


@pytest.mark.parametrize(
    ("every", "at", "last", "expected"),
    [
        (timedelta(hours=6), None, "2026-11-22T10:00", "2026-11-22T16:00"),
        (DAY, time(3, 30), "2026-11-22T02:31", "2026-11-23T02:30"),
        (DAY, time(3, 30), "2026-11-22T02:29", "2026-11-22T02:30"),
        (7 * DAY, time(3, 30), "2026-11-22T02:31", "2026-11-29T02:30"),
        # In summer Madrid is two hours ahead, in winter one.
        (DAY, time(3, 30), "2026-10-24T12:00", "2026-10-25T02:30"),
        (DAY, time(3, 30), "2026-10-23T12:00", "2026-10-24T01:30"),
    ],
)
def test_the_next_one_is_due_at_its_time(
    tmp_path: Path, every: timedelta, at: time | None, last: str, expected: str
) -> None:
    found = due(plan(tmp_path, every=every, at=at), datetime.fromisoformat(last).replace(tzinfo=UTC))
    assert found == datetime.fromisoformat(expected).replace(tzinfo=UTC)


async def test_one_is_made_when_it_is_due_and_not_before(world: World, tmp_path: Path) -> None:
    await world.arrive(comment("a"))
    folder = tmp_path / "backups"
    (tmp_path / "wall.db").touch()
    mine = plan(folder, wall=tmp_path / "wall.db")
    looking = Backups(world.engine, world.reader, mine)
    await looking.tick(mine)
    assert (made(folder), await shown(world)) == ([], ["backup_first ok"])
    world.clock.move(86_399)
    await looking.tick(mine)
    assert made(folder) == []
    world.clock.move(1)
    await looking.tick(mine)
    await looking.tick(mine)
    (name,) = made(folder)
    manifest = read(folder / name)
    assert (manifest.scheduled, manifest.rows["items"]) == (True, 1)
    assert [part.name for part in manifest.files] == ["portavoz.db", "wall.db"]
    assert await shown(world) == ["backup_ok ok"]


async def test_after_a_restart_the_next_one_is_counted_from_the_last(world: World, tmp_path: Path) -> None:
    mine = plan(tmp_path / "backups")
    for _ in range(3):
        await Backups(world.engine, world.reader, mine).tick(mine)
        world.clock.move(43_200)
    assert len(made(mine.folder)) == 1


async def test_a_setting_that_changes_counts_at_once(world: World, tmp_path: Path) -> None:
    mine = plan(tmp_path / "backups")
    await Backups(world.engine, world.reader, mine).tick(mine)
    world.clock.move(3700)
    hourly = plan(tmp_path / "backups", every=timedelta(hours=1))
    await Backups(world.engine, world.reader, hourly).tick(hourly)
    assert len(made(mine.folder)) == 1


async def test_of_those_that_it_made_the_newest_are_kept_and_no_other_file_is_touched(
    world: World, tmp_path: Path
) -> None:
    mine = plan(tmp_path / "backups", keep=2)
    looking = Backups(world.engine, world.reader, mine)
    await looking.tick(mine)
    by_hand = making.backup(world.database, tmp_path / "scheduled-20200101T000000000000")
    mine.folder.mkdir()
    # Named like one of its own, but somebody's; and one whose files are not all there.
    by_hand.path.rename(mine.folder / by_hand.path.name)
    (mine.folder / "scheduled-20200102T000000000000").mkdir()
    (mine.folder / "portavoz-mine").mkdir()
    for _ in range(4):
        world.clock.move(86_400)
        await looking.tick(mine)
    names = made(mine.folder)
    assert names[0] == "portavoz-mine"
    assert names[1:3] == ["scheduled-20200101T000000000000", "scheduled-20200102T000000000000"]
    assert [name[:17] for name in names[3:]] == [
        f"scheduled-{world.clock.now - days * DAY:%Y%m%d}"[:17] for days in (1, 0)
    ]


async def test_the_last_good_one_is_never_pruned(world: World, tmp_path: Path) -> None:
    report = making.backup(world.database, tmp_path / "scheduled-20260101T000000000000", scheduled=True)
    assert prune(tmp_path, 0) == []
    assert read(report.path).scheduled


async def test_one_that_fails_is_told_and_tried_again(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = plan(tmp_path / "backups")
    looking = Backups(world.engine, world.reader, mine)
    await looking.tick(mine)
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=0))
        world.clock.move(86_400)
        await looking.tick(mine)
        assert await shown(world) == ["backup_failed warn"]
        world.clock.move(3601)
        assert await shown(world) == ["backup_failed red"]
        await looking.tick(mine)
        assert made(mine.folder) == []
    world.clock.move(backups.AGAIN.total_seconds() - 1)
    await looking.tick(mine)
    assert made(mine.folder) == []
    world.clock.move(1)
    await looking.tick(mine)
    assert (len(made(mine.folder)), await shown(world)) == (1, ["backup_ok ok"])


async def test_one_that_is_late_is_told(world: World, tmp_path: Path) -> None:
    """As when nobody could write down that it failed."""
    mine = plan(tmp_path / "backups")
    await Backups(world.engine, world.reader, mine).tick(mine)
    world.clock.move(86_400 + 3601)
    assert await shown(world) == ["backup_overdue red"]


async def test_a_disk_that_takes_not_even_the_note_does_not_end_it(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = plan(tmp_path / "backups")
    looking = Backups(world.engine, world.reader, mine)
    await looking.tick(mine)

    def full(*_: object, **__: object) -> None:
        raise DiskFull("No space left", "Make room.")

    monkeypatch.setattr(backups, "backup", full)
    monkeypatch.setattr(backup_state, "put", full)
    world.clock.move(86_400)
    await looking.tick(mine)
    assert await shown(world) == ["backup_first ok"]


async def test_switched_off_it_makes_none_and_has_no_light(world: World, tmp_path: Path) -> None:
    mine = plan(tmp_path / "backups")
    await Backups(world.engine, world.reader, mine).tick(mine)
    await Backups(world.engine, world.reader, None).run()
    assert await shown(world) == []


async def test_comments_are_taken_in_while_one_is_made(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = plan(tmp_path / "backups")
    looking = Backups(world.engine, world.reader, mine)
    await looking.tick(mine)
    world.clock.move(86_400)
    begun, go_on = threading.Event(), threading.Event()
    copying = making._copy_state

    def slowly(*args: object) -> object:
        begun.set()
        assert go_on.wait(20)
        return copying(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(making, "_copy_state", slowly)
    task = asyncio.create_task(looking.tick(mine))
    await asyncio.to_thread(begun.wait, 20)
    await world.arrive(comment("a"))
    assert made(mine.folder)[0].startswith(".scheduled-")
    go_on.set()
    await task
    assert read(mine.folder / made(mine.folder)[0]).rows["items"] == 1


async def test_whoever_ends_the_process_does_not_wait_for_it(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It breaks off at its next step, and leaves nothing behind."""
    with world.database.begin() as conn:
        conn.execute(insert(t.keep), [{"owner": "x", "key": str(n), "value": "v" * 3000} for n in range(50)])
    mine = plan(tmp_path / "backups")
    looking = Backups(world.engine, world.reader, mine)
    await looking.tick(mine)
    world.clock.move(86_400)
    begun, go_on, ended = threading.Event(), threading.Event(), threading.Event()
    make: Callable[..., object] = Backups._make

    def slowly(*args: object) -> object:
        begun.set()
        assert go_on.wait(20)
        try:
            return make(*args)
        finally:
            ended.set()

    monkeypatch.setattr(Backups, "_make", slowly)
    task = asyncio.create_task(looking.tick(mine))
    await asyncio.to_thread(begun.wait, 20)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go_on.set()
    await asyncio.to_thread(ended.wait, 20)
    assert made(mine.folder) == []
