"""How figures are printed: the machine first, then tables of names, values and what they are held against."""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path


def machine() -> str:
    """What the figures were measured on."""
    model = next(
        (x.partition(":")[2].strip() for x in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in x),
        platform.machine(),
    )
    load = ", ".join(f"{x:.1f}" for x in os.getloadavg())
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC · {len(os.sched_getaffinity(0))} cores ({model}), load {load} · "
        f"{platform.system()} {platform.release()} · Python {platform.python_version()} · "
        f"SQLite {sqlite3.sqlite_version}"
    )


def table(title: str, rows: Sequence[tuple[str, str, str]]) -> None:
    """Print a title and three columns: what, how much, and a remark."""
    wide = [max(len(row[column]) for row in rows) for column in (0, 1)]
    print(f"\n{title}")
    for what, value, remark in rows:
        print(f"  {what:<{wide[0]}}  {value:>{wide[1]}}  {remark}".rstrip())


def held(ratio: float, wanted: float) -> str:
    """A ratio with the verdict on it."""
    return f"{ratio:.2f} of it (at least {wanted:.2f}: {'OK' if ratio >= wanted else 'short'})"


def under(value: float, limit: float, unit: str) -> str:
    """A verdict on a value that has to stay below a limit."""
    return f"below {limit:g} {unit}: {'OK' if value < limit else 'short'}"


def rate(count: int, seconds: float) -> str:
    """So many per second."""
    return f"{count / seconds:,.0f}/s"


def spread(seconds: Sequence[float]) -> str:
    """Median and 95th percentile, in milliseconds."""
    cuts = statistics.quantiles(seconds, n=20, method="inclusive")
    return f"p50 {statistics.median(seconds) * 1000:.1f} ms, p95 {cuts[18] * 1000:.1f} ms"
