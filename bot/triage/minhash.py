"""Near duplicates among many short texts: MinHash signatures, banded, every candidate pair verified.

Broder, "On the resemblance and containment of documents" (1997); banding as in Leskovec, Rajaraman and Ullman, "Mining
of Massive Datasets", chapter 3. With 24 hashes in 12 bands of 2, a pair of Jaccard resemblance 0.6 becomes a candidate
in 99.5 of 100 cases; whether it really resembles is then counted from the sets themselves.
"""

from __future__ import annotations

import hashlib
import zlib
from collections import defaultdict
from typing import TYPE_CHECKING, Any, cast

from bot.triage.text import bare, tokens

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from numpy.typing import NDArray

HASHES, BANDS = 24, 12
ALIKE = 0.6
"""Jaccard resemblance from which two texts are near duplicates."""
MOST_COMPARED = 8
"""Candidates that a text is compared with in each band; a hostile crowd of them must not cost a square."""
_AGREEING = 8
"""Hashes in which texts agree that are worth counting out: at a resemblance of 0.6, 998 of 1,000 pairs do."""
_LONGEST = 600
_PRIME = 4_294_967_311
"""The first prime beyond 32 bits."""
_LETTERS = 4


# Factors and summands of the hashes `(a x + b) mod p`, the same in every process; 32 bits, so that nothing overflows.
_DRAWN = [int.from_bytes(hashlib.sha256(bytes([number])).digest()[:4]) for number in range(2 * HASHES)]


def shingles(text: str) -> frozenset[int]:
    """What two texts are compared by: the runs of four letters in their words, folded, links and names left out."""
    words = [word for word in tokens(bare(text[:_LONGEST])).folded if word[0].isalnum()]
    line = f" {' '.join(words)} ".encode() if words else b""
    return frozenset(
        [zlib.crc32(line[at : at + _LETTERS]) for at in range(max(len(line) - _LETTERS + 1, len(line) > 0))]
    )


def signature(found: Collection[int]) -> NDArray[Any]:
    """The least value of each hash over the shingles, of which there is one at least."""
    import numpy as np  # noqa: PLC0415 - half a second, only when needed

    drawn = np.array(_DRAWN, dtype=np.uint64).reshape(HASHES, 2)
    marks = np.fromiter(found, dtype=np.uint64, count=len(found))
    hashed = drawn[:, :1] * marks + drawn[:, 1:]
    return cast("NDArray[Any]", (hashed % np.uint64(_PRIME)).min(axis=1))


def resemblance(one: frozenset[int], other: frozenset[int]) -> float:
    """The share of shingles that both have (Jaccard), 0 to 1."""
    both = len(one & other)
    return both / (len(one) + len(other) - both) if both else 0.0


def _alike(one: frozenset[int], other: frozenset[int]) -> bool:
    """Whether they are near duplicates; of very different length they cannot be."""
    fewer, more = sorted((len(one), len(other)))
    return fewer >= ALIKE * more and resemblance(one, other) >= ALIKE


def clusters(texts: Sequence[str]) -> list[list[int]]:
    """The numbers of texts that resemble each other, at least two together; the largest group first."""
    sets = [shingles(text) for text in texts]
    parent = list(range(len(texts)))
    for one, other in _candidates(sets):
        top, below = _root(parent, one), _root(parent, other)
        if top != below and _alike(sets[one], sets[other]):
            parent[max(top, below)] = min(top, below)
    groups: dict[int, list[int]] = defaultdict(list)
    for number in range(len(texts)):
        groups[_root(parent, number)].append(number)
    return sorted((group for group in groups.values() if len(group) > 1), key=lambda group: (-len(group), group))


def _candidates(sets: Sequence[frozenset[int]]) -> Iterable[tuple[int, int]]:
    """Pairs that agree in a band (of a full bucket, with its first) and in so many hashes that they may be alike."""
    signed: dict[int, NDArray[Any]] = {}
    same: dict[frozenset[int], int] = {}
    buckets: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    for number, found in enumerate(sets):
        if not found:
            continue
        if found in same:
            # A text word for word again needs no signature of its own.
            yield same[found], number
            continue
        same[found] = number
        mine = signed[number] = signature(found)
        marks = mine.tolist()
        others: set[int] = set()
        for band in range(BANDS):
            bucket = buckets[band, marks[2 * band], marks[2 * band + 1]]
            others.update(bucket[:MOST_COMPARED])
            bucket.append(number)
        for other in sorted(others):
            if int((signed[other] == mine).sum()) >= _AGREEING:
                yield other, number


def _root(parent: list[int], number: int) -> int:
    while parent[number] != number:
        parent[number] = parent[parent[number]]
        number = parent[number]
    return number
