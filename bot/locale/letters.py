"""Failures in words: what happened, what it means for the customer, what to do, and what to type for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, tzinfo

from bot.core.letters import Letter
from bot.locale import failures as f
from bot.locale.catalogue import fill, places, text
from bot.locale.explaining import explain
from bot.locale.lights import PARTS
from bot.locale.reasons import reason


@dataclass(frozen=True, slots=True)
class Way:
    """Something that can be done now: the verb, the line to type (in the reader's language), and what for."""

    verb: str
    typed: str
    purpose: str


@dataclass(frozen=True, slots=True)
class LetterText:
    """A failure in words. `said` are the words that did not arrive in a room, else empty."""

    title: str
    happened: str
    meaning: str
    advice: str
    said: str
    ways: tuple[Way, ...]


def letter(locale: str, shown: Letter, *, tz: tzinfo = UTC) -> LetterText:
    """A failure in the locale's language. Never raises; foreign words in it are put in as they are."""
    part = text(locale, PARTS[shown.part]) if shown.part in PARTS else shown.part
    values = {
        "reason": reason(locale, shown.reason),
        "place": f"{part} {shown.place}".strip(),
        "ticket": shown.ticket or "-",
    }
    sentences = f.LETTERS.get(shown.code, f.LETTERS["dead_order"])
    title, happened, meaning, advice = (_filled(locale, msgid, values) for msgid in sentences)
    said = explain(locale, shown.said, tz=tz) if shown.said is not None else ""
    ways = tuple(way for verb in shown.remedies for way in _ways(locale, shown, verb))
    return LetterText(title, happened, meaning, advice, said, ways)


def _ways(locale: str, shown: Letter, verb: str) -> tuple[Way, ...]:
    found = f.WAYS.get(f"{shown.state}:{verb}") or f.WAYS.get(verb, ())
    values = {"about": shown.about}
    return tuple(Way(verb, _filled(locale, typed, values), text(locale, purpose)) for typed, purpose in found)


def _filled(locale: str, msgid: str, values: dict[str, str]) -> str:
    sentence = text(locale, msgid, **{name: f"{{{name}}}" for name in places(msgid)})
    return fill(sentence, {name: values.get(name, "?") for name in places(sentence)})
