"""Everything people read, in their language. English stands in the code, the rest in catalogues."""

from bot.locale.catalogue import MissingParam, available, best, ntext, text
from bot.locale.explaining import LightText, describe, explain, help_lines, how, label, light, params_of, reason
from bot.locale.letters import LetterText, Way, letter
from bot.locale.times import ago, clock, span

__all__ = [
    "LetterText",
    "LightText",
    "MissingParam",
    "Way",
    "ago",
    "available",
    "best",
    "clock",
    "describe",
    "explain",
    "help_lines",
    "how",
    "label",
    "letter",
    "light",
    "ntext",
    "params_of",
    "reason",
    "span",
    "text",
]
