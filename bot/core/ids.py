"""Short ticket ids: easy to type, hard to confuse, never used twice.

A running number is spread over all ids of its length by an affine permutation, so neighbours look nothing alike
and no look-up is needed to keep ids unique. No vowels (no words), no 0/O, 1/I/L.
"""

from __future__ import annotations

ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"
_BASE = len(ALPHABET)
_SHORTEST = 4
_STEP = 0.618


def ticket_id(number: int) -> str:
    """The id of the ticket with this running number (0, 1, 2, ...). Raises ValueError for a negative one."""
    if number < 0:
        raise ValueError(f"ticket numbers start at 0, got {number}")
    length = _SHORTEST
    while number >= (space := _BASE**length):
        number -= space
        length += 1
    # Base 27 = 3**3: any step that is not a multiple of 3 is coprime to the space and reaches every id once.
    step = int(space * _STEP) // 3 * 3 + 1
    spread = (number * step + space // 7) % space
    letters = []
    for _ in range(length):
        spread, digit = divmod(spread, _BASE)
        letters.append(ALPHABET[digit])
    return "".join(reversed(letters))


def reply_id(ticket: str, number: int) -> str:
    """The id of a ticket's reply number 1, 2, ..."""
    return f"{ticket}.{number}"
