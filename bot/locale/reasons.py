"""Why something came to nothing, in the reader's language: the one place where codes of ours become words.

What others say is passed on: an adapter's own sentences are recognised, a network's words stay as they are.
"""

from __future__ import annotations

import re

from babel import Locale

from bot.locale import failures as f
from bot.locale import sentences as s
from bot.locale.catalogue import best, text
from bot.locale.remarks import remark
from bot.locale.troubles import trouble

_LATE = re.compile(r"[A-Z][A-Za-z]{2,60}Timeout(?:Error)?")
_BUG = re.compile(r"[A-Z][A-Za-z]{2,60}(?:Error|Exception|Disconnected)")
"""What a library calls that nobody answered, and whatever else went wrong in it or in us."""


def reason(locale: str, code: str) -> str:
    """Why something did not work, for the inside of a sentence: our own reasons in words, foreign words as they are."""
    if (known := _ours(code)) is not None:
        return text(locale, known)
    head, colon, more = code.partition(": ")
    if head in f.SLACK:
        return text(locale, f.SLACK[head]) + colon + more
    if _LATE.fullmatch(code):
        return text(locale, f.PROBLEMS["timeout"])
    if _BUG.fullmatch(code):
        return text(locale, "an unexpected error, {name}; the log says more", name=code)
    return trouble(locale, remark(locale, code)) or text(locale, "no reason given")


def reason_in_full(locale: str, code: str) -> str:
    """The same as a sentence by itself, where it is ours."""
    said = reason(locale, code)
    return f"{said[:1].upper()}{said[1:]}." if _ours(code) is not None else said


def closed_because(locale: str, words: str) -> str:
    """Why a ticket was closed: what people wrote as it is, or the rule that folded it away."""
    return text(locale, f.FOLDED[words]) if words in f.FOLDED else words


def ordered(locale: str, what: str) -> str:
    """What was to be done, from an order's type and, perhaps, its ticket: `card K7Q2`."""
    type_, _, ticket = what.strip().partition(" ")
    said = text(locale, f.ORDERS[type_]) if type_ in f.ORDERS else type_
    return f"{said}, {ticket}" if ticket else said


def language(locale: str, code: str) -> str:
    """A language's name in the reader's language; a code that nobody knows as it is."""
    return str(Locale.parse(best(locale)).languages.get(code, code))


def _ours(code: str) -> str | None:
    return f.PROBLEMS.get(code) or s.BECAUSE.get(code)
