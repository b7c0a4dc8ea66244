"""The first name to greet somebody by, when what they call themselves is the name of a person and nothing else."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from bot.core.plaintext import fold, invisible, squeeze, visible, wordset
from bot.triage import words_en, words_es
from bot.triage.lexicon import Lexicon
from bot.triage.text import tokens

_LONGEST = 20
_SHORTEST = 2
_MOST_WORDS = 4
_LONGEST_DISPLAY = 60
_WORD = re.compile(r"[^\W\d_]+(?:[-'\u2019][^\W\d_]+)*\.?")
# No person, or nobody in particular.
_NOBODY = wordset(
    """
    anonymous anonimo anonima anon anonym usuario usuaria user usuari cliente clienta customer guest invitado invitada
    admin administrador administrator moderador moderator null none nan undefined unknown desconocido nobody nadie
    alguien someone persona person test prueba tester bot official oficial support soporte ayuda help team equipo club
    grupo group tienda shop store bar restaurante restaurant cafe hotel asociacion fundacion colegio radio tv news
    noticias diario the el la los las un una mr mrs ms miss sr sra srta don dona dr dra prof sir lady i yo soy im it
    el real not just mi my your tu su ignore ignora system sistema assistant asistente google facebook instagram
    twitter reddit youtube mastodon deleted eliminado everyone everybody todos todas here channel all hola hello hi
    hey gracias thanks si no yes ok fan fans vecino vecina mama papa mom dad madre padre enfadado enfadada harto harta
    angry sad happy feliz triste queen king rey reina señor senor senora new old big little dark black white red blue
    green negro blanco rojo azul verde amor love baby bebe girl boy chica chico man woman hombre mujer gamer gaming
    crypto forex invest free gratis win gana oferta best top super mega lord master doctor capitan
    """
)


def first_name(display: str) -> str | None:
    """The name to greet by: "Ana" for "ana garcía"; None for handles, companies, jokes, links and anything doubtful.

    The result has 2 to 20 Latin letters, perhaps a hyphen or an apostrophe.
    """
    if len(display) > _LONGEST_DISPLAY or invisible(display):
        return None
    words = squeeze(visible(display)).split(" ")
    if not words or len(words) > _MOST_WORDS or not all(_WORD.fullmatch(word) for word in words):
        return None
    first = words[0]
    if not _SHORTEST <= len(first) <= _LONGEST or not _is_latin(first) or first.endswith("."):
        return None
    if _is_no_name(words):
        return None
    return _cased(first, alone=len(words) == 1)


def _is_latin(word: str) -> bool:
    return word.isascii() or all(not char.isalpha() or unicodedata.name(char, "").startswith("LATIN") for char in word)


def _is_no_name(words: list[str]) -> bool:
    folded = [fold(word) for word in words]
    if any(word in _NOBODY for word in folded):
        return True
    return bool(_unfit().find(tokens(" ".join(words)).folded))


def _cased(first: str, *, alone: bool) -> str | None:
    """A lower-case or shouted word is a name only in company; "JuanPerez" is a handle."""
    if first[0].isupper() and first[1:] == first[1:].lower():
        return first
    if first == first.lower() or first == first.upper():
        return None if alone else "-".join(part.capitalize() for part in first.split("-"))
    parts = re.split(r"[-'\u2019]", first)
    return first if len(parts) > 1 and all(part == part.capitalize() for part in parts) else None


@cache
def _unfit() -> Lexicon:
    """Words that turn a display name into a statement: complaints, insults, spam, orders."""
    lists = {}
    for module in (words_es, words_en):
        for name in ("RUDE", "COMPLAINT", "SPAM", "SPAM_STRONG", "NEGATIVE_STRONG"):
            lists[f"{module.__name__}:{name}"] = getattr(module, name)
    return Lexicon(lists)
