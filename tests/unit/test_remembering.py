"""What is remembered about foreign text can be forgotten, wherever it is remembered."""

from __future__ import annotations

import gc
import re
from pathlib import Path

import bot
from bot.core import remembering
from bot.core.remembering import forget, held, remembered
from bot.triage.classifier import RuleClassifier

PACKAGE = Path(bot.__file__).parent
ALLOWED = {
    "core/remembering.py": "the one place",
    "locale/catalogue.py": "names of locales",
    "locale/times.py": "days, minutes and lengths in words",
    "store/queries.py": "queries by their shape",
    "store/bulk.py": "statements by their columns",
}
"""Where `lru_cache` may be used: what is remembered there is not asked about foreign text."""


def test_it_remembers_until_it_is_told_to_forget() -> None:
    asked = []

    @remembered(8)
    def look_up(word: str) -> str:
        asked.append(word)
        return word.upper()

    assert [look_up("a"), look_up("a")] == ["A", "A"]
    assert asked == ["a"]
    assert held() > 0
    forget()
    assert held() == 0
    look_up("a")
    assert asked == ["a", "a"]


def test_a_cache_that_nobody_uses_any_more_is_let_go() -> None:
    before = len(remembering._CACHES)
    kept = remembered(8)(lambda word: word)
    assert len(remembering._CACHES) == before + 1
    del kept
    gc.collect()
    assert len(remembering._CACHES) == before


def test_not_a_word_nor_a_number_of_a_comment_is_left_in_memory() -> None:
    made = "".join(chr(ord(letter) + 1) for letter in "ptqzdkkb")  # a word that stands nowhere in this file
    number = str(600_123_000 + 987)
    RuleClassifier().assess(f"{made} is broken, call me: {number}!")
    assert held() > 0
    forget()
    gc.collect()
    strings = [one for one in _strings() if made in one or number in one]
    assert [one for one in strings if one not in (made, number)] == []
    assert len(strings) <= 4, "the two names above, and what asserts about them"


def _strings() -> list[str]:
    """Every string that a container holds."""
    found: set[int] = set()
    kept: list[str] = []
    for container in gc.get_objects():
        if isinstance(container, dict | tuple | list | set | frozenset) and container is not kept:
            values = [*container, *container.values()] if isinstance(container, dict) else list(container)
            for value in values:
                if isinstance(value, str) and id(value) not in found:
                    found.add(id(value))
                    kept.append(value)
    return kept


def test_nothing_else_is_remembered_about_texts() -> None:
    found = {
        file.relative_to(PACKAGE).as_posix()
        for file in PACKAGE.rglob("*.py")
        if re.search(r"\blru_cache\b", file.read_text(encoding="utf-8"))
    }
    assert found == set(ALLOWED)
