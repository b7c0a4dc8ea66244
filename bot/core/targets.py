"""How soon a comment should be answered and settled, by what it is, where it came from and who wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from bot.core.conditions import Conditions

Hours = Literal["working", "always"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is owed: the first answer and the end of the matter, each within so much time on the clock.

    None where nothing is owed. With `always` the clock runs round the clock, else in working hours.
    """

    answer: timedelta | None = None
    resolution: timedelta | None = None
    always: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRule(Conditions):
    """Targets of their own for the tickets that fit. What a rule leaves None is as without it."""

    answer: timedelta | None = None
    resolution: timedelta | None = None
    hours: Hours | None = None

    def over(self, usual: Target) -> Target:
        """The usual targets with what this rule says instead."""
        return Target(
            answer=self.answer or usual.answer,
            resolution=self.resolution or usual.resolution,
            always=usual.always if self.hours is None else self.hours == "always",
        )
