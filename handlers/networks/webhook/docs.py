"""What the page for developers says: how events come in, how replies go out, and examples that can be run."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from handlers.networks.webhook.config import Config
from handlers.networks.webhook.door import LARGEST
from handlers.networks.webhook.payloads import MOST
from handlers.networks.webhook.signing import WINDOW

Language = Literal["en", "es"]
HERE = Path(__file__).parent
PROGRAMS = {"in": ("send.sh", "send.py"), "out": ("receive.py",)}
"""The examples of a chapter, by its key."""
ADDRESS, VARIABLE = "http://127.0.0.1:8600/hooks/shop", "PORTAVOZ_SECRET_SHOP"
"""What stands in the examples in place of an account's own."""


@dataclass(frozen=True, slots=True)
class Example:
    """A program that can be run as it stands; `name` is its file's."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter: sentences, then rows of a word and its meaning, then examples."""

    heading: str
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class Documentation:
    """Everything that the page says, in one language."""

    heading: str
    lead: str
    skip: str
    language: str
    schema: str
    parts: tuple[Part, ...]


@functools.cache
def _source(name: str) -> str:
    return (HERE / "examples" / name).read_text("utf-8").strip()


@functools.cache
def _words(language: Language) -> dict[str, Any]:
    return tomllib.loads((HERE / "words" / f"{language}.toml").read_text("utf-8"))


def example(name: str, address: str, variable: str) -> Example:
    """One of the programs, with an account's own address and the name of its secret."""
    return Example(name.replace(".", "-"), _source(name).replace(ADDRESS, address).replace(VARIABLE, variable))


def documentation(language: Language, config: Config, address: str, variable: str) -> Documentation:
    """The page's words, with the addresses and limits of this account."""
    words = _words(language)
    told = {
        "address": address,
        "schema": f"{address}/schema.json",
        "variable": variable,
        "window": str(WINDOW // 60),
        "most": str(MOST),
        "largest": str(LARGEST // 1_000_000),
        "rate": str(config.rate_per_minute),
        "limit": words["no_limit"] if config.max_length is None else str(config.max_length),
    }
    parts = tuple(
        Part(
            heading=part["heading"].format_map(told),
            lines=tuple(line.format_map(told) for line in part["lines"]),
            rows=tuple((word, meaning.format_map(told)) for word, meaning in part["rows"]),
            examples=tuple(example(file, address, variable) for file in PROGRAMS.get(part["key"], ())),
        )
        for part in words["parts"]
    )
    return Documentation(
        parts=parts, **{name: words[name] for name in ("heading", "lead", "skip", "language", "schema")}
    )
