"""The wall's one colour, made readable on light and on dark paper whatever the team chose.

Contrast as WCAG 2.2 defines it (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio); text wants 4.5 at least.
"""

from __future__ import annotations

from typing import Literal

READABLE = 4.5
LIGHT, DARK = "#fffdf9", "#211e1b"  # the sheets of wall.css
LIGHT_PAPER, DARK_PAPER = "#f7f4ee", "#171513"
WHITE, BLACK = "#ffffff", "#000000"
WASH = 0.1  # how much of the colour is in the ground of the brand's replies
STEP = 0.04


def stylesheet(accent: str, theme: Literal["auto", "light", "dark"]) -> str:
    """The rules that give a page its colour, to come after `wall.css`. `accent` is `#rrggbb`."""
    scheme = "light dark" if theme == "auto" else theme
    light = _readable(accent, (wash(accent, LIGHT), LIGHT_PAPER), BLACK)
    dark = _readable(accent, (wash(accent, DARK), DARK_PAPER), WHITE)
    rules = {
        "color-scheme": scheme,
        "--voice": f"light-dark({light}, {dark})",
        "--voice-wash": f"light-dark({wash(accent, LIGHT)}, {wash(accent, DARK)})",
        "--on-voice": f"light-dark({_on(light)}, {_on(dark)})",
    }
    return ":root {\n" + "".join(f"  {name}: {value};\n" for name, value in rules.items()) + "}\n"


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def wash(accent: str, paper: str) -> str:
    """A ground with a breath of the colour in it."""
    return _mixed(paper, accent, WASH)


def _readable(color: str, grounds: tuple[str, ...], towards: str) -> str:
    """The colour, moved towards black or white until it can be read on each ground."""
    part = 0.0
    mixed = color
    while any(contrast(mixed, ground) < READABLE for ground in grounds):
        part = min(1.0, part + STEP)
        mixed = _mixed(color, towards, part)
    return mixed


def _on(color: str) -> str:
    return max((WHITE, BLACK), key=lambda ink: contrast(ink, color))


def _mixed(color: str, other: str, part: float) -> str:
    pairs = zip(_channels(color), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in pairs)


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _luminance(color: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
