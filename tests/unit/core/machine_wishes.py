"""What the team wishes for in the `House`: the rules of the state machine about people, one wish at a time."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from bot.core import deciding, sorting
from bot.core.case import ChangeResult
from bot.core.messages import (
    AddNote,
    Approve,
    Ask,
    Assign,
    Claim,
    Close,
    Edit,
    Escalate,
    OnTicket,
    Redraft,
    Refuse,
    Refused,
    Reopen,
    SetKind,
    SetSeverity,
    Settle,
    Snooze,
    Undo,
    Wait,
    Write,
)
from bot.core.types import Kind, ReplyState, Severity
from tests.unit.core.machine_facts import DECIDERS, TEXTS, WHO, FactsAndEngine

HANDLERS: dict[type[OnTicket], Callable[..., deciding.Answer]] = {
    Approve: deciding.approve,
    Refuse: deciding.refuse_reply,
    Edit: deciding.edit,
    Write: deciding.write,
    Redraft: deciding.redraft,
    Undo: deciding.undo,
    Settle: deciding.settle,
    Claim: sorting.claim,
    Assign: sorting.assign,
    Ask: sorting.ask,
    Wait: sorting.wait,
    Close: sorting.close,
    Reopen: sorting.reopen,
    Snooze: sorting.snooze,
    Escalate: sorting.escalate,
    SetKind: sorting.set_kind,
    SetSeverity: sorting.set_severity,
    AddNote: sorting.add_note,
}
ONCE = (Approve, Refuse, Edit, Undo, Settle, Close, Reopen, Assign, SetKind, SetSeverity)
"""Wishes whose repetition is refused, because the first one is done already."""


class Wishes(FactsAndEngine):
    @rule(by=WHO, text=TEXTS, late=st.booleans(), data=st.data())
    def somebody_edits(self, by: str, text: str, late: bool, data: st.DataObject) -> None:
        revision = data.draw(st.integers(1, 5)) if late else None
        self._wish(Edit(by=by, via="desk", ticket=self._ticket(data), text=text, revision=revision))

    @rule(by=st.sampled_from(["ada", "luis", "ana"]), text=TEXTS, data=st.data())
    def somebody_writes(self, by: str, text: str, data: st.DataObject) -> None:
        self._wish(Write(by=by, via="desk", ticket=self._ticket(data), text=text))

    @rule(by=DECIDERS, data=st.data())
    def somebody_looks_at_the_network_and_settles(self, by: str, data: st.DataObject) -> None:
        ticket = self._ticket(data)
        reply = self.house.case(ticket).reply
        if reply is not None and reply.state is ReplyState.PENDING and data.draw(st.booleans()):
            self.house.moderate_silently(reply.id, accept=data.draw(st.booleans()))
        there = reply is not None and self.house.stands(reply.id)
        by_hand = reply is not None and reply.state is ReplyState.HANDED_OFF and data.draw(st.booleans())
        self._wish(Settle(by=by, via="desk", ticket=ticket, posted=there or by_hand))

    @rule(by=WHO, data=st.data())
    def somebody_wishes(self, by: str, data: st.DataObject) -> None:
        on: Any = {"by": by, "via": "cli", "ticket": self._ticket(data)}
        wishes: list[OnTicket] = [
            Refuse(**on, reason=data.draw(st.sampled_from(["", "no"]))),
            Redraft(**on),
            Redraft(**on, hint="shorter"),
            Undo(**on),
            Undo(**on),
            Claim(**on),
            Assign(**on, person=data.draw(st.sampled_from([None, "@Ada", "nobody"]))),
            Ask(**on, person="Luis", question=data.draw(st.sampled_from(["?", " "]))),
            Wait(**on),
            Close(**on),
            Reopen(**on),
            Snooze(**on, span=timedelta(hours=data.draw(st.sampled_from([-1, 1, 24 * 91])))),
            Escalate(**on, person=data.draw(st.sampled_from([None, "ana", "nobody"]))),
            SetKind(**on, kind=data.draw(st.sampled_from(list(Kind)))),
            SetSeverity(**on, severity=data.draw(st.sampled_from(list(Severity)))),
            AddNote(**on, text=data.draw(st.sampled_from(["seen", ""]))),
        ]
        self._wish(data.draw(st.sampled_from(wishes)))

    def _wish(self, wish: OnTicket) -> deciding.Answer:
        answer = self._once(wish)
        if isinstance(answer, ChangeResult):
            keys = {reply.id: reply.key for reply in self.house.replies.values()}
            again = self._once(wish) if isinstance(wish, ONCE) else None
            assert again is None or isinstance(again, Refused), f"{wish} was done twice"
            assert {reply.id: reply.key for reply in self.house.replies.values()} == keys
        return answer

    def _once(self, wish: OnTicket) -> deciding.Answer:
        case = self.house.case(wish.ticket)
        before = self.house.snapshot()
        person: Any = self.house.people.get(wish.by)
        answer = HANDLERS[type(wish)](case, wish, person, self.house.context())
        if isinstance(answer, Refused):
            assert answer.reason
            assert answer.remedy
            assert answer.ticket == wish.ticket
            assert self.house.snapshot() == before
        else:
            assert person is not None
            assert person.active
            assert answer.code
            self.house.granted(case, answer, wish.by)
        return answer
