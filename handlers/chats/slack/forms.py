"""Modals: what a form asks for, what it is filled with, and the wish that comes out of it.

Limits (docs.slack.dev/reference/views): a title has 24 characters, a text field 3,000, `private_metadata` 3,000. A text
that is longer than a field stands in several fields; the white space between them is kept aside and put back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.core import messages as m
from bot.core.phrases import redraft_wishes
from bot.core.shown import Shown, shown_by, unpack
from bot.core.splitting import split
from bot.core.types import Card, Kind, Person, Severity
from bot.locale import label, span, text
from handlers.chats.slack import blocks as b
from handlers.chats.slack.words import LABELS, SPANS, TITLES

FIELD = 3000
_PIECE = 2400
_TITLE = 24
_LEADS = "-"


class Incomplete(ValueError):
    """A field that must be filled is not; the message is the field's id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """What a form is about; travels with it. `gaps` is the white space after each field of a long text."""

    verb: str
    shown: Shown
    channel: str = ""
    thread: str = ""
    gaps: tuple[str, ...] = ()

    def pack(self) -> str:
        raw = {"v": self.verb, "s": self.shown.pack(), "c": self.channel, "t": self.thread, "g": self.gaps}
        return json.dumps(raw, separators=(",", ":"))


def purpose_of(metadata: str) -> Purpose | None:
    """What `Purpose.pack` wrote; None for anything else."""
    try:
        raw = json.loads(metadata)
        shown = unpack(raw["s"])
        if shown is None or raw["v"] not in TITLES:
            return None
        return Purpose(verb=raw["v"], shown=shown, channel=raw["c"], thread=raw["t"], gaps=tuple(map(str, raw["g"])))
    except (ValueError, TypeError, KeyError):
        return None


def form(
    card: Card, purpose: Purpose, person: Person, team: Sequence[Person], above: Sequence[b.Block] = ()
) -> b.Block:
    """The modal for a verb; `above` is what is said before the fields."""
    say = _sayer(person.locale)
    fields, gaps = _fields(card, purpose, person, team)
    limit = card.max_length if purpose.verb in ("edit", "reply") else None
    hint = b.context([say("At most {n} characters on this network.", n=limit)]) if limit else []
    # An edit is about the text in the form; everything else about what stood where the button was.
    shown = shown_by(card) if purpose.verb == "edit" else purpose.shown
    packed = Purpose(verb=purpose.verb, shown=shown, channel=purpose.channel, thread=purpose.thread, gaps=gaps)
    return {
        "type": "modal",
        "callback_id": "portavoz:form",
        "private_metadata": packed.pack(),
        "title": b.plain(text(person.locale, TITLES[purpose.verb]), _TITLE),
        "submit": b.plain(say("Send"), _TITLE),
        "close": b.plain(say("Cancel"), _TITLE),
        "blocks": [*above, *b.context([f"{card.line.id} · {card.line.author}"]), *fields, *hint][:100],
    }


def reading(title: str, close: str, content: Sequence[b.Block]) -> b.Block:
    """A modal that only shows something."""
    return {"type": "modal", "title": b.plain(title, _TITLE), "close": b.plain(close, _TITLE), "blocks": list(content)}


def wish_of(purpose: Purpose, values: Mapping[str, Any], *, by: str, via: str) -> m.Command:
    """The wish of a form that was sent. Raises Incomplete."""
    given = _given(values)
    head: _Head = {"by": by, "via": via, "ticket": purpose.shown.ticket}
    return _MAKERS[purpose.verb](purpose, given, head)


def first_field(view: Mapping[str, Any]) -> str:
    """The field that a refusal is shown at."""
    blocks = view.get("blocks") or []
    return next((str(block["block_id"]) for block in blocks if block.get("type") == "input"), "text")


# --- fields -----------------------------------------------------------------------------------------------------


def _fields(
    card: Card, purpose: Purpose, person: Person, team: Sequence[Person]
) -> tuple[list[b.Block], tuple[str, ...]]:
    def name(field: str) -> str:
        return text(person.locale, LABELS[field])

    others = [colleague for colleague in team if colleague.id != person.id]
    match purpose.verb:
        case "edit":
            reply = card.reply.latest if card.reply else None
            return _long("text", name("text"), reply.text if reply else "")
        case "reply" | "note":
            return _long("text", name("text"), "")
        case "redraft":
            return [_line("hint", name("hint"), optional=True)], ()
        case "refuse" | "close":
            return [_line("reason", name("reason"), optional=True)], ()
        case "ask":
            return [_who(others, name("person"), person), _area("question", name("question"))], ()
        case "escalate":
            return [_who(others, name("person"), person, anybody=True)], ()
        case "assign":
            return [_who(team, name("person"), person, anybody=False)], ()
        case "snooze":
            spans = [(span(person.locale, timedelta(minutes=n)), str(n)) for n in SPANS]
            return [_choice("span", name("span"), spans)], ()
        case "kind":
            return [_choice("kind", name("kind"), [(label(person.locale, kind), kind.value) for kind in Kind])], ()
        case "severity":
            some = [(label(person.locale, severity), severity.value) for severity in Severity]
            return [_choice("severity", name("severity"), some)], ()
        case _:
            say = _sayer(person.locale)
            fates = [(say("Yes, it stands there"), "yes"), (say("No, it does not"), "no")]
            return [_choice("posted", name("posted"), fates), _line("url", name("url"), optional=True)], ()


def _long(id: str, title: str, filled: str) -> tuple[list[b.Block], tuple[str, ...]]:
    """A text field, or as many as the text needs; with what stands between them."""
    fields, gaps = [], []
    for number, piece in enumerate(split(filled, _PIECE) or [""]):
        core = piece.rstrip() if number + 1 < len(split(filled, _PIECE)) else piece
        gaps.append(piece[len(core) :])
        element: b.Block = {"type": "plain_text_input", "multiline": True, "max_length": FIELD}
        if core:
            element["initial_value"] = core
        fields.append(b.input_block(f"{id}{number}" if number else id, title, element))
    return fields, tuple(gaps)


def _area(id: str, title: str) -> b.Block:
    return b.input_block(id, title, {"type": "plain_text_input", "multiline": True, "max_length": FIELD})


def _line(id: str, title: str, *, optional: bool) -> b.Block:
    return b.input_block(id, title, {"type": "plain_text_input", "max_length": 500}, optional=optional)


def _choice(id: str, title: str, options: Sequence[tuple[str, str]]) -> b.Block:
    made = {"type": "static_select", "options": [b.choice(said, value) for said, value in options[: b.OPTIONS]]}
    return b.input_block(id, title, made)


def _who(team: Sequence[Person], title: str, reader: Person, *, anybody: bool = False) -> b.Block:
    some = [(person.name, person.id) for person in team]
    if anybody or not some:
        some.insert(0, (text(reader.locale, "The leads"), _LEADS))
    return _choice("person", title, some)


# --- wishes -----------------------------------------------------------------------------------------------------

_Head = dict[str, Any]
_Given = dict[str, str]


def _given(values: Mapping[str, Any]) -> _Given:
    """The fields' values, by id."""
    found: _Given = {}
    for field, actions in values.items():
        for state in (actions or {}).values():
            chosen = (state or {}).get("selected_option")
            value = chosen.get("value") if isinstance(chosen, dict) else (state or {}).get("value")
            found[str(field)] = str(value) if value is not None else ""
    return found


def _written(purpose: Purpose, given: _Given) -> str:
    """The text of one field or of several."""
    pieces = [given.get("text", "")]
    while f"text{len(pieces)}" in given:
        pieces.append(given[f"text{len(pieces)}"])
    gaps = [*purpose.gaps, *[""] * len(pieces)]
    whole = "".join(piece + gap for piece, gap in zip(pieces, gaps, strict=False))
    if not whole.strip():
        raise Incomplete("text")
    return whole


def _edit(purpose: Purpose, given: _Given, head: _Head) -> m.Command:
    return m.Edit(**head, text=_written(purpose, given).strip(), revision=purpose.shown.revision)


def _person(given: _Given) -> str | None:
    chosen = given.get("person", "")
    return chosen if chosen and chosen != _LEADS else None


def _ask(_: Purpose, given: _Given, head: _Head) -> m.Command:
    person = _person(given)
    if person is None:
        raise Incomplete("person")
    if not given.get("question", "").strip():
        raise Incomplete("question")
    return m.Ask(**head, person=person, question=given["question"].strip())


def _snooze(_: Purpose, given: _Given, head: _Head) -> m.Command:
    if given.get("span", "") not in map(str, SPANS):
        raise Incomplete("span")
    return m.Snooze(**head, span=timedelta(minutes=int(given["span"])))


def _settle(_: Purpose, given: _Given, head: _Head) -> m.Command:
    if given.get("posted") not in ("yes", "no"):
        raise Incomplete("posted")
    return m.Settle(**head, posted=given["posted"] == "yes", url=given.get("url", "").strip())


def _kind(_: Purpose, given: _Given, head: _Head) -> m.Command:
    if given.get("kind") not in set(Kind):
        raise Incomplete("kind")
    return m.SetKind(**head, kind=Kind(given["kind"]))


def _severity(_: Purpose, given: _Given, head: _Head) -> m.Command:
    if given.get("severity") not in set(Severity):
        raise Incomplete("severity")
    return m.SetSeverity(**head, severity=Severity(given["severity"]))


_MAKERS: Mapping[str, Callable[[Purpose, _Given, _Head], m.Command]] = {
    "edit": _edit,
    "reply": lambda purpose, given, head: m.Write(**head, text=_written(purpose, given).strip()),
    "note": lambda purpose, given, head: m.AddNote(**head, text=_written(purpose, given).strip()),
    "redraft": lambda _, given, head: m.Redraft(**head, **redraft_wishes(given.get("hint", ""))),
    "refuse": lambda purpose, given, head: m.Refuse(
        **head, reason=given.get("reason", "").strip(), revision=purpose.shown.revision
    ),
    "close": lambda _, given, head: m.Close(**head, reason=given.get("reason", "").strip()),
    "ask": _ask,
    "snooze": _snooze,
    "escalate": lambda _, given, head: m.Escalate(**head, person=_person(given)),
    "assign": lambda _, given, head: m.Assign(**head, person=_person(given)),
    "kind": _kind,
    "severity": _severity,
    "settle": _settle,
}


def _sayer(locale: str) -> Callable[..., str]:
    def say(sentence: str, **values: object) -> str:
        return text(locale, sentence, **values)

    return say
