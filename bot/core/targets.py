"""How soon a comment should be answered and settled, by what it is, where it came from and who wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from bot.core.types import AuthorFlag, Kind, Severity

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
class TargetRule:
    """Targets of their own for the tickets that fit. A condition that is None always holds.

    `network` is a network's type, `account` the id of one configured network, `min_severity` holds for that severity
    and everything above it, `flag` for comments of people who bear it. What a rule leaves None is as without it.
    """

    network: str | None = None
    account: str | None = None
    kind: Kind | None = None
    min_severity: Severity | None = None
    flag: AuthorFlag | None = None
    answer: timedelta | None = None
    resolution: timedelta | None = None
    hours: Hours | None = None

    def wants(
        self, *, account: str, network_type: str, kind: Kind, severity: Severity, flag: AuthorFlag | None
    ) -> bool:
        """Whether every condition holds."""
        return (
            self.network in (None, network_type)
            and self.account in (None, account)
            and self.kind in (None, kind)
            and (self.min_severity is None or severity.rank >= self.min_severity.rank)
            and self.flag in (None, flag)
        )

    def over(self, usual: Target) -> Target:
        """The usual targets with what this rule says instead."""
        return Target(
            answer=self.answer or usual.answer,
            resolution=self.resolution or usual.resolution,
            always=usual.always if self.hours is None else self.hours == "always",
        )
