"""Translations: `.po` files read at first use, English where there is none, the locale always passed explicitly."""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

DOMAIN = "portavoz"
_PLACE = re.compile(r"\{([a-z_]+)\}")


class MissingParam(KeyError):
    """A sentence wants a value that it was not given: a mistake of the caller."""


@cache
def available() -> tuple[str, ...]:
    """The locales there are; English is always the first."""
    folders = resources.files("bot.locale").iterdir()
    found = [folder.name for folder in folders if folder.joinpath("LC_MESSAGES", f"{DOMAIN}.po").is_file()]
    return ("en", *sorted(found))


@lru_cache(maxsize=256)
def best(locale: str) -> str:
    """The nearest available locale: `es-MX` is `es`, what is not known is English."""
    language = re.split(r"[-_.@]", locale, maxsplit=1)[0].lower()
    return language if language in available() else "en"


def text(locale: str, msgid: str, /, **params: object) -> str:
    """A sentence in the locale's language; untranslated, it stays English.

    Args:
        locale: of the person or room that reads it.
        msgid: the English sentence, with `{names}` where values go.
        params: the values. More than are needed do no harm.

    Raises:
        MissingParam: when the sentence wants another value.
    """
    return fill(_messages(best(locale)).gettext(msgid), params) if msgid else ""


def ntext(locale: str, one: str, many: str, n: int, /, **params: object) -> str:
    """Like `text`, in the right grammatical number for `n`, which the sentences may use as `{n}`."""
    return fill(_messages(best(locale)).ngettext(one, many, n), {"n": n, **params})


def places(sentence: str) -> frozenset[str]:
    """The names of the values that a sentence wants."""
    return frozenset(_PLACE.findall(sentence))


def fill(sentence: str, params: Mapping[str, object]) -> str:
    """Put values into a sentence, once: a value that looks like a `{name}` stays as it is."""

    def value(match: re.Match[str]) -> str:
        if match[1] not in params:
            raise MissingParam(f"{match[1]!r} is missing for {sentence!r}")
        return str(params[match[1]])

    return _PLACE.sub(value, sentence) if "{" in sentence else sentence


@cache
def _messages(locale: str) -> gettext.NullTranslations:
    """The catalogue of an available locale, with gettext's own rules for plurals and gaps."""
    if locale == "en":
        return gettext.NullTranslations()
    path = resources.files("bot.locale").joinpath(locale, "LC_MESSAGES", f"{DOMAIN}.po")
    with path.open("rb") as file:
        catalogue = read_po(file, locale=locale, domain=DOMAIN, abort_invalid=True)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
