"""The commenter's mood from weighted words, emoji and emoticons. Irony is beyond it, and it does not pretend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.types import Sentiment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.triage.rules import Found

_GOOD = frozenset(
    {
        *"😀😁😂😃😄😅😆😇😉😊😋😌😍😎😏🙂🤗🤩🥰😘😻💖💗💕💓💙💚",
        *"💛💜🧡🖤❤♥💪👏🙌👍🎉🎊🥳🤣😹✨🌟⭐🔥💯😚😙☺😺🏆🥇🙏",
        ":)",
    }
)
BAD = frozenset(
    {
        *"😠😡🤬😤😢😭😞😟😔😣😖😫😩😒🙄👎💔🤮",
        *"🤢😷😨😰😱😾😿🤦🤡💩☹🙁😕😑🖕😵😓👿",
        ":(",
    }
)
_PICTURED = _GOOD | BAD
_WEIGHTS = {
    "positive2": 2.0,
    "positive1": 1.0,
    "negative2": -2.0,
    "negative1": -1.0,
    "shield_positive": 1.0,
    "complaint": -1.0,
    "sarcasm": -2.5,
}
# Who one is or what one works as is no mood.
_CALM = frozenset({"high:journalist", "high:vulnerable"})
_ALARM_WEIGHTS = {"critical": -2.0, "high": -1.0}
# "No es bueno" is worse than "no es malo" is good.
_NEGATED_GOOD, _NEGATED_BAD = -0.9, -0.4
_THRESHOLD = 0.75


@dataclass(frozen=True, slots=True)
class Mood:
    """The evidence on both sides, each zero or more, and what follows from it."""

    positive: float
    negative: float

    @property
    def score(self) -> float:
        """Above zero is positive."""
        return self.positive - self.negative

    @property
    def sentiment(self) -> Sentiment:
        """The mood in one word."""
        if self.score >= _THRESHOLD:
            return Sentiment.POSITIVE
        return Sentiment.NEGATIVE if self.score <= -_THRESHOLD else Sentiment.NEUTRAL


def mood(found: Iterable[Found], tokens: Sequence[str]) -> Mood:
    """Weigh what was found; a word counts once however many lists name it."""
    weights: dict[int, float] = {}
    for item in found:
        weight = _weight(item)
        if abs(weight) > abs(weights.get(item.start, 0.0)):
            weights[item.start] = weight
    if not _PICTURED.isdisjoint(tokens):
        for place, token in enumerate(tokens):
            if token in _PICTURED:
                weights[place] = 1.0 if token in _GOOD else -1.0
    return Mood(
        positive=sum(w for w in weights.values() if w > 0),
        negative=-sum(w for w in weights.values() if w < 0),
    )


def _weight(item: Found) -> float:
    weight = _WEIGHTS.get(item.label)
    if weight is None:
        weight = _ALARM_WEIGHTS.get(item.label.partition(":")[0], 0.0) if item.label not in _CALM else 0.0
    if item.negated:
        weight *= _NEGATED_GOOD if weight > 0 else _NEGATED_BAD
    return weight
