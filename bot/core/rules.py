"""The team's rules, as the core reads them. The settings fill them in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from bot.core.targets import Target, TargetRule
from bot.core.types import Kind, Severity
from bot.core.worktime import ALWAYS, Calendar

if TYPE_CHECKING:
    from bot.core.ticket import Ticket

FIRST_ANSWER: Mapping[Kind, timedelta] = MappingProxyType(
    {
        Kind.COMPLAINT: timedelta(hours=1),
        Kind.QUESTION: timedelta(hours=4),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Windows, quorums and targets; the defaults are the documented ones.

    `targets` are tried in order, and the first whose conditions hold says what differs from the first-answer times.
    `remind` is the part of a target after which the team is reminded, `calendar` says when it works,
    `critical_always` that critical tickets do not wait for that. `network_types` are those of the accounts by id.
    `noise` names the rules by which an account's comments count as noise (`bot.triage.noise`); without a name, none.
    """

    undo: timedelta = timedelta(seconds=10)
    approval_life: timedelta = timedelta(hours=24)
    claim_life: timedelta = timedelta(minutes=15)
    reopen_within: timedelta = timedelta(days=30)
    quorum_critical: int = 2
    quorum_crisis: int = 2
    first_answer: Mapping[Kind, timedelta] = field(default_factory=lambda: FIRST_ANSWER)
    first_answer_other: timedelta = timedelta(hours=24)
    first_answer_critical: timedelta = timedelta(minutes=15)
    resolution: timedelta | None = None
    critical_always: bool = True
    remind: float = 0.5
    targets: tuple[TargetRule, ...] = ()
    calendar: Calendar = ALWAYS
    network_types: Mapping[str, str] = field(default_factory=dict)
    brand: str = "Portavoz"
    own_domains: frozenset[str] = frozenset()
    formality: Literal["tu", "usted", "vos"] = "tu"
    signatures: bool = False
    languages: tuple[str, ...] = ("es", "en")
    noise: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))

    def quorum(self, severity: Severity, *, crisis: bool) -> int:
        """How many different people must approve a reply now."""
        wanted = [1]
        if severity is Severity.CRITICAL:
            wanted.append(self.quorum_critical)
        if crisis:
            wanted.append(self.quorum_crisis)
        return max(wanted)

    def target(self, ticket: Ticket) -> Target:
        """What is owed to the customer; no answer to what needs none."""
        critical = ticket.severity is Severity.CRITICAL
        silent = ticket.kind in (Kind.SPAM, Kind.NOISE) and not critical
        span = self.first_answer.get(ticket.kind, self.first_answer_other)
        if critical:
            span = min(span, self.first_answer_critical)
        usual = Target(answer=span, resolution=self.resolution, always=critical and self.critical_always)
        rule = next((rule for rule in self.targets if self._fits(rule, ticket)), None)
        found = usual if rule is None else rule.over(usual)
        return replace(found, answer=None, resolution=None) if silent else found

    def _fits(self, rule: TargetRule, ticket: Ticket) -> bool:
        network = self.network_types.get(ticket.account, "")
        return rule.fits(
            account=ticket.account,
            network_type=network,
            kind=ticket.kind,
            severity=ticket.severity,
            flag=ticket.flag,
        )

    def calendar_of(self, *, always: bool) -> Calendar:
        """The hours that a clock counts."""
        return ALWAYS if always else self.calendar
