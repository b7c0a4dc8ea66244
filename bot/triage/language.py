"""In which language a comment is written, or None when that is not certain.

py3langid decides among the configured languages and their neighbours: a comment in Portuguese must come out as "not
ours", not as Spanish with a good score. Its model is loaded when it is first needed, or by `warm`.
"""

from __future__ import annotations

import re
import threading
from operator import itemgetter
from typing import TYPE_CHECKING

from bot.triage.identifier import Identifier
from bot.triage.text import bare, letters, without_tags

if TYPE_CHECKING:
    from collections.abc import Iterable

# The configured languages compete with these: the large languages of Europe and the small neighbours of Spanish.
NEIGHBOURS = ("ca", "de", "en", "es", "eu", "fr", "gl", "it", "nl", "pl", "pt", "ro")
CERTAIN_FROM = 0.40
# One or two words say little: they must be clearer.
CERTAIN_FROM_SHORT = 0.60
_SHORT_WORDS = 2
CERTAIN_FROM_FOREIGN = 0.80
_FEWEST_FOREIGN = 5
_QUOTED = re.compile("[\u00ab\u201c][^\u00ab\u00bb\u201c\u201d\n]{2,160}[\u00bb\u201d]")
_FEWEST_LETTERS = 4
# Most comments come in the languages that the team has configured; the neighbours need more evidence.
PRIOR = 2.5
# Only Spanish opens its questions and exclamations.
_OPENS_QUESTION, _OPENS_CRY = "\u00bf", "\u00a1"
_MARKED = 4.0
_second = itemgetter(1)


class LanguageGuess:
    """Guesses among the given ISO 639-1 languages. Thread-safe."""

    def __init__(self, languages: Iterable[str]) -> None:
        """Raises ValueError at the first use when the identifier does not know one of the languages."""
        self.languages = tuple(languages)
        # How much more likely a language is before anything is read.
        self._weights = dict.fromkeys(self.languages, PRIOR)
        self._identifier: Identifier | None = None
        self._lock = threading.Lock()

    def warm(self) -> Identifier:
        """Load the model now (about half a second, once)."""
        with self._lock:
            if self._identifier is None:
                self._identifier = Identifier(sorted({*self.languages, *NEIGHBOURS}))
            return self._identifier

    def guess(self, text: str, plain: str | None = None) -> tuple[str | None, float]:
        """The language and how certain it is (0 to 1); (None, certainty of the best guess) when that is too little.

        `plain` is `bare(text)`, from a caller who has it already.
        """
        words = letters(without_tags(bare(text) if plain is None else plain))
        if sum(map(len, words)) < _FEWEST_LETTERS:
            return None, 0.0
        ranking = self._ranked(words, spanish=_OPENS_QUESTION in text or _OPENS_CRY in text)
        language, certainty = ranking[0]
        needed = CERTAIN_FROM if len(words) > _SHORT_WORDS else CERTAIN_FROM_SHORT
        known = language in self.languages and certainty >= needed
        return (language if known else None), round(certainty, 3)

    def written_in(self, text: str) -> str | None:
        """The language of a text, configured or not; None when that is not certain.

        A language that no comment is answered in needs more words and more evidence. Quotations are left out.
        """
        words = letters(without_tags(bare(_QUOTED.sub(" ", text))))
        if sum(map(len, words)) < _FEWEST_LETTERS:
            return None
        language, certainty = self._ranked(words, spanish=_OPENS_QUESTION in text or _OPENS_CRY in text)[0]
        if language in self.languages:
            needed = CERTAIN_FROM if len(words) > _SHORT_WORDS else CERTAIN_FROM_SHORT
        else:
            needed = CERTAIN_FROM_FOREIGN if len(words) >= _FEWEST_FOREIGN else 1.0
        return language if certainty >= needed else None

    def ranked(self, text: str) -> list[tuple[str, float]]:
        """All candidates for a text of letters and spaces by probability, best first."""
        return self._ranked(text.split(" "), spanish=False)

    def _ranked(self, words: list[str], *, spanish: bool) -> list[tuple[str, float]]:
        """All candidates by probability, best first; `spanish` when inverted marks were seen."""
        likely = (self._identifier or self.warm()).likelihoods(words)
        scores = {language: score * self._weights.get(language, 1.0) for language, score in likely.items()}
        if spanish and "es" in scores:
            scores["es"] *= _MARKED
        total = sum(scores.values()) or 1.0
        return sorted(((language, score / total) for language, score in scores.items()), key=_second, reverse=True)
