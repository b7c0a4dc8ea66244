"""In which language a comment is written, or None when that is not certain.

py3langid decides among the configured languages and their neighbours: a comment in Portuguese must come out as "not
ours", not as Spanish with a good score. Its model is loaded when it is first needed, or by `warm`.
"""

from __future__ import annotations

import gc
import mmap
import tempfile
import threading
from array import array
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from bot.triage.text import bare, letters, without_tags

if TYPE_CHECKING:
    from collections.abc import Iterable

# The configured languages compete with these: the large languages of Europe and the small neighbours of Spanish.
NEIGHBOURS = ("ca", "de", "en", "es", "eu", "fr", "gl", "it", "nl", "pl", "pt", "ro")
CERTAIN_FROM = 0.40
# One or two words say little: they must be clearer.
CERTAIN_FROM_SHORT = 0.60
_SHORT_WORDS = 2
_FEWEST_LETTERS = 4
# Most comments come in the languages that the team has configured; the neighbours need more evidence.
PRIOR = 2.5
# Only Spanish opens its questions and exclamations.
_INVERTED = "\u00bf\u00a1"
_MARKED = 4.0
_second = itemgetter(1)


class LanguageGuess:
    """Guesses among the given ISO 639-1 languages. Thread-safe."""

    def __init__(self, languages: Iterable[str]) -> None:
        """Raises ValueError at the first use when the identifier does not know one of the languages."""
        self.languages = tuple(languages)
        # How much more likely a language is before anything is read.
        self._weights = dict.fromkeys(self.languages, PRIOR)
        self._identifier: Any = None
        self._lock = threading.Lock()

    def warm(self) -> None:
        """Load the model now (about half a second, once)."""
        with self._lock:
            if self._identifier is None:
                self._identifier = _identifier(sorted({*self.languages, *NEIGHBOURS}))

    def guess(self, text: str, plain: str | None = None) -> tuple[str | None, float]:
        """The language and how certain it is (0 to 1); (None, certainty of the best guess) when that is too little.

        `plain` is `bare(text)`, from a caller who has it already.
        """
        words = letters(without_tags(bare(text) if plain is None else plain))
        if sum(map(len, words)) < _FEWEST_LETTERS:
            return None, 0.0
        ranking = self.ranked(" ".join(words), spanish=any(mark in text for mark in _INVERTED))
        language, certainty = ranking[0]
        needed = CERTAIN_FROM if len(words) > _SHORT_WORDS else CERTAIN_FROM_SHORT
        known = language in self.languages and certainty >= needed
        return (language if known else None), round(certainty, 3)

    def ranked(self, text: str, *, spanish: bool = False) -> list[tuple[str, float]]:
        """All candidates by probability, best first; `spanish` when inverted marks were seen."""
        if self._identifier is None:
            self.warm()
        scores = {language: score * self._weights.get(language, 1.0) for language, score in self._identifier.rank(text)}
        if spanish and "es" in scores:
            scores["es"] *= _MARKED
        total = sum(scores.values()) or 1.0
        return sorted(((language, score / total) for language, score in scores.items()), key=_second, reverse=True)


def _identifier(languages: list[str]) -> Any:
    """The identifier cut down to these languages: a fifth of the memory of the whole model."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - half a second, only when needed

    whole = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    whole.set_languages(languages)
    small = LanguageIdentifier(
        whole.nb_ptc.copy(),
        whole.nb_pc.copy(),
        whole.nb_classes,
        _on_disk(whole.tk_nextmove),
        whole.tk_output,
        norm_probs=True,
        tk_row=whole.tk_row,
    )
    del whole
    gc.collect()
    return small


def _on_disk(table: array[int]) -> memoryview:
    """The automaton as a mapped temporary file: it has 40 MB, and comments walk over a few pages of it."""
    with tempfile.TemporaryFile() as file:
        (table if table.typecode == "I" else array("I", table)).tofile(file)
        file.flush()
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return memoryview(mapped).cast("I")
