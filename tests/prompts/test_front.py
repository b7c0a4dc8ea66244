"""Front matter: what is read, and that every mistake has a line."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prompts.front import parse_front
from prompts.variants import PromptError

KEYS = ("title", "tags", "valid_until", "language")


def test_values_lists_days_and_remarks_are_read() -> None:
    text = '---\n# remark\ntitle: "Opening: hours"\ntags: [a b, c,, a b]\nvalid_until: 2026-12-31\n---\n\nOne \n\nTwo\n'
    head = parse_front(text.replace("\n", "\r\n"), "f.md", KEYS)
    assert head.text("title") == "Opening: hours"
    assert head.words("tags") == ("a b", "c")
    assert head.day("valid_until") == date(2026, 12, 31)
    assert (head.text("language"), head.body) == ("", "One\n\nTwo")


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("", 1, "head is missing"),
        ("title: x\n", 1, "head is missing"),
        ("---\ntitle: x\n", 3, "does not end"),
        ("---\ntitle\n---\n", 2, "not understood"),
        ("---\n- title: x\n---\n", 2, "not understood"),
        ("---\n\ntitel: x\n---\n", 3, "there is no 'titel'"),
        ("---\ntitle: x\ntitle: y\n---\n", 3, "twice"),
        ("---\ntitle: a\u202eb\n---\n", 2, "cannot be seen"),
        ("---\ntitle: x\n---\ngood\nb\u200bad\n", 5, "cannot be seen"),
        (f"---\ntitle: {'x' * 501}\n---\n", 2, "longer than 500"),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, line: int, problem: str) -> None:
    with pytest.raises(PromptError, match=problem) as refused:
        parse_front(text, "facts/f.md", KEYS)
    assert (refused.value.file, refused.value.line) == ("facts/f.md", line)


@pytest.mark.parametrize("day", ["31-12-2026", "2026-13-01", "tomorrow", "2026-12-31T10:00"])
def test_a_day_is_a_day(day: str) -> None:
    head = parse_front(f"---\nvalid_until: {day}\n---\n", "f.md", KEYS)
    with pytest.raises(PromptError, match=r"f\.md:2: valid_until"):
        head.day("valid_until")


PIECES = st.lists(
    st.sampled_from(["---", "title:", "title: x", "tags: [", "valid_until: 2026-01-01", "#", "", "\x00", "language"])
    | st.text(max_size=12),
    max_size=8,
)


@settings(max_examples=120, deadline=None)
@given(PIECES)
def test_whatever_stands_there_is_read_or_refused_with_a_line_of_the_file(pieces: list[str]) -> None:
    text = "\n".join(pieces)
    refused = None
    try:
        head = parse_front(text, "f.md", KEYS)
        head.words("tags")
        head.day("valid_until")
    except PromptError as error:
        refused = error
    assert text.startswith("---") if refused is None else 1 <= refused.line <= text.count("\n") + 1
