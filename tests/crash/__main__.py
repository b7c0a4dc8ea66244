"""Random deaths under load, counted: `python -m tests.crash --database both --kills 500 --seed 7`.

Two data folders are worked on side by side. The processes in them are killed at random moments, starting up
included, or at a random named point; after every ten deaths everything is settled and counted. On PostgreSQL two
processes share each folder: one is killed while the other goes on, or the server is, under both.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from bot.engine.points import POINTS
from tests.crash.world import World
from tests.support.postgres import running_server

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.crash.count import Count

Kind = Literal["sqlite", "postgres"]
SIDE_BY_SIDE = 2
DEATHS_PER_COUNT = 10
COUNTS_PER_FOLDER = 2
LONGEST = 2.5
"""Seconds that a point which is not passed is waited for, before the process is killed anyway."""


@dataclass
class Tally:
    """The sum over all data folders. `deaths` says how they came about."""

    deaths: Counter[str] = field(default_factory=Counter)
    accepted: int = 0
    approved: int = 0
    published: int = 0
    asked: int = 0
    lost: int = 0
    twice: int = 0
    wrong: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def kills(self) -> int:
        return sum(self.deaths.values())

    @property
    def clean(self) -> bool:
        return not self.problems

    def add(self, counted: Count, where: str) -> None:
        """What a data folder came to, at its end."""
        self.accepted += counted.accepted
        self.approved += counted.approved
        self.published += counted.published
        self.asked += counted.asked
        self.complain(counted, where)

    def stuck(self, where: str, error: Exception, log: str) -> None:
        """It did not go on by itself, or not in time."""
        self.wrong += 1
        self.problems.append(f"{where}: {type(error).__name__}: {error}\n{log}")

    def complain(self, counted: Count, where: str) -> None:
        """Only what is wrong with it."""
        self.lost += len(counted.lost)
        self.twice += len(counted.twice)
        self.wrong += len(counted.wrong)
        for name, found in (("lost", counted.lost), ("twice", counted.twice), ("wrong", counted.wrong)):
            self.problems += [f"{where}: {name}: {what}" for what in found]


def run(folder: Path, *, kills: int, seed: int, database: Kind = "sqlite") -> Tally:
    """Kill so many times, at least; the sum of what was counted."""
    tally = Tally()
    left = -(-kills // DEATHS_PER_COUNT)
    counts = [min(COUNTS_PER_FOLDER, left - n) for n in range(0, left, COUNTS_PER_FOLDER)]
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        jobs = [
            pool.submit(_folder, folder / f"{n:02}", seed * 1000 + n, database, tally, times)
            for n, times in enumerate(counts)
        ]
    for job in jobs:
        job.result()
    return tally


def _folder(folder: Path, seed: int, database: Kind, tally: Tally, counts: int) -> None:
    dice = random.Random(seed)
    where = f"{database}, seed {seed}"
    with ExitStack() as stack:
        server = stack.enter_context(running_server()) if database == "postgres" else None
        world = World(folder, seed, server)
        stack.callback(world.close)
        try:
            for n in range(1, counts + 1):
                for _ in range(DEATHS_PER_COUNT):
                    tally.deaths[_die(world, dice)] += 1
                world.disarm()
                world.start()
                counted = world.settle()
                (tally.add if n == counts else tally.complain)(counted, where)
                world.fallen.clear()
                world.kill(dice.randrange(len(world.bots)))
        except Exception as error:  # noqa: BLE001 (one that stands still must not hide what the others came to)
            tally.stuck(where, error, "".join(bot.log[-600:] for bot in world.bots))
    so_far = f"lost {tally.lost}, twice {tally.twice}, otherwise wrong {tally.wrong}"
    print(f"{where} is through: {tally.kills} killed so far, {so_far}", file=sys.stderr, flush=True)


def _die(world: World, dice: random.Random) -> str:
    """One life under load and its end; how it came about."""
    victim = dice.randrange(len(world.bots))
    way = dice.random()
    if way < 0.15:
        return _die_young(world, victim, dice)
    world.disarm()
    world.start()
    with _bustle(world):
        if way < 0.3 and world.server is not None:
            return _server_dies(world, dice)
        if dice.random() < 0.5:
            time.sleep(dice.uniform(0.02, 0.8))
            world.kill(victim)
            return "by the clock"
        point = dice.choice(POINTS)
        world.arm(point, dice.randint(1, 4), victim=victim)
        end = time.monotonic() + LONGEST
        while world.bots[victim].running and time.monotonic() < end:
            time.sleep(0.005)
        died = not world.bots[victim].running
        world.kill(victim)
        return f"at {point}" if died else "by the clock"


def _die_young(world: World, victim: int, dice: random.Random) -> str:
    """Killed while it starts; others that are alive see it come and go."""
    world.kill(victim)
    world.bots[victim].spawn()
    time.sleep(dice.uniform(0.2, 1.6))
    world.kill(victim)
    return "starting up"


def _server_dies(world: World, dice: random.Random) -> str:
    """The server ends at once under everybody, and comes back: the bots have to find it again by themselves."""
    assert world.server is not None
    time.sleep(dice.uniform(0.05, 0.8))
    world.server.stop()
    time.sleep(dice.uniform(0.0, 1.5))
    world.server.start()
    time.sleep(dice.uniform(0.0, 1.0))
    return "the server"


@contextmanager
def _bustle(world: World) -> Iterator[None]:
    stop = threading.Event()
    with ThreadPoolExecutor(2) as pool:
        people = [pool.submit(world.bustle, stop) for _ in range(2)]
        try:
            yield
        finally:
            stop.set()
    for person in people:
        person.result()


def report(tally: Tally, database: Kind, seed: int, seconds: float) -> str:
    """The count, as people read it."""
    ways = "\n".join(f"  {times:4}  {way}" for way, times in sorted(tally.deaths.items()))
    problems = "".join(f"\n  {problem}" for problem in tally.problems[:50])
    return (
        f"{database}: killed {tally.kills} times in {seconds:.0f} s, seed {seed}\n{ways}\n"
        f"comments {tally.accepted}, approved {tally.approved}, on the wall {tally.published}"
        f" (for {tally.asked} a person had to look): "
        f"lost {tally.lost}, twice {tally.twice}, otherwise wrong {tally.wrong}{problems}"
    )


def main(words: Sequence[str]) -> int:
    """0 when nothing was lost or done twice."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description="Kill the bot and count.")
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="sqlite", help="which (sqlite)")
    parser.add_argument("--kills", type=int, default=200, help="how many times in all, at least (200)")
    parser.add_argument("--seed", type=int, default=None, help="for the same order of events (random)")
    given = parser.parse_args(words)
    seed = random.SystemRandom().randrange(10**6) if given.seed is None else given.seed
    kinds: tuple[Kind, ...] = ("sqlite", "postgres") if given.database == "both" else (given.database,)
    clean = True
    for kind in kinds:
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="portavoz-crash-") as folder:
            tally = run(Path(folder), kills=-(-given.kills // len(kinds)), seed=seed, database=kind)
        print(report(tally, kind, seed, time.monotonic() - began), flush=True)
        clean = clean and tally.clean
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
