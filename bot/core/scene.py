"""What a chart is made of: rectangles, lines and words on a sheet as wide as a phone, each with what it means."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

WIDTH = 360
"""Of every chart, in CSS pixels: that of a narrow phone, so that nothing shrinks there."""


class Ink(StrEnum):
    """What a shape means; the palette says in which colour, and with which pattern it is drawn."""

    GOOD = "good"
    EVEN = "even"
    BAD = "bad"
    GRID = "grid"
    WORDS = "words"
    FAINT = "faint"


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle; `x` and `y` are its upper left corner."""

    x: float
    y: float
    width: float
    height: float
    ink: Ink


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin horizontal line."""

    x: float
    y: float
    width: float
    ink: Ink = Ink.GRID


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text; `y` is the line it stands on, `size` in CSS pixels."""

    x: float
    y: float
    text: str
    size: float = 11.0
    anchor: Literal["start", "middle", "end"] = "start"
    bold: bool = False
    ink: Ink = Ink.WORDS


Shape = Box | Rule | Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart laid out: `height` in CSS pixels, `alt` what there is to see in it, with its main figures."""

    name: str
    height: float
    alt: str
    shapes: tuple[Shape, ...]
