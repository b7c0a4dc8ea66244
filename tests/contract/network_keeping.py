"""The contract for dying: whatever moment the listener ends at, the next one goes on where the last commit was."""

from __future__ import annotations

import asyncio
from typing import Literal

import pytest

from bot.core.messages import Event
from tests.contract.network_side import ONCE, RecordingIntake, Side, listening

Cut = Literal["before", "after"]
TABLE: tuple[tuple[int, Cut], ...] = ((1, "before"), (1, "after"), (2, "before"), (2, "after"), (3, "before"))
"""At which batch of a life it is cut, and whether that was committed or not."""


class Killed(Exception):
    """As kill -9 does: whoever reports gets no answer, whether it was committed or not."""


class MortalIntake(RecordingIntake):
    """An intake that dies at one batch with something in it; what was committed before stays."""

    def __init__(self) -> None:
        super().__init__()
        self.left = 0
        self.cut: Cut = "before"

    async def emit(self, *events: Event, cursor: str | None = None) -> None:
        self.left -= bool(events)
        dies = bool(events) and self.left == 0
        if dies and self.cut == "before":
            raise Killed
        await super().emit(*events, cursor=cursor)
        if dies:
            raise Killed


async def one_life(side: Side, intake: MortalIntake, batch: int, cut: Cut, written: list[str]) -> None:
    """Listen from the last cursor on while people write, until killed at that batch."""
    intake.left, intake.cut = batch, cut
    listener = asyncio.create_task(side.network.listen(intake, intake.cursor))
    async with asyncio.timeout(60):
        while not listener.done():
            already = len(intake.events)
            written.append(await side.comment(f"comment {len(written)}"))
            while not listener.done() and len(intake.events) == already:  # noqa: ASYNC110 -- whichever comes first
                await asyncio.sleep(0.002)
    with pytest.raises(Killed):
        await listener


class KeepingContract:
    """What every adapter owes the engine that is killed."""

    async def test_wherever_listening_is_cut_nothing_is_lost_or_twice_or_out_of_order(self, side: Side) -> None:
        intake, written = MortalIntake(), list[str]()
        for batch, cut in TABLE:
            await one_life(side, intake, batch, cut, written)
            await side.restart()
        async with listening(side.network, intake, intake.cursor):
            written.append(await side.comment("the last one"))
            await intake.until(lambda had: had.items and had.items[-1].native_id == written[-1], seconds=60)
        came = [item.native_id for item in intake.items]
        # Who tells something again after a kill changes nothing: the engine knows what it has.
        came = came if ONCE in side.can else list(dict.fromkeys(came))
        assert came == written, f"{came} came of {written}"
