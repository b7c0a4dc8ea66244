"""Everything people read, in their language. English stands in the code, the rest in catalogues."""

from bot.locale.catalogue import MissingParam, available, best, ntext, text
from bot.locale.explaining import describe, explain, help_lines, how, label, params_of
from bot.locale.times import ago, clock, span

__all__ = [
    "MissingParam",
    "ago",
    "available",
    "best",
    "clock",
    "describe",
    "explain",
    "help_lines",
    "how",
    "label",
    "ntext",
    "params_of",
    "span",
    "text",
]
