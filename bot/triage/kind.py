"""What a comment is: noise and spam first, then what it wants of us."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from bot.core.types import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.triage.rules import Found
    from bot.triage.sentiment import Mood

_TLDS = "com|net|org|ly|me|info|xyz|tk|ru|shop|club|be|gl|io"
_LINK = re.compile(rf"https?://|www\.|(?<![\w@])[\w-]{{2,63}}\.(?:{_TLDS})(?!\w)", re.IGNORECASE)
# What the pattern above cannot do without, as searches that jump from dot to dot: case is ignored around it only.
_DOT_TLD = re.compile(rf"\.(?=\w)(?i:{_TLDS})(?!\w)")
_WWW_DOT = re.compile(r"\.(?<=(?i:www)\.)")
_MONEY = re.compile(r"[$€£]\s?\d|\d\s?[$€£]|100\s?%")
_MONEY_SIGNS = "$€£%"
_CLEAR_COMPLAINT = 2.0
_FEW = 4


def is_noise(tokens: Sequence[str], found: Sequence[Found]) -> bool:
    """Nothing but emoji, mentions, punctuation, laughter and words that only call friends."""
    fillers = {item.start for item in found if item.label == "filler"}
    return all(place in fillers or token.isdigit() for place, token in enumerate(tokens) if token[0].isalnum())


def spam_score(text: str, found: Sequence[Found], tokens: Sequence[str]) -> float:
    """Evidence of advertising: from 2 on it is spam. A link alone is none, unless hardly a word comes with it."""
    labels = [item.label for item in found]
    score = 2.0 * ("spam2" in labels)
    if "spam1" in labels:
        score += len({item.words for item in found if item.label == "spam1"})
    if _has_link(text):
        lonely = len(tokens) <= _FEW and "@" not in text and "?" not in text
        score += 2.0 if lonely else 1.0
    if any(map(text.__contains__, _MONEY_SIGNS)) and _MONEY.search(text):
        score += 0.5
    return score + _repetition(tokens)


def _has_link(text: str) -> bool:
    """Whether a link stands in the text; most have none, and the cheap questions before say so."""
    maybe = "://" in text or ("." in text and (_DOT_TLD.search(text) or _WWW_DOT.search(text)))
    return bool(maybe) and _LINK.search(text) is not None


def _repetition(tokens: Sequence[str]) -> float:
    """The same few words over and over."""
    words = [token for token in tokens if token[0].isalnum()]
    # With one word so often there cannot be so many others.
    if len(words) < 12 or len(set(words)) > len(words) * 2 / 3 + 1:
        return 0.0
    return 1.0 if max(Counter(words).values()) > len(words) / 3 else 0.0


def kind_of(found: Sequence[Found], mood: Mood, tokens: Sequence[str], alarms: Sequence[Found]) -> tuple[Kind, str]:
    """The kind and the words that decided; the order below is the order of what must not be missed."""
    complaints = [item for item in found if item.label in {"complaint", "sarcasm"} and not item.negated]
    suggestions = [item for item in found if item.label == "suggestion"]
    weight = len({item.start for item in complaints})
    asks = _question(found, tokens)
    if suggestions and weight <= 1 and mood.negative <= 2.5 and not alarms:
        return Kind.SUGGESTION, suggestions[0].words
    if complaints and not _outweighed(mood, weight):
        return Kind.COMPLAINT, complaints[0].words
    if alarms and alarms[0].label == "high:journalist":
        return Kind.QUESTION, alarms[0].words
    if alarms and not _calm_question(alarms, asks, mood) and mood.negative >= mood.positive:
        return Kind.COMPLAINT, alarms[0].words
    if asks:
        return Kind.QUESTION, asks
    if mood.score >= 1 and mood.positive >= 1:
        return Kind.PRAISE, _words_of(found, "positive")
    if mood.negative >= _CLEAR_COMPLAINT and mood.score <= -_CLEAR_COMPLAINT:
        return Kind.COMPLAINT, _words_of(found, "negative")
    return Kind.COMMENT, ""


def _calm_question(alarms: Sequence[Found], asks: str, mood: Mood) -> bool:
    """Whether nothing has gone wrong: "¿Tenéis acceso con silla de ruedas?"."""
    return bool(asks) and all(item.label == "high:vulnerable" for item in alarms) and mood.negative <= 1


def _outweighed(mood: Mood, complaints: int) -> bool:
    """Whether it is praise after all: "a problem with my order, and they fixed it brilliantly, thank you so much"."""
    return complaints <= 1 and mood.positive >= 3 and mood.positive >= 2 * mood.negative


def _question(found: Sequence[Found], tokens: Sequence[str]) -> str:
    """The words that ask: a phrase of asking, or a clause that begins with an interrogative and ends with "?"."""
    for item in found:
        if item.label == "question":
            return item.words
    if "?" not in tokens:
        return ""
    for item in found:
        if item.label == "interrogative" and _begins_clause(tokens, item.start):
            return item.words + "?"
    return "?"


def _begins_clause(tokens: Sequence[str], place: int) -> bool:
    return place == 0 or not tokens[place - 1][0].isalnum() or place <= 2


def _words_of(found: Sequence[Found], prefix: str) -> str:
    return next((item.words for item in found if item.label.startswith(prefix)), "")
