"""A model's summary of a day's themes, and whether it may be shown: it may not make up numbers, and leads nowhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.links import find_hosts
from bot.core.plaintext import fold, invisible, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.core.briefs import Made

LONGEST = 600
"""Characters of a summary; it stands in the place of a few lines."""
_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d{3})*(?:[.,]\d+)?")
_WORD = re.compile(r"[^\W\d_]+")
_SPOKEN = {
    word: number
    for number, words in {
        2: "dos two both ambos ambas par",
        3: "tres three",
        4: "cuatro four",
        5: "cinco five",
        6: "seis six",
        7: "siete seven",
        8: "ocho eight",
        9: "nueve nine",
        10: "diez ten",
        11: "once eleven",
        12: "doce docena twelve dozen",
        15: "quince fifteen",
        20: "veinte twenty veintena",
        30: "treinta thirty",
        40: "cuarenta forty",
        50: "cincuenta fifty mitad half",
        100: "cien ciento cientos hundred hundreds centenar centenares",
        1000: "mil miles thousand thousands millar millares",
    }.items()
    for word in words.split()
}
"""Words for numbers; what also means something else (`once` in English, `one`) is judged by the language."""
_NOT_ENGLISH = frozenset({"once", "par", "mil"})
_NOT_SPANISH = frozenset({"ten"})
"""What the word means in the other language is no number there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrased:
    """What a model wrote about the themes, and what that cost."""

    text: str
    made: Made


def fit(text: str, language: str, themes: Sequence[tuple[int, str, str]]) -> str:
    """The summary as it may be shown; empty where it may not.

    Args:
        text: what the model wrote.
        language: `es` or `en`, in which its words for numbers are read.
        themes: how many comments, what names them, and an example, as the model was told.
    """
    plain = " ".join(visible(text).split())
    if not plain or len(plain) > LONGEST or invisible(text) or find_hosts(plain):
        return ""
    known = {number for size, words, example in themes for number in (size, *_numbers(f"{words} {example}", language))}
    return "" if _numbers(plain, language) - known else plain


def _numbers(text: str, language: str) -> set[float]:
    """The numbers in a text, in digits or words; `1.200` and `1,200` are twelve hundred, `1,5` is one and a half."""
    found = {_value(digits) for digits in _NUMBER.findall(text)}
    other = _NOT_ENGLISH if language == "en" else _NOT_SPANISH
    return found | {_SPOKEN[word] for word in _words(text) if word in _SPOKEN and word not in other}


def _words(text: str) -> Iterable[str]:
    return _WORD.findall(fold(text))


def _value(digits: str) -> float:
    bare = re.sub(r"[.,\u00a0\u202f ](?=\d{3}(?!\d))", "", digits)
    return float(bare.replace(",", ".")) if bare.count(".") + bare.count(",") <= 1 else -1.0
