"""What makes a comment look like a trick, in words. A flag is what triage found and the passage: `role:you are now`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.core.foreign import visible
from bot.locale.catalogue import text

if TYPE_CHECKING:
    from bot.core.views import Card

TRICKS: Mapping[str, str] = {
    "instructions": "It tells the reader to disregard instructions",
    "role": "It tells the reader to play somebody else",
    "authority": "It claims to speak for the system",
    "task": "It sets a task",
    "reply_order": "It says what is to be answered",
    "later_order": "It gives orders for later",
    "fake_answer": "It looks like a machine's answer",
    "markup": "It holds code or markup",
    "prompt": "It asks for the instructions of a machine",
    "order_to_bot": "It gives orders to a bot",
    "fake_tag": "It imitates marks of a conversation",
    "hidden": "It holds signs that nobody sees",
}
DISGUISES: Mapping[str, str] = {
    "base64": "Base64",
    "hex": "hexadecimal",
    "spaced": "letters apart",
    "morse": "Morse code",
    "entities": "HTML entities",
    "percent": "percent signs",
    "escapes": "escapes",
    "rot13": "ROT13",
    "reversed": "backwards",
    "leet": "digits for letters",
    "binary": "binary",
    "lookalikes": "look-alike letters",
}


def tricks(locale: str, card: Card) -> list[str]:
    """One line for each flag, harmless to look at."""
    return [_trick(locale, flag) for flag in card.suspicious]


def _trick(locale: str, flag: str) -> str:
    name, _, passage = flag.partition(":")
    if name in TRICKS:
        said = text(locale, TRICKS[name])
    elif name in DISGUISES:
        said = text(locale, "It gives orders in disguise ({how})", how=text(locale, DISGUISES[name]))
    else:
        said = visible(name)
    return f"{said}: «{visible(passage)}»" if passage else said
