"""Which of some hundred short texts fit a comment: BM25 over stems, behind a bar that what merely sounds alike misses.

BM25 as in Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009), section 3.4, with weighted fields.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.core.plaintext import fold, words
from bot.triage.reading import read
from bot.triage.stems import stems

_K1, _B = 1.2, 0.5
_TAG, _TITLE, _BODY = 3, 2, 1
# One tag, or a word of the title and another one, or three words of the text: less is chance.
_BAR = 3
# Among so many texts, a word that this share of them has in its midst tells none of them from the others.
_MANY, _COMMON = 20, 0.3
# Beside a text that fits far better, a poor one is noise.
_SHARE = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Searchable:
    """A text with what it is found by. Each tag may be several words, which must all be there."""

    title: str = ""
    tags: tuple[str, ...] = ()
    body: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A text by its stems, each with what it weighs; `long_tags` are those of several words."""

    weights: dict[str, int]
    long_tags: tuple[frozenset[str], ...]


class _Posting(NamedTuple):
    """What a stem says for a text: its part of the score and, as imaginary part, how much it is more than chance."""

    place: int
    says: complex  # so that one addition does for both


class Index:
    """Texts by their places in the sequence that they came in. Reading it changes nothing, from any thread."""

    def __init__(self, texts: Sequence[Searchable]) -> None:
        entries = [_entry(text) for text in texts]
        self._long_tags = [entry.long_tags for entry in entries]
        self._found = _postings(entries)

    def fitting(self, comment: str, allowed: Callable[[int], bool], most: int) -> list[int]:
        """The places of those that fit, the best first, `most` at most; of those that are `allowed`."""
        if not self._long_tags:
            return []
        asked = stems(read(comment).words.folded)
        sums: dict[int, complex] = defaultdict(complex)
        for stem in asked:
            for place, says in self._found.get(stem, ()):
                sums[place] += says
        reached = [(-total.real, place) for place, total in sums.items() if self._reaches(place, total.imag, asked)]
        chosen: list[tuple[float, int]] = []
        for found in sorted(reached):
            if len(chosen) == most or (chosen and found[0] > chosen[0][0] * _SHARE):
                break
            if allowed(found[1]):
                chosen.append(found)
        return [place for _, place in chosen]

    def _reaches(self, place: int, evidence: float, asked: frozenset[str]) -> bool:
        """Whether there is more than chance in it: a whole tag, or several words."""
        return evidence >= _BAR or any(tag <= asked for tag in self._long_tags[place])


def _postings(entries: Sequence[_Entry]) -> dict[str, list[_Posting]]:
    lengths = [sum(entry.weights.values()) for entry in entries]
    mean = sum(lengths) / max(1, len(entries))
    having: dict[str, list[int]] = defaultdict(list)
    for place, entry in enumerate(entries):
        for stem in entry.weights:
            having[stem].append(place)
    made: dict[str, list[_Posting]] = {}
    for stem, places in having.items():
        rare = math.log(1 + (len(entries) - len(places) + 0.5) / (len(places) + 0.5))
        made[stem] = []
        common = len(entries) >= _MANY and len(places) > len(entries) * _COMMON
        for place in places:
            weight = entries[place].weights[stem]
            if common and weight == _BODY:
                continue
            size = _K1 * (1 - _B + _B * lengths[place] / mean)
            made[stem].append(_Posting(place, complex(rare * weight * (_K1 + 1) / (weight + size), weight)))
    return made


def _entry(text: Searchable) -> _Entry:
    tags = [found for found in (stems(words(fold(tag))) for tag in text.tags) if found]
    weights: dict[str, int] = {}
    for weight, some in ((_BODY, stems(words(fold(text.body)))), (_TITLE, stems(words(fold(text.title))))):
        weights.update(dict.fromkeys(some, weight))
    for tag in tags:
        # A word of a longer tag says less than the whole.
        weights.update({stem: max(weights.get(stem, 0), _TAG if len(tag) == 1 else _TITLE) for stem in tag})
    return _Entry(weights, tuple(tag for tag in tags if len(tag) > 1))
