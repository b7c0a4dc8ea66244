"""kill -9 at every named point of a comment's way: nothing is lost, and nothing is said twice."""

import re
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.engine.points import POINTS
from tests.crash.__main__ import Kind, run
from tests.crash.world import World
from tests.e2e.process import until

QUICK = frozenset({"submit.before_commit", "publish.after_call"})
"""The points that `make test` dies at; `make test-servers` dies at all of them."""
ENGINE = Path(__file__).parents[2] / "bot" / "engine"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One data folder for all the deaths: what survives them all has survived each."""
    made = World(tmp_path_factory.mktemp("crash"), seed=20)
    try:
        made.start()
        for _ in range(2 * len(POINTS)):
            made.write()
        yield made
    finally:
        made.close()


def test_every_named_point_is_on_the_way_and_every_point_on_the_way_is_named() -> None:
    passed = {
        point
        for file in ENGINE.glob("*.py")
        for point in re.findall(r"points\.passed\(\"([^\"]+)\"\)", file.read_text("utf-8"))
    }
    assert passed == set(POINTS)
    assert len(POINTS) == len(set(POINTS))


@pytest.mark.parametrize("point", [pytest.param(p, marks=() if p in QUICK else pytest.mark.slow) for p in POINTS])
def test_nothing_is_lost_and_nothing_is_said_twice_when_it_dies_at(point: str, world: World) -> None:
    if world.bot.ended() is not None:  # a failed test before this one may have left it dead
        world.disarm()
        world.bot.wait_end()
        world.start()
    before = len(world.letters), len(world.wishes)
    waiting = until(lambda: [x for x in world.books.proposals() if x.comment not in world.wishes][:1])
    world.arm(point)
    try:
        world.write()
        world.decide(waiting[0], at_desk=True)
    except httpx.TransportError:
        pass  # it died in the middle of an answer
    assert until(world.bot.ended, what=f"the death at {point}") == -signal.SIGKILL
    world.bot.wait_end()
    world.disarm()
    world.start()
    counted = world.settle()
    assert counted.clean, counted
    assert counted.accepted == before[0] + 1
    assert counted.published == counted.approved == len(world.wishes) >= before[1]


# `python -m tests.crash --database both --kills 500` is the long version.
@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.servers)])
def test_random_deaths_under_load_lose_nothing_and_say_nothing_twice(database: Kind, tmp_path: Path) -> None:
    kills = 20 if database == "sqlite" else 10  # two processes that share a database die next door, too
    tally = run(tmp_path, kills=kills, seed=20261121, database=database)
    assert tally.kills == kills
    assert tally.published >= kills / 2
    assert tally.clean, tally.problems
