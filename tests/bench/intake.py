"""Durable intake in batches, with the real triage, drafter and guard, beside bare inserts of the same rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.engine.context import Facts
from tests.bench.comments import comments
from tests.bench.floors import Copier, content_rows, one_row_each, same_rows
from tests.bench.house import arrivals, fresh_database, house
from tests.bench.show import held, rate, table

BATCH = 500
BATCHES = 8
WANTED = 1 / 3


class Thinking:
    """Seconds that triage, drafter and guard took, inside whatever called them."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def timed(self, think: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, with its time added up."""

        def timed(*given: Any) -> Any:
            began = time.perf_counter()
            try:
                return think(*given)
            finally:
                self.seconds += time.perf_counter() - began

        return timed


@contextmanager
def thinking() -> Iterator[Thinking]:
    """Add up what the engine spends on thinking while this is open."""
    clock, names = Thinking(), ("assess", "check", "draft")
    real = {name: getattr(Facts, name) for name in names}
    for name, function in real.items():
        setattr(Facts, name, clock.timed(function))
    try:
        yield clock
    finally:
        for name, function in real.items():
            setattr(Facts, name, function)


def _each(seconds: float, count: int) -> str:
    return f"{seconds / count * 1e6:,.0f} µs"


async def measure(folder: Path) -> None:
    """Print the figures."""
    said = comments(11, BATCH * BATCHES)
    events = arrivals(said)
    async with house(folder, "intake") as ours:
        await ours.engine.emit("wall", tuple(arrivals(comments(12, BATCH), "w")), None)  # warm
        copier = Copier(ours.database)
        copier.take()
        copier.batches.clear()
        spent = 0.0
        with thinking() as thought:
            for start in range(0, len(events), BATCH):
                began = time.perf_counter()
                await ours.engine.emit("wall", tuple(events[start : start + BATCH]), f"e:{start}")
                spent += time.perf_counter() - began
                copier.take()
    with fresh_database(folder, "same-rows") as floor:
        bare = same_rows(floor, copier.batches)
    with fresh_database(folder, "one-row") as floor:
        single = one_row_each(floor, content_rows([one.text for one in said]), BATCH)
    count = len(events)
    rows = copier.per_comment(count)
    storing = spent - thought.seconds
    table(
        f"Durable intake: {count} comments in batches of {BATCH}, {rows:.1f} rows each",
        [
            ("floor: the same rows", rate(count, bare), f"{_each(bare, count)} a comment, bare"),
            ("storing", rate(count, storing), f"{_each(storing, count)}, {held(bare / storing, WANTED)}"),
            ("thinking", rate(count, thought.seconds), f"{_each(thought.seconds, count)}: triage, draft, checks"),
            ("intake: both", rate(count, spent), f"{_each(spent, count)}, {bare / spent:.2f} of the floor"),
            ("floor: one row each", rate(count, single), f"storing is {single / storing:.3f} of it, far fewer rows"),
        ],
    )
