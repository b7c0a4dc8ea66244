"""How much people changed a text: Levenshtein's distance in characters, fast enough for whole replies.

Bit-parallel, a column of the table in one whole number: Myers, "A fast bit-vector algorithm for approximate string
matching" (J. ACM 46, 1999), in Hyyrö's form for the distance between two whole strings (2003).
"""

from __future__ import annotations

MOST = 4_000
"""Characters of each text that are compared; time grows with the product of both lengths."""


def edit_distance(one: str, other: str) -> int:
    """The fewest insertions, deletions and replacements of a character that make one text the other."""
    one, other = one[:MOST], other[:MOST]
    if not one or not other:
        return max(len(one), len(other))
    full = (1 << len(one)) - 1
    last = 1 << (len(one) - 1)
    where: dict[str, int] = {}
    for place, char in enumerate(one):
        where[char] = where.get(char, 0) | 1 << place
    up, down, distance = full, 0, len(one)
    for char in other:
        same = where.get(char, 0)
        diagonal = (((same & up) + up) ^ up) | same | down
        right, left = down | (full & ~(diagonal | up)), up & diagonal
        distance += bool(right & last) - bool(left & last)
        right = (right << 1 | 1) & full
        left = left << 1 & full
        up, down = left | (full & ~(diagonal | right)), right & diagonal
    return distance


def changed(one: str, other: str) -> float:
    """The distance as a share of the longer text: 0 for equal texts, 1 where nothing is left."""
    longest = min(MOST, max(len(one), len(other)))
    return edit_distance(one, other) / longest if longest else 0.0
