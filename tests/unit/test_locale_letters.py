"""Failures in words: none without, and nothing to be typed in them that is not understood."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.commands import Misunderstood, parse
from bot.core.letters import Letter, LetterState, order_number, remedies
from bot.core.messages import Announce
from bot.core.words import BY_NAME
from bot.locale import available, letter, reason
from bot.locale import failures as f
from bot.locale.catalogue import places
from tests.support.calls import argument, calls, literals

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def made(state: LetterState, type: str = "publish", **more: Any) -> Letter:
    values: dict[str, Any] = {"id": "E17" if state is LetterState.DEAD else "K7Q2.1", "ticket": "K7Q2"}
    values |= {"part": "network" if type == "publish" else "room", "place": "team", "since": NOW, "reason": "HTTP 403"}
    return Letter(**(values | {"type": type, "state": state, "remedies": remedies(state, type)} | more))


def ordered() -> set[str]:
    """The types of all orders that the program gives."""
    return {
        name
        for _, called, node in calls("engine", "store", "reports")
        if called == "Order"
        for name in literals(argument(node, "type", 9))
    }


def every() -> list[Letter]:
    replies = [made(state) for state in LetterState if state is not LetterState.DEAD]
    return [*replies, *(made(LetterState.DEAD, name) for name in sorted(ordered()))]


def test_there_are_orders_to_be_found() -> None:
    assert ordered() >= {"publish", "card", "say"}


@pytest.mark.parametrize("shown", every(), ids=lambda one: one.code)
def test_every_failure_says_what_happened_what_it_means_and_what_to_do_in_every_language(shown: Letter) -> None:
    said = {locale: letter(locale, shown) for locale in available()}
    for locale, words in said.items():
        assert all((words.title, words.happened, words.meaning, words.advice)), locale
        assert "HTTP 403" in words.happened
        assert {way.verb for way in words.ways} == set(shown.remedies) != set()
        assert all(way.purpose for way in words.ways)
    assert len({words.meaning for words in said.values()}) == len(said)


@pytest.mark.parametrize("shown", every(), ids=lambda one: one.code)
def test_what_is_to_be_typed_is_understood_in_every_language_and_means_that_verb(shown: Letter) -> None:
    for locale in available():
        for way in letter(locale, shown).ways:
            answer = parse(way.typed, by="ana", via="desk")
            assert not isinstance(answer, Misunderstood), way.typed
            assert type(answer) is type(parse(_english(shown, way.verb), by="ana", via="desk")), way.typed


def _english(shown: Letter, verb: str) -> str:
    return letter("en", shown).ways[[way.verb for way in letter("en", shown).ways].index(verb)].typed


def test_remedies_are_verbs_and_an_approved_reply_is_never_simply_done() -> None:
    for state in LetterState:
        for name in ("publish", "card", "say", "anything"):
            assert set(remedies(state, name)) <= set(BY_NAME)
    assert "done" in remedies(LetterState.DEAD, "card")
    assert "done" not in remedies(LetterState.DEAD, "publish")


def test_words_that_did_not_arrive_are_said_in_the_reader_s_language() -> None:
    shown = made(LetterState.DEAD, "say", said=Announce(code="item_removed", ticket="K7Q2"))
    assert letter("en", shown).said == "The comment is not on the network any more."
    assert letter("es", shown).said == "El comentario ya no está en la red."


def test_reasons_of_ours_are_translated_and_those_of_others_left_alone() -> None:
    assert reason("es", "no_such_room") == "la configuración no nombra esa sala"
    assert reason("es", "expired") == "se dio hace demasiado tiempo"
    assert reason("es", "{place} HTTP 500") == "{place} HTTP 500"
    assert reason("en", "") == "no reason given"


def test_every_reason_that_the_engine_gives_by_a_code_has_words() -> None:
    given_codes = {
        code
        for _, called, node in calls("engine", "core")
        if called in ("Trouble", "Permanent", "_bury", "Unknown")
        for code in (*literals(argument(node, "reason", 0)), *literals(argument(node, "detail", 1)))
    }
    assert {code for code in given_codes if code} <= set(f.PROBLEMS)


ANY = st.text(max_size=12)


@given(st.sampled_from(["en", "es", "xx"]), st.sampled_from(LetterState), st.tuples(ANY, ANY, ANY), st.none() | ANY)
def test_wording_a_failure_never_fails(
    locale: str, state: LetterState, foreign: tuple[str, str, str], ticket: str | None
) -> None:
    name, why, place = foreign
    shown = made(state, name, reason=why, place=place, part=place, ticket=ticket, remedies=("retry", name))
    said = letter(locale, shown)
    assert said.title
    assert all(way.verb == "retry" or way.verb in f.WAYS for way in said.ways)


def test_the_tables_hold_places_that_are_always_filled() -> None:
    assert frozenset[str]().union(*(places(one) for row in f.LETTERS.values() for one in row)) <= {
        "reason",
        "place",
        "ticket",
    }
    assert {place for rows in f.WAYS.values() for row in rows for one in row for place in places(one)} == {"about"}


@pytest.mark.parametrize(("word", "number"), [("E17", 17), ("#e1", 1), ("17", None), ("E", None), ("E١", None)])
def test_an_order_is_called_by_an_e_and_its_number(word: str, number: int | None) -> None:
    assert order_number(word) == number
