"""Forms (modals): how their fields look in Discord, and what somebody filled in.

Limits (discord.com/developers/docs/components/reference): five fields, a title and labels of 45 characters, a text
field of 4,000, 100 in the form's own id. A text that is longer than a field stands in several fields; the white space
between them is kept in the id and put back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.filled import FORMS, Filled
from bot.core.foreign import editable
from bot.core.shown import Shown, shown_by, unpack
from bot.core.splitting import split
from bot.core.types import Person
from bot.core.views import Card
from bot.locale import showing, text
from handlers.chats.discord import marks as d
from handlers.forms import Field, fields_of

FIELD = 4000
FIELDS = 5
_PIECE = 3600
_PREFIX = "portavoz-form"
_GAPS: Mapping[str, str] = {" ": "s", "\n": "n", "\t": "t", "\r": "r"}
_SPACES = {letter: char for char, letter in _GAPS.items()}
_ID = 100


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
    if prefix != _PREFIX or verb not in FORMS or shown is None or set(gaps) - set(_SPACES) - {"."}:
        return None
    spaces = tuple("".join(_SPACES[letter] for letter in gap) for gap in gaps.split("."))
    return Purpose(verb=verb, shown=shown, gaps=spaces)


def form(card: Card, verb: str, shown: Shown, person: Person, team: Sequence[Person]) -> d.Part:
    """The modal for a verb, as Discord's API has it. Raises TooLong."""
    limit = card.max_length if verb in ("edit", "reply") else None
    most = f" ({text(person.locale, 'at most {n}', n=limit)})" if limit else ""
    fields, gaps = _rendered(fields_of(card, verb, person, team), most)
    # An edit is about the text in the form; everything else about what stood where the button was.
    about = shown_by(card) if verb == "edit" else shown
    custom_id = Purpose(verb=verb, shown=about, gaps=gaps).pack() if _packable(gaps) else ""
    if not custom_id or len(custom_id) > _ID or len(fields) > FIELDS:
        raise TooLong
    title = f"{text(person.locale, showing.FORMS[verb])} · {card.line.id}"
    return {"custom_id": custom_id, "title": d.plain(title, d.TITLE), "components": fields}


def filled(purpose: Purpose, given: Mapping[str, str]) -> Filled:
    """What somebody filled in, by field."""
    return Filled(verb=purpose.verb, shown=purpose.shown, given=dict(given), gaps=purpose.gaps)


def _packable(gaps: Sequence[str]) -> bool:
    return all(char in _GAPS for gap in gaps for char in gap)


# --- fields -----------------------------------------------------------------------------------------------------


def _rendered(fields: Sequence[Field], most: str) -> tuple[list[d.Part], tuple[str, ...]]:
    """The fields as Discord has them, `most` behind a text's title; and what stands between those of a long text."""
    made: list[d.Part] = []
    gaps: tuple[str, ...] = ()
    for field in fields:
        match field.look:
            case "text":
                some, gaps = _long(field, field.title + most)
                made += some
            case "area":
                made.append(_labelled(field.title, _area(field.id)))
            case "line":
                line = {"type": 4, "custom_id": field.id, "style": 1, "max_length": 500, "required": False}
                made.append(_labelled(field.title, line))
            case "choice":
                chosen = {**d.select(field.title, field.id, field.options), "required": True}
                made.append(_labelled(field.title, chosen))
    return made, gaps


def _long(field: Field, title: str) -> tuple[list[d.Part], tuple[str, ...]]:
    """A text field, or as many as the text needs; with what stands between them."""
    made, gaps = [], []
    pieces = split(editable(field.filled), _PIECE) or [""]
    for number, piece in enumerate(pieces):
        core = piece.rstrip(" \n\t\r") if number + 1 < len(pieces) else piece
        gaps.append(piece[len(core) :])
        made.append(_labelled(title, _area(f"{field.id}{number}" if number else field.id, core)))
    return made, tuple(gaps)


def _area(id: str, filled: str = "") -> d.Part:
    made: d.Part = {"type": 4, "custom_id": id, "style": 2, "max_length": FIELD, "required": True}
    return {**made, "value": filled} if filled else made


def _labelled(title: str, component: d.Part) -> d.Part:
    return {"type": 18, "label": d.plain(title, d.TITLE), "component": component}
