"""Forms become commands: what a button on a ticket's page wishes for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from bot.core import messages as m
from bot.core.phrases import redraft_wishes
from bot.core.types import Kind, Severity
from handlers.chats.desk.words import SPANS

MAX_TEXT = 20_000
"""Characters of a text that people may send; the core refuses longer ones too."""

Form = Mapping[str, str]
_SPANS = frozenset(map(str, SPANS))


class BadForm(ValueError):
    """The form lacks something. The message is a key of `words.LACKS`."""


def command_from(verb: str, form: Form, *, by: str, via: str, ticket: str) -> m.TicketCommand:
    """The command of a form. Raises BadForm, and KeyError for what is no verb of a form."""
    make = _MAKERS[verb]
    if any(len(value) > MAX_TEXT for value in form.values()):
        raise BadForm("too_long")
    return make({**form, "by": by, "via": via, "ticket": ticket})


def _head(form: Form) -> dict[str, Any]:
    return {"by": form["by"], "via": form["via"], "ticket": form["ticket"]}


def _revision(form: Form) -> int | None:
    given = form.get("revision", "")
    if not given:
        return None
    if not given.isascii() or not given.isdecimal() or len(given) > 6:
        raise BadForm("no_revision")
    return int(given)


def _shown_revision(form: Form) -> int:
    """A form that decides about a text must say which text its reader saw."""
    revision = _revision(form)
    if revision is None:
        raise BadForm("no_revision")
    return revision


def _seen(form: Form) -> str | None:
    return form.get("seen", "")[:40] or None


def _text(form: Form, name: str = "text") -> str:
    given = form.get(name, "").strip()
    if not given:
        raise BadForm("no_text")
    return given


def _optional(form: Form, name: str = "text") -> str:
    return form.get(name, "").strip()


def _snooze(form: Form) -> m.Snooze:
    minutes = form.get("minutes", "")
    if minutes not in _SPANS:
        raise BadForm("no_span")
    return m.Snooze(**_head(form), span=timedelta(minutes=int(minutes)))


def _settle(form: Form) -> m.Settle:
    posted = form.get("posted", "")
    if posted not in {"yes", "no"}:
        raise BadForm("no_fate")
    return m.Settle(**_head(form), posted=posted == "yes", url=_optional(form, "url"))


def _ask(form: Form) -> m.Ask:
    person = form.get("person", "")
    if not person:
        raise BadForm("no_person")
    return m.Ask(**_head(form), person=person, question=_text(form))


def _kind(form: Form) -> m.SetKind:
    if form.get("kind") not in set(Kind):
        raise BadForm("no_kind")
    return m.SetKind(**_head(form), kind=Kind(form["kind"]))


def _severity(form: Form) -> m.SetSeverity:
    if form.get("severity") not in set(Severity):
        raise BadForm("no_severity")
    return m.SetSeverity(**_head(form), severity=Severity(form["severity"]))


_MAKERS: Mapping[str, Callable[[Form], m.TicketCommand]] = {
    "approve": lambda form: m.Approve(**_head(form), revision=_shown_revision(form), seen=_seen(form)),
    "refuse": lambda form: m.Refuse(**_head(form), reason=_optional(form), revision=_shown_revision(form)),
    "edit": lambda form: m.Edit(**_head(form), text=_text(form), revision=_shown_revision(form)),
    "reply": lambda form: m.Write(**_head(form), text=_text(form)),
    "redraft": lambda form: m.Redraft(**_head(form), **redraft_wishes(_optional(form))),
    "undo": lambda form: m.Undo(**_head(form)),
    "settle": _settle,
    "claim": lambda form: m.Claim(**_head(form)),
    "assign": lambda form: m.Assign(**_head(form), person=form.get("person") or None),
    "ask": _ask,
    "wait": lambda form: m.Wait(**_head(form)),
    "close": lambda form: m.Close(**_head(form), reason=_optional(form)),
    "reopen": lambda form: m.Reopen(**_head(form)),
    "snooze": _snooze,
    "escalate": lambda form: m.Escalate(**_head(form), person=form.get("person") or None),
    "kind": _kind,
    "severity": _severity,
    "note": lambda form: m.AddNote(**_head(form), text=_text(form)),
}
VERBS = frozenset(_MAKERS)
