"""`/metrics`: this process's own instruments, what stands on record, the backups and the process, as one text.

A scrape reads the record in a thread, at most every five seconds; in between nothing is read.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Info
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from bot import __version__, logs
from bot.reports import following
from bot.reports.instruments import Watch
from bot.reports.record import Totals, gauges
from bot.reports.standing import Standing, standing
from bot.store import manifest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from prometheus_client.metrics_core import Metric

    from bot.core.rules import Rules
    from bot.reports.labels import Configured
    from bot.store.engine import Database

log = logs.get(__name__)
FRESH = 5.0
"""Seconds for which what was read is shown again."""


class _OnRecord(Collector):
    """How things stood when the record was last read; nothing but `portavoz_store_up` while it cannot be."""

    def __init__(self, names: Configured, rules: Rules, backups: Path) -> None:
        self.now: Standing | None = None
        self._names = names
        self._rules = rules
        self._backups = backups

    def collect(self) -> Iterator[Metric]:
        up = float(self.now is not None)
        yield GaugeMetricFamily("portavoz_store_up", "Whether the database answers; this process.", value=up)
        if self.now is not None:
            yield from gauges(self.now, self._names, self._rules)
        times = backup_times(self._backups)
        newest = max(times, default=0.0)
        yield GaugeMetricFamily("portavoz_backups", "Backups in the data folder; this machine.", value=len(times))
        yield GaugeMetricFamily(
            "portavoz_backup_timestamp_seconds", "When the newest of them was made, 0 for none.", value=newest
        )


class _Shown(Collector):
    """Everything but the `_created` series: they would double the text, and nobody reads them."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def collect(self) -> Iterable[Metric]:
        for metric in self._registry.collect():
            metric.samples = [sample for sample in metric.samples if not sample.name.endswith("_created")]
            yield metric


class Metrics:
    """All metrics of one process. `watch` is the engine's observer; `scrape` gives the text."""

    def __init__(
        self,
        database: Database,
        *,
        names: Configured,
        rules: Rules,
        backups: Path,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._now = now
        self._registry = CollectorRegistry(auto_describe=False)
        self._shown = _Shown(self._registry)
        self._lock = asyncio.Lock()
        self._read_at: float | None = None
        self.watch = Watch(self._registry, names)
        self._totals = Totals(self._registry, names)
        self._on_record = _OnRecord(names, rules, backups)
        self._registry.register(self._on_record)
        built = Info("build", "What runs here.", namespace="portavoz", registry=self._registry)
        built.info({"version": __version__, "database": "postgresql" if database.shared else "sqlite"})
        ProcessCollector(registry=self._registry)
        GCCollector(registry=self._registry)
        with database.read() as conn:
            self._place = following.end(conn)

    async def scrape(self, accept: str) -> tuple[bytes, str]:
        """The metrics as text, and its media type: what the caller accepts (text or OpenMetrics)."""
        async with self._lock:
            stale = self._read_at is None or time.monotonic() - self._read_at >= FRESH
            return await asyncio.to_thread(self._text, accept, stale=stale)

    def _text(self, accept: str, *, stale: bool) -> tuple[bytes, str]:
        if stale:
            self._read()
            self._read_at = time.monotonic()
        encode, media_type = choose_encoder(accept)
        return encode(self._shown), media_type

    def _read(self) -> None:
        """Read the record. When that fails the scrape goes on without: it is then that metrics are looked at."""
        try:
            with self._database.read() as conn:
                now = standing(conn, self._now())
                news, place = following.news(conn, self._place)
        except Exception as error:  # noqa: BLE001 (whatever is wrong with it: that is what people are to see)
            if self._on_record.now is not None or self._read_at is None:
                log.warning("metrics.no_store", problem=type(error).__name__)
            self._on_record.now = None
        else:
            self._totals.add(news)
            self._place = place
            self._on_record.now = now


def backup_times(folder: Path) -> list[float]:
    """When each backup in this folder was made, in seconds since 1970; none when there is no such folder.

    A backup is a folder with a manifest, which is written last, or a database in one file.
    """
    with suppress(OSError):
        return [path.stat().st_mtime for path in (*folder.glob(f"*/{manifest.NAME}"), *folder.glob("*.db"))]
    return []
