"""Modals: how the fields of a form look in Slack, and what somebody filled in.

Limits (docs.slack.dev/reference/views): a title has 24 characters, a text field 3,000, `private_metadata` 3,000. A text
that is longer than a field stands in several fields; the white space between them is kept aside and put back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.core.filled import FORMS, Filled
from bot.core.shown import Shown, shown_by, unpack
from bot.core.splitting import split
from bot.core.types import Person
from bot.core.views import Card
from bot.locale import showing, text
from handlers.chats.slack import blocks as b
from handlers.forms import Field, fields_of

FIELD = 3000
_PIECE = 2400
_TITLE = 24


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
        if shown is None or raw["v"] not in FORMS:
            return None
        return Purpose(verb=raw["v"], shown=shown, channel=raw["c"], thread=raw["t"], gaps=tuple(map(str, raw["g"])))
    except (ValueError, TypeError, KeyError):
        return None


def form(
    card: Card, purpose: Purpose, person: Person, team: Sequence[Person], above: Sequence[b.Block] = ()
) -> b.Block:
    """The modal for a verb; `above` is what is said before the fields."""
    fields, gaps = _rendered(fields_of(card, purpose.verb, person, team))
    limit = card.max_length if purpose.verb in ("edit", "reply") else None
    hint = b.context([text(person.locale, "At most {n} characters on this network.", n=limit)]) if limit else []
    # An edit is about the text in the form; everything else about what stood where the button was.
    shown = shown_by(card) if purpose.verb == "edit" else purpose.shown
    packed = Purpose(verb=purpose.verb, shown=shown, channel=purpose.channel, thread=purpose.thread, gaps=gaps)
    return {
        "type": "modal",
        "callback_id": "portavoz:form",
        "private_metadata": packed.pack(),
        "title": b.plain(text(person.locale, showing.FORMS[purpose.verb]), _TITLE),
        "submit": b.plain(text(person.locale, "Send"), _TITLE),
        "close": b.plain(text(person.locale, "Cancel"), _TITLE),
        "blocks": [*above, *b.context([f"{card.line.id} · {card.line.author}"]), *fields, *hint][:100],
    }


def reading(title: str, close: str, content: Sequence[b.Block]) -> b.Block:
    """A modal that only shows something."""
    return {"type": "modal", "title": b.plain(title, _TITLE), "close": b.plain(close, _TITLE), "blocks": list(content)}


def filled(purpose: Purpose, values: Mapping[str, Any]) -> Filled:
    """What somebody filled in, from the state of the view that was sent."""
    return Filled(verb=purpose.verb, shown=purpose.shown, given=_given(values), gaps=purpose.gaps)


def _given(values: Mapping[str, Any]) -> dict[str, str]:
    """The fields' values, by id."""
    found: dict[str, str] = {}
    for field, actions in values.items():
        for state in (actions or {}).values():
            chosen = (state or {}).get("selected_option")
            value = chosen.get("value") if isinstance(chosen, dict) else (state or {}).get("value")
            found[str(field)] = str(value) if value is not None else ""
    return found


def first_field(view: Mapping[str, Any]) -> str:
    """The field that a refusal is shown at."""
    blocks = view.get("blocks") or []
    return next((str(block["block_id"]) for block in blocks if block.get("type") == "input"), "text")


# --- fields -----------------------------------------------------------------------------------------------------


def _rendered(fields: Sequence[Field]) -> tuple[list[b.Block], tuple[str, ...]]:
    """The fields as Slack has them; and, of a long text, what stands between those that it takes."""
    made: list[b.Block] = []
    gaps: tuple[str, ...] = ()
    for field in fields:
        match field.look:
            case "text":
                some, gaps = _long(field)
                made += some
            case "area":
                made.append(b.input_block(field.id, field.title, _area()))
            case "line":
                line = {"type": "plain_text_input", "max_length": 500}
                made.append(b.input_block(field.id, field.title, line, optional=True))
            case "choice":
                options = [b.choice(said, value) for said, value in field.options[: b.OPTIONS]]
                made.append(b.input_block(field.id, field.title, {"type": "static_select", "options": options}))
    return made, gaps


def _long(field: Field) -> tuple[list[b.Block], tuple[str, ...]]:
    """A text field, or as many as the text needs; with what stands between them."""
    made, gaps = [], []
    pieces = split(field.filled, _PIECE) or [""]
    for number, piece in enumerate(pieces):
        core = piece.rstrip() if number + 1 < len(pieces) else piece
        gaps.append(piece[len(core) :])
        element = {**_area(), "initial_value": core} if core else _area()
        made.append(b.input_block(f"{field.id}{number}" if number else field.id, field.title, element))
    return made, tuple(gaps)


def _area() -> b.Block:
    return {"type": "plain_text_input", "multiline": True, "max_length": FIELD}
