"""Sentences in people's languages: catalogues, values, plurals, times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.locale import MissingParam, ago, available, best, clock, ntext, span, text
from bot.locale.catalogue import _messages, fill

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def test_there_are_english_and_spanish() -> None:
    assert available() == ("en", "es")


@pytest.mark.parametrize(
    ("asked", "given"),
    [("es", "es"), ("es-MX", "es"), ("es_ES.UTF-8", "es"), ("ES", "es"), ("en-GB", "en"), ("fr", "en"), ("", "en")],
)
def test_the_nearest_locale_is_taken(asked: str, given: str) -> None:
    assert best(asked) == given


def test_a_sentence_comes_in_the_language_asked_for() -> None:
    assert text("en", "The ticket is closed.") == "The ticket is closed."
    assert text("es", "The ticket is closed.") == "El ticket está cerrado."
    assert text("es-AR", "The ticket is closed.") == "El ticket está cerrado."


def test_what_is_not_translated_stays_english() -> None:
    assert text("es", "Nobody ever translated {n} of these.", n=3) == "Nobody ever translated 3 of these."
    assert text("es", "") == ""


def test_a_missing_value_is_a_mistake_and_one_too_many_is_none() -> None:
    with pytest.raises(MissingParam, match="'who' is missing"):
        text("es", "Assigned to {who}.", whom="Ana")
    assert text("es", "Assigned to {who}.", who="Ana", more=1) == "Ticket asignado a Ana."


@given(st.text())
def test_a_value_is_put_in_as_it_is(value: str) -> None:
    assert fill("a {who} b", {"who": value}) == f"a {value} b"


def test_a_value_that_looks_like_a_place_is_left_alone() -> None:
    said = text("en", "{by} has a question for {who}.", by="{who} {0} %s", who="Ana")
    assert said == "{who} {0} %s has a question for Ana."


def test_plurals_follow_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ntext("en", "{n} ticket", "{n} tickets", 1) == "1 ticket"
    assert ntext("en", "{n} ticket", "{n} tickets", 0) == "0 tickets"
    assert ntext("es", "{n} ticket of {who}", "{n} tickets of {who}", 2, who="Ana") == "2 tickets of Ana"
    monkeypatch.setattr(_messages("es"), "_catalog", {("one {n}", 0): "uno {n}", ("one {n}", 1): "varios {n}"})
    assert ntext("es", "one {n}", "more {n}", 1) == "uno 1"
    assert ntext("es", "one {n}", "more {n}", 5) == "varios 5"


@pytest.mark.parametrize(
    ("locale", "delta", "said"),
    [
        ("en", timedelta(seconds=-3), "just now"),
        ("es", timedelta(seconds=3), "ahora mismo"),
        ("es", timedelta(seconds=-89), "hace 89 segundos"),
        ("es", timedelta(seconds=-90), "hace 2 minutos"),
        ("en", timedelta(seconds=-118), "2 minutes ago"),
        ("en", timedelta(minutes=-5), "5 minutes ago"),
        ("es", timedelta(minutes=-5), "hace 5 minutos"),
        ("es", timedelta(hours=2), "dentro de 2 horas"),
        ("en", timedelta(days=-1), "1 day ago"),
        ("fr", timedelta(days=-1), "1 day ago"),
    ],
)
def test_how_long_ago_is_said_as_people_say_it(locale: str, delta: timedelta, said: str) -> None:
    assert ago(locale, NOON + delta, NOON) == said


def test_a_moment_is_said_in_the_team_s_time_zone() -> None:
    madrid = timezone(timedelta(hours=1))
    assert clock("es", NOON, madrid) == "20 nov 2026, 13:00"
    assert clock("en", NOON, madrid) == "Nov 20, 2026, 1:00 PM"
    assert clock("en", NOON) == "Nov 20, 2026, 12:00 PM"


def test_a_moment_of_today_is_said_by_its_time_alone_and_today_depends_on_the_zone() -> None:
    late, madrid = datetime(2026, 11, 20, 23, 30, tzinfo=UTC), timezone(timedelta(hours=1))
    assert clock("es", late, now=NOON) == "23:30"
    assert clock("en", late, now=NOON) == "11:30 PM"
    assert clock("es", late, madrid, now=NOON) == "21 nov 2026, 0:30"
    assert clock("es", late, now=NOON - timedelta(days=1)) == "20 nov 2026, 23:30"


def test_a_span_is_said_without_a_direction() -> None:
    assert span("es", timedelta(hours=1)) == "1 hora"
    assert span("es", timedelta(minutes=90)) == "90 minutos"
    assert span("en", timedelta(hours=50)) == "2 days"
    assert span("en", timedelta(minutes=30)) == "30 minutes"
