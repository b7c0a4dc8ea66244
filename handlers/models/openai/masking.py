"""Personal data out of texts before they leave the house: each datum becomes a stable placeholder, `[email 1]`.

Addresses, telephone numbers (`phonenumbers`, which follows the plans of the ITU), cards (Luhn), IBANs and national
documents (`python-stdnum`, which checks their check digits), and whatever else is a long number. What is no personal
datum and is masked all the same costs the model a number that a reply should not repeat in public anyway.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import phonenumbers
from stdnum import iban, luhn
from stdnum.br import cpf
from stdnum.cl import rut
from stdnum.es import cif
from stdnum.fr import nir
from stdnum.it import codicefiscale
from stdnum.mx import rfc

from bot.core.plaintext import visible
from bot.triage.text import MOST_CHARACTERS

PLACEHOLDER = re.compile(r"\[(?:email|phone|card|iban|id|number) \d{1,4}\]")
_LOOKALIKE = re.compile(r"\[(?=\s*(?:email|phone|card|iban|id|number)\b)", re.IGNORECASE)
_REGIONS = {
    "es": ("ES", "MX", "AR", "CO", "CL", "PE"),
    "en": ("GB", "US"),
    "fr": ("FR",),
    "pt": ("PT", "BR"),
    "de": ("DE",),
    "it": ("IT",),
}
LONGEST = MOST_CHARACTERS
"""Characters of one text that leave the house: no more than triage looks at for attempts to trick the model."""
_TRIES = 300
"""Candidates for a telephone number that are looked at in one text."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """`pattern` finds what may be one; `accept` says whether it is, None for always."""

    sort: str
    pattern: re.Pattern[str]
    accept: Callable[[str], bool] | None = None


def _card(shown: str) -> bool:
    digits = re.sub(r"\D", "", shown)
    return 13 <= len(digits) <= 19 and luhn.is_valid(digits)


def _number(shown: str) -> bool:
    return len(re.sub(r"\D", "", shown)) >= 9


def _account(shown: str) -> bool:
    """An IBAN whose check digits are right, or one of a country that we know with a slip of the pen in it."""
    packed = re.sub(r"[^0-9A-Za-z]", "", shown)
    return iban.is_valid(packed) or 20 <= len(packed) <= 34


# Every repetition is bounded and begins at the start of a run: hostile text costs linear time.
_RULES = (
    _Rule("email", re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}\w{2,24}")),
    _Rule(
        "email",
        re.compile(
            r"(?<![\w.+-])[\w.+-]{1,64}\s?[\[({]\s?(?:at|arroba)\s?[\])}]\s?[\w-]{1,63}"
            r"(?:\s?(?:\.|[\[({]\s?(?:dot|punto)\s?[\])}])\s?[\w-]{2,24}){1,4}",
            re.IGNORECASE,
        ),
    ),
    _Rule(
        "iban",
        re.compile(r"(?<!\w)[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,4})?(?!\w)"),
        _account,
    ),
    _Rule("card", re.compile(r"(?<![\w.])\d(?:[ .-]{0,2}\d){12,18}(?!\w)"), _card),
    # Spain: a number with its letter, right or mistyped; companies only with the right one.
    _Rule("id", re.compile(r"(?<!\w)(?:\d{2}\.?\d{3}\.?\d{3}[ -]?[A-Za-z]|[XYZxyz][ -]?\d{7}[ -]?[A-Za-z])(?!\w)")),
    _Rule("id", re.compile(r"(?<!\w)[A-HJ-NP-SUVWa-hj-np-suvw][ -]?\d{7}[ -]?[0-9A-Ja-j](?!\w)"), cif.is_valid),
    _Rule("id", re.compile(r"(?<!\w)[A-Za-z]{4}\d{6}[HMhm][A-Za-z]{5}[A-Za-z0-9]{2}(?!\w)")),
    _Rule("id", re.compile(r"(?<!\w)[A-Za-zÑñ&]{3,4}\d{6}[A-Za-z0-9]{3}(?!\w)"), rfc.is_valid),
    _Rule("id", re.compile(r"(?<!\w)[A-Za-z]{6}\d{2}[A-Za-z]\d{2}[A-Za-z]\d{3}[A-Za-z](?!\w)"), codicefiscale.is_valid),
    _Rule("id", re.compile(r"(?<!\w)\d{1,2}\.?\d{3}\.?\d{3}-[\dkK](?!\w)"), rut.is_valid),
    _Rule("id", re.compile(r"(?<![\w.])\d{3}\.?\d{3}\.?\d{3}-?\d{2}(?!\w)"), cpf.is_valid),
    _Rule("id", re.compile(r"(?<!\w)[12](?: ?\d){12}(?: ?\d{2})(?!\w)"), nir.is_valid),
    _Rule("id", re.compile(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])")),  # United States
    _Rule("id", re.compile(r"(?<![\w-])\d{2}-\d{8}-\d(?![\w-])")),  # Argentina
    _Rule("id", re.compile(r"(?<!\w)[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)")),  # United Kingdom
    _Rule(
        "id",
        re.compile(
            r"(?<!\w)(?:dni|nie|nif|cif|rut|curp|cpf|cédula|cedula|documento|pasaporte|passport|ssn|id number)"
            r"\W{0,3}(?:(?:es|is|n[º°.o]?|núm\.?|num\.?)\W{1,3})?"
            r"(?P<datum>[A-Za-z]{0,3}[ -]?\d(?:[ .-]?\d){4,11}[ -]?[A-Za-z]?)(?!\w)",
            re.IGNORECASE,
        ),
    ),
)
_LONG = _Rule("number", re.compile(r"(?<![\w.])(?:\+|00)?\(?\d(?:[ ./()\u2010-\u2015-]{0,3}\d){8,24}(?!\w)"), _number)


class Mask:
    """The placeholders of one call: the same datum has the same one in every text.

    Args:
        language: of the commenter, ISO 639-1; national telephone numbers are looked for in its countries.
    """

    def __init__(self, language: str | None) -> None:
        self._regions = _REGIONS.get(language or "", ()) or _REGIONS["en"]
        self._names: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}
        self._own: dict[str, str] = {}

    def cover(self, text: str, *, own: bool = False) -> str:
        """The text with everything personal masked, and nothing invisible in it.

        `own` says that the data is that of the person whom the reply goes to: see `uncover`.
        """
        # Whoever types a placeholder must not get somebody else's datum for it.
        covered = _LOOKALIKE.sub(
            "(", visible(text[:LONGEST]).replace("<<", "\u2039\u2039").replace(">>", "\u203a\u203a")
        )
        for rule in _RULES:
            covered = self._masked(covered, self._found(rule, covered), own=own)
        covered = self._masked(covered, self._phones(covered), own=own)
        return self._masked(covered, self._found(_LONG, covered), own=own)

    def uncover(self, text: str, *, private: bool) -> str | None:
        """The text with the person's own data back in place; None where it names what must not be said there."""
        if not private:
            return None if PLACEHOLDER.search(text) else text
        missing = [name for name in PLACEHOLDER.findall(text) if name not in self._own]
        return None if missing else PLACEHOLDER.sub(lambda hit: self._own[hit[0]], text)

    def _found(self, rule: _Rule, text: str) -> Iterator[tuple[int, int, str]]:
        group = "datum" if "datum" in rule.pattern.groupindex else 0
        for hit in rule.pattern.finditer(text):
            if rule.accept is None or rule.accept(hit[group]):
                yield (*hit.span(group), rule.sort)

    def _phones(self, text: str) -> list[tuple[int, int, str]]:
        found = {
            (match.start, match.end)
            for region in self._regions
            for match in phonenumbers.PhoneNumberMatcher(text, region, max_tries=_TRIES)
        }
        spans: list[tuple[int, int, str]] = []
        for start, end in sorted(found):
            if not spans or start >= spans[-1][1]:
                spans.append((start, end, "phone"))
        return spans

    def _masked(self, text: str, spans: Iterable[tuple[int, int, str]], *, own: bool) -> str:
        parts, last = [], 0
        for start, end, sort in spans:
            parts += [text[last:start], self._name(sort, text[start:end], own=own)]
            last = end
        return "".join(parts) + text[last:]

    def _name(self, sort: str, shown: str, *, own: bool) -> str:
        key = (sort, re.sub(r"[\W_]", "", shown).casefold())
        if key not in self._names:
            self._counts[sort] = self._counts.get(sort, 0) + 1
            self._names[key] = f"[{sort} {self._counts[sort]}]"
        name = self._names[key]
        if own:
            self._own.setdefault(name, shown)
        return name
