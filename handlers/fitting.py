"""Whether a text can stand on a network exactly as it is."""

from __future__ import annotations

from collections.abc import Callable

from bot.core.fromhtml import clean
from bot.core.plaintext import visible


def unfit(text: str, measure: Callable[[str], int] = len, most: int | None = None, *, taken: str = "") -> str | None:
    """Why it cannot; None where it can.

    Args:
        text: what is to stand there.
        measure: how long the network thinks a text is.
        most: the longest that it takes.
        taken: characters that this network takes away, beside those that all do.
    """
    if not visible(text).strip():
        return "The text is empty."
    if clean(text) != text or any(one in text for one in taken):
        return "The text has control characters."
    if most is not None and measure(text) > most:
        return "The text is too long."
    return None
