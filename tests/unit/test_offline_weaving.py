"""A fact or saved reply that fits is woven in with its link; the greeting says the time of day only when it is sure."""

from dataclasses import replace
from itertools import product

import pytest

from bot.core.briefs import Brief, Draft, Fact
from bot.core.guard import GuardFacts, review
from bot.core.types import Kind, Sentiment, Severity, Visibility
from bot.triage.opening import hello
from bot.triage.weaving import woven
from handlers.models.offline import OfflineDrafter
from prompts import FORMS, OFFLINE_KINDS, Prompts

PROMPTS = Prompts(None)
DRAFTER = OfflineDrafter(PROMPTS)
HOURS = Fact(
    id="horario",
    text="La tienda de Bilbao abre los domingos de 10 a 14.",
    language="es",
    source="Horarios 2026",
    url="https://marca.example/bilbao",
)
OTHER = Fact(id="envios", text="Los envíos a Canarias tardan una semana.", language="es", source="Envíos")
QUESTION = Brief(
    comment="¿A qué hora abre la tienda de Bilbao los domingos?",
    author_name="Ana Ruiz",
    language="es",
    kind=Kind.QUESTION,
    severity=Severity.NORMAL,
    sentiment=Sentiment.NEUTRAL,
    facts=(OTHER, HOURS),
    own_domains=frozenset({"marca.example"}),
)


def draft(brief: Brief) -> Draft:
    found = DRAFTER.draft(brief)
    assert found is not None
    return found


@pytest.mark.parametrize("kind", [Kind.QUESTION, Kind.COMPLAINT, Kind.SUGGESTION, Kind.COMMENT])
def test_the_fact_that_fits_is_told_with_its_link_and_listed(kind: Kind) -> None:
    for seed in range(4):
        found = draft(replace(QUESTION, kind=kind, seed=seed))
        assert found.facts == ("horario",)
        assert "La tienda de Bilbao abre los domingos de 10 a 14 (https://marca.example/bilbao)." in found.text


@pytest.mark.parametrize(
    "changes",
    [
        {"facts": (OTHER,), "kind": Kind.COMPLAINT},
        {"facts": (replace(HOURS, language="en"),)},
        {"kind": Kind.PRAISE},
        {"severity": Severity.CRITICAL},
        {"facts": (replace(HOURS, text="domingo " * 100),)},
        {"facts": (replace(HOURS, text=" \n"),)},
    ],
)
def test_what_does_not_fit_is_neither_told_nor_listed(changes: dict[str, object]) -> None:
    brief = replace(QUESTION, **changes)  # type: ignore[arg-type]
    assert woven(brief) is None or brief.severity is Severity.CRITICAL
    found = draft(brief)
    assert found.facts == ()
    assert "de 10 a 14" not in found.text


def test_where_somebody_asks_what_was_found_for_them_is_told_and_of_several_the_closest() -> None:
    assert draft(replace(QUESTION, facts=(OTHER,))).facts == ("envios",)
    assert draft(replace(QUESTION, facts=(OTHER, HOURS))).facts == draft(replace(QUESTION, facts=(HOURS,))).facts


def test_a_link_elsewhere_stays_out_of_the_text() -> None:
    assert "https" not in draft(replace(QUESTION, own_domains=frozenset({"otra.example"}))).text
    assert "https" not in draft(replace(QUESTION, facts=(replace(HOURS, url="javascript:alert(1)"),))).text


def test_a_saved_reply_is_told_without_its_greeting_and_only_its_first_paragraph() -> None:
    kept = Fact(
        id="saved/domingos", text="¡Hola! En Bilbao abrimos los domingos.\n\nOtra cosa.", language="es", source="x"
    )
    found = draft(replace(QUESTION, facts=(), saved=(kept,)))
    assert found.facts == ("saved/domingos",)
    assert "En Bilbao abrimos los domingos." in found.text
    assert "Otra cosa" not in found.text
    assert found.text.lower().count("hola") <= 1


def test_of_a_long_text_the_sentence_that_answers_is_told() -> None:
    long = "Fundada hace años. " * 20 + "La tienda de Bilbao abre los domingos a las diez. " + "Gracias por leer. " * 5
    assert woven(replace(QUESTION, facts=(replace(HOURS, text=long, url=None),))) == (
        "horario",
        "La tienda de Bilbao abre los domingos a las diez.",
    )


def test_a_promise_in_a_fact_may_be_repeated() -> None:
    fact = Fact(id="plazo", text="El pedido llega el martes si sale de Bilbao el lunes.", language="es", source="x")
    found = draft(replace(QUESTION, comment="¿Qué día llega el pedido de Bilbao?", facts=(fact,)))
    assert found.facts == ("plazo",)


@pytest.mark.parametrize(
    ("language", "hour", "words"),
    [
        *[("es", hour, "Buenos días") for hour in (7, 9, 10)],
        *[("es", hour, "Hola") for hour in (0, 3, 6, 11, 13, 14, 18, 20, 23, None)],
        *[("es", hour, "Buenas tardes") for hour in (15, 17)],
        *[("en", hour, "Good morning") for hour in (7, 9)],
        *[("en", hour, "Hi") for hour in (0, 6, 10, 12, 16, 19, 23, None)],
        ("en", 14, "Good afternoon"),
        ("fr", 9, ""),
    ],
)
def test_the_time_of_day_is_said_only_in_hours_in_which_it_will_hold(
    language: str, hour: int | None, words: str
) -> None:
    assert hello(language, hour, 16) == words
    assert hello(language, hour, 0) in {"Hola", "Hi", ""}


def test_a_draft_greets_by_the_time_of_day() -> None:
    texts = {draft(replace(QUESTION, facts=(), hour=9, seed=seed)).text.split(",")[0] for seed in range(16, 32)}
    assert any("Buenos días" in text for text in texts)
    assert not any("Hola" in text for text in texts)


def test_every_variant_in_every_form_passes_the_guard() -> None:
    values = {"hello": "Hola", "name": "Ana", "point": "«la lavadora»", "brand": "La Marca", "signature": "^Luis"}
    values["fact"] = HOURS.text
    tried = 0
    for language, kind in product(("es", "en"), OFFLINE_KINDS):
        facts = GuardFacts(
            language_wanted=language,
            language_found=language,
            length=0,
            max_length=500,
            visibility=Visibility.PUBLIC,
            by_person=False,
            own_domains=frozenset(),
            comment="la lavadora",
            kind=Kind.COMPLAINT if kind in {"high", "critical"} else Kind(kind),
            recent=(),
            facts=(HOURS.text,),
        )
        forms = FORMS if language == "es" else FORMS[:1]
        for variant, form, private in product(PROMPTS.offline(language, kind), forms, (False, True)):
            text = variant.render(values, formality=form, private=private)
            where = Visibility.PRIVATE if private else Visibility.PUBLIC
            assert review(text, replace(facts, visibility=where, length=len(text))) == (), text
            tried += 1
    assert tried > 900
