"""Who watches a running bot: metrics, unless switched off, and traces, where the environment asks for them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.engine.observing import Observer, Observers, Unobserved
from bot.engine.parts import utc_now
from bot.reports.labels import Configured
from bot.reports.traces import Traces, TracesUnavailable, asked_for, open_traces
from bot.settings import Problem, SettingsError
from bot.settings.secrets import DRAFTER
from bot.store import keep

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bot.core.rules import Rules
    from bot.reports.metrics import Metrics
    from bot.settings import Settings
    from bot.store.engine import Database

METRICS = "metrics"
"""`PORTAVOZ_SECRET_METRICS` opens them to others than this machine."""
SHORTEST = 16
"""Characters that such a word must have: it can be tried over the network as often as one likes."""


@dataclass(frozen=True, slots=True)
class Watching:
    """What was switched on; `observer` is for the engine."""

    observer: Observer
    metrics: Metrics | None = None
    traces: Traces | None = None


def watch(
    settings: Settings, database: Database, rules: Rules, *, backups: Path, environ: Mapping[str, str]
) -> Watching:
    """Begin to watch. Raises SettingsError when what is asked for cannot be had."""
    names = Configured(
        accounts=frozenset(entry.id for entry in settings.networks),
        chats=frozenset(entry.id for entry in settings.chats),
        rooms=frozenset(room.id for room in settings.as_rooms()),
        drafters=frozenset({DRAFTER} if settings.drafter.type is not None else ()),
    )
    metrics = _metrics(settings, database, rules, names, backups) if settings.metrics else None
    traces = _traces(database, names, environ)
    found: tuple[Observer | None, ...] = (metrics.watch if metrics else None, traces)
    observers = [one for one in found if one is not None]
    observer = Observers(*observers) if len(observers) > 1 else next(iter(observers), Unobserved())
    return Watching(observer, metrics, traces)


def _metrics(settings: Settings, database: Database, rules: Rules, names: Configured, backups: Path) -> Metrics:
    from bot.reports.metrics import Metrics  # noqa: PLC0415 -- only who serves them needs the library

    token = settings.secret(METRICS)
    if token is not None and len(token) < SHORTEST:
        remedy = f"Take one of at least {SHORTEST} characters: `openssl rand -hex 32` makes one."
        raise SettingsError([Problem("PORTAVOZ_SECRET_METRICS", "is too short to keep anybody out", remedy)])
    return Metrics(database, names=names, rules=rules, backups=backups, now=utc_now)


def _traces(database: Database, names: Configured, environ: Mapping[str, str]) -> Traces | None:
    if asked_for(environ) is None:
        return None
    try:
        return open_traces(environ, names, _house(database))
    except TracesUnavailable as error:
        raise SettingsError([Problem(error.setting, error.problem, error.remedy)]) from error


def _house(database: Database) -> str:
    """A random mark of this database, the same for every process that works with it, and for ever."""
    now = utc_now()
    with database.begin() as conn:
        known = keep.get(conn, "traces", "house", now)
        if known is None:
            known = secrets.token_hex(8)
            keep.put(conn, "traces", "house", known, now)
    return known
