"""What triage, the drafter and the guard take for one comment, one after the other as intake asks them; no database."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from bot.core.briefs import Brief
from bot.core.guard import GuardFacts, review
from bot.core.types import Assessment, Visibility
from bot.triage import RuleClassifier
from handlers.models.offline import OfflineDrafter
from prompts import Prompts
from tests.bench.comments import Said, comments
from tests.bench.show import table, under

COMMENTS = 2000
WANTED = 450.0
# Microseconds: what a draft, and the guard on a text that it has not seen, may take.
PROMISED = 2_000.0
T = TypeVar("T")


class _Clock:
    """Adds up the processor time of each part: what others do on the machine does not count."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    def timed(self, part: str, think: Callable[..., T], *given: object) -> T:
        began = time.thread_time()
        try:
            return think(*given)
        finally:
            self.seconds[part] += time.thread_time() - began

    def each(self, *parts: str) -> float:
        """Microseconds for a comment."""
        return sum(self.seconds[part] for part in parts) / COMMENTS * 1e6


def _brief(said: Said, assessed: Assessment, seed: int, recent: tuple[str, ...]) -> Brief:
    return Brief(
        comment=said.text,
        author_name=said.author,
        language=assessed.language,
        kind=assessed.kind,
        severity=assessed.severity,
        sentiment=assessed.sentiment,
        avoid=recent,
        seed=seed,
    )


def _facts(said: Said, assessed: Assessment, recent: tuple[str, ...]) -> GuardFacts:
    return GuardFacts(
        language_wanted=assessed.language,
        language_found=assessed.language,
        length=len(said.text),
        max_length=5000,
        visibility=Visibility.PUBLIC,
        by_person=False,
        own_domains=frozenset(),
        comment=said.text,
        kind=assessed.kind,
        recent=recent,
    )


def _think(said: list[Said]) -> _Clock:
    """Assess, draft and check every comment."""
    clock, classifier, drafter = _Clock(), RuleClassifier(), OfflineDrafter(Prompts(None))
    classifier.warm()
    recent: list[str] = []
    for seed, one in enumerate(said):
        assessed = clock.timed("triage", classifier.assess, one.text)
        draft = clock.timed("draft", drafter.draft, _brief(one, assessed, seed, tuple(recent)))
        text = draft.text if draft else one.text
        clock.timed("guard", review, text, _facts(one, assessed, tuple(recent)))
        clock.timed("fresh", review, f"{text} {seed}", _facts(one, assessed, tuple(recent)))
        if len(recent) < 20:
            recent.append(text)
    return clock


async def measure(folder: Path) -> None:
    """Print the figures."""
    del folder
    clock = _think(comments(41, COMMENTS))
    whole = clock.each("triage", "draft", "guard")
    table(
        f"Thinking, processor time a comment: {COMMENTS} comments in Spanish and English, beside 20 recent replies",
        [
            ("triage", f"{clock.each('triage'):,.0f} µs", "language, kind, mood, severity"),
            ("draft", f"{clock.each('draft'):,.0f} µs", under(clock.each("draft"), PROMISED, "µs")),
            ("guard", f"{clock.each('guard'):,.0f} µs", "the same text, so most is known"),
            ("guard, new text", f"{clock.each('fresh'):,.0f} µs", under(clock.each("fresh"), PROMISED, "µs")),
            ("in whole", f"{whole:,.0f} µs", under(whole, WANTED, "µs")),
        ],
    )
