"""Rate budgets: a token bucket for each lane (an account of a network, a room of a chat)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.core.types import Budget


@dataclass(slots=True)
class Bucket:
    """Lets `burst` through at once and `rate` per second on average. Times are seconds of a monotonic clock."""

    budget: Budget
    level: float = 0.0
    at: float = 0.0
    fresh: bool = True

    def delay(self, now: float) -> float:
        """How long to wait before the next one, in seconds; the one asked for is taken."""
        if self.fresh:
            self.level, self.at, self.fresh = float(self.budget.burst), now, False
        self.level = min(float(self.budget.burst), self.level + (now - self.at) * self.budget.rate)
        self.at = now
        self.level -= 1.0
        return max(0.0, -self.level / self.budget.rate)


def share(budget: Budget, sharers: int) -> Budget:
    """One process's part of a budget that several divide."""
    if sharers <= 1:
        return budget
    return replace(budget, rate=budget.rate / sharers, burst=max(1, budget.burst // sharers))
