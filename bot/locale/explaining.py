"""Outcomes, announcements, misunderstandings, findings and lights as sentences for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

from babel.numbers import get_decimal_symbol

from bot.core.commands import VERBS, Misunderstood
from bot.core.foreign import visible
from bot.core.messages import Announce, Done, NotFound, Outcome, Refused
from bot.core.types import AuthorFlag, Finding, Kind, Light, Role, Severity
from bot.core.words import BY_NAME, Verb, usage
from bot.locale import sentences as s
from bot.locale.catalogue import best, fill, places, text
from bot.locale.lights import LIGHT_STATES, LIGHTS, PARTS
from bot.locale.mistakes import mistake, place
from bot.locale.reasons import language, ordered, reason
from bot.locale.times import clock, day, span
from bot.locale.troubles import trouble

_UNKNOWN = "?"
_MOMENTS: Mapping[str, Callable[[str, datetime, tzinfo], str]] = {"until": clock, "day": day}
_ENUMS: Mapping[str, type[StrEnum]] = {
    "role": Role,
    "needed": Role,
    "kind": Kind,
    "severity": Severity,
    "flag": AuthorFlag,
}


@dataclass(frozen=True, slots=True)
class LightText:
    """A light in words: what it is about, how that stands, what to do about it, and the state in a word."""

    name: str
    detail: str
    remedy: str
    state: str


def explain(locale: str, said: Outcome | Announce | Misunderstood, *, tz: tzinfo = UTC) -> str:
    """What happened, or why not and what to do about it.

    Never raises: a code that has no sentence is shown as it is, a value that is missing as `?`, because the thing
    itself has been decided already. Findings follow, one a line. Values are put in as they are: whoever shows the
    sentence keeps markup in them inert.
    """
    match said:
        case Done():
            head = _say(locale, s.DONE, said.code, _values(locale, said.params, said.ticket, tz))
            return _with_findings(locale, head, said.findings)
        case Refused():
            values = _values(locale, said.params, said.ticket, tz)
            reason = _say(locale, s.REASONS, said.reason, values)
            remedy = _say(locale, s.REMEDIES, said.remedy, values)
            return _with_findings(locale, _joined(reason, remedy, said.params), said.findings)
        case NotFound():
            return _filled(locale, s.MISSING.get(said.what, "`{id}` was not found."), {"id": said.id})
        case Announce():
            locked_out = "room_locked_out" if said.params.get("part") == "room" else "account_locked_out"
            code = locked_out if said.params.get("dead_token") else said.code
            head = _say(locale, s.ANNOUNCED, code, _values(locale, said.params, said.ticket, tz))
            return _joined(head, "", said.params)
        case Misunderstood():
            return _misunderstood(locale, said)


def describe(locale: str, finding: Finding) -> str:
    """What a check of the guard found, what to do about it, and whether it takes two people to let it pass."""
    words = language(locale, finding.words) if finding.rule == "wrong_language" else finding.words
    values = {"words": words, "limit": finding.limit}
    found = _say(locale, s.FINDINGS, finding.rule, values)
    remedy = _filled(locale, s.FINDING_REMEDIES.get(finding.rule, ""), values)
    second = text(locale, "As it stands, it takes a second approver.") if finding.approvers > 1 else ""
    return _joined(f"{found} {remedy}".rstrip(), second, {})


def light(locale: str, shown: Light) -> LightText:
    """A line of `health` or `check` in words.

    Like `explain` it shows a code without words as it is and a missing value as `?`, and puts values in as they are.
    """
    measure = _mistaken if shown.code in ("setting_wrong", "texts_wrong") else _measure
    values = {name: measure(locale, name, value) for name, value in shown.params.items()}
    state = LIGHT_STATES.get(shown.state, shown.state)
    if shown.code not in LIGHTS:
        return LightText(shown.code, "", "", text(locale, state))
    name, detail, remedy = (_filled(locale, msgid, values) for msgid in LIGHTS[shown.code])
    return LightText(name, detail, remedy, text(locale, state))


def label(locale: str, value: StrEnum) -> str:
    """The name of a kind, severity, sentiment, status, state or role, as one would show it in a table."""
    return text(locale, s.LABELS.get(type(value).__name__, {}).get(value.value, value.value))


def kind_name(locale: str, kind: str) -> str:
    """The label of a kind as it stands on record, by whichever release; an unknown one is shown as it is."""
    return label(locale, Kind(kind)) if kind in set(Kind) else visible(kind)


def how(locale: str, verb: str) -> str:
    """How a verb is used, in the locale's own words: `aprobar ID [rN]`."""
    known = BY_NAME[verb]
    word = known.spanish[0] if best(locale) == "es" and known.spanish else verb
    return f"{word} {text(locale, known.shape)}".rstrip()


def help_lines(locale: str, topic: str | None = None) -> list[tuple[str, str]]:
    """The help: (how, what for) of every verb, or of the one whose name is `topic`."""
    verbs: tuple[Verb, ...] = (BY_NAME[topic],) if topic else VERBS
    return [(how(locale, verb.name), text(locale, verb.summary)) for verb in verbs]


def params_of(code: str) -> frozenset[str]:
    """The values that the sentences of a code want, besides `ticket`."""
    tables = (s.DONE, s.REASONS, s.REMEDIES, s.ANNOUNCED)
    wanted = frozenset[str]().union(*(places(table[code]) for table in tables if code in table))
    return wanted - {"ticket"}


def _misunderstood(locale: str, said: Misunderstood) -> str:
    params = dict(said.params)
    verb = str(params.get("usage", "")).partition(" ")[0]
    if verb in BY_NAME and params["usage"] == usage(verb):
        params["usage"] = how(locale, verb)
    head = _say(locale, s.MISUNDERSTOOD, said.reason, params)
    if said.suggestion is None or said.reason in ("empty", "which_ticket"):
        return head
    return f"{head} {text(locale, 'Did you mean `{suggestion}`?', suggestion=said.suggestion)}"


def _say(locale: str, table: Mapping[str, str], code: str, params: Mapping[str, object]) -> str:
    return _filled(locale, table[code], params) if code in table else code


def _filled(locale: str, msgid: str, params: Mapping[str, object]) -> str:
    sentence = text(locale, msgid, **{name: f"{{{name}}}" for name in places(msgid)})
    return fill(sentence, {name: params.get(name, _UNKNOWN) for name in places(sentence)})


def _values(locale: str, params: Mapping[str, object], ticket: str | None, tz: tzinfo) -> dict[str, object]:
    """Codes among the values become words, moments become times."""
    values: dict[str, object] = {"ticket": ticket or "ID"}
    for name, value in params.items():
        values[name] = _value(locale, name, value, tz)
    return values


def _value(locale: str, name: str, value: object, tz: tzinfo) -> object:
    if name in _ENUMS and value in list(_ENUMS[name]):
        return label(locale, _ENUMS[name](str(value)))
    if name == "because" and str(value) in s.BECAUSE:
        return text(locale, s.BECAUSE[str(value)])
    if name in _MOMENTS and isinstance(value, str):
        try:
            return _MOMENTS[name](locale, datetime.fromisoformat(value), tz)
        except ValueError:
            return value
    if name == "reason" and str(value or "") not in s.BECAUSE:
        return reason(locale, str(value or ""))
    if name == "what":
        return ordered(locale, str(value or ""))
    return text(locale, "nobody") if name == "who" and not value else value


def _measure(locale: str, name: str, value: object) -> object:
    """What lights measure, besides what other sentences hold: a delay in seconds, figures with a fraction."""
    if name == "part" and str(value) in PARTS:
        return text(locale, PARTS[str(value)])
    if name in ("problem", "remedy"):
        return trouble(locale, str(value))
    if name == "late" and isinstance(value, int):
        return span(locale, timedelta(seconds=value))
    if isinstance(value, float):
        return f"{value:.1f}".replace(".", get_decimal_symbol(best(locale)))
    return _value(locale, name, value, UTC)


def _mistaken(locale: str, name: str, value: object) -> str:
    """What is wrong with a setting; its name only says where."""
    return place(locale, str(value)) if name == "name" else mistake(locale, str(value))


def _joined(reason: str, remedy: str, params: Mapping[str, object]) -> str:
    """The parts that are there; a link, where one belongs to it, comes last so that it can be clicked."""
    return " ".join(str(part) for part in (reason, remedy, params.get("url")) if part)


def _with_findings(locale: str, head: str, findings: tuple[Finding, ...]) -> str:
    return "\n".join([head, *(f"- {describe(locale, finding)}" for finding in findings)])
