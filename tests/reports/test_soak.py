"""A short course of the simulated week: memory stays flat, nothing is left behind."""

import tracemalloc
from pathlib import Path

import pytest

from tests.bench.soak import Day, growth, soak


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_days_of_traffic_leave_no_memory_behind(tmp_path: Path) -> None:
    tracemalloc.start(1)
    try:
        days = await soak(tmp_path, days=4, comments=60, seed=5, hours=4)
    finally:
        tracemalloc.stop()
    assert all(day.comments > 5 and day.posted > 3 for day in days)
    # The first day warms caches up; what is left of a comment after that must not be kept.
    assert growth(days, "heap", warm=1) < 0.5
    assert len({day.tasks for day in days}) == 1
    assert days[-1].threads <= days[0].threads + 1


def test_growth_is_the_slope_after_the_first_days() -> None:
    def day(heap: float) -> Day:
        return Day(rss=0, heap=heap, disk=0, comments=0, posted=0, seconds=0, tasks=0, threads=0)

    assert growth([day(heap) for heap in (50, 1, 2, 3, 4)], "heap", warm=1) == 1
    assert growth([day(heap) for heap in (1, 50, 7, 7, 7)], "heap") == 0
