"""Shares and numbers as people write them."""

from __future__ import annotations

from babel.numbers import format_decimal, format_percent, get_decimal_symbol

from bot.locale.catalogue import best
from bot.locale.times import SPACES


def number(locale: str, value: float) -> str:
    """`12,300`, `12.300`, `31.5`: to a tenth."""
    return format_decimal(round(value, 1), format="#,##0.#", locale=best(locale)).translate(SPACES)


def percent(locale: str, share: float) -> str:
    """`80%`, `80 %`, of a share from 0 to 1; never rounded up to all of it."""
    shown = min(share, 0.99) if share < 1 else share
    return format_percent(shown, format=None, locale=best(locale)).translate(SPACES)


def point(locale: str) -> str:
    """`.` or `,`: what stands before the tenths."""
    return get_decimal_symbol(best(locale))
