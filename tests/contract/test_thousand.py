"""A thousand comments that wait at the start: all in, in order, in batches, with few requests and little memory."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.engine.engine import Engine
from bot.store import tables as t
from tests.contract.feed_side import FeedSide
from tests.contract.mail_side import MailSide
from tests.contract.mastodon_side import MastodonSide
from tests.contract.network_incoming import BATCH_LIMIT
from tests.contract.network_standing import House
from tests.contract.wall_side import WallSide

COMMENTS = 1000
MOST_BYTES = 40_000_000
"""Of Python's own objects at once; the whole thousand in one transaction would take several times that."""
MOST_REQUESTS = 100
"""Of HTTP: an instance of Mastodon takes 300 in five minutes."""


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    "make",
    [WallSide, lambda _: MastodonSide(), lambda _: MailSide(), lambda _: FeedSide(timeout=20)],
    ids=["wall", "mastodon", "mail", "feed"],
)
async def test_a_thousand_waiting_comments_come_in(
    make: Callable[[Path], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    side = make(tmp_path)
    if hasattr(side, "start"):
        await side.start()
    try:
        written = [await side.comment(f"The soup number {n} was cold.", visitor=f"v{n}") for n in range(COMMENTS)]
        before = len(_requests(side))
        batches: list[tuple[int, bool]] = []
        emit = Engine.emit

        async def counted(engine: Engine, account: str, events: Any, cursor: str | None) -> None:
            batches.append((len(events), cursor is not None))
            await emit(engine, account, events, cursor)

        monkeypatch.setattr(Engine, "emit", counted)
        gc.collect()
        if isinstance(side, MastodonSide):  # watching memory takes more time than all the rest
            tracemalloc.start()
        async with House(tmp_path, side).open() as house:
            i = t.items.c

            async def all_in() -> bool:
                return bool((await house.world.rows(select(func.count()).select_from(t.items)))[0][0] >= COMMENTS)

            await house.until(all_in, seconds=180)
            came = [row.native_id for row in await house.world.rows(select(i.native_id).order_by(i.id))]
            assert await house.tickets() == COMMENTS
        _, peak = tracemalloc.get_traced_memory()  # 0 where nobody watches
        tracemalloc.stop()
        assert came == written
        assert all(size <= BATCH_LIMIT and resumable for size, resumable in batches if size)
        assert peak < MOST_BYTES, f"{peak / 1e6:.0f} MB"
        assert len(_requests(side)) - before <= MOST_REQUESTS
    finally:
        await side.stop()


def _requests(side: Any) -> list[Any]:
    """What was asked over HTTP, where that is counted."""
    if isinstance(side, MastodonSide):
        return side.instance.requests
    return side.asked if isinstance(side, FeedSide) else []
