"""The themes of a day: what near duplicates and telling words cost for one message, and how well they are found."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

from bot.triage.minhash import clusters
from bot.triage.themes import Background, themes
from tests.bench.comments import comment
from tests.bench.show import table, under

MESSAGES = 2_000
WANTED = 0.3
"""Milliseconds of processor time a message."""
DATA = Path(__file__).parents[1] / "data" / "themes" / "near_duplicates.tsv"


async def measure(folder: Path) -> None:
    """Print the time a message and the F1 of pairs."""
    del folder
    dice = random.Random(3)
    texts = [comment(dice).text for _ in range(MESSAGES)]
    usual = Background().add(comment(dice).text for _ in range(1_400))
    themes(texts[:50], usual)
    alone, whole = _each(lambda: clusters(texts)), _each(lambda: themes(texts, usual))
    rows = [
        (f"near duplicates among {MESSAGES:,}", f"{alone:.3f} ms a message", under(alone, WANTED, "ms")),
        ("with words, names and examples", f"{whole:.3f} ms a message", under(whole, WANTED, "ms")),
        ("near duplicates found (F1 of pairs)", f"{_f1():.3f}", "wanted: 0.95"),
    ]
    table("Themes of a day", rows)


def _each(run: Callable[[], object]) -> float:
    began = time.process_time()
    run()
    return (time.process_time() - began) * 1_000 / MESSAGES


def _f1() -> float:
    lines = DATA.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    wanted = {(a, b) for a, b in combinations(range(len(rows)), 2) if rows[a][0] == rows[b][0] != "-"}
    found = {pair for group in clusters([text for _, text in rows]) for pair in combinations(group, 2)}
    return 2 * len(wanted & found) / (len(wanted) + len(found))
