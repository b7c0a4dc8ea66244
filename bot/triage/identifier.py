"""py3langid's language model cut down to some languages, and walked over word by word.

The model counts stretches of bytes with an automaton and weighs them by naive Bayes (Lui and Baldwin 2012, "langid.py:
An Off-the-shelf Language Identification Tool"; probabilities as py3langid 0.3 tempers them). Its table has 40 MB: what
a common word does to the automaton is remembered, since nearly every byte read there is a miss in the cache.
"""

from __future__ import annotations

import gc
import lzma
import math
import mmap
import shutil
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bot.core.remembering import remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Words of letters only, and few: no text and no number stays behind.
_REMEMBERED = 4096
_LONGEST_REMEMBERED = 24
_Walk = Callable[[int, str], tuple[int, tuple[int, ...], int]]


class Identifier:
    """How likely each language is. Immutable but for what it remembers, and thus thread-safe."""

    def __init__(self, languages: Sequence[str]) -> None:
        """Takes about half a second. Raises ValueError when the model does not know one of the languages."""
        import numpy as np  # noqa: PLC0415 - half a second, only when needed

        self._np: Any = np
        with _unpacked() as model:
            labels: list[str] = model["classes"].tolist()
            unknown = set(languages) - set(labels)
            if unknown:
                raise ValueError(f"the model does not know {', '.join(sorted(unknown))}")
            kept = [number for number, label in enumerate(labels) if label in languages]
            self._labels = [labels[number] for number in kept]
            # In the precision that is reckoned in: to convert a text's share each time takes longer than the rest.
            self._weights = model["ptc"][:, kept].astype(np.float32, order="C")
            self._priors = model["pc"][kept]
            rows, counted = model["nextmove_row"].tolist(), model["out_feat"].tolist()
            self._over = _walker(_on_disk(model["nextmove"]), rows, counted)
        self._common = remembered(_REMEMBERED)(self._over)
        gc.collect()

    def likelihoods(self, words: Iterable[str]) -> dict[str, float]:
        """For each language its probability, in a text of these words of letters with spaces in between."""
        text = unicodedata.normalize("NFC", " ".join(words))
        counts, size = self._counts(text.lower() if text.isupper() else text)
        scores = self._priors * 0
        if counts:
            numbers = self._np.fromiter(counts.keys(), dtype=self._np.intp, count=len(counts))
            times = self._np.fromiter(counts.values(), dtype=self._np.float32, count=len(counts))
            scores = (self._np.log1p(times).dot(self._weights.take(numbers, 0)) + self._priors) / math.sqrt(size)
        likely = self._np.exp(scores - scores.max())
        merged: dict[str, float] = {}
        # A language in two scripts stands there twice.
        for label, share in zip(self._labels, (likely / likely.sum()).tolist(), strict=True):
            merged[label] = merged.get(label, 0.0) + share
        return merged

    def _counts(self, text: str) -> tuple[Counter[int], int]:
        """How often the automaton passes each stretch that counts, in the order of the first times; the bytes."""
        state, size = 0, 0
        passed: list[int] = []
        first, *others = text.split(" ")
        for word in (first, *(" " + other for other in others)):
            walk = self._common if len(word) <= _LONGEST_REMEMBERED else self._over
            state, stretches, long = walk(state, word)
            passed += stretches
            size += long
        return Counter(passed), size


def _walker(table: memoryview, rows: Iterable[int], counted: Sequence[int]) -> _Walk:
    """The walk from a state over a word: the state behind it, the stretches that count on the way, the bytes."""
    starts = [row << 8 for row in rows]

    def walk(state: int, word: str) -> tuple[int, tuple[int, ...], int]:
        data = word.encode("utf-8", "surrogatepass")
        states: list[int] = []
        for byte in data:
            state = table[starts[state] + byte]
            states.append(state)
        passed = [stretch for stretch in map(counted.__getitem__, states) if stretch >= 0]
        return state, tuple(passed), len(data)

    return walk


@contextmanager
def _unpacked() -> Iterator[Any]:
    """The model's arrays by name, each read when it is asked for.

    The library's own reader holds several copies of the table at once: 100 MB more while the process starts.
    """
    import numpy as np  # noqa: PLC0415
    from py3langid.langid import MODEL_DIR, MODEL_FILE  # noqa: PLC0415

    with tempfile.TemporaryFile() as whole:
        with lzma.open(MODEL_DIR / MODEL_FILE) as packed:
            shutil.copyfileobj(packed, whole, 1 << 20)
        whole.seek(0)
        with np.load(whole, allow_pickle=False) as model:
            yield model


def _on_disk(table: Any) -> memoryview:
    """The automaton as a mapped temporary file: comments walk over a few pages of it."""
    with tempfile.TemporaryFile() as file:
        table.astype("uint32", copy=False).tofile(file)
        file.flush()
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return memoryview(mapped).cast("I")
