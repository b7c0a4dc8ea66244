"""Forms (modals): what one asks for, what it is filled with, and the wish that comes out of it.

Limits (discord.com/developers/docs/components/reference): five fields, a title and labels of 45 characters, a text
field of 4,000, 100 in the form's own id. A text that is longer than a field stands in several fields; the white space
between them is kept in the id and put back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.core import messages as m
from bot.core.foreign import editable
from bot.core.phrases import redraft_wishes
from bot.core.shown import Shown, shown_by, unpack
from bot.core.splitting import split
from bot.core.types import Card, Kind, Person, Severity
from bot.locale import label, span, text
from handlers.chats.discord import marks as d
from handlers.chats.discord.words import LABELS, SPANS, TITLES

FIELD = 4000
FIELDS = 5
_PIECE = 3600
_LEADS = "-"
_PREFIX = "portavoz-form"
_GAPS: Mapping[str, str] = {" ": "s", "\n": "n", "\t": "t", "\r": "r"}
_SPACES = {letter: char for char, letter in _GAPS.items()}
_ID = 100


class Incomplete(ValueError):
    """A field that must be filled is not; the message is the field's id."""


class TooLong(ValueError):
    """The text has no room in a form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """What a form is about; travels in its id. `gaps` is the white space after each field of a long text."""

    verb: str
    shown: Shown
    gaps: tuple[str, ...] = ()

    def pack(self) -> str:
        gaps = ".".join("".join(_GAPS[char] for char in gap) for gap in self.gaps)
        return f"{_PREFIX}:{self.verb}:{self.shown.pack()}:{gaps}"


def purpose_of(custom_id: str) -> Purpose | None:
    """What `Purpose.pack` wrote; None for anything else."""
    prefix, _, rest = custom_id.partition(":")
    verb, _, rest = rest.partition(":")
    packed, _, gaps = rest.partition(":")
    shown = unpack(packed)
    if prefix != _PREFIX or verb not in TITLES or shown is None or set(gaps) - set(_SPACES) - {"."}:
        return None
    spaces = tuple("".join(_SPACES[letter] for letter in gap) for gap in gaps.split("."))
    return Purpose(verb=verb, shown=shown, gaps=spaces)


def form(card: Card, verb: str, shown: Shown, person: Person, team: Sequence[Person]) -> d.Part:
    """The modal for a verb, as Discord's API has it. Raises TooLong."""
    fields, gaps = _fields(card, verb, person, team)
    # An edit is about the text in the form; everything else about what stood where the button was.
    about = shown_by(card) if verb == "edit" else shown
    custom_id = Purpose(verb=verb, shown=about, gaps=gaps).pack() if _packable(gaps) else ""
    if not custom_id or len(custom_id) > _ID or len(fields) > FIELDS:
        raise TooLong
    title = f"{text(person.locale, TITLES[verb])} · {card.line.id}"
    return {"custom_id": custom_id, "title": d.plain(title, d.TITLE), "components": fields}


def wish_of(purpose: Purpose, given: Mapping[str, str], *, by: str, via: str) -> m.Command:
    """The wish of a form that was sent. Raises Incomplete."""
    head: _Head = {"by": by, "via": via, "ticket": purpose.shown.ticket}
    return _MAKERS[purpose.verb](purpose, dict(given), head)


def _packable(gaps: Sequence[str]) -> bool:
    return all(char in _GAPS for gap in gaps for char in gap)


# --- fields -----------------------------------------------------------------------------------------------------


def _fields(card: Card, verb: str, person: Person, team: Sequence[Person]) -> tuple[list[d.Part], tuple[str, ...]]:
    def name(field: str) -> str:
        limit = card.max_length if field == "text" and verb in ("edit", "reply") else None
        most = f" ({text(person.locale, 'at most {n}', n=limit)})" if limit else ""
        return text(person.locale, LABELS[field]) + most

    others = [colleague for colleague in team if colleague.id != person.id]
    match verb:
        case "edit":
            reply = card.reply.latest if card.reply else None
            return _long("text", name("text"), reply.text if reply else "")
        case "reply" | "note":
            return _long("text", name("text"), "")
        case "redraft":
            return [_line("hint", name("hint"))], ()
        case "refuse" | "close":
            return [_line("reason", name("reason"))], ()
        case "ask":
            return [_who(others, name("person"), person), _area("question", name("question"))], ()
        case "escalate":
            return [_who(others, name("person"), person, anybody=True)], ()
        case "assign":
            return [_who(team, name("person"), person)], ()
        case "snooze":
            spans = [(span(person.locale, timedelta(minutes=n)), str(n)) for n in SPANS]
            return [_choice("span", name("span"), spans)], ()
        case "kind":
            return [_choice("kind", name("kind"), [(label(person.locale, kind), kind.value) for kind in Kind])], ()
        case "severity":
            some = [(label(person.locale, severity), severity.value) for severity in Severity]
            return [_choice("severity", name("severity"), some)], ()
        case _:
            fates = [
                (text(person.locale, "Yes, it stands there"), "yes"),
                (text(person.locale, "No, it does not"), "no"),
            ]
            return [_choice("posted", name("posted"), fates), _line("url", name("url"))], ()


def _long(id: str, title: str, filled: str) -> tuple[list[d.Part], tuple[str, ...]]:
    """A text field, or as many as the text needs; with what stands between them."""
    fields, gaps = [], []
    whole = split(editable(filled), _PIECE) or [""]
    for number, piece in enumerate(whole):
        core = piece.rstrip(" \n\t\r") if number + 1 < len(whole) else piece
        gaps.append(piece[len(core) :])
        fields.append(_labelled(title, _area_of(f"{id}{number}" if number else id, core)))
    return fields, tuple(gaps)


def _area_of(id: str, filled: str = "") -> d.Part:
    made: d.Part = {"type": 4, "custom_id": id, "style": 2, "max_length": FIELD, "required": True}
    return {**made, "value": filled} if filled else made


def _area(id: str, title: str) -> d.Part:
    return _labelled(title, _area_of(id))


def _line(id: str, title: str) -> d.Part:
    return _labelled(title, {"type": 4, "custom_id": id, "style": 1, "max_length": 500, "required": False})


def _choice(id: str, title: str, options: Sequence[tuple[str, str]]) -> d.Part:
    return _labelled(title, {**d.select(title, id, options), "required": True})


def _labelled(title: str, component: d.Part) -> d.Part:
    return {"type": 18, "label": d.plain(title, d.TITLE), "component": component}


def _who(team: Sequence[Person], title: str, reader: Person, *, anybody: bool = False) -> d.Part:
    some = [(person.name, person.id) for person in team][:24]
    if anybody or not some:
        some.insert(0, (text(reader.locale, "The leads"), _LEADS))
    return _choice("person", title, some)


# --- wishes -----------------------------------------------------------------------------------------------------

_Head = dict[str, Any]
_Given = dict[str, str]


def written(purpose: Purpose, given: Mapping[str, str]) -> str:
    """The text of one field or of several. Raises Incomplete."""
    pieces = [given.get("text", "")]
    while f"text{len(pieces)}" in given:
        pieces.append(given[f"text{len(pieces)}"])
    gaps = [*purpose.gaps, *[""] * len(pieces)]
    whole = "".join(piece + gap for piece, gap in zip(pieces, gaps, strict=False))
    if not whole.strip():
        raise Incomplete("text")
    return whole


def _edit(purpose: Purpose, given: _Given, head: _Head) -> m.Command:
    return m.Edit(**head, text=written(purpose, given).strip(), revision=purpose.shown.revision)


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
    "reply": lambda purpose, given, head: m.Write(**head, text=written(purpose, given).strip()),
    "note": lambda purpose, given, head: m.AddNote(**head, text=written(purpose, given).strip()),
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
