"""Caches that can be made to forget: what was looked up in a text may be a name, a number, or the whole text."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, ParamSpec, TypeVar, cast
from weakref import WeakSet

P = ParamSpec("P")
R = TypeVar("R")
_CACHES: WeakSet[Any] = WeakSet()


def remembered(maxsize: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """`functools.lru_cache` for whatever is asked about foreign text; `forget` empties it."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        cache = lru_cache(maxsize=maxsize)(function)
        _CACHES.add(cache)
        return cast("Callable[P, R]", cache)

    return decorate


def forget() -> None:
    """Empty every such cache of this process. What goes on using them only becomes slower for a moment."""
    for cache in list(_CACHES):
        cache.cache_clear()


def held() -> int:
    """How many answers are remembered now."""
    return sum(cache.cache_info().currsize for cache in list(_CACHES))
