from datetime import timedelta
from typing import Any

import pytest

from bot.core import messages as m
from bot.core.types import Kind, Severity
from handlers.chats.desk.actions import VERBS, BadForm, command_from

HEAD: dict[str, Any] = {"by": "ana", "via": "desk", "ticket": "K7Q2"}


def made(verb: str, **form: str) -> m.TicketCommand:
    return command_from(verb, form, **HEAD)


@pytest.mark.parametrize(
    ("verb", "form", "command"),
    [
        ("approve", {"revision": "3"}, m.Approve(**HEAD, revision=3)),
        ("refuse", {"revision": "3", "text": " too cold "}, m.Refuse(**HEAD, revision=3, reason="too cold")),
        ("edit", {"revision": "3", "text": "Sorry"}, m.Edit(**HEAD, revision=3, text="Sorry")),
        ("reply", {"text": "Sorry"}, m.Write(**HEAD, text="Sorry")),
        ("redraft", {"text": ""}, m.Redraft(**HEAD)),
        ("undo", {}, m.Undo(**HEAD)),
        (
            "settle",
            {"posted": "yes", "url": "https://a.example"},
            m.Settle(**HEAD, posted=True, url="https://a.example"),
        ),
        ("settle", {"posted": "no"}, m.Settle(**HEAD, posted=False)),
        ("claim", {}, m.Claim(**HEAD)),
        ("assign", {"person": "luis"}, m.Assign(**HEAD, person="luis")),
        ("ask", {"person": "luis", "text": "Is it true?"}, m.Ask(**HEAD, person="luis", question="Is it true?")),
        ("wait", {}, m.Wait(**HEAD)),
        ("close", {"text": "solved"}, m.Close(**HEAD, reason="solved")),
        ("reopen", {}, m.Reopen(**HEAD)),
        ("snooze", {"minutes": "240"}, m.Snooze(**HEAD, span=timedelta(hours=4))),
        ("escalate", {}, m.Escalate(**HEAD)),
        ("kind", {"kind": "question"}, m.SetKind(**HEAD, kind=Kind.QUESTION)),
        ("severity", {"severity": "high"}, m.SetSeverity(**HEAD, severity=Severity.HIGH)),
        ("note", {"text": "call her"}, m.AddNote(**HEAD, text="call her")),
    ],
)
def test_each_form_makes_its_command(verb: str, form: dict[str, str], command: m.TicketCommand) -> None:
    assert made(verb, **form) == command


@pytest.mark.parametrize(
    ("verb", "form"),
    [
        ("approve", {}),
        ("approve", {"revision": "newest"}),
        ("approve", {"revision": "٣"}),
        ("approve", {"revision": "9" * 5000}),
        ("edit", {"text": "Sorry"}),
        ("edit", {"revision": "1", "text": " \n "}),
        ("reply", {}),
        ("note", {"text": ""}),
        ("note", {"text": "x" * 20_001}),
        ("ask", {"text": "Whom?"}),
        ("ask", {"person": "luis"}),
        ("snooze", {"minutes": "999999999"}),
        ("snooze", {}),
        ("settle", {}),
        ("kind", {"kind": "hymn"}),
        ("severity", {}),
    ],
)
def test_a_form_that_lacks_something_makes_none(verb: str, form: dict[str, str]) -> None:
    with pytest.raises(BadForm):
        made(verb, **form)


def test_a_form_cannot_choose_who_speaks_or_about_what() -> None:
    command = made("claim", by="luis", via="cli", ticket="XXXX")
    assert command == m.Claim(**HEAD)


def test_what_is_no_verb_makes_nothing() -> None:
    with pytest.raises(KeyError):
        made("delete")
    assert "delete" not in VERBS
