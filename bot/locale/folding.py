"""A roll in words (see `bot.core.folding`): how many comments lie there, and how to get at one of them."""

from __future__ import annotations

from bot.locale.catalogue import ntext, text


def folded(locale: str, n: int) -> str:
    """How many comments are folded away there."""
    return ntext(locale, "{n} comment folded away", "{n} comments folded away", n)


def how_to_unfold(locale: str) -> str:
    """What to do with them."""
    return text(
        locale, "Nobody has to answer them. “close” closes all of them; “reopen ID” gives one a card of its own."
    )
