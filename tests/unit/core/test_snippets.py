"""Snippets: what was found is marked, and nothing of a text can play tricks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.search import words_of
from bot.core.snippets import WIDTH, found_in, snippet


def marked(text: str, *rows: str, unfinished: bool = False) -> list[str]:
    return [text[start:end] for start, end in found_in(text, rows, unfinished=unfinished)]


@pytest.mark.parametrize(
    ("text", "rows", "unfinished", "found"),
    [
        ("El ENVÍO y el envio", ("envio",), False, ["ENVÍO", "envio"]),
        ("España, españa", ("espana",), False, ["España", "españa"]),
        ("panes y pan", ("pan",), False, ["pan"]),
        ("panes y pan", ("pan",), True, ["panes", "pan"]),
        ("panes y pan", ("y", "pan"), True, ["panes", "y", "pan"]),
        ("No, llegó. No", ("no llego",), False, ["No, llegó"]),
        ("no no llegó", ("no llego", "no"), False, ["no", "no llegó"]),
        ("e\u0301xito e\u200bnvio", ("exito", "envio"), False, ["e\u0301xito", "e\u200bnvio"]),
        ("nothing", ("pan",), True, []),
        ("", ("pan",), True, []),
        ("x" * 9_000 + " pan", ("pan",), False, []),
    ],
)
def test_words_are_found_as_the_index_finds_them(
    text: str, rows: tuple[str, ...], unfinished: bool, found: list[str]
) -> None:
    assert marked(text, *rows, unfinished=unfinished) == found


def test_a_long_text_is_shown_around_what_was_found() -> None:
    text = "before " * 50 + "the  pan\n\nis here " + "after " * 50
    pieces = snippet(text, found_in(text, ["pan"]))
    assert [piece.text for piece in pieces if piece.marked] == ["pan"]
    shown = "".join(piece.text for piece in pieces)
    assert shown.startswith("…before")
    assert shown.endswith("…")
    assert "the pan is here" in shown
    assert len(shown) <= WIDTH + 2


def test_without_words_the_beginning_is_shown() -> None:
    assert "".join(piece.text for piece in snippet("A short text.", ())) == "A short text."


def test_a_long_run_of_found_words_is_not_cut_in_two() -> None:
    text = "a " + "pan" * 100
    assert snippet(text, [(2, len(text))])[-1].text == "pan" * 100


@given(st.text(max_size=400), st.booleans())
def test_no_text_gets_through_unseen_characters_or_loses_its_marks(text: str, unfinished: bool) -> None:
    rows = words_of(text)[:3]
    pieces = snippet(text, found_in(text, rows, unfinished=unfinished))
    for piece in pieces:
        assert piece.text
        assert not set(piece.text) & set("\n\0\x1b\u202e\u200b\ud800")
