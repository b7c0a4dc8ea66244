"""What became of drafts, a line for each origin, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.foreign import visible
from bot.locale.catalogue import ntext, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.core.figures import DraftOutcome

_SHORT = 12


def origin(one: DraftOutcome) -> str:
    """Where drafts come from: a drafter's variant; of a model, its prompt too."""
    parts = [one.source, *([one.model] if one.model and one.model not in one.source else [])]
    return visible(" ".join([*parts, *([f"{one.prompt} {one.hash[:_SHORT]}"] if one.prompt else [])]))


def outcome_lines(locale: str, found: Iterable[DraftOutcome]) -> tuple[str, ...]:
    """`offline:complaint.es#3: 4 sent as drafted, 2 edited (12 % changed), 0 replaced, 1 not sent`."""
    return tuple(f"{origin(one)}: {_said(locale, one)}" for one in found)


def _said(locale: str, one: DraftOutcome) -> str:
    edited = ntext(locale, "{n} edited", "{n} edited", one.edited)
    if one.median_change is not None:
        share = text(locale, "{share} % changed", share=round(one.median_change * 100))
        edited = f"{edited} ({share})"
    parts = [
        ntext(locale, "{n} sent as drafted", "{n} sent as drafted", one.sent),
        edited,
        ntext(locale, "{n} replaced", "{n} replaced", one.replaced),
        ntext(locale, "{n} not sent", "{n} not sent", one.discarded),
    ]
    if one.cost:
        parts.append(text(locale, "cost {cost}", cost=f"{one.cost:.4f}"))
    return ", ".join(parts)
