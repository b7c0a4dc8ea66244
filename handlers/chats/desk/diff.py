"""What changed between two wordings, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_MOST = 3000
"""Words of both texts together that are compared one by one; longer texts are compared line by line."""


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of text that stayed (`same`), went (`gone`) or came (`new`)."""

    kind: Literal["same", "gone", "new"]
    text: str


def word_diff(old: str, new: str) -> list[Change]:
    """Both texts in one: without what is `new` it is the old one, without what is `gone` the new one."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if len(before) + len(after) > _MOST:
        before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    return list(_changes(before, after))


def _changes(before: list[str], after: list[str]) -> Iterator[Change]:
    for what, i, j, k, n in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            yield Change("same", "".join(before[i:j]))
            continue
        if i < j:
            yield Change("gone", "".join(before[i:j]))
        if k < n:
            yield Change("new", "".join(after[k:n]))
