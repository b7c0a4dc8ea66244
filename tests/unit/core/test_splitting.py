"""Long texts in pieces."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from bot.core.splitting import fold, split, utf16

TEXTS = st.text(max_size=600) | st.text(alphabet="a \n\u0301👩\u200d👧🇪🇸🏿", max_size=600)


@given(text=TEXTS, limit=st.integers(2, 50))
def test_joined_they_are_the_text_and_each_fits(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert "".join(pieces) == text
    assert all(0 < utf16(piece) <= limit for piece in pieces)


@given(text=TEXTS, limit=st.integers(2, 50))
def test_what_is_folded_and_what_is_left_are_everything(text: str, limit: int) -> None:
    head, left = fold(text, limit)
    assert text.startswith(head)
    assert len(head) + left == len(text)
    assert utf16(head) <= limit


def test_pieces_end_at_paragraphs_lines_and_words() -> None:
    assert split("one two three", 8) == ["one two ", "three"]
    assert split("aaaa\n\nbbbb cc", 8) == ["aaaa\n\n", "bbbb cc"]


def test_letters_with_accents_and_families_stay_whole() -> None:
    for whole in ("e\u0301", "👩\u200d👩\u200d👧", "👍🏿", "❤\ufe0f", "🇪🇸"):
        pieces = split("x" * 9 + whole * 3, 10)
        assert not any(
            unicodedata.category(piece[0]) in {"Mn", "Me"} or piece[0] in "\u200d\ufe0f🏿" for piece in pieces
        )


def test_a_flood_of_marks_ends_somewhere() -> None:
    assert [len(piece) for piece in split("a" + "\u0301" * 25, 10)] == [10, 10, 6]
