"""What the forms of chats ask for, verb by verb: fields with titles in the reader's language.

How a field looks, and how long it may be, is each chat's own; `bot.core.filled` makes the wish of what comes back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from bot.core.filled import LEADS, SPANS
from bot.core.types import Kind, Person, Severity
from bot.core.views import Card
from bot.locale import label, span, text
from bot.locale.showing import FIELDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing that is asked: a `text` of any length (`filled` to begin with), an `area`, a `line`, a `choice`.

    A line may stay empty, the others may not. `options` are (what is read, value).
    """

    id: str
    title: str
    look: Literal["text", "area", "line", "choice"]
    filled: str = ""
    options: tuple[tuple[str, str], ...] = ()


def fields_of(card: Card, verb: str, person: Person, team: Sequence[Person]) -> list[Field]:
    """What the form of a verb asks `person` for."""
    others = [colleague for colleague in team if colleague.id != person.id]
    locale = person.locale

    def field(id: str, look: Literal["text", "area", "line"], filled: str = "") -> Field:
        return Field(id=id, title=text(locale, FIELDS[id]), look=look, filled=filled)

    def choice(id: str, options: Sequence[tuple[str, str]]) -> Field:
        return Field(id=id, title=text(locale, FIELDS[id]), look="choice", options=tuple(options))

    match verb:
        case "edit" | "reply" | "note":
            return [field("text", "text", _newest(card) if verb == "edit" else "")]
        case "redraft":
            return [field("hint", "line")]
        case "refuse" | "close":
            return [field("reason", "line")]
        case "ask":
            return [choice("person", _people(others, locale)), field("question", "area")]
        case "escalate":
            return [choice("person", _people(others, locale, anybody=True))]
        case "assign":
            return [choice("person", _people(team, locale))]
        case "snooze":
            return [choice("span", [(span(locale, timedelta(minutes=n)), str(n)) for n in SPANS])]
        case "kind":
            return [choice("kind", [(label(locale, kind), kind.value) for kind in Kind])]
        case "severity":
            return [choice("severity", [(label(locale, severity), severity.value) for severity in Severity])]
        case _:
            fates = [(text(locale, "Yes, it stands there"), "yes"), (text(locale, "No, it does not"), "no")]
            return [choice("posted", fates), field("url", "line")]


def _newest(card: Card) -> str:
    reply = card.reply.latest if card.reply else None
    return reply.text if reply else ""


def _people(team: Sequence[Person], locale: str, *, anybody: bool = False) -> list[tuple[str, str]]:
    some = [(person.name, person.id) for person in team]
    return [(text(locale, "The leads"), LEADS), *some] if anybody or not some else some
