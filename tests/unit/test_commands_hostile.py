"""The grammar answers to anything at all, in linear time, and never guesses a text wrong."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import messages as m
from bot.core.commands import MAX_TEXT, VERBS, Misunderstood, parse
from bot.core.ids import ticket_id
from bot.core.words import BY_WORD

IDS = st.integers(min_value=0, max_value=10**7).map(ticket_id)
ANY = st.text(st.characters(), max_size=300)  # lone surrogates included
VERB = st.sampled_from(sorted(BY_WORD))


@given(ANY, st.none() | IDS)
def test_any_line_has_an_answer(line: str, ticket: str | None) -> None:
    assert parse(line, by="ana", via="desk", ticket=ticket) is not None


@given(
    VERB, st.lists(ANY | IDS | st.sampled_from(["@ana", "2h", "on", "posted", "queja"]), max_size=4), st.none() | IDS
)
def test_any_line_that_starts_with_a_verb_has_an_answer(verb: str, words: list[str], ticket: str | None) -> None:
    answer = parse(" ".join([verb, *words]), by="ana", via="desk", ticket=ticket)
    if isinstance(answer, m.Wish):
        assert (answer.by, answer.via) == ("ana", "desk")
    else:
        assert not isinstance(answer, Misunderstood) or answer.reason


@given(IDS, ANY.filter(lambda text: bool(text.strip())))
def test_a_text_after_its_ticket_arrives_unchanged(ticket: str, text: str) -> None:
    for thread in (None, ticket):
        answer = parse(f"edit {ticket} {text}", by="ana", via="desk", ticket=thread)
        assert answer == m.Edit(by="ana", via="desk", ticket=ticket, text=text.strip())


@given(IDS, IDS, ANY)
def test_a_text_in_a_thread_is_taken_whole_or_asked_about(ticket: str, word: str, text: str) -> None:
    whole = f"{word} {text}".strip()
    answer = parse(f"edit {whole}", by="ana", via="desk", ticket=ticket)
    if isinstance(answer, m.Edit) and word != ticket:
        assert answer == m.Edit(by="ana", via="desk", ticket=ticket, text=whole)
    elif word != ticket:
        assert isinstance(answer, Misunderstood)
        assert answer.reason == "which_ticket"


@pytest.mark.parametrize(
    "filler", ["a", " ", "\n", "é", "@", "#", "/", "1", "K7Q2 ", "\u0301", "\ufdfa", "\ud800", "\x00"]
)
@pytest.mark.parametrize(
    "verb", ["", "edit ", "edit K7Q2 ", "snooze K7Q2 ", "settle K7Q2 ", "help ", "mute ", "stats "]
)
def test_a_megabyte_is_answered_at_once(verb: str, filler: str) -> None:
    line = verb + filler * (1_000_000 // len(filler))
    started = time.perf_counter()
    answer = parse(line, by="ana", via="desk")
    assert time.perf_counter() - started < 0.5
    assert isinstance(answer, Misunderstood) or not filler.strip()
    assert len(str(answer)) < 1000


@pytest.mark.parametrize("verb", [verb.name for verb in VERBS])
def test_what_is_shown_again_of_a_line_is_short(verb: str) -> None:
    answer = parse(f"{verb} {'x' * MAX_TEXT}", by="ana", via="desk")
    if isinstance(answer, Misunderstood):
        assert len(str(answer.params)) < 500
