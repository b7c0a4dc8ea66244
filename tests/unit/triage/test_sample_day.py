"""The sample day is what newcomers see first: what it is taken for must be what people would say it is."""

from __future__ import annotations

import pytest

from bot.core.types import Kind, Severity
from bot.triage import RuleClassifier
from handlers.networks.wall.sample import Line, script

COMPLAINTS = {
    "Julián Prats", "Derek Osei", "Beatriz Llorente", "Gloria Fernández", "Esteban Cruz", "Lucy Hammond", "Adrián V.",
    "Nadia Benali", "Chris Nolan-Byrne", "Inma Galdón", "Pawel Z.", "Sergio Bru", "Grace Lin", "Toni Camps",
    "Ben Carter", "Frank Dunmore", "Jo Whitfield", "Iker Zabala", "Gareth Pugh", "Lorena Díaz", "Ruth Okafor",
}  # fmt: skip
QUESTIONS = {
    "Marta Ibáñez", "Priya N.", "Nerea", "Sam Kowalski", "Aisha Rahman", "Olga Prieto", "Héctor Lamas", "Wei Chen",
    "Martin Feld", "Emilio Reyes", "Daniela Rossi",
}  # fmt: skip
PRAISE = {"Tom Wheeler", "Carmen Ruano", "Rosa Elvira", "Raúl Ortega", "Paula Moreno", "Zoe Barker"}
SUGGESTIONS = {"Hannah Price", "Pilar Soto", "Amelia Stone", "Silvia Cano"}
SPAM = {"GanaHoy24", "cheapfollowers_official"}
NOISE = {"lauri_k", "Óscar M.", "mike_in_leeds", "x"}
EXPECTED = {
    **dict.fromkeys(COMPLAINTS, Kind.COMPLAINT),
    **dict.fromkeys(QUESTIONS, Kind.QUESTION),
    **dict.fromkeys(PRAISE, Kind.PRAISE),
    **dict.fromkeys(SUGGESTIONS, Kind.SUGGESTION),
    **dict.fromkeys(SPAM, Kind.SPAM),
    **dict.fromkeys(NOISE, Kind.NOISE),
}
CLASSIFIER = RuleClassifier(languages=("es", "en"))


def first_of(author: str) -> Line:
    return next(line for line in script() if line.author == author)


@pytest.mark.parametrize(("author", "kind"), sorted(EXPECTED.items()))
def test_it_is_taken_for_what_it_is(author: str, kind: Kind) -> None:
    assert CLASSIFIER.assess(first_of(author).text).kind is kind


@pytest.mark.parametrize("author", ["Gloria Fernández", "Frank Dunmore"])
def test_what_is_critical_is_seen_to_be(author: str) -> None:
    assert CLASSIFIER.assess(first_of(author).text).severity is Severity.CRITICAL


def test_the_storm_is_high() -> None:
    storm = [line for line in script() if 63 <= line.at <= 74]
    assert len(storm) == 10
    high = [line for line in storm if CLASSIFIER.assess(line.text).severity is Severity.HIGH]
    assert len(high) == len(storm)


def test_the_injection_is_suspicious() -> None:
    assert CLASSIFIER.assess(first_of("Anonymous").text).suspicious


def test_nothing_else_is_critical() -> None:
    others = [line for line in script() if line.author not in {"Gloria Fernández", "Frank Dunmore"}]
    grave = [line.text for line in others if CLASSIFIER.assess(line.text).severity is Severity.CRITICAL]
    assert grave == []
