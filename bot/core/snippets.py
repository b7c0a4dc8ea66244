"""A line of a text around the words that were found in it, marked, and harmless to look at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.core import foreign
from bot.core.foreign import Piece
from bot.core.plaintext import fold, written
from bot.core.search import LONGEST

WIDTH = 160
"""Characters of a snippet."""
_BEFORE = 40  # characters in front of the first word that was found
_LOOKED_AT = 5_000  # characters of a text in which words are marked
_SPACE = re.compile(r"\s+")

Span = tuple[int, int]


def found_in(text: str, rows: Sequence[str], *, unfinished: bool = False) -> list[Span]:
    """Where the words stand: (start, end) in order, without overlaps.

    Args:
        text: as it was written.
        rows: folded words; those with spaces between them must stand side by side.
        unfinished: the last row may end in the middle of a word.
    """
    text = text[:_LOOKED_AT]
    there = [(fold(match[0])[:LONGEST], match.span()) for match in written(text)]
    spans: list[Span] = []
    for number, row in enumerate(rows, start=1):
        spans += _row(there, row.split(" "), unfinished=unfinished and number == len(rows))
    return _joined(sorted(spans))


def _row(there: Sequence[tuple[str, Span]], row: Sequence[str], *, unfinished: bool) -> Iterator[Span]:
    *first, last = row
    for at, (word, (_, end)) in enumerate(there[len(first) :]):
        ends = word.startswith(last) if unfinished else word == last
        if ends and [before for before, _ in there[at : at + len(first)]] == first:
            yield there[at][1][0], end


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in spans:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def snippet(text: str, spans: Sequence[Span]) -> tuple[Piece, ...]:
    """A line around the first of the spans with all of them marked, `…` where something is left out."""
    start, end = _window(text, spans)
    made: list[Piece] = [Piece("…")] if start > 0 else []
    at = start
    for span in (*spans, (end, end)):
        first, last = (min(place, end) for place in span)
        made += _pieces(text[at:first], marked=False)
        made += _pieces(text[first:last], marked=True)
        at = last
    if end < len(text):
        made.append(Piece("…"))
    return tuple(made)


def _window(text: str, spans: Sequence[Span]) -> Span:
    """What is shown: never a part of a word that was found, hardly one of another."""
    first = spans[0][0] if spans else 0
    start = max(0, first - _BEFORE)
    if start:
        gap = _SPACE.search(text, start, first)
        start = gap.end() if gap else start
    end = min(len(text), start + WIDTH)
    for one, other in spans:
        if one < end < other:
            end = other
    return start, end


def _pieces(text: str, *, marked: bool) -> list[Piece]:
    return [replace(piece, marked=marked) for piece in foreign.pieces(_SPACE.sub(" ", text))]
