"""One language's phrases applied to one comment: what was found, less what an idiom or a negation takes away."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from bot.core.plaintext import fold, wordset
from bot.triage import words_en, words_es
from bot.triage.lexicon import Lexicon
from bot.triage.text import BREAKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.triage.lexicon import Hit
    from bot.triage.text import Tokens

LANGUAGES = ("es", "en")
_MODULES = {"es": words_es, "en": words_en}
# How many words before a hit a negation reaches: "no es un mal servicio".
_NEGATION_REACH = 4
# A reason is not denied by what is denied before it: "no me dejaron entrar por mi acento".
_REASONS = wordset("por because")
# Labels whose phrases carry their negation inside, or that no negation can take back.
_BEYOND_NEGATION = wordset("question interrogative suggestion spam1 spam2 filler sarcasm shield_positive rude")


class Found(NamedTuple):
    """A phrase that counts: its label, where in the tokens it stands, whether it is negated; the tokens as shown."""

    label: str
    start: int
    end: int
    negated: bool
    shown: Sequence[str]

    @property
    def words(self) -> str:
        """The phrase as in the comment, in lower case."""
        return " ".join(self.shown[self.start : self.end]).lower()


class Rules:
    """The phrases of one language."""

    __slots__ = ("_lexicon", "_negators", "_not_negated")

    def __init__(self, language: str) -> None:
        """Raises KeyError for a language without phrases."""
        source = _MODULES[language]
        lists = {
            "complaint": source.COMPLAINT,
            "question": source.QUESTION,
            "interrogative": source.INTERROGATIVE,
            "suggestion": source.SUGGESTION,
            "positive2": source.POSITIVE_STRONG,
            "positive1": source.POSITIVE,
            "negative2": source.NEGATIVE_STRONG,
            "negative1": source.NEGATIVE,
            "shield": source.SHIELD,
            "shield_positive": source.SHIELD_POSITIVE,
            "sarcasm": source.SARCASM,
            "spam2": source.SPAM_STRONG,
            "spam1": source.SPAM,
            "filler": ",".join(source.FILLERS.split()),
            # Rude is rude in any language.
            "rude": ",".join(module.RUDE for module in _MODULES.values()),
        }
        lists.update({f"critical:{topic}": phrases for topic, phrases in source.CRITICAL.items()})
        lists.update({f"high:{topic}": phrases for topic, phrases in source.HIGH.items()})
        self._lexicon = Lexicon(lists)
        self._negators = wordset(fold(source.NEGATORS))
        self._not_negated = wordset(fold(source.NOT_NEGATED))

    def apply(self, words: Tokens) -> list[Found]:
        """What the phrases find in the tokens, in order; hits inside an idiom are left out, negated ones marked."""
        tokens = words.folded
        hits = self._lexicon.find(tokens)
        shields = [hit for hit in hits if hit.label == "shield"]
        return [
            Found(*hit, self._is_negated(tokens, hit), words.shown)
            for hit in hits
            if hit.label != "shield" and not _is_shielded(hit, shields)
        ]

    def _is_negated(self, tokens: Sequence[str], hit: Hit) -> bool:
        if hit.label in _BEYOND_NEGATION or tokens[hit.start] in self._negators or tokens[hit.start] in _REASONS:
            return False
        for back in range(hit.start - 1, max(-1, hit.start - 1 - _NEGATION_REACH), -1):
            token = tokens[back]
            if token in BREAKS or token in self._not_negated:
                return False
            if token in self._negators:
                return True
        return False


def _is_shielded(hit: Hit, shields: list[Hit]) -> bool:
    """Whether an idiom covers the hit. Spam, idiom, filler and rude labels do not mind."""
    if not shields or hit.label in _BEYOND_NEGATION:
        return False
    return any(shield.start <= hit.start and hit.end <= shield.end for shield in shields)


@cache
def rules_for(language: str) -> Rules | None:
    """The rules of a language, built once; None when there are no phrases for it."""
    return Rules(language) if language in _MODULES else None
