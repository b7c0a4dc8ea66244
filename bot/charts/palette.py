"""Colours that people with any colour vision tell apart, each with a pattern for grey paper.

Orange-red and blue are of the set by Okabe and Ito (https://jfly.uni-koeln.de/color/), darker or lighter where the
sheet asks for it: shapes stand out from it by 3 to 1 at least, words by 4.5 to 1
(https://www.w3.org/TR/WCAG22/#non-text-contrast). Bad is striped, even is hollow, good is solid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.core.scene import Ink

Theme = Literal["light", "dark"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """The sheet's colour, and that of each ink; `#rrggbb`."""

    sheet: str
    inks: Mapping[Ink, str]


PALETTES: Mapping[Theme, Palette] = {
    "light": Palette(
        sheet="#ffffff",
        inks={
            Ink.GOOD: "#0072b2",
            Ink.EVEN: "#6d787b",
            Ink.BAD: "#c24e00",
            Ink.GRID: "#e2dfd6",
            Ink.WORDS: "#1b2426",
            Ink.FAINT: "#566165",
        },
    ),
    "dark": Palette(
        sheet="#1c2324",
        inks={
            Ink.GOOD: "#56b4e9",
            Ink.EVEN: "#a9b5b5",
            Ink.BAD: "#f28e4b",
            Ink.GRID: "#344041",
            Ink.WORDS: "#e9eceb",
            Ink.FAINT: "#a9b5b5",
        },
    ),
}
