"""The embedded classifier: language by py3langid, everything else by rules that can be read and explained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.types import Assessment, Kind, Sentiment, Severity
from bot.triage import kind as kinds
from bot.triage.language import LanguageGuess
from bot.triage.reading import read
from bot.triage.rules import LANGUAGES, Found
from bot.triage.sentiment import Mood, mood
from bot.triage.severity import alarms, severity
from bot.triage.text import capped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.triage.reading import Reading

_SPAM_FROM = 2.0


class RuleClassifier:
    """Implements `bot.core.ports.Classifier`. Thread-safe; the answer depends on the text alone."""

    def __init__(self, languages: Sequence[str] = ("es", "en")) -> None:
        """`languages`: the ISO 639-1 codes that comments may be answered in. The language model loads lazily."""
        self._guess = LanguageGuess(languages)
        self._ruled = tuple(language for language in languages if language in LANGUAGES)

    def warm(self) -> None:
        """Load the language model now (about half a second), for instance in a thread at start."""
        self._guess.warm()

    def language(self, text: str) -> tuple[str | None, float]:
        """Only the language, with its certainty."""
        return self._guess.guess(capped(text))

    def written_in(self, text: str) -> str | None:
        """The language of a reply, also one that no comment is answered in; None when that is not certain."""
        return self._guess.written_in(capped(text))

    def assess(self, text: str) -> Assessment:
        """Language, kind, sentiment, severity, with the rules that spoke. Never raises, whatever the text."""
        reading = read(text)
        language, certainty = self._guess.guess(reading.head, reading.plain)
        applied = [_verdict(reading, code) for code in self._codes(language)]
        kind, feeling, level, reasons = max(applied, key=_urgency, default=_NOTHING)
        return Assessment(
            language=language,
            certainty=certainty,
            kind=kind,
            sentiment=feeling,
            severity=level,
            reasons=reasons,
            suspicious=reading.suspicious,
        )

    def _codes(self, language: str | None) -> tuple[str, ...]:
        """Whose rules to apply: the language's own, or all when it is unknown."""
        return (language,) if language in self._ruled else self._ruled


_Verdict = tuple[Kind, Sentiment, Severity, tuple[str, ...]]
_NOTHING: _Verdict = (Kind.COMMENT, Sentiment.NEUTRAL, Severity.LOW, ())
_KIND_ORDER = (Kind.COMMENT, Kind.NOISE, Kind.PRAISE, Kind.QUESTION, Kind.SUGGESTION, Kind.SPAM, Kind.COMPLAINT)


def _urgency(verdict: _Verdict) -> tuple[int, int]:
    """Which of two languages' verdicts to believe: the graver, then the more telling one."""
    kind, _, level, _ = verdict
    return level.rank, _KIND_ORDER.index(kind)


def _verdict(reading: Reading, code: str) -> _Verdict:
    found, words = reading.found(code), reading.words.folded
    feeling = mood(found, words)
    alarmed = alarms(found)
    kind, because = _kind(reading.head, words, found, feeling, alarmed)
    level, grave = severity(kind, alarmed)
    reasons = (f"kind:{kind}:{because}",) if because else ()
    return kind, _sentiment(kind, feeling), level, reasons + grave


def _sentiment(kind: Kind, feeling: Mood) -> Sentiment:
    """Advertising has no mood, and a complaint is never a happy one: "genial, otra vez tarde"."""
    if kind is Kind.SPAM or (kind is Kind.COMPLAINT and feeling.sentiment is Sentiment.POSITIVE):
        return Sentiment.NEUTRAL
    return feeling.sentiment


def _kind(text: str, words: list[str], found: list[Found], feeling: Mood, alarmed: list[Found]) -> tuple[Kind, str]:
    if not alarmed and not _in_earnest(found) and kinds.spam_score(text, found, words) >= _SPAM_FROM:
        return Kind.SPAM, next((item.words for item in found if item.label.startswith("spam")), "link")
    if kinds.is_noise(words, found):
        return Kind.NOISE, ""
    return kinds.kind_of(found, feeling, words, alarmed)


def _in_earnest(found: list[Found]) -> bool:
    """Whether somebody complains or asks: advertising hardly ever does, and a customer must not be taken for it."""
    return any(item.label in {"complaint", "question"} and not item.negated for item in found)
