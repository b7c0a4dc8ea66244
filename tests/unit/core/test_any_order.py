"""Whatever happens, in whatever order: nothing goes out that people did not agree to, and nothing twice."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

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
from bot.core.types import Kind, ReplyState, Role, Severity, TicketStatus
from tests.support.core_world import PEOPLE
from tests.unit.core.house import Fate, House

WORDS = st.sampled_from(["The soup was cold", "Where are you?", "danger of fire", "SILENCE", "thanks", "ZZZ"])
TEXTS = st.sampled_from(["We are sorry", "We promise: PROMISE", "BLOCK", "It is fixed", " ", "About «thanks»"])
NATIVES = st.sampled_from(["a", "b", "c", "d", "e"])
WHO = st.sampled_from([*PEOPLE, "nobody"])
DECIDERS = st.sampled_from(["luis", "pia", "ana"])
FATES: st.SearchStrategy[Fate] = st.sampled_from(
    ["posted", "posted", "pending", "rejected", "handed", "lost_posted", "lost_not", "crash_before", "busy"]
)
KINDS = st.sampled_from(["upsert", "client_id", "key_window", "content_dedupe", "lookup", "none"])
MEANWHILE = st.sampled_from(
    [
        "nothing",
        "nothing",
        "crisis",
        "a day",
        "edit",
        "removal",
        "message",
        "luis",
        "pia",
        "ana",
        "ada edits",
        "ada redrafts",
        "undo",
    ]
)
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


@dataclass(frozen=True)
class Seen:
    """What a person has on the screen: perhaps not the newest."""

    ticket: str
    reply: str
    revision: int
    text: str


class AnyOrder(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.house = House("none")
        self.before = self.house.sizes()
        self.seen: list[Seen] = []

    @initialize(kind=KINDS, text=WORDS)
    def begin(self, kind: Any, text: str) -> None:
        self.house = House(kind)
        self.house.arrive("a", "c1", text)

    # --- facts ----------------------------------------------------------------------------------------------------

    @rule(native=NATIVES, author=st.sampled_from(["c1", "c1", "c2"]), text=WORDS)
    def something_is_written(self, native: str, author: str, text: str) -> None:
        before = self.house.tickets.copy()
        ticket = self.house.arrive(native, author, text)
        if ticket not in before:
            return
        if self.house.tickets[ticket] != before[ticket] and native == list(self.house.versions)[-1]:
            assert self.house.tickets[ticket].messages > before[ticket].messages

    @rule(text=WORDS, data=st.data())
    def something_is_edited(self, text: str, data: st.DataObject) -> None:
        native = data.draw(st.sampled_from(sorted(self.house.versions)))
        if len(self.house.versions[native]) < 4:
            self.house.edit(native, text)

    @rule(data=st.data())
    def something_is_repeated_or_an_old_version_comes_late(self, data: st.DataObject) -> None:
        versions = self.house.versions[data.draw(st.sampled_from(sorted(self.house.versions)))]
        old = data.draw(st.sampled_from(versions)).item
        before = self.house.snapshot()
        self.house.arrive(old.native_id, "c1", old.text)
        assert self.house.snapshot() == before

    @rule(data=st.data())
    def something_is_removed(self, data: st.DataObject) -> None:
        self.house.remove(data.draw(st.sampled_from(sorted(self.house.versions))))

    @rule(data=st.data())
    def a_colleague_answers_by_hand(self, data: st.DataObject) -> None:
        self.house.answer_elsewhere(self._ticket(data))

    @rule(seconds=st.sampled_from([1, 5, 11, 60, 1200, 3700, 90_000, 40 * 86_400]))
    def time_passes(self, seconds: int) -> None:
        self.house.now += timedelta(seconds=seconds)
        for ticket in list(self.house.tickets):
            self.house.wake(ticket)

    @rule()
    def the_crisis_begins_or_ends(self) -> None:
        self.house.crisis = not self.house.crisis

    @rule(name=DECIDERS, role=st.sampled_from([Role.AGENT, Role.APPROVER, Role.APPROVER]), active=st.booleans())
    def somebody_is_changed(self, name: str, role: Role, active: bool) -> None:
        self.house.people[name] = replace(self.house.people.get(name, PEOPLE[name]), role=role, active=active)

    @rule(name=DECIDERS)
    def somebody_leaves_or_is_back(self, name: str) -> None:
        if self.house.people.pop(name, None) is None:
            self.house.people[name] = PEOPLE[name]

    # --- wishes ---------------------------------------------------------------------------------------------------

    def _ticket(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(sorted(self.house.tickets)))

    @rule(data=st.data())
    def somebody_looks(self, data: st.DataObject) -> None:
        case = self.house.case(self._ticket(data))
        if case.reply is not None and case.revision is not None:
            self.seen.append(Seen(case.ticket.id, case.reply.id, case.revision.number, case.revision.text))

    @precondition(lambda self: self.seen)
    @rule(by=DECIDERS, data=st.data())
    def somebody_approves_what_is_on_the_screen(self, by: str, data: st.DataObject) -> None:
        self._click(by, data.draw(st.sampled_from(self.seen)))

    def _click(self, by: str, seen: Seen) -> None:
        wish = Approve(by=by, via="desk", ticket=seen.ticket, revision=seen.revision)
        if isinstance(self._wish(wish), ChangeResult):
            case = self.house.case(seen.ticket)
            assert case.reply is not None
            assert case.revision is not None
            assert (case.reply.id, case.revision.text) == (seen.reply, seen.text), "a yes to words never seen"

    @rule(by=DECIDERS, other=DECIDERS, data=st.data())
    def two_people_approve(self, by: str, other: str, data: st.DataObject) -> None:
        ticket = self._ticket(data)
        self._wish(Approve(by=by, via="desk", ticket=ticket))
        self._wish(Approve(by=other, via="slack", ticket=ticket))

    @rule(fate=FATES, meanwhile=MEANWHILE, text=WORDS, data=st.data())
    def two_people_approve_and_it_goes_out(self, fate: Fate, meanwhile: str, text: str, data: st.DataObject) -> None:
        ticket = self._ticket(data)
        self._send(ticket, fate, lambda: self._meanwhile(meanwhile, ticket, text))

    def _send(self, ticket: str, fate: Fate, meanwhile: Callable[[], object] = lambda: None) -> None:
        for by in ("luis", "pia", "ana"):
            self._wish(Approve(by=by, via="desk", ticket=ticket))
        reply = self.house.case(ticket).reply
        meanwhile()
        self.house.now += timedelta(seconds=11)
        if reply is not None and reply.id in self.house.orders:
            self.house.publish(reply.id, fate)

    def _meanwhile(self, what: str, ticket: str, text: str) -> None:
        """What may come between the approval and the call."""
        house = self.house
        native = house.case(ticket).item.item.native_id
        if what == "crisis":
            house.crisis = True
        elif what == "a day":
            house.now += timedelta(days=1)
        elif what == "edit":
            house.edit(native, text)
        elif what == "removal":
            house.remove(native)
        elif what == "message":
            house.arrive(f"m{len(house.versions)}", "c1", text)
        elif what in PEOPLE:
            house.people.pop(what, None)
        elif what in ("ada edits", "ada redrafts"):
            edit = Edit(by="ada", via="desk", ticket=ticket, text="In a hurry")
            self._wish(edit if what == "ada edits" else Redraft(by="ada", via="desk", ticket=ticket))
        elif what == "undo":
            self._wish(Undo(by="ana", via="desk", ticket=ticket))

    @rule(by=DECIDERS, meanwhile=MEANWHILE, text=WORDS, data=st.data())
    def a_click_comes_late(self, by: str, meanwhile: str, text: str, data: st.DataObject) -> None:
        ticket = self._ticket(data)
        case = self.house.case(ticket)
        if case.reply is None or case.revision is None:
            return
        seen = Seen(ticket, case.reply.id, case.revision.number, case.revision.text)
        self._meanwhile(meanwhile, ticket, text)
        self._click(by, seen)

    @rule(fates=st.lists(FATES, min_size=1, max_size=3), text=WORDS, edit=st.booleans(), data=st.data())
    def the_answer_is_lost_and_life_goes_on(
        self, fates: list[Fate], text: str, edit: bool, data: st.DataObject
    ) -> None:
        """The long way: written by a person, sent, lost, overtaken by news, gone after, settled."""
        ticket = self._ticket(data)
        self._wish(Write(by="ada", via="desk", ticket=ticket, text=data.draw(TEXTS)))
        self._send(ticket, data.draw(st.sampled_from(["lost_posted", "lost_not", "crash_before"])))
        reply = self.house.case(ticket).reply
        if edit:
            self.house.edit(self.house.case(ticket).item.item.native_id, text)
        for fate in fates:
            self.house.now += timedelta(seconds=data.draw(st.sampled_from([5, 4000])))
            if reply is not None:
                self.house.reconcile(reply.id, fate)

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
        there = reply is not None and any(self.house.calls[p.key] == reply.id for p in self.house.wire.posts)
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

    # --- the engine -----------------------------------------------------------------------------------------------

    @precondition(lambda self: self.house.orders)
    @rule(fate=FATES, data=st.data())
    def an_order_to_publish_is_carried_out(self, fate: Fate, data: st.DataObject) -> None:
        self.house.publish(data.draw(st.sampled_from(sorted(self.house.orders))), fate)

    @precondition(lambda self: self.house.orders)
    @rule(fate=FATES, data=st.data())
    def the_undo_window_ends_and_an_order_is_carried_out(self, fate: Fate, data: st.DataObject) -> None:
        self.house.now += timedelta(seconds=11)
        self.house.publish(data.draw(st.sampled_from(sorted(self.house.orders))), fate)

    @precondition(lambda self: self._in(ReplyState.PUBLISHING))
    @rule(fate=FATES, data=st.data())
    def a_lost_answer_is_gone_after(self, fate: Fate, data: st.DataObject) -> None:
        self.house.reconcile(data.draw(st.sampled_from(self._in(ReplyState.PUBLISHING))), fate)

    @precondition(lambda self: self._in(ReplyState.PENDING))
    @rule(accept=st.booleans(), data=st.data())
    def the_network_has_moderated(self, accept: bool, data: st.DataObject) -> None:
        self.house.moderate(data.draw(st.sampled_from(self._in(ReplyState.PENDING))), accept=accept)

    def _in(self, state: ReplyState) -> list[str]:
        return sorted(reply.id for reply in self.house.replies.values() if reply.state is state)

    # --- always ---------------------------------------------------------------------------------------------------

    @invariant()
    def the_house_is_in_order(self) -> None:
        self.house.check()

    @invariant()
    def nothing_is_lost(self) -> None:
        sizes = self.house.sizes()
        assert all(now >= before for now, before in zip(sizes, self.before, strict=True))
        self.before = sizes

    @invariant()
    def every_ticket_has_a_way_forward(self) -> None:
        """Whatever state it is in: a lead can close it, or the reply can be settled, or the network has the word."""
        for ticket, state in self.house.tickets.items():
            case = self.house.case(ticket)
            if state.status is TicketStatus.CLOSED or case.flying is not None:
                continue
            on = {"by": "boss", "via": "desk", "ticket": ticket}
            boss = replace(PEOPLE["ana"], id="boss")
            assert isinstance(sorting.close(case, Close(**on), boss, self.house.context()), ChangeResult)


QUICK = settings(max_examples=220, stateful_step_count=50, suppress_health_check=list(HealthCheck))
LONG = settings(max_examples=1500, stateful_step_count=60, suppress_health_check=list(HealthCheck))


def test_any_order_of_facts_and_wishes_keeps_what_never_changes() -> None:
    run_state_machine_as_test(AnyOrder, settings=QUICK)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_very_many_orders_of_facts_and_wishes_keep_what_never_changes() -> None:
    run_state_machine_as_test(AnyOrder, settings=LONG)
