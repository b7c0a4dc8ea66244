"""Phrases are found wherever they stand, and only there."""

import pytest

from bot.triage.lexicon import Hit, Lexicon
from bot.triage.text import tokens


def found(phrases: str, text: str) -> list[tuple[int, int]]:
    return [(hit.start, hit.end) for hit in Lexicon({"x": phrases}).find(tokens(text).folded)]


@pytest.mark.parametrize(
    ("phrases", "text", "places"),
    [
        ("roto", "llegó roto", [(1, 2)]),
        ("roto", "llegó rotos", []),
        ("rot*", "llegó rotísimo", [(1, 2)]),
        ("reacción alérgica", "una REACCION ALERGICA", [(1, 3)]),
        ("reacción alérgica", "una reacción, alérgica", []),
        ("cobr* ~ veces", "me cobraron veces", [(1, 3)]),
        ("cobr* ~ veces", "me cobraron dos o tres veces", []),
        ("cobr* ~ veces", "me cobraron las dos veces", [(1, 5)]),
        ("cobr* ~ veces", "me cobraron. dos veces", []),
        ("llegó roto/mal", "llegó mal", [(0, 2)]),
        ("llegó roto/mal", "llegó bien", []),
        ("no va, no va la", "no va la app", [(0, 3)]),
        ("no ~ caja*", "no abre la caja", [(0, 4)]),
        ("a b", "a", []),
    ],
)
def test_the_notation(phrases: str, text: str, places: list[tuple[int, int]]) -> None:
    assert found(phrases, text) == places


def test_each_label_is_found_on_its_own() -> None:
    hits = Lexicon({"one": "mal", "two": "mal servicio"}).find(["mal", "servicio"])
    assert set(hits) == {Hit("one", 0, 1), Hit("two", 0, 2)}


def test_a_phrase_that_would_match_nearly_everything_is_refused() -> None:
    with pytest.raises(ValueError, match="too broad"):
        Lexicon({"x": "a*"})


@pytest.mark.parametrize("language", ["es", "en"])
def test_no_phrase_of_ours_is_lost_to_the_tokeniser(language: str) -> None:
    from bot.triage import words_en, words_es

    module = {"es": words_es, "en": words_en}[language]
    blocks = [value for name, value in vars(module).items() if name.isupper() and isinstance(value, str)]
    blocks += [*module.CRITICAL.values(), *module.HIGH.values()]
    for block in blocks:
        for phrase in block.replace("\n", ",").split(","):
            plain = phrase.replace("*", "").replace("~", "").split()
            written = [word.split("/")[0] for word in plain]
            assert tokens(" ".join(written)).shown == written
