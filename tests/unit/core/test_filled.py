"""What comes of a form that somebody filled in: a wish, or the field that is still missing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.core import messages as m
from bot.core.filled import FORMS, LEADS, Filled, Incomplete, wish_of
from bot.core.shown import Shown
from bot.core.types import Kind, Severity

SHOWN = Shown(ticket="K7Q2", revision=3)
HEAD: dict[str, Any] = {"by": "eva", "via": "chat", "ticket": "K7Q2"}


def wish(verb: str, gaps: tuple[str, ...] = (), **given: str) -> m.Command:
    return wish_of(Filled(verb=verb, shown=SHOWN, given=given, gaps=gaps), by="eva", via="chat")


def test_every_form_makes_its_wish() -> None:
    made = {
        "edit": (wish("edit", text=" Dear Rosa. "), m.Edit(**HEAD, text="Dear Rosa.", revision=3)),
        "reply": (wish("reply", text="Hello."), m.Write(**HEAD, text="Hello.")),
        "note": (wish("note", text="Called."), m.AddNote(**HEAD, text="Called.")),
        "redraft": (wish("redraft", hint="shorter"), m.Redraft(**HEAD, hint="shorter")),
        "refuse": (wish("refuse", reason=" cold "), m.Refuse(**HEAD, reason="cold", revision=3)),
        "close": (wish("close"), m.Close(**HEAD, reason="")),
        "ask": (wish("ask", person="ana", question="When?"), m.Ask(**HEAD, person="ana", question="When?")),
        "snooze": (wish("snooze", span="240"), m.Snooze(**HEAD, span=timedelta(hours=4))),
        "escalate": (wish("escalate", person=LEADS), m.Escalate(**HEAD, person=None)),
        "assign": (wish("assign", person="luis"), m.Assign(**HEAD, person="luis")),
        "kind": (wish("kind", kind="praise"), m.SetKind(**HEAD, kind=Kind.PRAISE)),
        "severity": (wish("severity", severity="high"), m.SetSeverity(**HEAD, severity=Severity.HIGH)),
        "settle": (wish("settle", posted="yes", url="https://a"), m.Settle(**HEAD, posted=True, url="https://a")),
    }
    assert set(made) == FORMS
    assert {verb: one for verb, (one, _) in made.items()} == {verb: wanted for verb, (_, wanted) in made.items()}


def test_a_long_text_is_put_together_with_what_stood_between_its_fields() -> None:
    whole = wish("edit", gaps=("\n\n", " "), text="One.", text1="Two.", text2="Three.")
    assert whole == m.Edit(**HEAD, text="One.\n\nTwo. Three.", revision=3)


@pytest.mark.parametrize(
    ("verb", "given", "missing"),
    [
        ("edit", {"text": " \n"}, "text"),
        ("ask", {"question": "When?", "person": LEADS}, "person"),
        ("ask", {"question": " ", "person": "ana"}, "question"),
        ("snooze", {"span": "61"}, "span"),
        ("settle", {"posted": "perhaps"}, "posted"),
        ("kind", {"kind": "rant"}, "kind"),
        ("severity", {}, "severity"),
    ],
)
def test_what_is_missing_is_named(verb: str, given: dict[str, str], missing: str) -> None:
    with pytest.raises(Incomplete, match=f"^{missing}$"):
        wish_of(Filled(verb=verb, shown=SHOWN, given=given), by="eva", via="chat")
