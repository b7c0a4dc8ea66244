"""Stacked bars over a scale: what both charts have in common."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.charts.scene import WIDTH, Box, Ink, Rule, Shape, Words

LEFT, RIGHT, TOP, BOTTOM = 34.0, WIDTH - 8.0, 66.0, 190.0
"""Where the bars stand: the scale's numbers are left of it, the labels below, the heading and the legend above."""
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
    place = (WIDTH - 16) / max(len(legend), 1)
    for at, (ink, words) in enumerate(legend):
        x = 8 + at * place
        yield Box(x, 32, 12, 12, ink)
        yield Words(x + 17, 42.5, words, size=12)


def scale(highest: int) -> tuple[int, int]:
    """How far the scale goes and by which steps: 1, 2 or 5 times a power of ten, at most four of them."""
    step = 1
    while step * 4 < highest:
        lead = int(str(step)[0])
        step = step * 5 // 2 if lead == 2 else step * 2
    room = highest * 1.06  # what the highest bar says stands above it
    return max(1, math.ceil(room / step)) * step, step


def bars(chosen: Sequence[Bar], *, totals: bool = False) -> Iterator[Shape]:
    """The bars with their scale; with `totals` each says how high it is, otherwise the highest one alone does."""
    highest = max((bar.total for bar in chosen), default=0)
    top, step = scale(highest)
    unit = (BOTTOM - TOP) / top
    for value in range(0, top + 1, step):
        y = BOTTOM - value * unit
        yield Rule(LEFT, y, RIGHT - LEFT)
        yield Words(LEFT - 5, y + 4, str(value), anchor="end", ink=Ink.FAINT)
    place = (RIGHT - LEFT) / max(len(chosen), 1)
    width = min(place - min(_GAP * 2, place / 4), 34.0)
    said = False
    for at, bar in enumerate(chosen):
        middle = LEFT + (at + 0.5) * place
        yield from _stack(bar, middle - width / 2, width, unit)
        if bar.total and (totals or (bar.total == highest and not said)):
            said = True
            yield Words(
                _inside(middle, str(bar.total)),
                BOTTOM - bar.total * unit - 4,
                str(bar.total),
                anchor="middle",
                bold=True,
            )
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
    """Where a label's middle goes so that it stays on the sheet; letters are about six pixels wide."""
    half = len(label) * 3.0 + 2.0
    return min(max(middle, half), WIDTH - half)
