"""How long to wait before trying again: doubling, capped, with jitter so that nobody comes back all at once."""

from __future__ import annotations

import random
from datetime import timedelta

BASE = 1.0
CAP = 300.0
AWAY = 5.0
"""Seconds after which an adapter tries again what could not be stored."""
SOONEST, LATEST = 1.0, 86_400.0
"""Bounds, in seconds, of what another side may ask us to wait: `Retry-After: 0` must not make us hammer at it."""


def asked_for(seconds: float) -> timedelta:
    """The pause that the other side asked for, within reason (what is not a number counts as the longest)."""
    return timedelta(seconds=max(SOONEST, seconds) if seconds < LATEST else LATEST)


def delay(attempts: int, *, base: float = BASE, cap: float = CAP) -> timedelta:
    """The pause after so many failed attempts (0, 1, 2, ...): between half and the whole of base * 2**attempts."""
    whole = min(cap, base * 2.0 ** min(attempts, 30))
    return timedelta(seconds=whole * random.uniform(0.5, 1.0))  # noqa: S311 (jitter, not a secret)
