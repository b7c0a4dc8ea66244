"""The embedded drafter: fitting, varied, deterministic texts that name the commenter's own point."""

import time
from dataclasses import replace

import pytest

from bot.core.briefs import Brief, Draft
from bot.core.guard_sameness import same_key
from bot.core.types import Kind, Sentiment, Severity, Visibility
from bot.triage import RuleClassifier
from handlers.models.offline import OfflineDrafter
from prompts import Prompts

DRAFTER = OfflineDrafter(Prompts())
COMPLAINT = Brief(
    comment="Llevo tres semanas esperando mi pedido. Un saludo.",
    author_name="Ana García",
    language="es",
    kind=Kind.COMPLAINT,
    severity=Severity.NORMAL,
    sentiment=Sentiment.NEGATIVE,
)
ENGLISH = replace(COMPLAINT, comment="My order arrived broken. Regards", author_name="Tom Hill", language="en")


def draft(brief: Brief) -> Draft:
    found = DRAFTER.draft(brief)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "change",
    [{"language": None}, {"language": "pt"}, {"kind": Kind.SPAM}, {"kind": Kind.NOISE}, {"language": ""}],
)
def test_nothing_is_proposed_for_an_unknown_language_spam_or_noise(change: dict[str, object]) -> None:
    assert DRAFTER.draft(replace(COMPLAINT, **change)) is None  # type: ignore[arg-type]


def test_a_complaint_is_met_by_name_with_its_own_point_and_a_next_step() -> None:
    found = draft(COMPLAINT)
    assert "Ana" in found.text
    assert "García" not in found.text
    assert "«llevo tres semanas esperando mi pedido»" in found.text
    assert "privado" in found.text
    assert found.source.startswith("offline:complaint.es#")


def test_an_english_complaint_is_met_in_english() -> None:
    found = draft(ENGLISH)
    assert "Tom" in found.text
    assert "“my order arrived broken”" in found.text
    assert "private" in found.text


def test_equal_briefs_get_equal_drafts() -> None:
    assert [draft(COMPLAINT) for _ in range(3)] == [OfflineDrafter(Prompts()).draft(COMPLAINT)] * 3


def test_the_seed_varies_the_words() -> None:
    assert len({draft(replace(COMPLAINT, seed=seed)).source for seed in range(10)}) >= 5


def test_what_was_said_before_is_not_said_again() -> None:
    said: list[str] = []
    for _ in range(8):
        found = draft(replace(COMPLAINT, avoid=tuple(said)))
        assert same_key(found.text) not in [same_key(text) for text in said]
        said.append(found.text)


def test_nothing_is_proposed_once_everything_has_been_said() -> None:
    brief = replace(COMPLAINT, author_name="x1", comment="!")
    said: list[str] = []
    while (found := DRAFTER.draft(replace(brief, avoid=tuple(said)))) is not None:
        said.append(found.text)
        assert len(said) < 20
    assert len(said) >= 3


def test_a_similar_text_for_somebody_else_gives_way_to_other_words() -> None:
    theirs = draft(replace(COMPLAINT, author_name="Luis"))
    assert draft(replace(COMPLAINT, avoid=(theirs.text,))).source != theirs.source


def test_the_signature_stands_at_the_end() -> None:
    assert draft(replace(COMPLAINT, signature="Ana")).text.endswith(" ^Ana")
    assert draft(replace(COMPLAINT, signature="^Ana")).text.endswith(" ^Ana")


@pytest.mark.parametrize("limit", [500, 300, 200, 140, 100, 80, 70])
def test_a_short_network_gets_a_whole_short_text(limit: int) -> None:
    found = draft(replace(COMPLAINT, max_length=limit))
    assert len(found.text) <= limit
    assert found.text[-1] in ".!?"


def test_where_nothing_whole_fits_nothing_is_proposed() -> None:
    assert DRAFTER.draft(replace(COMPLAINT, max_length=20)) is None


@pytest.mark.parametrize(("form", "word"), [("tu", "Escríbenos"), ("usted", "Escríbanos"), ("vos", "Escribinos")])
def test_the_form_of_address_is_the_voices(form: str, word: str) -> None:
    brief = replace(COMPLAINT, formality=form, seed=0)  # type: ignore[arg-type]
    assert word in draft(brief).text


@pytest.mark.parametrize(
    ("hint", "word"),
    [
        ("más formal", "Escríbanos"),
        ("trátale de usted", "Escríbanos"),
        ("more formal please", "Escríbanos"),
        ("más informal", "Escríbenos"),
        ("de tú", "Escríbenos"),
        ("con voseo", "Escribinos"),
    ],
)
def test_a_hint_about_formality_is_followed(hint: str, word: str) -> None:
    assert word in draft(replace(COMPLAINT, hint=hint, seed=0)).text


@pytest.mark.parametrize("hint", ["más corto", "shorter", "Más CORTA, por favor", "brief"])
def test_a_hint_to_be_shorter_is_followed(hint: str) -> None:
    long = draft(COMPLAINT)
    assert len(draft(replace(COMPLAINT, hint=hint, avoid=(long.text,))).text) < 0.6 * len(long.text)


@pytest.mark.parametrize("hint", ["por privado", "ask to go private", "que escriba un MD"])
def test_a_hint_to_go_private_is_followed(hint: str) -> None:
    question = replace(COMPLAINT, kind=Kind.QUESTION, comment="¿Tenéis talla 44?", hint=hint)
    assert all("privado" in draft(replace(question, seed=seed)).text for seed in range(6))


def test_any_other_hint_gives_another_variant() -> None:
    first = draft(COMPLAINT)
    assert draft(replace(COMPLAINT, hint="ponle alegría", avoid=(first.text,))).source != first.source


def test_in_a_private_conversation_nobody_is_sent_to_a_private_message() -> None:
    for seed in range(8):
        assert "privado" not in draft(replace(COMPLAINT, visibility=Visibility.PRIVATE, seed=seed)).text


@pytest.mark.parametrize("comment", ["¡Me encanta vuestra tienda!", "Todo genial, gracias"])
def test_praise_never_gets_an_apology_even_when_its_severity_was_raised(comment: str) -> None:
    for severity in Severity:
        brief = replace(COMPLAINT, comment=comment, kind=Kind.PRAISE, sentiment=Sentiment.POSITIVE, severity=severity)
        for seed in range(10):
            assert "entimos" not in draft(replace(brief, seed=seed)).text


@pytest.mark.parametrize(
    ("comment", "words"),
    [
        ("Mi hijo ha tenido una reacción alérgica", "emergencia"),
        ("me quiero morir", "emergencia"),
        ("Puedo ver los datos de otros clientes", "datos|seguridad"),
        ("Vuestro empleado me insultó por ser negro", "respeto|contarlo|duele|algo así|digno|decirlo|importas"),
        ("Os voy a denunciar en el juzgado", "gravedad|claridad|responsable|seriedad|asunto"),
        ("Esto es muy grave, lo digo en serio", "en serio|prioridad|antes que|importa|responsable|seriedad|primero"),
    ],
)
def test_a_critical_comment_gets_words_that_fit_the_danger_and_no_quotation(comment: str, words: str) -> None:
    import re

    for seed in range(6):
        found = draft(replace(COMPLAINT, comment=comment, severity=Severity.CRITICAL, seed=seed))
        assert found.source.startswith("offline:critical.es#")
        assert re.search(words, found.text)
        assert "«" not in found.text


def test_a_journalist_is_answered_as_one() -> None:
    brief = replace(COMPLAINT, comment="Soy periodista, ¿con quién hablo?", kind=Kind.QUESTION, severity=Severity.HIGH)
    assert all("medios" in draft(replace(brief, seed=seed)).text for seed in range(4))


def test_a_calm_question_of_high_severity_is_no_misfortune() -> None:
    brief = replace(COMPLAINT, comment="¿Hay rampa para silla de ruedas?", kind=Kind.QUESTION, severity=Severity.HIGH)
    assert draft(brief).source.startswith("offline:question.es#")


def test_a_draft_is_in_the_language_of_the_comment_and_takes_less_than_a_few_milliseconds() -> None:
    classifier = RuleClassifier()
    for brief in (COMPLAINT, ENGLISH):
        for seed in range(8):
            began = time.process_time()
            found = draft(replace(brief, seed=seed))
            assert time.process_time() - began < 0.02
            assert classifier.language(found.text)[0] == brief.language
