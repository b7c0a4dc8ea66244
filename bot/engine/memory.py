"""Keeps the process small: glibc's allocator holds on to memory that a burst or a start needed once.

Both are hints. Where the C library is another one they do nothing. See mallopt(3) and malloc_trim(3).
"""

from __future__ import annotations

import ctypes
import gc

M_ARENA_MAX = -8
USUAL = (700, 10, 10)
"""Python's own (https://docs.python.org/3.11/library/gc.html); a command line that ends soon looks more rarely."""
ARENAS = 2
"""Each thread would get a heap of its own, up to eight for every core; the interpreter lets one run at a time."""


def few_arenas() -> None:
    """Let all threads share few heaps. To be called before there are threads."""
    _call("mallopt", M_ARENA_MAX, ARENAS)


def settle() -> None:
    """Once all is imported: leave that out of what is looked through for garbage, and look at the usual intervals."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*USUAL)


def give_back() -> None:
    """Return what is free to the system; takes milliseconds."""
    _call("malloc_trim", 0)


def _call(name: str, *numbers: int) -> None:
    function = getattr(ctypes.CDLL(None), name, None)
    if function is not None:
        function(*numbers)
