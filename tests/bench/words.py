"""What triage, the drafter and the guard take for one comment, without any database."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path

from bot.core.guard import GuardFacts, review
from bot.core.types import Assessment, Brief, Visibility
from bot.triage import RuleClassifier
from handlers.models.offline import OfflineDrafter
from prompts import Prompts
from tests.bench.comments import Said, comments
from tests.bench.show import table

COMMENTS = 2000


def _each(what: Callable[[], Iterable[object]]) -> str:
    """Microseconds for each of the comments."""
    began = time.perf_counter()
    count = sum(1 for _ in what())
    return f"{(time.perf_counter() - began) / count * 1e6:,.0f} µs"


def _brief(said: Said, assessed: Assessment, seed: int) -> Brief:
    return Brief(
        comment=said.text,
        author_name=said.author,
        language=assessed.language,
        kind=assessed.kind,
        severity=assessed.severity,
        sentiment=assessed.sentiment,
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


async def measure(folder: Path) -> None:
    """Print the figures."""
    said = comments(41, COMMENTS)
    classifier, drafter = RuleClassifier(), OfflineDrafter(Prompts(None))
    classifier.warm()
    assessed = [classifier.assess(one.text) for one in said]
    pairs = list(zip(said, assessed, strict=True))
    briefs = [_brief(one, found, n) for n, (one, found) in enumerate(pairs)]
    drafts = [draft.text if draft else one.text for one, draft in zip(said, map(drafter.draft, briefs), strict=True)]
    recent = tuple(drafts[:20])
    checks = [(text, _facts(one, found, recent)) for text, (one, found) in zip(drafts, pairs, strict=True)]
    table(
        f"Thinking, per comment: {COMMENTS} comments in Spanish and English",
        [
            ("triage", _each(lambda: (classifier.assess(one.text) for one in said)), "language, kind, mood, severity"),
            ("draft", _each(lambda: (drafter.draft(brief) for brief in briefs)), "checks of its own included"),
            ("guard", _each(lambda: (review(text, facts) for text, facts in checks)), "beside 20 recent replies"),
        ],
    )
