"""What happens to the `House` without the team: the rules of the state machine about facts and the engine."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from bot.core.types import ReplyState, Role
from tests.support.core_world import PEOPLE
from tests.unit.core.house import House
from tests.unit.core.ledger import Screen
from tests.unit.core.wire import Fate

WORDS = st.sampled_from(["The soup was cold", "Where are you?", "danger of fire", "SILENCE", "thanks", "ZZZ"])
TEXTS = st.sampled_from(["We are sorry", "We promise: PROMISE", "BLOCK", "It is fixed", " ", "About «thanks»"])
NATIVES = st.sampled_from(["a", "b", "c", "d", "e"])
WHO = st.sampled_from([*PEOPLE, "nobody"])
DECIDERS = st.sampled_from(["luis", "pia", "ana"])
FATES: st.SearchStrategy[Fate] = st.sampled_from(
    ["posted", "posted", "pending", "rejected", "handed", "lost_posted", "lost_not", "crash_before", "busy"]
)
KINDS = st.sampled_from(["upsert", "client_id", "key_window", "content_dedupe", "lookup", "none"])


class FactsAndEngine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.house = House("none")
        self.screens: list[Screen] = []

    @initialize(kind=KINDS, text=WORDS)
    def begin(self, kind: Any, text: str) -> None:
        self.house = House(kind)
        self.house.arrive("a", "c1", text)

    def _ticket(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(sorted(self.house.tickets)))

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
        self.house.answer_elsewhere(self._ticket(data), late=data.draw(st.booleans()))

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
