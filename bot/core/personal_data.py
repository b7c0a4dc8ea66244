"""Personal data in plain text: e-mail addresses, phone numbers, IBANs, payment cards, identity documents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from bot.core.plaintext import fold

Sort = Literal["email", "phone", "iban", "card", "document"]

# Every repetition is bounded and starts only at the beginning of a run, so that hostile text costs linear time.
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}\w{2,24}")
_DIGITS = re.compile(r"(?<![\w.])(?:\+|00)?\(?\d(?:[ ./()\u2010-\u2015-]{0,3}\d){6,21}(?!\w)")
_IBAN = re.compile(r"(?<!\w)[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){2,7}(?: ?[a-z0-9]{1,4})?(?!\w)")
_DOCUMENT = re.compile(r"(?<!\w)(?:\d{2}\.?\d{3}\.?\d{3}[ -]?[a-z]|[xyz][ -]?\d{7}[ -]?[a-z])(?!\w)")
_DIGIT = re.compile(r"\d")
# How far before its first digit an IBAN, a document or a telephone number can begin: "es12", "x-1", "+(3".
_BEFORE_DIGIT = 3
_NOT_DIGIT = re.compile(r"\D")
_NOT_WORD = re.compile(r"[\W_]")
_DATE = re.compile(r"(?:\d{1,2}[./-]){2}\d{2,4}|\d{4}[./-]\d{1,2}[./-]\d{1,2}")
# Numbers that belong to companies, never to the person who mentions them.
_TOLL_FREE = re.compile(r"(?:34)?(?:900|800|901|902|803|806|807)\d{6}|0?800\d{6,7}|1?8(?:00|33|44|55|66|77|88)\d{7}")


@dataclass(frozen=True, slots=True)
class PersonalDatum:
    """One finding. `shown` is how it stands in the folded text, `key` what is left when separators are dropped."""

    sort: Sort
    shown: str
    key: str


def luhn(digits: str) -> bool:
    """Whether the check digit is right (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def find_personal_data(text: str) -> tuple[PersonalDatum, ...]:
    """All personal data in a text, each once; numbers of toll-free lines and dates are left out."""
    folded = fold(text)
    found: dict[str, PersonalDatum] = {}
    if "@" in folded:
        for hit in _EMAIL.finditer(folded):
            found[hit[0]] = PersonalDatum("email", hit[0], hit[0].strip("."))
    first = _DIGIT.search(folded)
    if first is None:
        return tuple(found.values())
    begin = max(0, first.start() - _BEFORE_DIGIT)
    for pattern, sort in ((_IBAN, "iban"), (_DOCUMENT, "document")):
        for hit in pattern.finditer(folded, begin):
            key = _NOT_WORD.sub("", hit[0])
            found.setdefault(key, PersonalDatum(sort, hit[0], key))  # type: ignore[arg-type]
    for hit in _DIGITS.finditer(folded, begin):
        datum = _number(hit[0].strip())
        if datum and not any(datum.key in key for key in found):
            found[datum.key] = datum
    return tuple(found.values())


def _number(shown: str) -> PersonalDatum | None:
    """What a run of digits is: a card, a phone, or nothing personal."""
    digits = _NOT_DIGIT.sub("", shown)
    if not digits.isascii() or _DATE.fullmatch(shown):
        return None
    if 13 <= len(digits) <= 19 and luhn(digits):
        return PersonalDatum("card", shown, digits)
    if not 9 <= len(digits) <= 15 or _TOLL_FREE.fullmatch(digits):
        return None
    # Country prefixes and leading zeros come and go; the last nine digits name the line.
    return PersonalDatum("phone", shown, digits[-9:])


def repeated(data: tuple[PersonalDatum, ...], folded: str) -> tuple[PersonalDatum, ...]:
    """Which of the given data stand in another text (folded) too, whatever the separators there."""
    if not data:
        return ()
    # All that is no address has digits.
    packed = _NOT_WORD.sub("", folded) if _DIGIT.search(folded) else ""
    return tuple(d for d in data if (d.key in folded if d.sort == "email" else d.key in packed))
