"""How long to wait before trying again: doubling, capped, with jitter so that nobody comes back all at once."""

from __future__ import annotations

import random
from datetime import timedelta

BASE = 1.0
CAP = 300.0


def delay(attempts: int, *, base: float = BASE, cap: float = CAP) -> timedelta:
    """The pause after so many failed attempts (0, 1, 2, ...): between half and the whole of base * 2**attempts."""
    whole = min(cap, base * 2.0 ** min(attempts, 30))
    return timedelta(seconds=whole * random.uniform(0.5, 1.0))  # noqa: S311 (jitter, not a secret)
