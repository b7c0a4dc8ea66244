import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.foreign import Piece, editable, in_code, pieces, preview, safe_url, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, ¡con acentos!\nand lines", "plain, ¡con acentos!\nand lines"),
        ("a\u202eb", "a⟨U+202E⟩b"),
        ("zero\u200bwidth", "zero⟨U+200B⟩width"),
        ("\x1b[2J", "⟨U+001B⟩[2J"),
        ("half \ud83d pair", "half ⟨U+D83D⟩ pair"),
        ("tag \U000e0041", "tag ⟨U+E0041⟩"),
        ("\u2028", "⟨U+2028⟩"),
        ("e\u0301", "e\u0301"),
        ("नमस्\u200dते", "नमस्\u200dते"),
        ("👩\u200d👩\u200d👧 🏳️\u200d🌈", "👩\u200d👩\u200d👧 🏳️\u200d🌈"),
        ("a\u200db", "a⟨U+200D⟩b"),
        ("\U0001fae8", "\U0001fae8"),  # newer than some Pythons' tables
        ("", ""),
    ],
)
def test_what_cannot_be_seen_is_shown_by_its_code(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_flood_of_invisible_characters_stays_short() -> None:
    assert visible("a" + "\u200b" * 20_000 + "\u202e\u202eb") == "a⟨U+200B×20000 U+202E×2⟩b"


def test_a_stack_of_accents_cannot_grow_over_its_neighbours() -> None:
    assert "⟨U+0301×96⟩" in visible("Z" + "\u0301" * 100)


def test_the_words_that_a_check_is_about_are_marked_wherever_they_stand() -> None:
    assert pieces("send your PIN, the PIN!", ["PIN"]) == [
        Piece("send your "),
        Piece("PIN", marked=True),
        Piece(", the "),
        Piece("PIN", marked=True),
        Piece("!"),
    ]


def test_a_mark_that_holds_something_invisible_stays_one_passage() -> None:
    assert [piece.marked for piece in pieces("a P\u200bIN b", ["P\u200bIN"])] == [False, True, True, True, False]


def test_an_empty_mark_marks_nothing() -> None:
    assert pieces("text", [""]) == [Piece("text")]


@given(st.text(), st.lists(st.text(max_size=5), max_size=3))
def test_nothing_invisible_gets_through_and_nothing_visible_is_lost(text: str, marks: list[str]) -> None:
    shown = pieces(text, marks)
    joiners = "\u200c\u200d"
    assert all(
        char in "\n\t" + joiners or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
        for piece in shown
        for char in piece.text
    )
    left = "".join(piece.text for piece in shown if not piece.odd)
    remaining = iter(text)
    assert all(char in remaining for char in left)  # in the same order


def test_a_preview_is_one_line_and_says_that_it_is_cut() -> None:
    assert preview("one\n two") == [Piece("one two")]
    assert preview("x" * 161)[0].text == "x" * 160 + "…"
    assert preview("x" + " " * 5000 + "y")[0].text == "x…"


@pytest.mark.parametrize("url", ["https://a.example/x?y#z", "http://127.0.0.1:8080/wall#c1"])
def test_web_addresses_may_be_followed(url: str) -> None:
    assert safe_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "https://",
        "https:///x",
        "https://a.example/\u202egnp.exe",
        "https://a.example /x",
        "http://[::1",
        "mailto:a@b.example",
    ],
)
def test_other_addresses_may_not(url: str | None) -> None:
    assert safe_url(url) is None


def test_a_text_field_shows_what_it_cannot_hold() -> None:
    assert editable("a\0b\ud83d") == "a\ufffdb\ufffd"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("say `undo K7Q2` now", [("say ", False), ("undo K7Q2", True), (" now", False)]),
        ("`a``b`", [("a", True), ("b", True)]),
        ("a lone ` stays", [("a lone ` stays", False)]),
        ("`not\nover lines`", [("`not\nover lines`", False)]),
        ("``", [("``", False)]),
        ("", []),
    ],
)
def test_what_stands_between_backticks_is_code(text: str, shown: list[tuple[str, bool]]) -> None:
    assert in_code(text) == shown


@given(st.text(alphabet="`<>&\"'\nab/ ") | st.text())
def test_nothing_but_backticks_is_taken_from_a_text_that_is_cut_at_its_code(text: str) -> None:
    assert "".join(f"`{piece}`" if code else piece for piece, code in in_code(text)) == text
