"""The language of a comment, or None when that is not certain."""

import pytest

from bot.triage.language import LanguageGuess


@pytest.fixture(scope="module")
def guess() -> LanguageGuess:
    return LanguageGuess(("es", "en"))


SPANISH = [
    "Llevo tres semanas esperando mi pedido y nadie me contesta",
    "¿A qué hora abrís los domingos?",
    "No funciona la app",
    "Che, ¿tenés talle 42?",
    "MUCHAS GRACIAS POR TODO",
    "La comida llegó fría :(",
    "Estaría genial que pusieran más mesas 😍 https://example.com @marca",
]
ENGLISH = [
    "My order arrived broken and nobody answers my emails",
    "What time do you open on Sundays?",
    "App doesn't work",
    "love it, thank you so much",
    "THE STAFF WERE LOVELY",
    "The food was cold :(",
]
FOREIGN = [
    "Muito obrigado pelo excelente serviço de vocês",
    "Merci beaucoup pour votre aide, c'était parfait",
    "Das ist leider sehr enttäuschend, mein Paket ist nicht angekommen",
    "El meu comentari és en català i vull que m'ho expliqueu",
    "Grazie mille per la vostra gentilezza e la pazienza",
    "Eskerrik asko zuen laguntzagatik, oso ondo egon da",
    "Bardzo dziękuję za szybką pomoc",
    "Это очень плохо, я жду уже три недели",
    "とても良かったです",
]
NOTHING = [
    "",
    "   ",
    "😍😍😍",
    "ok",
    "no",
    "@ana @luis",
    "https://example.com/una/pagina/en/espanol",
    "12345",
    "#",
    "\u202e",
    "!!!",
    "jaja",
]


@pytest.mark.parametrize("text", SPANISH)
def test_spanish_is_recognised(guess: LanguageGuess, text: str) -> None:
    assert guess.guess(text)[0] == "es"


@pytest.mark.parametrize("text", ENGLISH)
def test_english_is_recognised(guess: LanguageGuess, text: str) -> None:
    assert guess.guess(text)[0] == "en"


@pytest.mark.parametrize("text", FOREIGN)
def test_a_language_that_is_not_configured_is_unknown(guess: LanguageGuess, text: str) -> None:
    assert guess.guess(text)[0] is None


@pytest.mark.parametrize("text", NOTHING)
def test_too_little_text_is_unknown(guess: LanguageGuess, text: str) -> None:
    assert guess.guess(text)[0] is None


def test_links_mentions_and_hashtags_say_nothing_about_the_language(guess: LanguageGuess) -> None:
    text = "Mi pedido no ha llegado todavía"
    dressed = f"@customerservice {text} #worstserviceever #shipping https://example.com/where-is-my-order-please"
    assert guess.guess(dressed) == guess.guess(text)


def test_the_certainty_is_a_probability_and_falls_with_less_text(guess: LanguageGuess) -> None:
    long, short = guess.guess("Estoy muy contenta con la atención que recibí ayer")[1], guess.guess("hola")[1]
    assert 0 <= short < long <= 1


def test_any_language_that_the_identifier_knows_can_be_configured() -> None:
    assert LanguageGuess(("pt",)).guess("Muito obrigado pelo excelente serviço de vocês")[0] == "pt"


def test_a_language_that_nobody_knows_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="tlh"):
        LanguageGuess(("tlh",)).warm()
