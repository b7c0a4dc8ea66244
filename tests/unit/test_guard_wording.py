"""The rules about wording: who writes where decides the verdict, facts support promises, quotations are not ours."""

from dataclasses import replace
from itertools import product

import pytest

from bot.core import guard_advice, guard_fault, guard_offers, guard_phrases, guard_slips, guard_tone
from bot.core.guard import GuardFacts, review
from bot.core.guard_phrases import Phrases, negated
from bot.core.plaintext import fold
from bot.core.types import Kind, Severity, Visibility
from tests.unit.test_guard_cases import CASES

FACTS = GuardFacts(
    language_wanted="en",
    language_found="en",
    length=10,
    max_length=500,
    visibility=Visibility.PUBLIC,
    by_person=False,
    own_domains=frozenset(),
    comment="My soup was cold and nobody came to the table",
    kind=Kind.COMPLAINT,
    recent=(),
)
B, W, TWO, NO = ("block", 1), ("warn", 1), ("warn", 2), None
VERDICTS = [
    ("fault", "It was our fault that the soup was cold.", (B, B, TWO, W)),
    ("fault", "We deny that the soup was cold.", (B, B, TWO, W)),
    ("compensation", "We will refund the soup.", (B, W, TWO, NO)),
    ("unsupported_promise", "The soup will be hot tomorrow, we promise.", (B, B, W, W)),
    ("blames", "You should have eaten the soup sooner.", (B, B, W, W)),
    ("blames", "You are an idiot, and the soup was fine.", (B, B, W, W)),
    ("blames", "You're all liars.", (B, B, W, W)),
    ("blames", "Eres un imbécil.", (B, B, W, W)),
    ("blames", "Ustedes son unos mentirosos.", (B, B, W, W)),
    ("irony", "Oh, please, a cold soup, how tragic.", (B, B, W, W)),
    ("advice", "Take an aspirin after the soup.", (B, B, TWO, TWO)),
    ("model_slip", "As an AI language model I eat no soup.", (B, B, W, W)),
    ("canned", "Thank you for your message. Your opinion matters.", (W, W, W, W)),
    ("wrong_language", "La sopa estaba muy fría en la mesa.", (B, B, W, W)),
    ("foreign_link", "Soup is at https://soup.example/", (B, B, W, W)),
    ("threatens_deletion", "We will delete your comment about the soup.", (B, B, B, B)),
    ("asks_personal_data", "Soup: what is your phone number?", (B, NO, W, NO)),
    ("asks_personal_data", "Soup: send us your password.", (B, B, B, B)),
    ("mass_mention", "Soup for @everyone", (B, B, B, B)),
    ("mass_mention", "Soup for @ana, @luis and @eva", (B, B, W, W)),
    ("empty", " ", (B, B, B, B)),
    ("control_characters", "Soup\u202e", (B, B, B, B)),
    ("identical_reply", "We will look at the soup", (B, B, W, W)),
]


@pytest.mark.parametrize(("rule", "text", "verdicts"), VERDICTS)
def test_who_writes_and_where_it_will_stand_decides_the_verdict(
    rule: str, text: str, verdicts: tuple[tuple[str, int] | None, ...]
) -> None:
    for (person, private), verdict in zip(product((False, True), repeat=2), verdicts, strict=True):
        facts = replace(
            FACTS,
            by_person=person,
            visibility=Visibility.PRIVATE if private else Visibility.PUBLIC,
            language_found="es" if rule == "wrong_language" else "en",
            recent=("We will look at the soup!",),
        )
        found = [(one.level, one.approvers) for one in review(text, facts) if one.rule == rule]
        assert found == ([] if verdict is None else [verdict]), (person, private)


def rules(text: str, facts: GuardFacts = FACTS) -> set[str]:
    return {finding.rule for finding in review(text, facts)}


def test_a_promise_that_a_fact_makes_is_no_promise_of_ours() -> None:
    text = "Your soup arrives within 48 hours."
    fact = "Soup arrives within 48 hours of the order."
    assert "unsupported_promise" in rules("You'll get your soup within 48 hours.")
    assert "unsupported_promise" in rules("You'll get your soup within 24 hours.", replace(FACTS, facts=(fact,)))
    assert "unsupported_promise" not in rules("You'll get your soup within 48 hours.", replace(FACTS, facts=(fact,)))
    assert "unsupported_promise" not in rules(text, replace(FACTS, facts=("soup", fact)))


def test_what_the_commenter_said_may_be_quoted_and_what_they_did_not_say_may_not() -> None:
    said = replace(FACTS, comment="You said it was our fault, the soup, and that you'll refund it tomorrow")
    assert rules("We read “it was our fault, the soup” and are looking at it.", said) == set()
    assert "fault" in rules("We read “it was our fault, all of it” and are looking at it.", said)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Reconocemos que la CULPA es nuestra, sí.", "la CULPA es nuestra"),
        ("Le devolverémos el dinero", "Le devolverémos"),
        ("Borraremos tu opinión.", "Borraremos tu opinión"),
        ("¿Cuál es tu número de teléfono?", "Cuál es tu número de teléfono"),
        ("Es \ufb01cción: \uff4fur fault", "our fault"),
    ],
)
def test_the_words_of_a_finding_are_those_of_the_text(text: str, words: str) -> None:
    assert words in {finding.words for finding in review(text, FACTS)}


def test_irony_and_apologies_depend_on_the_kind() -> None:
    joke, sorry = "Haha, the soup!", "We're sorry about the soup."
    assert "irony" in rules(joke)
    assert "irony" not in rules(joke, replace(FACTS, kind=Kind.PRAISE))
    praise = replace(FACTS, kind=Kind.PRAISE)
    assert "apology_to_praise" in rules(sorry, praise)
    assert "apology_to_praise" not in rules(sorry)
    assert "apology_to_praise" not in rules(sorry, replace(praise, severity=Severity.HIGH))


def test_in_an_emergency_nothing_needs_to_be_named() -> None:
    text = "Please call the emergency services. A person on the team is here."
    assert "canned" in rules(text)
    assert "canned" not in rules(text, replace(FACTS, severity=Severity.CRITICAL))


def test_one_character_that_stands_for_many_is_measured_by_what_it_shows() -> None:
    found = review("\ufdfa" * 2_000, replace(FACTS, max_length=None))
    assert [one.limit for one in found if one.rule == "too_long"] == [20_000]


@pytest.mark.parametrize(
    ("text", "word", "denied"),
    [
        ("this is not our fault", "our", True),
        ("no, our fault", "our", False),
        ("we don't say that it was our fault", "our", False),
        ("nunca es culpa vuestra", "culpa", True),
        ("our fault", "our", False),
    ],
)
def test_a_negation_reaches_four_words_within_its_clause(text: str, word: str, denied: bool) -> None:
    assert negated(text, text.index(word)) is denied


def test_a_phrase_without_stems_is_refused() -> None:
    for line in ("sorry", ":: sorry", "a | :: sorry"):
        with pytest.raises(ValueError, match="stems"):
            Phrases(line)


def test_the_stems_hide_nothing_that_the_patterns_find() -> None:
    texts = [fold(case["text"]) for case in CASES]
    found = 0
    for module in (guard_advice, guard_fault, guard_offers, guard_slips, guard_tone):
        for phrases in (one for one in vars(module).values() if isinstance(one, Phrases)):
            quick = [list(phrases.hits(text)) for text in texts]
            lines, index = phrases._patterns, phrases._by_beginning
            phrases._patterns = [line._replace(stems=("",)) for line in lines]
            phrases._by_beginning = {guard_phrases._ANYWHERE: list(range(len(lines)))}
            assert quick == [list(phrases.hits(text)) for text in texts]
            phrases._patterns, phrases._by_beginning = lines, index
            found += sum(map(bool, quick))
    assert found > 200
