"""What the wall has answered is on the disk, whoever else writes and whatever fails."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.core.messages import ItemArrived
from handlers.networks.wall import Config, create
from handlers.networks.wall.database import Database
from tests.contract.network_side import RecordingIntake, listening
from tests.unit.wall.wall_app import BASE, running


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return list(connection.execute(query))
    finally:
        connection.close()


async def test_a_comment_is_committed_before_it_is_answered(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        for n in range(5):
            made = (await app.post({"author": "V", "text": f"n {n}"})).json()
            stored = rows(tmp_path / "wall.db", "SELECT id FROM comments ORDER BY n DESC LIMIT 1")
            assert stored == [(made["id"],)]


async def test_what_was_answered_survives_a_process_that_dies_at_once(tmp_path: Path) -> None:
    program = """
        import asyncio, os, sys
        from pathlib import Path
        from handlers.networks.wall import Config, create

        async def main():
            wall = create(Config(), data=Path(sys.argv[1]), base_url="http://wall.test").wall
            made = await asyncio.gather(*(wall.add(author="V", text=f"n {n}") for n in range(50)))
            print(*(comment.id for comment, _ in made), flush=True)
            os.kill(os.getpid(), 9)

        asyncio.run(main())
    """
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", textwrap.dedent(program), str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    answered = done.stdout.split()
    assert done.returncode == -9
    assert len(answered) == 50
    async with running(tmp_path) as app:
        assert {comment.id for comment in await app.wall.comments(None, 200)} == set(answered)


async def test_the_file_is_written_as_carefully_as_sqlite_can(tmp_path: Path) -> None:
    database = Database(tmp_path / "x.db")
    try:
        settings = [
            await database.write(lambda db, name=name: db.execute(f"PRAGMA {name}").fetchone()[0])  # type: ignore[misc]
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    finally:
        await database.close()
    assert settings == ["wal", 2, 1]


async def test_writers_that_come_together_share_a_commit_and_fail_alone(tmp_path: Path) -> None:
    database = Database(tmp_path / "x.db")
    statements: list[str] = []

    def insert(n: int) -> Callable[[sqlite3.Connection], None]:
        def job(db: sqlite3.Connection) -> None:
            db.execute("INSERT INTO facts (name, value) VALUES (?, '')", (f"n {n}",))
            if n % 10 == 0:
                raise ArithmeticError(n)

        return job

    try:
        await database.write(lambda db: db.set_trace_callback(statements.append))
        results = await asyncio.gather(*(database.write(insert(n)) for n in range(100)), return_exceptions=True)
        kept = await database.read(
            lambda db: db.execute("SELECT count(*) FROM facts WHERE name LIKE 'n %'").fetchone()[0]
        )
    finally:
        await database.close()
    assert [str(error) for error in results if isinstance(error, ArithmeticError)] == [
        str(n) for n in range(0, 100, 10)
    ]
    assert kept == 90
    assert statements.count("COMMIT") < 50


async def test_a_batch_that_cannot_be_committed_is_told_to_all_and_the_next_one_works(tmp_path: Path) -> None:
    database = Database(tmp_path / "x.db")

    def break_the_transaction(db: sqlite3.Connection) -> None:
        db.execute("ROLLBACK")  # as a full disk does

    try:
        with pytest.raises(sqlite3.Error):
            await database.write(break_the_transaction)
        await database.write(lambda db: db.execute("INSERT INTO facts VALUES ('after', '')"))
        found = await database.read(lambda db: db.execute("SELECT name FROM facts WHERE name = 'after'").fetchone())
    finally:
        await database.close()
    assert found is not None


async def test_a_closed_wall_says_so(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        pass
    with pytest.raises(RuntimeError, match="closed"):
        await app.wall.add(author="V", text="x")


async def test_closing_finishes_what_is_being_written(tmp_path: Path) -> None:
    network = create(Config(), data=tmp_path, base_url=BASE)
    writing = [asyncio.create_task(network.wall.add(author="V", text=f"n {n}")) for n in range(20)]
    await asyncio.sleep(0)
    await network.aclose()
    await asyncio.gather(*writing)
    assert rows(tmp_path / "wall.db", "SELECT count(*) FROM comments") == [(20,)]


async def test_a_comment_wakes_the_listener_before_it_would_look_by_itself(tmp_path: Path) -> None:
    async with running(tmp_path) as app, listening(app.network) as intake:
        for n in range(3):
            await asyncio.sleep(0.05)
            await app.wall.add(author="V", text=f"n {n}")
            await intake.until(lambda had, n=n: len(had.items) > n, seconds=0.5)  # type: ignore[misc]


async def test_what_another_process_writes_is_noticed_too(tmp_path: Path) -> None:
    async with running(tmp_path) as app, running(tmp_path) as other, listening(app.network) as intake:
        await asyncio.sleep(0.05)
        await other.wall.add(author="V", text="from next door")
        await intake.until(lambda had: had.items, seconds=3)
    assert intake.items[0].text == "from next door"


async def test_a_cursor_of_another_file_starts_from_the_beginning(tmp_path: Path) -> None:
    async with running(tmp_path / "old") as old, listening(old.network) as before:
        for n in range(5):
            await old.wall.add(author="V", text=f"n {n}")
        await before.until(lambda had: len(had.items) >= 5)
    async with running(tmp_path / "new") as new:
        await new.wall.add(author="V", text="the first on the new wall")
        async with listening(new.network, cursor=before.cursor) as after:
            await after.until(lambda had: had.items)
    assert [item.text for item in after.items] == ["the first on the new wall"]


async def test_a_thousand_comments_come_in_batches_of_five_hundred(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        await asyncio.gather(*(app.wall.add(author="V", text=f"n {n}") for n in range(1_100)))
        async with listening(app.network) as intake:
            await intake.until(lambda had: len(had.items) >= 1_100)
    assert [len(events) for events, _ in intake.batches] == [500, 500, 100]
    assert len({item.native_id for item in intake.items}) == 1_100


async def test_ten_edits_in_a_batch_are_one_item_before_its_reply(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        comment, token = await app.wall.add(author="V", text="n")
        reply = await app.wall.reply_by_hand(comment.id, "an answer")
        owner = {"Edit-Token": token or ""}
        for n in range(10):
            await app.client.patch(f"/wall/comments/{comment.id}", json={"text": f"n {n}"}, headers=owner)
        async with listening(app.network) as intake:
            await intake.until(lambda had: had.events)
    events = [(event.item.native_id, event.item.text) for event in intake.events if isinstance(event, ItemArrived)]
    assert events == [(comment.id, "n 9"), (reply.id, "an answer")]


async def test_an_idle_wall_asks_about_once_a_second(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        asked = 0
        changes = app.wall.changes

        async def counted(after: int, limit: int) -> list[object]:
            nonlocal asked
            asked += 1
            return await changes(after, limit)  # type: ignore[return-value]

        app.wall.changes = counted  # type: ignore[method-assign, assignment]
        async with listening(app.network, RecordingIntake()):
            await asyncio.sleep(1.2)
    assert asked == 2
