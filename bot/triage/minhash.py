"""Near duplicates among many short texts: MinHash signatures, banded, every candidate pair verified.

Broder, "On the resemblance and containment of documents" (1997); banding as in Leskovec, Rajaraman and Ullman, "Mining
of Massive Datasets", chapter 3. With 24 hashes in 12 bands of 2, a pair of Jaccard resemblance 0.6 becomes a candidate
in 99.5 of 100 cases; whether it really resembles is then counted from the sets themselves. Most of those that do not
are told before that by a row of bits for each set, of which two can be held against each other at once.
"""

from __future__ import annotations

import hashlib
import zlib
from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.triage.text import bare, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from bot.triage.text import Tokens

HASHES, BANDS = 24, 12
ALIKE = 0.6
"""Jaccard resemblance from which two texts are near duplicates."""
MOST_COMPARED = 8
"""Candidates that a text is compared with in each band; a hostile crowd of them must not cost a square."""
_AGREEING = 8
"""Hashes in which texts agree that are worth counting out: at a resemblance of 0.6, 998 of 1,000 pairs do."""
LONGEST = 600
"""Characters of a text that are looked at."""
_PRIME = 4_294_967_311
"""The first prime beyond 32 bits."""
_LETTERS = 4
_BITS = 4_096
_AT_ONCE = 64
"""Texts that are hashed together: some megabytes, however long they are."""

# Factors and summands of the hashes `(a x + b) mod p`, the same in every process; 32 bits, so that nothing overflows.
_DRAWN = [int.from_bytes(hashlib.sha256(bytes([number])).digest()[:4]) for number in range(2 * HASHES)]


def looked_at(text: str) -> Tokens:
    """What is compared of a text: its beginning in tokens, links and names left out."""
    return tokens(bare(text[:LONGEST]))


def shingles(folded: Sequence[str]) -> frozenset[int]:
    """What two texts are compared by: the runs of four letters in their words, given as folded tokens."""
    words = [word for word in folded if word[0].isalnum()]
    line = f" {' '.join(words)} ".encode() if words else b""
    return frozenset(
        [zlib.crc32(line[at : at + _LETTERS]) for at in range(max(len(line) - _LETTERS + 1, len(line) > 0))]
    )


class _Signed(NamedTuple):
    """So many shingles, the least value of each hash over them, and a row with a bit for each: `hidden` share one."""

    size: int
    least: NDArray[Any]
    bits: int
    hidden: int


def _signed(sets: Sequence[frozenset[int]]) -> Iterator[_Signed]:
    """Sign sets that have one shingle at least."""
    import numpy as np  # noqa: PLC0415 - half a second, only when needed

    drawn = np.array(_DRAWN, dtype=np.uint64).reshape(HASHES, 2)
    for begin in range(0, len(sets), _AT_ONCE):
        some = sets[begin : begin + _AT_ONCE]
        sizes = np.array([len(found) for found in some])
        marks = np.fromiter(chain.from_iterable(some), dtype=np.uint64, count=sizes.sum())
        hashed = (drawn[:, :1] * marks + drawn[:, 1:]) % np.uint64(_PRIME)
        least = np.minimum.reduceat(hashed, sizes.cumsum() - sizes, axis=1).T
        bits = np.zeros((len(some), _BITS), dtype=bool)
        bits[np.arange(len(some)).repeat(sizes), marks % np.uint64(_BITS)] = True
        rows = np.packbits(bits, axis=1)
        for found, mine, row in zip(some, least, rows, strict=True):
            marked = int.from_bytes(row.tobytes())
            yield _Signed(len(found), mine, marked, len(found) - marked.bit_count())


def resemblance(one: frozenset[int], other: frozenset[int]) -> float:
    """The share of shingles that both have (Jaccard), 0 to 1."""
    both = len(one & other)
    return both / (len(one) + len(other) - both) if both else 0.0


def _alike(one: frozenset[int], other: frozenset[int]) -> bool:
    """Whether they are near duplicates; of very different length they cannot be."""
    fewer, more = sorted((len(one), len(other)))
    return fewer >= ALIKE * more and resemblance(one, other) >= ALIKE


def _may_be(one: _Signed, other: _Signed) -> bool:
    """False only where they are none for sure.

    For each shingle that both have, both have a bit, unless it is hidden by another's.
    """
    both = (one.bits & other.bits).bit_count() + one.hidden
    return both >= ALIKE * (one.size + other.size - both)


def clusters(texts: Sequence[str]) -> list[list[int]]:
    """The numbers of texts that resemble each other, at least two together; the largest group first."""
    return gathered([shingles(looked_at(text).folded) for text in texts])


def gathered(sets: Sequence[frozenset[int]]) -> list[list[int]]:
    """The same of texts given by their shingles."""
    parent = list(range(len(sets)))
    for one, other in _candidates(sets):
        top, below = _root(parent, one), _root(parent, other)
        if top != below and _alike(sets[one], sets[other]):
            parent[max(top, below)] = min(top, below)
    groups: dict[int, list[int]] = defaultdict(list)
    for number in range(len(sets)):
        groups[_root(parent, number)].append(number)
    return sorted((group for group in groups.values() if len(group) > 1), key=lambda group: (-len(group), group))


def _candidates(sets: Sequence[frozenset[int]]) -> Iterable[tuple[int, int]]:
    """Pairs that agree in a band (of a full bucket, with its first) and in so many hashes that they may be alike."""
    first: dict[frozenset[int], int] = {}
    for number, found in enumerate(sets):
        if found and first.setdefault(found, number) != number:
            # A text word for word again needs no signature of its own.
            yield first[found], number
    known: dict[int, _Signed] = {}
    buckets: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    for number, mine in zip(first.values(), _signed(list(first)), strict=True):
        marks = mine.least.tolist()
        others: set[int] = set()
        for band in range(BANDS):
            bucket = buckets[band, marks[2 * band], marks[2 * band + 1]]
            others.update(bucket[:MOST_COMPARED])
            bucket.append(number)
        known[number] = mine
        for other in sorted(others):
            if _may_be(mine, known[other]) and int((known[other].least == mine.least).sum()) >= _AGREEING:
                yield other, number


def _root(parent: list[int], number: int) -> int:
    while parent[number] != number:
        parent[number] = parent[parent[number]]
        number = parent[number]
    return number
