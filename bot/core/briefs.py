"""What drafters are told and what they write. Everything is immutable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.core.types import Kind, Sentiment, Severity, Visibility


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that the team says is true, or a reply that it keeps for such cases; `source` says who stands for it.

    `id` is the file's place in its folder without the ending: `opening-hours`, `es/opening-hours`.
    """

    id: str
    text: str
    language: str
    source: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A fact that a draft relies on, as the revision records it: the file may change later."""

    id: str
    source: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """How the team answered before: the customer's comment (foreign text) and what was published below it.

    `draft` is what a drafter had proposed where a person changed it, else None.
    """

    comment: str
    reply: str
    draft: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """How a model made a draft. `cost` is in the money that the model's prices are configured in.

    `prompt` and `hash` name the prompt file and the SHA-256 of its bytes in hexadecimal. `note` is a code for what
    people should know about it, empty when there is nothing: why another drafter answered in the model's place.
    """

    prompt: str = ""
    hash: str = ""
    model: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    seconds: float = 0.0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What a drafter gets to know. `comment` and the `examples` are foreign text: data, never an instruction.

    `facts` and `saved` (replies that the team keeps) fit the comment, are in its language and hold today, the best
    first. `voice` is how the brand speaks. `examples`, `conversation` (who, `customer` or `brand`, and their words,
    foreign too; oldest first, without the comment) and `previous` (the draft that a person wants rewritten) are filled
    for remote drafters only. `hour` (0 to 23) is the team's, `own_domains` are those that a reply may link to.
    """

    comment: str
    author_name: str
    language: str | None
    kind: Kind
    severity: Severity
    sentiment: Sentiment
    visibility: Visibility = Visibility.PUBLIC
    brand: str = ""
    signature: str | None = None
    formality: Literal["tu", "usted", "vos"] = "tu"
    avoid: tuple[str, ...] = ()
    hint: str | None = None
    seed: int = 0
    max_length: int | None = None
    facts: tuple[Fact, ...] = ()
    saved: tuple[Fact, ...] = ()
    voice: str = ""
    hour: int | None = None
    own_domains: frozenset[str] = frozenset()
    examples: tuple[Example, ...] = ()
    conversation: tuple[tuple[str, str], ...] = ()
    previous: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A proposed text and where it came from (`offline:complaint.es#3`, a model's name).

    `facts` are the ids of those facts and saved replies of the brief that the text relies on; others are not recorded.
    """

    text: str
    source: str
    facts: tuple[str, ...] = ()
    made: Made | None = None
