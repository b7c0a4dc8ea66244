"""Everything people read, in their language. English stands in the code, the rest in catalogues."""

from bot.locale.attaching import attachment, in_short, more_attachments
from bot.locale.catalogue import MissingParam, available, best, ntext, text
from bot.locale.explaining import (
    LightText,
    describe,
    explain,
    help_lines,
    how,
    kind_name,
    label,
    light,
    params_of,
)
from bot.locale.folding import folded, how_to_unfold
from bot.locale.helping import helped, noted, opinion
from bot.locale.letters import LetterText, Way, letter
from bot.locale.origins import facts_used, made_by
from bot.locale.reasons import closed_because, reason, reason_in_full
from bot.locale.shares import number, percent
from bot.locale.times import ago, clock, span, took

__all__ = [
    "LetterText",
    "LightText",
    "MissingParam",
    "Way",
    "ago",
    "attachment",
    "available",
    "best",
    "clock",
    "closed_because",
    "describe",
    "explain",
    "facts_used",
    "folded",
    "help_lines",
    "helped",
    "how",
    "how_to_unfold",
    "in_short",
    "kind_name",
    "label",
    "letter",
    "light",
    "made_by",
    "more_attachments",
    "noted",
    "ntext",
    "number",
    "opinion",
    "params_of",
    "percent",
    "reason",
    "reason_in_full",
    "span",
    "text",
    "took",
]
