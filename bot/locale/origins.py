"""What a draft rests on and how it was made, in the reader's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.foreign import visible
from bot.locale.catalogue import text
from bot.locale.sentences import NO_HELP

if TYPE_CHECKING:
    from bot.core.briefs import Cited, Made
    from bot.core.views import RevisionView

_SHORT = 12


def facts_used(locale: str, revision: RevisionView) -> str:
    """`Facts used: opening-hours (website)`; "" where there are none."""
    if not revision.facts:
        return ""
    return text(locale, "Facts used: {facts}", facts=", ".join(map(_cited, revision.facts)))


def made_by(locale: str, revision: RevisionView) -> str:
    """The model, what it took, and the prompt file with the beginning of its hash; "" where no model was asked."""
    made = revision.made
    if made is None or not made.model or made.note in NO_HELP:
        # With such a note the built-in drafter wrote it, in the model's place.
        return ""
    parts = [
        text(locale, "Model: {model}", model=visible(made.model)),
        text(locale, "{tokens} tokens in, {more} out", tokens=made.tokens_in, more=made.tokens_out),
        text(locale, "{seconds} s", seconds=f"{made.seconds:.1f}"),
    ]
    if made.cost:
        parts.append(text(locale, "cost {cost}", cost=f"{made.cost:.4f}"))
    return ", ".join([*parts, *_prompt(locale, made)])


def _prompt(locale: str, made: Made) -> list[str]:
    if not made.prompt:
        return []
    return [text(locale, "prompt {file} {hash}", file=visible(made.prompt), hash=made.hash[:_SHORT])]


def _cited(fact: Cited) -> str:
    return visible(f"{fact.id} ({fact.source})" if fact.source else fact.id)
