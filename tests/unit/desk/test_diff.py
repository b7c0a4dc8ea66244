"""Differences between wordings, and the passages that checks are about."""

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.types import Finding
from handlers.chats.desk.diff import Change, word_diff
from handlers.chats.desk.view import hue, initial, mark_level
from tests.contract.desk_side import DeskSide

TEXT = st.text(alphabet="ab ñ\n.,👩\u200d\u202e", max_size=60)


@given(TEXT, TEXT)
@settings(max_examples=200)
def test_both_wordings_can_be_read_off_the_difference(old: str, new: str) -> None:
    changes = word_diff(old, new)
    assert "".join(one.text for one in changes if one.kind != "new") == old
    assert "".join(one.text for one in changes if one.kind != "gone") == new


def test_only_the_words_that_changed_are_marked() -> None:
    assert word_diff("We are sorry, Marta.", "We are very sorry, Marta!") == [
        Change("same", "We are"),
        Change("new", " very"),
        Change("same", " sorry, Marta"),
        Change("gone", "."),
        Change("new", "!"),
    ]


def test_giant_wordings_do_not_take_long() -> None:
    old = "\n".join(f"word{n % 7} " * 40 for n in range(80))
    new = "\n".join(f"word{n % 5} " * 40 for n in range(80))
    began = time.perf_counter()
    changes = word_diff(old[:20_000], new[:20_000])
    assert time.perf_counter() - began < 0.5
    assert "".join(one.text for one in changes if one.kind != "gone") == new[:20_000]


async def test_a_thread_shows_what_each_revision_changed_as_plain_text(desk: DeskSide) -> None:
    ticket = desk.world.comment(draft="Sorry, <b>Marta</b>.")
    desk.world.propose(ticket, "Sorry, <i>Marta</i>\u202e.")
    html = (await (await desk.browser("luis")).get(f"/desk/t/{ticket}")).text
    assert "<del>b</del>" in html
    assert "<ins>i</ins>" in html
    assert "⟨U+202E⟩" in html
    assert "<i>Marta" not in html
    assert "What changed (2 revisions)" in html


def test_a_marked_passage_is_as_serious_as_the_worst_check_about_it() -> None:
    checks = (
        Finding(rule="foreign_link", level="warn", words="a.example"),
        Finding(rule="asks_personal_data", level="block", words="your PIN at a.example"),
    )
    assert mark_level("a.example", checks) == "block"
    assert mark_level("a.example", checks[:1]) == "warn"
    assert mark_level("something else", checks) == "warn"


@given(st.text(max_size=30))
def test_everybody_has_a_picture_of_one_harmless_character(name: str) -> None:
    shown = initial(name)
    assert len(shown) == 1
    assert shown == "•" or shown.isalnum()
    assert hue(name) in range(8)
