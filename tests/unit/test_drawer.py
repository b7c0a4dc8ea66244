"""What a chat has at hand of its drawer: never what stood there before something was written."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

from bot.engine.reader import StoreKeep
from handlers.drawer import Drawer

if TYPE_CHECKING:
    from bot.store.engine import Database


class SlowKeep:
    """A `Keep` whose first answer takes until it is let go."""

    def __init__(self, rows: dict[str, str] | None = None, *, shared: bool = False) -> None:
        self.rows, self.shared = rows or {}, shared
        self.asked, self.go = asyncio.Event(), asyncio.Event()

    async def get(self, key: str) -> str | None:
        found = self.rows.get(key)
        if not self.asked.is_set():
            self.asked.set()
            await self.go.wait()
        return found

    async def put(self, key: str, value: str, *, lifetime: timedelta | None = None) -> None:
        del lifetime
        self.rows[key] = value

    async def take(self, key: str) -> str | None:
        return self.rows.pop(key, None)


async def test_what_is_written_while_somebody_reads_is_not_forgotten() -> None:
    keep = SlowKeep({"mark:a": "old"})
    drawer = Drawer(keep)
    reading = asyncio.create_task(drawer.mark("a"))
    await keep.asked.wait()
    await drawer.set_mark("a", "new")
    keep.go.set()
    assert await reading == "new"
    assert await drawer.mark("a") == "new"


async def test_what_is_not_there_is_asked_for_each_time_and_what_is_stays_at_hand() -> None:
    keep = SlowKeep()
    keep.asked.set()
    drawer = Drawer(keep)
    assert await drawer.mark("a") is None
    keep.rows["mark:a"] = "there"
    assert await drawer.mark("a") == "there"
    del keep.rows["mark:a"]
    assert await drawer.mark("a") == "there"


def test_the_stores_drawer_tells_whether_it_is_shared() -> None:
    class Anywhere:
        shared = True

    keep = StoreKeep(cast("Database", Anywhere()), "chat:slack", lambda: datetime.now(UTC))
    assert not Drawer(keep)._alone
    assert Drawer(SlowKeep())._alone


async def test_what_another_process_writes_is_seen_where_they_share_the_database() -> None:
    keep = SlowKeep(shared=True)
    keep.asked.set()
    one, other = Drawer(keep), Drawer(keep)
    for value in ("first", "second"):
        await one.set_mark("a", value)
        assert await other.mark("a") == value
    await other.set_mark("a", "first")
    await one.set_mark("a", "second")
    assert await other.mark("a") == "second"
