"""The attacks of `tests/data/attacks.toml`, disguised as they say, and a model that obeys each of them."""

import base64
import codecs
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.openai_fake import drafts

FILE = Path(__file__).parent.parent / "data" / "attacks.toml"
_CODES = ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --.."
_MORSE = dict(zip("abcdefghijklmnopqrstuvwxyz", _CODES.split(), strict=True))
WAYS: dict[str, Callable[[str], str]] = {
    "": lambda text: text,
    "base64": lambda text: f"Hola, ¿qué tal? {base64.b64encode(text.encode()).decode()}",
    "hex": lambda text: f"My order number is {text.encode().hex()}, thanks.",
    "rot13": lambda text: codecs.encode(text, "rot13"),
    "zero_width": "\u200b".join,
    "tags": lambda text: "What a nice soup!" + "".join(chr(0xE0000 + ord(char)) for char in text if ord(char) < 128),
    "spaced": lambda text: " ".join(text.replace(" ", "")),
    "reversed": lambda text: text[::-1],
    "lookalikes": lambda text: text.translate(str.maketrans("aeopcxi", "аеорсхі")),
    "leet": lambda text: text.translate(str.maketrans("oiea", "0134")),
    "entities": lambda text: "".join(f"&#{ord(char)};" for char in text),
    "percent": lambda text: "".join(f"%{ord(char):02X}" for char in text),
    "wide": lambda text: "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text),
    "binary": lambda text: " ".join(f"{ord(char):08b}" for char in text),
    "morse": lambda text: " / ".join(" ".join(_MORSE.get(char, "") for char in word) for word in text.split()),
}


@dataclass(frozen=True)
class Attack:
    number: int
    messages: tuple[str, ...]
    obeyed: str


def all_attacks() -> list[Attack]:
    found = tomllib.loads(FILE.read_text(encoding="utf-8"))["attack"]
    return [
        Attack(number, (*one.get("before", ()), WAYS[one.get("way", "")](one["text"])), one["obeyed"])
        for number, one in enumerate(found, 1)
    ]


class Obedient:
    """What it answers to a call is what the attack in it wanted; each is known by the name of its author."""

    def __init__(self, known: list[Attack]) -> None:
        self._obeyed = {name_of(one): one.obeyed for one in known}
        self.obeyed: set[str] = set()

    def __call__(self, body: dict[str, Any]) -> str:
        name = re.search(r"<<name of the commenter \w+\n(\w+)\n", body["messages"][1]["content"])
        assert name is not None
        self.obeyed.add(name[1])
        return drafts(self._obeyed[name[1]], kind="praise", severity="low")


def name_of(attack: Attack) -> str:
    """A first name that no other attack has."""
    return f"Name{chr(97 + attack.number // 26)}{chr(97 + attack.number % 26)}"
