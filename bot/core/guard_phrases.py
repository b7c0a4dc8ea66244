"""Phrases that a rule of the guard looks for: patterns over folded text, asked only where their words occur.

A rule's phrases stand in a text that people read and edit, one a line: first the stems of which one must occur, then
the pattern, `sorry | apolog :: (?:we're )?sorry`; a line that ends with `|` goes on in the next one. Patterns
are bounded by the edges of words. `…` stands for anything within the same sentence, at most sixty characters, so that
hostile text costs linear time.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, NamedTuple

from bot.core.plaintext import wordset
from bot.core.remembering import remembered

if TYPE_CHECKING:
    from collections.abc import Iterator

_WITHIN = "[^.!?\\n]{0,60}?"
_TOKEN = re.compile(r"[a-z0-9']+|[,;:.!?\n]")
_CLAUSE = frozenset(",;:.!?\n")
_NEGATORS = wordset("no nunca jamas ni sin nada nadie tampoco not never without nobody nothing cannot nor neither")
_REACH = 4
_BEGINNING = 3
# What a stem too short for that begins with.
_ANYWHERE = ""
_LOOKED_BACK = 60


class Hit(NamedTuple):
    """A passage that was found, and where it begins."""

    words: str
    start: int


class _Line(NamedTuple):
    """A phrase: what its stems begin with, the stems, the pattern as it is written."""

    begins: frozenset[str]
    stems: tuple[str, ...]
    pattern: str


@remembered(2)
def _stretches(folded: str) -> frozenset[str]:
    """All that stems in a text may begin with: of hundreds of lines, most are put aside by it."""
    return frozenset([_ANYWHERE, *(folded[place : place + _BEGINNING] for place in range(len(folded)))])


class Phrases:
    """The phrases of one rule in one or several languages."""

    __slots__ = ("_by_beginning", "_negatable", "_patterns", "_unless")

    def __init__(self, *sources: str, negatable: bool = True, unless: str = "") -> None:
        """`negatable` phrases do not count behind a "no" of the same clause, nor those that `unless` matches around.

        Raises ValueError for a line without stems.
        """
        self._patterns = [_parted(line) for source in sources for line in _lines(source)]
        self._by_beginning: dict[str, list[int]] = {}
        for number, line in enumerate(self._patterns):
            for beginning in line.begins:
                self._by_beginning.setdefault(beginning, []).append(number)
        self._negatable = negatable
        self._unless = re.compile(unless) if unless else None

    def find(self, folded: str) -> str:
        """The first passage that counts, in the order of the lines; empty when there is none."""
        return next((hit.words for hit in self.hits(folded)), "")

    def hits(self, folded: str) -> Iterator[Hit]:
        """All passages that count."""
        begun = _stretches(folded) & self._by_beginning.keys()
        for number in sorted({number for beginning in begun for number in self._by_beginning[beginning]}):
            line = self._patterns[number]
            if not any(map(folded.__contains__, line.stems)):
                continue
            for found in _compiled(line.pattern).finditer(folded):
                if self._counts(folded, found):
                    yield Hit(found[0].strip(" ,.;:!?\n"), found.start())

    def _counts(self, folded: str, found: re.Match[str]) -> bool:
        if self._negatable and negated(folded, found.start()):
            return False
        if self._unless is None:
            return True
        around = folded[max(0, found.start() - _LOOKED_BACK) : found.end() + _LOOKED_BACK]
        return self._unless.search(around) is None


def negated(folded: str, start: int) -> bool:
    """Whether a "no", "never" or "without" stands at most four words before a place, in the same clause."""
    before = _TOKEN.findall(folded[max(0, start - _LOOKED_BACK) : start])
    for token in reversed(before[-_REACH:]):
        if token in _CLAUSE:
            return False
        if token in _NEGATORS or token.endswith("n't"):
            return True
    return False


def _lines(source: str) -> Iterator[str]:
    """The phrases, those of several lines made one."""
    begun = ""
    for line in source.splitlines():
        begun += line.strip()
        if begun and not begun.endswith("|"):
            yield begun
            begun = ""


def _parted(line: str) -> _Line:
    stems, parted, pattern = line.partition("::")
    anchors = tuple(stem.strip() for stem in stems.split("|"))
    if not parted or not all(anchors):
        raise ValueError(f"a phrase needs stems before '::': {line!r}")
    begins = frozenset(anchor[:_BEGINNING] if len(anchor) >= _BEGINNING else _ANYWHERE for anchor in anchors)
    return _Line(begins, anchors, pattern.strip())


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Not before its stems occur: to compile all of them takes longer than a command line needs to start."""
    return re.compile(rf"(?<!\w)(?:{pattern.replace('…', _WITHIN)})(?!\w)")
