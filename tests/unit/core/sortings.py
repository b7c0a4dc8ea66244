"""What people do about a ticket, in one word each, for the tests of sorting."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bot.core import sorting
from bot.core.case import Case, Change, ChangeResult
from bot.core.messages import (
    AddNote,
    Ask,
    Assign,
    Claim,
    Close,
    Escalate,
    Fact,
    OnTicket,
    Refused,
    Reopen,
    SetKind,
    SetSeverity,
    Snooze,
    Wait,
)
from bot.core.types import Kind, Severity
from tests.support.core_world import (
    PEOPLE,
    bare,
    context,
    done,
    wish,
)

HOUR = timedelta(hours=1)
WISHES: dict[type[OnTicket], tuple[Callable[..., ChangeResult | Refused], dict[str, Any]]] = {
    Claim: (sorting.claim, {}),
    Assign: (sorting.assign, {}),
    Ask: (sorting.ask, {"person": "luis", "question": "Is it so?"}),
    Wait: (sorting.wait, {}),
    Close: (sorting.close, {}),
    Reopen: (sorting.reopen, {}),
    Snooze: (sorting.snooze, {"span": HOUR}),
    Escalate: (sorting.escalate, {}),
    SetKind: (sorting.set_kind, {"kind": Kind.PRAISE}),
    SetSeverity: (sorting.set_severity, {"severity": Severity.HIGH}),
    AddNote: (sorting.add_note, {"text": "Seen"}),
}


def do(kind: type[OnTicket], case: Case, by: str = "ada", /, *, now: Any = None, **more: Any) -> ChangeResult | Refused:
    function, usual = WISHES[kind]
    return function(case, wish(kind, by, **(usual | more)), PEOPLE[by], now or context())


def after_(kind: type[OnTicket], case: Case | None = None, by: str = "ada", /, **more: Any) -> Case:
    return done(do(kind, bare() if case is None else case, by, **more)).change.case


def facts(change: Change) -> list[Fact]:
    return [entry.fact for entry in change.entries]
