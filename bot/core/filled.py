"""The wish that comes out of a form that somebody filled in, whatever the chat's forms look like."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.core import messages as m
from bot.core.phrases import redraft_wishes
from bot.core.shown import Shown
from bot.core.types import Kind, Severity

LEADS = "-"
"""What the choice of a person says for nobody in particular."""
SPANS = (60, 4 * 60, 24 * 60, 3 * 24 * 60, 7 * 24 * 60)
"""For how many minutes the form puts a ticket away."""


class Incomplete(ValueError):
    """A field that must be filled is not; the message is the field's id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What was sent: the values by field (see `handlers.forms`), about what was shown when the form was opened.

    A text longer than a field stands in several, `text`, `text1`, ...; `gaps` is the white space after each of them.
    """

    verb: str
    shown: Shown
    given: Mapping[str, str]
    gaps: tuple[str, ...] = ()

    def value(self, field: str) -> str:
        """What stands in a field, without the white space around it."""
        return self.given.get(field, "").strip()

    def text(self) -> str:
        """The text of one field or of several. Raises Incomplete."""
        pieces = [self.given.get("text", "")]
        while f"text{len(pieces)}" in self.given:
            pieces.append(self.given[f"text{len(pieces)}"])
        gaps = [*self.gaps, *[""] * len(pieces)]
        whole = "".join(piece + gap for piece, gap in zip(pieces, gaps, strict=False))
        if not whole.strip():
            raise Incomplete("text")
        return whole

    def person(self) -> str | None:
        """The id of whoever was chosen; None for nobody in particular."""
        chosen = self.given.get("person", "")
        return chosen if chosen and chosen != LEADS else None


def wish_of(filled: Filled, *, by: str, via: str) -> m.Command:
    """The wish of a form that was sent. Raises Incomplete."""
    return _MAKERS[filled.verb](filled, {"by": by, "via": via, "ticket": filled.shown.ticket})


_Head = dict[str, Any]


def _ask(filled: Filled, head: _Head) -> m.Command:
    person, question = filled.person(), filled.value("question")
    if person is None:
        raise Incomplete("person")
    if not question:
        raise Incomplete("question")
    return m.Ask(**head, person=person, question=question)


def _snooze(filled: Filled, head: _Head) -> m.Command:
    chosen = filled.given.get("span", "")
    if chosen not in map(str, SPANS):
        raise Incomplete("span")
    return m.Snooze(**head, span=timedelta(minutes=int(chosen)))


def _settle(filled: Filled, head: _Head) -> m.Command:
    posted = filled.given.get("posted")
    if posted not in ("yes", "no"):
        raise Incomplete("posted")
    return m.Settle(**head, posted=posted == "yes", url=filled.value("url"))


def _kind(filled: Filled, head: _Head) -> m.Command:
    kind = filled.given.get("kind")
    if kind not in set(Kind):
        raise Incomplete("kind")
    return m.SetKind(**head, kind=Kind(kind))


def _severity(filled: Filled, head: _Head) -> m.Command:
    severity = filled.given.get("severity")
    if severity not in set(Severity):
        raise Incomplete("severity")
    return m.SetSeverity(**head, severity=Severity(severity))


_MAKERS: Mapping[str, Callable[[Filled, _Head], m.Command]] = {
    "edit": lambda filled, head: m.Edit(**head, text=filled.text().strip(), revision=filled.shown.revision),
    "reply": lambda filled, head: m.Write(**head, text=filled.text().strip()),
    "note": lambda filled, head: m.AddNote(**head, text=filled.text().strip()),
    "redraft": lambda filled, head: m.Redraft(**head, **redraft_wishes(filled.given.get("hint", ""))),
    "refuse": lambda filled, head: m.Refuse(**head, reason=filled.value("reason"), revision=filled.shown.revision),
    "close": lambda filled, head: m.Close(**head, reason=filled.value("reason")),
    "ask": _ask,
    "snooze": _snooze,
    "escalate": lambda filled, head: m.Escalate(**head, person=filled.person()),
    "assign": lambda filled, head: m.Assign(**head, person=filled.person()),
    "kind": _kind,
    "severity": _severity,
    "settle": _settle,
}
FORMS = frozenset(_MAKERS)
"""Verbs that want words or a choice: a form asks for them."""
