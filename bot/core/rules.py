"""The team's rules, as the core reads them. The settings fill them in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal

from bot.core.types import Kind, Severity

FIRST_ANSWER: Mapping[Kind, timedelta] = MappingProxyType(
    {
        Kind.COMPLAINT: timedelta(hours=1),
        Kind.QUESTION: timedelta(hours=4),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Windows, quorums and first-answer times; the defaults are the documented ones."""

    undo: timedelta = timedelta(seconds=10)
    approval_life: timedelta = timedelta(hours=24)
    claim_life: timedelta = timedelta(minutes=15)
    reopen_within: timedelta = timedelta(days=30)
    quorum_critical: int = 2
    quorum_crisis: int = 2
    first_answer: Mapping[Kind, timedelta] = field(default_factory=lambda: FIRST_ANSWER)
    first_answer_other: timedelta = timedelta(hours=24)
    first_answer_critical: timedelta = timedelta(minutes=15)
    brand: str = "Portavoz"
    own_domains: frozenset[str] = frozenset()
    formality: Literal["tu", "usted", "vos"] = "tu"
    signatures: bool = False
    languages: tuple[str, ...] = ("es", "en")

    def quorum(self, severity: Severity, *, crisis: bool) -> int:
        """How many different people must approve a reply now."""
        wanted = [1]
        if severity is Severity.CRITICAL:
            wanted.append(self.quorum_critical)
        if crisis:
            wanted.append(self.quorum_crisis)
        return max(wanted)

    def due(
        self, kind: Kind, severity: Severity, since: datetime, *, reply_by: datetime | None = None
    ) -> datetime | None:
        """When the first answer is due, never after the network stops taking one; None for what needs none."""
        if kind in (Kind.SPAM, Kind.NOISE) and severity is not Severity.CRITICAL:
            return None
        span = self.first_answer.get(kind, self.first_answer_other)
        if severity is Severity.CRITICAL:
            span = min(span, self.first_answer_critical)
        return since + span if reply_by is None else min(since + span, reply_by)
