"""How much is at stake, and about what: the topics let a drafter choose fitting words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.types import Kind, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.triage.rules import Found

# Who asks for a comment, or needs an answer twice, is heard even in a calm voice; the rest needs no mood either.
_ORDER = ("self_harm", "minors", "health", "violence", "discrimination", "data", "legal")
_ALARMS = ("critical:", "high:")
_QUIET = frozenset({Kind.PRAISE, Kind.COMMENT, Kind.SPAM, Kind.NOISE})
# What a happy customer may mention without anything being at stake.
_ONLY_WITH_TROUBLE = frozenset({"vulnerable", "repeated", "stranded", "money"})


def alarms(found: Sequence[Found]) -> list[Found]:
    """The critical and high findings that are not negated, the gravest first."""
    alarmed = [item for item in found if item.label.startswith(_ALARMS) and not item.negated]
    if not alarmed:
        return []
    grave = [item for item in alarmed if item.label.startswith("critical:")]
    high = [item for item in alarmed if item.label.startswith("high:")]
    grave.sort(key=lambda item: (_ORDER.index(item.label.partition(":")[2]), item.start))
    return grave + high


def severity(kind: Kind, alarmed: Sequence[Found]) -> tuple[Severity, tuple[str, ...]]:
    """The severity with its reasons: "severity:critical:reaccion alergica"."""
    if kind is Kind.SPAM:
        return Severity.LOW, ()
    grave = [item for item in alarmed if item.label.startswith("critical:")]
    high = [item for item in alarmed if item.label.startswith("high:") and _counts(item, kind)]
    if grave:
        return Severity.CRITICAL, _reasons("critical", grave)
    if high:
        return Severity.HIGH, _reasons("high", high)
    return (Severity.LOW if kind in _QUIET else Severity.NORMAL), ()


def _counts(item: Found, kind: Kind) -> bool:
    return item.label.partition(":")[2] not in _ONLY_WITH_TROUBLE or kind in {Kind.COMPLAINT, Kind.QUESTION}


def _reasons(level: str, items: Sequence[Found]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"severity:{level}:{item.words}" for item in items))[:4]
