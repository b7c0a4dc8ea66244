"""Keeps the process small: glibc's allocator holds on to memory that a burst or a start needed once.

Both are hints. Where the C library is another one they do nothing. See mallopt(3) and malloc_trim(3).
"""

from __future__ import annotations

import ctypes

M_ARENA_MAX = -8
ARENAS = 2
"""Each thread would get a heap of its own, up to eight for every core; the interpreter lets one run at a time."""


def few_arenas() -> None:
    """Let all threads share few heaps. To be called before there are threads."""
    _call("mallopt", M_ARENA_MAX, ARENAS)


def give_back() -> None:
    """Return what is free to the system; takes milliseconds."""
    _call("malloc_trim", 0)


def _call(name: str, *numbers: int) -> None:
    function = getattr(ctypes.CDLL(None), name, None)
    if function is not None:
        function(*numbers)
