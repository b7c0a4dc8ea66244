"""Stacked bars over a scale: what both charts have in common."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.core.scene import WIDTH, Box, Ink, Rule, Shape, Words

LEFT, RIGHT, TOP, BOTTOM = 43.0, WIDTH - 8.0, 66.0, 190.0
"""Where the bars stand: the scale's numbers are left of them, the labels below, the heading and the legend above."""
HEIGHT = 212.0
_GAP = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: how many of each meaning, from the bottom up, and the label below it, if any."""

    parts: tuple[tuple[Ink, int], ...]
    label: str = ""

    @property
    def total(self) -> int:
        """How high it is."""
        return sum(many for _, many in self.parts)


def heading(title: str, legend: Sequence[tuple[Ink, str]]) -> Iterator[Shape]:
    """What is shown, in bold, and below it the meaning of each pattern with its sum."""
    yield Words(8, 18, title, size=14, bold=True)
    x, place = 8.0, (WIDTH - 16) / max(len(legend), 1)
    wide = [17 + 6.2 * len(words) + 8 for _, words in legend]
    for (ink, words), needs in zip(legend, wide, strict=True):
        yield Box(x, 32, 12, 12, ink)
        yield Words(x + 17, 42.5, words, size=12)
        # In columns, as long as each has room in its own.
        x += place if max(wide) <= place else needs


def scale(highest: int) -> tuple[int, int]:
    """How far the scale goes and by which steps: 1, 2 or 5 times a power of ten, at most four of them."""
    step = 1
    while step * 4 < highest:
        lead = int(str(step)[0])
        step = step * 5 // 2 if lead == 2 else step * 2
    room = highest * 1.06  # what the highest bar says stands above it
    return max(1, math.ceil(room / step)) * step, step


def bars(
    chosen: Sequence[Bar], number: Callable[[int], str], *, totals: bool = False, before: str = ""
) -> Iterator[Shape]:
    """The bars with their scale; with `totals` each says how high it is, otherwise the highest one alone does.

    `number` writes numbers down; `before` stands in front of the labels.
    """
    highest = max((bar.total for bar in chosen), default=0)
    top, step = scale(highest)
    unit = (BOTTOM - TOP) / top
    left = 13 + max(LEFT - 13, *(6 * len(words) for words in (number(top), before)))
    for value in range(0, top + 1, step):
        y = BOTTOM - value * unit
        yield Rule(left, y, RIGHT - left)
        yield Words(left - 5, y + 4, number(value), anchor="end", ink=Ink.FAINT)
    if before:
        yield Words(left - 5, BOTTOM + 15, before, anchor="end", ink=Ink.FAINT)
    place = (RIGHT - left) / max(len(chosen), 1)
    width = min(place - min(_GAP * 2, place / 4), 34.0)
    said = False
    for at, bar in enumerate(chosen):
        middle = left + (at + 0.5) * place
        yield from _stack(bar, middle - width / 2, width, unit)
        if bar.total and (totals or (bar.total == highest and not said)):
            said = True
            many = number(bar.total)
            yield Words(_inside(middle, many), BOTTOM - bar.total * unit - 4, many, anchor="middle", bold=True)
        if bar.label:
            yield Words(_inside(middle, bar.label), BOTTOM + 15, bar.label, anchor="middle", ink=Ink.FAINT)


def _stack(bar: Bar, x: float, width: float, unit: float) -> Iterator[Box]:
    """One bar; a hair of paper between its parts, unless they are thinner than that."""
    below = 0
    for ink, many in bar.parts:
        if many:
            height = many * unit
            yield Box(x, BOTTOM - (below + many) * unit, width, max(height - _GAP, height / 2), ink)
            below += many


def _inside(middle: float, label: str) -> float:
    """Where a label's middle goes so that it stays on the sheet."""
    return min(max(middle, _half(label)), WIDTH - _half(label))


def _half(label: str) -> float:
    """Half of the room that a label of the usual size takes: letters are about six pixels wide."""
    return len(label) * 3.0 + 2.0
