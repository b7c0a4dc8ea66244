"""The distance between two texts."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core.distance import MOST, changed, edit_distance

TEXT = st.text(st.sampled_from("abñ🥐 "), max_size=24)


def by_the_book(one: str, other: str) -> int:
    """The whole table, row by row."""
    row = list(range(len(other) + 1))
    for at, char in enumerate(one, 1):
        above, row = row, [at]
        for place, theirs in enumerate(other, 1):
            row.append(min(above[place] + 1, row[-1] + 1, above[place - 1] + (char != theirs)))
    return row[-1]


@settings(max_examples=150, deadline=None)
@given(TEXT, TEXT)
@example("kitten", "sitting")
@example("", "abc")
def test_the_distance_is_that_of_the_table(one: str, other: str) -> None:
    assert edit_distance(one, other) == by_the_book(one, other) == edit_distance(other, one)


def test_the_share_goes_from_nothing_to_all_and_giants_are_compared_in_part() -> None:
    assert changed("", "") == changed("same", "same") == 0
    assert changed("abcd", "wxyz") == 1
    assert changed("one two", "one too") == 1 / 7
    assert changed("a" * 100_000, "a" * MOST) == 0
