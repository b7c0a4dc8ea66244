"""Words that somebody has hidden in plain sight: encoded, reversed, spaced out, or written with look-alikes.

Nothing is decoded for its own sake: what comes out is only looked through for the marks that `suspicious` knows. Each
way has a cheap sign that ordinary comments lack, so that these cost nothing.
"""

from __future__ import annotations

import base64
import codecs
import html
import re
from collections.abc import Iterator

from bot.core.plaintext import fold

_MOST = 4
"""Encoded passages that are looked into."""
_FEWEST = 6
"""Characters below which a passage says nothing."""
_LONG, _MANY, _SHORT = 16, 8, 2
"""Letters of a word that may be packed; so many words of so few letters may be one that is spread."""
_FIGURES = "013457@$"
_BASE64 = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/_-]{16,4000}={0,2}(?![\w+/=-])")
_HEX = re.compile(r"(?:(?:\\x|0x|%)?[0-9a-fA-F]{2}[ ,:-]?){10,2000}")
_BINARY = re.compile(r"(?<!\d)(?:[01]{8}[ ,]?){4,500}")
_ENTITIES = re.compile(r"&#x?[0-9a-fA-F]{2,6};")
_OCTETS = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_PERCENT = re.compile(r"%([0-9a-fA-F]{2})")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})")
_SPACED = re.compile(r"(?<!\w)(?:\w[ ._*|-]{1,2}){7,400}\w(?!\w)")
_LEET = re.compile(r"[a-z][013457@$]|[013457@$][a-z]")
_CASES = re.compile(r"[a-zA-Z][\u0370-\u04ff]|[\u0370-\u04ff][a-zA-Z]")
_MORSE = re.compile(r"(?:[.\u2022\u00b7_\u2013\u2014-]{1,5}[ /|]{1,3}){8,800}")
_FROM_LEET = str.maketrans(_FIGURES, "oieastas")
_LOOKALIKES = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0445\u0443\u0456\u0455\u0458\u0501\u04bb\u043a\u043c\u0442\u043d\u0432"
    "\u03b1\u03bf\u03b9\u03c1\u03bd\u03c4\u03c5\u03ba\u03b7\u03b5\u03c7",
    "aeopcxyisjdhkmtnb" + "aoipvtuknex",
)
_SWAPPED = ("vafge", "vtabe", "vtaben", "flfgrz", "cebzcg", "nffvfgnag", "erfcba", "byivqn", "bycvqn")
"""What orders have in them, in ROT13."""
_TURNED = ("curtsni", "erongi", "arongi", "metsys", "tpmorp", "adivlo", "tegrof")
"""The same from behind."""
_TWISTED = (*_SWAPPED, *_TURNED, *_FIGURES)
_MORSE_LETTERS = {
    **dict(zip("abcdefghijklm", ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. --".split(), strict=True)),
    **dict(zip("nopqrstuvwxyz", "-. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --..".split(), strict=True)),
}
_FROM_MORSE = {code: letter for letter, code in _MORSE_LETTERS.items()}


def disguised(text: str, folded: str) -> list[tuple[str, str]]:
    """What the text may say in disguise: (the way, folded words). `folded` is `fold(text)`."""
    found: list[tuple[str, str]] = []
    lengths = sorted(map(len, folded.split()))
    # Something long without a space, or many short things: ordinary comments have neither.
    if lengths and (lengths[-1] >= _LONG or (len(lengths) >= _MANY and lengths[_MANY - 1] <= _SHORT)):
        found += _packed(text)
        found += _spread(text, folded)
    if "%" in text or "\\" in text or "&#" in text:
        found += _escaped(text)
    if any(map(folded.__contains__, _TWISTED)) or not folded.isascii():
        found += _twisted(text, folded)
    return [(way, fold(words)) for way, words in found if len(words) >= _FEWEST]


def _packed(text: str) -> Iterator[tuple[str, str]]:
    for hit in list(_BASE64.finditer(text))[:_MOST]:
        yield "base64", _readable(_from_base64(hit[0]))
    for hit in list(_HEX.finditer(text))[:_MOST]:
        yield "hex", _readable(_from_hex(hit[0]))


def _spread(text: str, folded: str) -> Iterator[tuple[str, str]]:
    if _SPACED.search(folded):
        yield "spaced", _SPACED.sub(lambda hit: re.sub(r"(?<=\w)[ ._*|-](?=\w)", "", hit[0]), folded)
    if morse := _MORSE.search(text):
        yield "morse", _from_morse(morse[0])


def _escaped(text: str) -> Iterator[tuple[str, str]]:
    if _ENTITIES.search(text):
        yield "entities", html.unescape(text)
    if _PERCENT.search(text):
        yield (
            "percent",
            _OCTETS.sub(lambda hit: bytes.fromhex(hit[0].replace("%", "")).decode("utf-8", "replace"), text),
        )
    if _ESCAPED.search(text):
        yield "escapes", _ESCAPED.sub(lambda hit: chr(int(hit[1] or hit[2], base=16)), text)


def _twisted(text: str, folded: str) -> Iterator[tuple[str, str]]:
    if any(map(folded.__contains__, _SWAPPED)):
        yield "rot13", codecs.decode(folded, "rot13")
    if any(map(folded.__contains__, _TURNED)):
        yield "reversed", folded[::-1]
    if _LEET.search(folded):
        yield "leet", folded.translate(_FROM_LEET)
    for hit in list(_BINARY.finditer(text))[:_MOST]:
        bits = re.sub(r"[ ,]", "", hit[0])
        yield "binary", _readable(bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) - 7, 8)))
    if not folded.isascii() and _CASES.search(text):
        yield "lookalikes", folded.translate(_LOOKALIKES)


def _from_base64(shown: str) -> bytes:
    packed = shown.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(packed + "=" * (-len(packed) % 4))
    except ValueError:
        return b""


def _from_hex(shown: str) -> bytes:
    digits = re.sub(r"\\x|0x|[^0-9a-fA-F]", "", shown)
    try:
        return bytes.fromhex(digits[: len(digits) // 2 * 2])
    except ValueError:
        return b""


def _readable(data: bytes) -> str:
    """Bytes as a text, where they are one; noise decodes to nothing."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return ""
    odd = sum(not (char.isprintable() or char in "\n\t") for char in text)
    return text if odd * 20 <= len(text) else ""


def _from_morse(shown: str) -> str:
    plain = re.sub("[\u2022\u00b7]", ".", re.sub("[_\u2013\u2014]", "-", shown))
    words = re.split(r" ?[/|] ?|   ?", plain)
    return " ".join("".join(_FROM_MORSE.get(code, "") for code in word.split()) for word in words)
