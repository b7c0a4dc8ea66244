"""Phrases looked up in a list of tokens: one dictionary look-up per token, whatever the number of phrases.

A phrase is a few folded words. `*` at the end of a word stands for any ending, `~` between words for up to two
arbitrary words, `a/b` for either. Phrases are separated by commas or line ends, and never match across a break.
"""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from bot.core.plaintext import fold
from bot.core.remembering import remembered
from bot.triage.text import BREAKS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_GAP = "~"
_GAP_REACH = 2
_SPLIT = re.compile(r"[,\n]")
_SHORTEST_STEM = 2
# Most tokens are common words: what begins with them is remembered.
_REMEMBERED = 4096


class Hit(NamedTuple):
    """A phrase found at tokens[start:end], with the label it is listed under."""

    label: str
    start: int
    end: int


class _Phrase(NamedTuple):
    """What follows a first word: what the second must begin with (empty: there is none, or a gap), and the rest."""

    label: str
    second: str
    rest: tuple[str, ...]


class _Beginning:
    """The phrases that begin with one word, by their second word where that is a plain one."""

    __slots__ = ("by_second", "loose")

    def __init__(self) -> None:
        self.loose: list[_Phrase] = []
        self.by_second: dict[str, list[_Phrase]] = {}

    def add(self, label: str, words: Sequence[str]) -> None:
        """A phrase with these words behind the first."""
        if not words or words[0] == _GAP:
            self.loose.append(_Phrase(label, "", tuple(words)))
        elif words[0].endswith("*"):
            self.loose.append(_Phrase(label, words[0][:-1], tuple(words[1:])))
        else:
            self.by_second.setdefault(words[0], []).append(_Phrase(label, words[0], tuple(words[1:])))

    def join(self, other: _Beginning) -> None:
        """Take over another one's phrases."""
        self.loose += other.loose
        for second, phrases in other.by_second.items():
            self.by_second.setdefault(second, []).extend(phrases)


_NONE = _Beginning()


class Lexicon:
    """An immutable set of labelled phrases."""

    __slots__ = ("_exact", "_lookup", "_sizes", "_stems")

    def __init__(self, lists: Mapping[str, str]) -> None:
        """`lists`: for each label its phrases, as described above. Raises ValueError for a phrase that is too broad."""
        self._exact: dict[str, _Beginning] = {}
        self._stems: dict[str, _Beginning] = {}
        for label, block in lists.items():
            for phrase in filter(None, (part.strip() for part in _SPLIT.split(block))):
                self._add(label, fold(phrase))
        self._sizes = sorted({len(stem) for stem in self._stems})
        self._lookup = remembered(_REMEMBERED)(self._beginning_with)

    def _add(self, label: str, phrase: str) -> None:
        for first, *rest in product(*(word.split("/") for word in phrase.split())):
            if not first.endswith("*"):
                self._exact.setdefault(first, _Beginning()).add(label, rest)
            elif len(first) > _SHORTEST_STEM:
                self._stems.setdefault(first[:-1], _Beginning()).add(label, rest)
            else:
                raise ValueError(f"the phrase {phrase!r} is too broad")

    def find(self, tokens: Sequence[str]) -> list[Hit]:
        """All phrases in the tokens, for each label and place the longest one."""
        hits: list[Hit] = []
        for place, beginning in enumerate(map(self._lookup, tokens)):
            if beginning is _NONE:
                continue
            behind = tokens[place + 1] if place + 1 < len(tokens) else ""
            candidates = beginning.loose
            if more := beginning.by_second.get(behind):
                candidates = candidates + more
            best: dict[str, int] = {}
            for label, second, rest in candidates:
                if not behind.startswith(second):
                    continue
                end = place + 2 if second else place + 1
                if rest:
                    end = _end(tokens, end, rest)
                if end > best.get(label, 0):
                    best[label] = end
            for label, end in best.items():
                hits.append(Hit(label, place, end))
        return hits

    def _beginning_with(self, token: str) -> _Beginning:
        parts = [
            self._stems[token[:size]] for size in self._sizes if size <= len(token) and token[:size] in self._stems
        ]
        if token in self._exact:
            parts.append(self._exact[token])
        if not parts:
            return _NONE
        if len(parts) == 1:
            return parts[0]
        joined = _Beginning()
        for part in parts:
            joined.join(part)
        return joined


def _end(tokens: Sequence[str], place: int, rest: tuple[str, ...]) -> int:
    """Where the phrase ends when its remaining words stand from `place` on, 0 when they do not."""
    for index, word in enumerate(rest):
        if word == _GAP:
            tail = rest[index + 1 :]
            return max(_end(tokens, place + skip, tail) for skip in _reach(tokens, place))
        if place >= len(tokens) or not _same(tokens[place], word):
            return 0
        place += 1
    return place


def _reach(tokens: Sequence[str], place: int) -> range:
    """How many words a gap may skip: up to two, none of them a break."""
    reach = 0
    while reach < _GAP_REACH and place + reach < len(tokens) and tokens[place + reach] not in BREAKS:
        reach += 1
    return range(reach + 1)


def _same(token: str, word: str) -> bool:
    return token.startswith(word[:-1]) if word.endswith("*") else token == word
