"""Random deaths under load, counted: `python -m tests.crash --kills 200 --seed 7`.

Two data folders are worked on side by side. The processes in them are killed at random moments, starting up
included, or at a random named point; after every ten deaths everything is settled and counted.
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
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bot.engine.points import POINTS
from tests.crash.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.crash.count import Count

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
        self.complain(counted, where)

    def complain(self, counted: Count, where: str) -> None:
        """Only what is wrong with it."""
        self.lost += len(counted.lost)
        self.twice += len(counted.twice)
        self.wrong += len(counted.wrong)
        for name, found in (("lost", counted.lost), ("twice", counted.twice), ("wrong", counted.wrong)):
            self.problems += [f"{where}: {name}: {what}" for what in found]


def run(folder: Path, *, kills: int, seed: int) -> Tally:
    """Kill so many times, at least; the sum of what was counted."""
    tally = Tally()
    per_folder = DEATHS_PER_COUNT * COUNTS_PER_FOLDER
    folders = -(-kills // per_folder)
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        jobs = [pool.submit(_folder, folder / f"{n:02}", seed * 1000 + n, tally) for n in range(folders)]
    for job in jobs:
        job.result()
    return tally


def _folder(folder: Path, seed: int, tally: Tally) -> None:
    world = World(folder, seed)
    dice = random.Random(seed)
    try:
        for n in range(1, COUNTS_PER_FOLDER + 1):
            for _ in range(DEATHS_PER_COUNT):
                tally.deaths[_die(world, dice)] += 1
            world.disarm()
            world.start()
            counted = world.settle()
            (tally.add if n == COUNTS_PER_FOLDER else tally.complain)(counted, f"seed {seed}")
            world.bot.kill()
    finally:
        world.close()


def _die(world: World, dice: random.Random) -> str:
    """One life under load and its end; how it came about."""
    if dice.random() < 0.15:
        world.bot.spawn()
        time.sleep(dice.uniform(0.2, 1.6))
        world.bot.kill()
        return "starting up"
    world.disarm()
    world.start()
    with _bustle(world):
        if dice.random() < 0.5:
            time.sleep(dice.uniform(0.02, 0.8))
            world.bot.kill()
            return "by the clock"
        point = dice.choice(POINTS)
        world.arm(point, dice.randint(1, 4))
        end = time.monotonic() + LONGEST
        while world.bot.ended() is None and time.monotonic() < end:
            time.sleep(0.005)
        died = world.bot.ended() is not None
        world.bot.kill()
        return f"at {point}" if died else "by the clock"


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


def report(tally: Tally, seed: int, seconds: float) -> str:
    """The count, as people read it."""
    ways = "\n".join(f"  {times:4}  {way}" for way, times in sorted(tally.deaths.items()))
    problems = "".join(f"\n  {problem}" for problem in tally.problems[:50])
    return (
        f"kill -9, {tally.kills} times in {seconds:.0f} s, seed {seed}\n{ways}\n"
        f"comments {tally.accepted}, approved {tally.approved}, on the wall {tally.published}: "
        f"lost {tally.lost}, twice {tally.twice}, otherwise wrong {tally.wrong}{problems}"
    )


def main(words: Sequence[str]) -> int:
    """0 when nothing was lost or done twice."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description="Kill the bot and count.")
    parser.add_argument("--kills", type=int, default=200, help="how many times, at least (200)")
    parser.add_argument("--seed", type=int, default=None, help="for the same order of events (random)")
    given = parser.parse_args(words)
    seed = random.SystemRandom().randrange(10**6) if given.seed is None else given.seed
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="portavoz-crash-") as folder:
        tally = run(Path(folder), kills=given.kills, seed=seed)
    print(report(tally, seed, time.monotonic() - began))
    return 0 if tally.clean else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
