"""Normalising and cutting a comment into tokens, in linear time."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.plaintext import fold, invisible, visible
from bot.core.remembering import forget
from bot.triage import RuleClassifier
from bot.triage.text import MOST_CHARACTERS, MOST_TOKENS, bare, capped, tokens


def test_folding_makes_equal_what_looks_alike() -> None:
    assert fold("ÑANDÚ\u200b ’ﬁn’ Ｈola") == "nandu 'fin' hola"


def test_tokens_keep_the_words_as_written_next_to_their_folded_form() -> None:
    found = tokens("¡Qué MAL!! No llegó… don’t :( 😡")
    assert found.folded == [".", "que", "mal", "!", "no", "llego", ".", "don't", ":(", "😡"]
    assert found.shown == ["¡", "Qué", "MAL", "!!", "No", "llegó", "…", "don’t", ":(", "😡"]


def test_a_stretched_word_is_the_word() -> None:
    assert tokens("graciasssss holaaaaa").folded == ["gracias", "hola"]


def test_links_addresses_and_mentions_are_taken_out() -> None:
    assert bare("a https://x.com/b @ana c ana@x.example d www.x.com").split() == ["a", "c", "d"]


def test_only_the_beginning_of_a_giant_text_is_looked_at() -> None:
    assert len(capped("a" * 10_000_000)) == MOST_CHARACTERS
    assert len(tokens("a " * 100_000).folded) == MOST_TOKENS


GIANTS = [
    "a" * 10_000_000,
    "a-" * 2_000_000,
    "a." * 2_000_000,
    "@" * 4_000_000,
    "no " * 2_000_000,
    "no puedo " * 500_000,
    "ignore all " * 500_000,
    "https://" * 500_000,
    "\ufdfa" * 1_000_000,
    "a\u0301" * 1_000_000,
    "\u202e" * 4_000_000,
    "?!" * 2_000_000,
    "x@x." * 1_000_000,
    "<" * 4_000_000,
    "cobr 1 " * 500_000,
    "gracias por " * 300_000,
]


@pytest.fixture(scope="module")
def classifier() -> RuleClassifier:
    classifier = RuleClassifier()
    classifier.warm()
    return classifier


@pytest.mark.parametrize("text", GIANTS, ids=range(len(GIANTS)))
def test_a_hostile_giant_costs_no_more_than_a_page_of_text(classifier: RuleClassifier, text: str) -> None:
    began = time.process_time()
    classifier.assess(text)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize("piece", ["a-", "no puedo ", "ignore all ", "x@x.", "a.", "me "])
def test_twice_the_text_takes_at_most_a_few_times_as_long(classifier: RuleClassifier, piece: str) -> None:
    def best(text: str) -> float:
        times = []
        for _ in range(5):
            forget()
            began = time.process_time()
            classifier.assess(text)
            times.append(time.process_time() - began)
        return min(times)

    half = (piece * MOST_CHARACTERS)[: MOST_CHARACTERS // 2]
    assert best(half * 2) < 4 * best(half) + 0.005


@given(st.text(max_size=300))
def test_no_text_makes_it_fail_and_equal_texts_are_assessed_equally(text: str) -> None:
    shared = _shared()
    assert shared.assess(text) == shared.assess(text)


@given(st.text())
def test_nothing_invisible_is_left_in_a_visible_text(text: str) -> None:
    assert invisible(visible(text)) == []


_kept: list[RuleClassifier] = []


def _shared() -> RuleClassifier:
    if not _kept:
        _kept.append(RuleClassifier())
    return _kept[0]
